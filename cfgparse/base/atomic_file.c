#include "cfgparse/base/atomic_file.h"
/*
 * A temporary file of an unguessable name in the same directory, created with
 * O_EXCL, synced, renamed; then the directory is synced.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cfgparse/base/buf.h"

/* The directory that path stands in, with its final slash, or "". */
static struct str
directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return (struct str){ path, slash ? (size_t)(slash - path) + 1 : 0 };
}

static bool
fail(const char *what, char why[FILE_WHY_MAX])
{
	snprintf(why, FILE_WHY_MAX, "%s: %s", what, strerror(errno));
	return false;
}

static int
create_beside(const char *path, struct buf *temporary)
{
	uint64_t random;

	if (getentropy(&random, sizeof random) != 0)
		return -1;
	buf_add(temporary, directory_of(path));
	buf_printf(temporary, ".new-%016llx", (unsigned long long)random);
	return open(buf_text(temporary),
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

static bool
write_all(int fd, struct str content)
{
	while (content.len) {
		ssize_t n = write(fd, content.ptr, content.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		content.ptr += n;
		content.len -= (size_t)n;
	}
	return true;
}

/* Owner first: the mode may only widen for whom it is meant. */
static bool
fill(int fd, struct str content, const struct atomic_file *how,
    char why[FILE_WHY_MAX])
{
	bool owned = how->owner != (uid_t)-1 || how->group != (gid_t)-1;

	if (owned && fchown(fd, how->owner, how->group) != 0)
		return fail("setting its owner", why);
	if (fchmod(fd, how->mode) != 0)
		return fail("setting its mode", why);
	if (!write_all(fd, content))
		return fail("writing", why);
	if (fsync(fd) != 0)
		return fail("bringing it to the disc", why);
	return true;
}

static bool
put_in_place(const char *temporary, const char *path, bool replace,
    char why[FILE_WHY_MAX])
{
	if (replace) {
		if (rename(temporary, path) != 0)
			return fail("renaming it", why);
		return true;
	}
	if (link(temporary, path) != 0) {
		if (errno != EEXIST)
			return fail("linking it", why);
		snprintf(why, FILE_WHY_MAX, "it exists already");
		return false;
	}
	unlink(temporary);
	return true;
}

static bool
sync_directory(const char *path, char why[FILE_WHY_MAX])
{
	struct buf name = { 0 };

	buf_add(&name, directory_of(path));
	int fd = open(name.len ? buf_text(&name) : ".",
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	buf_fini(&name);
	/* Some file systems know no syncing of directories. */
	if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL)) {
		fail("bringing its directory to the disc", why);
		if (fd >= 0)
			close(fd);
		return false;
	}
	close(fd);
	return true;
}

bool
atomic_file_write(const char *path, struct str content,
    const struct atomic_file *how, char why[FILE_WHY_MAX])
{
	struct buf temporary = { 0 };
	int fd = create_beside(path, &temporary);

	if (fd < 0) {
		fail("creating it", why);
		buf_fini(&temporary);
		return false;
	}
	bool ok = fill(fd, content, how, why);
	if (close(fd) != 0 && ok)
		ok = fail("closing it", why);
	ok = ok && put_in_place(buf_text(&temporary), path, how->replace, why);
	if (!ok)
		unlink(buf_text(&temporary));
	buf_fini(&temporary);
	return ok && sync_directory(path, why);
}

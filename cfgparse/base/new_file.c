#include "cfgparse/base/new_file.h"
/*
 * A temporary file of an unguessable name in the same directory, created with
 * O_EXCL, synced, renamed; then the directory is synced.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Backups of one second. */
enum { BACKUPS_MAX = 100 };

static bool
fail(const char *what, char why[FILE_WHY_MAX])
{
	snprintf(why, FILE_WHY_MAX, "%s: %s", what, strerror(errno));
	return false;
}

static int
create(struct new_file *file)
{
	uint64_t random;
	int fd;

	if (getentropy(&random, sizeof random) != 0)
		return -1;
	snprintf(file->temporary, sizeof file->temporary, ".new-%016llx",
	    (unsigned long long)random);
	fd = openat(file->directory, file->temporary,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		file->temporary[0] = '\0';
	return fd;
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
fill(int fd, const struct new_file *file, char why[FILE_WHY_MAX])
{
	bool owned = file->owner != (uid_t)-1 || file->group != (gid_t)-1;

	if (owned && fchown(fd, file->owner, file->group) != 0)
		return fail("setting its owner", why);
	if (fchmod(fd, file->mode) != 0)
		return fail("setting its mode", why);
	if (!write_all(fd, file->content))
		return fail("writing", why);
	if (fsync(fd) != 0)
		return fail("bringing it to the disc", why);
	return true;
}

static bool
stage(struct new_file *file, char why[FILE_WHY_MAX])
{
	int fd = create(file);

	if (fd < 0)
		return fail("creating it", why);
	bool done = fill(fd, file, why);
	if (close(fd) != 0 && done)
		done = fail("closing it", why);
	return done;
}

static bool
name_backup(struct new_file *file, int attempt, char why[FILE_WHY_MAX])
{
	char stamp[32], again[16] = "";
	time_t now = time(NULL);
	struct tm tm;
	int len;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &tm);
	if (attempt)
		snprintf(again, sizeof again, ".%d", attempt);
	if (file->keep)
		len = snprintf(file->backup, sizeof file->backup, "%s.%s%s",
		    file->name, stamp, again);
	else
		len = snprintf(file->backup, sizeof file->backup, ".old-%s%s",
		    file->temporary + strlen(".new-"), again);
	if (len > 0 && (size_t)len < sizeof file->backup)
		return true;
	file->backup[0] = '\0';
	errno = ENAMETOOLONG;
	return fail("naming its backup", why);
}

/* A copy, where the file system or its owner allows no second name. */
static bool
copy_old(const struct new_file *file, char why[FILE_WHY_MAX])
{
	int from = openat(file->directory, file->name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	volatile char bytes[4096];
	ssize_t got = 0;
	bool done;
	int to;

	if (from < 0)
		return fail("reading the old one", why);
	to = openat(file->directory, file->backup,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	done = to >= 0;
	while (done && (got = read(from, (char *)bytes, sizeof bytes)) > 0)
		done = write_all(
		    to, (struct str){ (const char *)bytes, (size_t)got });
	done = done && got == 0 && fchmod(to, 0600) == 0 && fsync(to) == 0;
	if (!done)
		fail("keeping the old one", why);
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = 0;
	if (to >= 0 && !done)
		unlinkat(file->directory, file->backup, 0);
	if (to >= 0)
		close(to);
	close(from);
	return done;
}

/* The old file gets a second name, so that its name is never without a file.
 */
static bool
keep_old(struct new_file *file, char why[FILE_WHY_MAX])
{
	for (int i = 0; i < BACKUPS_MAX; i++) {
		if (!name_backup(file, i, why))
			return false;
		if (linkat(file->directory, file->name, file->directory,
			file->backup, 0) == 0)
			return true;
		if (errno == EEXIST)
			continue;
		bool kept = copy_old(file, why);
		if (!kept)
			file->backup[0] = '\0';
		return kept;
	}
	file->backup[0] = '\0';
	errno = EEXIST;
	return fail("keeping the old one", why);
}

static bool
is_there(const struct new_file *file)
{
	struct stat st;

	return fstatat(file->directory, file->name, &st, AT_SYMLINK_NOFOLLOW) ==
		   0 ||
	       errno != ENOENT;
}

static bool
put_in_place(struct new_file *file, char why[FILE_WHY_MAX])
{
	int dir = file->directory;

	if (file->replace) {
		if (renameat(dir, file->temporary, dir, file->name) != 0)
			return fail("renaming it", why);
	} else if (linkat(dir, file->temporary, dir, file->name, 0) != 0) {
		if (errno != EEXIST)
			return fail("linking it", why);
		snprintf(why, FILE_WHY_MAX, "it exists already");
		return false;
	} else {
		unlinkat(dir, file->temporary, 0);
	}
	file->temporary[0] = '\0';
	file->placed = true;
	return true;
}

static void
take_back(struct new_file *file)
{
	if (file->temporary[0])
		unlinkat(file->directory, file->temporary, 0);
	if (file->placed && file->backup[0])
		renameat(
		    file->directory, file->backup, file->directory, file->name);
	else if (file->placed && !file->there)
		unlinkat(file->directory, file->name, 0);
	else if (file->backup[0])
		unlinkat(file->directory, file->backup, 0);
	file->temporary[0] = '\0';
	file->backup[0] = '\0';
	file->placed = false;
}

/* What others could read of the old one they needn't read any longer. Through
 * a descriptor: the name may be anything by now where others can write. */
static void
close_backup(struct new_file *file)
{
	struct stat st;
	int fd;

	if (!file->backup[0])
		return;
	if (!file->keep) {
		unlinkat(file->directory, file->backup, 0);
		file->backup[0] = '\0';
		return;
	}
	fd = openat(file->directory, file->backup,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 07))
		fchmod(fd, st.st_mode & 0770);
	close(fd);
}

/* Some file systems know no syncing of directories. */
static bool
sync_directory(int directory, char why[FILE_WHY_MAX])
{
	if (fsync(directory) == 0 || errno == EINVAL)
		return true;
	return fail("bringing its directory to the disc", why);
}

static bool
write_each(struct new_file *files, size_t count, size_t *failed,
    char why[FILE_WHY_MAX])
{
	size_t i;

	for (i = 0; i < count; i++) {
		*failed = i;
		if (!stage(&files[i], why))
			return false;
	}
	for (i = 0; i < count; i++) {
		*failed = i;
		files[i].there = files[i].replace && is_there(&files[i]);
		/* Without one a single file needs none to be taken back. */
		if (files[i].there && (files[i].keep || count > 1) &&
		    !keep_old(&files[i], why))
			return false;
	}
	for (i = 0; i < count; i++) {
		*failed = i;
		if (!put_in_place(&files[i], why))
			return false;
	}
	for (i = 0; i < count; i++) {
		*failed = i;
		if (!sync_directory(files[i].directory, why))
			return false;
	}
	return true;
}

bool
new_files_write(struct new_file *files, size_t count, size_t *failed,
    char why[FILE_WHY_MAX])
{
	size_t i;

	*failed = 0;
	for (i = 0; i < count; i++) {
		files[i].temporary[0] = '\0';
		files[i].backup[0] = '\0';
		files[i].there = false;
		files[i].placed = false;
	}
	if (write_each(files, count, failed, why)) {
		for (i = 0; i < count; i++)
			close_backup(&files[i]);
		return true;
	}
	for (i = count; i > 0; i--)
		take_back(&files[i - 1]);
	return false;
}

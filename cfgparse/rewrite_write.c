#include "cfgparse/rewrite.h"
/*
 * Putting the new texts in place. What a file is was found out when it was
 * read; here it has to be the same still.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/new_file.h"

static bool
refuse(struct rewrite *rewrite, const char *path, const char *what,
    const char **why)
{
	*why = arena_printf(&rewrite->arena, "%s %s", path, what);
	return false;
}

static bool
refuse_errno(struct rewrite *rewrite, const char *path, const char **why)
{
	*why = arena_printf(
	    &rewrite->arena, "%s can't be written: %s", path, strerror(errno));
	return false;
}

static bool
refuse_link(struct rewrite *rewrite, int directory, const struct new_file *file,
    const char *path, const char **why)
{
	char target[PATH_MAX];
	ssize_t len =
	    readlinkat(directory, file->name, target, sizeof target - 1);

	target[len > 0 ? len : 0] = '\0';
	*why = arena_printf(&rewrite->arena,
	    "%s is a symbolic link to %s: name the file itself", path, target);
	return false;
}

/* Opens the directory of the file; file->name is in it. */
static bool
open_directory(struct rewrite *rewrite, const char *path, struct new_file *file,
    const char **why)
{
	const char *slash = strrchr(path, '/');
	const char *directory = !slash ? "."
				       : arena_memdup(&rewrite->arena, path,
					     (size_t)(slash - path) + 1);

	file->name = slash ? slash + 1 : path;
	file->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return file->directory >= 0 || refuse_errno(rewrite, path, why);
}

static bool
is_as_read(int fd, struct str old)
{
	char why[FILE_WHY_MAX];
	struct buf now = { 0 };
	bool same =
	    file_read_fd(fd, old.len, &now, why) && str_eq(buf_str(&now), old);

	buf_wipe(&now);
	return same;
}

static bool
check_file(struct rewrite *rewrite, const struct rewrite_file *edited,
    struct new_file *file, const char **why)
{
	struct stat st;
	bool same;
	int fd;

	if (fstatat(file->directory, file->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return refuse_errno(rewrite, edited->path, why);
	if (S_ISLNK(st.st_mode))
		return refuse_link(
		    rewrite, file->directory, file, edited->path, why);
	if (!S_ISREG(st.st_mode))
		return refuse(rewrite, edited->path, "is no regular file", why);
	fd = openat(file->directory, file->name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0) {
		if (fd >= 0)
			close(fd);
		return refuse_errno(rewrite, edited->path, why);
	}
	same = is_as_read(fd, edited->old);
	close(fd);
	if (!same)
		return refuse(rewrite, edited->path,
		    "has changed since it was read: try again", why);
	file->mode = st.st_mode & 07777;
	file->owner = st.st_uid;
	file->group = st.st_gid;
	return true;
}

static bool
write_all(struct rewrite *rewrite, struct new_file *files, size_t *opened,
    const char **why)
{
	struct rewrite_file **changed = arena_array(
	    &rewrite->arena, rewrite->count, sizeof(struct rewrite_file *));
	char reason[FILE_WHY_MAX];
	size_t failed;

	for (size_t i = 0; i < rewrite->count; i++) {
		struct rewrite_file *edited = rewrite->files[i];
		struct new_file *file = &files[*opened];

		if (str_eq(edited->old, edited->text))
			continue;
		*file = (struct new_file){ .content = edited->text,
			.replace = true };
		if (!open_directory(rewrite, edited->path, file, why))
			return false;
		changed[(*opened)++] = edited;
		if (!check_file(rewrite, edited, file, why))
			return false;
	}
	if (new_files_write(files, *opened, &failed, reason))
		return true;
	*why = arena_printf(&rewrite->arena, "%s can't be written: %s",
	    changed[failed]->path, reason);
	return false;
}

bool
rewrite_write(struct rewrite *rewrite, const char **why)
{
	struct new_file *files = arena_array(
	    &rewrite->arena, rewrite->count, sizeof(struct new_file));
	size_t opened = 0;
	bool done = write_all(rewrite, files, &opened, why);

	for (size_t i = 0; i < opened; i++)
		close(files[i].directory);
	return done;
}

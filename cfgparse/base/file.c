#include "cfgparse/base/file.h"
/*
 * The file is opened without blocking and looked at through its descriptor,
 * so that what is checked is what is read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 65536 };

static void
say_errno(int number, char why[FILE_WHY_MAX])
{
	const char *text = number == ENOENT   ? "no such file"
			   : number == EACCES ? "permission denied"
					      : strerror(number);

	snprintf(why, FILE_WHY_MAX, "%s", text);
}

static const char *
kind_name(mode_t mode)
{
	if (S_ISDIR(mode))
		return "it is a directory";
	if (S_ISFIFO(mode))
		return "it is a FIFO, not a regular file";
	if (S_ISCHR(mode) || S_ISBLK(mode))
		return "it is a device, not a regular file";
	return "it is not a regular file";
}

static int
open_regular(const char *path, char why[FILE_WHY_MAX])
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0) {
		/* A socket can't be opened at all; say what it is. */
		if (errno == ENXIO)
			snprintf(why, FILE_WHY_MAX, "%s", kind_name(S_IFSOCK));
		else
			say_errno(errno, why);
		return -1;
	}
	if (fstat(fd, &st) != 0) {
		say_errno(errno, why);
	} else if (!S_ISREG(st.st_mode)) {
		snprintf(why, FILE_WHY_MAX, "%s", kind_name(st.st_mode));
	} else {
		return fd;
	}
	close(fd);
	return -1;
}

static bool
say_too_large(size_t limit, char why[FILE_WHY_MAX])
{
	snprintf(why, FILE_WHY_MAX, "it is larger than %zu bytes", limit);
	errno = EFBIG;
	return false;
}

bool
file_read_fd(int fd, size_t limit, struct buf *content, char why[FILE_WHY_MAX])
{
	struct stat st = { 0 };
	size_t got = 0;

	/* Nothing of a file that is too large is kept in memory. It may grow
	 * while it is read, and some say they are empty and aren't. */
	if (fstat(fd, &st) == 0 && (uintmax_t)st.st_size > limit)
		return say_too_large(limit, why);
	if (st.st_size > CHUNK)
		buf_reserve(content, (size_t)st.st_size + CHUNK);
	for (;;) {
		char *room = buf_reserve(content, CHUNK);
		ssize_t n = read(fd, room, CHUNK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			say_errno(errno, why);
			return false;
		}
		if (n == 0)
			return true;
		got += (size_t)n;
		if (got > limit)
			return say_too_large(limit, why);
		buf_commit(content, (size_t)n);
	}
}

bool
file_read(
    const char *path, size_t limit, struct buf *content, char why[FILE_WHY_MAX])
{
	size_t before = content->len;
	int fd = open_regular(path, why);

	errno = 0;
	if (fd < 0)
		return false;
	bool ok = file_read_fd(fd, limit, content, why);
	int error = errno;
	close(fd);
	if (!ok) {
		content->len = before;
		if (content->data)
			content->data[before] = '\0';
	}
	errno = error;
	return ok;
}

bool
file_readable(const char *path, char why[FILE_WHY_MAX])
{
	int fd = open_regular(path, why);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

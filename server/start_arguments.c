/*
 * DIR/xmppd.args: NUL-terminated words, the working directory first. The
 * directory is the server's user's; what root executes must be root's own.
 */
#include "server/start_arguments.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"

enum { PATH_ROOM = 4096, FILE_MAX = 64 * 1024 };

static char *
path_in(const char *dir, const char *name)
{
	struct buf path = { 0 };

	buf_printf(&path, "%s/%s", dir, name);
	return buf_take(&path);
}

static bool
explain(const char *path, const char *what, char **why)
{
	struct buf text = { 0 };

	buf_printf(&text, "%s: %s", path, what);
	*why = buf_take(&text);
	return false;
}

static bool
write_all(int fd, const struct buf *content)
{
	size_t done = 0;

	while (done < content->len) {
		ssize_t wrote =
		    write(fd, content->data + done, content->len - done);

		if (wrote < 0 && errno != EINTR)
			return false;
		done += wrote > 0 ? (size_t)wrote : 0;
	}
	return true;
}

bool
start_arguments_keep(const char *dir, int argc, char *const *argv, char **why)
{
	char *path = path_in(dir, "xmppd.args");
	char *fresh = path_in(dir, "xmppd.args.new");
	char directory[PATH_ROOM] = "/";
	struct buf content = { 0 };
	bool fine;
	int fd;

	if (!getcwd(directory, sizeof(directory)))
		strcpy(directory, "/");
	buf_append(&content, directory, strlen(directory) + 1);
	for (int i = 1; i < argc; i++)
		buf_append(&content, argv[i], strlen(argv[i]) + 1);
	unlink(fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	fine = fd >= 0 && write_all(fd, &content) && rename(fresh, path) == 0;
	if (!fine)
		explain(fresh, strerror(errno), why);
	if (fd >= 0)
		close(fd);
	buf_fini(&content);
	free(path);
	free(fresh);
	return fine;
}

/* --- reading --- */

static bool
split(struct start_arguments *arguments, const char *end)
{
	const char *at = arguments->text;

	arguments->directory = at;
	arguments->count = 0;
	for (at += strlen(at) + 1; at < end; at += strlen(at) + 1) {
		if (arguments->count == START_ARGUMENTS_MAX)
			return false;
		arguments->words[arguments->count++] = at;
	}
	arguments->words[arguments->count] = NULL;
	return true;
}

static bool
read_words(int fd, struct start_arguments *arguments)
{
	char *text = mem_alloc(1, FILE_MAX + 1);
	size_t len = 0;
	ssize_t got;

	while (len < FILE_MAX &&
	       ((got = read(fd, text + len, FILE_MAX - len)) > 0 ||
		   (got < 0 && errno == EINTR)))
		len += got > 0 ? (size_t)got : 0;
	arguments->text = text;
	if (len > 0 && len < FILE_MAX && text[len - 1] == '\0' &&
	    split(arguments, text + len))
		return true;
	free(text);
	arguments->text = NULL;
	return false;
}

bool
start_arguments_read(
    const char *dir, struct start_arguments *arguments, char **why)
{
	char *path = path_in(dir, "xmppd.args");
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat info;
	bool fine = false;

	*arguments = (struct start_arguments){ 0 };
	if (fd < 0 || fstat(fd, &info) != 0)
		explain(path, strerror(errno), why);
	else if (!S_ISREG(info.st_mode) || info.st_uid != geteuid() ||
		 (info.st_mode & 077))
		explain(path,
		    "written by another user; not used to start the server",
		    why);
	else if (!read_words(fd, arguments))
		explain(path, "damaged", why);
	else
		fine = true;
	if (fd >= 0)
		close(fd);
	free(path);
	return fine;
}

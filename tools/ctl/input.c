/*
 * What xmppctl reads for a command: passwords, and files of accounts.
 */
#include "tools/ctl/ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "server/admin/control_request.h"

enum { PIECE = 64 * 1024, PASSWORD_LINE_MAX = 4096 };

static bool
read_line(struct buf *out)
{
	char c;
	ssize_t got;

	while (out->len < PASSWORD_LINE_MAX) {
		got = read(STDIN_FILENO, &c, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return out->len > 0;
		if (c == '\n')
			return true;
		buf_putc(out, c);
	}
	return false;
}

bool
input_password(struct buf *out)
{
	bool terminal = isatty(STDIN_FILENO), fine;
	struct termios before, silent;

	if (terminal && tcgetattr(STDIN_FILENO, &before) == 0) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		fputs("Password: ", stderr);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
		fine = read_line(out);
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	} else {
		fine = read_line(out);
	}
	if (out->len && out->data[out->len - 1] == '\r')
		out->data[--out->len] = '\0';
	if (!fine)
		fputs("xmppctl: no password on standard input\n", stderr);
	return fine;
}

static bool
read_all(int fd, const char *name, struct buf *out)
{
	ssize_t got;

	while (out->len <= CONTROL_BYTES_MAX) {
		got = read(fd, buf_reserve(out, PIECE), PIECE);
		if (got == 0)
			return true;
		if (got > 0) {
			buf_commit(out, (size_t)got);
		} else if (errno != EINTR) {
			fprintf(
			    stderr, "xmppctl: %s: %s\n", name, strerror(errno));
			return false;
		}
	}
	fprintf(stderr, "xmppctl: %s has over %d MiB; split it\n", name,
	    CONTROL_BYTES_MAX / 1024 / 1024);
	return false;
}

bool
input_content(const char *path, struct buf *out)
{
	bool fine;
	int fd;

	if (strcmp(path, "-") == 0)
		return read_all(STDIN_FILENO, "standard input", out);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fprintf(stderr, "xmppctl: %s: %s\n", path, strerror(errno));
		return false;
	}
	fine = read_all(fd, path, out);
	close(fd);
	return fine;
}

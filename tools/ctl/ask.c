/*
 * The client's side of the control socket.
 */
#include "tools/ctl/ctl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "server/admin/control_request.h"

enum { PIECE = 64 * 1024 };

static enum ask_result
explain_connect(const struct ctl *ctl)
{
	if (errno == ENOENT || errno == ECONNREFUSED)
		return ASK_NOT_RUNNING;
	fprintf(stderr, "xmppctl: %s/control: %s%s\n", ctl->state,
	    strerror(errno),
	    errno == EACCES ? " (only the server's user and root may use it)"
			    : "");
	return ASK_FAILED;
}

static enum ask_result
connect_socket(const struct ctl *ctl, int *fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct buf path = { 0 };
	enum ask_result result = ASK_ANSWERED;

	buf_printf(&path, "%s/control", ctl->state);
	if (path.len >= sizeof(address.sun_path)) {
		fprintf(stderr,
		    "xmppctl: %s: this path is too long for a Unix socket\n",
		    buf_text(&path));
		buf_fini(&path);
		return ASK_FAILED;
	}
	memcpy(address.sun_path, path.data, path.len);
	buf_fini(&path);
	*fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (*fd < 0 ||
	    connect(*fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		result = explain_connect(ctl);
	if (result != ASK_ANSWERED && *fd >= 0)
		close(*fd);
	return result;
}

static bool
send_all(int fd, const struct buf *out)
{
	size_t done = 0;

	while (done < out->len) {
		ssize_t sent =
		    send(fd, out->data + done, out->len - done, MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			return false;
		done += sent > 0 ? (size_t)sent : 0;
	}
	return true;
}

static bool
receive_all(int fd, struct buf *in)
{
	for (;;) {
		ssize_t got = recv(fd, buf_reserve(in, PIECE), PIECE, 0);

		if (got == 0)
			return true;
		if (got > 0)
			buf_commit(in, (size_t)got);
		else if (errno != EINTR)
			return false;
	}
}

static bool
take_netstring(struct str *in, struct str *field)
{
	size_t len = 0;

	while (
	    in->len && *in->ptr >= '0' && *in->ptr <= '9' && len <= in->len) {
		len = len * 10 + (size_t)(*in->ptr - '0');
		in->ptr++;
		in->len--;
	}
	if (in->len < len + 2 || in->ptr[0] != ':' || in->ptr[len + 1] != ',')
		return false;
	*field = (struct str){ in->ptr + 1, len };
	in->ptr += len + 2;
	in->len -= len + 2;
	return true;
}

static bool
read_reply(int fd, int *code, struct buf *body)
{
	struct buf in = { 0 };
	struct str rest, status, text;
	bool fine = receive_all(fd, &in);

	rest = buf_str(&in);
	fine = fine && take_netstring(&rest, &status) &&
	       take_netstring(&rest, &text) && rest.len == 0 && status.len == 1;
	if (fine) {
		*code = status.ptr[0] - '0';
		buf_add(body, text);
	}
	buf_fini(&in);
	return fine;
}

enum ask_result
ask_server(const struct ctl *ctl, const struct str *words, size_t count,
    int *code, struct buf *body)
{
	struct buf request = { 0 };
	enum ask_result result;
	bool fine;
	int fd;

	result = connect_socket(ctl, &fd);
	if (result != ASK_ANSWERED)
		return result;
	control_request_begin(&request, count + 1);
	control_netstring(&request, ctl->json ? STR("json") : STR("text"));
	for (size_t i = 0; i < count; i++)
		control_netstring(&request, words[i]);
	fine = send_all(fd, &request) && read_reply(fd, code, body);
	buf_wipe(&request);
	close(fd);
	if (fine)
		return ASK_ANSWERED;
	fputs("xmppctl: the server ended the connection without an answer\n",
	    stderr);
	return ASK_FAILED;
}

/*
 * Sockets and OpenSSL on uv_poll_t. The poll handle lives inside the link,
 * which is freed when libuv has let go of it.
 */
#include "tools/bench/link.h"

#include "cfgparse/base/mem.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <unistd.h>

enum { READ_CHUNK = 16384 };

struct bench_link {
	uv_poll_t poll;
	int fd;
	int watched; /* what the poll handle reports now */
	bool connecting, handshaking, closed, ended;
	bool in_callback;
	SSL *ssl;
	struct buf in, out;
	const struct bench_link_events *events;
	void *arg;
};

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void
bench_link_close(struct bench_link **slot)
{
	struct bench_link *link = *slot;

	*slot = NULL;
	if (link == NULL || link->closed)
		return;
	link->closed = true;
	uv_poll_stop(&link->poll);
	if (link->ssl != NULL) {
		if (!link->handshaking && !link->ended)
			SSL_shutdown(link->ssl);
		SSL_free(link->ssl);
		ERR_clear_error();
	}
	close(link->fd);
	if (!link->in_callback)
		buf_fini(&link->in);
	buf_fini(&link->out);
	uv_close((uv_handle_t *)&link->poll, on_closed);
}

/* The end for this link: the owner is told and closes it. */
static void
end(struct bench_link *link, const char *why)
{
	if (link->closed || link->ended)
		return;
	link->ended = true;
	uv_poll_stop(&link->poll);
	link->events->on_end(link->arg, why);
}

static void on_ready(uv_poll_t *poll, int status, int events);

static void
watch(struct bench_link *link, int events)
{
	if (link->closed || link->ended || link->watched == events)
		return;
	link->watched = events;
	uv_poll_start(&link->poll, events, on_ready);
}

/* Bytes written (0: not now), or -1: the connection is gone. */
static ssize_t
write_some(struct bench_link *link, const char *bytes, size_t len)
{
	ssize_t n;

	if (link->ssl == NULL) {
		n = send(link->fd, bytes, len, MSG_NOSIGNAL);
		return n >= 0 ? n : errno == EAGAIN || errno == EINTR ? 0 : -1;
	}
	ERR_clear_error();
	n = SSL_write(link->ssl, bytes, (int)len);
	if (n > 0)
		return n;
	switch (SSL_get_error(link->ssl, (int)n)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE: return 0;
	default: return -1;
	}
}

static void
flush_out(struct bench_link *link)
{
	while (link->out.len > 0) {
		ssize_t n = write_some(link, link->out.data, link->out.len);

		if (n < 0) {
			end(link, "connection lost while sending");
			return;
		}
		if (n == 0)
			break;
		buf_consume(&link->out, (size_t)n);
	}
	if (link->out.len == 0)
		buf_fini(&link->out);
	watch(link, UV_READABLE | (link->out.len > 0 ? UV_WRITABLE : 0));
}

void
bench_link_send(struct bench_link *link, const void *bytes, size_t len)
{
	ssize_t n = 0;

	if (link->closed || link->ended)
		return;
	if (link->out.len == 0 && !link->handshaking && !link->connecting)
		n = write_some(link, bytes, len);
	if (n < 0)
		n = 0; /* flush_out meets the error again and reports it */
	if ((size_t)n == len)
		return;
	buf_append(&link->out, (const char *)bytes + n, len - (size_t)n);
	watch(link, UV_READABLE | UV_WRITABLE);
}

/* Bytes read, 0: nothing now, -1: the end. */
static ssize_t
read_some(struct bench_link *link, char *bytes, size_t len)
{
	ssize_t n;

	if (link->ssl == NULL) {
		n = recv(link->fd, bytes, len, 0);
		if (n > 0)
			return n;
		return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
	}
	ERR_clear_error();
	n = SSL_read(link->ssl, bytes, (int)len);
	if (n > 0)
		return n;
	switch (SSL_get_error(link->ssl, (int)n)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE: return 0;
	default: return -1;
	}
}

/* What TLS already holds never makes the descriptor readable again, so it is
 * read to the end; what the kernel holds comes back with the next turn. */
static void
read_in(struct bench_link *link)
{
	ssize_t n;

	do {
		char chunk[READ_CHUNK];

		n = read_some(link, chunk, sizeof(chunk));
		if (n < 0) {
			end(link, "connection closed by the server");
			return;
		}
		if (n == 0)
			return;
		buf_append(&link->in, chunk, (size_t)n);
		link->events->on_data(link->arg, &link->in);
		if (link->closed)
			return;
		if (link->in.len == 0)
			buf_fini(&link->in);
	} while (link->ssl != NULL && !link->ended && !link->handshaking &&
		 SSL_has_pending(link->ssl));
}

static void
handshake(struct bench_link *link)
{
	int done, events;

	ERR_clear_error();
	done = SSL_do_handshake(link->ssl);
	if (done == 1) {
		link->handshaking = false;
		flush_out(link);
		if (link->events->on_secure != NULL && !link->ended)
			link->events->on_secure(link->arg);
		if (!link->closed && !link->ended && SSL_has_pending(link->ssl))
			read_in(link);
		return;
	}
	switch (SSL_get_error(link->ssl, done)) {
	case SSL_ERROR_WANT_READ: events = UV_READABLE; break;
	case SSL_ERROR_WANT_WRITE: events = UV_WRITABLE; break;
	default: end(link, "TLS handshake failed"); return;
	}
	watch(link, events);
}

static void
connected(struct bench_link *link)
{
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error != 0) {
		end(link, "connection refused or lost");
		return;
	}
	link->connecting = false;
	watch(link, UV_READABLE);
	link->events->on_open(link->arg);
}

static void
on_ready(uv_poll_t *poll, int status, int events)
{
	struct bench_link *link = poll->data;

	link->in_callback = true;
	if (link->connecting) {
		connected(link);
	} else if (status < 0) {
		end(link, "connection lost");
	} else if (link->handshaking) {
		handshake(link);
	} else {
		if (events & UV_WRITABLE)
			flush_out(link);
		if ((events & UV_READABLE) && !link->closed && !link->ended)
			read_in(link);
	}
	link->in_callback = false;
	if (link->closed)
		buf_fini(&link->in);
}

static struct bench_link *
link_create(
    uv_loop_t *loop, int fd, const struct bench_link_events *events, void *arg)
{
	struct bench_link *link = mem_alloc(1, sizeof(*link));
	int on = 1;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	link->fd = fd;
	link->events = events;
	link->arg = arg;
	if (uv_poll_init(loop, &link->poll, fd) != 0) {
		close(fd);
		free(link);
		return NULL;
	}
	link->poll.data = link;
	return link;
}

struct bench_link *
bench_link_connect(uv_loop_t *loop, const struct sockaddr *addr,
    socklen_t addr_len, const struct bench_link_events *events, void *arg)
{
	int fd = socket(addr->sa_family, SOCK_STREAM, 0);
	struct bench_link *link;

	if (fd < 0)
		return NULL;
	link = link_create(loop, fd, events, arg);
	if (link == NULL)
		return NULL;
	if (connect(fd, addr, addr_len) != 0 && errno != EINPROGRESS) {
		bench_link_close(&link);
		return NULL;
	}
	link->connecting = true;
	watch(link, UV_WRITABLE);
	return link;
}

struct bench_link *
bench_link_adopt(
    uv_loop_t *loop, int fd, const struct bench_link_events *events, void *arg)
{
	struct bench_link *link = link_create(loop, fd, events, arg);

	if (link != NULL)
		watch(link, UV_READABLE);
	return link;
}

bool
bench_link_secure(struct bench_link *link, SSL_CTX *ctx, const char *host)
{
	link->ssl = SSL_new(ctx);
	if (link->ssl == NULL || SSL_set_fd(link->ssl, link->fd) != 1)
		return false;
	if (host != NULL) {
		SSL_set_tlsext_host_name(link->ssl, host);
		SSL_set_connect_state(link->ssl);
	} else {
		SSL_set_accept_state(link->ssl);
	}
	link->handshaking = true;
	watch(link, host != NULL ? UV_WRITABLE : UV_READABLE);
	return true;
}

static void
ctx_settle(SSL_CTX *ctx)
{
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
				  SSL_MODE_RELEASE_BUFFERS |
				  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
}

SSL_CTX *
bench_client_ctx(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

	if (ctx == NULL)
		abort();
	SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
	ctx_settle(ctx);
	return ctx;
}

SSL_CTX *
bench_server_ctx(const char *pem)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	if (ctx == NULL)
		abort();
	ctx_settle(ctx);
	if (SSL_CTX_use_certificate_chain_file(ctx, pem) != 1 ||
	    SSL_CTX_use_PrivateKey_file(ctx, pem, SSL_FILETYPE_PEM) != 1) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	return ctx;
}

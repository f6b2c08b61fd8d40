/*
 * A connection's bytes: what goes out, what comes in, plain or through TLS.
 * Reading uses the thread's buffer; what the owner leaves is kept.
 */
#include "server/net/conn_private.h"

#include <errno.h>

#include <openssl/err.h>

enum {
	READS_A_TURN = 8, /* then others get their turn */
	SPARE_LARGEST = 64 * 1024,
};

/* --- writing --- */

static ssize_t
write_tls(struct conn *conn, const char *bytes, size_t len, bool *again)
{
	size_t wrote = 0;

	ERR_clear_error();
	if (SSL_write_ex(conn->ssl, bytes, len, &wrote))
		return (ssize_t)wrote;
	switch (SSL_get_error(conn->ssl, 0)) {
	case SSL_ERROR_WANT_WRITE:
	case SSL_ERROR_WANT_READ: *again = true; return 0;
	default: conn_note_tls_error(conn, "write"); return -1;
	}
}

static ssize_t
write_plain(struct conn *conn, const char *bytes, size_t len, bool *again)
{
	ssize_t wrote = send(conn->fd, bytes, len, MSG_NOSIGNAL);

	if (wrote < 0 &&
	    (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
		*again = true;
		return 0;
	}
	return wrote;
}

static void
release_output(struct conn *conn)
{
	struct net *net = conn->net;

	if (!conn->out.data || conn->out.len)
		return;
	if (!net->spare.data && conn->out.cap <= SPARE_LARGEST) {
		net->spare = conn->out;
		conn->out = (struct buf){ 0 };
	} else {
		buf_fini(&conn->out);
	}
}

bool
conn_flush(struct conn *conn)
{
	size_t done = 0;
	bool again = false;

	while (done < conn->out.len && !again) {
		const char *bytes = conn->out.data + done;
		size_t len = conn->out.len - done;
		ssize_t wrote = conn->ssl
				    ? write_tls(conn, bytes, len, &again)
				    : write_plain(conn, bytes, len, &again);

		if (wrote < 0)
			return false;
		done += (size_t)wrote;
	}
	buf_consume(&conn->out, done);
	conn->want_write = again;
	release_output(conn);
	return true;
}

/* --- reading --- */

enum read_result { READ_GOT, READ_AGAIN, READ_END, READ_FAILED, READ_TLS };

static enum read_result
read_tls(struct conn *conn, size_t *got)
{
	ERR_clear_error();
	if (SSL_read_ex(conn->ssl, conn->net->scratch, CONN_SCRATCH, got))
		return READ_GOT;
	switch (SSL_get_error(conn->ssl, 0)) {
	case SSL_ERROR_WANT_READ: return READ_AGAIN;
	case SSL_ERROR_WANT_WRITE: conn->want_write = true; return READ_AGAIN;
	case SSL_ERROR_ZERO_RETURN: return READ_END;
	case SSL_ERROR_SYSCALL: return READ_FAILED;
	default: conn_note_tls_error(conn, "read"); return READ_TLS;
	}
}

static enum read_result
read_plain(struct conn *conn, size_t *got)
{
	ssize_t n = recv(conn->fd, conn->net->scratch, CONN_SCRATCH, 0);

	if (n > 0) {
		*got = (size_t)n;
		return READ_GOT;
	}
	if (n == 0)
		return READ_END;
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
		return READ_AGAIN;
	return READ_FAILED;
}

/* Gives bytes to the owner and keeps what it leaves. False where the
 * connection has died or changed under way. */
static bool
deliver(struct conn *conn, const char *bytes, size_t len)
{
	size_t used;

	conn->in_callback = true;
	used = conn->events->on_bytes(conn->arg, bytes, len);
	conn->in_callback = false;
	if (conn->state == CONN_DEAD) {
		if (!conn->offloaded)
			conn_free(conn);
		return false;
	}
	if (used < len && conn->state == CONN_OPEN)
		buf_append(&conn->unread, bytes + used, len - used);
	return true;
}

static bool
deliver_unread(struct conn *conn)
{
	struct buf pending = conn->unread;
	bool alive;

	conn->unread = (struct buf){ 0 };
	alive = deliver(conn, pending.data, pending.len);
	buf_wipe(&pending);
	return alive;
}

bool
conn_drain(struct conn *conn)
{
	for (int i = 0; i < READS_A_TURN; i++) {
		ssize_t n = recv(conn->fd, conn->net->scratch, CONN_SCRATCH, 0);

		if (n == 0)
			return true;
		if (n < 0)
			return errno != EAGAIN && errno != EWOULDBLOCK &&
			       errno != EINTR;
	}
	return false;
}

static enum conn_end
end_of(enum read_result result)
{
	switch (result) {
	case READ_END: return CONN_EOF;
	case READ_TLS: return CONN_TLS_FAILED;
	default: return CONN_ERROR;
	}
}

/* Gives the owner what is unread, or what one read brings. *more tells
 * whether another round is worth it. False where the connection is gone. */
static bool
pump_once(struct conn *conn, bool *more)
{
	size_t got = 0;
	enum read_result result;

	*more = true;
	if (conn->unread.len)
		return deliver_unread(conn);
	result = conn->ssl ? read_tls(conn, &got) : read_plain(conn, &got);
	if (result == READ_AGAIN) {
		*more = false;
		return true;
	}
	if (result != READ_GOT) {
		conn_report_end(conn, end_of(result));
		return false;
	}
	if (!deliver(conn, conn->net->scratch, got))
		return false;
	/* One more read would only find the socket empty. */
	*more = conn->unread.len ||
		(conn->ssl ? SSL_has_pending(conn->ssl) : got == CONN_SCRATCH);
	return true;
}

bool
conn_pump(struct conn *conn)
{
	bool more = true;

	conn->pump_again = false;
	for (int i = 0; more && conn->state == CONN_OPEN && !conn->paused;
	     i++) {
		if (i == READS_A_TURN) {
			conn->pump_again = true;
			break;
		}
		if (!pump_once(conn, &more))
			return false;
	}
	return true;
}

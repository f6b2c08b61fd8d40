/*
 * One socket's bytes. TLS runs on the descriptor itself (no memory BIOs), the
 * read buffer is the thread's, and output is joined per turn: see
 * docs/decisions/0002-loop-and-net.md for what was measured.
 */
#include "server/net/conn.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "cfgparse/base/mem.h"
#include "server/loop/loop.h"
#include "server/net/tls.h"
#include "server/net/tls_private.h"

enum {
	SCRATCH = 16 * 1024,
	READS_A_TURN = 8, /* then others get their turn */
	SPARE_LARGEST = 64 * 1024,
	FINISH_MS = 3000,
	PEER_TEXT = 64,
};

enum conn_state {
	CONN_OPEN,
	CONN_HANDSHAKE,
	CONN_FLUSHING, /* conn_finish: output under way */
	CONN_DRAINING, /* our side is closed, waiting for the peer's */
	CONN_DEAD,     /* closed; freed when nothing refers to it */
};

struct net {
	struct loop *loop;
	char *scratch;
	struct buf spare; /* an empty output buffer looking for work */
};

struct conn {
	struct turn_end turn_end; /* must stay first */
	struct net *net;	  /* NULL while detached */
	const struct conn_events *events;
	void *arg;
	struct watch *watch;
	struct timer *finish_timer;
	SSL *ssl;
	const struct tls_context *tls;
	struct buf out;
	struct buf unread;
	int fd;
	enum conn_state state;
	enum conn_end end;
	bool paused;
	bool want_write; /* the socket's buffer is full */
	bool pump_again; /* bytes wait inside TLS or in unread */
	bool in_callback;
	bool offloaded; /* a helper thread owns ssl */
	int handshake_result;
	int handshake_error;
	char *why;
	struct sockaddr_storage address;
	char peer[PEER_TEXT];
};

struct net *
net_create(struct loop *loop)
{
	struct net *net = mem_alloc(1, sizeof(*net));

	net->loop = loop;
	net->scratch = mem_alloc(1, SCRATCH);
	return net;
}

void
net_destroy(struct net **net)
{
	struct net *gone = *net;

	if (!gone)
		return;
	*net = NULL;
	buf_fini(&gone->spare);
	free(gone->scratch);
	free(gone);
}

static void on_ready(void *arg, int events);
static void on_turn_end(struct turn_end *work);

/* An IPv4 client of an IPv6 socket is shown and judged as IPv4. */
static void
unmap_ipv4(struct sockaddr_storage *address, socklen_t *len)
{
	struct sockaddr_in6 mapped;
	struct sockaddr_in *plain = (struct sockaddr_in *)address;

	memcpy(&mapped, address, sizeof(mapped));
	if (mapped.sin6_family != AF_INET6 ||
	    !IN6_IS_ADDR_V4MAPPED(&mapped.sin6_addr))
		return;
	memset(address, 0, sizeof(*address));
	plain->sin_family = AF_INET;
	plain->sin_port = mapped.sin6_port;
	memcpy(&plain->sin_addr, &mapped.sin6_addr.s6_addr[12],
	    sizeof(plain->sin_addr));
	*len = sizeof(*plain);
}

static void
name_peer(struct conn *conn)
{
	socklen_t len = sizeof(conn->address);
	char host[48], port[8];
	bool known =
	    getpeername(conn->fd, (struct sockaddr *)&conn->address, &len) == 0;

	if (known)
		unmap_ipv4(&conn->address, &len);
	if (!known || getnameinfo((struct sockaddr *)&conn->address, len, host,
			  sizeof(host), port, sizeof(port),
			  NI_NUMERICHOST | NI_NUMERICSERV)) {
		snprintf(conn->peer, sizeof(conn->peer), "unknown");
		return;
	}
	snprintf(conn->peer, sizeof(conn->peer),
	    conn->address.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host,
	    port);
}

static void
update_watch(struct conn *conn)
{
	int events = 0;

	if (!conn->watch)
		return;
	if (!conn->offloaded) {
		if (!conn->paused || conn->state == CONN_HANDSHAKE ||
		    conn->state == CONN_DRAINING)
			events |= WATCH_READ;
		if (conn->want_write)
			events |= WATCH_WRITE;
	}
	watch_set(conn->watch, events);
}

static void
free_conn(struct conn *conn)
{
	SSL_free(conn->ssl);
	close(conn->fd);
	buf_fini(&conn->out);
	buf_wipe(&conn->unread);
	free(conn->why);
	free(conn);
}

static void
leave_loop(struct conn *conn)
{
	if (!conn->net)
		return;
	loop_cancel_turn_end(conn->net->loop, &conn->turn_end);
	watch_close(&conn->watch);
	timer_close(&conn->finish_timer);
}

static void
bury(struct conn *conn)
{
	leave_loop(conn);
	conn->state = CONN_DEAD;
	if (!conn->in_callback && !conn->offloaded)
		free_conn(conn);
}

/* Reports the end and buries the connection. */
static void
end_conn(struct conn *conn, enum conn_end end)
{
	if (conn->state == CONN_DEAD)
		return;
	if (conn->state == CONN_FLUSHING || conn->state == CONN_DRAINING)
		end = CONN_FINISHED;
	conn->in_callback = true;
	leave_loop(conn);
	conn->state = CONN_DEAD;
	conn->events->on_end(conn->arg, end);
	conn->in_callback = false;
	if (!conn->offloaded)
		free_conn(conn);
}

static void
note_tls_error(struct conn *conn, const char *what)
{
	struct buf text = { 0 };
	unsigned long code = ERR_get_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;

	/* Without an error of OpenSSL's the socket ended. */
	if (!reason)
		reason = code ? "unknown reason" : "the connection ended";
	buf_printf(&text, "%s: %s", what, reason);
	free(conn->why);
	conn->why = buf_take(&text);
	ERR_clear_error();
}

static void
schedule(struct conn *conn)
{
	if (conn->net && conn->state != CONN_DEAD)
		loop_at_turn_end(conn->net->loop, &conn->turn_end);
}

struct conn *
conn_open(struct net *net, int fd, const struct conn_events *events, void *arg)
{
	struct conn *conn = mem_alloc(1, sizeof(*conn));

	conn->fd = fd;
	conn->state = CONN_OPEN;
	conn->turn_end.run = on_turn_end;
	name_peer(conn);
	conn_attach(conn, net, events, arg);
	return conn;
}

void
conn_attach(struct conn *conn, struct net *net,
    const struct conn_events *events, void *arg)
{
	conn->net = net;
	conn->events = events;
	conn->arg = arg;
	conn->watch = watch_open(net->loop, conn->fd, on_ready, conn);
	if (!conn->watch)
		abort(); /* the kernel lost a descriptor that we hold */
	/* Bytes that TLS or we hold already raise no event. */
	conn->pump_again = true;
	update_watch(conn);
	schedule(conn);
}

bool
conn_may_detach(const struct conn *conn)
{
	return !conn->offloaded && !conn->in_callback;
}

void
conn_detach(struct conn *conn)
{
	if (!conn_may_detach(conn))
		abort();
	leave_loop(conn);
	conn->net = NULL;
}

void
conn_close(struct conn **conn)
{
	struct conn *gone = *conn;

	*conn = NULL;
	if (gone && gone->state != CONN_DEAD)
		bury(gone);
}

static void
on_finish_timeout(void *arg)
{
	end_conn(arg, CONN_FINISHED);
}

void
conn_finish(struct conn *conn)
{
	if (conn->state == CONN_HANDSHAKE)
		buf_clear(&conn->out); /* nothing can be said any more */
	if (conn->state != CONN_OPEN && conn->state != CONN_HANDSHAKE)
		return;
	conn->state = CONN_FLUSHING;
	conn->paused = true;
	buf_wipe(&conn->unread);
	conn->finish_timer =
	    timer_open(conn->net->loop, on_finish_timeout, conn);
	timer_set(conn->finish_timer, FINISH_MS);
	schedule(conn);
}

struct buf *
conn_output(struct conn *conn)
{
	if (!conn->out.data && conn->net) {
		conn->out = conn->net->spare;
		conn->net->spare = (struct buf){ 0 };
	}
	schedule(conn);
	return &conn->out;
}

size_t
conn_queued(const struct conn *conn)
{
	return conn->out.len;
}

void
conn_pause(struct conn *conn, bool paused)
{
	if (conn->paused == paused || conn->state != CONN_OPEN)
		return;
	conn->paused = paused;
	if (!paused)
		conn->pump_again = true;
	update_watch(conn);
	schedule(conn);
}

/* --- writing ---------------------------------------------------------------
 */

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
	default: note_tls_error(conn, "write"); return -1;
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

/* False where the connection has failed. */
static bool
flush(struct conn *conn)
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

static void
start_draining(struct conn *conn)
{
	conn->state = CONN_DRAINING;
	if (conn->ssl && SSL_is_init_finished(conn->ssl)) {
		ERR_clear_error();
		SSL_shutdown(conn->ssl);
	}
	/* Waiting for the peer's end keeps our last words from being lost to
	 * the reset that closing with unread input would cause. */
	shutdown(conn->fd, SHUT_WR);
}

/* --- reading ---------------------------------------------------------------
 */

enum read_result { READ_GOT, READ_AGAIN, READ_END, READ_FAILED, READ_TLS };

static enum read_result
read_tls(struct conn *conn, size_t *got)
{
	ERR_clear_error();
	if (SSL_read_ex(conn->ssl, conn->net->scratch, SCRATCH, got))
		return READ_GOT;
	switch (SSL_get_error(conn->ssl, 0)) {
	case SSL_ERROR_WANT_READ: return READ_AGAIN;
	case SSL_ERROR_WANT_WRITE: conn->want_write = true; return READ_AGAIN;
	case SSL_ERROR_ZERO_RETURN: return READ_END;
	case SSL_ERROR_SYSCALL: return READ_FAILED;
	default: note_tls_error(conn, "read"); return READ_TLS;
	}
}

static enum read_result
read_plain(struct conn *conn, size_t *got)
{
	ssize_t n = recv(conn->fd, conn->net->scratch, SCRATCH, 0);

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
			free_conn(conn);
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

/* Discards what the peer still sends after our end; true at its end. */
static bool
drain(struct conn *conn)
{
	for (int i = 0; i < READS_A_TURN; i++) {
		ssize_t n = recv(conn->fd, conn->net->scratch, SCRATCH, 0);

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
		end_conn(conn, end_of(result));
		return false;
	}
	if (!deliver(conn, conn->net->scratch, got))
		return false;
	/* One more read would only find the socket empty. */
	*more = conn->unread.len ||
		(conn->ssl ? SSL_has_pending(conn->ssl) : got == SCRATCH);
	return true;
}

/* Reads for as long as there is something and the owner wants it, up to a
 * fair share. False where the connection is gone. */
static bool
pump(struct conn *conn)
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

/* --- TLS -------------------------------------------------------------------
 */

static void
handshake_step(void *arg)
{
	struct conn *conn = arg;

	ERR_clear_error();
	conn->handshake_result = SSL_accept(conn->ssl);
	conn->handshake_error =
	    SSL_get_error(conn->ssl, conn->handshake_result);
	if (conn->handshake_result != 1 &&
	    conn->handshake_error != SSL_ERROR_WANT_READ &&
	    conn->handshake_error != SSL_ERROR_WANT_WRITE)
		note_tls_error(conn, "handshake");
}

static void
on_handshake_step(struct conn *conn)
{
	conn->want_write = false;
	if (conn->handshake_result == 1) {
		conn->state = CONN_OPEN;
		conn->pump_again = true;
		conn->in_callback = true;
		conn->events->on_secure(conn->arg);
		conn->in_callback = false;
		if (conn->state == CONN_DEAD) {
			free_conn(conn);
			return;
		}
		update_watch(conn);
		schedule(conn);
		return;
	}
	if (conn->handshake_error == SSL_ERROR_WANT_WRITE)
		conn->want_write = true;
	else if (conn->handshake_error != SSL_ERROR_WANT_READ) {
		end_conn(conn, CONN_TLS_FAILED);
		return;
	}
	update_watch(conn);
}

static void
on_offloaded_step(void *arg)
{
	struct conn *conn = arg;

	conn->offloaded = false;
	if (conn->state == CONN_DEAD)
		free_conn(conn);
	else if (conn->state == CONN_HANDSHAKE)
		on_handshake_step(conn);
	else
		schedule(conn);
}

static void
do_handshake(struct conn *conn)
{
	if (!tls_context_is_slow(conn->tls)) {
		handshake_step(conn);
		on_handshake_step(conn);
		return;
	}
	conn->offloaded = true;
	update_watch(conn);
	if (!offload(
		conn->net->loop, handshake_step, on_offloaded_step, conn)) {
		conn->offloaded = false;
		free(conn->why);
		conn->why = mem_strdup("too many handshakes at once");
		end_conn(conn, CONN_TLS_FAILED);
	}
}

bool
conn_start_tls(struct conn *conn, const struct tls_context *context)
{
	if (conn->unread.len || conn->ssl)
		return false;
	/* What was said in clear leaves before TLS owns the descriptor; it
	 * is one small element and fits any socket buffer. */
	if (conn->out.len && (!flush(conn) || conn->out.len))
		return false;
	conn->ssl = tls_context_accept(context);
	if (!conn->ssl || !SSL_set_fd(conn->ssl, conn->fd))
		return false;
	conn->tls = context;
	conn->state = CONN_HANDSHAKE;
	return true;
}

bool
conn_is_tls(const struct conn *conn)
{
	return conn->ssl && conn->state != CONN_HANDSHAKE;
}

const char *
conn_tls_text(struct conn *conn)
{
	return conn->ssl ? SSL_get_version(conn->ssl) : "";
}

size_t
conn_tls_exporter(struct conn *conn, uint8_t out[CONN_BINDING_MAX])
{
	static const char label[] = "EXPORTER-Channel-Binding";
	enum { EXPORTED = 32 };

	if (!conn_is_tls(conn))
		return 0;
	/* In TLS 1.2 the exporter is bound only with the extended master
	 * secret (RFC 9266 section 3). */
	if (SSL_version(conn->ssl) < TLS1_3_VERSION &&
	    SSL_get_extms_support(conn->ssl) != 1)
		return 0;
	if (SSL_export_keying_material(conn->ssl, out, EXPORTED, label,
		sizeof(label) - 1, NULL, 0, 0) != 1)
		return 0;
	return EXPORTED;
}

size_t
conn_tls_end_point(struct conn *conn, uint8_t out[CONN_BINDING_MAX])
{
	X509 *certificate;
	const EVP_MD *digest;
	unsigned len = 0;
	int hash = NID_undef;

	if (!conn_is_tls(conn))
		return 0;
	certificate = SSL_get_certificate(conn->ssl);
	if (!certificate)
		return 0;
	OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &hash, NULL);
	/* RFC 5929 4.1: MD5 and SHA-1 count as SHA-256. Signatures without a
	 * hash of their own (Ed25519) have no such binding. */
	if (hash == NID_md5 || hash == NID_sha1)
		hash = NID_sha256;
	digest = hash == NID_undef ? NULL : EVP_get_digestbynid(hash);
	if (!digest || EVP_MD_get_size(digest) > CONN_BINDING_MAX ||
	    X509_digest(certificate, digest, out, &len) != 1)
		return 0;
	return len;
}

/* --- the loop's calls ------------------------------------------------------
 */

static void
on_ready(void *arg, int events)
{
	struct conn *conn = arg;

	if (events & WATCH_WRITE)
		conn->want_write = false;
	if (conn->state == CONN_HANDSHAKE) {
		do_handshake(conn);
		return;
	}
	if (conn->state == CONN_DRAINING) {
		if (drain(conn))
			end_conn(conn, CONN_FINISHED);
		return;
	}
	if ((events & WATCH_READ) && !pump(conn))
		return;
	update_watch(conn);
	schedule(conn);
}

static void
on_turn_end(struct turn_end *work)
{
	struct conn *conn = (struct conn *)work;

	if (conn->offloaded)
		return;
	if (conn->state == CONN_HANDSHAKE) {
		update_watch(conn);
		return;
	}
	if (conn->pump_again && conn->state == CONN_OPEN && !pump(conn))
		return;
	if (conn->out.len && !conn->want_write && !flush(conn)) {
		end_conn(conn, CONN_ERROR);
		return;
	}
	if (conn->state == CONN_FLUSHING && conn->out.len == 0)
		start_draining(conn);
	update_watch(conn);
	if (conn->pump_again && !conn->paused)
		schedule(conn);
}

const char *
conn_peer(const struct conn *conn)
{
	return conn->peer;
}

const struct sockaddr *
conn_address(const struct conn *conn)
{
	return (const struct sockaddr *)&conn->address;
}

const char *
conn_why(const struct conn *conn)
{
	return conn->why ? conn->why : "";
}

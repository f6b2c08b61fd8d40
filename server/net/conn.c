/*
 * One socket's life: opened, moved between loops, finished, ended. Bytes are
 * conn_io.c's, TLS is conn_tls.c's; docs/decisions/0002-loop-and-net.md tells
 * what was measured.
 */
#include "server/net/conn.h"
#include "server/net/conn_private.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>

#include "cfgparse/base/mem.h"

enum { FINISH_MS = 3000 };

struct net *
net_create(struct loop *loop)
{
	struct net *net = mem_alloc(1, sizeof(*net));

	net->loop = loop;
	net->scratch = mem_alloc(1, CONN_SCRATCH);
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

void
conn_update_watch(struct conn *conn)
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

void
conn_free(struct conn *conn)
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
		conn_free(conn);
}

/* Reports the end and buries the connection. */
void
conn_report_end(struct conn *conn, enum conn_end end)
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
		conn_free(conn);
}

void
conn_schedule(struct conn *conn)
{
	if (conn->net && conn->state != CONN_DEAD)
		loop_at_turn_end(conn->net->loop, &conn->turn_end);
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

static void
on_ready(void *arg, int events)
{
	struct conn *conn = arg;

	if (events & WATCH_WRITE)
		conn->want_write = false;
	if (conn->state == CONN_HANDSHAKE) {
		conn_handshake(conn);
		return;
	}
	if (conn->state == CONN_DRAINING) {
		if (conn_drain(conn))
			conn_report_end(conn, CONN_FINISHED);
		return;
	}
	if ((events & WATCH_READ) && !conn_pump(conn))
		return;
	conn_update_watch(conn);
	conn_schedule(conn);
}

static void
on_turn_end(struct turn_end *work)
{
	struct conn *conn = (struct conn *)work;

	if (conn->offloaded)
		return;
	if (conn->state == CONN_HANDSHAKE) {
		conn_update_watch(conn);
		return;
	}
	if (conn->pump_again && conn->state == CONN_OPEN && !conn_pump(conn))
		return;
	if (conn->out.len && !conn->want_write && !conn_flush(conn)) {
		conn_report_end(conn, CONN_ERROR);
		return;
	}
	if (conn->state == CONN_FLUSHING && conn->out.len == 0)
		start_draining(conn);
	conn_update_watch(conn);
	if (conn->pump_again && !conn->paused)
		conn_schedule(conn);
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
	conn_update_watch(conn);
	conn_schedule(conn);
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
	conn_report_end(arg, CONN_FINISHED);
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
	conn_schedule(conn);
}

struct buf *
conn_output(struct conn *conn)
{
	if (!conn->out.data && conn->net) {
		conn->out = conn->net->spare;
		conn->net->spare = (struct buf){ 0 };
	}
	conn_schedule(conn);
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
	conn_update_watch(conn);
	conn_schedule(conn);
}

const char *
conn_peer(const struct conn *conn)
{
	return conn->peer;
}

void
conn_copy_address(const struct conn *conn, struct sockaddr_storage *address)
{
	*address = conn->address;
}

const char *
conn_why(const struct conn *conn)
{
	return conn->why ? conn->why : "";
}

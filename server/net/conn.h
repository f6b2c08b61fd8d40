#ifndef NET_CONN_H
#define NET_CONN_H
/*
 * Bytes over one socket, plain or TLS, for one event loop at a time. Knows
 * nothing of XML. Output is joined and written at the end of the loop's turn;
 * a connection holds no read buffer of its own.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/str.h"

struct conn;
struct loop;
struct tls_context;

/* What the connections of one thread share: scratch space. */
struct net;
struct net *net_create(struct loop *loop);
void net_destroy(struct net **net);

enum conn_end {
	CONN_EOF,	 /* the peer closed */
	CONN_ERROR,	 /* the socket failed */
	CONN_TLS_FAILED, /* handshake or record: conn_why tells */
	CONN_FINISHED,	 /* after conn_finish */
};

/*
 * Called from the loop only, never from within a conn_ function. They may call
 * any conn_ function but conn_detach.
 */
struct conn_events {
	/* Returns how many bytes were used: all, unless the callback paused
	 * reading or closed; the rest is kept and comes again. */
	size_t (*on_bytes)(void *arg, const char *bytes, size_t len);
	/* The handshake that conn_start_tls began is complete. */
	void (*on_secure)(void *arg);
	/* The connection is gone after this call: forget it. Comes exactly
	 * once, unless conn_close came first. */
	void (*on_end)(void *arg, enum conn_end end);
};

/* Takes a connected, non-blocking socket. Reading starts in the next turn. */
struct conn *conn_open(
    struct net *net, int fd, const struct conn_events *events, void *arg);
/* At once, without flushing or a callback. Safe within callbacks. */
void conn_close(struct conn **conn);
/* Writes what is queued, ends TLS and the connection, then on_end. Takes no
 * more input. Gives up after a few seconds. */
void conn_finish(struct conn *conn);

/* Where to append output; it leaves at the end of this turn. */
struct buf *conn_output(struct conn *conn);
/* Bytes queued and not yet taken by the kernel. */
size_t conn_queued(const struct conn *conn);
/* Reading stops, or goes on (in this or the next turn). */
void conn_pause(struct conn *conn, bool paused);

/* The next bytes of the peer are its ClientHello; output queued so far leaves
 * in clear first. The context must outlive the connection. False: bytes of the
 * peer are waiting already, which somebody may have injected (close it). */
bool conn_start_tls(struct conn *conn, const struct tls_context *context);
bool conn_is_tls(const struct conn *conn);

enum { CONN_BINDING_MAX = 64 };
/* Channel binding data (RFC 9266; RFC 5929 section 4): its length, 0 where
 * there is none. */
size_t conn_tls_exporter(struct conn *conn, uint8_t out[CONN_BINDING_MAX]);
size_t conn_tls_end_point(struct conn *conn, uint8_t out[CONN_BINDING_MAX]);

/* Leaves its loop, with everything unread and unwritten; not from within a
 * callback (use loop_at_turn_end). May then be handed to another thread. */
void conn_detach(struct conn *conn);
/* Goes on there; bytes that were read already come in the next turn. */
void conn_attach(struct conn *conn, struct net *net,
    const struct conn_events *events, void *arg);
/* False while a helper thread works for it: detaching must wait. */
bool conn_may_detach(const struct conn *conn);

/* "192.0.2.1:40000" or "[2001:db8::1]:40000". */
const char *conn_peer(const struct conn *conn);
/* The peer's, IPv4 as such also where it came to an IPv6 socket. */
void conn_copy_address(
    const struct conn *conn, struct sockaddr_storage *address);
/* Why TLS failed, in OpenSSL's words; valid in on_end. */
const char *conn_why(const struct conn *conn);

#endif

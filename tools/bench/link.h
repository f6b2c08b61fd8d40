#ifndef BENCH_LINK_H
#define BENCH_LINK_H
/*
 * One TCP connection, in the clear or under TLS, on libuv's readiness
 * watcher: bytes in, bytes out. Knows nothing of XMPP. Certificates are not
 * verified: the generator talks to servers with self-signed ones.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <uv.h>

#include "cfgparse/base/buf.h"

struct ssl_ctx_st;
struct bench_link;

/* A callback may close the link; nothing is called after bench_link_close. */
struct bench_link_events {
	void (*on_open)(void *arg);   /* connected (not for adopt) */
	void (*on_secure)(void *arg); /* TLS is up */
	/* Bytes came in; the callee consumes what it has understood. */
	void (*on_data)(void *arg, struct buf *in);
	/* The connection is of no more use: close it. why is static text. */
	void (*on_end)(void *arg, const char *why);
};

/* A connection attempt; NULL where no socket could be had. events outlives
 * the link. */
struct bench_link *bench_link_connect(uv_loop_t *loop,
    const struct sockaddr *addr, socklen_t addr_len,
    const struct bench_link_events *events, void *arg);
/* Takes an accepted descriptor; NULL (and the descriptor closed) on failure. */
struct bench_link *bench_link_adopt(
    uv_loop_t *loop, int fd, const struct bench_link_events *events, void *arg);
/* Starts TLS; as a client for host, or as the server where host is NULL. */
bool bench_link_secure(
    struct bench_link *link, struct ssl_ctx_st *ctx, const char *host);
/* Sends now, or queues what the socket doesn't take. */
void bench_link_send(struct bench_link *link, const void *bytes, size_t len);
/* Closes at once (with TLS's close_notify where it goes out) and sets NULL. */
void bench_link_close(struct bench_link **link);

/* A client's TLS context: no verification, small buffers. */
struct ssl_ctx_st *bench_client_ctx(void);
/* A server's, with key and chain from the PEM file; NULL on failure. */
struct ssl_ctx_st *bench_server_ctx(const char *pem);

#endif

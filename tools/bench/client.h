#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H
/*
 * One XMPP client session (RFC 6120): connect, STARTTLS or direct TLS, SASL,
 * bind; afterwards it hands out the pieces that come in. Against the relay it
 * sends its naming line instead. Knows nothing of what is measured.
 */
#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "cfgparse/base/buf.h"
#include "tools/bench/frame.h"
#include "tools/bench/link.h"
#include "tools/bench/options.h"
#include "tools/bench/scram.h"

struct bench_client;

/* A callback may close the client; nothing is called afterwards. */
struct bench_client_events {
	void (*on_ready)(struct bench_client *client); /* bound */
	/* A first-level element (or a relayed line), after on_ready. */
	void (*on_piece)(struct bench_client *client, struct str piece);
	/* Failed or disconnected; client->why says it. Close it. */
	void (*on_end)(struct bench_client *client);
};

/* What all clients of a run share; outlives them. */
struct bench_shared {
	const struct bench_options *options;
	uv_loop_t loop;
	struct ssl_ctx_st *ctx;
	struct bench_scram_cache cache;
};

enum bench_step {
	BENCH_STEP_CONNECT,
	BENCH_STEP_FEATURES,
	BENCH_STEP_PROCEED,
	BENCH_STEP_SASL,
	BENCH_STEP_BIND,
	BENCH_STEP_SESSION,
	BENCH_STEP_READY,
	BENCH_STEP_CLOSING,
};

struct bench_client {
	struct bench_shared *shared;
	const struct bench_client_events *events;
	const struct bench_account *account; /* NULL against the relay */
	size_t index;			     /* the owner's number for it */
	struct bench_link *link;	     /* NULL while closed */
	struct bench_scanner scanner;
	struct bench_scram scram;
	enum bench_step step;
	bool secure, authenticated, wants_session;
	struct buf jid; /* full JID as the server gave it, still escaped */
	char why[200];	/* text of what went wrong */
};

/* Zeroed client in; starts connecting. False: on_end won't be called. */
bool bench_client_open(struct bench_client *client, struct bench_shared *shared,
    const struct bench_client_events *events,
    const struct bench_account *account, size_t index);
void bench_client_send(struct bench_client *client, struct str bytes);
/* Says goodbye; on_end comes when the server has closed the stream. */
void bench_client_leave(struct bench_client *client);
/* Closes at once; the client may be opened again after being zeroed. */
void bench_client_close(struct bench_client *client);

#endif

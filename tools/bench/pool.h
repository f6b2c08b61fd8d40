#ifndef BENCH_POOL_H
#define BENCH_POOL_H
/*
 * A number of sessions, opened a few at a time and then left alone until the
 * server has settled.
 */
#include "tools/bench/client.h"
#include "tools/bench/result.h"

struct bench_pool {
	struct bench_shared *shared;
	struct bench_result *result;
	struct bench_client *clients;
	size_t count, started, pending, ready;
	struct bench_client_events events; /* what its owner wants to hear */
	uv_timer_t timer;
	void (*on_settled)(struct bench_pool *pool);
	void *owner;
};

/* Opens the clients; on_settled runs once, when every one of them is bound or
 * has failed and the settling time has passed. */
void bench_pool_open(struct bench_pool *pool, struct bench_shared *shared,
    struct bench_result *result, size_t count,
    void (*on_piece)(struct bench_client *client, struct str piece),
    void (*on_settled)(struct bench_pool *pool), void *owner);
/* The pool a client is in is its shared loop's data. */
struct bench_pool *bench_pool_of(const struct bench_client *client);
/* Closes all clients and the timer, so that the loop can end. */
void bench_pool_close(struct bench_pool *pool);
/* Frees the clients, after the loop has ended. */
void bench_pool_fini(struct bench_pool *pool);

#endif

/*
 * Opening many sessions without running into a server's backlog.
 */
#include "tools/bench/pool.h"

#include "cfgparse/base/mem.h"

#include <stdlib.h>

struct bench_pool *
bench_pool_of(const struct bench_client *client)
{
	return client->shared->loop.data;
}

static void
on_time(uv_timer_t *timer)
{
	struct bench_pool *pool = timer->data;

	pool->on_settled(pool);
}

static void
start_more(struct bench_pool *pool)
{
	const struct bench_options *options = pool->shared->options;

	while (
	    pool->pending < options->parallel && pool->started < pool->count) {
		size_t i = pool->started++;
		const struct bench_account *account =
		    options->relay
			? NULL
			: &options->accounts[i % options->account_count];

		if (bench_client_open(&pool->clients[i], pool->shared,
			&pool->events, account, i))
			pool->pending++;
		else
			bench_result_fail(pool->result, pool->clients[i].why);
	}
	if (pool->pending == 0 && pool->started == pool->count)
		uv_timer_start(&pool->timer, on_time, options->settle_ms, 0);
}

static void
on_ready(struct bench_client *client)
{
	struct bench_pool *pool = bench_pool_of(client);

	pool->pending--;
	pool->ready++;
	pool->result->logins++;
	start_more(pool);
}

static void
on_end(struct bench_client *client)
{
	struct bench_pool *pool = bench_pool_of(client);
	bool was_ready = client->step >= BENCH_STEP_READY;

	bench_result_fail(pool->result, client->why);
	bench_client_close(client);
	if (was_ready) {
		pool->result->disconnects++;
		pool->ready--;
		return;
	}
	pool->pending--;
	start_more(pool);
}

void
bench_pool_open(struct bench_pool *pool, struct bench_shared *shared,
    struct bench_result *result, size_t count,
    void (*on_piece)(struct bench_client *client, struct str piece),
    void (*on_settled)(struct bench_pool *pool), void *owner)
{
	*pool = (struct bench_pool){ .shared = shared,
		.result = result,
		.clients = mem_alloc(count, sizeof(*pool->clients)),
		.count = count,
		.events = { on_ready, on_piece, on_end },
		.on_settled = on_settled,
		.owner = owner };
	shared->loop.data = pool;
	uv_timer_init(&shared->loop, &pool->timer);
	pool->timer.data = pool;
	start_more(pool);
}

void
bench_pool_close(struct bench_pool *pool)
{
	for (size_t i = 0; i < pool->started; i++)
		bench_client_close(&pool->clients[i]);
	uv_close((uv_handle_t *)&pool->timer, NULL);
}

void
bench_pool_fini(struct bench_pool *pool)
{
	free(pool->clients);
	pool->clients = NULL;
}

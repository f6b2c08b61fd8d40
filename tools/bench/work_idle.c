/*
 * Idle sessions: what they cost a server in memory.
 */
#include "tools/bench/work.h"

#include "tools/bench/pool.h"

bool
bench_measure(const struct bench_options *options, struct bench_usage *usage)
{
	if (options->pid_count == 0)
		return false;
	if (bench_usage_read(options->pids, options->pid_count, usage))
		return true;
	fputs("xmpp-bench: a --server-pid isn't there: not measured\n", stderr);
	return false;
}

static void
on_piece(struct bench_client *client, struct str piece)
{
	(void)client;
	(void)piece;
}

static void
on_settled(struct bench_pool *pool)
{
	struct bench_result *result = pool->result;

	result->measured = bench_measure(pool->shared->options, &result->after);
	result->sessions = pool->ready;
	bench_pool_close(pool);
}

void
bench_work_idle(struct bench_shared *shared, struct bench_result *result)
{
	struct bench_pool pool;
	uint64_t begin = uv_hrtime();

	bench_measure(shared->options, &result->start);
	result->before = result->start;
	bench_pool_open(&pool, shared, result, shared->options->sessions,
	    on_piece, on_settled, NULL);
	uv_run(&shared->loop, UV_RUN_DEFAULT);
	result->seconds = (double)(uv_hrtime() - begin) / 1e9;
	bench_pool_fini(&pool);
}

/*
 * Logins: connect, negotiate, bind, close the stream, and again.
 */
#include "tools/bench/work.h"

#include "cfgparse/base/mem.h"

#include <stdlib.h>

struct login_run {
	struct bench_shared *shared;
	struct bench_result *result;
	struct bench_client *slots;
	size_t slot_count, busy;
	uint64_t started;
	uint64_t end; /* uv_hrtime when no more are started */
	uv_timer_t timer;
	bool over;
};

static const struct bench_client_events events;

static void on_end(struct bench_client *client);

static bool
more_wanted(const struct login_run *run)
{
	uint64_t messages = run->shared->options->messages;

	/* A server that refuses everything must not be tried for ever. */
	if (run->over || run->result->failures > 100)
		return false;
	return messages > 0 ? run->started < messages : uv_hrtime() < run->end;
}

static void
start(struct login_run *run, size_t slot)
{
	const struct bench_options *options = run->shared->options;
	struct bench_client *client = &run->slots[slot];

	while (more_wanted(run)) {
		const struct bench_account *account = NULL;

		if (!options->relay)
			account = &options->accounts[run->started %
						     options->account_count];
		run->started++;
		*client = (struct bench_client){ 0 };
		if (bench_client_open(
			client, run->shared, &events, account, slot)) {
			run->busy++;
			return;
		}
		bench_result_fail(run->result, client->why);
	}
}

/* Ends the loop once nothing is under way. */
static void
stop_if_idle(struct login_run *run)
{
	if (run->busy == 0 && !uv_is_closing((uv_handle_t *)&run->timer))
		uv_close((uv_handle_t *)&run->timer, NULL);
}

static void
on_time(uv_timer_t *timer)
{
	struct login_run *run = timer->data;

	run->over = true;
	for (size_t i = 0; i < run->slot_count; i++) {
		if (run->slots[i].link == NULL)
			continue;
		if (run->slots[i].step != BENCH_STEP_CLOSING)
			bench_result_fail(run->result, "login never ended");
		bench_client_close(&run->slots[i]);
		run->busy--;
	}
	stop_if_idle(run);
}

static void
on_ready(struct bench_client *client)
{
	struct login_run *run = client->shared->loop.data;

	run->result->logins++;
	bench_client_leave(client);
	/* The relay knows no goodbye. */
	if (client->account == NULL)
		on_end(client);
}

static void
on_piece(struct bench_client *client, struct str piece)
{
	(void)client;
	(void)piece;
}

static void
on_end(struct bench_client *client)
{
	struct login_run *run = client->shared->loop.data;

	if (client->step != BENCH_STEP_CLOSING)
		bench_result_fail(run->result, client->why);
	bench_client_close(client);
	run->busy--;
	start(run, client->index);
	stop_if_idle(run);
}

static const struct bench_client_events events = { on_ready, on_piece, on_end };

void
bench_work_login(struct bench_shared *shared, struct bench_result *result)
{
	const struct bench_options *options = shared->options;
	uint64_t begin;
	struct login_run run = { .shared = shared,
		.result = result,
		.slot_count = options->parallel,
		.slots = mem_alloc(options->parallel, sizeof(*run.slots)) };

	bench_measure(options, &result->before);
	result->start = result->before;
	begin = uv_hrtime();
	run.end = begin + (uint64_t)(options->seconds * 1e9);
	shared->loop.data = &run;
	uv_timer_init(&shared->loop, &run.timer);
	run.timer.data = &run;
	uv_timer_start(&run.timer, on_time,
	    (uint64_t)(options->seconds * 1000) *
		    (options->messages > 0 ? 20 : 1) +
		options->drain_ms,
	    0);
	for (size_t i = 0; i < run.slot_count; i++)
		start(&run, i);
	stop_if_idle(&run);
	uv_run(&shared->loop, UV_RUN_DEFAULT);
	result->seconds = (double)(uv_hrtime() - begin) / 1e9;
	result->measured = bench_measure(options, &result->after);
	free(run.slots);
}

/*
 * Pairs chatting: the even client of a pair sends, the odd one receives, and
 * each message that arrives makes room for the next one. Both ends are here,
 * so every message is accounted for by its id, "RUN-PAIR-NUMBER".
 */
#include "tools/bench/work.h"

#include "cfgparse/base/mem.h"
#include "tools/bench/pool.h"

#include <openssl/rand.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct flight {
	uint64_t number; /* 0: the place is free */
	uint64_t sent;	 /* uv_hrtime */
};

struct pair {
	uint64_t next;	  /* number of the next message, from 1 */
	uint64_t highest; /* received so far */
	struct flight *flights;
	struct buf before, after; /* the message around its number */
};

struct chat_run {
	struct bench_pool pool;
	struct bench_result *result;
	const struct bench_options *options;
	char id[9];
	struct pair *pairs;
	uint64_t outstanding, begin, last;
	bool sending, over;
};

static bool
more_wanted(const struct chat_run *run)
{
	return run->sending && (run->options->messages == 0 ||
				   run->result->sent < run->options->messages);
}

static void
finish(struct chat_run *run)
{
	if (run->over)
		return;
	run->over = true;
	run->result->measured =
	    bench_measure(run->options, &run->result->after);
	run->result->lost = run->outstanding;
	run->result->sessions = run->pool.ready;
	run->result->seconds = (double)(run->last - run->begin) / 1e9;
	bench_pool_close(&run->pool);
}

/* Fills the pair's window; flight is a place known to be free. */
static void
send_one(struct chat_run *run, size_t at, struct flight *flight)
{
	struct pair *pair = &run->pairs[at];
	struct bench_client *client = &run->pool.clients[2 * at];
	char text[8192];
	struct buf out = { 0 };
	int len;

	flight->number = pair->next++;
	run->outstanding++;
	run->result->sent++;
	len = snprintf(text, sizeof(text), "%s%" PRIu64 "%s",
	    buf_text(&pair->before), flight->number, buf_text(&pair->after));
	flight->sent = uv_hrtime();
	if (len >= 0 && (size_t)len < sizeof(text)) {
		bench_client_send(client, (struct str){ text, (size_t)len });
		return;
	}
	buf_add(&out, buf_str(&pair->before));
	buf_printf(&out, "%" PRIu64, flight->number);
	buf_add(&out, buf_str(&pair->after));
	bench_client_send(client, buf_str(&out));
	buf_fini(&out);
}

/* Takes "RUN-PAIR-NUMBER" apart; false where it isn't this run's. */
static bool
id_parse(
    const struct chat_run *run, struct str id, size_t *pair, uint64_t *number)
{
	char text[64], *end;

	if (id.len >= sizeof(text) || id.len < 12 ||
	    memcmp(id.ptr, run->id, 8) != 0 || id.ptr[8] != '-')
		return false;
	memcpy(text, id.ptr, id.len);
	text[id.len] = '\0';
	*pair = strtoul(text + 9, &end, 10);
	if (*end != '-' || *pair >= run->options->pairs)
		return false;
	*number = strtoull(end + 1, &end, 10);
	return *end == '\0';
}

static void
count_arrival(struct chat_run *run, size_t at, uint64_t number)
{
	struct pair *pair = &run->pairs[at];
	struct flight *flight = NULL;

	for (size_t i = 0; i < run->options->window; i++)
		if (pair->flights[i].number == number)
			flight = &pair->flights[i];
	if (number == 0 || number >= pair->next) {
		run->result->foreign++;
		return;
	}
	if (flight == NULL) {
		run->result->doubled++;
		return;
	}
	run->last = uv_hrtime();
	bench_hist_add(
	    &run->result->latency, (run->last - flight->sent) / 1000);
	if (number < pair->highest)
		run->result->reordered++;
	else
		pair->highest = number;
	flight->number = 0;
	run->outstanding--;
	run->result->messages++;
	if (more_wanted(run))
		send_one(run, at, flight);
	else if (run->outstanding == 0)
		finish(run);
}

static void
on_piece(struct bench_client *client, struct str piece)
{
	struct chat_run *run = bench_pool_of(client)->owner;
	struct str id = { 0 }, type = { 0 };
	size_t pair;
	uint64_t number;

	if (run->over)
		return;
	if (run->options->relay) {
		const char *space = memchr(piece.ptr, ' ', piece.len);

		id = (struct str){ piece.ptr,
			space ? (size_t)(space - piece.ptr) : 0 };
	} else {
		if (!str_is(bench_frame_name(piece), "message"))
			return;
		bench_frame_attr(piece, "type", &type);
		bench_frame_attr(piece, "id", &id);
	}
	if (!id_parse(run, id, &pair, &number))
		run->result->foreign++;
	else if (str_is(type, "error"))
		run->result->refused++;
	else if (client->index != 2 * pair + 1)
		run->result->foreign++;
	else
		count_arrival(run, pair, number);
}

static void
prepare(struct chat_run *run, size_t at)
{
	static const char words[] = "the quick brown fox jumps over the dog ";
	struct pair *pair = &run->pairs[at];
	struct bench_client *to = &run->pool.clients[2 * at + 1];
	size_t body = run->options->body;

	pair->next = 1;
	pair->flights = mem_alloc(run->options->window, sizeof(*pair->flights));
	if (run->options->relay) {
		buf_printf(&pair->before, "%s-%zu-", run->id, at);
		buf_putc(&pair->after, ' ');
	} else {
		buf_printf(&pair->before,
		    "<message to='%s' type='chat' id='%s-%zu-",
		    buf_text(&to->jid), run->id, at);
		buf_puts(&pair->after, "'><body>");
	}
	for (size_t i = 0; i < body; i++)
		buf_putc(&pair->after, words[i % (sizeof(words) - 1)]);
	buf_puts(
	    &pair->after, run->options->relay ? "\n" : "</body></message>");
}

static void
on_time(uv_timer_t *timer)
{
	struct chat_run *run = ((struct bench_pool *)timer->data)->owner;

	if (run->sending && run->options->messages == 0) {
		run->sending = false;
		if (run->outstanding > 0) {
			uv_timer_start(
			    timer, on_time, run->options->drain_ms, 0);
			return;
		}
	}
	finish(run);
}

/* Sends what keeps all windows full; a pair with a failed end stays still. */
static void
fill_windows(struct chat_run *run)
{
	for (size_t at = 0; at < run->options->pairs; at++) {
		struct bench_client *clients = &run->pool.clients[2 * at];

		prepare(run, at);
		if (clients[0].link == NULL || clients[1].link == NULL)
			continue;
		for (size_t i = 0; i < run->options->window && more_wanted(run);
		     i++)
			send_one(run, at, &run->pairs[at].flights[i]);
	}
}

static void
on_settled(struct bench_pool *pool)
{
	struct chat_run *run = pool->owner;
	uint64_t ms = (uint64_t)(run->options->seconds * 1000);

	bench_measure(run->options, &run->result->before);
	run->begin = run->last = uv_hrtime();
	run->sending = true;
	fill_windows(run);
	/* By number of messages, the time is only a bound on a stall. */
	if (run->options->messages > 0)
		ms = ms * 20 + run->options->drain_ms;
	uv_timer_start(&pool->timer, on_time, run->outstanding ? ms : 0, 0);
}

void
bench_work_chat(struct bench_shared *shared, struct bench_result *result)
{
	const struct bench_options *options = shared->options;
	struct chat_run run = { .result = result,
		.options = options,
		.pairs = mem_alloc(options->pairs, sizeof(*run.pairs)) };
	unsigned char random[4];

	if (RAND_bytes(random, sizeof(random)) != 1)
		abort();
	snprintf(run.id, sizeof(run.id), "%02x%02x%02x%02x", random[0],
	    random[1], random[2], random[3]);
	bench_measure(options, &result->start);
	bench_pool_open(&run.pool, shared, result, 2 * options->pairs, on_piece,
	    on_settled, &run);
	uv_run(&shared->loop, UV_RUN_DEFAULT);
	bench_pool_fini(&run.pool);
	for (size_t i = 0; i < options->pairs; i++) {
		free(run.pairs[i].flights);
		buf_fini(&run.pairs[i].before);
		buf_fini(&run.pairs[i].after);
	}
	free(run.pairs);
}

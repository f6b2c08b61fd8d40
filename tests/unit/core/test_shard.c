/*
 * What crosses shards: order, credit, backlog, flooding, and stopping while
 * parcels are under way. A real node; checks on its threads only count, and
 * the test's thread judges at the end.
 */
#include "server/core/shard.h"

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cfgparse/base/mem.h"
#include "server/core/node.h"
#include "server/loop/loop.h"
#include "tests/support/node_fixture.h"

enum { SHARDS_MOST = 7, BURST = 40, TINY = 3 };

static const char config[] = "{hosts, [\"localhost\"]}.";

/* --- traffic of everybody with everybody --- */

/* One shard's side of it; touched by its own thread only. */
struct peer {
	struct turn_end turn; /* must stay first */
	struct shard_waiter waiter;
	struct traffic *traffic;
	struct shard *shard;
	unsigned sent;			     /* to each shard */
	unsigned expected[SHARDS_MOST];	     /* next number from each */
	unsigned answers[SHARDS_MOST];	     /* numbers given to answers */
	unsigned expected_back[SHARDS_MOST]; /* next answer from each */
	unsigned received;
};

struct traffic {
	struct peer peers[SHARDS_MOST];
	unsigned count;
	unsigned each; /* parcels from each to each */
	bool answered; /* every delivery is answered by a parcel */
	unsigned done; /* shards that have everything; shard 0's thread */
	_Atomic unsigned disorder;
	_Atomic unsigned waits;
	_Atomic unsigned discarded;
};

struct item {
	struct parcel parcel;
	struct traffic *traffic;
	unsigned from;
	unsigned number;
	bool back;
};

static void
discard_item(struct parcel *parcel)
{
	struct item *item = (struct item *)parcel;

	atomic_fetch_add(&item->traffic->discarded, 1);
	free(item);
}

static void deliver_item(struct shard *shard, struct parcel *parcel);

static void
send_item(struct peer *peer, unsigned to, unsigned number, bool back)
{
	struct item *item = mem_alloc(1, sizeof(*item));

	item->parcel.deliver = deliver_item;
	item->parcel.discard = discard_item;
	item->parcel.weight = sizeof(*item);
	item->traffic = peer->traffic;
	item->from = shard_index(peer->shard);
	item->number = number;
	item->back = back;
	shard_post(peer->shard, to, &item->parcel);
}

static void
deliver_done(struct shard *shard, struct parcel *parcel)
{
	struct item *item = (struct item *)parcel;
	struct traffic *traffic = item->traffic;

	free(item);
	if (++traffic->done == traffic->count)
		node_stop(shard_node(shard));
}

static void
report_done(struct peer *peer)
{
	struct item *item = mem_alloc(1, sizeof(*item));

	item->parcel.deliver = deliver_done;
	item->parcel.discard = discard_item;
	item->traffic = peer->traffic;
	shard_post(peer->shard, 0, &item->parcel);
}

static void
deliver_item(struct shard *shard, struct parcel *parcel)
{
	struct item item = *(struct item *)parcel;
	struct traffic *traffic = item.traffic;
	struct peer *peer = &traffic->peers[shard_index(shard)];
	unsigned *expected = item.back ? &peer->expected_back[item.from]
				       : &peer->expected[item.from];

	free(parcel);
	shard_assert_current(shard);
	if (item.number != (*expected)++)
		atomic_fetch_add(&traffic->disorder, 1);
	if (traffic->answered && !item.back)
		send_item(peer, item.from, peer->answers[item.from]++, true);
	if (++peer->received ==
	    traffic->each * traffic->count * (traffic->answered ? 2 : 1))
		report_done(peer);
}

/* A burst to everybody, then others get their turn; like a socket, it waits
 * while its shard is backlogged. */
static void
on_turn(struct turn_end *turn)
{
	struct peer *peer = (struct peer *)turn;
	struct traffic *traffic = peer->traffic;

	for (int i = 0; i < BURST && peer->sent < traffic->each; i++) {
		for (unsigned to = 0; to < traffic->count; to++)
			send_item(peer, to, peer->sent, false);
		peer->sent++;
	}
	if (peer->sent == traffic->each)
		return;
	if (shard_is_backlogged(peer->shard)) {
		atomic_fetch_add(&traffic->waits, 1);
		shard_when_clear(peer->shard, &peer->waiter);
	} else {
		loop_at_turn_end(shard_loop(peer->shard), &peer->turn);
	}
}

static void
on_clear(struct shard_waiter *waiter)
{
	struct peer *peer =
	    (struct peer *)((char *)waiter - offsetof(struct peer, waiter));

	loop_at_turn_end(shard_loop(peer->shard), &peer->turn);
}

static void
start_traffic(void *arg, struct shard *shard)
{
	struct traffic *traffic = arg;
	struct peer *peer = &traffic->peers[shard_index(shard)];

	peer->traffic = traffic;
	peer->shard = shard;
	peer->turn.run = on_turn;
	peer->waiter.run = on_clear;
	loop_at_turn_end(shard_loop(shard), &peer->turn);
}

static void
run_traffic(struct traffic *traffic, size_t channel_parcels)
{
	struct node_fixture fixture;

	node_fixture_open(&fixture, config, traffic->count, channel_parcels);
	node_fixture_run(&fixture, start_traffic, traffic);
	node_fixture_close(&fixture);
	assert_int_equal(traffic->disorder, 0);
	assert_int_equal(traffic->discarded, 0);
	for (unsigned to = 0; to < traffic->count; to++)
		for (unsigned from = 0; from < traffic->count; from++) {
			struct peer *peer = &traffic->peers[to];

			assert_int_equal(peer->expected[from], traffic->each);
			assert_int_equal(peer->expected_back[from],
			    traffic->answered ? traffic->each : 0);
		}
}

static void
test_order_between_2(void **state)
{
	struct traffic traffic = { .count = 2, .each = 20000 };

	(void)state;
	run_traffic(&traffic, 0);
}

static void
test_order_between_7(void **state)
{
	struct traffic traffic = { .count = 7, .each = 3000 };

	(void)state;
	run_traffic(&traffic, 0);
}

/* Both sides are always out of credit, and answers add to the flood. */
static void
test_flooding_each_other(void **state)
{
	struct traffic traffic = {
		.count = 2, .each = 10000, .answered = true
	};

	(void)state;
	run_traffic(&traffic, TINY);
	assert_true(traffic.waits > 0);
}

static void
test_flooding_all_round(void **state)
{
	struct traffic traffic = { .count = 7, .each = 1000, .answered = true };

	(void)state;
	run_traffic(&traffic, 1);
	assert_true(traffic.waits > 0);
}

/* --- credit --- */

enum { CREDIT = 4, POSTED = 10, HEAVY = 9 * 1024 * 1024 };

struct credit {
	sem_t go; /* shard 1 is stuck until then */
	struct shard_waiter waiter, cancelled;
	struct shard *sender;
	size_t weight;
	unsigned posted;
	bool backlogged_early, backlogged_late;
	bool waited, waited_in_vain, ran_twice;
	_Atomic unsigned delivered, disorder;
};

struct note {
	struct parcel parcel;
	struct credit *credit;
	unsigned number;
};

static void
on_credit(struct shard_waiter *waiter)
{
	struct credit *credit =
	    (struct credit *)((char *)waiter - offsetof(struct credit, waiter));

	credit->ran_twice |= credit->waited;
	credit->waited = true;
	credit->waited_in_vain |= shard_is_backlogged(credit->sender);
}

static void
on_cancelled(struct shard_waiter *waiter)
{
	struct credit *credit =
	    (struct credit *)((char *)waiter -
			      offsetof(struct credit, cancelled));

	credit->waited_in_vain = true;
}

static void
deliver_end(struct shard *shard, struct parcel *parcel)
{
	free(parcel);
	node_stop(shard_node(shard));
}

static void
discard_note(struct parcel *parcel)
{
	free(parcel);
}

static void
deliver_note(struct shard *shard, struct parcel *parcel)
{
	struct note *note = (struct note *)parcel;
	struct credit *credit = note->credit;

	if (note->number == 0)
		while (sem_wait(&credit->go) != 0)
			;
	if (note->number != atomic_fetch_add(&credit->delivered, 1))
		atomic_fetch_add(&credit->disorder, 1);
	if (note->number + 1 < credit->posted) {
		free(note);
		return;
	}
	note->parcel.deliver = deliver_end;
	shard_post(shard, 0, &note->parcel);
}

static void
post_note(struct credit *credit)
{
	struct note *note = mem_alloc(1, sizeof(*note));

	note->parcel.deliver = deliver_note;
	note->parcel.discard = discard_note;
	note->parcel.weight = credit->weight;
	note->credit = credit;
	note->number = credit->posted++;
	shard_post(credit->sender, 1, &note->parcel);
}

static void
start_credit(void *arg, struct shard *shard)
{
	struct credit *credit = arg;
	unsigned credits = credit->weight >= HEAVY ? 1 : CREDIT;

	if (shard_index(shard) != 0)
		return;
	credit->sender = shard;
	for (unsigned i = 0; i < credits; i++)
		post_note(credit);
	credit->backlogged_early = shard_is_backlogged(shard);
	while (credit->posted < POSTED)
		post_note(credit);
	credit->backlogged_late = shard_is_backlogged(shard);
	shard_when_clear(shard, &credit->waiter);
	shard_when_clear(shard, &credit->cancelled);
	shard_when_clear(shard, &credit->waiter);
	shard_cancel_waiter(shard, &credit->cancelled);
	sem_post(&credit->go);
}

static void
check_credit(size_t weight)
{
	struct credit credit = { .waiter.run = on_credit,
		.cancelled.run = on_cancelled,
		.weight = weight };
	struct node_fixture fixture;

	sem_init(&credit.go, 0, 0);
	node_fixture_open(&fixture, config, 2, CREDIT);
	node_fixture_run(&fixture, start_credit, &credit);
	node_fixture_close(&fixture);
	sem_destroy(&credit.go);
	assert_false(credit.backlogged_early);
	assert_true(credit.backlogged_late);
	assert_int_equal(credit.delivered, POSTED);
	assert_int_equal(credit.disorder, 0);
	assert_true(credit.waited);
	assert_false(credit.ran_twice);
	assert_false(credit.waited_in_vain);
}

static void
test_credit_in_parcels(void **state)
{
	(void)state;
	check_credit(100);
}

/* One parcel may exceed the bytes; then there's no more until it is gone. */
static void
test_credit_in_bytes(void **state)
{
	(void)state;
	check_credit(HEAVY);
}

/* --- stopping --- */

enum { TRAVELLERS = 500, HOPS = 60 };

struct journey {
	_Atomic unsigned hops, arrived, discarded;
};

struct traveller {
	struct parcel parcel;
	struct journey *journey;
	unsigned left;
};

static void
discard_traveller(struct parcel *parcel)
{
	struct traveller *traveller = (struct traveller *)parcel;

	atomic_fetch_add(&traveller->journey->discarded, 1);
	free(traveller);
}

static void
deliver_traveller(struct shard *shard, struct parcel *parcel)
{
	struct traveller *traveller = (struct traveller *)parcel;
	unsigned count = node_shard_count(shard_node(shard));

	atomic_fetch_add(&traveller->journey->hops, 1);
	if (--traveller->left == 0) {
		atomic_fetch_add(&traveller->journey->arrived, 1);
		free(traveller);
		return;
	}
	/* Now and then to the same shard. */
	shard_post(shard,
	    traveller->left % 5 ? (shard_index(shard) + 1) % count
				: shard_index(shard),
	    parcel);
}

static void
start_journey(void *arg, struct shard *shard)
{
	unsigned count = node_shard_count(shard_node(shard));

	for (unsigned i = 0; shard_index(shard) == 0 && i < TRAVELLERS; i++) {
		struct traveller *traveller = mem_alloc(1, sizeof(*traveller));

		traveller->parcel.deliver = deliver_traveller;
		traveller->parcel.discard = discard_traveller;
		traveller->journey = arg;
		traveller->left = HOPS;
		shard_post(shard, i % count, &traveller->parcel);
	}
	if (shard_index(shard) == 0)
		node_stop(shard_node(shard));
}

static void
test_stop_delivers(void **state)
{
	struct journey journey = { 0 };
	struct node_fixture fixture;

	(void)state;
	node_fixture_open(&fixture, config, 3, TINY);
	node_fixture_run(&fixture, start_journey, &journey);
	node_fixture_close(&fixture);
	assert_int_equal(journey.discarded, 0);
	assert_int_equal(journey.arrived, TRAVELLERS);
	assert_int_equal(journey.hops, TRAVELLERS * HOPS);
}

/* What a node that never ran holds is discarded. */
static void
test_never_run(void **state)
{
	struct node_fixture fixture;

	(void)state;
	node_fixture_open(&fixture, config, 2, 0);
	node_fixture_close(&fixture);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_between_2),
		cmocka_unit_test(test_order_between_7),
		cmocka_unit_test(test_flooding_each_other),
		cmocka_unit_test(test_flooding_all_round),
		cmocka_unit_test(test_credit_in_parcels),
		cmocka_unit_test(test_credit_in_bytes),
		cmocka_unit_test(test_stop_delivers),
		cmocka_unit_test(test_never_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

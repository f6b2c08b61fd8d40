/*
 * Shards and what moves between them. See shard.h for the rules; credit is
 * counted in parcels and bytes for each direction, returned when delivered.
 */
#include "server/core/shard.h"
#include "server/core/core_private.h"

#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "server/net/conn.h"
#include "server/store/store.h"

enum { CHANNEL_BYTES = 8 * 1024 * 1024 };

static _Thread_local const struct shard *current;

void
shard_assert_current(const struct shard *shard)
{
	if (current != shard)
		abort();
}

struct loop *
shard_loop(struct shard *shard)
{
	return shard->loop;
}

struct net *
shard_net(struct shard *shard)
{
	return shard->net;
}

struct store *
shard_store(struct shard *shard)
{
	return shard->store;
}

struct node *
shard_node(struct shard *shard)
{
	return shard->node;
}

unsigned
shard_index(const struct shard *shard)
{
	return shard->index;
}

/* --- sending --- */

static struct channel *
channel_of(struct node *node, unsigned from, unsigned to)
{
	return &node->channels[from * node->count + to];
}

static bool
has_credit(const struct node *node, const struct channel *channel)
{
	return channel->in_flight < node->channel_parcels &&
	       channel->in_flight_bytes < CHANNEL_BYTES;
}

/* False where there's no credit; the receiver will then wake the sender. */
static bool
push(struct shard *from, unsigned to, struct parcel *parcel)
{
	struct channel *channel = channel_of(from->node, from->index, to);
	bool pushed, wake = false;

	pthread_mutex_lock(&channel->lock);
	pushed = has_credit(from->node, channel);
	if (pushed) {
		wake = channel->first == NULL;
		parcel->next = NULL;
		*channel->last = parcel;
		channel->last = &parcel->next;
		channel->in_flight++;
		channel->in_flight_bytes += parcel->weight;
	} else {
		channel->sender_waits = true;
	}
	pthread_mutex_unlock(&channel->lock);
	if (wake)
		wake_post(from->node->shards[to].wake);
	return pushed;
}

static void
park(struct shard *from, unsigned to, struct parcel *parcel)
{
	struct outbox *outbox = &from->outboxes[to];

	if (!outbox->first)
		from->outboxes_full++;
	parcel->next = NULL;
	*outbox->last = parcel;
	outbox->last = &parcel->next;
}

void
shard_post(struct shard *from, unsigned to, struct parcel *parcel)
{
	shard_assert_current(from);
	atomic_fetch_add(&from->node->work, 1);
	if (to == from->index) {
		parcel->next = NULL;
		*from->local_last = parcel;
		from->local_last = &parcel->next;
		loop_at_turn_end(from->loop, &from->local);
		return;
	}
	if (from->outboxes[to].first || !push(from, to, parcel))
		park(from, to, parcel);
}

bool
shard_is_backlogged(const struct shard *shard)
{
	return shard->outboxes_full > 0;
}

void
shard_when_clear(struct shard *shard, struct shard_waiter *waiter)
{
	if (waiter->queued)
		return;
	waiter->queued = true;
	waiter->next = shard->waiters;
	shard->waiters = waiter;
}

void
shard_cancel_waiter(struct shard *shard, struct shard_waiter *waiter)
{
	struct shard_waiter **at = &shard->waiters;

	if (!waiter->queued)
		return;
	while (*at != waiter)
		at = &(*at)->next;
	*at = waiter->next;
	waiter->queued = false;
}

static void
run_waiters(struct shard *shard)
{
	while (shard->waiters && !shard_is_backlogged(shard)) {
		struct shard_waiter *waiter = shard->waiters;

		shard->waiters = waiter->next;
		waiter->queued = false;
		waiter->run(waiter);
	}
}

static void
flush_outboxes(struct shard *shard)
{
	for (unsigned to = 0; to < shard->node->count; to++) {
		struct outbox *outbox = &shard->outboxes[to];

		if (!outbox->first)
			continue;
		while (outbox->first) {
			struct parcel *parcel = outbox->first;
			struct parcel *next = parcel->next;

			if (!push(shard, to, parcel))
				break;
			outbox->first = next;
		}
		if (!outbox->first) {
			outbox->last = &outbox->first;
			shard->outboxes_full--;
		}
	}
	run_waiters(shard);
}

/* --- receiving --- */

static void
deliver_list(struct shard *shard, struct parcel *parcel)
{
	while (parcel) {
		struct parcel *next = parcel->next;

		parcel->deliver(shard, parcel);
		atomic_fetch_sub(&shard->node->work, 1);
		parcel = next;
	}
}

static void
on_local(struct turn_end *work)
{
	struct shard *shard =
	    (struct shard *)((char *)work - offsetof(struct shard, local));
	struct parcel *first = shard->local_first;

	shard->local_first = NULL;
	shard->local_last = &shard->local_first;
	deliver_list(shard, first);
}

static void
receive(struct shard *shard, unsigned from)
{
	struct channel *channel = channel_of(shard->node, from, shard->index);
	struct parcel *first;
	size_t count, bytes;
	bool wake;

	pthread_mutex_lock(&channel->lock);
	first = channel->first;
	channel->first = NULL;
	channel->last = &channel->first;
	/* Everything in flight is in this list: one thread receives. */
	count = channel->in_flight;
	bytes = channel->in_flight_bytes;
	pthread_mutex_unlock(&channel->lock);
	if (!first)
		return;
	deliver_list(shard, first);
	pthread_mutex_lock(&channel->lock);
	channel->in_flight -= count;
	channel->in_flight_bytes -= bytes;
	wake = channel->sender_waits;
	channel->sender_waits = false;
	pthread_mutex_unlock(&channel->lock);
	if (wake)
		wake_post(shard->node->shards[from].wake);
}

static void
on_wake(void *arg)
{
	struct shard *shard = arg;

	flush_outboxes(shard);
	for (unsigned from = 0; from < shard->node->count; from++)
		if (from != shard->index)
			receive(shard, from);
	flush_outboxes(shard);
	if (atomic_load(&shard->node->stop_phase) == SHARD_ENDS) {
		timer_close(&shard->stop_timer);
		loop_stop(shard->loop);
	}
}

/* --- life --- */

void
shard_init(struct shard *shard, struct node *node, unsigned index)
{
	shard->index = index;
	shard->node = node;
	shard->loop = loop_create();
	shard->net = net_create(shard->loop);
	shard->store = store_open(node->backend, shard->loop);
	shard->wake = wake_open(shard->loop, on_wake, shard);
	shard->local.run = on_local;
	shard->local_last = &shard->local_first;
	shard->outboxes = mem_alloc(node->count, sizeof(struct outbox));
	for (unsigned i = 0; i < node->count; i++)
		shard->outboxes[i].last = &shard->outboxes[i].first;
}

static void
discard_list(struct parcel *parcel)
{
	while (parcel) {
		struct parcel *next = parcel->next;

		parcel->discard(parcel);
		parcel = next;
	}
}

void
shard_fini(struct shard *shard)
{
	discard_list(shard->local_first);
	for (unsigned i = 0; i < shard->node->count; i++)
		discard_list(shard->outboxes[i].first);
	for (unsigned i = 0; i < shard->node->count; i++)
		discard_list(channel_of(shard->node, i, shard->index)->first);
	/* Still open where the node never ran. */
	while (!store_close(&shard->store))
		loop_turn(shard->loop);
	wake_close(&shard->wake);
	loop_cancel_turn_end(shard->loop, &shard->local);
	net_destroy(&shard->net);
	loop_destroy(&shard->loop);
	map_fini(&shard->users);
	free(shard->slots);
	free(shard->outboxes);
}

void
shard_run(struct shard *shard)
{
	current = shard;
	shard->node->ports->start(shard->node->ports->arg, shard);
	loop_run(shard->loop);
	/* Helper threads first: what they end may want the store. */
	while (loop_has_offloads(shard->loop) || !store_close(&shard->store))
		loop_wait(shard->loop);
	current = NULL;
}

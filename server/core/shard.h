#ifndef CORE_SHARD_H
#define CORE_SHARD_H
/*
 * A shard: one thread, one loop, and all state of the bare JIDs that hash to
 * it. What crosses to another shard is a parcel. Between two shards there is
 * one first-in-first-out channel each way, bounded by credit; what exceeds
 * it waits in the sender's outbox, and the sender's sockets wait with it.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/str.h"

struct loop;
struct net;
struct node;
struct shard;
struct store;

/* Aborts unless the calling thread runs this shard; stays on in releases. */
void shard_assert_current(const struct shard *shard);
struct loop *shard_loop(struct shard *shard);
struct net *shard_net(struct shard *shard);
struct store *shard_store(struct shard *shard);
struct node *shard_node(struct shard *shard);
unsigned shard_index(const struct shard *shard);

/*
 * Something on its way to a shard. Member of whatever is sent; deliver runs on
 * the receiving shard and then owns it. weight: about the bytes it holds.
 */
struct parcel {
	struct parcel *next;
	void (*deliver)(struct shard *shard, struct parcel *parcel);
	void (*discard)(struct parcel *parcel); /* at shutdown */
	size_t weight;
};

/* Takes the parcel. Deliveries between the same two shards keep their order;
 * to the own shard too, and never before this turn's end. */
void shard_post(struct shard *from, unsigned to, struct parcel *parcel);

/* True while something of this shard waits for another's credit: what feeds
 * it should stop reading until told. */
bool shard_is_backlogged(const struct shard *shard);
/* run is called once, when the backlog is gone. Cancel before it dies. */
struct shard_waiter {
	struct shard_waiter *next;
	void (*run)(struct shard_waiter *waiter);
	bool queued;
};
void shard_when_clear(struct shard *shard, struct shard_waiter *waiter);
void shard_cancel_waiter(struct shard *shard, struct shard_waiter *waiter);

#endif

#ifndef SUPPORT_NODE_FIXTURE_H
#define SUPPORT_NODE_FIXTURE_H
/*
 * A real node for tests of the core: a configuration from text, a store in a
 * directory of its own, shards on threads, and no sockets.
 */
#include <stddef.h>

#include "server/core/node.h"

struct cfg;
struct shard;
struct store_backend;

struct node_fixture {
	struct node *node;
	struct cfg *cfg;
	struct store_backend *backend;
	char dir[64];
	/* Runs on each shard's thread before its loop. */
	void (*on_start)(void *arg, struct shard *shard);
	void *arg;
};

/* text: terms. channel_parcels 0: the default. Aborts on any trouble. */
void node_fixture_open(struct node_fixture *fixture, const char *text,
    unsigned shards, size_t channel_parcels);
/* node_run with ports that hold nothing; returns when it was stopped. */
void node_fixture_run(struct node_fixture *fixture,
    void (*on_start)(void *arg, struct shard *shard), void *arg);
/* Destroys everything and removes the directory. */
void node_fixture_close(struct node_fixture *fixture);

#endif

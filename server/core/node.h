#ifndef CORE_NODE_H
#define CORE_NODE_H
/*
 * The whole process: its configuration, virtual hosts and shards. Made before
 * the threads start, frozen afterwards.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/str.h"

struct buf;
struct cfg;
struct cfg_host;
struct node;
struct shard;
struct store_backend;

/* A virtual host as the server runs it. Frozen. */
struct vhost {
	const struct cfg_host *cfg;
	struct str name;
	const bool *modules; /* enabled, by place in module_table */
};

struct node_settings {
	const struct cfg *cfg; /* must outlive the node */
	const char *name;      /* "ejabberd@host" */
	unsigned shards;       /* 1 to 256 */
	struct store_backend *backend;
	/* Credit of each channel between two shards; 0: the default. */
	size_t channel_parcels;
};

/* What the ports do for the node; called on each shard's own thread. */
struct node_ports {
	void *arg;
	/* Start accepting. */
	void (*start)(void *arg, struct shard *shard);
	/* Read no more and accept no more. */
	void (*hold)(void *arg, struct shard *shard);
	/* End every stream with system-shutdown. */
	void (*close)(void *arg, struct shard *shard);
	/* True once none is left. */
	bool (*is_empty)(void *arg, struct shard *shard);
	/* Reads the certificates anew, or leaves all as they are (false); said
	 * is for the operator. On a helper thread, once at a time. NULL: there
	 * is nothing to read. */
	bool (*reload)(void *arg, struct buf *said);
};

/* Shards and hosts, nothing running yet. Copies the settings, not what they
 * point to. node_destroy it. */
struct node *node_create(const struct node_settings *settings);
/* Runs shard 0 on this thread and the others on threads of their own, until
 * node_stop has been carried out. */
void node_run(struct node *node, const struct node_ports *ports);
/* Ends node_run gracefully: what was accepted is delivered, written and
 * committed, then streams end. On shard 0's thread. */
void node_stop(struct node *node);
/* True from node_stop on: long work begins nothing new. Any thread. */
bool node_is_stopping(const struct node *node);
/* After node_run. */
void node_destroy(struct node **node);

/* What it was made with; from any thread. */
const struct cfg *node_cfg(const struct node *node);
const char *node_name(const struct node *node);
unsigned node_shard_count(const struct node *node);
struct shard *node_shard(struct node *node, unsigned index);
/* The home of a bare JID. */
unsigned node_home(const struct node *node, struct str bare);
/* NULL where the domain isn't ours. */
const struct vhost *node_host(const struct node *node, struct str domain);
/* All of them, in the configuration's order. */
const struct vhost *node_hosts(const struct node *node, size_t *count);
/* Has the ports reload, and calls on_done once, later or before this returns,
 * on shard 0's thread, which is the caller's too. said is valid during it. */
void node_reload(struct node *node,
    void (*on_done)(void *arg, bool done, struct str said), void *arg);
/* Work that has to end before the node may (a slow job of a module). Any
 * thread. */
void node_work_begins(struct node *node);
void node_work_ends(struct node *node);

#endif

/*
 * The node: hosts, shards, and the order in which everything stops. Stopping
 * has two phases, so that nothing accepted gets lost: first all sockets are
 * held and what is under way comes to rest, then streams are closed.
 */
#include "server/core/node.h"
#include "server/core/core_private.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cfgparse/base/hash.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/cfg.h"
#include "server/base/log.h"

enum {
	CHANNEL_PARCELS = 1024,
	STOP_TICK_MS = 10,
	REST_TICKS = 300,  /* 3 s for what is under way to come to rest */
	CLOSE_TICKS = 600, /* 6 s for clients to read their last words */
};

static void
init_host(struct vhost *host, const struct cfg_host *cfg)
{
	bool *enabled = mem_alloc(module_count(), sizeof(bool));

	host->cfg = cfg;
	host->name = str_of(cfg->name);
	for (size_t i = 0; i < module_count(); i++)
		enabled[i] = cfg_module(cfg, module_table[i]->name) != NULL;
	host->modules = enabled;
}

struct node *
node_create(const struct node_settings *settings)
{
	struct node *node = mem_alloc(1, sizeof(*node));
	unsigned count = settings->shards;

	node->cfg = settings->cfg;
	node->name = settings->name;
	node->backend = settings->backend;
	node->count = count;
	node->channel_parcels = settings->channel_parcels
				    ? settings->channel_parcels
				    : CHANNEL_PARCELS;
	node->host_count = settings->cfg->host_count;
	node->hosts = mem_alloc(node->host_count, sizeof(struct vhost));
	for (size_t i = 0; i < node->host_count; i++) {
		init_host(&node->hosts[i], &settings->cfg->hosts[i]);
		map_put(
		    &node->hosts_by_name, node->hosts[i].name, &node->hosts[i]);
	}
	node->channels =
	    mem_alloc((size_t)count * count, sizeof(struct channel));
	for (size_t i = 0; i < (size_t)count * count; i++) {
		pthread_mutex_init(&node->channels[i].lock, NULL);
		node->channels[i].last = &node->channels[i].first;
	}
	node->shards = mem_alloc(count, sizeof(struct shard));
	for (unsigned i = 0; i < count; i++)
		shard_init(&node->shards[i], node, i);
	return node;
}

static void *
run_thread(void *arg)
{
	shard_run(arg);
	return NULL;
}

void
node_run(struct node *node, const struct node_ports *ports)
{
	sigset_t all, before;

	node->ports = ports;
	/* Signals belong to shard 0. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (unsigned i = 1; i < node->count; i++)
		if (pthread_create(&node->shards[i].thread, NULL, run_thread,
			&node->shards[i]) != 0)
			abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	shard_run(&node->shards[0]);
	for (unsigned i = 1; i < node->count; i++)
		pthread_join(node->shards[i].thread, NULL);
}

/* --- stopping --- */

/* Carries a stop phase to one shard. */
struct stop_parcel {
	struct parcel parcel;
	int phase;
};

static void
on_shard_tick(void *arg)
{
	struct shard *shard = arg;
	struct node *node = shard->node;

	if (!node->ports->is_empty(node->ports->arg, shard)) {
		timer_set(shard->stop_timer, STOP_TICK_MS);
		return;
	}
	timer_close(&shard->stop_timer);
	atomic_fetch_add(&node->closed, 1);
}

static void
deliver_stop(struct shard *shard, struct parcel *parcel)
{
	struct node *node = shard->node;
	int phase = ((struct stop_parcel *)parcel)->phase;

	free(parcel);
	switch (phase) {
	case SHARD_HOLDS: node->ports->hold(node->ports->arg, shard); break;
	case SHARD_CLOSES:
		node->ports->close(node->ports->arg, shard);
		shard->stop_timer =
		    timer_open(shard->loop, on_shard_tick, shard);
		timer_set(shard->stop_timer, 0);
		break;
	default: abort();
	}
}

static void
discard_stop(struct parcel *parcel)
{
	free(parcel);
}

static void
post_phase(struct node *node, int phase)
{
	node->stop_ticks = 0;
	atomic_store(&node->stop_phase, phase);
	for (unsigned i = 0; i < node->count; i++) {
		struct stop_parcel *stop = mem_alloc(1, sizeof(*stop));

		stop->parcel.deliver = deliver_stop;
		stop->parcel.discard = discard_stop;
		stop->phase = phase;
		shard_post(&node->shards[0], i, &stop->parcel);
	}
}

/* Not by parcel: a shard that gives no credit back has to end, too. */
static void
end_shards(struct node *node)
{
	atomic_store(&node->stop_phase, SHARD_ENDS);
	for (unsigned i = 0; i < node->count; i++)
		wake_post(node->shards[i].wake);
}

static void
on_stop_tick(void *arg)
{
	struct node *node = arg;
	bool rests = atomic_load(&node->work) == 0;
	bool closed = atomic_load(&node->closed) == node->count;

	node->stop_ticks++;
	if (atomic_load(&node->stop_phase) == SHARD_HOLDS &&
	    (rests || node->stop_ticks >= REST_TICKS))
		post_phase(node, SHARD_CLOSES);
	else if (atomic_load(&node->stop_phase) == SHARD_CLOSES &&
		 ((closed && rests) || node->stop_ticks >= CLOSE_TICKS)) {
		timer_close(&node->stop_timer);
		end_shards(node);
		return;
	}
	timer_set(node->stop_timer, STOP_TICK_MS);
}

void
node_stop(struct node *node)
{
	shard_assert_current(&node->shards[0]);
	if (node->stop_timer || atomic_load(&node->stop_phase))
		return;
	log_info("stopping: %s", node->name);
	node->stop_timer = timer_open(node->shards[0].loop, on_stop_tick, node);
	timer_set(node->stop_timer, 0);
	post_phase(node, SHARD_HOLDS);
}

bool
node_is_stopping(const struct node *node)
{
	return atomic_load(&node->stop_phase) != SHARD_RUNS;
}

void
node_destroy(struct node **node)
{
	struct node *gone = *node;

	if (!gone)
		return;
	*node = NULL;
	for (unsigned i = 0; i < gone->count; i++)
		shard_fini(&gone->shards[i]);
	for (size_t i = 0; i < (size_t)gone->count * gone->count; i++)
		pthread_mutex_destroy(&gone->channels[i].lock);
	for (size_t i = 0; i < gone->host_count; i++)
		free((void *)gone->hosts[i].modules);
	free(gone->hosts);
	map_fini(&gone->hosts_by_name);
	free(gone->channels);
	free(gone->shards);
	free(gone);
}

/* --- asking --- */

const struct cfg *
node_cfg(const struct node *node)
{
	return node->cfg;
}

const char *
node_name(const struct node *node)
{
	return node->name;
}

unsigned
node_shard_count(const struct node *node)
{
	return node->count;
}

struct shard *
node_shard(struct node *node, unsigned index)
{
	return &node->shards[index];
}

unsigned
node_home(const struct node *node, struct str bare)
{
	return (unsigned)(hash_bytes(bare.ptr, bare.len) % node->count);
}

const struct vhost *
node_host(const struct node *node, struct str domain)
{
	return map_get(&node->hosts_by_name, domain);
}

const struct vhost *
node_hosts(const struct node *node, size_t *count)
{
	*count = node->host_count;
	return node->hosts;
}

void
node_work_begins(struct node *node)
{
	atomic_fetch_add(&node->work, 1);
}

void
node_work_ends(struct node *node)
{
	atomic_fetch_sub(&node->work, 1);
}

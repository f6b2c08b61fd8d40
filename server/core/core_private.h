#ifndef CORE_PRIVATE_H
#define CORE_PRIVATE_H
/* What the files of this room share; included inside core/ only. */
#include <pthread.h>
#include <stdatomic.h>

#include "cfgparse/base/map.h"
#include "server/core/module.h"
#include "server/core/node.h"
#include "server/core/session.h"
#include "server/core/shard.h"
#include "server/loop/loop.h"

/* How far stopping has come. */
enum stop_phase { SHARD_RUNS, SHARD_HOLDS, SHARD_CLOSES, SHARD_ENDS };

/* One direction between two shards. */
struct channel {
	pthread_mutex_t lock;
	struct parcel *first, **last;
	size_t in_flight; /* pushed and not yet delivered */
	size_t in_flight_bytes;
	bool sender_waits;
};

/* Parcels of the sending shard that found no credit. */
struct outbox {
	struct parcel *first, **last;
};

struct shard {
	unsigned index;
	struct node *node;
	struct loop *loop;
	struct net *net;
	struct store *store;
	struct wake *wake;
	pthread_t thread;
	struct map users; /* bare JID -> struct user */
	struct session **slots;
	uint32_t slot_count;
	uint32_t next_generation;
	/* To itself. */
	struct turn_end local;
	struct parcel *local_first, **local_last;
	/* To the others. */
	struct outbox *outboxes; /* by shard */
	unsigned outboxes_full;
	struct shard_waiter *waiters;
	/* Stopping. */
	struct timer *stop_timer;
};

struct node {
	const struct cfg *cfg;
	const char *name;
	unsigned count;
	struct shard *shards;
	struct channel *channels; /* [from * count + to] */
	size_t channel_parcels;
	struct vhost *hosts;
	size_t host_count;
	struct map hosts_by_name;
	struct store_backend *backend;
	const struct node_ports *ports;
	bool reloading; /* shard 0's */
	/* Parcels under way and tasks that wait, of all shards. */
	_Atomic size_t work;
	_Atomic int stop_phase;
	_Atomic unsigned closed; /* shards whose streams have ended */
	struct timer *stop_timer;
	unsigned stop_ticks;
};

enum {
	USER_QUEUE_HOLD = 32,
	USER_QUEUE_MAX = 2048,
	USER_QUEUE_BYTES = 8 * 1024 * 1024,
};

/* An account with sessions here or a stanza under way: an actor. */
struct user {
	struct jid bare;
	const struct vhost *host;
	struct session *sessions; /* newest first */
	struct task *waiting;	  /* kept by a handler */
	struct task *queue, **queue_last;
	size_t queued;
	size_t queued_bytes;
	bool holding; /* its clients are told to wait */
	bool running; /* a task is on the stack */
};

struct session {
	struct session *next; /* of the user */
	struct session_ref ref;
	struct user *user;
	struct jid full;
	struct endpoint *endpoint;
	struct stanza *presence; /* NULL while unavailable */
	int priority;
	struct map directed; /* full or bare JIDs that got directed presence */
	uint64_t serial;     /* order of opening */
	unsigned marks;	     /* enum session_mark, or-ed */
};

/* shard.c */
void shard_init(struct shard *shard, struct node *node, unsigned index);
void shard_fini(struct shard *shard);
void shard_run(struct shard *shard);

/* user.c */
/* The user of a bare JID, made where it isn't there. */
struct user *user_obtain(
    struct shard *shard, struct jid bare, const struct vhost *host);
struct user *user_find(struct shard *shard, struct str bare);
/* Frees it where nothing needs it. */
void user_release(struct shard *shard, struct user *user);
/* A session was opened: it waits where the user's others do. */
void user_admit(struct session *session);
/* The account is gone: what its clients sent and nobody began is dropped. */
void user_drop_sent(struct shard *shard, struct user *user);
/* Gives the actor a stanza (taken): now, or when earlier ones are done. */
void user_handle(struct shard *shard, struct user *user, bool from_session,
    struct session_ref origin, struct stanza **stanza);

/* session.c */
struct session *session_find(struct shard *shard, struct session_ref ref);
void session_send(struct session *session, const struct stanza *stanza);
/* Withdraws presence and takes the session out of the tables. */
void session_end(struct shard *shard, struct session *session);

/* presence.c */
/* Presence without `to` from a session; taken. */
void presence_broadcast(struct task *task, struct session *session);
/* Presence with `to` from a session: remembered and routed. */
void presence_direct(struct task *task, struct session *session);
/* The session ends: unavailable to whoever saw it. */
void presence_withdraw(struct shard *shard, struct session *session);

/* outbound.c, inbound.c: what a task does; true verdict rules apply. */
enum verdict outbound_run(struct task *task);
enum verdict inbound_run(struct task *task);
/* Answers an iq get/set by the modules' tables, or service-unavailable. */
enum verdict iq_dispatch(struct task *task, unsigned target);

#endif

#ifndef PORTS_C2S_PRIVATE_H
#define PORTS_C2S_PRIVATE_H
/* What c2s.c and c2s_service.c share. */
#include "cfgparse/cfg.h"
#include "server/core/module.h"
#include "server/core/shard.h"
#include "server/loop/loop.h"
#include "server/stream/stream.h"

/* One entry of {listen, [...]}. Frozen. */
struct c2s_listener {
	const struct cfg_listener *cfg;
	struct stream_settings settings;
	struct tls_context *tls;
	int *fds; /* by shard; -1 once a shard has taken it */
};

/* What one shard has of the service. */
struct c2s_shard {
	struct c2s_service *service;
	struct shard *shard;
	struct c2s_acceptor *acceptors; /* by listener */
	struct c2s *connections;
	struct timer *sweep;
	enum { C2S_OPEN, C2S_HELD, C2S_CLOSED } phase;
};

/* One listener on one shard. */
struct c2s_acceptor {
	struct c2s_shard *home;
	const struct c2s_listener *listener;
	struct listener *socket;
};

struct c2s_service {
	const struct cfg *cfg;
	struct c2s_listener *listeners;
	size_t listener_count;
	struct c2s_shard *shards;
	unsigned shard_count;
};

/* A client's connection; lives on one shard at a time. */
struct c2s {
	struct endpoint endpoint; /* must stay first */
	struct c2s *next, **link; /* in its shard's list */
	struct c2s_shard *home;
	const struct c2s_listener *listener;
	struct stream *stream;
	const struct vhost *host;
	struct jid account; /* after login; memory of its own */
	struct session_ref session;
	unsigned pending; /* callbacks that will come */
	bool ended;	  /* the stream is gone */
	bool late;	  /* arrived while the server was closing */
	struct turn_end move;
	struct shard_waiter backlog;
	struct parcel parcel;
	/* Shaper: bytes that may come in now. */
	int64_t rate;
	int64_t allowance;
	uint64_t allowance_at;
	struct timer *shaper;
};

void c2s_accept(void *acceptor, int fd);
/* Gives quiet connections' memory back. */
void c2s_sweep(struct c2s_shard *home);
/* Reads no more. */
void c2s_hold(struct c2s *c2s);
/* system-shutdown. */
void c2s_shut(struct c2s *c2s);

#endif

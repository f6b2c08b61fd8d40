#ifndef CORE_SESSION_H
#define CORE_SESSION_H
/*
 * Sessions: bound resources of a user, on the home shard of the bare JID.
 * Nobody keeps a session pointer across a wait: keep the ref, which goes
 * stale safely.
 */
#include <stdbool.h>
#include <stdint.h>

#include "server/core/endpoint.h"

struct shard;
struct stanza;

struct session_ref {
	uint32_t slot;
	uint32_t generation; /* 0: none */
};

enum session_opened {
	SESSION_OPENED,
	SESSION_CONFLICT, /* resource_conflict closenew */
	SESSION_BAD_RESOURCE,
	SESSION_NOT_ALLOWED, /* the listener's access rule */
};

/* Who may come in: the access rule, and the address that asks (or NULL). */
struct session_door {
	const char *access;
	const struct sockaddr *address;
};

/*
 * Binds a resource ("" for any) for the bare JID, by the host's
 * resource_conflict policy and max_user_sessions. *full lives as long as the
 * session. The endpoint must outlive it.
 */
enum session_opened session_open(struct shard *shard, struct jid bare,
    struct str resource, const struct session_door *door,
    struct endpoint *endpoint, struct session_ref *ref, struct jid *full);
/* The stream has ended: the session goes, presence is withdrawn. A stale ref
 * is fine. */
void session_close(struct shard *shard, struct session_ref ref);
/* A stanza from the session's client, from already set; taken. */
void session_receive(
    struct shard *shard, struct session_ref ref, struct stanza **stanza);

/* What a session has asked to be told about. */
enum session_mark {
	SESSION_ROSTER = 1, /* it got the roster: RFC 6121 2.1.6 */
};
/* Marks the session for as long as it lives. A stale ref is fine. */
void session_mark(
    struct shard *shard, struct session_ref ref, enum session_mark mark);
/* Sends a copy of the stanza to every marked session of a bare JID that lives
 * on this shard, behind all that was routed there before. */
void sessions_send_marked(struct shard *shard, struct str bare,
    enum session_mark mark, const struct stanza *stanza);

/* Ends every session of a bare JID that lives on this shard, with what they
 * sent and nobody began: the account is gone. */
void sessions_fail(struct shard *shard, struct str bare,
    enum stream_error error, const char *text);
/* How many there are on this shard; domain "" for all. */
size_t sessions_count(struct shard *shard, struct str domain);
/* Calls each for every session on this shard. */
typedef void session_each_fn(void *arg, struct jid full, const char *peer);
void sessions_each(struct shard *shard, session_each_fn *each, void *arg);

#endif

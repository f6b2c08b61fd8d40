/*
 * The table of sessions of a shard, and binding with its policies: conflicts
 * (RFC 6120 7.7.2.2), the c2s access rule, max_user_sessions.
 */
#include "server/core/session.h"
#include "server/core/core_private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/cfg.h"
#include "server/core/router.h"

enum { FIRST_SLOTS = 64, RANDOM_BYTES = 8, RANDOM_TEXT = 2 * RANDOM_BYTES };

static uint32_t
free_slot(struct shard *shard)
{
	uint32_t old = shard->slot_count;

	for (uint32_t i = 0; i < old; i++) {
		uint32_t slot = (shard->next_generation + i) % old;

		if (!shard->slots[slot])
			return slot;
	}
	shard->slot_count = old ? old * 2 : FIRST_SLOTS;
	shard->slots =
	    mem_grow(shard->slots, shard->slot_count, sizeof(struct session *));
	for (uint32_t i = old; i < shard->slot_count; i++)
		shard->slots[i] = NULL;
	return old;
}

static void
enter(struct shard *shard, struct session *session)
{
	uint32_t slot = free_slot(shard);

	if (++shard->next_generation == 0)
		shard->next_generation = 1;
	session->ref = (struct session_ref){ slot, shard->next_generation };
	shard->slots[slot] = session;
}

struct session *
session_find(struct shard *shard, struct session_ref ref)
{
	struct session *session;

	shard_assert_current(shard);
	if (ref.generation == 0 || ref.slot >= shard->slot_count)
		return NULL;
	session = shard->slots[ref.slot];
	return session && session->ref.generation == ref.generation ? session
								    : NULL;
}

void
session_send(struct session *session, const struct stanza *stanza)
{
	session->endpoint->ops->send(session->endpoint, stanza);
}

void
session_end(struct shard *shard, struct session *session)
{
	struct user *user = session->user;
	struct session **at = &user->sessions;

	while (*at != session)
		at = &(*at)->next;
	*at = session->next;
	shard->slots[session->ref.slot] = NULL;
	presence_withdraw(shard, session);
	map_fini(&session->directed);
	free((void *)session->full.text);
	free(session);
	user_release(shard, user);
}

static void
fail_session(struct shard *shard, struct session *session,
    enum stream_error error, const char *text)
{
	struct endpoint *endpoint = session->endpoint;

	session_end(shard, session);
	endpoint->ops->fail(endpoint, error, text);
}

/* --- opening --- */

static struct session *
find_resource(struct user *user, struct str resource)
{
	struct session *session = user->sessions;

	while (session && !str_eq(jid_resource(session->full), resource))
		session = session->next;
	return session;
}

static void
random_resource(char out[RANDOM_TEXT + 1])
{
	unsigned char bytes[RANDOM_BYTES];

	if (getentropy(bytes, sizeof(bytes)) != 0)
		abort();
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* The full JID to bind, in memory of its own. */
static bool
choose_full(struct jid bare, struct str resource, struct jid *full)
{
	struct arena scratch = { 0 };
	char random[RANDOM_TEXT + 1];
	bool fine;

	if (!resource.len) {
		random_resource(random);
		resource = str_of(random);
	}
	fine = jid_make(
	    &scratch, jid_local(bare), jid_domain(bare), resource, full);
	if (fine) {
		struct str text = jid_full(*full);

		full->text = mem_strndup(text.ptr, text.len);
	}
	arena_fini(&scratch);
	return fine;
}

static long
session_limit(struct shard *shard, const struct vhost *host, struct jid bare)
{
	struct cfg_subject subject = {
		.user = jid_local(bare),
		.server = jid_domain(bare),
	};
	const char *text = cfg_choice(
	    node_cfg(shard->node), host->cfg, "max_user_sessions", &subject);
	char *end;
	long limit = text ? strtol(text, &end, 10) : 0;

	return text && end != text && *end == '\0' && limit > 0 ? limit
								: LONG_MAX;
}

/* The oldest session makes room for a new one, as in ejabberd. */
static void
make_room(struct shard *shard, struct user *user)
{
	long limit = session_limit(shard, user->host, user->bare);
	struct session *oldest = user->sessions;
	long count = 0;

	for (struct session *s = user->sessions; s; s = s->next) {
		count++;
		if (s->serial < oldest->serial)
			oldest = s;
	}
	if (count >= limit)
		fail_session(shard, oldest, STREAM_CONFLICT,
		    "replaced by a newer session: max_user_sessions");
}

/* Lets the host's policy decide about a resource that is in use; false where
 * the new one has to go. */
static bool
settle_conflict(struct shard *shard, struct user *user, struct jid *full)
{
	struct session *old = find_resource(user, jid_resource(*full));
	const struct cfg_host *policy = user->host->cfg;
	struct jid fresh;

	if (!old)
		return true;
	if (policy->resource_conflict_closenew)
		return false;
	if (policy->resource_conflict_setresource) {
		if (!choose_full(user->bare, (struct str){ 0 }, &fresh))
			return false;
		free((void *)full->text);
		*full = fresh;
		return true;
	}
	fail_session(shard, old, STREAM_CONFLICT, "replaced by a new session");
	return true;
}

static bool
is_admitted(struct shard *shard, const struct vhost *host,
    const struct session_door *door, struct jid full)
{
	struct cfg_subject subject = {
		.user = jid_local(full),
		.server = jid_domain(full),
		.resource = jid_resource(full),
		.address = door->address,
	};

	return cfg_allowed(
	    node_cfg(shard->node), host->cfg, door->access, &subject);
}

static struct session *
add_session(struct shard *shard, struct user *user, struct jid full,
    struct endpoint *endpoint)
{
	static _Atomic uint64_t serial;
	struct session *session = mem_alloc(1, sizeof(*session));

	session->user = user;
	session->full = full;
	session->endpoint = endpoint;
	session->serial = atomic_fetch_add(&serial, 1);
	session->next = user->sessions;
	user->sessions = session;
	enter(shard, session);
	user_admit(session);
	return session;
}

enum session_opened
session_open(struct shard *shard, struct jid bare, struct str resource,
    const struct session_door *door, struct endpoint *endpoint,
    struct session_ref *ref, struct jid *full)
{
	const struct vhost *host = node_host(shard->node, jid_domain(bare));
	struct user *user;

	shard_assert_current(shard);
	if (node_home(shard->node, jid_bare(bare)) != shard->index)
		abort(); /* its state would be another thread's */
	if (!host || !choose_full(bare, resource, full))
		return SESSION_BAD_RESOURCE;
	if (!is_admitted(shard, host, door, *full)) {
		free((void *)full->text);
		return SESSION_NOT_ALLOWED;
	}
	user = user_obtain(shard, bare, host);
	user->running = true; /* keeps it while sessions come and go */
	if (!settle_conflict(shard, user, full)) {
		user->running = false;
		free((void *)full->text);
		user_release(shard, user);
		return SESSION_CONFLICT;
	}
	make_room(shard, user);
	user->running = false;
	*ref = add_session(shard, user, *full, endpoint)->ref;
	return SESSION_OPENED;
}

/* --- the rest --- */

void
session_close(struct shard *shard, struct session_ref ref)
{
	struct session *session = session_find(shard, ref);

	if (session)
		session_end(shard, session);
}

void
session_receive(
    struct shard *shard, struct session_ref ref, struct stanza **stanza)
{
	struct session *session = session_find(shard, ref);

	if (session)
		user_handle(shard, session->user, true, ref, stanza);
	else
		stanza_drop(stanza);
}

void
session_mark(
    struct shard *shard, struct session_ref ref, enum session_mark mark)
{
	struct session *session = session_find(shard, ref);

	if (session)
		session->marks |= mark;
}

void
sessions_send_marked(struct shard *shard, struct str bare,
    enum session_mark mark, const struct stanza *stanza)
{
	struct user *user = user_find(shard, bare);
	struct session *session = user ? user->sessions : NULL;

	shard_assert_current(shard);
	for (; session; session = session->next) {
		struct stanza *copy;

		if (!(session->marks & mark))
			continue;
		copy = stanza_copy(stanza);
		stanza_set_to(copy, session->full);
		/* Not straight to the endpoint: an older answer may still be
		 * on its way there. */
		router_route(shard, &copy);
	}
}

void
sessions_fail(struct shard *shard, struct str bare, enum stream_error error,
    const char *text)
{
	struct user *user = user_find(shard, bare);

	/* Whoever takes the name next must not get what these still ask. */
	if (user)
		user_drop_sent(shard, user);
	while (user && user->sessions) {
		fail_session(shard, user->sessions, error, text);
		user = user_find(shard, bare);
	}
}

size_t
sessions_count(struct shard *shard, struct str domain)
{
	size_t count = 0;

	shard_assert_current(shard);
	for (uint32_t i = 0; i < shard->slot_count; i++)
		if (shard->slots[i] &&
		    (!domain.len ||
			str_eq(jid_domain(shard->slots[i]->full), domain)))
			count++;
	return count;
}

void
sessions_each(struct shard *shard, session_each_fn *each, void *arg)
{
	shard_assert_current(shard);
	for (uint32_t i = 0; i < shard->slot_count; i++) {
		struct session *session = shard->slots[i];

		if (session)
			each(arg, session->full,
			    session->endpoint->ops->peer(session->endpoint));
	}
}

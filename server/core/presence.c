/*
 * Presence between the resources of one account, and directed presence (RFC
 * 6121 sections 4.2, 4.4, 4.5 and 4.6). Subscriptions come with a later issue:
 * requests for them are refused in outbound.c and inbound.c.
 */
#include <limits.h>
#include <stdlib.h>

#include "server/core/core_private.h"
#include "server/core/router.h"

enum { DIRECTED_MAX = 1000 };

/* RFC 6121 4.7.2.3: -128 to 127. False where it is anything else. */
static bool
read_priority(struct stanza *presence, int *priority)
{
	struct xml_node *node =
	    xml_child(presence->tree->root, NS_CLIENT, "priority");
	struct str text;
	char digits[8], *end;
	long value;

	*priority = 0;
	if (!node)
		return true;
	text = xml_text(stanza_arena(presence), node);
	if (text.len == 0 || text.len >= sizeof(digits))
		return false;
	memcpy(digits, text.ptr, text.len);
	digits[text.len] = '\0';
	value = strtol(digits, &end, 10);
	if (*end != '\0' || value < -128 || value > 127)
		return false;
	*priority = (int)value;
	return true;
}

static void
send_to_available(struct user *user, const struct stanza *presence)
{
	struct wire *wire = wire_of(presence, NS_CLIENT);

	for (struct session *s = user->sessions; s; s = s->next)
		if (s->presence)
			s->endpoint->ops->send_wire(s->endpoint, wire, s->full);
	wire_drop(&wire);
}

/* A newly available resource learns of the others. */
static void
send_others(struct user *user, struct session *fresh)
{
	for (struct session *s = user->sessions; s; s = s->next) {
		struct wire *wire;

		if (s == fresh || !s->presence)
			continue;
		wire = wire_of(s->presence, NS_CLIENT);
		fresh->endpoint->ops->send_wire(
		    fresh->endpoint, wire, fresh->full);
		wire_drop(&wire);
	}
}

/* Tells those who got directed presence, and forgets them. */
static void
withdraw_directed(struct shard *shard, struct session *session)
{
	struct map_walk walk = { 0 };
	struct str key;
	void *value;

	while (map_next(&session->directed, &walk, &key, &value)) {
		struct arena scratch = { 0 };
		struct stanza *gone;
		struct jid to;

		if (jid_parse(&scratch, key, &to)) {
			gone = stanza_new(STANZA_PRESENCE, TYPE_UNAVAILABLE,
			    session->full, to, (struct str){ 0 });
			router_route(shard, &gone);
		}
		arena_fini(&scratch);
	}
	map_fini(&session->directed);
}

static void
become_available(
    struct user *user, struct session *session, struct stanza **presence)
{
	bool initial = session->presence == NULL;

	stanza_drop(&session->presence);
	session->presence = *presence;
	*presence = NULL;
	send_to_available(user, session->presence);
	if (initial)
		send_others(user, session);
}

void
presence_broadcast(struct task *task, struct session *session)
{
	struct stanza *presence = task->stanza;
	int priority;

	switch (presence->type) {
	case TYPE_NONE:
		if (!read_priority(presence, &priority)) {
			task_error(task, ERROR_BAD_REQUEST,
			    "priority is a number from -128 to 127");
			return;
		}
		session->priority = priority;
		become_available(task->user, session, &task->stanza);
		return;
	case TYPE_UNAVAILABLE:
		send_to_available(task->user, presence);
		stanza_drop(&session->presence);
		withdraw_directed(task->shard, session);
		return;
	case TYPE_ERROR: return;
	default: task_error(task, ERROR_BAD_REQUEST, NULL); return;
	}
}

void
presence_direct(struct task *task, struct session *session)
{
	struct str to = jid_full(task->stanza->to);

	if (task->stanza->type == TYPE_UNAVAILABLE)
		map_remove(&session->directed, to);
	else if (task->stanza->type == TYPE_NONE &&
		 map_get(&session->directed, to) == NULL) {
		if (map_count(&session->directed) >= DIRECTED_MAX) {
			task_error(task, ERROR_RESOURCE_CONSTRAINT,
			    "too much directed presence");
			return;
		}
		map_put(&session->directed, to, session);
	}
	router_route(task->shard, &task->stanza);
}

void
presence_withdraw(struct shard *shard, struct session *session)
{
	if (session->presence) {
		struct stanza *gone =
		    stanza_new(STANZA_PRESENCE, TYPE_UNAVAILABLE, session->full,
			(struct jid){ 0 }, (struct str){ 0 });

		stanza_drop(&session->presence);
		send_to_available(session->user, gone);
		stanza_drop(&gone);
	}
	withdraw_directed(shard, session);
}

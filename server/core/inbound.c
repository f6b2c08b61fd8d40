/*
 * What arrives for a user (RFC 6121 section 8.5): to a resource, to the most
 * available ones, to the account itself, or back as an error.
 */
#include "server/core/core_private.h"
#include "server/core/router.h"

static struct session *
matching_session(const struct task *task)
{
	struct str resource = jid_resource(task->stanza->to);

	for (struct session *s = task->user->sessions; s; s = s->next)
		if (str_eq(jid_resource(s->full), resource))
			return s;
	return NULL;
}

static void
unavailable(struct task *task)
{
	task_error(task, ERROR_SERVICE_UNAVAILABLE, NULL);
}

/* Sends to every available session of at least that priority; how many. */
static size_t
fan_out(struct task *task, int least)
{
	struct wire *wire = NULL;
	size_t sent = 0;

	for (struct session *s = task->user->sessions; s; s = s->next) {
		if (!s->presence || s->priority < least)
			continue;
		if (!wire)
			wire = wire_of(task->stanza, NS_CLIENT);
		s->endpoint->ops->send_wire(
		    s->endpoint, wire, (struct jid){ 0 });
		sent++;
	}
	wire_drop(&wire);
	return sent;
}

/* The highest priority of an available session, or -1 where all are
 * negative. */
static int
top_priority(const struct user *user)
{
	int top = -1;

	for (const struct session *s = user->sessions; s; s = s->next)
		if (s->presence && s->priority > top)
			top = s->priority;
	return top;
}

static void
message_to_account(struct task *task)
{
	int top = top_priority(task->user);

	switch (task->stanza->type) {
	case TYPE_ERROR: return;
	case TYPE_GROUPCHAT: unavailable(task); return;
	case TYPE_HEADLINE: fan_out(task, 0); return;
	default:
		if (top < 0 || fan_out(task, top) == 0)
			unavailable(task);
		return;
	}
}

static void
handle_message(struct task *task)
{
	enum stanza_type type = task->stanza->type;

	if (task->stanza->to.resource_len && type == TYPE_GROUPCHAT)
		unavailable(task);
	else if (task->stanza->to.resource_len && type == TYPE_HEADLINE)
		return; /* RFC 6121 8.5.3.2.1: nobody is told */
	else
		message_to_account(task);
}

static void
handle_presence(struct task *task)
{
	switch (task->stanza->type) {
	case TYPE_NONE:
	case TYPE_UNAVAILABLE:
		if (!task->stanza->to.resource_len)
			fan_out(task, -128);
		return;
	default: return;
	}
}

enum verdict
inbound_run(struct task *task)
{
	struct stanza *stanza = task->stanza;

	if (stanza->to.resource_len) {
		struct session *session = matching_session(task);

		if (session) {
			session_send(session, stanza);
			stanza_drop(&task->stanza);
			return VERDICT_DONE;
		}
	}
	switch (stanza->kind) {
	case STANZA_MESSAGE: handle_message(task); break;
	case STANZA_PRESENCE: handle_presence(task); break;
	case STANZA_IQ:
		if (!stanza->to.resource_len)
			return iq_dispatch(task, TO_ACCOUNT);
		unavailable(task);
		break;
	}
	return VERDICT_DONE;
}

/*
 * What a user's client sends (RFC 6121 section 8.1 and 8.2): to nobody in
 * particular, to its own account, to the server, or out to the router.
 */
#include "server/core/core_private.h"
#include "server/core/router.h"

enum verdict
iq_dispatch(struct task *task, unsigned target)
{
	struct stanza *iq = task->stanza;
	const struct iq_handler *handler;
	enum verdict verdict = VERDICT_PASS;

	if (iq->type != TYPE_GET && iq->type != TYPE_SET)
		return VERDICT_DONE; /* an answer that nobody asked for */
	handler = module_find_iq(task->host, iq, target);
	if (handler)
		verdict = handler->run(task);
	if (verdict == VERDICT_PASS) {
		task_error(task, ERROR_SERVICE_UNAVAILABLE, NULL);
		verdict = VERDICT_DONE;
	}
	return verdict;
}

static bool
is_own_account(const struct task *task, struct jid to)
{
	return to.resource_len == 0 && jid_bare_eq(to, task->user->bare);
}

/* The virtual host that `to` names without local part or resource. */
static const struct vhost *
addressed_host(const struct task *task, struct jid to)
{
	if (to.local_len || to.resource_len)
		return NULL;
	return node_host(task->shard->node, jid_domain(to));
}

static enum verdict
run_iq(struct task *task)
{
	struct jid to = task->stanza->to;
	const struct vhost *host;

	if (!jid_is_set(to) || is_own_account(task, to))
		return iq_dispatch(task, TO_OWN);
	host = addressed_host(task, to);
	if (host) {
		task->host = host;
		return iq_dispatch(task, TO_HOST);
	}
	router_route(task->shard, &task->stanza);
	return VERDICT_DONE;
}

static bool
is_subscription(enum stanza_type type)
{
	return type == TYPE_SUBSCRIBE || type == TYPE_SUBSCRIBED ||
	       type == TYPE_UNSUBSCRIBE || type == TYPE_UNSUBSCRIBED;
}

static enum verdict
run_presence(struct task *task)
{
	struct session *session = session_find(task->shard, task->origin);
	struct jid to = task->stanza->to;

	if (!session)
		return VERDICT_DONE; /* its end has said it all */
	if (!jid_is_set(to))
		presence_broadcast(task, session);
	else if (is_subscription(task->stanza->type))
		task_error(task, ERROR_FEATURE_NOT_IMPLEMENTED,
		    "presence subscriptions are not supported yet");
	else if (task->stanza->type == TYPE_UNKNOWN)
		task_error(task, ERROR_BAD_REQUEST, NULL);
	else if (!addressed_host(task, to))
		presence_direct(task, session);
	return VERDICT_DONE;
}

enum verdict
outbound_run(struct task *task)
{
	switch (task->stanza->kind) {
	case STANZA_IQ: return run_iq(task);
	case STANZA_PRESENCE: return run_presence(task);
	case STANZA_MESSAGE: break;
	}
	if (!jid_is_set(task->stanza->to))
		stanza_set_to(task->stanza, task->user->bare);
	router_route(task->shard, &task->stanza);
	return VERDICT_DONE;
}

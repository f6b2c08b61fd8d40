/*
 * The user as an actor: one stanza at a time. While a handler waits, later
 * stanzas queue here, the user's clients are held when the queue gets long,
 * and strangers are refused when it is full.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/mem.h"
#include "server/base/log.h"
#include "server/core/core_private.h"
#include "server/core/router.h"

struct user *
user_find(struct shard *shard, struct str bare)
{
	return map_get(&shard->users, bare);
}

struct user *
user_obtain(struct shard *shard, struct jid bare, const struct vhost *host)
{
	struct user *user = user_find(shard, jid_bare(bare));
	char *text;

	if (user)
		return user;
	user = mem_alloc(1, sizeof(*user));
	text = mem_strndup(bare.text, jid_bare(bare).len);
	user->bare = jid_to_bare(bare);
	user->bare.text = text;
	user->host = host;
	user->queue_last = &user->queue;
	map_put(&shard->users, jid_bare(user->bare), user);
	return user;
}

void
user_release(struct shard *shard, struct user *user)
{
	if (user->sessions || user->waiting || user->queue || user->running)
		return;
	map_remove(&shard->users, jid_bare(user->bare));
	free((void *)user->bare.text);
	free(user);
}

static void
hold_clients(struct user *user, bool held)
{
	if (user->holding == held)
		return;
	user->holding = held;
	for (struct session *s = user->sessions; s; s = s->next)
		s->endpoint->ops->hold(s->endpoint, held);
}

void
user_admit(struct session *session)
{
	if (session->user->holding)
		session->endpoint->ops->hold(session->endpoint, true);
}

static size_t
weight_of(const struct stanza *stanza)
{
	return stanza->tree->arena.total;
}

static void
enqueue(struct shard *shard, struct user *user, bool from_session,
    struct session_ref origin, struct stanza **stanza)
{
	struct task *task;

	if (user->queued >= USER_QUEUE_MAX ||
	    user->queued_bytes >= USER_QUEUE_BYTES) {
		router_bounce(shard, stanza, ERROR_RESOURCE_CONSTRAINT, NULL);
		return;
	}
	task = mem_alloc(1, sizeof(*task));
	task->shard = shard;
	task->user = user;
	task->host = user->host;
	task->origin = origin;
	task->from_session = from_session;
	task->stanza = *stanza;
	*stanza = NULL;
	*user->queue_last = task;
	user->queue_last = &task->next;
	user->queued++;
	user->queued_bytes += weight_of(task->stanza);
	atomic_fetch_add(&shard->node->work, 1);
	if (user->queued >= USER_QUEUE_HOLD)
		hold_clients(user, true);
}

/* An iq that its handler left without an answer is a fault of ours. */
static void
close_task(struct task *task)
{
	struct stanza *stanza = task->stanza;

	if (stanza && stanza->kind == STANZA_IQ &&
	    (stanza->type == TYPE_GET || stanza->type == TYPE_SET)) {
		assert(!"an iq died unanswered");
		task_error(task, ERROR_INTERNAL_SERVER_ERROR, NULL);
	}
	stanza_drop(&task->stanza);
}

static void
run_task(struct task *task)
{
	struct user *user = task->user;
	enum verdict verdict;

	user->running = true;
	verdict = task->from_session ? outbound_run(task) : inbound_run(task);
	user->running = false;
	if (verdict == VERDICT_WAIT)
		return;
	close_task(task);
}

/* Goes on with what queued while a task was waiting. */
static void
run_queue(struct shard *shard, struct user *user)
{
	while (user->queue && !user->waiting) {
		struct task *queued = user->queue, task = *queued;

		user->queue = queued->next;
		if (!user->queue)
			user->queue_last = &user->queue;
		user->queued--;
		user->queued_bytes -= weight_of(task.stanza);
		free(queued);
		task.next = NULL;
		run_task(&task);
		atomic_fetch_sub(&shard->node->work, 1);
	}
	if (user->queued < USER_QUEUE_HOLD / 2)
		hold_clients(user, false);
}

void
user_drop_sent(struct shard *shard, struct user *user)
{
	struct task **at = &user->queue;

	while (*at) {
		struct task *task = *at;

		if (!task->from_session) {
			at = &task->next;
			continue;
		}
		*at = task->next;
		user->queued--;
		user->queued_bytes -= weight_of(task->stanza);
		stanza_drop(&task->stanza);
		free(task);
		atomic_fetch_sub(&shard->node->work, 1);
	}
	user->queue_last = at;
}

void
user_handle(struct shard *shard, struct user *user, bool from_session,
    struct session_ref origin, struct stanza **stanza)
{
	struct task task = {
		.shard = shard,
		.user = user,
		.host = user->host,
		.origin = origin,
		.from_session = from_session,
	};

	shard_assert_current(shard);
	if (user->waiting || user->queue || user->running) {
		enqueue(shard, user, from_session, origin, stanza);
		return;
	}
	task.stanza = *stanza;
	*stanza = NULL;
	run_task(&task);
	run_queue(shard, user);
	user_release(shard, user);
}

struct task *
task_wait(struct task *task)
{
	struct task *kept;

	if (task->kept)
		return task;
	kept = mem_alloc(1, sizeof(*kept));
	*kept = *task;
	kept->kept = true;
	task->stanza = NULL;
	task->user->waiting = kept;
	atomic_fetch_add(&task->shard->node->work, 1);
	return kept;
}

void
task_finish(struct task **task)
{
	struct task *done = *task;
	struct user *user = done->user;
	struct shard *shard = done->shard;

	*task = NULL;
	shard_assert_current(shard);
	close_task(done);
	user->waiting = NULL;
	free(done);
	atomic_fetch_sub(&shard->node->work, 1);
	run_queue(shard, user);
	user_release(shard, user);
}

void
task_result(struct task *task)
{
	if (task->stanza->type != TYPE_RESULT)
		stanza_make_result(task->stanza);
	router_route(task->shard, &task->stanza);
}

void
task_error(struct task *task, enum stanza_error error, const char *text)
{
	router_bounce(task->shard, &task->stanza, error, text);
}

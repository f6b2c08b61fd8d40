#include "server/store/request.h"

#include <pthread.h>
#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "server/loop/loop.h"

struct inbox {
	struct wake *wake;
	pthread_mutex_t lock;
	struct request_queue answered; /* under lock */
	size_t under_way;	       /* the loop's thread only */
};

void
request_put(struct request_queue *queue, struct request *request)
{
	request->next = NULL;
	if (queue->last)
		queue->last->next = request;
	else
		queue->first = request;
	queue->last = request;
	queue->count++;
	queue->size += request->size;
}

struct request *
request_take(struct request_queue *queue)
{
	struct request *request = queue->first;

	if (!request)
		return NULL;
	queue->first = request->next;
	if (!queue->first)
		queue->last = NULL;
	queue->count--;
	queue->size -= request->size;
	request->next = NULL;
	return request;
}

static void
call_back(const struct request *request)
{
	bool ok = request->status == STORE_OK;

	switch (request->kind) {
	case REQUEST_GET:
		request->on_get(request->arg, request->status,
		    ok ? request->value : STR(""));
		break;
	case REQUEST_LIST:
		request->on_list(request->arg, request->status, request->items,
		    ok ? request->item_count : 0);
		break;
	case REQUEST_APPLY:
		request->on_done(request->arg, request->status);
		break;
	}
}

static void
on_wake(void *arg)
{
	struct inbox *inbox = arg;
	struct request_queue answered;
	struct request *request;

	pthread_mutex_lock(&inbox->lock);
	answered = inbox->answered;
	inbox->answered = (struct request_queue){ 0 };
	pthread_mutex_unlock(&inbox->lock);
	while ((request = request_take(&answered))) {
		call_back(request);
		arena_fini(&request->arena);
		free(request);
		/* Only now: the callback may have tried to close. */
		inbox->under_way--;
	}
}

struct inbox *
inbox_open(struct loop *loop)
{
	struct inbox *inbox = mem_alloc(1, sizeof(*inbox));

	pthread_mutex_init(&inbox->lock, NULL);
	inbox->wake = wake_open(loop, on_wake, inbox);
	return inbox;
}

bool
inbox_close(struct inbox *inbox)
{
	if (inbox->under_way)
		return false;
	/* Who delivered the last answer may still be inside wake_post. */
	pthread_mutex_lock(&inbox->lock);
	wake_close(&inbox->wake);
	pthread_mutex_unlock(&inbox->lock);
	pthread_mutex_destroy(&inbox->lock);
	free(inbox);
	return true;
}

struct request *
inbox_request(struct inbox *inbox, enum request_kind kind)
{
	struct request *request = mem_alloc(1, sizeof(*request));

	request->home = inbox;
	request->kind = kind;
	inbox->under_way++;
	return request;
}

void
inbox_deliver(struct request *request)
{
	struct inbox *inbox = request->home;

	pthread_mutex_lock(&inbox->lock);
	request_put(&inbox->answered, request);
	/* Inside the lock: behind it the loop may close the inbox. */
	wake_post(inbox->wake);
	pthread_mutex_unlock(&inbox->lock);
}

static struct str
copy(struct request *request, struct str s)
{
	request->size += s.len;
	return arena_str(&request->arena, s);
}

struct store_key
request_copy_key(struct request *request, const struct store_key *key)
{
	return (struct store_key){ copy(request, key->owner),
		copy(request, key->collection), copy(request, key->item) };
}

void
request_copy_query(struct request *request, const struct store_query *query)
{
	request->query = *query;
	request->query.owner = copy(request, query->owner);
	request->query.owner_domain = copy(request, query->owner_domain);
	request->query.collection = copy(request, query->collection);
	request->query.after_owner = copy(request, query->after_owner);
}

void
request_copy_changes(
    struct request *request, const struct store_change *changes, size_t count)
{
	request->changes =
	    arena_array(&request->arena, count ? count : 1, sizeof(*changes));
	request->change_count = count;
	for (size_t i = 0; i < count; i++) {
		struct store_change *change = &request->changes[i];

		change->kind = changes[i].kind;
		change->key = request_copy_key(request, &changes[i].key);
		change->value = copy(request, changes[i].value);
	}
}

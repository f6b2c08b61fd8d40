#ifndef STORE_REQUEST_H
#define STORE_REQUEST_H
/*
 * A call as it travels: copied on the loop that made it, answered by an
 * engine's thread, delivered on that loop again through its inbox. Knows no
 * engine. For this room only.
 */
#include "cfgparse/base/arena.h"
#include "server/store/store.h"

struct inbox;

enum request_kind { REQUEST_GET, REQUEST_LIST, REQUEST_APPLY };

struct request {
	struct request *next; /* of the queue it is in */
	struct inbox *home;
	struct arena arena; /* everything below points into it */
	enum request_kind kind;
	struct store_key key;
	struct store_query query;
	struct store_change *changes;
	size_t change_count;
	size_t size; /* bytes it holds, for the queue's bound */

	enum store_status status;
	struct str value;
	struct store_item *items;
	size_t item_count;

	store_on_get *on_get;
	store_on_list *on_list;
	store_on_done *on_done;
	void *arg;
};

/* First in, first out. Zero-initialised is empty; has no lock. */
struct request_queue {
	struct request *first, *last;
	size_t count, size;
};
void request_put(struct request_queue *queue, struct request *request);
/* NULL where it is empty. */
struct request *request_take(struct request_queue *queue);

/* The loop's end. All but inbox_deliver on the loop's thread. */
struct inbox *inbox_open(struct loop *loop);
/* False, doing nothing, while requests of it are under way or it is
 * delivering. */
bool inbox_close(struct inbox *inbox);
/* A request of this kind, counted as under way until it was delivered. */
struct request *inbox_request(struct inbox *inbox, enum request_kind kind);
/* From any thread: the answer is in the request, which is the inbox's now. Its
 * callback runs in a later turn of the loop. */
void inbox_deliver(struct request *request);

/* Copies into the request's arena. */
struct store_key request_copy_key(
    struct request *request, const struct store_key *key);
void request_copy_query(
    struct request *request, const struct store_query *query);
void request_copy_changes(
    struct request *request, const struct store_change *changes, size_t count);

#endif

#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H
/*
 * One loop, one store of the engine under test, one answer at a time.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/buf.h"
#include "server/store/store.h"

struct loop;

struct engine {
	const char *name;
	struct store_backend *(*open)(const char *dir, char **why);
};
/* The one under test. */
extern const struct engine *store_engine;

struct fixture {
	char dir[64];
	struct store_backend *backend;
	struct loop *loop;
	struct store *store;
};

struct answer {
	struct fixture *fixture;
	bool submitted; /* the call has returned */
	bool early;	/* the callback ran inside it */
	int calls;
	enum store_status status;
	char value[64];
	size_t value_len;
	struct buf listed; /* "owner/collection/item=value " ... */
	size_t count;
};

/* Callbacks for a struct answer: note what came, and whether too soon. */
void store_note_done(void *arg, enum store_status status);
void store_note_get(void *arg, enum store_status status, struct str value);
void store_note_list(void *arg, enum store_status status,
    const struct store_item *items, size_t count);
/* Turns the loop until the answer is there; fails where it came too soon or
 * twice. */
void store_wait_for(struct answer *answer);
/* Calls that wait for their answer. */
enum store_status store_apply_now(
    struct fixture *fixture, const struct store_change *changes, size_t count);
/* A change from C strings. */
struct store_change store_change_of(enum store_change_kind kind,
    const char *owner, const char *collection, const char *item,
    const char *value);
enum store_status store_put_now(struct fixture *fixture, const char *owner,
    const char *collection, const char *item, const char *value);
enum store_status store_get_now(struct fixture *fixture, const char *owner,
    const char *collection, const char *item, struct answer *answer);
/* Fails unless the item has that value (NULL: is not there). */
void store_check_value(struct fixture *fixture, const char *owner,
    const char *collection, const char *item, const char *value);
void store_check_list(
    struct fixture *fixture, struct store_query query, const char *wanted);
/* Opens the engine at fixture->dir, with a loop and a store; and back. */
void store_open_all(struct fixture *fixture);
void store_close_all(struct fixture *fixture);
/* For cmocka: a fixture in a directory of its own; and back. */
int store_setup(void **state);
int store_teardown(void **state);

#endif

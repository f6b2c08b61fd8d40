#ifndef STORE_STORE_H
#define STORE_STORE_H
/*
 * What modules keep: keyed items and archives, asynchronously. Every call
 * returns at once; its callback runs later, on the calling shard's loop,
 * exactly once, and never before the call has returned. A write is reported
 * STORE_OK only when it would survive a crash. Backends know SQL; callers know
 * collections: (owner bare JID, collection, key) -> bytes.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/str.h"

struct loop;

enum store_status {
	STORE_OK,
	STORE_NOT_FOUND, /* get: no such item; apply: a required one is gone */
	STORE_EXISTS,	 /* apply: an insert found its item there already */
	STORE_FAILED,	 /* nothing of it happened; the log says why */
	STORE_UNCERTAIN, /* a write may or may not have happened */
	STORE_BUSY,	 /* queue full: nothing of it happened, try later */
};

/* One item's name. Copied by every call. */
struct store_key {
	struct str owner;      /* bare JID, prepared */
	struct str collection; /* "account", "roster", ... */
	struct str item;       /* "" where the collection has just one */
};

struct store_item {
	struct store_key key;
	struct str value;
};

/* value is valid for the call only; empty unless STORE_OK. */
typedef void store_on_get(
    void *arg, enum store_status status, struct str value);
/* items are valid for the call only; ordered by owner, item, collection. */
typedef void store_on_list(void *arg, enum store_status status,
    const struct store_item *items, size_t count);
typedef void store_on_done(void *arg, enum store_status status);

enum store_change_kind {
	STORE_PUT,    /* insert or replace */
	STORE_INSERT, /* the batch fails with STORE_EXISTS if it is there */
	STORE_REMOVE, /* fine if it isn't there */
	STORE_REMOVE_OWNER, /* every item of the owner, all collections */
	STORE_REQUIRE, /* nothing changes; the batch fails with STORE_NOT_FOUND
			  unless the item is there */
};

struct store_change {
	enum store_change_kind kind;
	struct store_key key;
	struct str value; /* put, insert */
};

/*
 * What list selects; an empty part means any. owner_domain selects every owner
 * at that domain (owner is then empty). A page that the limit cuts short ends
 * between two owners wherever it holds more than one, so that after_owner
 * finds the rest; behind the last page comes an empty one.
 */
struct store_query {
	struct str owner;
	struct str owner_domain;
	struct str collection;
	struct str after_owner; /* paging: owners behind this one, or "" */
	size_t limit;		/* items at most; 0: the backend's own cap */
};

/* A backend opened for the process, shared by all shards. */
struct store_backend;
/* One shard's (or any loop thread's) access to it. */
struct store;

/* The SQLite database DIR/xmppd.db (created 0640 from its first byte), WAL, one
 * writer thread that commits in groups, readers beside it: fork before opening,
 * not after. NULL: *why (free it) says what. */
struct store_backend *store_sqlite_open(const char *dir, char **why);
/* For tests: every read and every group of writes takes that long first. */
struct store_sqlite_options {
	unsigned delay_ms;
};
struct store_backend *store_sqlite_open_with(
    const char *dir, const struct store_sqlite_options *options, char **why);
/* Waits until everything under way is committed, then closes. */
void store_backend_close(struct store_backend **backend);

/* For callbacks on that loop. Close before the loop; pending callbacks are
 * then delivered first (close runs none itself: it returns false while some
 * are under way and is called again from a later turn). */
struct store *store_open(struct store_backend *backend, struct loop *loop);
bool store_close(struct store **store);

/* Exactly one callback each, as above; the key and query are copied. */
void store_get(struct store *store, const struct store_key *key,
    store_on_get *on_get, void *arg);
void store_list(struct store *store, const struct store_query *query,
    store_on_list *on_list, void *arg);
/* All changes happen or none. The arrays are copied. */
void store_apply(struct store *store, const struct store_change *changes,
    size_t count, store_on_done *on_done, void *arg);

#endif

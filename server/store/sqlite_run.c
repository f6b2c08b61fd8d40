/* Requests turned into statements, and their results into answers. */
#include "server/store/sqlite_private.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/log.h"

/* An empty key is an empty blob, never NULL. */
static void
bind(sqlite3_stmt *statement, int at, struct str s)
{
	if (s.len == 0)
		sqlite3_bind_zeroblob(statement, at, 0);
	else
		sqlite3_bind_blob64(statement, at, s.ptr, s.len, SQLITE_STATIC);
}

static void
bind_key(sqlite3_stmt *statement, const struct store_key *key)
{
	bind(statement, 1, key->owner);
	bind(statement, 2, key->collection);
	bind(statement, 3, key->item);
}

static struct str
column(struct arena *arena, sqlite3_stmt *statement, int at)
{
	const void *bytes = sqlite3_column_blob(statement, at);
	int len = sqlite3_column_bytes(statement, at);

	return arena_str(
	    arena, (struct str){ bytes ? bytes : "", (size_t)len });
}

/* Ends a use of the statement: its bindings point into a request. */
static void
finish(sqlite3_stmt *statement)
{
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
}

static void
read_item(struct sqlite_connection *connection, struct request *request)
{
	sqlite3_stmt *get = connection->statements[SQL_GET];
	int result;

	bind_key(get, &request->key);
	result = sqlite3_step(get);
	request->status = result == SQLITE_ROW	  ? STORE_OK
			  : result == SQLITE_DONE ? STORE_NOT_FOUND
						  : STORE_FAILED;
	if (request->status == STORE_OK)
		request->value = column(&request->arena, get, 0);
	finish(get);
}

static sqlite3_stmt *
list_statement(
    struct sqlite_connection *connection, const struct store_query *query)
{
	enum sqlite_statement which = SQL_LIST_ALL;

	if (query->owner.len)
		which = SQL_LIST_OWNER;
	else if (query->owner_domain.len && query->collection.len)
		which = SQL_LIST_DOMAIN;
	return connection->statements[which];
}

/* One more than the limit was read: that tells whether the page cuts an
 * owner in two. Then it ends before that owner, unless it has no other. */
static size_t
page_end(const struct store_item *items, size_t count, size_t limit)
{
	size_t end = limit;

	if (count <= limit)
		return count;
	while (end && str_eq(items[end - 1].key.owner, items[limit].key.owner))
		end--;
	return end ? end : limit;
}

static void
read_items(struct sqlite_connection *connection, struct request *request)
{
	const struct store_query *query = &request->query;
	sqlite3_stmt *list = list_statement(connection, query);
	struct arena *arena = &request->arena;
	size_t limit = query->limit, count = 0, room = 0;
	struct store_item *items = NULL;
	int result;

	if (limit == 0 || limit > SQLITE_LIST_CAP)
		limit = SQLITE_LIST_CAP;
	bind(list, 1, query->owner.len ? query->owner : query->owner_domain);
	bind(list, 2, query->collection);
	bind(list, 3, query->after_owner);
	sqlite3_bind_int64(list, 4, (sqlite3_int64)limit + 1);
	while ((result = sqlite3_step(list)) == SQLITE_ROW) {
		if (count == room) {
			struct store_item *more;

			room = room ? room * 2 : 16;
			more = arena_array(arena, room, sizeof(*items));
			if (count)
				memcpy(more, items, count * sizeof(*items));
			items = more;
		}
		items[count].key.owner = column(arena, list, 0);
		items[count].key.collection = column(arena, list, 1);
		items[count].key.item = column(arena, list, 2);
		items[count].value = column(arena, list, 3);
		count++;
	}
	finish(list);
	request->status = result == SQLITE_DONE ? STORE_OK : STORE_FAILED;
	request->items = items;
	request->item_count = page_end(items, count, limit);
}

void
sqlite_read(struct sqlite_connection *connection, struct request *request)
{
	if (request->kind == REQUEST_GET)
		read_item(connection, request);
	else
		read_items(connection, request);
	if (request->status == STORE_FAILED)
		log_error("the database can't be read: %s",
		    sqlite3_errmsg(connection->db));
}

/* What follows the @, or all of it. */
static struct str
domain_of(struct str owner)
{
	const char *at = owner.len ? memchr(owner.ptr, '@', owner.len) : NULL;

	if (!at)
		return owner;
	return (struct str){ at + 1, owner.len - (size_t)(at + 1 - owner.ptr) };
}

static int
run(struct sqlite_connection *connection, enum sqlite_statement which)
{
	sqlite3_stmt *statement = connection->statements[which];
	int result = sqlite3_step(statement);

	sqlite3_reset(statement);
	return result == SQLITE_DONE ? SQLITE_OK : result;
}

/* SQLITE_NOTFOUND, which no statement yields, where the item isn't there. */
static int
require_item(
    struct sqlite_connection *connection, const struct store_change *change)
{
	sqlite3_stmt *get = connection->statements[SQL_GET];
	int result;

	bind_key(get, &change->key);
	result = sqlite3_step(get);
	finish(get);
	if (result == SQLITE_DONE)
		return SQLITE_NOTFOUND;
	return result == SQLITE_ROW ? SQLITE_OK : result;
}

static enum store_status
batch_status(int result)
{
	switch (result & 0xFF) {
	case SQLITE_CONSTRAINT: return STORE_EXISTS;
	case SQLITE_NOTFOUND: return STORE_NOT_FOUND;
	default: return STORE_FAILED;
	}
}

static int
write_change(
    struct sqlite_connection *connection, const struct store_change *change)
{
	static const enum sqlite_statement which[] = {
		[STORE_PUT] = SQL_PUT,
		[STORE_INSERT] = SQL_INSERT,
		[STORE_REMOVE] = SQL_REMOVE,
		[STORE_REMOVE_OWNER] = SQL_REMOVE_OWNER,
	};
	sqlite3_stmt *statement;
	int result;

	if (change->kind == STORE_REQUIRE)
		return require_item(connection, change);
	statement = connection->statements[which[change->kind]];
	bind(statement, 1, change->key.owner);
	if (change->kind != STORE_REMOVE_OWNER)
		bind_key(statement, &change->key);
	if (change->kind == STORE_PUT || change->kind == STORE_INSERT) {
		bind(statement, 4, domain_of(change->key.owner));
		bind(statement, 5, change->value);
	}
	result = sqlite3_step(statement);
	finish(statement);
	return result == SQLITE_DONE ? SQLITE_OK : result;
}

/* One batch in its savepoint. False where the whole transaction is lost. */
static bool
write_batch(struct sqlite_connection *connection, struct request *batch)
{
	int result = run(connection, SQL_SAVEPOINT);

	for (size_t i = 0; i < batch->change_count && result == SQLITE_OK; i++)
		result = write_change(connection, &batch->changes[i]);
	batch->status = STORE_OK;
	if (result == SQLITE_OK)
		return run(connection, SQL_RELEASE) == SQLITE_OK;
	batch->status = batch_status(result);
	if (batch->status == STORE_FAILED)
		log_error("a write to the database failed: %s",
		    sqlite3_errmsg(connection->db));
	/* A full disk and the like roll everything back by themselves. */
	return !sqlite3_get_autocommit(connection->db) &&
	       run(connection, SQL_UNDO) == SQLITE_OK &&
	       run(connection, SQL_RELEASE) == SQLITE_OK;
}

static void
fail_all(struct sqlite_connection *connection, struct request *first,
    enum store_status status)
{
	log_error("the database can't be written, %s: %s",
	    status == STORE_FAILED ? "nothing was" : "what was is uncertain",
	    sqlite3_errmsg(connection->db));
	if (!sqlite3_get_autocommit(connection->db))
		run(connection, SQL_ROLLBACK);
	for (; first; first = first->next)
		first->status = status;
}

/* After a failed sync the log may hold the commit, and recovery would find
 * it; short of room, or locked out, nothing of it is there. */
static enum store_status
status_of_commit(int result)
{
	return (result & 0xFF) == SQLITE_FULL || (result & 0xFF) == SQLITE_BUSY
		   ? STORE_FAILED
		   : STORE_UNCERTAIN;
}

void
sqlite_write(struct sqlite_connection *connection, struct request *first)
{
	int result;

	if (run(connection, SQL_BEGIN) != SQLITE_OK) {
		fail_all(connection, first, STORE_FAILED);
		return;
	}
	for (struct request *at = first; at; at = at->next)
		if (!write_batch(connection, at)) {
			fail_all(connection, first, STORE_FAILED);
			return;
		}
	result = run(connection, SQL_COMMIT);
	if (result != SQLITE_OK)
		fail_all(connection, first, status_of_commit(result));
}

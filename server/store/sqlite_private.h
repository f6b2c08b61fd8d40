#ifndef STORE_SQLITE_PRIVATE_H
#define STORE_SQLITE_PRIVATE_H
/*
 * One connection to the database, used by one thread at a time, and what can
 * be done on it. Knows SQL and requests, not threads. For this room only.
 */
#include <sqlite3.h>

#include "server/store/request.h"

enum { SQLITE_LIST_CAP = 10000 };

enum sqlite_statement {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_SAVEPOINT,
	SQL_RELEASE,
	SQL_UNDO,
	SQL_PUT,
	SQL_INSERT,
	SQL_REMOVE,
	SQL_REMOVE_OWNER,
	SQL_GET,
	SQL_LIST_OWNER,
	SQL_LIST_DOMAIN,
	SQL_LIST_ALL,
	SQL_STATEMENTS,
};

struct sqlite_connection {
	sqlite3 *db;
	sqlite3_stmt *statements[SQL_STATEMENTS];
};

/* Creates the file where there is none. False: *why (free it). */
bool sqlite_connect(
    const char *path, struct sqlite_connection *connection, char **why);
/* Lays the tables into an empty database, refuses what isn't ours. */
bool sqlite_prepare_schema(
    struct sqlite_connection *connection, const char *path, char **why);
bool sqlite_prepare_statements(
    struct sqlite_connection *connection, const char *path, char **why);
void sqlite_disconnect(struct sqlite_connection *connection);

/* Answers a get or a list: status, value, items. */
void sqlite_read(struct sqlite_connection *connection, struct request *request);
/* Sets the status of every batch of the chain (by next): one transaction,
 * committed when it returns. */
void sqlite_write(struct sqlite_connection *connection, struct request *first);

#endif

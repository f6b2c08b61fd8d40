/*
 * Opening the database: a file nobody else can read, write-ahead logging,
 * the schema, and clear refusals of files that aren't ours.
 */
#include "server/store/sqlite_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cfgparse/base/buf.h"

/* "xmpd" in the file's header tells our databases from others'. */
enum { APPLICATION_ID = 0x786d7064, SCHEMA_VERSION = 1, FILE_MODE = 0640 };
enum { BUSY_MS = 5000 };

/* Keys and values are blobs: any bytes, ordered as memcmp does. The second
 * index finds one collection of all owners at a domain (registered users). */
static const char schema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE item (owner BLOB NOT NULL, domain BLOB NOT NULL,"
    " collection BLOB NOT NULL, item BLOB NOT NULL, value BLOB NOT NULL,"
    " PRIMARY KEY (owner, collection, item)) WITHOUT ROWID;"
    "CREATE INDEX item_by_domain ON item (collection, domain, owner, item);"
    "PRAGMA application_id = 2020438116;"
    "PRAGMA user_version = 1;"
    "COMMIT;";

static const char *const texts[SQL_STATEMENTS] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_SAVEPOINT] = "SAVEPOINT batch",
	[SQL_RELEASE] = "RELEASE batch",
	[SQL_UNDO] = "ROLLBACK TO batch",
	[SQL_PUT] = "INSERT INTO item (owner, collection, item, domain, value)"
		    " VALUES (?1, ?2, ?3, ?4, ?5)"
		    " ON CONFLICT (owner, collection, item)"
		    " DO UPDATE SET value = excluded.value",
	[SQL_INSERT] = "INSERT INTO item (owner, collection, item, domain,"
		       " value) VALUES (?1, ?2, ?3, ?4, ?5)",
	[SQL_REMOVE] = "DELETE FROM item"
		       " WHERE owner = ?1 AND collection = ?2 AND item = ?3",
	[SQL_REMOVE_OWNER] = "DELETE FROM item WHERE owner = ?1",
	[SQL_GET] = "SELECT value FROM item"
		    " WHERE owner = ?1 AND collection = ?2 AND item = ?3",
	/* ?1 owner or domain, ?2 collection, ?3 after_owner, ?4 limit; an
	 * empty blob as ?2 means any. */
	[SQL_LIST_OWNER] = "SELECT owner, collection, item, value FROM item"
			   " WHERE owner = ?1 AND (?2 = x'' OR collection = ?2)"
			   " AND owner > ?3 ORDER BY item, collection LIMIT ?4",
	[SQL_LIST_DOMAIN] =
	    "SELECT owner, collection, item, value FROM item"
	    " WHERE domain = ?1 AND collection = ?2 AND owner > ?3"
	    " ORDER BY owner, item LIMIT ?4",
	/* ?1 a domain, an empty blob means any. */
	[SQL_LIST_ALL] = "SELECT owner, collection, item, value FROM item"
			 " WHERE owner > ?3 AND (?1 = x'' OR domain = ?1)"
			 " AND (?2 = x'' OR collection = ?2)"
			 " ORDER BY owner, item, collection LIMIT ?4",
};

static bool refuse(char **why, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool
refuse(char **why, const char *format, ...)
{
	char text[1024];
	struct buf out = { 0 };
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	buf_puts(&out, text);
	*why = buf_take(&out);
	return false;
}

/* The file exists with its mode before SQLite sees it; its companions (-wal,
 * -shm) take their mode from it, whatever the umask. */
static bool
create_file(const char *path, char **why)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
	    FILE_MODE);

	if (fd < 0)
		return errno == EEXIST || refuse(why, "can't create %s: %s",
					      path, strerror(errno));
	if (fchmod(fd, FILE_MODE) != 0) {
		refuse(
		    why, "can't set the mode of %s: %s", path, strerror(errno));
		close(fd);
		return false;
	}
	close(fd);
	return true;
}

bool
sqlite_connect(
    const char *path, struct sqlite_connection *connection, char **why)
{
	if (!create_file(path, why))
		return false;
	if (sqlite3_open_v2(path, &connection->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_NOFOLLOW,
		NULL) != SQLITE_OK)
		return refuse(why, "can't open %s: %s", path,
		    sqlite3_errmsg(connection->db));
	sqlite3_busy_timeout(connection->db, BUSY_MS);
	return true;
}

/* One number from a pragma or a count. */
static bool
ask(sqlite3 *db, const char *sql, sqlite3_int64 *number)
{
	sqlite3_stmt *statement = NULL;
	bool found =
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW;

	if (found)
		*number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return found;
}

static bool
check_version(sqlite3 *db, const char *path, char **why)
{
	sqlite3_int64 id, version, tables;

	if (!ask(db, "PRAGMA application_id", &id) ||
	    !ask(db, "PRAGMA user_version", &version) ||
	    !ask(db, "SELECT count(*) FROM sqlite_schema", &tables))
		return refuse(
		    why, "can't read %s: %s", path, sqlite3_errmsg(db));
	if (id == APPLICATION_ID && version == SCHEMA_VERSION)
		return true;
	if (id == APPLICATION_ID)
		return refuse(why,
		    "%s was written by a newer xmppd (its schema is version "
		    "%lld, this xmppd knows %d)",
		    path, (long long)version, SCHEMA_VERSION);
	if (id != 0 || version != 0 || tables != 0)
		return refuse(why,
		    "%s is an SQLite database, but not one of xmppd's", path);
	if (sqlite3_exec(db, schema, NULL, NULL, NULL) != SQLITE_OK)
		return refuse(why, "can't create the tables in %s: %s", path,
		    sqlite3_errmsg(db));
	return true;
}

bool
sqlite_prepare_schema(
    struct sqlite_connection *connection, const char *path, char **why)
{
	sqlite3 *db = connection->db;

	/* Refuse a foreign file before the journal mode changes it. */
	if (!check_version(db, path, why))
		return false;
	if (sqlite3_exec(db,
		"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", NULL,
		NULL, NULL) != SQLITE_OK)
		return refuse(
		    why, "can't set up %s: %s", path, sqlite3_errmsg(db));
	return true;
}

bool
sqlite_prepare_statements(
    struct sqlite_connection *connection, const char *path, char **why)
{
	for (int i = 0; i < SQL_STATEMENTS; i++)
		if (sqlite3_prepare_v3(connection->db, texts[i], -1,
			SQLITE_PREPARE_PERSISTENT, &connection->statements[i],
			NULL) != SQLITE_OK)
			return refuse(why, "can't use %s: %s", path,
			    sqlite3_errmsg(connection->db));
	return true;
}

void
sqlite_disconnect(struct sqlite_connection *connection)
{
	for (int i = 0; i < SQL_STATEMENTS; i++)
		sqlite3_finalize(connection->statements[i]);
	sqlite3_close(connection->db);
	*connection = (struct sqlite_connection){ 0 };
}

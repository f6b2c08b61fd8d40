/*
 * What is SQLite's own: files and their modes, databases it must refuse, and
 * that a slow disk holds up nobody's loop.
 */
#include "server/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/loop/loop.h"
#include "tests/support/store_fixture.h"

static const struct engine sqlite = { "sqlite", store_sqlite_open };

static void
db_path(const struct fixture *f, const char *suffix, char out[128])
{
	snprintf(out, 128, "%s/xmppd.db%s", f->dir, suffix);
}

static void
test_sqlite_mode(void **state)
{
	struct fixture *f = *state;
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	static const mode_t masks[] = { 0, 077 };
	char path[128];
	struct stat st;

	for (size_t m = 0; m < 2; m++) {
		mode_t old = umask(masks[m]);

		store_close_all(f);
		db_path(f, "", path);
		unlink(path);
		store_open_all(f);
		store_put_now(f, "a@x", "c", "", "v");
		umask(old);
		for (size_t i = 0; i < 3; i++) {
			db_path(f, suffixes[i], path);
			assert_int_equal(stat(path, &st), 0);
			assert_int_equal(st.st_mode & 07777, 0640);
		}
	}
}

static void
check_refused(struct fixture *f, const char *text)
{
	char *why = NULL;

	assert_null(store_engine->open(f->dir, &why));
	assert_non_null(why);
	if (!strstr(why, text))
		fail_msg("\"%s\" doesn't say \"%s\"", why, text);
	free(why);
}

static void
run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void
test_sqlite_refused(void **state)
{
	struct fixture *f = *state;
	char path[128];
	FILE *file;

	store_close_all(f);
	db_path(f, "", path);
	run_sql(path, "PRAGMA user_version = 2");
	check_refused(f, "newer xmppd");
	unlink(path);
	run_sql(path, "CREATE TABLE t (a)");
	check_refused(f, "not one of xmppd's");
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("this is a text, long enough to have a header's length, and "
	      "no database at all, whatever its name may say about it.\n",
	    file);
	fclose(file);
	check_refused(f, "not a database");
	unlink(path);
	assert_int_equal(rmdir(f->dir), 0);
	check_refused(f, "No such file");
}

static struct store_backend *
open_slow(const char *dir, char **why)
{
	struct store_sqlite_options options = { .delay_ms = 50 };

	return store_sqlite_open_with(dir, &options, why);
}

static void
on_beat(void *arg)
{
	atomic_bool *beaten = arg;

	*beaten = true;
}

/* While the store takes its time, the loop goes on. */
static void
test_sqlite_slow(void **state)
{
	struct fixture *f = *state;
	struct answer answer = { .fixture = f };
	struct store_change one =
	    store_change_of(STORE_PUT, "a@x", "c", "", "v");
	static const struct engine slow = { "slow", open_slow };
	struct timer *timer;
	atomic_bool beaten = false;

	store_close_all(f);
	store_engine = &slow;
	store_open_all(f);
	store_engine = &sqlite;
	timer = timer_open(f->loop, on_beat, &beaten);
	timer_set(timer, 1);
	store_apply(f->store, &one, 1, store_note_done, &answer);
	store_wait_for(&answer);
	assert_true(beaten);
	timer_close(&timer);
}

#define WITH_STORE(test) \
	cmocka_unit_test_setup_teardown(test, store_setup, store_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_STORE(test_sqlite_mode),
		WITH_STORE(test_sqlite_refused),
		WITH_STORE(test_sqlite_slow),
	};

	store_engine = &sqlite;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

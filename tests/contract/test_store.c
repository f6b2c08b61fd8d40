/*
 * What server/store/store.h promises, asked of every engine in a table, and
 * of one that breaks the first promise on purpose.
 */
#include "server/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"
#include "server/loop/loop.h"
#include "server/store/backend.h"

struct engine {
	const char *name;
	struct store_backend *(*open)(const char *dir, char **why);
};

static const struct engine engines[] = {
	{ "sqlite", store_sqlite_open },
};
static const struct engine *engine = &engines[0];

/* --- one loop, one store, one answer at a time ---------------------------- */

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

static void
answered(struct answer *answer, enum store_status status)
{
	if (!answer->submitted)
		answer->early = true;
	answer->calls++;
	answer->status = status;
	if (answer->fixture->loop)
		loop_stop(answer->fixture->loop);
}

static void
on_done(void *arg, enum store_status status)
{
	answered(arg, status);
}

static void
on_get(void *arg, enum store_status status, struct str value)
{
	struct answer *answer = arg;

	answer->value_len = value.len;
	if (value.len && value.len <= sizeof(answer->value))
		memcpy(answer->value, value.ptr, value.len);
	answered(answer, status);
}

static void
on_list(void *arg, enum store_status status, const struct store_item *items,
    size_t count)
{
	struct answer *answer = arg;

	for (size_t i = 0; i < count; i++)
		buf_printf(&answer->listed, "%.*s/%.*s/%.*s=%.*s ",
		    STR_ARG(items[i].key.owner),
		    STR_ARG(items[i].key.collection),
		    STR_ARG(items[i].key.item), STR_ARG(items[i].value));
	answer->count = count;
	answered(answer, status);
}

static void
wait_for(struct answer *answer)
{
	answer->submitted = true;
	if (answer->calls == 0)
		loop_run(answer->fixture->loop);
	assert_false(answer->early);
	assert_int_equal(answer->calls, 1);
	/* And not once more. */
	for (int i = 0; i < 3; i++)
		loop_turn(answer->fixture->loop);
	assert_int_equal(answer->calls, 1);
}

static enum store_status
apply(struct fixture *fixture, const struct store_change *changes, size_t count)
{
	struct answer answer = { .fixture = fixture };

	store_apply(fixture->store, changes, count, on_done, &answer);
	wait_for(&answer);
	return answer.status;
}

static struct store_change
change(enum store_change_kind kind, const char *owner, const char *collection,
    const char *item, const char *value)
{
	return (struct store_change){ kind,
		{ str_of(owner), str_of(collection), str_of(item) },
		str_of(value) };
}

static enum store_status
put(struct fixture *fixture, const char *owner, const char *collection,
    const char *item, const char *value)
{
	struct store_change one =
	    change(STORE_PUT, owner, collection, item, value);

	return apply(fixture, &one, 1);
}

static enum store_status
get(struct fixture *fixture, const char *owner, const char *collection,
    const char *item, struct answer *answer)
{
	struct store_key key = { str_of(owner), str_of(collection),
		str_of(item) };

	*answer = (struct answer){ .fixture = fixture };
	store_get(fixture->store, &key, on_get, answer);
	wait_for(answer);
	return answer->status;
}

static void
check_value(struct fixture *fixture, const char *owner, const char *collection,
    const char *item, const char *value)
{
	struct answer answer;

	assert_int_equal(
	    get(fixture, owner, collection, item, &answer), STORE_OK);
	assert_true(
	    str_is((struct str){ answer.value, answer.value_len }, value));
}

static void
check_list(
    struct fixture *fixture, struct store_query query, const char *wanted)
{
	struct answer answer = { .fixture = fixture };

	store_list(fixture->store, &query, on_list, &answer);
	wait_for(&answer);
	assert_int_equal(answer.status, STORE_OK);
	assert_string_equal(buf_text(&answer.listed), wanted);
	buf_fini(&answer.listed);
}

static void
open_all(struct fixture *fixture)
{
	char *why = NULL;

	fixture->backend = engine->open(fixture->dir, &why);
	if (!fixture->backend)
		fail_msg("%s", why);
	fixture->loop = loop_create();
	fixture->store = store_open(fixture->backend, fixture->loop);
}

static void
close_all(struct fixture *fixture)
{
	while (!store_close(&fixture->store))
		loop_turn(fixture->loop);
	store_backend_close(&fixture->backend);
	loop_destroy(&fixture->loop);
}

static void
remove_dir(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(path);
}

static int
setup(void **state)
{
	struct fixture *fixture = mem_alloc(1, sizeof(*fixture));

	strcpy(fixture->dir, "/tmp/store-XXXXXX");
	assert_non_null(mkdtemp(fixture->dir));
	open_all(fixture);
	*state = fixture;
	alarm(120);
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	if (fixture->backend)
		close_all(fixture);
	remove_dir(fixture->dir);
	free(fixture);
	alarm(0);
	return 0;
}

/* --- what every engine promises ------------------------------------------ */

static void
test_items(void **state)
{
	struct fixture *f = *state;
	struct answer answer;
	struct store_change gone =
	    change(STORE_REMOVE, "a@x", "roster", "b", "");

	assert_int_equal(
	    get(f, "a@x", "roster", "b", &answer), STORE_NOT_FOUND);
	assert_int_equal(answer.value_len, 0);
	assert_int_equal(put(f, "a@x", "roster", "b", "1"), STORE_OK);
	check_value(f, "a@x", "roster", "b", "1");
	assert_int_equal(put(f, "a@x", "roster", "b", ""), STORE_OK);
	check_value(f, "a@x", "roster", "b", "");
	assert_int_equal(get(f, "a@x", "roster", "", &answer), STORE_NOT_FOUND);
	assert_int_equal(apply(f, &gone, 1), STORE_OK);
	assert_int_equal(apply(f, &gone, 1), STORE_OK);
	assert_int_equal(
	    get(f, "a@x", "roster", "b", &answer), STORE_NOT_FOUND);
	assert_int_equal(apply(f, NULL, 0), STORE_OK);
}

static void
test_all_or_nothing(void **state)
{
	struct fixture *f = *state;
	struct answer answer;
	struct store_change batch[] = {
		change(STORE_PUT, "a@x", "c", "1", "new"),
		change(STORE_REMOVE, "a@x", "c", "2", ""),
		change(STORE_INSERT, "a@x", "c", "3", "new"),
		change(STORE_PUT, "a@x", "c", "4", "new"),
	};

	put(f, "a@x", "c", "1", "old");
	put(f, "a@x", "c", "2", "old");
	put(f, "a@x", "c", "3", "old");
	assert_int_equal(apply(f, batch, 4), STORE_EXISTS);
	check_value(f, "a@x", "c", "1", "old");
	check_value(f, "a@x", "c", "2", "old");
	check_value(f, "a@x", "c", "3", "old");
	assert_int_equal(get(f, "a@x", "c", "4", &answer), STORE_NOT_FOUND);
	batch[2].key.item = STR("5");
	assert_int_equal(apply(f, batch, 4), STORE_OK);
	check_value(f, "a@x", "c", "1", "new");
	check_value(f, "a@x", "c", "5", "new");
	assert_int_equal(get(f, "a@x", "c", "2", &answer), STORE_NOT_FOUND);
}

static void
test_require(void **state)
{
	struct fixture *f = *state;
	struct answer answer;
	struct store_change batch[] = {
		change(STORE_PUT, "a@x", "c", "1", "new"),
		change(STORE_REQUIRE, "a@x", "account", "", ""),
	};

	put(f, "b@x", "account", "", "key");
	assert_int_equal(apply(f, batch, 2), STORE_NOT_FOUND);
	assert_int_equal(get(f, "a@x", "c", "1", &answer), STORE_NOT_FOUND);
	put(f, "a@x", "account", "", "key");
	assert_int_equal(apply(f, batch, 2), STORE_OK);
	check_value(f, "a@x", "c", "1", "new");
	check_value(f, "a@x", "account", "", "key");
}

/* A batch that fails leaves its neighbours of one commit alone. */
static void
test_neighbours(void **state)
{
	struct fixture *f = *state;
	struct answer answers[3] = { { .fixture = f, .submitted = true },
		{ .fixture = f, .submitted = true },
		{ .fixture = f, .submitted = true } };
	struct store_change insert = change(STORE_INSERT, "a@x", "c", "1", "v");
	struct store_change other = change(STORE_INSERT, "b@x", "c", "1", "v");

	store_apply(f->store, &insert, 1, on_done, &answers[0]);
	store_apply(f->store, &insert, 1, on_done, &answers[1]);
	store_apply(f->store, &other, 1, on_done, &answers[2]);
	while (!answers[0].calls || !answers[1].calls || !answers[2].calls)
		loop_run(f->loop);
	assert_int_equal(answers[0].status, STORE_OK);
	assert_int_equal(answers[1].status, STORE_EXISTS);
	assert_int_equal(answers[2].status, STORE_OK);
	check_value(f, "b@x", "c", "1", "v");
}

static void
test_remove_owner(void **state)
{
	struct fixture *f = *state;
	struct store_change gone =
	    change(STORE_REMOVE_OWNER, "a@x", "", "", "");

	put(f, "a@x", "account", "", "1");
	put(f, "a@x", "roster", "b", "2");
	put(f, "a@xy", "account", "", "3");
	put(f, "aa@x", "account", "", "4");
	assert_int_equal(apply(f, &gone, 1), STORE_OK);
	check_list(f, (struct store_query){ .owner = STR("a@x") }, "");
	check_list(
	    f, (struct store_query){ 0 }, "a@xy/account/=3 aa@x/account/=4 ");
}

static void
test_list(void **state)
{
	struct fixture *f = *state;

	put(f, "b@x", "roster", "2", "b2");
	put(f, "b@x", "roster", "1", "b1");
	put(f, "b@x", "account", "", "b");
	put(f, "a@y", "account", "", "y");
	put(f, "a@x", "account", "", "a");
	put(f, "x", "motd", "", "m");
	check_list(f,
	    (struct store_query){
		.owner = STR("b@x"), .collection = STR("roster") },
	    "b@x/roster/1=b1 b@x/roster/2=b2 ");
	check_list(f, (struct store_query){ .owner = STR("b@x") },
	    "b@x/account/=b b@x/roster/1=b1 b@x/roster/2=b2 ");
	check_list(f,
	    (struct store_query){
		.owner_domain = STR("x"), .collection = STR("account") },
	    "a@x/account/=a b@x/account/=b ");
	check_list(f, (struct store_query){ .collection = STR("account") },
	    "a@x/account/=a a@y/account/=y b@x/account/=b ");
	check_list(f, (struct store_query){ .owner_domain = STR("x") },
	    "a@x/account/=a b@x/account/=b b@x/roster/1=b1 "
	    "b@x/roster/2=b2 x/motd/=m ");
	check_list(f, (struct store_query){ .owner_domain = STR("z") }, "");
}

static void
test_pages(void **state)
{
	struct fixture *f = *state;
	struct store_query query = { .owner_domain = STR("x"), .limit = 2 };

	put(f, "a@x", "c", "1", "");
	put(f, "b@x", "c", "1", "");
	put(f, "b@x", "c", "2", "");
	put(f, "c@x", "c", "1", "");
	/* Two would cut b@x in two. */
	check_list(f, query, "a@x/c/1= ");
	query.after_owner = STR("a@x");
	check_list(f, query, "b@x/c/1= b@x/c/2= ");
	query.after_owner = STR("b@x");
	query.collection = STR("c");
	check_list(f, query, "c@x/c/1= ");
	query.after_owner = STR("c@x");
	check_list(f, query, "");
	/* One owner alone may be cut. */
	check_list(f, (struct store_query){ .owner = STR("b@x"), .limit = 1 },
	    "b@x/c/1= ");
}

static void
test_any_bytes(void **state)
{
	struct fixture *f = *state;
	struct answer answer = { .fixture = f, .submitted = true };
	struct store_change odd = { STORE_PUT,
		{ { "a\0b@x", 5 }, { "\0", 1 }, { "'\xff\"", 3 } },
		{ "\0\1\xfe\0", 4 } };

	assert_int_equal(apply(f, &odd, 1), STORE_OK);
	store_get(f->store, &odd.key, on_get, &answer);
	wait_for(&answer);
	assert_int_equal(answer.status, STORE_OK);
	assert_int_equal(answer.value_len, 4);
	assert_memory_equal(answer.value, "\0\1\xfe\0", 4);
	odd.key.owner.len = 1; /* not the part before the NUL */
	answer = (struct answer){ .fixture = f, .submitted = true };
	store_get(f->store, &odd.key, on_get, &answer);
	wait_for(&answer);
	assert_int_equal(answer.status, STORE_NOT_FOUND);
}

/* The arguments are the caller's again when the call returns. */
static void
test_copied(void **state)
{
	struct fixture *f = *state;
	char owner[] = "a@x", value[] = "right";
	struct store_change one = change(STORE_PUT, owner, "c", "", value);
	struct answer answer = { .fixture = f };

	store_apply(f->store, &one, 1, on_done, &answer);
	memset(owner, '?', 3);
	memset(value, '?', 5);
	wait_for(&answer);
	check_value(f, "a@x", "c", "", "right");
}

/* --- several loops, closing, reopening ------------------------------------ */

enum { BATCHES = 500 };

struct crowd {
	struct store_backend *backend;
	char who;
	struct loop *loop;
	struct store *store;
	size_t done, ok;
	bool wrong_thread;
	pthread_t self;
};

static void
on_crowd_done(void *arg, enum store_status status)
{
	struct crowd *crowd = arg;

	crowd->wrong_thread |= !pthread_equal(pthread_self(), crowd->self);
	crowd->ok += status == STORE_OK;
	if (++crowd->done == BATCHES)
		loop_stop(crowd->loop);
}

static void *
run_crowd(void *arg)
{
	struct crowd *crowd = arg;
	char owner[32], item[32];

	crowd->self = pthread_self();
	crowd->loop = loop_create();
	crowd->store = store_open(crowd->backend, crowd->loop);
	for (int i = 0; i < BATCHES; i++) {
		struct store_change pair[2];

		snprintf(owner, sizeof(owner), "%c%d@x", crowd->who, i % 50);
		snprintf(item, sizeof(item), "%d", i);
		pair[0] = change(STORE_INSERT, owner, "crowd", item, "1");
		pair[1] = change(STORE_PUT, owner, "last", "", item);
		store_apply(crowd->store, pair, 2, on_crowd_done, crowd);
	}
	loop_run(crowd->loop);
	while (!store_close(&crowd->store))
		loop_turn(crowd->loop);
	loop_destroy(&crowd->loop);
	return NULL;
}

static void
test_two_loops(void **state)
{
	struct fixture *f = *state;
	struct crowd crowds[2] = { { f->backend, 'a' }, { f->backend, 'b' } };
	struct answer answer = { .fixture = f };
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, run_crowd, &crowds[i]),
		    0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(crowds[i].ok, BATCHES);
		assert_false(crowds[i].wrong_thread);
	}
	store_list(f->store,
	    &(struct store_query){ .collection = STR("crowd") }, on_list,
	    &answer);
	wait_for(&answer);
	assert_int_equal(answer.count, 2 * BATCHES);
	buf_fini(&answer.listed);
}

static void
test_close_waits(void **state)
{
	struct fixture *f = *state;
	struct answer answer = { .fixture = f };
	struct store_change one = change(STORE_PUT, "a@x", "c", "", "v");

	store_apply(f->store, &one, 1, on_done, &answer);
	answer.submitted = true;
	assert_false(store_close(&f->store));
	assert_non_null(f->store);
	assert_int_equal(answer.calls, 0);
	while (!store_close(&f->store))
		loop_turn(f->loop);
	assert_null(f->store);
	assert_int_equal(answer.calls, 1);
	assert_int_equal(answer.status, STORE_OK);
	close_all(f);
	open_all(f);
	check_value(f, "a@x", "c", "", "v");
}

/* --- kill -9 ---------------------------------------------------------------
 */

struct victim {
	struct fixture *fixture;
	int to_parent;
	int at;
};

static void submit_next(struct victim *victim);

static void
on_victim_done(void *arg, enum store_status status)
{
	struct victim *victim = arg;
	int number = victim->at++;

	if (status != STORE_OK ||
	    write(victim->to_parent, &number, sizeof(number)) != sizeof(number))
		_exit(1);
	submit_next(victim);
}

static void
submit_next(struct victim *victim)
{
	char item[32];
	struct store_change one;

	snprintf(item, sizeof(item), "%d", victim->at);
	one = change(STORE_INSERT, "a@x", "kill", item, "v");
	store_apply(victim->fixture->store, &one, 1, on_victim_done, victim);
}

/* A child acknowledges into a pipe until it is killed; returns how many were
 * acknowledged. */
static int
kill_in_between(struct fixture *f, int start, int acknowledged)
{
	int ends[2], last = start - 1, number;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct victim victim = { f, ends[1], start };

		open_all(f);
		submit_next(&victim);
		loop_run(f->loop);
		_exit(0);
	}
	close(ends[1]);
	while (read(ends[0], &number, sizeof(number)) == sizeof(number)) {
		last = number;
		if (number == start + acknowledged)
			kill(child, SIGKILL);
	}
	close(ends[0]);
	waitpid(child, NULL, 0);
	return last + 1;
}

static void
test_killed(void **state)
{
	struct fixture *f = *state;
	int acknowledged = 0;

	close_all(f);
	for (int round = 0; round < 5; round++) {
		struct answer answer = { .fixture = f };
		int found;

		acknowledged = kill_in_between(f, acknowledged, 7 * round + 3);
		open_all(f);
		store_list(f->store,
		    &(struct store_query){ .collection = STR("kill") }, on_list,
		    &answer);
		wait_for(&answer);
		found = (int)answer.count;
		buf_fini(&answer.listed);
		close_all(f);
		/* The one under way may be either. */
		assert_true(found == acknowledged || found == acknowledged + 1);
		acknowledged = found;
	}
}

/* --- SQLite's own --------------------------------------------------------- */

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

		close_all(f);
		db_path(f, "", path);
		unlink(path);
		open_all(f);
		put(f, "a@x", "c", "", "v");
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

	assert_null(engine->open(f->dir, &why));
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

	close_all(f);
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
	struct store_change one = change(STORE_PUT, "a@x", "c", "", "v");
	static const struct engine slow = { "slow", open_slow };
	struct timer *timer;
	atomic_bool beaten = false;

	close_all(f);
	engine = &slow;
	open_all(f);
	engine = &engines[0];
	timer = timer_open(f->loop, on_beat, &beaten);
	timer_set(timer, 1);
	store_apply(f->store, &one, 1, on_done, &answer);
	wait_for(&answer);
	assert_true(beaten);
	timer_close(&timer);
}

/* --- the engine that answers too soon ------------------------------------- */

static void
hasty_apply(struct store *store, const struct store_change *changes,
    size_t count, store_on_done *done, void *arg)
{
	(void)store;
	(void)changes;
	(void)count;
	done(arg, STORE_OK);
}

/* What wait_for asserts must be false for it. */
static void
test_hasty_is_caught(void **state)
{
	static const struct store_ops ops = { .apply = hasty_apply };
	struct store hasty = { &ops };
	struct fixture fixture = { .store = &hasty };
	struct answer answer = { .fixture = &fixture };

	(void)state;
	store_apply(&hasty, NULL, 0, on_done, &answer);
	answer.submitted = true;
	assert_true(answer.early);
}

#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest contract[] = {
		CONTRACT(test_items),
		CONTRACT(test_all_or_nothing),
		CONTRACT(test_require),
		CONTRACT(test_neighbours),
		CONTRACT(test_remove_owner),
		CONTRACT(test_list),
		CONTRACT(test_pages),
		CONTRACT(test_any_bytes),
		CONTRACT(test_copied),
		CONTRACT(test_two_loops),
		CONTRACT(test_close_waits),
		CONTRACT(test_killed),
	};
	static const struct CMUnitTest sqlite[] = {
		CONTRACT(test_sqlite_mode),
		CONTRACT(test_sqlite_refused),
		CONTRACT(test_sqlite_slow),
		cmocka_unit_test(test_hasty_is_caught),
	};
	int failed = 0;

	for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {
		engine = &engines[i];
		failed += cmocka_run_group_tests_name(
		    engine->name, contract, NULL, NULL);
	}
	engine = &engines[0];
	return failed +
	       cmocka_run_group_tests_name("sqlite's own", sqlite, NULL, NULL);
}

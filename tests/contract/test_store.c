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

#include <pthread.h>
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
#include "tests/support/store_fixture.h"

static const struct engine engines[] = {
	{ "sqlite", store_sqlite_open },
};

/* --- what every engine promises --- */

static void
test_items(void **state)
{
	struct fixture *f = *state;
	struct answer answer;
	struct store_change gone =
	    store_change_of(STORE_REMOVE, "a@x", "roster", "b", "");

	assert_int_equal(
	    store_get_now(f, "a@x", "roster", "b", &answer), STORE_NOT_FOUND);
	assert_int_equal(answer.value_len, 0);
	assert_int_equal(store_put_now(f, "a@x", "roster", "b", "1"), STORE_OK);
	store_check_value(f, "a@x", "roster", "b", "1");
	assert_int_equal(store_put_now(f, "a@x", "roster", "b", ""), STORE_OK);
	store_check_value(f, "a@x", "roster", "b", "");
	assert_int_equal(
	    store_get_now(f, "a@x", "roster", "", &answer), STORE_NOT_FOUND);
	assert_int_equal(store_apply_now(f, &gone, 1), STORE_OK);
	assert_int_equal(store_apply_now(f, &gone, 1), STORE_OK);
	assert_int_equal(
	    store_get_now(f, "a@x", "roster", "b", &answer), STORE_NOT_FOUND);
	assert_int_equal(store_apply_now(f, NULL, 0), STORE_OK);
}

static void
test_all_or_nothing(void **state)
{
	struct fixture *f = *state;
	struct answer answer;
	struct store_change batch[] = {
		store_change_of(STORE_PUT, "a@x", "c", "1", "new"),
		store_change_of(STORE_REMOVE, "a@x", "c", "2", ""),
		store_change_of(STORE_INSERT, "a@x", "c", "3", "new"),
		store_change_of(STORE_PUT, "a@x", "c", "4", "new"),
	};

	store_put_now(f, "a@x", "c", "1", "old");
	store_put_now(f, "a@x", "c", "2", "old");
	store_put_now(f, "a@x", "c", "3", "old");
	assert_int_equal(store_apply_now(f, batch, 4), STORE_EXISTS);
	store_check_value(f, "a@x", "c", "1", "old");
	store_check_value(f, "a@x", "c", "2", "old");
	store_check_value(f, "a@x", "c", "3", "old");
	assert_int_equal(
	    store_get_now(f, "a@x", "c", "4", &answer), STORE_NOT_FOUND);
	batch[2].key.item = STR("5");
	assert_int_equal(store_apply_now(f, batch, 4), STORE_OK);
	store_check_value(f, "a@x", "c", "1", "new");
	store_check_value(f, "a@x", "c", "5", "new");
	assert_int_equal(
	    store_get_now(f, "a@x", "c", "2", &answer), STORE_NOT_FOUND);
}

static void
test_require(void **state)
{
	struct fixture *f = *state;
	struct answer answer;
	struct store_change batch[] = {
		store_change_of(STORE_PUT, "a@x", "c", "1", "new"),
		store_change_of(STORE_REQUIRE, "a@x", "account", "", ""),
	};

	store_put_now(f, "b@x", "account", "", "key");
	assert_int_equal(store_apply_now(f, batch, 2), STORE_NOT_FOUND);
	assert_int_equal(
	    store_get_now(f, "a@x", "c", "1", &answer), STORE_NOT_FOUND);
	store_put_now(f, "a@x", "account", "", "key");
	assert_int_equal(store_apply_now(f, batch, 2), STORE_OK);
	store_check_value(f, "a@x", "c", "1", "new");
	store_check_value(f, "a@x", "account", "", "key");
}

/* A batch that fails leaves its neighbours of one commit alone. */
static void
test_neighbours(void **state)
{
	struct fixture *f = *state;
	struct answer answers[3] = { { .fixture = f, .submitted = true },
		{ .fixture = f, .submitted = true },
		{ .fixture = f, .submitted = true } };
	struct store_change insert =
	    store_change_of(STORE_INSERT, "a@x", "c", "1", "v");
	struct store_change other =
	    store_change_of(STORE_INSERT, "b@x", "c", "1", "v");

	store_apply(f->store, &insert, 1, store_note_done, &answers[0]);
	store_apply(f->store, &insert, 1, store_note_done, &answers[1]);
	store_apply(f->store, &other, 1, store_note_done, &answers[2]);
	while (!answers[0].calls || !answers[1].calls || !answers[2].calls)
		loop_run(f->loop);
	assert_int_equal(answers[0].status, STORE_OK);
	assert_int_equal(answers[1].status, STORE_EXISTS);
	assert_int_equal(answers[2].status, STORE_OK);
	store_check_value(f, "b@x", "c", "1", "v");
}

static void
test_remove_owner(void **state)
{
	struct fixture *f = *state;
	struct store_change gone =
	    store_change_of(STORE_REMOVE_OWNER, "a@x", "", "", "");

	store_put_now(f, "a@x", "account", "", "1");
	store_put_now(f, "a@x", "roster", "b", "2");
	store_put_now(f, "a@xy", "account", "", "3");
	store_put_now(f, "aa@x", "account", "", "4");
	assert_int_equal(store_apply_now(f, &gone, 1), STORE_OK);
	store_check_list(f, (struct store_query){ .owner = STR("a@x") }, "");
	store_check_list(
	    f, (struct store_query){ 0 }, "a@xy/account/=3 aa@x/account/=4 ");
}

static void
test_list(void **state)
{
	struct fixture *f = *state;

	store_put_now(f, "b@x", "roster", "2", "b2");
	store_put_now(f, "b@x", "roster", "1", "b1");
	store_put_now(f, "b@x", "account", "", "b");
	store_put_now(f, "a@y", "account", "", "y");
	store_put_now(f, "a@x", "account", "", "a");
	store_put_now(f, "x", "motd", "", "m");
	store_check_list(f,
	    (struct store_query){
		.owner = STR("b@x"), .collection = STR("roster") },
	    "b@x/roster/1=b1 b@x/roster/2=b2 ");
	store_check_list(f, (struct store_query){ .owner = STR("b@x") },
	    "b@x/account/=b b@x/roster/1=b1 b@x/roster/2=b2 ");
	store_check_list(f,
	    (struct store_query){
		.owner_domain = STR("x"), .collection = STR("account") },
	    "a@x/account/=a b@x/account/=b ");
	store_check_list(f,
	    (struct store_query){ .collection = STR("account") },
	    "a@x/account/=a a@y/account/=y b@x/account/=b ");
	store_check_list(f, (struct store_query){ .owner_domain = STR("x") },
	    "a@x/account/=a b@x/account/=b b@x/roster/1=b1 "
	    "b@x/roster/2=b2 x/motd/=m ");
	store_check_list(
	    f, (struct store_query){ .owner_domain = STR("z") }, "");
}

static void
test_pages(void **state)
{
	struct fixture *f = *state;
	struct store_query query = { .owner_domain = STR("x"), .limit = 2 };

	store_put_now(f, "a@x", "c", "1", "");
	store_put_now(f, "b@x", "c", "1", "");
	store_put_now(f, "b@x", "c", "2", "");
	store_put_now(f, "c@x", "c", "1", "");
	/* Two would cut b@x in two. */
	store_check_list(f, query, "a@x/c/1= ");
	query.after_owner = STR("a@x");
	store_check_list(f, query, "b@x/c/1= b@x/c/2= ");
	query.after_owner = STR("b@x");
	query.collection = STR("c");
	store_check_list(f, query, "c@x/c/1= ");
	query.after_owner = STR("c@x");
	store_check_list(f, query, "");
	/* One owner alone may be cut. */
	store_check_list(f,
	    (struct store_query){ .owner = STR("b@x"), .limit = 1 },
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

	assert_int_equal(store_apply_now(f, &odd, 1), STORE_OK);
	store_get(f->store, &odd.key, store_note_get, &answer);
	store_wait_for(&answer);
	assert_int_equal(answer.status, STORE_OK);
	assert_int_equal(answer.value_len, 4);
	assert_memory_equal(answer.value, "\0\1\xfe\0", 4);
	odd.key.owner.len = 1; /* not the part before the NUL */
	answer = (struct answer){ .fixture = f, .submitted = true };
	store_get(f->store, &odd.key, store_note_get, &answer);
	store_wait_for(&answer);
	assert_int_equal(answer.status, STORE_NOT_FOUND);
}

/* The arguments are the caller's again when the call returns. */
static void
test_copied(void **state)
{
	struct fixture *f = *state;
	char owner[] = "a@x", value[] = "right";
	struct store_change one =
	    store_change_of(STORE_PUT, owner, "c", "", value);
	struct answer answer = { .fixture = f };

	store_apply(f->store, &one, 1, store_note_done, &answer);
	memset(owner, '?', 3);
	memset(value, '?', 5);
	store_wait_for(&answer);
	store_check_value(f, "a@x", "c", "", "right");
}

/* --- several loops, closing, reopening --- */

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
		pair[0] =
		    store_change_of(STORE_INSERT, owner, "crowd", item, "1");
		pair[1] = store_change_of(STORE_PUT, owner, "last", "", item);
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
	    &(struct store_query){ .collection = STR("crowd") },
	    store_note_list, &answer);
	store_wait_for(&answer);
	assert_int_equal(answer.count, 2 * BATCHES);
	buf_fini(&answer.listed);
}

static void
test_close_waits(void **state)
{
	struct fixture *f = *state;
	struct answer answer = { .fixture = f };
	struct store_change one =
	    store_change_of(STORE_PUT, "a@x", "c", "", "v");

	store_apply(f->store, &one, 1, store_note_done, &answer);
	answer.submitted = true;
	assert_false(store_close(&f->store));
	assert_non_null(f->store);
	assert_int_equal(answer.calls, 0);
	while (!store_close(&f->store))
		loop_turn(f->loop);
	assert_null(f->store);
	assert_int_equal(answer.calls, 1);
	assert_int_equal(answer.status, STORE_OK);
	store_close_all(f);
	store_open_all(f);
	store_check_value(f, "a@x", "c", "", "v");
}

/* --- kill -9 --- */

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
	one = store_change_of(STORE_INSERT, "a@x", "kill", item, "v");
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

		store_open_all(f);
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

	store_close_all(f);
	for (int round = 0; round < 5; round++) {
		struct answer answer = { .fixture = f };
		int found;

		acknowledged = kill_in_between(f, acknowledged, 7 * round + 3);
		store_open_all(f);
		store_list(f->store,
		    &(struct store_query){ .collection = STR("kill") },
		    store_note_list, &answer);
		store_wait_for(&answer);
		found = (int)answer.count;
		buf_fini(&answer.listed);
		store_close_all(f);
		/* The one under way may be either. */
		assert_true(found == acknowledged || found == acknowledged + 1);
		acknowledged = found;
	}
}

/* --- the engine that answers too soon --- */

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
	store_apply(&hasty, NULL, 0, store_note_done, &answer);
	answer.submitted = true;
	assert_true(answer.early);
}

#define CONTRACT(test) \
	cmocka_unit_test_setup_teardown(test, store_setup, store_teardown)

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
	static const struct CMUnitTest wrong[] = {
		cmocka_unit_test(test_hasty_is_caught),
	};
	int failed = 0;

	for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++) {
		store_engine = &engines[i];
		failed += cmocka_run_group_tests_name(
		    engines[i].name, contract, NULL, NULL);
	}
	return failed +
	       cmocka_run_group_tests_name("a wrong engine", wrong, NULL, NULL);
}

/* See store_fixture.h. */
#include "tests/support/store_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cfgparse/base/mem.h"
#include "server/loop/loop.h"

const struct engine *store_engine;

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

void
store_note_done(void *arg, enum store_status status)
{
	answered(arg, status);
}

void
store_note_get(void *arg, enum store_status status, struct str value)
{
	struct answer *answer = arg;

	answer->value_len = value.len;
	if (value.len && value.len <= sizeof(answer->value))
		memcpy(answer->value, value.ptr, value.len);
	answered(answer, status);
}

void
store_note_list(void *arg, enum store_status status,
    const struct store_item *items, size_t count)
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

void
store_wait_for(struct answer *answer)
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

enum store_status
store_apply_now(
    struct fixture *fixture, const struct store_change *changes, size_t count)
{
	struct answer answer = { .fixture = fixture };

	store_apply(fixture->store, changes, count, store_note_done, &answer);
	store_wait_for(&answer);
	return answer.status;
}

struct store_change
store_change_of(enum store_change_kind kind, const char *owner,
    const char *collection, const char *item, const char *value)
{
	return (struct store_change){ kind,
		{ str_of(owner), str_of(collection), str_of(item) },
		str_of(value) };
}

enum store_status
store_put_now(struct fixture *fixture, const char *owner,
    const char *collection, const char *item, const char *value)
{
	struct store_change one =
	    store_change_of(STORE_PUT, owner, collection, item, value);

	return store_apply_now(fixture, &one, 1);
}

enum store_status
store_get_now(struct fixture *fixture, const char *owner,
    const char *collection, const char *item, struct answer *answer)
{
	struct store_key key = { str_of(owner), str_of(collection),
		str_of(item) };

	*answer = (struct answer){ .fixture = fixture };
	store_get(fixture->store, &key, store_note_get, answer);
	store_wait_for(answer);
	return answer->status;
}

void
store_check_value(struct fixture *fixture, const char *owner,
    const char *collection, const char *item, const char *value)
{
	struct answer answer;

	assert_int_equal(
	    store_get_now(fixture, owner, collection, item, &answer), STORE_OK);
	assert_true(
	    str_is((struct str){ answer.value, answer.value_len }, value));
}

void
store_check_list(
    struct fixture *fixture, struct store_query query, const char *wanted)
{
	struct answer answer = { .fixture = fixture };

	store_list(fixture->store, &query, store_note_list, &answer);
	store_wait_for(&answer);
	assert_int_equal(answer.status, STORE_OK);
	assert_string_equal(buf_text(&answer.listed), wanted);
	buf_fini(&answer.listed);
}

void
store_open_all(struct fixture *fixture)
{
	char *why = NULL;

	fixture->backend = store_engine->open(fixture->dir, &why);
	if (!fixture->backend)
		fail_msg("%s", why);
	fixture->loop = loop_create();
	fixture->store = store_open(fixture->backend, fixture->loop);
}

void
store_close_all(struct fixture *fixture)
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

int
store_setup(void **state)
{
	struct fixture *fixture = mem_alloc(1, sizeof(*fixture));

	strcpy(fixture->dir, "/tmp/store-XXXXXX");
	assert_non_null(mkdtemp(fixture->dir));
	store_open_all(fixture);
	*state = fixture;
	alarm(120);
	return 0;
}

int
store_teardown(void **state)
{
	struct fixture *fixture = *state;

	if (fixture->backend)
		store_close_all(fixture);
	remove_dir(fixture->dir);
	free(fixture);
	alarm(0);
	return 0;
}

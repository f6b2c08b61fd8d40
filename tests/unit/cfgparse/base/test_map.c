#include "cfgparse/base/map.h"
/* What is put in is found again, through growth and removals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { MANY = 100000 };

static int values[MANY];

static struct str
key_of(size_t i, char text[32])
{
	return (struct str){ text, (size_t)snprintf(text, 32, "key %zu", i) };
}

static void
test_replaces(void **state)
{
	struct map map = { 0 };

	(void)state;
	assert_null(map_get(&map, STR("a")));
	assert_null(map_remove(&map, STR("a")));
	assert_null(map_put(&map, STR("a"), &values[0]));
	assert_ptr_equal(map_put(&map, STR("a"), &values[1]), &values[0]);
	assert_ptr_equal(map_get(&map, STR("a")), &values[1]);
	assert_null(map_put(&map, (struct str){ 0 }, &values[2]));
	assert_ptr_equal(map_get(&map, STR("")), &values[2]);
	assert_int_equal(map_count(&map), 2);
	map_fini(&map);
	assert_int_equal(map_count(&map), 0);
}

/* The first one stays, and the key isn't the map's to free. */
static void
test_add(void **state)
{
	struct map map = { 0 };

	(void)state;
	assert_null(map_add(&map, STR("a"), &values[0]));
	assert_ptr_equal(map_add(&map, STR("a"), &values[1]), &values[0]);
	assert_ptr_equal(map_get(&map, STR("a")), &values[0]);
	assert_ptr_equal(map_put(&map, STR("a"), &values[2]), &values[0]);
	assert_null(map_put(&map, STR("b"), &values[3]));
	map_fini(&map);
}

static void
test_many(void **state)
{
	struct map map = { 0 };
	struct map_walk walk = { 0 };
	struct str key;
	char text[32];
	void *value;
	size_t next = 0;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		assert_null(map_put(&map, key_of(i, text), &values[i]));
	for (size_t i = 0; i < MANY; i++)
		assert_ptr_equal(map_get(&map, key_of(i, text)), &values[i]);
	assert_null(map_get(&map, key_of(MANY, text)));
	while (map_next(&map, &walk, &key, &value)) {
		assert_ptr_equal(value, &values[next]);
		assert_true(str_eq(key, key_of(next++, text)));
	}
	assert_int_equal(next, MANY);
	map_fini(&map);
}

/* Sessions come and go for weeks: what was removed leaves room. */
static void
test_churn(void **state)
{
	struct map map = { 0 };
	char text[32];

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		map_put(&map, key_of(i, text), &values[i]);
		if (i < 10)
			continue;
		assert_ptr_equal(
		    map_remove(&map, key_of(i - 10, text)), &values[i - 10]);
		assert_null(map_get(&map, key_of(i - 10, text)));
		assert_ptr_equal(
		    map_get(&map, key_of(i - 5, text)), &values[i - 5]);
	}
	assert_int_equal(map_count(&map), 10);
	assert_true(map.room <= 64);
	map_fini(&map);
}

static void
test_remove_while_walking(void **state)
{
	struct map map = { 0 };
	struct map_walk walk = { 0 };
	struct str key;
	char text[32];
	void *value;
	size_t left = 0;

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		map_put(&map, key_of(i, text), &values[i]);
	for (size_t i = 0; map_next(&map, &walk, &key, &value); i++) {
		if (i % 3)
			assert_ptr_equal(map_remove(&map, key), value);
	}
	walk = (struct map_walk){ 0 };
	for (; map_next(&map, &walk, &key, &value); left++)
		assert_ptr_equal(value, &values[left * 3]);
	assert_int_equal(left, 334);
	map_fini(&map);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replaces),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_churn),
		cmocka_unit_test(test_remove_while_walking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

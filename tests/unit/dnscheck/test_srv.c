/* The order of RFC 2782: priorities strictly, weights by drawing lots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dnscheck/srv.h"

/* Draws what the test wrote down, and notes the limit it was asked for. */
struct lots {
	const uint32_t *drawn;
	size_t at;
	uint32_t limits[8];
};

static uint32_t
draw(void *arg, uint32_t limit)
{
	struct lots *lots = arg;
	uint32_t value = lots->drawn[lots->at];

	lots->limits[lots->at++] = limit;
	return value > limit ? limit : value;
}

static uint32_t
draw_low(void *arg, uint32_t limit)
{
	(void)arg;
	(void)limit;
	return 0;
}

static void
test_priorities(void **state)
{
	struct dns_srv srv[] = {
		{ 30, 0, 1, "c" },
		{ 10, 0, 1, "a" },
		{ 20, 65535, 1, "b" },
	};

	(void)state;
	srv_order(srv, 3, draw_low, NULL);
	assert_string_equal(srv[0].target, "a");
	assert_string_equal(srv[1].target, "b");
	assert_string_equal(srv[2].target, "c");
}

static void
test_weights(void **state)
{
	struct dns_srv srv[] = {
		{ 5, 10, 1, "ten" },
		{ 5, 0, 1, "zero" },
		{ 5, 30, 1, "thirty" },
	};
	/* Running sums: zero 0, ten 10, thirty 40. 11 takes thirty; of what is
	 * left, 1 takes ten. */
	static const uint32_t drawn[] = { 11, 1 };
	struct lots lots = { .drawn = drawn };

	(void)state;
	srv_order(srv, 3, draw, &lots);
	assert_int_equal(lots.at, 2);
	assert_int_equal(lots.limits[0], 40);
	assert_int_equal(lots.limits[1], 10);
	assert_string_equal(srv[0].target, "thirty");
	assert_string_equal(srv[1].target, "ten");
	assert_string_equal(srv[2].target, "zero");
}

static void
test_zero_weight_has_its_chance(void **state)
{
	struct dns_srv srv[] = { { 5, 9, 1, "nine" }, { 5, 0, 1, "zero" } };

	(void)state;
	srv_order(srv, 2, draw_low, NULL);
	assert_string_equal(srv[0].target, "zero");
	assert_string_equal(srv[1].target, "nine");
}

static void
test_small(void **state)
{
	struct dns_srv one = { 1, 1, 1, "one" };

	(void)state;
	srv_order(NULL, 0, draw_low, NULL);
	srv_order(&one, 1, draw_low, NULL);
	assert_string_equal(one.target, "one");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_priorities),
		cmocka_unit_test(test_weights),
		cmocka_unit_test(test_zero_weight_has_its_chance),
		cmocka_unit_test(test_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

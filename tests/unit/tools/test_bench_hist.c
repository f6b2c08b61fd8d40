/*
 * Percentiles: exact for small values, within 2 % for large ones.
 */
#include "tools/bench/hist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static struct bench_hist hist;

static void
test_empty(void **state)
{
	(void)state;
	memset(&hist, 0, sizeof(hist));
	assert_int_equal(bench_hist_at(&hist, 0.5), 0);
}

static void
test_small_is_exact(void **state)
{
	(void)state;
	memset(&hist, 0, sizeof(hist));
	for (uint64_t us = 1; us <= 100; us++)
		bench_hist_add(&hist, us);
	assert_int_equal(hist.count, 100);
	assert_int_equal(bench_hist_at(&hist, 0), 1);
	assert_int_equal(bench_hist_at(&hist, 0.5), 50);
	assert_int_equal(bench_hist_at(&hist, 0.99), 99);
	assert_int_equal(bench_hist_at(&hist, 1), 100);
}

static void
test_large_is_close(void **state)
{
	(void)state;
	for (uint64_t us = 128; us < UINT64_MAX / 3; us = us * 3 + 7) {
		uint64_t got;

		memset(&hist, 0, sizeof(hist));
		bench_hist_add(&hist, us);
		got = bench_hist_at(&hist, 0.5);
		assert_true(got <= us);
		assert_true(us - got <= us / 50);
	}
}

static void
test_extremes_fit(void **state)
{
	(void)state;
	memset(&hist, 0, sizeof(hist));
	bench_hist_add(&hist, 0);
	bench_hist_add(&hist, UINT64_MAX);
	assert_int_equal(bench_hist_at(&hist, 0.5), 0);
	assert_true(bench_hist_at(&hist, 1) > UINT64_MAX / 50 * 49);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_small_is_exact),
		cmocka_unit_test(test_large_is_close),
		cmocka_unit_test(test_extremes_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

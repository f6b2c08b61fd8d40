/* Targets by name, and the releases between them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cfgparse/target.h"

static void
test_names(void **state)
{
	static const struct {
		const char *text;
		const char *name;
		bool strict;
	} rows[] = {
		{ "xmppd", "xmppd", true },
		{ "ejabberd-2.1", "ejabberd-2.1", false },
		{ "ejabberd-2.1.13", "ejabberd-2.1", false },
		{ "ejabberd-13.10", "ejabberd-13.10", false },
		{ "ejabberd-19.05", "ejabberd-19.05", false },
		{ "ejabberd-19.08", "ejabberd-19.08", true },
		{ "ejabberd-19.09.1", "ejabberd-19.09", true },
		{ "ejabberd-26.07", "ejabberd-26.07", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct target target;
		const char *why;
		assert_true(target_parse(str_of(rows[i].text), &target, &why));
		assert_string_equal(target_name(&target), rows[i].name);
		assert_int_equal(target_is_strict(&target), rows[i].strict);
	}
}

static void
test_refusals(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
		{ "ejabberd-20.06",
		    "ejabberd-20.06 is not known: the nearest release is "
		    "ejabberd-20.07" },
		{ "ejabberd-12.01",
		    "ejabberd-12.01 is not known: the nearest release is "
		    "ejabberd-13.10" },
		{ "ejabberd-99.12",
		    "ejabberd-99.12 is not known: the nearest release is "
		    "ejabberd-26.07" },
		{ "ejabberd", NULL },
		{ "ejabberd-", NULL },
		{ "ejabberd-2.0", NULL },
		{ "ejabberd-2.1.", NULL },
		{ "ejabberd-2.1.x", NULL },
		{ "ejabberd-26.7", NULL },
		{ "ejabberd-26.07.", NULL },
		{ "ejabberd-26.07-1", NULL },
		{ "prosody", NULL },
		{ "", NULL },
		{ "a name that is much longer than any sensible target's name "
		  "would ever be, so that it has to be cut short somewhere",
		    NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct target target;
		const char *why;
		assert_false(target_parse(str_of(rows[i].text), &target, &why));
		if (rows[i].why)
			assert_string_equal(why, rows[i].why);
		else
			assert_non_null(strstr(why, "write xmppd, "));
	}
}

static void
test_order(void **state)
{
	const unsigned *release = target_releases();

	(void)state;
	assert_int_equal(*release, TARGET_OLDEST);
	assert_int_equal(release_before(TARGET_OLDEST), 0);
	for (; release[1]; release++) {
		assert_true(release[0] < release[1]);
		assert_int_equal(release_after(release[0]), release[1]);
		assert_int_equal(release_before(release[1]), release[0]);
	}
	assert_int_equal(*release, TARGET_NEWEST);
	assert_int_equal(release_after(TARGET_NEWEST), 0);
	assert_int_equal(release_after(1), 0);
	assert_string_equal(release_name(1506), "15.06");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

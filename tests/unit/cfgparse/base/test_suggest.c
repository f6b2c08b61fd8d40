#include "cfgparse/base/suggest.h"
/* Near names are found, far ones aren't offered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const char *
nearest(const char *given)
{
	static const char *const names[] = { "listen", "hosts", "acl", "access",
		"certfile", "modules" };
	struct suggest suggest = { .given = str_of(given) };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		suggest_offer(&suggest, names[i]);
	return suggest.best;
}

static void
test_nearest(void **state)
{
	(void)state;
	assert_string_equal(nearest("lisen"), "listen");
	assert_string_equal(nearest("lsiten"), "listen");
	assert_string_equal(nearest("host"), "hosts");
	assert_string_equal(nearest("acces"), "access");
	assert_string_equal(nearest("cert_file"), "certfile");
	assert_null(nearest("loglevel"));
	assert_null(nearest(""));
	assert_null(nearest("x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_nearest) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

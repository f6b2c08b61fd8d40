/*
 * Which parts of a line are passwords.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cfgparse/findings_private.h"

/* The line with its passwords as stars. */
static void
check(const char *line, const char *expected)
{
	char *shown = strdup(line);
	size_t from = 0, begin, end;

	assert_non_null(shown);
	while (secret_find(str_of(line), from, &begin, &end)) {
		assert_true(begin < end && end <= strlen(line));
		assert_true(begin >= from);
		memset(shown + begin, '*', end - begin);
		from = end;
	}
	assert_string_equal(shown, expected);
	free(shown);
}

static void
test_terms(void **state)
{
	(void)state;
	check("{ldap_password, \"abc\"}.", "{ldap_password, \"***\"}.");
	check("{ldap_password, abc}.", "{ldap_password, ***}.");
	check("{password, <<\"abc\">>}", "{password, <<\"***\">>}");
	check(
	    "{password,\"a\\\"b\"},{x,\"y\"}", "{password,\"****\"},{x,\"y\"}");
	check("{password,\"a\"},{secret,\"b\"}",
	    "{password,\"*\"},{secret,\"*\"}");
	check("#{password => \"abc\"}", "#{password => \"***\"}");
}

static void
test_yaml(void **state)
{
	(void)state;
	check("sql_password: abc", "sql_password: ***");
	check("sql_password: 'abc' # x", "sql_password: '***' # x");
	check("\"password\": \"abc\"", "\"password\": \"***\"");
	check("password: a,b}c d", "password: *******");
}

static void
test_faults(void **state)
{
	(void)state;
	check("{password, \"abc}.", "{password, \"*****");
	check("{password \"abc\"}.", "{password \"***\"}.");
	check("{password, \"abc\\", "{password, \"****");
	check("password:", "password:");
	check("{password, \"\"}", "{password, \"\"}");
	check("", "");
}

static void
test_others(void **state)
{
	(void)state;
	check("{auth_password_format, plain}", "{auth_password_format, plain}");
	check("% the password of all", "% the password of all");
	check("{hosts, [\"example.org\"]}.", "{hosts, [\"example.org\"]}.");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_yaml),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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

#include "cfgparse/secret.h"

/* The line with its passwords as stars. */
static void
check(const char *line, const char *expected)
{
	char *shown = strdup(line);
	size_t from = 0, begin, end;

	assert_non_null(shown);
	while (secret_find(str_of(line), NULL, from, &begin, &end)) {
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

/* The value stands on the lines below its name. */
static void
test_lines(void **state)
{
	(void)state;
	check("{password,\n \"abc\"}.", "{password,\n \"***\"}.");
	check("{password, % my own\n \"abc\"}.",
	    "{password, % my own\n \"***\"}.");
	check("sql_password:\n  abc\nx: 1", "sql_password:\n  ***\nx: 1");
	check("sql_password:\nsql_type: x", "sql_password:\nsql_type: x");
	check("  secret: |\n    abc\n  x: 1", "  secret: |\n    ***\n  x: 1");
	check("list:\n- password:\n    \"abc\"\n  x: 1",
	    "list:\n- password:\n    \"***\"\n  x: 1");
	check("{password, \"abc\n{x, \"y\"}.", "{password, \"***\n{x, \"y\"}.");
}

static void
test_positional(void **state)
{
	(void)state;
	check("{odbc_server, {pgsql, \"h\", \"d\", \"u\", \"abc\"}}.",
	    "{odbc_server, {pgsql, \"h\", \"d\", \"u\", \"***\"}}.");
	check("{odbc_server, {mysql, \"h\",\n \"u\",\n \"abc\"}}.",
	    "{odbc_server, {mysql, \"h\",\n \"u\",\n \"***\"}}.");
	check("{odbc_server, \"DSN=x;PWD=abc;A=b\"}.",
	    "{odbc_server, \"DSN=x;PWD=***;A=b\"}.");
	/* Where it isn't closed, nobody knows which of them it is. */
	check("{odbc_server, {pgsql, \"h\", \"u\", \"abc}.",
	    "{odbc_server, {pgsql, \"***************");
	check("sql_server: localhost", "sql_server: localhost");
}

static void
test_macros(void **state)
{
	const char *text = "{define_macro, 'PW', \"abc\"}.\n"
			   "{sql_password, 'PW'}.";
	struct map macros = { 0 };
	size_t begin, end;

	(void)state;
	secret_find_macros(str_of(text), &macros);
	assert_int_equal(map_count(&macros), 1);
	assert_true(secret_find(str_of(text), &macros, 0, &begin, &end));
	assert_int_equal(end - begin, 3);
	assert_memory_equal(text + begin, "abc", 3);
	map_fini(&macros);
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
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_positional),
		cmocka_unit_test(test_macros),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

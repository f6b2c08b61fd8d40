/* Patterns of acls: what they match, and that none takes long. */
#include "cfgparse/regexp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static bool
matches(const char *pattern, const char *text)
{
	struct regexp_error error;
	struct regexp *regexp = regexp_create(str_of(pattern), true, &error);

	assert_non_null(regexp);
	bool found = regexp_matches(regexp, str_of(text));
	regexp_destroy(&regexp);
	return found;
}

static bool
glob(const char *pattern, const char *text)
{
	struct regexp_error error;
	struct regexp *regexp =
	    regexp_create_glob(str_of(pattern), true, &error);

	assert_non_null(regexp);
	bool found = regexp_matches(regexp, str_of(text));
	regexp_destroy(&regexp);
	return found;
}

static void
test_perl(void **state)
{
	(void)state;
	assert_true(matches("", ""));
	assert_true(matches("", "anybody"));
	assert_true(matches("min", "admin"));
	assert_false(matches("^min", "admin"));
	assert_true(matches("^(?!bot).*$", "alice"));
	assert_false(matches("^(?!bot).*$", "bot7"));
	assert_true(matches("^\\d{3}$", "123"));
	assert_true(matches("^.$", "\xC3\xA4"));
	assert_true(matches("(?i)ADMIN", "admin"));
	assert_false(matches("ADMIN", "admin"));
}

static void
test_bytes(void **state)
{
	struct regexp_error error;
	struct regexp *regexp = regexp_create(STR("^.$"), false, &error);

	(void)state;
	assert_false(regexp_matches(regexp, STR("\xC3\xA4")));
	assert_true(regexp_matches(regexp, STR("a")));
	regexp_destroy(&regexp);
	assert_null(regexp_create(STR("\xC3"), true, &error));
	assert_null(regexp_create(STR("(*UTF)a"), false, &error));
}

static void
test_globs(void **state)
{
	(void)state;
	assert_true(glob("*", ""));
	assert_true(glob("adm?n*", "administrator"));
	assert_false(glob("adm?n", "administrator"));
	assert_false(glob("a.c", "abc"));
	assert_true(glob("a.c", "a.c"));
	assert_true(glob("[a-c]x", "bx"));
	assert_false(glob("[!a-c]x", "bx"));
	assert_true(glob("[!a-c]x", "dx"));
	/* A ^ isn't shell's negation. */
	assert_true(glob("[^a]", "^"));
	assert_true(glob("[^a]", "a"));
	assert_false(glob("[^a]", "b"));
	assert_true(glob("[]a]", "]"));
	assert_true(glob("[^]", "^"));
	assert_true(glob("?", "\xC3\xA4"));
}

static void
refuses(const char *pattern)
{
	struct regexp_error error = { 0 };

	assert_null(regexp_create(str_of(pattern), true, &error));
	assert_true(error.why[0] != '\0');
}

static void
test_refused(void **state)
{
	struct regexp_error error = { 0 };

	(void)state;
	refuses("(");
	refuses("a**)");
	refuses("[a");
	refuses(
	    "((((((((((a{99}){99}){99}){99}){99}){99}){99}){99}){99}){99})");
	refuses("a{65000}");
	assert_null(regexp_create_glob(STR("[a"), true, &error));
}

/* Seconds in a matcher that counts nothing. */
static void
test_stalls(void **state)
{
	char text[1024];

	(void)state;
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_false(matches("^(a+)+$b", text));
	assert_false(matches("(a|a)*(a|a)*(a|a)*b", text));
	assert_false(glob("*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_perl),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_globs),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_stalls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

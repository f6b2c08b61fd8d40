#include "cfgparse/hostname_why.h"
/* Why a text is no host name, and which one was meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct row {
	const char *name;
	const char *why;
	const char *meant; /* NULL: none can be told */
};

static const struct row rows[] = {
	{ "", "it is empty", NULL },
	{ "admin@example.org", "it is the address of an account, with an @",
	    "example.org" },
	{ "https://Example.org/x", "it is a URL", "example.org" },
	{ "example.org:5222", "a port stands behind it", "example.org" },
	{ "exa mple", "a space stands in it", NULL },
	{ "example.org ", "a space stands in it", "example.org" },
	{ ".example.org", "it begins with a dot", "example.org" },
	{ "example..org", "it has two dots in a row", NULL },
	{ "example.org..", "it ends with two dots", "example.org" },
	{ "-example.org", "a part between dots begins with a hyphen",
	    "example.org" },
	{ "a-.b", "a part between dots ends with a hyphen", NULL },
	{ "*.example.org", "a wildcard stands in it", NULL },
	{ "{{host}}", "a mark of a template stands in it", NULL },
	{ "a/b", "a slash stands in it", "a" },
	{ "\xff", "it is not written in UTF-8", NULL },
	{ "xn--HtH.org", "its part xn-- does not decode to a name", NULL },
};

static void
test_reasons(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str name = str_of(rows[i].name);
		char out[HOSTNAME_MAX + 1];

		assert_false(hostname_prepare(name, out));
		assert_string_equal(hostname_why(name), rows[i].why);
		if (hostname_mend(name, out))
			assert_string_equal(out, rows[i].meant);
		else
			assert_null(rows[i].meant);
	}
}

static void
test_scripts(void **state)
{
	(void)state;
	assert_false(hostname_is_mixed(STR("example.org")));
	assert_false(hostname_is_mixed(STR("b\xc3\xbc"
					   "cher.example")));
	/* Whole parts in other scripts are somebody's language. */
	assert_false(hostname_is_mixed(
	    STR("\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.org")));
	/* A Cyrillic a among Latin letters. */
	assert_true(hostname_is_mixed(STR("ex\xd0\xb0mple.org")));
	assert_true(hostname_has_a_label(STR("a.XN--bcher-kva.example")));
	assert_false(hostname_has_a_label(STR("axn--b.example")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_scripts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

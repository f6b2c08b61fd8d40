#include "cfgparse/hostname.h"
/* Host names: what passes, and the two forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct row {
	const char *name;
	const char *prepared; /* NULL: refused */
	const char *ascii;
};

static const struct row rows[] = {
	{ "example.com", "example.com", "example.com" },
	{ "Example.COM.", "example.com", "example.com" },
	{ "localhost", "localhost", "localhost" },
	{ "my_host-1.lan", "my_host-1.lan", "my_host-1.lan" },
	{ "", NULL, NULL },
	{ ".", NULL, NULL },
	{ ".com", NULL, NULL },
	{ "a..b", NULL, NULL },
	{ "a b", NULL, NULL },
	{ "user@host", NULL, NULL },
	{ "-a.b", NULL, NULL },
	{ "a-.b", NULL, NULL },
	{ "a/b", NULL, NULL },
	{ "192.0.2.1", "192.0.2.1", NULL },
	{ "[2001:DB8:0::1]", "[2001:db8::1]", NULL },
	{ "[2001:db8::g]", NULL, NULL },
	{ "[]", NULL, NULL },
	/* Both forms of one name compare equal. */
	{ "B\xc3\xbc"
	  "cher.example",
	    "b\xc3\xbc"
	    "cher.example",
	    "xn--bcher-kva.example" },
	{ "XN--bcher-kva.example",
	    "b\xc3\xbc"
	    "cher.example",
	    "xn--bcher-kva.example" },
	/* Decomposed, and with an ideographic full stop. */
	{ "bu\xcc\x88"
	  "cher\xe3\x80\x82"
	  "example",
	    "b\xc3\xbc"
	    "cher.example",
	    "xn--bcher-kva.example" },
	/* IDNA2008 keeps the sharp s. */
	{ "fa\xc3\x9f.de", "fa\xc3\x9f.de", "xn--fa-hia.de" },
	/* No such A-label; ill-formed UTF-8. */
	{ "xn--zzzzzzzzzz99999.example", NULL, NULL },
	/* decodes, but to a name that encodes otherwise */
	{ "xN--HtH", NULL, "xn--hth" },
	{ "a\xff.example", NULL, NULL },
};

static void
check(const char *name, const char *expected, bool ok, const char *got)
{
	if (!expected) {
		if (ok)
			fail_msg("%s passed as %s", name, got);
		return;
	}
	if (!ok)
		fail_msg("%s refused", name);
	assert_string_equal(got, expected);
}

static void
test_forms(void **state)
{
	(void)state;
	char out[HOSTNAME_MAX + 1];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct str name = str_of(row->name);
		bool ok = hostname_prepare(name, out);
		check(row->name, row->prepared, ok, out);
		ok = hostname_to_ascii(name, out);
		check(row->name, row->ascii, ok, out);
	}
}

static void
test_lengths(void **state)
{
	(void)state;
	char name[2000], out[HOSTNAME_MAX + 1];

	memset(name, 'a', sizeof name);
	assert_true(hostname_prepare((struct str){ name, 63 }, out));
	assert_false(hostname_prepare((struct str){ name, 64 }, out));
	for (size_t i = 50; i < sizeof name; i += 51)
		name[i] = '.';
	assert_true(hostname_prepare((struct str){ name, 253 }, out));
	assert_false(hostname_prepare((struct str){ name, 254 }, out));
	memcpy(name, "\xc3\xbc", 2);
	assert_false(hostname_prepare((struct str){ name, 2000 }, out));
	/* A NUL inside is no name. */
	assert_false(hostname_prepare((struct str){ "a\0b", 3 }, out));
	assert_false(hostname_prepare((struct str){ "\xc3\xbc\0b", 4 }, out));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

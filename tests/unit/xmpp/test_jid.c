/* Addresses: what is accepted, and its prepared form. */
#include "server/xmpp/jid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

static const struct {
	const char *in;
	const char *out; /* NULL: refused */
} addresses[] = {
	{ "example.org", "example.org" },
	{ "juliet@example.org", "juliet@example.org" },
	{ "juliet@example.org/balcony", "juliet@example.org/balcony" },
	{ "Juliet@EXAMPLE.org/Balcony", "juliet@example.org/Balcony" },
	{ "a@b/c@d/e", "a@b/c@d/e" },
	{ "b/c@d", "b/c@d" },
	{ "b/ c ", "b/ c " },
	{ "a@b.", "a@b" },
	{ "stra\xC3\x9F"
	  "e@b",
	    "strasse@b" },
	{ "\xCF\x83@b", "\xCF\x83@b" },
	{ "\xCE\xA3@b", "\xCF\x83@b" },
	/* Kelvin sign, full-width a */
	{ "\xE2\x84\xAA@b", "k@b" },
	{ "\xEF\xBD\x81@b", "a@b" },
	/* an emoji, unknown to Unicode 3.2 */
	{ "a@b/\xF0\x9F\x98\x80", "a@b/\xF0\x9F\x98\x80" },
	{ "a@b\xC3\xBC"
	  "cher.de",
	    "a@b\xC3\xBC"
	    "cher.de" },
	{ "a@xn--bcher-kva.de", "a@b\xC3\xBC"
				"cher.de" },
	{ "a@B\xC3\x9C"
	  "CHER.de",
	    "a@b\xC3\xBC"
	    "cher.de" },
	{ "a@[::1]", "a@[::1]" },
	{ "a@127.0.0.1", "a@127.0.0.1" },
	{ "", NULL },
	{ "@b", NULL },
	{ "/r", NULL },
	{ "a@", NULL },
	{ "a@b/", NULL },
	{ "a@/r", NULL },
	{ "a@b@c", NULL },
	{ "a b@c", NULL },
	{ "a\"b@c", NULL },
	{ "a&b@c", NULL },
	{ "a'b@c", NULL },
	{ "a:b@c", NULL },
	{ "a<b@c", NULL },
	{ "a>b@c", NULL },
	{ "a\x7F@c", NULL },
	{ "a@b/\x01", NULL },
	{ "a@b/\x7F", NULL },
	{ "a@b c", NULL },
	{ "a@-b", NULL },
	{ "a@b..c", NULL },
	/* full-width @ and slash don't sneak through */
	{ "a\xEF\xBC\xA0"
	  "b@c",
	    NULL },
	{ "a\xEF\xBC\x8F"
	  "b@c",
	    NULL },
	/* ill-formed, over-long, surrogate */
	{ "a\xFF@b", NULL },
	{ "a@b/\xC3", NULL },
	{ "a@b/\xC0\xAF", NULL },
	{ "a@b/\xED\xA0\x80", NULL },
	/* a squared letter, newer than Unicode 3.2: no form of "a" here */
	{ "\xF0\x9F\x84\xB0@b", "\xF0\x9F\x84\xB0@b" },
	/* right-to-left mixed with left-to-right */
	{ "a\xD7\x90@b", NULL },
};

static void
test_addresses(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		const char *out = addresses[i].out;
		struct jid jid, again;
		bool ok = jid_parse(&arena, str_of(addresses[i].in), &jid);

		if (ok != !!out || (out && !str_is(jid_full(jid), out)))
			fail_msg("\"%s\" gave \"%.*s\"", addresses[i].in,
			    STR_ARG(jid_full(jid)));
		assert_int_equal(jid_is_set(jid), ok);
		if (!ok)
			continue;
		assert_true(jid_parse(&arena, jid_full(jid), &again));
		assert_true(jid_eq(jid, again));
	}
	arena_fini(&arena);
}

static void
test_parts(void **state)
{
	struct arena arena = { 0 };
	struct jid jid, host, other;

	(void)state;
	assert_true(jid_parse(&arena, STR("a@b.c/d/e"), &jid));
	assert_true(str_is(jid_local(jid), "a"));
	assert_true(str_is(jid_domain(jid), "b.c"));
	assert_true(str_is(jid_resource(jid), "d/e"));
	assert_true(str_is(jid_bare(jid), "a@b.c"));
	assert_true(str_is(jid_full(jid_to_bare(jid)), "a@b.c"));
	assert_true(jid_bare_eq(jid, jid_to_bare(jid)));
	assert_false(jid_eq(jid, jid_to_bare(jid)));
	assert_true(jid_parse(&arena, STR("b.c/d"), &host));
	assert_int_equal(jid_local(host).len, 0);
	assert_true(str_is(jid_resource(host), "d"));
	assert_false(jid_bare_eq(jid, host));
	assert_true(jid_make(&arena, STR("A"), STR("b.C"), STR("d/e"), &other));
	assert_true(jid_eq(jid, other));
	assert_true(jid_make(&arena, STR(""), STR("b.c"), STR(""), &other));
	assert_true(jid_bare_eq(host, other));
	assert_false(jid_make(&arena, STR("a"), STR(""), STR(""), &other));
	assert_false(jid_make(&arena, STR("a@b"), STR("c"), STR(""), &other));
	other = jid_copy(&arena, jid_to_bare(jid));
	assert_true(str_is(jid_full(other), "a@b.c"));
	assert_int_equal(jid_full((struct jid){ 0 }).len, 0);
	arena_fini(&arena);
}

static bool
parse_long(size_t local, size_t resource)
{
	struct arena arena = { 0 };
	struct jid jid;
	char *text = arena_alloc(&arena, local + resource + 8);
	bool ok;

	memset(text, 'a', local);
	memcpy(text + local, "@b/", 3);
	memset(text + local + 3, 'r', resource);
	ok = jid_parse(&arena, str_of(text), &jid);
	arena_fini(&arena);
	return ok;
}

static void
test_lengths(void **state)
{
	(void)state;
	assert_true(parse_long(1023, 1023));
	assert_false(parse_long(1024, 1));
	assert_false(parse_long(1, 1024));
	assert_false(parse_long(1, 1 << 20));
}

static void
test_nul(void **state)
{
	struct arena arena = { 0 };
	struct jid jid;

	(void)state;
	assert_false(jid_parse(&arena, STR("a\0b@c"), &jid));
	assert_false(jid_parse(&arena, STR("a@b\0"), &jid));
	assert_false(jid_parse(&arena, STR("a@b/\xC3\xA4\0c"), &jid));
	arena_fini(&arena);
}

static void
test_sasl(void **state)
{
	char out[JID_PART_MAX + 1];
	size_t len;

	(void)state;
	/* RFC 4013 section 3 */
	assert_true(prepare_sasl(STR("I\xC2\xADX"), out, &len));
	assert_string_equal(out, "IX");
	assert_true(prepare_sasl(STR("USER"), out, &len));
	assert_string_equal(out, "USER");
	assert_true(prepare_sasl(STR("\xC2\xAA"), out, &len));
	assert_string_equal(out, "a");
	assert_true(prepare_sasl(STR("\xE2\x85\xA8"), out, &len));
	assert_string_equal(out, "IX");
	assert_int_equal(len, 2);
	assert_false(prepare_sasl(STR("\x07"), out, &len));
	assert_false(prepare_sasl(STR("\xD8\xA7\x31"), out, &len));
	assert_false(prepare_sasl(STR(""), out, &len));
	/* non-ASCII space becomes a space */
	assert_true(prepare_sasl(STR("a\xC2\xA0z"), out, &len));
	assert_string_equal(out, "a z");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_sasl),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Roster items: what clients may ask for, and the stored form. */
#include "server/modules/roster_item.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/support/xml_tree.h"

#define QUERY(inner) "<query xmlns='jabber:iq:roster'>" inner "</query>"

static char long_text[2 * ROSTER_TEXT_MAX];

/* Reads a roster set; NULL where it was taken, else the error's name. */
static const char *
wish_of(const char *text, struct xml_tree **tree, struct roster_wish *wish)
{
	enum stanza_error error;
	const char *why;

	*tree = tree_of(str_of(text));
	assert_non_null(*tree);
	if (roster_wish_read(
		&(*tree)->arena, (*tree)->root, wish, &error, &why))
		return NULL;
	assert_non_null(why);
	return stanza_error_name(error);
}

static void
expect_refused(const char *text, const char *error)
{
	struct xml_tree *tree;
	struct roster_wish wish;
	const char *got = wish_of(text, &tree, &wish);

	if (!got || strcmp(got, error) != 0)
		fail_msg(
		    "%s instead of %s: %s", got ? got : "taken", error, text);
	xml_tree_drop(&tree);
}

static void
test_wish(void **state)
{
	struct xml_tree *tree;
	struct roster_wish wish;

	(void)state;
	assert_null(wish_of(QUERY("<item jid='Bob@B.example/desk' name='Bob' "
				  "subscription='both'><group>A</group>"
				  "<group>B</group></item>"),
	    &tree, &wish));
	assert_true(str_is(jid_full(wish.contact), "bob@b.example"));
	assert_true(str_is(wish.item.name, "Bob"));
	assert_int_equal(wish.item.group_count, 2);
	assert_true(str_is(wish.item.groups[1], "B"));
	assert_false(wish.remove);
	xml_tree_drop(&tree);
	assert_null(wish_of(QUERY("<item jid='b.example' subscription='remove'>"
				  "<group/></item>"),
	    &tree, &wish));
	assert_true(wish.remove);
	assert_int_equal(wish.item.group_count, 0);
	xml_tree_drop(&tree);
}

static void
test_refused(void **state)
{
	char text[4 * ROSTER_TEXT_MAX];
	size_t len;

	(void)state;
	expect_refused(QUERY(""), "bad-request");
	expect_refused(QUERY("<item/>"), "bad-request");
	expect_refused(
	    QUERY("<item jid='a@b'/><item jid='c@d'/>"), "bad-request");
	expect_refused(QUERY("<x jid='a@b'/>"), "bad-request");
	expect_refused(QUERY("<item xmlns='urn:x' jid='a@b'/>"), "bad-request");
	expect_refused(QUERY("<item jid='@b'/>"), "jid-malformed");
	expect_refused(QUERY("<item jid=''/>"), "jid-malformed");
	expect_refused(
	    QUERY("<item jid='a@b'><group/></item>"), "not-acceptable");
	expect_refused(QUERY("<item jid='a@b'><group>A</group>"
			     "<group>A</group></item>"),
	    "bad-request");
	memset(long_text, 'x', ROSTER_TEXT_MAX + 1);
	snprintf(text, sizeof(text), QUERY("<item jid='a@b' name='%s'/>"),
	    long_text);
	expect_refused(text, "not-acceptable");
	snprintf(text, sizeof(text),
	    QUERY("<item jid='a@b'><group>%s</group></item>"), long_text);
	expect_refused(text, "not-acceptable");
	len = (size_t)snprintf(text, sizeof(text),
	    "<query xmlns='jabber:iq:roster'><item jid='a@b'>");
	for (int i = 0; i <= ROSTER_GROUPS_MAX; i++)
		len += (size_t)snprintf(
		    text + len, sizeof(text) - len, "<group>%d</group>", i);
	snprintf(text + len, sizeof(text) - len, "</item></query>");
	expect_refused(text, "not-acceptable");
}

/* The longest that is taken; and the limit of what is stored holds it. */
static void
test_limits(void **state)
{
	struct roster_item item = { 0 }, again;
	struct arena arena = { 0 };
	struct buf out = { 0 };

	(void)state;
	memset(long_text, '\n', ROSTER_TEXT_MAX);
	item.name = (struct str){ long_text, ROSTER_TEXT_MAX };
	for (size_t i = 0; i < ROSTER_GROUPS_MAX; i++)
		item.groups[i] = (struct str){ arena_memdup(&arena, long_text,
						   ROSTER_TEXT_MAX),
			ROSTER_TEXT_MAX };
	for (size_t i = 0; i < ROSTER_GROUPS_MAX; i++)
		((char *)item.groups[i].ptr)[i] = '\\'; /* all different */
	item.group_count = ROSTER_GROUPS_MAX;
	roster_item_write(&item, &out);
	assert_int_equal(out.len, ROSTER_STORED_MAX);
	assert_true(roster_item_read(&arena, buf_str(&out), &again));
	assert_int_equal(again.group_count, ROSTER_GROUPS_MAX);
	assert_true(str_eq(again.name, item.name));
	assert_true(str_eq(again.groups[7], item.groups[7]));
	buf_fini(&out);
	arena_fini(&arena);
}

static void
test_stored_form(void **state)
{
	struct roster_item item = { .name = STR("a\\b\nc"),
		.groups = { STR("n"), STR("\xc3\xa4 ") },
		.group_count = 2 };
	struct arena arena = { 0 };
	struct buf out = { 0 };
	struct roster_item again;

	(void)state;
	roster_item_write(&item, &out);
	assert_string_equal(
	    buf_text(&out), "1\nn a\\\\b\\nc\ng n\ng \xc3\xa4 \n");
	assert_true(roster_item_read(&arena, buf_str(&out), &again));
	assert_true(str_eq(again.name, item.name));
	assert_int_equal(again.group_count, 2);
	assert_true(str_eq(again.groups[1], item.groups[1]));
	buf_fini(&out);
	item = (struct roster_item){ 0 };
	roster_item_write(&item, &out);
	assert_string_equal(buf_text(&out), "1\n");
	assert_true(roster_item_read(&arena, buf_str(&out), &again));
	buf_fini(&out);
	arena_fini(&arena);
}

static void
test_damaged(void **state)
{
	static const char *const texts[] = { "", "1", "2\n", "1\nn a",
		"1\nn \n", "1\nn\n", "1\nx a\n", "1\nn a\nn b\n",
		"1\ng a\nn b\n", "1\ng a\ng a\n", "1\nn a\\\n", "1\nn \\t\n",
		"1\n\n", "1\nnab\n" };
	struct arena arena = { 0 };
	struct roster_item item;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (roster_item_read(&arena, str_of(texts[i]), &item))
			fail_msg("read: %s", texts[i]);
	arena_fini(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wish),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_stored_form),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Stanzas: what is accepted, answers, and both ways to bytes. */
#include "server/xmpp/stanza.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/xml_tree.h"

static struct stanza *
parse_as(const char *text, enum stanza_parse expected)
{
	struct xml_tree *tree = tree_of(str_of(text));
	struct stanza *stanza;
	enum stanza_parse got;

	if (!tree)
		fail_msg("no tree: %s", text);
	got = stanza_parse(&tree, &stanza);
	if (got != expected)
		fail_msg("%d instead of %d: %s", got, expected, text);
	assert_int_equal(tree == NULL, got != STANZA_NOT_A_STANZA);
	assert_int_equal(stanza != NULL, got != STANZA_NOT_A_STANZA);
	xml_tree_drop(&tree);
	return stanza;
}

static void
expect_parse(const char *text, enum stanza_parse expected)
{
	struct stanza *stanza = parse_as(text, expected);

	stanza_drop(&stanza);
}

static void
test_parse(void **state)
{
	(void)state;
	expect_parse("<message/>", STANZA_OK);
	expect_parse("<presence type='subscribe' to='a@b'/>", STANZA_OK);
	expect_parse("<message type='strange'/>", STANZA_OK);
	expect_parse("<presence type='strange'/>", STANZA_BAD);
	expect_parse("<presence type='available'/>", STANZA_BAD);
	expect_parse("<presence type='chat'/>", STANZA_BAD);
	expect_parse("<message xmlns='jabber:server'/>", STANZA_OK);
	expect_parse("<message xmlns='urn:x'/>", STANZA_NOT_A_STANZA);
	expect_parse("<x:message/>", STANZA_NOT_A_STANZA);
	expect_parse("<msg/>", STANZA_NOT_A_STANZA);
	expect_parse("<message to='@b'/>", STANZA_BAD_TO);
	expect_parse("<message to=''/>", STANZA_BAD_TO);
	expect_parse("<message to='a@b' from='b@/'/>", STANZA_BAD_FROM);
	expect_parse("<iq type='get' id='1'><q xmlns='u'/></iq>", STANZA_OK);
	expect_parse("<iq type='set' id='1'> <q/> </iq>", STANZA_OK);
	expect_parse("<iq type='get' id='1'/>", STANZA_BAD);
	expect_parse("<iq type='get' id='1'>text</iq>", STANZA_BAD);
	expect_parse("<iq type='get' id='1'><a/><b/></iq>", STANZA_BAD);
	expect_parse("<iq type='get'><a/></iq>", STANZA_BAD);
	expect_parse("<iq id='1'><a/></iq>", STANZA_BAD);
	expect_parse("<iq id='1' type='chat'><a/></iq>", STANZA_BAD);
	expect_parse("<iq id='1' type='result'/>", STANZA_OK);
	expect_parse("<iq id='1' type='error'><a/><error/></iq>", STANZA_OK);
}

static void
test_fields(void **state)
{
	struct stanza *stanza;

	(void)state;
	stanza = parse_as("<iq from='A@b/c' to='d@E' id='&lt;1' type='set' "
			  "xml:lang='de'>\n<q xmlns='u'/></iq>",
	    STANZA_OK);
	assert_int_equal(stanza->kind, STANZA_IQ);
	assert_int_equal(stanza->type, TYPE_SET);
	assert_true(str_is(jid_full(stanza->from), "a@b/c"));
	assert_true(str_is(jid_full(stanza->to), "d@e"));
	assert_true(str_is(stanza->id, "<1"));
	assert_true(str_is(stanza->lang, "de"));
	assert_true(xml_is(stanza->payload, STR("u"), "q"));
	stanza_drop(&stanza);
	assert_null(stanza);
	stanza = parse_as("<message/>", STANZA_OK);
	assert_false(jid_is_set(stanza->from));
	assert_null(stanza->id.ptr);
	assert_null(stanza->lang.ptr);
	assert_int_equal(stanza->type, TYPE_NONE);
	stanza_drop(&stanza);
}

/* Both ways mean the same; returns false where the fast one wasn't taken. */
static bool
same_both_ways(const struct stanza *stanza)
{
	struct buf fast = { 0 }, slow = { 0 };
	struct xml_tree *a, *b;
	bool differ;

	stanza_write(stanza, NS_CLIENT, &fast);
	stanza_write_tree(stanza, &slow);
	a = tree_of(buf_str(&fast));
	b = tree_of(buf_str(&slow));
	if (!a || !b || !xml_equal(a->root, b->root))
		fail_msg("%s\n%s", fast.data, slow.data);
	differ = !str_eq(buf_str(&fast), buf_str(&slow));
	xml_tree_drop(&a);
	xml_tree_drop(&b);
	buf_fini(&fast);
	buf_fini(&slow);
	return differ;
}

static const struct {
	const char *text;
	bool fast; /* and seen to be: the bytes differ from the slow way's */
} odd[] = {
	{ "<message to='a@b'><body>1\"2</body></message>", false },
	{ "<message to=\"a@b\"><body a=\"&quot;'\">x</body></message>", true },
	{ "<message><body>a&#10;b\r\nc\rd</body></message>", true },
	{ "<message><body>&#13;</body><b a='&#9;&#10;&#13; \t'/></message>",
	    true },
	{ "<message><![CDATA[<a>]]&gt;]]></message>", true },
	{ "<message  ><body ></body ></message >", true },
	{ "<message></message>", true },
	{ "<message/>", false },
	{ "<message odd='1' x:odd='2' xml:odd='3' xml:lang='en'><b></b>"
	  "</message>",
	    true },
	{ "<message><b xmlns=''><c xmlns='urn:c'/></b ></message>", true },
	{ "<message xmlns:y='urn:y'><y:b></y:b></message>", false },
	{ "<message><x:b></x:b></message>", false },
	{ "<message><b x:a='1'></b></message>", false },
	{ "<message><y:b xmlns:y='urn:y' y:a=''></y:b></message>", true },
	{ "<message><x:b xmlns:x='urn:z'/></message>", true },
	{ "<message><b xml:lang='x'></b></message>", true },
	{ "<message xmlns='jabber:client'><b></b></message>", true },
	{ "<message xmlns='jabber:server'><b></b></message>", false },
	{ "<message xmlns='jabber:server'><b xmlns='jabber:server'/>"
	  "<c xmlns='u'><d xmlns='jabber:server'/></c></message>",
	    false },
	{ "<z:message xmlns:z='jabber:client'><b></b></z:message>", false },
	{ "<message type='strange'><b></b></message>", true },
	{ "<message from='a@b/&lt;&apos;&quot;&amp;'><b></b></message>", true },
	{ "<message id='' xml:lang=''><b></b></message>", true },
	{ "<presence><status>\xC3\xA4\xF0\x9F\x98\x80</status></presence >",
	    true },
};

static void
test_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		struct stanza *stanza = parse_as(odd[i].text, STANZA_OK);
		struct stanza *copy = stanza_copy(stanza);
		bool fast = same_both_ways(stanza);

		if (fast != odd[i].fast)
			fail_msg("fast: %d: %s", fast, odd[i].text);
		assert_int_equal(same_both_ways(copy), fast);
		stanza_touch(stanza);
		assert_false(same_both_ways(stanza));
		stanza_drop(&stanza);
		stanza_drop(&copy);
	}
}

static void
expect_bytes(const struct stanza *stanza, const char *expected)
{
	struct buf out = { 0 };

	stanza_write(stanza, NS_CLIENT, &out);
	assert_string_equal(buf_text(&out), expected);
	buf_fini(&out);
}

static struct jid
jid_of(struct stanza *stanza, const char *text)
{
	struct jid jid;

	assert_true(jid_parse(stanza_arena(stanza), str_of(text), &jid));
	return jid;
}

static void
test_write(void **state)
{
	struct stanza *stanza;

	(void)state;
	stanza = parse_as("<message to='A@b' odd='1' from='spoofed@b'"
			  "><body>\"</body></message>",
	    STANZA_OK);
	stanza_set_from(stanza, jid_of(stanza, "me@b/r's"));
	expect_bytes(stanza, "<message from='me@b/r&apos;s' to='a@b' odd='1'>"
			     "<body>\"</body></message>");
	stanza_drop(&stanza);
	stanza = parse_as("<message xmlns='jabber:server'>"
			  "<b xmlns='jabber:server'/></message>",
	    STANZA_OK);
	expect_bytes(stanza, "<message><b/></message>");
	stanza_drop(&stanza);
}

static void
test_result(void **state)
{
	struct stanza *iq;

	(void)state;
	iq = parse_as("<iq from='a@b/c' to='b' id='7' type='get' odd='1'>"
		      "<q xmlns='u'/></iq>",
	    STANZA_OK);
	stanza_make_result(iq);
	expect_bytes(iq, "<iq from='b' to='a@b/c' id='7' type='result'/>");
	xml_add(stanza_arena(iq), iq->tree->root, STR("u"), STR("q"));
	expect_bytes(iq, "<iq from='b' to='a@b/c' id='7' type='result'>"
			 "<q xmlns='u'/></iq>");
	stanza_drop(&iq);
}

static void
test_error(void **state)
{
	struct stanza *stanza;

	(void)state;
	stanza = parse_as("<message from='a@b/c' to='x@y' id='7'>"
			  "<body>hi</body></message>",
	    STANZA_OK);
	assert_true(stanza_make_error(
	    stanza, ERROR_SERVICE_UNAVAILABLE, "gone & away"));
	expect_bytes(stanza,
	    "<message from='x@y' to='a@b/c' id='7' type='error'>"
	    "<body>hi</body><error type='cancel'><service-unavailable "
	    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text "
	    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>gone &amp; away"
	    "</text></error></message>");
	/* an error is never answered with another one */
	assert_false(stanza_make_error(stanza, ERROR_CONFLICT, NULL));
	stanza_drop(&stanza);
	stanza = parse_as("<iq from='a@b' id='1' type='result'/>", STANZA_OK);
	assert_false(stanza_make_error(stanza, ERROR_CONFLICT, NULL));
	stanza_drop(&stanza);
	stanza = parse_as("<message to='@'/>", STANZA_BAD_TO);
	stanza_set_from(stanza, jid_of(stanza, "a@b/c"));
	assert_true(stanza_make_error(stanza, ERROR_JID_MALFORMED, NULL));
	expect_bytes(stanza,
	    "<message to='a@b/c' type='error'><error type='modify'>"
	    "<jid-malformed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
	    "</error></message>");
	stanza_drop(&stanza);
	/* before login nobody has an address: the stream is the way back */
	stanza = parse_as("<message id='1'/>", STANZA_OK);
	assert_true(stanza_make_error(stanza, ERROR_NOT_AUTHORIZED, NULL));
	assert_false(jid_is_set(stanza->to));
	stanza_drop(&stanza);
}

static void
test_new(void **state)
{
	struct arena arena = { 0 };
	struct stanza *stanza;
	struct jid jid;

	(void)state;
	assert_true(jid_parse(&arena, STR("a@b"), &jid));
	stanza = stanza_new(STANZA_PRESENCE, TYPE_UNAVAILABLE, jid,
	    (struct jid){ 0 }, (struct str){ 0 });
	arena_fini(&arena);
	expect_bytes(stanza, "<presence from='a@b' type='unavailable'/>");
	stanza_drop(&stanza);
}

static void
test_wire(void **state)
{
	struct stanza *stanza = parse_as(
	    "<message from='a@b' to='c@d' id='1'><body/></message>", STANZA_OK);
	struct wire *wire = wire_of(stanza, NS_CLIENT), *other;
	struct buf out = { 0 };

	(void)state;
	other = wire_keep(wire);
	wire_drop(&wire);
	assert_null(wire);
	wire_write(other, (struct jid){ 0 }, &out);
	assert_string_equal(buf_text(&out),
	    "<message from='a@b' to='c@d' id='1'><body/></message>");
	assert_int_equal(wire_size(other), out.len);
	buf_clear(&out);
	wire_write(other, jid_of(stanza, "e@f/<"), &out);
	assert_string_equal(buf_text(&out),
	    "<message from='a@b' to='e@f/&lt;' id='1'><body/></message>");
	wire_drop(&other);
	wire_drop(&other);
	buf_fini(&out);
	stanza_drop(&stanza);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_result),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

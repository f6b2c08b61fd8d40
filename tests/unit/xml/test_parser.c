/* The stream parser: what comes out, borders, rest and replay. */
#include "server/xml/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define HEADER                                                       \
	"<?xml version='1.0'?><stream:stream xmlns='jabber:client' " \
	"xmlns:stream='http://etherx.jabber.org/streams' "           \
	"xmlns:x='urn:x' to='example.org' version='1.0'>"
#define MESSAGE                                                   \
	"<message to='a@b' type='chat'><body>hi &amp; bye</body>" \
	"<active xmlns='http://jabber.org/protocol/chatstates'/></message>"

/* All that came out, as one text that a test can compare. */
struct seen {
	struct xml_parser *parser;
	struct buf log;
	struct buf raw;
	unsigned self_contained;
	unsigned elements;
	const char *stop_at; /* stop the parser at elements of that name */
	bool stop_at_open;
};

static void
on_open(void *arg, const struct xml_node *root, struct str default_ns)
{
	struct seen *seen = arg;

	buf_printf(&seen->log, "[%.*s|", STR_ARG(default_ns));
	xml_write(&seen->log, root, STR(""));
	buf_puts(&seen->log, "]");
	if (seen->stop_at_open)
		xml_parser_stop(seen->parser);
}

static void
on_element(void *arg, struct xml_tree **tree)
{
	struct seen *seen = arg;

	xml_write(&seen->log, (*tree)->root, STR("jabber:client"));
	buf_printf(&seen->raw, "%.*s;", STR_ARG((*tree)->raw_body));
	seen->elements++;
	seen->self_contained += (*tree)->self_contained;
	if (seen->stop_at && str_is((*tree)->root->name, seen->stop_at))
		xml_parser_stop(seen->parser);
}

static void
on_close(void *arg)
{
	struct seen *seen = arg;

	buf_puts(&seen->log, "[close]");
}

static void
on_error(void *arg, enum xml_error error, const char *where)
{
	static const char *const names[] = { "not-well-formed", "restricted",
		"bad-prefix", "encoding", "too-large", "invalid" };
	struct seen *seen = arg;

	assert_true(strlen(where) > 0);
	buf_printf(&seen->log, "[error %s]", names[error]);
}

static const struct xml_events events = { on_open, on_element, on_close,
	on_error };
static const struct xml_limits wide = { 1 << 20, 64, 64, 1000 };

static void
seen_init(struct seen *seen, const struct xml_limits *limits)
{
	*seen = (struct seen){ 0 };
	seen->parser = xml_parser_create(limits, &events, seen);
}

static void
seen_fini(struct seen *seen)
{
	xml_parser_destroy(&seen->parser);
	buf_fini(&seen->log);
	buf_fini(&seen->raw);
}

static size_t
feed(struct seen *seen, const char *text)
{
	return xml_parser_feed(seen->parser, text, strlen(text));
}

#define OPENED                                                       \
	"[jabber:client|<stream "                                    \
	"xmlns='http://etherx.jabber.org/streams' to='example.org' " \
	"version='1.0'/>]"

/* Whole, byte by byte, and resting between all bytes: the same comes out. */
static void
expect_with(
    const struct xml_limits *limits, const char *stream, const char *expected)
{
	for (int way = 0; way < 3; way++) {
		struct seen seen;

		seen_init(&seen, limits);
		if (way == 0)
			feed(&seen, stream);
		for (const char *p = stream; way > 0 && *p; p++) {
			xml_parser_feed(seen.parser, p, 1);
			if (way == 2)
				xml_parser_rest(seen.parser);
		}
		assert_string_equal(buf_text(&seen.log), expected);
		seen_fini(&seen);
	}
}

static void
expect(const char *stream, const char *expected)
{
	expect_with(&wide, stream, expected);
}

static void
test_stream(void **state)
{
	(void)state;
	expect(HEADER MESSAGE " \r\n<iq/></stream:stream>",
	    OPENED "<message to='a@b' type='chat'><body>hi &amp; bye</body>"
		   "<active xmlns='http://jabber.org/protocol/chatstates'/>"
		   "</message><iq/>[close]");
	expect(" \n" HEADER "<a/>", OPENED "<a/>");
}

static void
test_raw(void **state)
{
	struct seen seen;

	(void)state;
	seen_init(&seen, &wide);
	feed(&seen, HEADER "<a b='>'  >x<b/>&gt;<![CDATA[<]]></a ><c/><d></d>");
	assert_string_equal(
	    buf_text(&seen.raw), ">x<b/>&gt;<![CDATA[<]]></a >;;></d>;");
	buf_clear(&seen.raw);
	feed(&seen, "<a>1");
	feed(&seen, "2<b");
	feed(&seen, "/></a");
	feed(&seen, ">");
	assert_string_equal(buf_text(&seen.raw), ">12<b/></a>;");
	seen_fini(&seen);
}

static void
test_stop(void **state)
{
	static const char text[] = HEADER "<a/><stop/>\x16\x03rest";
	struct seen seen;
	size_t used;

	(void)state;
	seen_init(&seen, &wide);
	seen.stop_at = "stop";
	used = feed(&seen, text);
	assert_string_equal(text + used, "\x16\x03rest");
	assert_true(xml_parser_idle(seen.parser));
	/* It goes on in the same stream where that is wanted. */
	assert_int_equal(feed(&seen, "<x:b/><stop/><c/>"), 13);
	xml_parser_reset(seen.parser);
	buf_clear(&seen.log);
	seen.stop_at_open = true;
	assert_int_equal(feed(&seen, "\n" HEADER "<a/>"), sizeof(HEADER));
	assert_string_equal(buf_text(&seen.log), OPENED);
	feed(&seen, "<a/></stream:stream>");
	assert_string_equal(buf_text(&seen.log), OPENED "<a/>[close]");
	seen_fini(&seen);
}

static void
test_restricted(void **state)
{
	(void)state;
	expect(HEADER "<!-- no end", OPENED "[error restricted]");
	expect(HEADER "<a><?pi", OPENED "[error restricted]");
	expect(HEADER "<a>&lol;</a>", OPENED "[error restricted]");
	expect(HEADER "<a b='&lol;'/>", OPENED "[error restricted]");
	expect(HEADER "<a>&looooooooooooooooooooooooooooooooooooooooool",
	    OPENED "[error restricted]");
	expect("<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]><a>&d;</a>",
	    "[error restricted]");
	expect("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
	    "[error restricted]");
	expect("<!-- c --><a/>", "[error restricted]");
	expect("<?pi?><a/>", "[error restricted]");
}

static void
test_not_well_formed(void **state)
{
	static const char *const bad[] = {
		"<a></b>",
		"<a b='1' b='2'/>",
		"<a><",
		"<a>\xFF</a>",
		"<a>\xC0\xBC</a>",
		"<a>\xED\xA0\x80</a>",
		"<a>\xEF\xBF\xBE</a>",
		"<a>\x01</a>",
		"<a>&#0;</a>",
		"<a>&#xFFFE;</a>",
		"<a>]]></a>",
		"<a b='<'/>",
		"<a b=1/>",
		"</a>",
		"<a:b:c/>",
		"<:a/>",
		"<x:/>",
		"<x:1/>",
		"<a x:-b=''/>",
		"<a xmlns:xml='urn:y'/>",
		"<a xmlns:y='http://www.w3.org/XML/1998/namespace'/>",
		"<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
		"<a xmlns='http://www.w3.org/2000/xmlns/'/>",
		"<a xmlns:xmlns='urn:y'/>",
		"<a xmlns:y=''/>",
		"<a xmlns:y='urn:x' x:b='1' y:b='2'/>",
		"<x:a></y:a>",
		"<a><!DOCTYPE",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct seen seen;

		seen_init(&seen, &wide);
		feed(&seen, HEADER);
		feed(&seen, bad[i]);
		feed(&seen, " ");
		if (strcmp(buf_text(&seen.log),
			OPENED "[error not-well-formed]") != 0)
			fail_msg("%s: %s", bad[i], buf_text(&seen.log));
		seen_fini(&seen);
	}
	expect("<a/><b/>", "[|<a/>][close][error not-well-formed]");
	expect("x", "");
	expect("x<a>", "[error not-well-formed]");
	expect(HEADER "</stream:stream> <a/>",
	    OPENED "[close][error not-well-formed]");
}

static void
test_prefixes(void **state)
{
	(void)state;
	expect(HEADER "<y:a/>", OPENED "[error bad-prefix]");
	expect(HEADER "<a y:b=''/>", OPENED "[error bad-prefix]");
	expect(
	    HEADER "<a xmlns:y='u'/><y:a/>", OPENED "<a/>[error bad-prefix]");
	expect("<stream:stream xmlns='jabber:client'>", "[error bad-prefix]");
	expect(HEADER "<x:a><b xmlns:x='urn:y'><x:c x:d=''/></b><x:e/></x:a>",
	    OPENED "<a xmlns='urn:x'><b xmlns='jabber:client'>"
		   "<c xmlns='urn:y' xmlns:ns0='urn:y' ns0:d=''/></b><e/></a>");
	expect(HEADER "<a xmlns='u'><b xmlns=''><c/></b></a><d/>",
	    OPENED "<a xmlns='u'><b xmlns=''><c/></b></a><d/>");
	expect(HEADER "<a xml:lang='en'/>", OPENED "<a xml:lang='en'/>");
}

static void
test_encoding(void **state)
{
	static const char wide_chars[] = "<\0a\0>\0<\0b\0/\0>\0";
	struct seen seen;

	(void)state;
	expect("<?xml version='1.0' encoding='utf-8'?><a>", "[|<a/>]");
	expect("<?xml version='1.0' encoding='ISO-8859-1'?><a>",
	    "[error encoding]");
	expect("\xFF\xFE<", "[error encoding]");
	expect("\xFE\xFF", "[error encoding]");
	for (size_t piece = 1; piece < sizeof(wide_chars); piece++) {
		seen_init(&seen, &wide);
		for (size_t i = 0; i + piece < sizeof(wide_chars); i += piece)
			xml_parser_feed(seen.parser, wide_chars + i, piece);
		assert_string_equal(buf_text(&seen.log), "[error encoding]");
		seen_fini(&seen);
	}
}

static void
test_between(void **state)
{
	struct xml_limits tight = { 200, 4, 8, 8 };
	struct seen seen;

	(void)state;
	expect(HEADER " \t<a/>x", OPENED "<a/>[error invalid]");
	expect(HEADER "&#32;<a/>&#65;", OPENED "<a/>[error invalid]");
	seen_init(&seen, &tight);
	feed(&seen, HEADER);
	for (int i = 0; i < 100000; i++)
		feed(&seen, " \r\n");
	feed(&seen, "<a/>");
	assert_string_equal(buf_text(&seen.log), OPENED "<a/>");
	seen_fini(&seen);
}

/* count times the piece, into a running stream */
static void
feed_times(struct seen *seen, const char *piece, size_t count, bool dribble)
{
	struct buf all = { 0 };

	for (size_t i = 0; i < count; i++)
		buf_puts(&all, piece);
	for (size_t i = 0; dribble && i < all.len; i++)
		xml_parser_feed(seen->parser, all.data + i, 1);
	if (!dribble)
		xml_parser_feed(seen->parser, all.data, all.len);
	buf_fini(&all);
}

static void
expect_too_large(const char *start, const char *piece, size_t count)
{
	static const struct xml_limits limits = { 65536, 100, 20, 200 };

	for (int dribble = 0; dribble < 2; dribble++) {
		struct seen seen;

		seen_init(&seen, &limits);
		feed(&seen, HEADER);
		feed(&seen, start);
		feed_times(&seen, piece, count, dribble);
		assert_string_equal(
		    buf_text(&seen.log), OPENED "[error too-large]");
		seen_fini(&seen);
	}
}

static void
test_too_large(void **state)
{
	(void)state;
	expect_too_large("", "<a>", 100000);
	expect_too_large("<a>", "<b/>", 100000);
	expect_too_large("<a>", "text", 100000);
	expect_too_large("<a b='", "x>", 500000);
	expect_too_large("<a>&lt;<b c='", "x", 1000000);
	expect_too_large("<", "a", 100000);
	expect_too_large("<a ", " ", 100000);
	expect_too_large("", "<![CDATA[]]>", 100000);
	expect_too_large("<a>", "<b xmlns:y='1' xmlns:z='2'>", 100);
}

static void
test_attributes(void **state)
{
	static const struct xml_limits limits = { 1 << 20, 4, 20, 8 };
	struct seen seen;
	struct buf tag = { 0 };

	(void)state;
	for (unsigned count = 20; count <= 100000; count += 99980) {
		buf_clear(&tag);
		buf_puts(&tag, "<a");
		for (unsigned i = 0; i < count; i++)
			buf_printf(&tag, " b%u=''", i);
		buf_puts(&tag, "/>");
		seen_init(&seen, &limits);
		feed(&seen, HEADER);
		feed(&seen, tag.data);
		assert_int_equal(seen.elements, count == 20);
		seen_fini(&seen);
	}
	buf_fini(&tag);
}

/* A stanza of exactly the limit passes, one byte more doesn't. */
static void
test_exact_limit(void **state)
{
	struct xml_limits limits = { 300, 4, 8, 8 };
	struct seen seen;

	(void)state;
	for (size_t split = 1; split < 20; split++)
		for (size_t size = 20; size <= 21; size++) {
			char text[] = "<a>0123456789abc</a> ";

			if (size == 21)
				strcpy(text, "<a>0123456789abcd</a>");
			limits.bytes = 300;
			seen_init(&seen, &limits);
			feed(&seen, HEADER);
			limits.bytes = 20;
			xml_parser_set_limits(seen.parser, &limits);
			feed(&seen, " ");
			xml_parser_feed(seen.parser, text, split);
			feed(&seen, text + split);
			assert_int_equal(seen.elements, size == 20);
			seen_fini(&seen);
		}
}

/* Many stanzas outlive several expats. */
static void
test_long_stream(void **state)
{
	struct seen seen;

	(void)state;
	seen_init(&seen, &wide);
	feed(&seen, HEADER);
	feed_times(&seen, MESSAGE "<x:a/>\n", 5000, false);
	assert_int_equal(seen.elements, 10000);
	assert_int_equal(seen.self_contained, 5000);
	assert_true(xml_parser_idle(seen.parser));
	xml_parser_rest(seen.parser);
	assert_true(xml_parser_idle(seen.parser));
	feed(&seen, "\n<x:a");
	assert_false(xml_parser_idle(seen.parser));
	xml_parser_rest(seen.parser);
	feed(&seen, "/>");
	assert_int_equal(seen.elements, 10001);
	seen_fini(&seen);
}

static void
test_reset(void **state)
{
	struct seen seen;

	(void)state;
	seen_init(&seen, &wide);
	feed(&seen, HEADER "<a><b");
	xml_parser_reset(seen.parser);
	assert_false(xml_parser_idle(seen.parser));
	buf_clear(&seen.log);
	feed(&seen, HEADER "<c/><d></e>");
	assert_string_equal(
	    buf_text(&seen.log), OPENED "<c/>[error not-well-formed]");
	assert_int_equal(feed(&seen, "<a/>"), 0);
	xml_parser_reset(seen.parser);
	buf_clear(&seen.log);
	feed(&seen, HEADER);
	assert_string_equal(buf_text(&seen.log), OPENED);
	seen_fini(&seen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_restricted),
		cmocka_unit_test(test_not_well_formed),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_encoding),
		cmocka_unit_test(test_between),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_exact_limit),
		cmocka_unit_test(test_long_stream),
		cmocka_unit_test(test_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

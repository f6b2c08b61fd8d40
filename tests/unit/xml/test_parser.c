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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

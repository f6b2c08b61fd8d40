/*
 * The framing scanner: whole streams, streams a byte at a time, and what
 * isn't one.
 */
#include "tools/bench/frame.h"

#include "cfgparse/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static const char stream[] =
    "<?xml version='1.0'?><stream:stream id='a>b' version=\"1.0\">"
    " <stream:features><a><b/></a></stream:features>\n"
    "<message to='x' note='a/>b' id=\"7\"><body>2 &gt; 1</body></message>"
    "<r/></stream:stream>";

static const struct {
	enum bench_frame_kind kind;
	const char *piece;
} pieces[] = {
	{ BENCH_FRAME_OPEN, "<stream:stream id='a>b' version=\"1.0\">" },
	{ BENCH_FRAME_ELEMENT,
	    "<stream:features><a><b/></a></stream:features>" },
	{ BENCH_FRAME_ELEMENT, "<message to='x' note='a/>b' id=\"7\">"
			       "<body>2 &gt; 1</body></message>" },
	{ BENCH_FRAME_ELEMENT, "<r/>" },
	{ BENCH_FRAME_CLOSE, "</stream:stream>" },
};

/* Feeds the stream step bytes at a time. */
static void
check_stream(size_t step)
{
	struct bench_scanner scanner = { 0 };
	struct buf in = { 0 };
	size_t found = 0;

	for (size_t at = 0; at < sizeof(stream) - 1; at += step) {
		size_t left = sizeof(stream) - 1 - at;
		enum bench_frame_kind kind;
		struct str piece;
		size_t used;

		buf_append(&in, stream + at, left < step ? left : step);
		while ((kind = bench_frame_next(&scanner, buf_str(&in), &piece,
			    &used)) != BENCH_FRAME_MORE) {
			assert_true(found < sizeof(pieces) / sizeof(pieces[0]));
			assert_int_equal(kind, pieces[found].kind);
			assert_true(str_is(piece, pieces[found].piece));
			buf_consume(&in, used);
			found++;
		}
	}
	assert_int_equal(found, sizeof(pieces) / sizeof(pieces[0]));
	assert_int_equal(in.len, 0);
	buf_fini(&in);
}

static void
test_cuts(void **state)
{
	(void)state;
	for (size_t step = 1; step <= sizeof(stream); step++)
		check_stream(step);
}

static void
test_refuses(void **state)
{
	static const char *const bad[] = {
		"HTTP/1.1 400 Bad Request",
		"<stream:stream/>",
		"</stream:stream>",
		"<stream:stream><!-- no -->",
		"<stream:stream>text<a/>",
		"<stream:stream><?pi?>",
		"<>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct bench_scanner scanner = { 0 };
		struct str in = str_of(bad[i]), piece;
		enum bench_frame_kind kind;
		size_t used;

		kind = bench_frame_next(&scanner, in, &piece, &used);
		if (kind == BENCH_FRAME_OPEN) {
			in.ptr += used;
			in.len -= used;
			kind = bench_frame_next(&scanner, in, &piece, &used);
		}
		assert_int_equal(kind, BENCH_FRAME_BAD);
	}
}

static void
test_limit(void **state)
{
	struct bench_scanner scanner = { 0 };
	struct buf in = { 0 };
	struct str piece;
	size_t used;

	(void)state;
	buf_puts(&in, "<a b='");
	while (in.len <= BENCH_FRAME_LIMIT)
		buf_puts(&in, "0123456789");
	assert_int_equal(
	    bench_frame_next(&scanner, buf_str(&in), &piece, &used),
	    BENCH_FRAME_BAD);
	buf_fini(&in);
}

static void
test_looks_inside(void **state)
{
	struct str iq = STR("<iq xid='no' to = \"a'b\" id='b1' type='result'>"
			    "<bind xmlns='x'><jid a='1'>u@h/r</jid></bind>"
			    "<empty/></iq>");
	struct str value;

	(void)state;
	assert_true(str_is(bench_frame_name(iq), "iq"));
	assert_true(bench_frame_attr(iq, "id", &value));
	assert_true(str_is(value, "b1"));
	assert_true(bench_frame_attr(iq, "to", &value));
	assert_true(str_is(value, "a'b"));
	assert_false(bench_frame_attr(iq, "xmlns", &value));
	assert_true(bench_frame_text(iq, "jid", &value));
	assert_true(str_is(value, "u@h/r"));
	assert_false(bench_frame_text(iq, "empty", &value));
	assert_false(bench_frame_text(iq, "ji", &value));
	assert_true(bench_frame_has(iq, "<bind"));
	assert_false(bench_frame_has(iq, "<session"));
	assert_true(str_is(bench_frame_name(STR("<r/>")), "r"));
	assert_false(bench_frame_attr(STR("<r a"), "a", &value));
	assert_false(bench_frame_attr(STR("<r a='1"), "a", &value));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_looks_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

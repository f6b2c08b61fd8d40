/*
 * The terms reader against what OTP 25 makes of the same texts: values as ~w
 * and ~0tp print them, and what it refuses. The larger set of vectors beside
 * the repository is read by tests/golden/terms_vectors where it is there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/terms.h"

/* text: one term, or several; w and p: its dumps without the last dot and
 * line feed, NULL where the text is refused. */
struct vector {
	const char *text;
	const char *w;
	const char *p; /* NULL: as w */
};

static const struct vector vectors[] = {
	{ "a.", "a", NULL },
	{ "a.%c", "a", NULL },
	{ "a\n.\n", "a", NULL },
	{ "{a}. {b}.", "{a}.\n{b}", NULL },
	{ "{a}.{b}.", NULL, NULL },
	{ "a", NULL, NULL },
	{ ".", NULL, NULL },
	{ "..", NULL, NULL },
	{ "{a}, {b}.", NULL, NULL },
	{ "a b.", NULL, NULL },
	/* atoms */
	{ "a@b_1.", "a@b_1", NULL },
	{ "'a b'.", "'a b'", NULL },
	{ "'end'. maybe.", "'end'.\nmaybe", NULL },
	{ "end.", NULL, NULL },
	{ "'\xD0\xB6\\'\\n'.", "'\\x{436}\\'\\n'", "'\xD0\xB6\\'\\n'" },
	{ "\xC3\xA9t\xC3\xA9.", "\xC3\xA9t\xC3\xA9", NULL },
	{ "'\xC3\x97'.", "'\xC3\x97'", NULL },
	{ "''. 'a''b'.", NULL, NULL },
	{ "True.", NULL, NULL },
	/* integers */
	{ "007. 1_000. 16#fF. 2#101. $a. $\\n. $ .",
	    "7.\n1000.\n255.\n5.\n97.\n10.\n32", NULL },
	{ "36#zzzzzzzzzzzzzzzzzzzz.", "13367494538843734067838845976575",
	    NULL },
	{ "123456789012345678901234567890.", "123456789012345678901234567890",
	    NULL },
	{ "-0. - 5. + $a. -(3). -((3)).", "0.\n-5.\n97.\n-3.\n-3", NULL },
	{ "--1.", NULL, NULL },
	{ "-(-1).", NULL, NULL },
	{ "1_.", NULL, NULL },
	{ "1__0.", NULL, NULL },
	{ "2#12.", NULL, NULL },
	{ "37#1.", NULL, NULL },
	{ "16#.", NULL, NULL },
	/* floats */
	{ "1.0. 1.5e3. 1.0e22. 0.0001. 1.0e-5. -0.0. 100.0.",
	    "1.0.\n1.5e3.\n1.0e22.\n0.0001.\n1.0e-5.\n-0.0.\n100.0", NULL },
	{ "9007199254740991.0. 9007199254740992.0.",
	    "9007199254740991.0.\n9.007199254740992e15", NULL },
	{ "6.38668899051110340e+293. 5.0e-324. 1.0e-400.",
	    "6.386688990511104e293.\n5.0e-324.\n0.0", NULL },
	{ "1.0_0.", "1.0", NULL },
	{ "1.0e400.", NULL, NULL },
	{ "1e3.", NULL, NULL },
	{ ".5.", NULL, NULL },
	/* strings */
	{ "\"ab\" %c\n \"c\".", "[97,98,99]", "\"abc\"" },
	{ "\"\". [97|\"b\"].", "[].\n[97,98]", "[].\n\"ab\"" },
	{ "\"\\x41\\x{20ac}\\101\\^a\\s\\q\".", "[65,8364,65,1,32,113]", NULL },
	{ "\"\xE2\x82\xAC\\n\".", "[8364,10]", "\"\xE2\x82\xAC\\n\"" },
	{ "\"C:\\path\\x\".", NULL, NULL },
	{ "\"\\x{d800}\".", NULL, NULL },
	{ "\"a", NULL, NULL },
	/* compound */
	{ "{}. {a,[b,{c}]}. [a|b]. [a,b|[c]]. [a|([b])].",
	    "{}.\n{a,[b,{c}]}.\n[a|b].\n[a,b,c].\n[a,b]", NULL },
	{ "{a,}.", NULL, NULL },
	{ "[a,].", NULL, NULL },
	{ "[|a].", NULL, NULL },
	{ "[a|b|c].", NULL, NULL },
	{ "().", NULL, NULL },
	{ "{a].", NULL, NULL },
	/* maps */
	{ "#{b => 1, 1.0 => c, 1 => d, a => 2, b => 3}.",
	    "#{1 => d,1.0 => c,a => 2,b => 3}", NULL },
	{ "#{[] => 1, \"a\" => 2, <<>> => 3, {} => 4, #{} => 5, a => 6}.",
	    "#{a => 6,{} => 4,#{} => 5,[] => 1,[97] => 2,<<>> => 3}",
	    "#{a => 6,{} => 4,#{} => 5,[] => 1,\"a\" => 2,<<>> => 3}" },
	{ "#{a := 1}.", NULL, NULL },
	{ "#{a}.", NULL, NULL },
	{ "#r{a = 1}.", NULL, NULL },
	/* binaries */
	{ "<<>>. <<1,256,-1>>. <<\"ab\", $c>>.",
	    "<<>>.\n<<1,0,255>>.\n<<97,98,99>>",
	    "<<>>.\n<<1,0,255>>.\n<<\"abc\">>" },
	{ "<<1:2, 1:3>>. <<1000:12/little>>. <<-1:3>>.",
	    "<<9:5>>.\n<<232,3:4>>.\n<<7:3>>", NULL },
	{ "<<\"\xC3\xA9\"/utf8>>. <<16#10000/utf16-little>>.",
	    "<<195,169>>.\n<<0,216,0,220>>",
	    "<<\"\xC3\xA9\"/utf8>>.\n<<0,216,0,220>>" },
	{ "<<1.5:16/float, 1.0e300:32/float>>.", "<<62,0,127,128,0,0>>", NULL },
	{ "<<(<<1,2,3>>):2/bytes, <<7:3>>/bits>>.", "<<1,2,7:3>>", NULL },
	{ "<<1:2/unit:8>>.", "<<0,1>>", NULL },
	{ "<<1/unit:8>>.", NULL, NULL },
	{ "<<1.5>>.", NULL, NULL },
	{ "<<\"\"/binary>>.", NULL, NULL },
	{ "<<1/big-little>>.", NULL, NULL },
	/* funs */
	{ "fun m:f/1. fun 'A':'b c'/0.", "fun m:f/1.\nfun 'A':'b c'/0", NULL },
	{ "fun m:f/256.", NULL, NULL },
	{ "fun f/1.", NULL, NULL },
	{ "f().", NULL, NULL },
	{ "1 + 2.", NULL, NULL },
	/* encoding */
	{ "% coding: latin-1\n\"\xE9\".", "[233]", "\"\xC3\xA9\"" },
	{ "\n\n% coding: latin-1\n\"\xE9\".", NULL, NULL },
	{ "% \xFF\na.", NULL, NULL },
	{ "\xEF\xBB\xBF"
	  "a.",
	    NULL, NULL },
	{ "\xE2\x80\x9C"
	  "a\xE2\x80\x9D.",
	    NULL, NULL },
	{ "", "", NULL },
	{ "% nothing", "", NULL },
};

static void
check_dump(const struct vector *vector, bool as_w, const char *expected)
{
	struct source source = { "x", str_of(vector->text) };
	struct findings *findings = findings_create("test");
	struct buf out = { 0 };
	int status = terms_dump_file(&source, as_w, findings, &out);

	if (!expected) {
		if (status != EXIT_FINDINGS || out.len != 0 ||
		    findings_count(findings, SEVERITY_ERROR) == 0)
			fail_msg("accepted: %s", vector->text);
	} else {
		if (out.len >= 2)
			out.data[out.len - 2] = '\0';
		if (status != EXIT_CLEAN)
			fail_msg("refused: %s", vector->text);
		if (strcmp(buf_text(&out), expected) != 0)
			fail_msg("%s\n  is %s\n  not %s", vector->text,
			    buf_text(&out), expected);
	}
	buf_fini(&out);
	findings_destroy(&findings);
}

static void
test_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct vector *vector = &vectors[i];

		check_dump(vector, true, vector->w);
		check_dump(vector, false, vector->p ? vector->p : vector->w);
	}
}

/* Parses text as ejabberd 2.1 would; the caller destroys and frees. */
struct reading {
	struct source source;
	struct arena arena;
	struct findings *findings;
	struct term *terms;
	size_t count;
	bool good;
};

static void
read_text(struct reading *reading, struct str text, bool otp25)
{
	struct terms_options options = { .otp25 = otp25 };

	*reading = (struct reading){ .source = { "x", text } };
	reading->findings = findings_create("test");
	reading->good = terms_parse(&reading->arena, &reading->source, &options,
	    reading->findings, &reading->terms, &reading->count);
}

static void
end_reading(struct reading *reading)
{
	arena_fini(&reading->arena);
	findings_destroy(&reading->findings);
}

static void
assert_span(const struct term *term, unsigned line, unsigned column,
    unsigned end_line, unsigned end_column)
{
	assert_int_equal(term_span(term).begin.line, line);
	assert_int_equal(term_span(term).begin.column, column);
	assert_int_equal(term_span(term).end.line, end_line);
	assert_int_equal(term_span(term).end.column, end_column);
}

static void
test_spans(void **state)
{
	struct reading reading;
	struct term *tuple;

	(void)state;
	read_text(&reading,
	    STR("%\n\t{\"\xC3\xA9\xE2\x82\xAC\", - 12,\n  #{k => 'v'}}.\n"),
	    true);
	assert_true(reading.good);
	assert_int_equal(reading.count, 1);
	tuple = &reading.terms[0];
	assert_span(tuple, 2, 2, 3, 15);
	assert_span(&tuple->items[0], 2, 3, 2, 7);
	assert_span(&tuple->items[1], 2, 9, 2, 13);
	assert_span(&tuple->items[2], 3, 3, 3, 14);
	assert_span(&tuple->items[2].items[1], 3, 10, 3, 13);
	assert_true(tuple->items[2].items[1].quoted);
	assert_ptr_equal(tuple->file->source, &reading.source);
	end_reading(&reading);
}

static void
test_latin1_of_old_files(void **state)
{
	struct str text = STR("{a, \"caf\xE9\"}.\n");
	struct reading reading;

	(void)state;
	read_text(&reading, text, false);
	assert_true(reading.good);
	assert_int_equal(findings_count(reading.findings, SEVERITY_WARNING), 1);
	assert_true(str_is(reading.terms[0].items[1].text, "caf\xC3\xA9"));
	end_reading(&reading);
	read_text(&reading, text, true);
	assert_false(reading.good);
	end_reading(&reading);
}

/* count times open, then count times close, then a dot. */
static void
nest(struct buf *text, size_t count)
{
	buf_clear(text);
	for (size_t i = 0; i < count; i++)
		buf_putc(text, '[');
	for (size_t i = 0; i < count; i++)
		buf_putc(text, ']');
	buf_puts(text, ".\n");
}

static size_t
errors_of(const struct buf *text)
{
	struct reading reading;
	size_t errors;

	read_text(&reading, buf_str(text), true);
	errors = findings_count(reading.findings, SEVERITY_ERROR);
	end_reading(&reading);
	return errors;
}

static void
test_limits(void **state)
{
	struct buf text = { 0 };

	(void)state;
	nest(&text, TERMS_DEPTH_MAX);
	assert_int_equal(errors_of(&text), 0);
	nest(&text, TERMS_DEPTH_MAX + 1);
	assert_int_equal(errors_of(&text), 1);
	nest(&text, 1000 * 1000);
	assert_int_equal(errors_of(&text), 1);
	buf_clear(&text);
	memset(buf_reserve(&text, TERMS_DIGITS_MAX + 2), '7',
	    TERMS_DIGITS_MAX + 1);
	buf_commit(&text, TERMS_DIGITS_MAX);
	buf_putc(&text, '.');
	assert_int_equal(errors_of(&text), 0);
	text.data[TERMS_DIGITS_MAX] = '7';
	buf_putc(&text, '.');
	assert_int_equal(errors_of(&text), 1);
	buf_clear(&text);
	buf_putc(&text, '[');
	for (int i = 1; i < TERMS_ITEMS_MAX; i++)
		buf_puts(&text, "0,");
	buf_puts(&text, "0].");
	assert_int_equal(errors_of(&text), 0);
	text.len -= strlen("].");
	buf_puts(&text, ",[]]. {a,}.");
	assert_int_equal(errors_of(&text), 1);
	buf_clear(&text);
	for (int i = 0; i < TERMS_ITEMS_MAX; i++)
		buf_puts(&text, "0. ");
	assert_int_equal(errors_of(&text), 0);
	buf_puts(&text, "0. 0.");
	assert_int_equal(errors_of(&text), 1);
	buf_clear(&text);
	memset(buf_reserve(&text, TERMS_BYTES_MAX), ' ', TERMS_BYTES_MAX);
	buf_commit(&text, TERMS_BYTES_MAX);
	assert_int_equal(errors_of(&text), 0);
	buf_putc(&text, ' ');
	assert_int_equal(errors_of(&text), 1);
	buf_clear(&text);
	buf_puts(&text, "<<1:99999999999>>. <<0:600000000>>.");
	assert_int_equal(errors_of(&text), 2);
	buf_fini(&text);
}

/* A file full of integers that take long to convert is refused at once, not
 * after minutes; it is one finding. */
static void
test_long_conversions(void **state)
{
	struct buf text = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++) {
		buf_puts(&text, i % 2 ? "<<16#" : "36#");
		memset(buf_reserve(&text, TERMS_DIGITS_MAX), 'f',
		    TERMS_DIGITS_MAX);
		buf_commit(&text, TERMS_DIGITS_MAX);
		buf_puts(&text, i % 2 ? ":800000>>.\n" : ".\n");
		if (i == 0)
			assert_int_equal(errors_of(&text), 0);
	}
	assert_int_equal(errors_of(&text), 1);
	buf_fini(&text);
}

/* Items of lists in tails are joined without copying them at every level. */
static void
test_nested_tails(void **state)
{
	struct buf text = { 0 };
	struct reading reading;

	(void)state;
	for (int i = 0; i < 900; i++)
		buf_puts(&text, "[a|");
	buf_puts(&text, "([b,c|d])");
	for (int i = 0; i < 900; i++)
		buf_putc(&text, ']');
	buf_putc(&text, '.');
	read_text(&reading, buf_str(&text), true);
	assert_true(reading.good);
	assert_int_equal(reading.terms[0].count, 902);
	assert_true(term_is_atom(&reading.terms[0].items[902], "d"));
	end_reading(&reading);
	buf_fini(&text);
}

static void
test_accessors(void **state)
{
	struct reading reading;
	struct term *t;
	struct str text;
	int64_t value;

	(void)state;
	read_text(&reading,
	    STR("{a, 'b'}. -9223372036854775808. 9223372036854775808. "
		"[104,105]. <<\"x\">>. <<1:1>>. []. \"s\". [a]. 0."),
	    true);
	assert_true(reading.good);
	t = reading.terms;
	assert_true(term_is_tagged(&t[0], "a", 2));
	assert_false(term_is_tagged(&t[0], "a", 1));
	assert_true(term_is_atom(&t[0].items[1], "b"));
	assert_true(term_int(&t[1], &value));
	assert_true(value == INT64_MIN);
	assert_false(term_int(&t[2], &value));
	assert_true(term_text(&reading.arena, &t[3], &text));
	assert_true(str_is(text, "hi"));
	assert_true(term_text(&reading.arena, &t[4], &text));
	assert_true(str_is(text, "x"));
	assert_false(term_text(&reading.arena, &t[5], &text));
	assert_true(term_text(&reading.arena, &t[6], &text));
	assert_int_equal(text.len, 0);
	assert_true(term_text(&reading.arena, &t[7], &text));
	assert_true(str_is(text, "s"));
	assert_false(term_text(&reading.arena, &t[8], &text));
	assert_true(term_int(&t[9], &value));
	assert_int_equal(value, 0);
	end_reading(&reading);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_latin1_of_old_files),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_long_conversions),
		cmocka_unit_test(test_nested_tails),
		cmocka_unit_test(test_accessors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

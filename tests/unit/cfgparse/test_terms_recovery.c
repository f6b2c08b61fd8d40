/*
 * Each mistake is one finding, at the place where it was made, under its own
 * rule, and the reader goes on behind it: what follows is read or reported in
 * turn. Findings are compared as RULE@LINE:COLUMN, from the gcc rendering.
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

struct mistake {
	const char *text;
	const char *expected;
	size_t sound; /* terms that are read all the same */
};

static const struct mistake mistakes[] = {
	{ "{a, [b\n c]}.\n{d}.\n", "CFG010@1:7", 1 },
	{ "{a, [b, c,]}.\n{d}.\n", "CFG011@1:10", 1 },
	{ "{a, [b,\n %c\n]}.\n{d}.\n", "CFG011@1:7", 1 },
	{ "{a,, b}.\n{d}.\n", "CFG011@1:4", 1 },
	{ "{a, [b, {c, d]], e}.\n{d}.\n", "CFG012@1:14", 1 },
	{ "{a, [b}, c]}.\n{d}.\n", "CFG014@1:7", 1 },
	{ "{a, [{b, c], d}.\n{d}.\n", "CFG013@1:11", 1 },
	{ "{a, [b, c}.\n{d}.\n", "CFG013@1:10", 1 },
	{ "{a}}.\n{d}.\n", "CFG014@1:4", 1 },
	{ "{a}\n{d}.\n", "CFG008@1:4", 1 },
	{ "{a, [b\n\n{d, e}.\n{f}.\n", "CFG013@1:7", 2 },
	{ "{a}, \n{d}.\n", "CFG008@1:4", 1 },
	{ "{a}.{d}.\n", "CFG029@1:4", 1 },
	{ "{d}.\n{a}\n%c\n", "CFG009@2:4", 1 },
	{ "{d}.\n{a, [b", "CFG013@2:7", 1 },
	{ "{a, \"b}.\n{c, \"x\"}.\n{d}.\n", "CFG005@1:5", 2 },
	{ "{a, [\"b, \"c\"]}.\n{d}.\n", "CFG005@1:6", 1 },
	{ "{a, 'b}.\n{d}.\n", "CFG005@1:5", 1 },
	{ "# no\n# no\n{d}.\n", "CFG015@1:1", 1 },
	{ "{a, // no\n b}.\n{d}.\n", "CFG015@1:5", 1 },
	{ "{a, www.b.org}.\n{d}.\n", "CFG016@1:5", 1 },
	{ "{a, 127.0.0.1}.\n{d}.\n", "CFG016@1:5", 1 },
	{ "{a, /etc/x.pem}.\n{d}.\n", "CFG016@1:5", 1 },
	{ "{a, Example.org}.\n{d}.\n", "CFG016@1:5", 1 },
	{ "{a, user@b.org/x}.\n{d}.\n", "CFG016@1:5", 1 },
	{ "{a,\n True}.\n{d}.\n", "CFG017@2:2", 1 },
	{ "{a, b(c, d)}.\n{d}.\n", "CFG018@1:6", 1 },
	{ "{a, 1 + 2}.\n{d}.\n", "CFG018@1:7", 1 },
	{ "{a, ?X}.\n{d}.\n", "CFG018@1:5", 1 },
	{ "{a, end}.\n{d}.\n", "CFG019@1:5", 1 },
	{ "<<1.5>>.\n{d}.\n", "CFG020@1:3", 1 },
	{ "#{a := 1}.\n{d}.\n", "CFG021@1:5", 1 },
	{ "#{a}.\n{d}.\n", "CFG021@1:4", 1 },
	{ "{a; b}.\n{d}.\n", "CFG028@1:3", 1 },
	{ "{a = b}.\n{d}.\n", "CFG028@1:4", 1 },
	{ "{a, ${b}}.\n{d}.\n", "CFG028@1:5", 1 },
	{ "{a, \"\\xg\"}.\n{d}.\n", "CFG006@1:6", 1 },
	{ "{a, 37#1, 1.0e}.\n{d}.\n", "CFG007@1:5 CFG007@1:11", 1 },
	{ "{a, \xE2\x80\x9C"
	  "b\xE2\x80\x9D}.\n{d}.\n",
	    "CFG004@1:5", 1 },
	{ "\xEF\xBB\xBF{d}.\n", "CFG003@1:1", 1 },
	/* several in one run */
	{ "{a b}.\n{c, d,}.\n{e, True}.\n{f}\n{g, h].\n{i}\n",
	    "CFG010@1:3 CFG011@2:6 CFG017@3:5 CFG008@4:4 CFG012@5:6 "
	    "CFG009@6:4",
	    0 },
};

static void
add_findings(struct buf *out, struct findings *findings, bool columns)
{
	struct findings_options options = { .format = FORMAT_GCC };
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	findings_sort(findings);
	findings_render(findings, &options, file);
	fclose(file);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		const char *rule = strstr(line, "[CFG");
		unsigned row, column;

		if (!rule || sscanf(line, "x:%u:%u:", &row, &column) != 2)
			continue;
		buf_printf(
		    out, "%s%.6s@%u", out->len ? " " : "", rule + 1, row);
		if (columns)
			buf_printf(out, ":%u", column);
	}
	free(text);
}

static void
test_mistakes(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		const struct mistake *mistake = &mistakes[i];
		struct source source = { "x", str_of(mistake->text) };
		struct terms_options options = { .otp25 = true };
		struct findings *findings = findings_create("test");
		struct arena arena = { 0 };
		struct buf found = { 0 };
		struct term *terms;
		size_t count;

		assert_false(terms_parse(
		    &arena, &source, &options, findings, &terms, &count));
		add_findings(&found, findings, true);
		if (strcmp(buf_text(&found), mistake->expected) != 0 ||
		    count != mistake->sound) {
			print_error("%s  found %s, %zu sound\n  not   %s, "
				    "%zu\n",
			    mistake->text, buf_text(&found), count,
			    mistake->expected, mistake->sound);
			wrong++;
		}
		buf_fini(&found);
		arena_fini(&arena);
		findings_destroy(&findings);
	}
	assert_int_equal(wrong, 0);
}

static void
test_stops_after_many(void **state)
{
	struct findings *findings = findings_create("test");
	struct terms_options options = { 0 };
	struct arena arena = { 0 };
	struct buf text = { 0 };
	struct source source;
	struct term *terms;
	size_t count;

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_puts(&text, "{a b}.\n");
	source = (struct source){ "x", buf_str(&text) };
	assert_false(
	    terms_parse(&arena, &source, &options, findings, &terms, &count));
	assert_int_equal(
	    findings_count(findings, SEVERITY_ERROR), TERMS_ERRORS_MAX + 1);
	arena_fini(&arena);
	buf_fini(&text);
	findings_destroy(&findings);
}

/* Reads the text behind one error fewer than reading stops at; the number of
 * sound terms. */
static size_t
read_behind_errors(const char *last)
{
	struct findings *findings = findings_create("test");
	struct terms_options options = { 0 };
	struct arena arena = { 0 };
	struct buf text = { 0 };
	struct source source;
	struct term *terms;
	size_t count;

	for (int i = 1; i < TERMS_ERRORS_MAX; i++)
		buf_puts(&text, "{a b}.\n");
	buf_puts(&text, last);
	source = (struct source){ "x", buf_str(&text) };
	assert_false(
	    terms_parse(&arena, &source, &options, findings, &terms, &count));
	assert_int_equal(
	    findings_count(findings, SEVERITY_ERROR), TERMS_ERRORS_MAX + 1);
	arena_fini(&arena);
	buf_fini(&text);
	findings_destroy(&findings);
	return count;
}

static void
test_last_error(void **state)
{
	struct buf text = { 0 };

	(void)state;
	/* No term comes twice where the last error stands before a value. */
	assert_int_equal(read_behind_errors("ok.\n#x\n{c, d}.\n"), 1);
	/* What is skipped behind it may be at fault too. */
	buf_puts(&text, "a + '");
	for (int i = 0; i <= TERMS_ATOM_MAX; i++)
		buf_putc(&text, 'b');
	buf_append(&text, "'.\n", sizeof "'.\n"); /* its NUL too */
	assert_int_equal(read_behind_errors(text.data), 0);
	buf_fini(&text);
}

/* A form with one fault, as it stands among sound ones. */
struct fault {
	const char *text;
	const char *rule;
	unsigned line;	/* of the text */
	unsigned sound; /* terms that are read all the same */
};

static const struct fault faults[] = {
	{ "{nodot, a}\n", "CFG008", 1, 0 },
	{ "{nodot,\n [{a, b},\n  {c, d}]}\n", "CFG008", 3, 0 },
	{ "{x, a},\n", "CFG008", 1, 0 },
	{ "{x, [a,\n b,\n %% c\n ]}.\n", "CFG011", 2, 0 },
	{ "{x, [a], }.\n", "CFG011", 1, 0 },
	{ "{x, [a,, b]}.\n", "CFG011", 1, 0 },
	{ "{x, [, a]}.\n", "CFG011", 1, 0 },
	{ "{x, [{a, b}\n {c, d}]}.\n", "CFG010", 1, 0 },
	{ "{x \"y\"}.\n", "CFG010", 1, 0 },
	{ "{x, \"abc}.\n", "CFG005", 1, 0 },
	{ "{x, [abc\", \"def\"]}.\n", "CFG005", 1, 0 },
	{ "{x, [\"a.b\", \"c.d, \"e.f\"]}.\n", "CFG005", 1, 0 },
	{ "{x, [{a, \"b},\n {c, \"d\"},\n {e, \"f\"}]}.\n", "CFG005", 1, 0 },
	{ "{x, 'abc}.\n", "CFG005", 1, 0 },
	{ "{x, it's}.\n", "CFG005", 1, 0 },
	{ "{x, \"say \"hi\" now\"}.\n", "CFG005", 1, 0 },
	/* The beginning of a block commented out, and its end. */
	{ "%{x,\n [{a, b},\n  {c, d}]}.\n", "CFG014", 3, 0 },
	{ "%{x, [\n {a, []},\n {b, []}\n]}.\n", "CFG014", 4, 0 },
	{ "{x,\n [{a, b},\n  {c, d}\n% ]}.\n", "CFG013", 3, 0 },
	{ "# a comment, with {stuff} in it\n", "CFG015", 1, 0 },
	{ "{x, [a, ## why, \"that\"\n b]}.\n", "CFG015", 1, 0 },
	{ "{x, a}. // why\n", "CFG015", 1, 1 },
	{ "// why {a}\n// and [b\n", "CFG015", 1, 0 },
	{ "/* why {a}\n * and [b */\n", "CFG015", 1, 0 },
	{ "{x, [a, b]]}.\n", "CFG014", 1, 0 },
	{ "{x, [a, b]}}.\n", "CFG014", 1, 0 },
	{ "]}.\n", "CFG014", 1, 0 },
	{ "{x, [a, b}}.\n", "CFG012", 1, 0 },
	{ "{x, [{a, b}, {c, d}.\n", "CFG013", 1, 0 },
	{ "{x, [a, b]\n", "CFG013", 1, 0 },
	{ "{x, 50%}.\n", "CFG013", 1, 0 },
	{ "{x, [www.example.org, \"b\"]}.\n", "CFG016", 1, 0 },
	{ "{x, {127.0.0.1, 5222}}.\n", "CFG016", 1, 0 },
	{ "{x, /etc/ejabberd/cert.pem}.\n", "CFG016", 1, 0 },
	{ "{x, [@HOST@]}.\n", "CFG016", 1, 0 },
	{ "{x, 10MB}.\n", "CFG016", 1, 0 },
	{ "{x, \xE2\x80\x9C"
	  "abc\xE2\x80\x9D}.\n",
	    "CFG004", 1, 0 },
	{ "{x, \xE2\x80\x9C"
	  "abc\"}.\n",
	    "CFG004", 1, 0 },
	{ "{x, [\xE2\x80\x98"
	  "abc\xE2\x80\x99, b]}.\n",
	    "CFG004", 1, 0 },
	{ "{x, \xE2\x80\x93 5}.\n", "CFG004", 1, 0 },
	{ "{x\xEF\xBC\x8C a}.\n", "CFG004", 1, 0 },
	{ "{x,\xE2\x80\x8B a}.\n", "CFG004", 1, 0 },
	{ "{x, a}.\xE2\x80\xA8\n", "CFG004", 1, 1 },
	{ "{x, True}.\n", "CFG017", 1, 0 },
	{ "{x, [{a, Yes}, b]}.\n", "CFG017", 1, 0 },
	{ "{x = a}.\n", "CFG028", 1, 0 },
	{ "x = a\n", "CFG028", 1, 0 },
	{ "{x: a}.\n", "CFG028", 1, 0 },
	{ "{x, [{a : b}, c]}.\n", "CFG028", 1, 0 },
	{ "{x => a}.\n", "CFG028", 1, 0 },
	{ "{x, [a; b]}.\n", "CFG028", 1, 0 },
	{ "{x, ${NAME}}.\n", "CFG028", 1, 0 },
	{ "{x, $NAME}.\n", "CFG028", 1, 0 },
	{ "{x, [a. b]}.\n", "CFG028", 1, 0 },
	{ "{x, a}.{y, b}.\n", "CFG029", 1, 1 },
	{ "{x, [and, b]}.\n", "CFG019", 1, 0 },
	{ "{x, f(a)}.\n", "CFG018", 1, 0 },
	{ "{x, \"C:\\xyz\"}.\n", "CFG006", 1, 0 },
	{ "{x, 37#1}.\n", "CFG007", 1, 0 },
};

enum { FAULTS = sizeof(faults) / sizeof(faults[0]), TOGETHER_MAX = 5 };

/* The faults in one file, each between sound terms where apart is set. */
static bool
each_is_found_once(const size_t *chosen, size_t count, bool apart)
{
	static const char sound[] = "{sound, [a,\n  {b, \"c\"}]}.\n";
	struct terms_options options = { 0 };
	struct findings *findings = findings_create("test");
	struct arena arena = { 0 };
	struct buf text = { 0 }, expected = { 0 }, found = { 0 };
	struct source source = { "x" };
	struct term *terms;
	size_t wanted = 2, got;
	unsigned line = 1;

	buf_puts(&text, sound);
	for (size_t i = 0; i < count; i++) {
		const struct fault *fault = &faults[chosen[i]];

		line = 1;
		for (const char *p = text.data; (p = strchr(p, '\n')); p++)
			line++;
		buf_printf(&expected, "%s%s@%u", i ? " " : "", fault->rule,
		    line + fault->line - 1);
		buf_puts(&text, fault->text);
		wanted += fault->sound;
		if (apart && i + 1 < count) {
			buf_puts(&text, sound);
			wanted++;
		}
	}
	buf_puts(&text, sound);
	source.text = buf_str(&text);
	terms_parse(&arena, &source, &options, findings, &terms, &got);
	add_findings(&found, findings, false);
	bool good =
	    strcmp(buf_text(&found), buf_text(&expected)) == 0 && got == wanted;
	if (!good)
		print_error("%s  found %s, %zu sound\n  not   %s, %zu\n",
		    buf_text(&text), buf_text(&found), got, buf_text(&expected),
		    wanted);
	buf_fini(&text);
	buf_fini(&expected);
	buf_fini(&found);
	arena_fini(&arena);
	findings_destroy(&findings);
	return good;
}

static void
test_each_fault(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t a = 0; a < FAULTS; a++)
		wrong += !each_is_found_once(&a, 1, true);
	assert_int_equal(wrong, 0);
}

static void
test_pairs(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t a = 0; a < FAULTS; a++) {
		for (size_t b = 0; b < FAULTS && wrong < 10; b++) {
			size_t pair[] = { a, b };

			wrong += !each_is_found_once(pair, 2, true);
		}
	}
	assert_int_equal(wrong, 0);
}

static void
test_five_together(void **state)
{
	uint32_t seed = 5;
	size_t wrong = 0;

	(void)state;
	for (int round = 0; round < 3000 && wrong < 5; round++) {
		size_t chosen[TOGETHER_MAX];

		for (size_t i = 0; i < TOGETHER_MAX; i++) {
			seed = seed * 1664525 + 1013904223;
			chosen[i] = (seed >> 8) % FAULTS;
		}
		wrong += !each_is_found_once(chosen, TOGETHER_MAX, true);
	}
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_stops_after_many),
		cmocka_unit_test(test_last_error),
		cmocka_unit_test(test_each_fault),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_five_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

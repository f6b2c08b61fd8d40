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
	{ "# no\n# no\n{d}.\n", "CFG015@1:1", 0 },
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
add_findings(struct buf *out, struct findings *findings)
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
		buf_printf(out, "%s%.6s@%u:%u", out->len ? " " : "", rule + 1,
		    row, column);
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
		add_findings(&found, findings);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_stops_after_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "cfgparse/findings.h"
/* Comments that suppress findings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/findings_rules.h"
#include "cfgparse/source_lines.h"

static const struct rule rules[] = {
	{ "CFG901", SEVERITY_ERROR, "a bad thing", "Explains it." },
	{ "CFG902", SEVERITY_WARNING, "an odd thing", "Explains it." },
	{ "CFG903", SEVERITY_WARNING, "never tried", "Explains it." },
	{ 0 },
};
static const struct rule never[] = {
	{ "CFG903", SEVERITY_WARNING, "never tried", "Explains it." },
	{ 0 },
};
static const struct rule *const tables[] = { rules, findings_rules, NULL };

/* Each line with "bad" gets CFG901, each with "odd" CFG902. */
static void
lint(struct findings *findings, const struct source *source)
{
	struct str text = source->text;

	for (uint32_t i = 0; i + 3 <= text.len; i++) {
		struct span span = source_span(source, i, i + 3);
		if (memcmp(text.ptr + i, "bad", 3) == 0)
			finding_add(findings, &rules[0], &span, "bad");
		if (memcmp(text.ptr + i, "odd", 3) == 0)
			finding_add(findings, &rules[1], &span, "odd");
	}
}

static char *
as_text(struct findings *findings, enum findings_format format)
{
	struct findings_options options = { .format = format };
	/* static: gcc 12 takes what open_memstream keeps for dangling */
	static char *text;
	static size_t len;
	FILE *out = open_memstream(&text, &len);

	findings_finish(findings);
	findings_sort(findings);
	findings_render(findings, &options, out);
	fclose(out);
	return text;
}

/* expected: what a line for each finding says, without the file's name. */
static void
check_style(
    enum comment_style style, bool late, const char *text, const char *expected)
{
	struct findings *findings = findings_create("t");
	const struct source *source =
	    findings_source(findings, "f", str_of(text));
	struct buf lines = { 0 };

	findings_allow(findings, tables);
	findings_untried(findings, never);
	if (!late)
		source_comments(source, style);
	lint(findings, source);
	source_comments(source, style);
	char *got = as_text(findings, FORMAT_GCC);
	for (char *line = strtok(got, "\n"); line; line = strtok(NULL, "\n")) {
		char *rule = strrchr(line, '[');
		buf_printf(&lines, "%.*s%.*s ", (int)strcspn(line + 2, ":"),
		    line + 2, 8, rule);
	}
	if (strcmp(buf_text(&lines), expected) != 0)
		fail_msg(
		    "%s\ngave %s\nnot  %s", text, buf_text(&lines), expected);
	buf_fini(&lines);
	free(got);
	findings_destroy(&findings);
}

static void
check(const char *text, const char *expected)
{
	check_style(COMMENTS_PERCENT, false, text, expected);
	check_style(COMMENTS_PERCENT, true, text, expected);
}

static void
test_lines(void **state)
{
	(void)state;
	check("bad\nodd\n", "1[CFG901] 2[CFG902] ");
	check("bad % lint: allow CFG901 it is good\nbad", "2[CFG901] ");
	check("% lint: allow CFG902 so\nodd\nodd", "3[CFG902] ");
	check("%%% lint: allow CFG902 so\n\n % text\n\t\nodd", "");
	check("% lint: allow CFG902 so\n% lint: allow CFG901 so\nodd bad", "");
	check("odd bad % lint: allow CFG901,CFG902 both", "");
	check("\"\nbad % lint: allow CFG901 in a string\n\"", "2[CFG901] ");
	check("% lint:allow CFG902 so\nodd", "");
	/* a comment that only speaks of it */
	check("odd % see lint: allow CFG902 so", "1[CFG902] ");
	check("odd % linted: allow CFG902 so", "1[CFG902] ");
}

static void
test_files(void **state)
{
	(void)state;
	check("odd\nodd\nbad\n% lint: allow-file CFG902 so", "3[CFG901] ");
	check_style(COMMENTS_HASH, false,
	    "# lint: allow-file CFG902 so\na: odd\nb: bad # lint: allow "
	    "CFG901 so\nc: |\n  bad # lint: allow CFG901 no comment\n",
	    "5[CFG901] ");
	/* a source that has no comments at all, as far as is known */
	check_style(
	    COMMENTS_NONE, false, "odd % lint: allow CFG902 so", "1[CFG902] ");
}

static void
test_own_findings(void **state)
{
	(void)state;
	check("odd % lint: allow CFG902", "1[CFG902] 1[CFG401] ");
	check("odd % lint: allow CFG902 \t\r\n", "1[CFG902] 1[CFG401] ");
	check("odd % lint: allow", "1[CFG902] 1[CFG400] ");
	check("odd % lint: ", "1[CFG902] 1[CFG400] ");
	check("odd % lint: permit CFG902 so", "1[CFG902] 1[CFG400] ");
	check("odd % lint: allow CFG904 so", "1[CFG902] 1[CFG402] ");
	check("odd % lint: allow cfg902 so", "1[CFG902] 1[CFG402] ");
	check("odd % lint: allow CFG902,CFG904, so", "1[CFG402] ");
	check("% lint: allow CFG902 so\n", "1[CFG403] ");
	check("% lint: allow-file CFG902 so\n", "1[CFG403] ");
	check("odd % lint: allow CFG902,CFG902 so", "1[CFG403] ");
	/* not while there are errors, not of rules that weren't tried */
	check("% lint: allow CFG902 so\nbad", "2[CFG901] ");
	check("% lint: allow CFG903 so\n", "");
}

/* A file that is included twice is one file. */
static void
test_twice(void **state)
{
	(void)state;
	static const char text[] = "odd % lint: allow CFG902 so\n";
	struct findings *findings = findings_create("t");

	findings_allow(findings, tables);
	for (int i = 0; i < 2; i++) {
		const struct source *source =
		    findings_source(findings, "f", str_of(text));
		source_comments(source, COMMENTS_PERCENT);
		if (i == 0)
			lint(findings, source);
	}
	char *got = as_text(findings, FORMAT_GCC);
	assert_string_equal(got, "");
	free(got);
	findings_destroy(&findings);
}

static void
test_flood(void **state)
{
	(void)state;
	struct findings *findings = findings_create("t");
	struct buf text = { 0 };

	buf_puts(&text, "% lint: allow-file CFG902 so\n");
	for (int i = 0; i < 20 * 1000; i++)
		buf_puts(&text, "odd\n");
	const struct source *source =
	    findings_source_take(findings, "f", &text);
	findings_allow(findings, tables);
	source_comments(source, COMMENTS_PERCENT);
	lint(findings, source);
	char *got = as_text(findings, FORMAT_GCC);
	assert_string_equal(got, "");
	free(got);
	assert_int_equal(findings_shown(findings, SEVERITY_INFO), 0);
	assert_int_equal(findings_count(findings, SEVERITY_WARNING), 20000);
	findings_destroy(&findings);
}

/* Many comments take linear time, whatever they cover. */
static void
test_many(void **state)
{
	(void)state;
	struct findings *findings = findings_create("t");
	struct buf text = { 0 };

	for (int i = 0; i < 100 * 1000; i++)
		buf_puts(&text, "% lint: allow CFG902 so\n");
	const struct source *source =
	    findings_source_take(findings, "f", &text);
	findings_allow(findings, tables);
	source_comments(source, COMMENTS_PERCENT);
	findings_finish(findings);
	assert_int_equal(findings_shown(findings, SEVERITY_INFO), 100 * 1000);
	findings_destroy(&findings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_own_findings),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

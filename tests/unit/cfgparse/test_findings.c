#include "cfgparse/findings.h"
/* Findings: order, counting, exit codes and the four renderings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/terminal.h"
#include "cfgparse/source_lines.h"

static const struct rule bad = { "CFG901", SEVERITY_ERROR, "a bad thing",
	"Explains the bad thing." };
static const struct rule odd = { "CFG902", SEVERITY_WARNING, "an odd thing",
	"Explains the odd thing." };

static struct source file = { "a b.cfg",
	{ "{a, 1}.\n\t{h\xc3\xb6, \"\x1b[2J\"}.\r\n", 24 } };

static struct span
place(uint32_t line, uint32_t column, uint32_t end)
{
	return (struct span){ &file, { line, column }, { line, end } };
}

static char *
render(struct findings *findings, enum findings_format format, bool colour)
{
	struct findings_options options = { .format = format,
		.colour = colour };
	/* static: gcc 12 takes what open_memstream keeps for dangling */
	static char *text;
	static size_t len;
	FILE *out = open_memstream(&text, &len);

	findings_render(findings, &options, out);
	fclose(out);
	return text;
}

static struct findings *
sample(void)
{
	struct findings *findings = findings_create("xmpp-cfglint");
	struct span second = place(2, 3, 5), first = place(1, 2, 3);
	struct finding *finding =
	    finding_add(findings, &bad, &second, "no \"%s\" here", "h\x1b");

	finding_subject(finding, "h\xc3\xb6");
	finding_hint(finding, "write %d", 5);
	finding_related(finding, &first, "as here");
	finding_edit(finding, true, &second, "x");
	finding_add(findings, &odd, &first, "odd");
	finding_severity(
	    finding_add(findings, &odd, NULL, "at all"), SEVERITY_INFO);
	findings_sort(findings);
	return findings;
}

static void
check(enum findings_format format, const char *expected)
{
	struct findings *findings = sample();
	char *text = render(findings, format, false);

	assert_string_equal(text, expected);
	free(text);
	findings_destroy(&findings);
	assert_null(findings);
}

static void
test_text(void **state)
{
	(void)state;
	check(FORMAT_TEXT, "info: at all [CFG902]\n"
			   "a b.cfg:1:2: warning: odd [CFG902]\n"
			   "    1 | {a, 1}.\n"
			   "      |  ^\n"
			   "a b.cfg:2:3: error: no \"h\\x1b\" here [CFG901]\n"
			   "    2 |     {h\xc3\xb6, \"\\x1b[2J\"}.\n"
			   "      |      ^~\n"
			   "  a b.cfg:1:2: as here\n"
			   "    1 | {a, 1}.\n"
			   "      |  ^\n"
			   "  hint: write 5\n"
			   "  fix: change `h\xc3\xb6` to `x`\n"
			   "xmpp-cfglint: 1 error, 1 warning, 1 note\n");
}

static void
test_gcc(void **state)
{
	(void)state;
	check(FORMAT_GCC, "xmpp-cfglint: note: at all [CFG902]\n"
			  "a b.cfg:1:2: warning: odd [CFG902]\n"
			  "a b.cfg:2:3: error: no \"h\\x1b\" here [CFG901]\n");
}

static void
test_json(void **state)
{
	(void)state;
	check(FORMAT_JSON, "{\n"
			   "  \"tool\": \"xmpp-cfglint\",\n"
			   "  \"version\": \"" XMPPD_VERSION "\",\n"
			   "  \"findings\": [\n"
			   "    {\n"
			   "      \"rule\": \"CFG902\",\n"
			   "      \"severity\": \"info\",\n"
			   "      \"message\": \"at all\",\n"
			   "      \"fingerprint\": \"e992f00b7d11d8e8:1\"\n"
			   "    },\n"
			   "    {\n"
			   "      \"rule\": \"CFG902\",\n"
			   "      \"severity\": \"warning\",\n"
			   "      \"file\": \"a b.cfg\",\n"
			   "      \"line\": 1,\n"
			   "      \"column\": 2,\n"
			   "      \"end_line\": 1,\n"
			   "      \"end_column\": 3,\n"
			   "      \"message\": \"odd\",\n"
			   "      \"fingerprint\": \"2e18addad15ac1b9:1\"\n"
			   "    },\n"
			   "    {\n"
			   "      \"rule\": \"CFG901\",\n"
			   "      \"severity\": \"error\",\n"
			   "      \"file\": \"a b.cfg\",\n"
			   "      \"line\": 2,\n"
			   "      \"column\": 3,\n"
			   "      \"end_line\": 2,\n"
			   "      \"end_column\": 5,\n"
			   "      \"subject\": \"h\xc3\xb6\",\n"
			   "      \"message\": \"no \\\"h\\u001B\\\" here\",\n"
			   "      \"hint\": \"write 5\",\n"
			   "      \"related\": [\n"
			   "        {\n"
			   "          \"file\": \"a b.cfg\",\n"
			   "          \"line\": 1,\n"
			   "          \"column\": 2,\n"
			   "          \"end_line\": 1,\n"
			   "          \"end_column\": 3,\n"
			   "          \"message\": \"as here\"\n"
			   "        }\n"
			   "      ],\n"
			   "      \"fix\": {\n"
			   "        \"safe\": true,\n"
			   "        \"edits\": [\n"
			   "          {\n"
			   "            \"file\": \"a b.cfg\",\n"
			   "            \"line\": 2,\n"
			   "            \"column\": 3,\n"
			   "            \"end_line\": 2,\n"
			   "            \"end_column\": 5,\n"
			   "            \"text\": \"x\"\n"
			   "          }\n"
			   "        ]\n"
			   "      },\n"
			   "      \"fingerprint\": \"b669f4777696c5ab:1\"\n"
			   "    }\n"
			   "  ],\n"
			   "  \"counts\": {\n"
			   "    \"error\": 1,\n"
			   "    \"warning\": 1,\n"
			   "    \"info\": 1,\n"
			   "    \"suppressed\": 0,\n"
			   "    \"baseline\": 0,\n"
			   "    \"baseline_gone\": 0\n"
			   "  },\n"
			   "  \"not_shown\": {}\n"
			   "}\n");
}

static void
test_github(void **state)
{
	(void)state;
	check(FORMAT_GITHUB,
	    "::notice title=CFG902%3A an odd thing::at all\n"
	    "::warning file=a b.cfg,line=1,endLine=1,col=2,endColumn=2,"
	    "title=CFG902%3A an odd thing::odd\n"
	    "::error file=a b.cfg,line=2,endLine=2,col=3,endColumn=4,"
	    "title=CFG901%3A a bad thing::no \"h\\x1b\" here%0Awrite 5\n");
}

/* Nothing that stands in a name or message ends the command early. */
static void
test_github_escapes(void **state)
{
	(void)state;
	static struct source odd_name = { "a:b,c%d\n.cfg", { 0 } };
	struct span span = { &odd_name, { 0, 0 }, { 0, 0 } };
	struct findings *findings = findings_create("t");

	finding_add(findings, &odd, &span, "50%% of\r\n::error::x, y: z");
	char *text = render(findings, FORMAT_GITHUB, false);
	assert_string_equal(text,
	    "::warning file=a%3Ab%2Cc%25d%0A.cfg,title=CFG902%3A an odd "
	    "thing::50%25 of\\r\\n::error::x, y: z\n");
	free(text);
	findings_destroy(&findings);
}

static void
test_junit(void **state)
{
	(void)state;
	check(FORMAT_JUNIT,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<testsuites name=\"xmpp-cfglint\">\n"
	    "  <testsuite name=\"xmpp-cfglint\" tests=\"1\" failures=\"1\" "
	    "errors=\"0\">\n"
	    "    <testcase classname=\"xmpp-cfglint\" name=\"CFG902 at "
	    "all\">\n"
	    "      <failure type=\"info\" message=\"at all\">xmpp-cfglint: "
	    "info: at all [CFG902]</failure>\n"
	    "    </testcase>\n"
	    "  </testsuite>\n"
	    "  <testsuite name=\"a b.cfg\" tests=\"2\" failures=\"2\" "
	    "errors=\"0\">\n"
	    "    <testcase classname=\"a b.cfg\" name=\"CFG902 odd (line "
	    "1)\">\n"
	    "      <failure type=\"warning\" message=\"odd\">a b.cfg:1:2: "
	    "warning: odd [CFG902]</failure>\n"
	    "    </testcase>\n"
	    "    <testcase classname=\"a b.cfg\" name=\"CFG901 no "
	    "&quot;h\\x1b&quot; here (line 2)\">\n"
	    "      <failure type=\"error\" message=\"no &quot;h\\x1b&quot; "
	    "here\">a b.cfg:2:3: error: no &quot;h\\x1b&quot; here "
	    "[CFG901]\n"
	    "hint: write 5</failure>\n"
	    "    </testcase>\n"
	    "  </testsuite>\n"
	    "</testsuites>\n");
}

static void
test_sarif(void **state)
{
	(void)state;
	struct findings *findings = sample();
	char *text = render(findings, FORMAT_SARIF, false);

	assert_non_null(strstr(text, "\"version\": \"2.1.0\""));
	assert_non_null(strstr(text, "\"uri\": \"a%20b.cfg\""));
	assert_non_null(strstr(text, "\"columnKind\": \"unicodeCodePoints\""));
	assert_non_null(strstr(text, "\"level\": \"note\""));
	assert_non_null(strstr(text, "\"deletedRegion\": {"));
	free(text);
	findings_destroy(&findings);
}

static void
test_long_line_is_cut(void **state)
{
	(void)state;
	char bytes[1000];
	struct source wide = { "w", { bytes, sizeof bytes } };
	struct span span = { &wide, { 1, 501 }, { 1, 502 } };
	struct findings *findings = findings_create("t");

	memset(bytes, 'x', sizeof bytes);
	bytes[500] = 'O';
	finding_add(findings, &bad, &span, "here");
	char *text = render(findings, FORMAT_TEXT, false);
	char *excerpt = strstr(text, "| ") + 2;
	char *caret = strchr(strstr(excerpt, "| ") + 2, '^');
	assert_true(strlen(text) < 400);
	assert_int_equal(strchr(excerpt, 'O') - excerpt,
	    caret - (strstr(excerpt, "| ") + 2));
	free(text);
	findings_destroy(&findings);
}

/* The excerpt of the line with a caret, in so many columns; checks that the
 * caret stands below mark, however wide what is before it. */
static void
caret_below(const char *line, const char *mark, size_t columns)
{
	struct source source = { "w", str_of(line) };
	size_t at = (size_t)(strstr(line, mark) - line);
	struct findings *findings = findings_create("t");
	struct findings_options options = { .columns = columns };
	struct span span =
	    source_span(&source, (uint32_t)at, (uint32_t)(at + strlen(mark)));
	static char *text;
	static size_t len;
	FILE *out = open_memstream(&text, &len);

	finding_add(findings, &bad, &span, "here");
	findings_render(findings, &options, out);
	fclose(out);
	char *shown = strstr(text, " | ") + 3;
	char *below = strstr(shown, " | ") + 3;
	char *found = strstr(shown, mark);
	size_t before = 0, total = 0;
	struct buf nowhere = { 0 };
	assert_true(found && found < below);
	for (char *p = shown; *p != '\n';) {
		if (p <= found)
			before = total;
		p += terminal_escape_char(&nowhere, p, strlen(p), &total);
	}
	buf_fini(&nowhere);
	if ((size_t)(strchr(below, '^') - below) != before)
		fail_msg("%zu columns:\n%s", columns, text);
	if (columns)
		assert_true(total + 8 <= columns);
	free(text);
	findings_destroy(&findings);
}

static void
test_caret(void **state)
{
	(void)state;
	struct buf line = { 0 };

	caret_below("abc O", "O", 0);
	caret_below("\t\tabc\tO", "O", 0);
	caret_below("e\xcc\x81 O", "O", 0);
	caret_below("\xe6\x97\xa5\xe6\x9c\xac O", "O", 0);
	caret_below("\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x9c\xac", 0);
	caret_below("\xf0\x9f\x90\x87 O", "O", 0);
	caret_below("\xff\xfe\x01 O", "O", 0);
	for (size_t before = 0; before < 300; before += 7) {
		for (size_t columns = 40; columns < 200; columns += 9) {
			buf_clear(&line);
			while (line.len < before)
				buf_puts(&line, "a\xe6\x97\xa5\t");
			buf_puts(&line, "O1O");
			caret_below(buf_text(&line), "O1O", columns);
			while (line.len < 200 + before)
				buf_puts(&line, "\xe6\x97\xa5"
						"b");
			caret_below(buf_text(&line), "O1O", columns);
		}
	}
	buf_fini(&line);
}

static void
check_edit(const char *old, const char *new, bool safe, const char *expected)
{
	struct buf line = { 0 };
	struct findings *findings = findings_create("t");

	buf_printf(&line, "x%sx", old);
	struct source source = { "w", buf_str(&line) };
	struct span span = source_span(&source, 1, (uint32_t)(1 + strlen(old)));
	struct finding *finding = finding_add(findings, &bad, &span, "bad");
	finding_edit(finding, safe, &span, new);
	char *text = render(findings, FORMAT_TEXT, false);
	if (!strstr(text, expected))
		fail_msg("%s\nnot %s", text, expected);
	free(text);
	findings_destroy(&findings);
	buf_fini(&line);
}

static void
test_edits(void **state)
{
	(void)state;
	check_edit("a", "b", true, "  fix: change `a` to `b`\n");
	check_edit("a", "b", false, "  possible fix: change `a` to `b`\n");
	check_edit("", "\n", true, "  fix: insert `\\n`\n");
	check_edit("a\tb", "", true, "  fix: remove `a\\tb`\n");
	check_edit("0123456789012345678901234567890123456789012345678901234567"
		   "89-",
	    "b", true,
	    "change `012345678901234567890123456789012345678901234567890123456"
	    "...` to");
}

static void
test_exit_codes(void **state)
{
	(void)state;
	struct findings_options options = { .fail_on = SEVERITY_ERROR };
	struct findings *findings = findings_create("t");

	finding_add(findings, &odd, NULL, "odd");
	assert_int_equal(findings_exit(findings, &options), EXIT_CLEAN);
	assert_true(findings_fail_on_parse("warning", &options));
	assert_int_equal(findings_exit(findings, &options), EXIT_FINDINGS);
	assert_true(findings_fail_on_parse("never", &options));
	assert_int_equal(findings_exit(findings, &options), EXIT_CLEAN);
	assert_false(findings_fail_on_parse("often", &options));
	findings_destroy(&findings);
}

static void
test_no_findings(void **state)
{
	(void)state;
	struct findings *findings = findings_create("t");
	char *text = render(findings, FORMAT_TEXT, true);

	assert_string_equal(text, "t: no findings\n");
	free(text);
	findings_destroy(&findings);
}

/* A million findings are counted, not kept. */
static void
test_flood(void **state)
{
	(void)state;
	enum { MANY = 1000 * 1000 };
	struct findings_options options = { .fail_on = SEVERITY_ERROR };
	struct findings *findings = findings_create("t");
	struct span span = place(1, 1, 2);

	for (int i = 0; i < MANY; i++) {
		struct finding *finding =
		    finding_add(findings, &odd, &span, "number %d", i);
		finding_hint(finding, "mend it");
		finding_related(finding, &span, "here");
		finding_edit(finding, true, &span, "x");
		finding_subject(finding, "y");
	}
	assert_int_equal(findings_exit(findings, &options), EXIT_CLEAN);
	struct finding *last = finding_add(findings, &odd, NULL, "bad");
	finding_severity(last, SEVERITY_ERROR);
	assert_int_equal(findings_exit(findings, &options), EXIT_FINDINGS);
	findings_finish(findings);
	assert_int_equal(findings_count(findings, SEVERITY_ERROR), 1);
	assert_int_equal(findings_shown(findings, SEVERITY_INFO), MANY + 1);
	char *text = render(findings, FORMAT_TEXT, false);
	assert_true(strlen(text) < FINDINGS_KEPT_OF_RULE * 200);
	assert_non_null(strstr(text, "1 error, 1000000 warnings\n"));
	free(text);
	findings_destroy(&findings);
}

static void
test_flood_of_related(void **state)
{
	(void)state;
	struct findings *findings = findings_create("t");
	struct span span = place(1, 1, 2);
	struct finding *finding = finding_add(findings, &odd, &span, "odd");

	for (int i = 0; i < 100 * 1000; i++)
		finding_related(finding, &span, "here %d", i);
	char *text = render(findings, FORMAT_TEXT, false);
	assert_non_null(strstr(text, "here 0\n"));
	assert_null(strstr(text, "here 99\n"));
	free(text);
	findings_destroy(&findings);
}

/* What is left out still counts for the reader of the file. */
static void
test_disable_and_only(void **state)
{
	(void)state;
	struct findings_options options = { .fail_on = SEVERITY_INFO };
	struct findings *findings = findings_create("t");

	findings_disable(findings, "CFG901");
	finding_hint(finding_add(findings, &bad, NULL, "bad"), "hint");
	assert_int_equal(findings_count(findings, SEVERITY_ERROR), 1);
	assert_int_equal(findings_exit(findings, &options), EXIT_CLEAN);
	finding_add(findings, &odd, NULL, "odd");
	assert_int_equal(findings_shown(findings, SEVERITY_INFO), 1);
	findings_destroy(&findings);

	findings = findings_create("t");
	findings_only(findings, "CFG901");
	finding_add(findings, &odd, NULL, "odd");
	assert_int_equal(findings_shown(findings, SEVERITY_INFO), 0);
	finding_add(findings, &bad, NULL, "bad");
	assert_int_equal(findings_shown(findings, SEVERITY_INFO), 1);
	findings_destroy(&findings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_gcc),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_github),
		cmocka_unit_test(test_github_escapes),
		cmocka_unit_test(test_junit),
		cmocka_unit_test(test_sarif),
		cmocka_unit_test(test_caret),
		cmocka_unit_test(test_edits),
		cmocka_unit_test(test_long_line_is_cut),
		cmocka_unit_test(test_exit_codes),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_flood_of_related),
		cmocka_unit_test(test_disable_and_only),
		cmocka_unit_test(test_no_findings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

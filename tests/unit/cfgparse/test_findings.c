#include "cfgparse/findings.h"
/* Findings: order, counting, exit codes and the four renderings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

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
			   "      \"message\": \"at all\"\n"
			   "    },\n"
			   "    {\n"
			   "      \"rule\": \"CFG902\",\n"
			   "      \"severity\": \"warning\",\n"
			   "      \"file\": \"a b.cfg\",\n"
			   "      \"line\": 1,\n"
			   "      \"column\": 2,\n"
			   "      \"end_line\": 1,\n"
			   "      \"end_column\": 3,\n"
			   "      \"message\": \"odd\"\n"
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
			   "      }\n"
			   "    }\n"
			   "  ]\n"
			   "}\n");
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
		cmocka_unit_test(test_sarif),
		cmocka_unit_test(test_long_line_is_cut),
		cmocka_unit_test(test_exit_codes),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_flood_of_related),
		cmocka_unit_test(test_disable_and_only),
		cmocka_unit_test(test_no_findings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

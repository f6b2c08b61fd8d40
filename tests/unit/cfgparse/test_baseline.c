#include "cfgparse/findings.h"
/* Baselines: what was there before is left out, wherever it has moved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/source_lines.h"

static const struct rule odd = { "CFG902", SEVERITY_WARNING, "an odd thing",
	"Explains it." };
static const struct rule bad = { "CFG901", SEVERITY_ERROR, "a bad thing",
	"Explains it." };

static char path[200];

/* Each "odd" is a finding; so is each "@" without a place. */
static void
lint(struct findings *findings, const char *name, const char *text)
{
	const struct source *source =
	    findings_source(findings, name, str_of(text));

	for (uint32_t i = 0; text[i]; i++) {
		struct span span = source_span(source, i, i + 1);
		if (strncmp(text + i, "odd", 3) == 0)
			finding_add(findings, &odd, &span, "odd in %u", i);
		if (text[i] == '@')
			finding_subject(
			    finding_add(findings, &bad, NULL, "bad in %u", i),
			    "host");
	}
}

static void
write_baseline(const char *old, const char *text, size_t expected)
{
	struct findings *findings = findings_create("t");
	char why[FILE_WHY_MAX];
	size_t count;

	if (old)
		assert_true(findings_baseline_read(findings, old, why));
	lint(findings, "f", text);
	findings_finish(findings);
	if (!findings_baseline_write(findings, path, &count, why))
		fail_msg("%s", why);
	assert_int_equal(count, expected);
	findings_destroy(&findings);
}

/* says: the last line of the text. */
static void
check(const char *text, const char *says)
{
	struct findings *findings = findings_create("t");
	struct findings_options options = { .format = FORMAT_TEXT };
	char why[FILE_WHY_MAX];
	/* static: gcc 12 takes what open_memstream keeps for dangling */
	static char *shown;
	static size_t len;
	FILE *out = open_memstream(&shown, &len);

	if (!findings_baseline_read(findings, path, why))
		fail_msg("%s", why);
	lint(findings, "f", text);
	findings_finish(findings);
	findings_sort(findings);
	findings_render(findings, &options, out);
	fclose(out);
	shown[len - 1] = '\0';
	char *last = strrchr(shown, '\n');
	assert_string_equal(last ? last + 1 : shown, says);
	free(shown);
	findings_destroy(&findings);
}

static void
test_moves(void **state)
{
	(void)state;
	write_baseline(NULL, "odd 1\n\n  odd 2\nodd 2\n@", 4);
	check(
	    "odd 1\n\n  odd 2\nodd 2\n@", "t: no findings; 4 in the baseline");
	check("@\n\nodd 2\t\r\nnew\nodd 1\n\todd 2\n",
	    "t: no findings; 4 in the baseline");
	/* one more of the same, another line, one less */
	check(
	    "odd 1\nodd 2\nodd 2\nodd 2\n@", "t: 1 warning; 4 in the baseline");
	check(
	    "odd 3\nodd 1\nodd 2\nodd 2\n@", "t: 1 warning; 4 in the baseline");
	check("odd 1\nodd 2\n@",
	    "t: no findings; 3 in the baseline; 1 of the baseline no longer "
	    "occurs");
}

/* Written anew over itself: what is gone goes, what is new comes. */
static void
test_update(void **state)
{
	(void)state;
	write_baseline(NULL, "odd 1\nodd 2\nodd 2\n@", 4);
	write_baseline(path, "odd 2\nodd 3\n@", 3);
	check("odd 2\nodd 3\n@", "t: no findings; 3 in the baseline");
}

/* The same findings give the same bytes, in whatever order. */
static void
test_stable(void **state)
{
	(void)state;
	struct buf first = { 0 }, second = { 0 };
	char why[FILE_WHY_MAX];

	write_baseline(NULL, "odd 1\nodd 2\nodd 3\n@", 4);
	assert_true(file_read(path, 10000, &first, why));
	write_baseline(NULL, "@\nodd 3\n\nodd 2\nodd 1\n", 4);
	assert_true(file_read(path, 10000, &second, why));
	assert_string_equal(buf_text(&first), buf_text(&second));
	/* Nothing of the lines is in it. */
	assert_null(strstr(buf_text(&first), "odd"));
	buf_fini(&first);
	buf_fini(&second);
}

/* Those of the baseline take no room from those that are shown. */
static void
test_flood(void **state)
{
	(void)state;
	struct buf text = { 0 };

	for (int i = 0; i < FINDINGS_KEPT_OF_RULE; i++)
		buf_printf(&text, "odd %d\n", i);
	write_baseline(NULL, buf_text(&text), FINDINGS_KEPT_OF_RULE);
	buf_puts(&text, "odd one out\n");
	check(buf_text(&text), "t: 1 warning; 1000 in the baseline");
	/* More than are kept can't be recorded. */
	struct findings *findings = findings_create("t");
	char why[FILE_WHY_MAX];
	size_t count;
	lint(findings, "f", buf_text(&text));
	findings_finish(findings);
	assert_false(findings_baseline_write(findings, path, &count, why));
	findings_destroy(&findings);
	buf_fini(&text);
}

static void
refuse(const char *content)
{
	struct findings *findings = findings_create("t");
	char why[FILE_WHY_MAX];
	FILE *file = fopen(path, "w");

	fputs(content, file);
	fclose(file);
	assert_false(findings_baseline_read(findings, path, why));
	assert_true(strlen(why) > 0);
	findings_destroy(&findings);
}

static void
test_broken(void **state)
{
	(void)state;
	refuse("");
	refuse("{");
	refuse("[]");
	refuse("{\"baseline\": 2, \"findings\": []}");
	refuse("{\"baseline\": 1, \"findings\": [1]}");
	refuse("{\"baseline\": 1, \"findings\": [{\"file\": \"f\", \"rule\": "
	       "\"CFG902\", \"fingerprint\": \"0\", \"count\": 0}]}");
	refuse("{\"baseline\": 1, \"findings\": [{\"file\": \"f\", \"rule\": "
	       "\"CFG902\", \"fingerprint\": \"0\", \"count\": \"1\"}]}");
}

static int
prepare(void **state)
{
	const char *room = getenv("TMPDIR");

	(void)state;
	snprintf(path, sizeof path, "%s/baseline.%d.json", room ? room : "/tmp",
	    (int)getpid());
	return 0;
}

static int
tidy(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_stable),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, prepare, tidy);
}

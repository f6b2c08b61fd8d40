#include "cfgparse/comments.h"
/* Which bytes of a text are comments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "cfgparse/base/buf.h"

struct vector {
	const char *text;
	const char *comments; /* each with ; behind, ! before where alone */
};

static void
check(enum comment_style style, const struct vector *vectors, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct comment_walk walk;
		struct comment comment;
		struct buf found = { 0 };

		comments_start(&walk, str_of(vectors[i].text), style);
		while (comments_next(&walk, &comment)) {
			assert_ptr_equal(
			    comment.text.ptr, vectors[i].text + comment.begin);
			buf_printf(&found, "%s%.*s;", comment.alone ? "!" : "",
			    STR_ARG(comment.text));
		}
		if (strcmp(buf_text(&found), vectors[i].comments) != 0)
			fail_msg("%s\ngave %s\nnot  %s", vectors[i].text,
			    buf_text(&found), vectors[i].comments);
		buf_fini(&found);
	}
}

static const struct vector terms[] = {
	{ "", "" },
	{ "%a", "!%a;" },
	{ "a. %% b\r\n  %c\n", "%% b;!%c;" },
	{ "\xef\xbb\xbf% a", "!% a;" },
	{ "{\"% no\", '% no'}. % yes", "% yes;" },
	{ "\"a\\\"% no\" % yes", "% yes;" },
	{ "'a\\'% no' % yes", "% yes;" },
	{ "\"a\n% no\n\" % yes", "% yes;" },
	/* characters */
	{ "$% . % yes", "% yes;" },
	{ "$\" % yes", "% yes;" },
	{ "$\\\" % yes", "% yes;" },
	{ "$' % yes", "% yes;" },
	{ "$", "" },
	{ "$\\", "" },
	/* a quote that isn't closed hides no more than its line */
	{ "{a, \"b}. % no\nc. % yes", "% yes;" },
	{ "don't % no\nc. % yes", "% yes;" },
	/* what was meant as a comment */
	{ "## it's\n% yes", "!% yes;" },
	{ "#{a => \"% no\"}. % no, # is alone\n % yes", "!% yes;" },
	{ "a#{\"% no\" => 1}. % yes", "% yes;" },
};

static void
test_terms(void **state)
{
	(void)state;
	check(COMMENTS_PERCENT, terms, sizeof terms / sizeof *terms);
}

static const struct vector yaml[] = {
	{ "", "" },
	{ "#a", "!#a;" },
	{ "a: b # c\n  # d\r\n", "# c;!# d;" },
	{ "a: b#c\n", "" },
	{ "a: it's # yes", "# yes;" },
	{ "a: say \"hi # yes", "# yes;" },
	{ "a: 'it''s # no' # yes", "# yes;" },
	{ "a: \"x \\\" # no\" # yes", "# yes;" },
	{ "a: 'x\n # no\n' # yes", "# yes;" },
	{ "- 'x # no' # yes", "# yes;" },
	{ "? 'x # no' # yes", "# yes;" },
	{ "\"x # no\": 'y # no' # yes", "# yes;" },
	{ "a: !!str 'x # no' # yes", "# yes;" },
	{ "a: &x 'x # no' # yes", "# yes;" },
	{ "a: *x # yes", "# yes;" },
	/* flow */
	{ "a: ['x # no', it's, {b: 'y # no', 'c':'d # no'}] # yes", "# yes;" },
	{ "a: [x, # yes\n  'y # no' ] # too", "# yes;# too;" },
	{ "a: {\"b\":\"c # no\"} # yes", "# yes;" },
	/* plain text that goes on */
	{ "a: b\n  'c # yes\nd: 'e # no'", "# yes;" },
	{ "a: b\nc: 'd # no'\n", "" },
	/* block scalars */
	{ "a: |\n  # no\n\n  # no\nb: c # yes", "# yes;" },
	{ "a: > # yes\n  # no\n# too", "# yes;!# too;" },
	{ "a: |2-\n  # no\nb: 1 # yes", "# yes;" },
	{ "a: | no header # yes\n  # too", "# yes;!# too;" },
	{ "- |\n  # no\n- b # yes", "# yes;" },
	{ "- |\n # no\n- b # yes", "# yes;" },
	{ "- a: |\n    # no\n  b: c # yes", "# yes;" },
	{ "- a: |\n  # yes\n", "!# yes;" },
	{ "x:\n  - - |\n      # no\n    - b # yes", "# yes;" },
	{ "a: !t |\n  # no\n# yes", "!# yes;" },
	{ "--- |\n # no\n...\n# yes", "!# yes;" },
	{ "a: |\n\n  # no", "" },
	{ "a: x | y # yes\n  # too", "# yes;!# too;" },
	/* broken */
	{ "a: \"b # no\nc: d # yes", "# yes;" },
	{ "a: ]\nb: 'c # no' # yes", "# yes;" },
	{ "ip: ::1 # yes", "# yes;" },
	{ "a:\t'x # no'\t# yes", "# yes;" },
};

static void
test_yaml(void **state)
{
	(void)state;
	check(COMMENTS_HASH, yaml, sizeof yaml / sizeof *yaml);
}

static void
test_none(void **state)
{
	(void)state;
	static const struct vector none[] = { { "# a\n% b", "" } };

	check(COMMENTS_NONE, none, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_yaml),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

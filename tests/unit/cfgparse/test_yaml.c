/*
 * The YAML reader: the tree of sound texts, and for faulty ones each finding
 * at its place with what is left of the rest.
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
#include "cfgparse/findings_private.h"
#include "cfgparse/source_lines.h"
#include "cfgparse/yaml.h"

/* Atoms bare, strings in quotes, integers with i, floats with f. */
static void
show(struct buf *out, const struct term *term)
{
	switch (term->kind) {
	case TERM_ATOM: buf_add(out, term->text); break;
	case TERM_STRING:
		buf_printf(out, "\"%.*s\"", STR_ARG(term->text));
		break;
	case TERM_INTEGER: buf_printf(out, "i%.*s", STR_ARG(term->text)); break;
	case TERM_FLOAT: buf_printf(out, "f%g", term->number); break;
	case TERM_LIST:
	case TERM_MAP:
		buf_putc(out, term->kind == TERM_LIST ? '[' : '{');
		for (size_t i = 0; i < term->count; i++) {
			bool value = term->kind == TERM_MAP && i % 2;
			if (i)
				buf_puts(out, value ? ": " : ", ");
			show(out, &term->items[i]);
		}
		buf_putc(out, term->kind == TERM_LIST ? ']' : '}');
		break;
	default: fail_msg("kind %d", term->kind);
	}
}

/* Rule and first place of each finding, by blanks. */
static void
show_findings(struct buf *out, struct findings *findings)
{
	findings_sort(findings);
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = findings->items[i];
		buf_printf(out, "%s%s@%u:%u", i ? " " : "", finding->rule->id,
		    finding->span.begin.line, finding->span.begin.column);
	}
}

/* findings: "" where the text is sound. */
struct vector {
	const char *text;
	const char *tree;
	const char *findings;
};

static void
check(const struct vector *vector)
{
	struct findings *findings = findings_create("test");
	struct arena arena = { 0 };
	const struct source *source =
	    findings_source(findings, "x.yml", str_of(vector->text));
	struct buf tree = { 0 }, found = { 0 };
	struct term *root;
	bool aliases;

	bool good = yaml_parse(&arena, source, findings, &root);
	good = yaml_look(&arena, source, findings, root, &aliases) && good;
	show(&tree, root);
	show_findings(&found, findings);
	if (strcmp(buf_text(&tree), vector->tree) != 0 ||
	    strcmp(buf_text(&found), vector->findings) != 0)
		fail_msg("%s\nis    %s | %s\nnot   %s | %s", vector->text,
		    buf_text(&tree), buf_text(&found), vector->tree,
		    vector->findings);
	assert_int_equal(good, findings_count(findings, SEVERITY_ERROR) == 0);
	buf_fini(&tree);
	buf_fini(&found);
	arena_fini(&arena);
	findings_destroy(&findings);
}

#define CHECK_ALL(vectors)                                                  \
	for (size_t i = 0; i < sizeof(vectors) / sizeof((vectors)[0]); i++) \
	check(&(vectors)[i])

static void
test_values(void **state)
{
	static const struct vector vectors[] = {
		{ "", "{}", "" },
		{ "# nothing\n---\n", "{}", "" },
		{ "\xEF\xBB\xBF"
		  "a: 1\r\nb: x\r\n",
		    "{a: i1, b: x}", "" },
		{ "a: [5, +5, -5, 1.5, .5, 1., 1.0e3]\n",
		    "{a: [i5, i5, i-5, f1.5, f0.5, f1, f1000]}", "" },
		{ "a: [1e3, 0x10, -.5, ., 1_000, 1.2.3, '5', \"5\"]\n",
		    "{a: [1e3, 0x10, -.5, ., 1_000, 1.2.3, \"5\", \"5\"]}",
		    "" },
		{ "a: [~, null, true, No, 5 m]\n",
		    "{a: [~, null, true, No, 5 m]}", "" },
		{ "a:\nb: ''\nc: {}\nd: []\n",
		    "{a: \"\", b: \"\", c: {}, d: []}", "" },
		{ "a: |\n  x\n  y\nb: |-\n  5\nc: >-\n  x\n  y\n",
		    "{a: \"x\ny\n\", b: i5, c: \"x y\"}", "" },
		{ "a: 1\na: 2\n", "{a: i1, a: i2}", "" },
		{ "\"a\": 'it''s'\n", "{\"a\": \"it's\"}", "" },
		{ "\xC3\xA9: \xE2\x82\xAC\nb: 1\n",
		    "{\xC3\xA9: \xE2\x82\xAC, b: i1}", "" },
	};

	(void)state;
	CHECK_ALL(vectors);
}

static void
test_traps(void **state)
{
	static const struct vector vectors[] = {
		{ "a:\n - x\n  - y\n", "{a: [x]}", "CFG376@3:3" },
		{ "a: x\n  bb:y\n", "{a: x bb:y}", "CFG376@2:3" },
		{ "a: x\n  http://y\n", "{a: x http://y}", "" },
		{ "a: *b\n", "{a: \"b\"}", "CFG374@1:4" },
		{ "a: &b c\n", "{a: c}", "CFG375@1:4" },
		{ "a: !b\n", "{a: \"\"}", "CFG375@1:4" },
		{ "a: \"x\nb: y\"\n", "{a: \"x b: y\"}", "CFG382@1:4" },
		{ "a: 0755\nb: 0\nc: 0.5\nd: 00\n",
		    "{a: i755, b: i0, c: f0.5, d: i0}",
		    "CFG378@1:4 CFG378@4:4" },
		{ "a: 99999999999999999999\n", "{a: i9223372036854775807}",
		    "CFG379@1:4" },
		{ "password: x #y\nb: x #y\npassword: x # y\n",
		    "{password: x, b: x, password: x}", "CFG380@1:13" },
		{ "a: \xE2\x80\x9Cx\xE2\x80\x9D\n", "{a: x}", "CFG381@1:4" },
		{ "a: x\xC2\xA0\n", "{a: x}", "CFG372@1:5" },
	};

	(void)state;
	CHECK_ALL(vectors);
}

static void
test_faults(void **state)
{
	static const struct vector vectors[] = {
		{ "hosts:\n\t- a\nb: 1\n", "{b: i1}", "CFG350@2:1" },
		{ "a: \"x\nb: \"y\"\nc: 1\n", "{b: \"y\", c: i1}",
		    "CFG351@1:4" },
		{ "a:\n  x: 'y\n  z: 1\nb: 1\n", "{b: i1}", "CFG351@2:6" },
		{ "a:\n  - x\n - y\nb: 1\n", "{b: i1}", "CFG352@3:2" },
		{ "a:\n  b: {}\n    c: {}\n", "{}", "CFG352@3:5" },
		{ "a:\n  b: x\n    c: y\n", "{}", "CFG352@3:5" },
		{ "loglevel 4\nhosts:\n  - a\n", "{hosts: [a]}", "CFG353@1:1" },
		{ "a: 1\nloglevel:4\nb: 1\n", "{a: i1, b: i1}", "CFG353@2:1" },
		{ "a:\n  x: 1\n  y 2\n  z: 3\n", "{}", "CFG353@3:3" },
		{ "a: [x, y\nb: 1\n", "{b: i1}", "CFG354@1:4" },
		{ "a: [\"x\" \"y\"]\nb: 1\n", "{b: i1}", "CFG355@1:9" },
		{ "a: @x\nb: `y`\nc: %z\nd: *.org\n", "{}",
		    "CFG356@1:4 CFG356@2:4 CFG356@3:4 CFG356@4:4" },
		{ "a: x: y\nb: 1\n", "{b: i1}", "CFG357@1:4" },
		{ "a: - x\nb: 1\n", "{b: i1}", "CFG358@1:4" },
		{ "a: \"x\" y\nb: 1\n", "{b: i1}", "CFG359@1:8" },
		{ "a: \"C:\\dir\"\nb: 1\n", "{b: i1}", "CFG360@1:7" },
		{ "a: | x\n  y\nb: 1\n", "{b: i1}", "CFG361@1:6" },
		{ "a: [x]]\nb: [, y]\nc: 1\n", "{c: i1}",
		    "CFG362@1:7 CFG362@2:5" },
		{ "a: 1\n---\nb: 1\n", "{a: i1}", "CFG363@2:1" },
		{ "- a\n", "{}", "CFG364@1:1" },
		{ "hello\n", "{}", "CFG364@1:1" },
		{ "a: \x93x\x94\nb: 1\n", "{a: x, b: i1}", "CFG366@1:4" },
		{ "a: x\x01y\nb: 1\n", "{a: xy, b: i1}", "CFG367@1:5" },
		{ "\xFF\xFE"
		  "a",
		    "{}", "CFG368@1:1" },
		{ "a:\n\xC2\xA0 - x\nb: 1\n", "{b: i1}", "CFG372@2:1" },
		/* places behind wide characters */
		{ "\xC3\xA9: \xE2\x82\xAC\nb: [x\nc: 1\n",
		    "{\xC3\xA9: \xE2\x82\xAC, c: i1}", "CFG354@2:4" },
		/* five in five blocks, and the sound ones between */
		{ "hosts:\n\t- a\ns: 1\nloglevel: \"4\nlisten:\n  - port: 5222"
		  "\n   module: x\nt: 2\nacl: [a\naccess: @x\nu: 3\n",
		    "{s: i1, t: i2, u: i3}",
		    "CFG350@2:1 CFG351@4:11 CFG352@7:4 CFG354@9:6 "
		    "CFG356@10:9" },
	};

	(void)state;
	CHECK_ALL(vectors);
}

/* Every term's text is what its places say. */
static void
test_places(void **state)
{
	static const char text[] =
	    "\xC3\xA9: |\n  x\n\nb:\n  - {c: 'y'} # z\n\nd:   \ne: f g\n   h\n";
	static const char *const want[] = { "\xC3\xA9", "|\n  x", "b",
		"- {c: 'y'}", "d", "", "e", "f g\n   h" };
	struct findings *findings = findings_create("test");
	struct arena arena = { 0 };
	const struct source *source =
	    findings_source(findings, "x.yml", str_of(text));
	struct term *root;

	(void)state;
	assert_true(yaml_parse(&arena, source, findings, &root));
	assert_int_equal(root->count, 8);
	for (size_t i = 0; i < root->count; i++) {
		const struct term *term = &root->items[i];
		struct str part = { text + term->begin,
			term->end - term->begin };
		if (!str_is(part, want[i]))
			fail_msg("%zu: %.*s", i, STR_ARG(part));
	}
	arena_fini(&arena);
	findings_destroy(&findings);
}

/* Aliases are not followed, so that none can make a tree grow; nesting ends
 * at its limit. */
static void
test_bombs(void **state)
{
	struct buf text = { 0 };

	(void)state;
	buf_puts(&text, "a0: &x0 [lol]\n");
	for (int i = 1; i < 30; i++)
		buf_printf(
		    &text, "a%d: &x%d [*x%d, *x%d]\n", i, i, i - 1, i - 1);
	buf_puts(&text, "b: ");
	for (int i = 0; i < 100000; i++)
		buf_putc(&text, '[');
	buf_puts(&text, "\nc: 1\n");
	struct findings *findings = findings_create("test");
	struct arena arena = { 0 };
	const struct source *source =
	    findings_source(findings, "x.yml", buf_str(&text));
	struct term *root;
	assert_false(yaml_parse(&arena, source, findings, &root));
	assert_true(findings_count(findings, SEVERITY_ERROR) > 0);
	assert_true(arena.total < 1 << 20);
	buf_fini(&text);
	arena_fini(&arena);
	findings_destroy(&findings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_traps),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_bombs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

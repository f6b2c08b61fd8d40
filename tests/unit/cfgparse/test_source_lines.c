#include "cfgparse/source_lines.h"
/* Lines and columns of a source, against a count of every character. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/utf8.h"

/* Places of all characters, one by one; the byte of each is looked up in both
 * directions, in order and at random. */
static void
compare(const struct source *source)
{
	struct pos *all = calloc(source->text.len + 1, sizeof *all);
	struct pos pos = { 1, 1 };
	size_t len = source->text.len, at = 0;
	uint32_t code;

	while (at < len) {
		const char *p = source->text.ptr + at;
		size_t n = utf8_decode(p, len - at, &code);
		if (n == 0 || source_is_latin1(source))
			n = 1;
		for (size_t i = 0; i < n; i++)
			all[at + i] = pos;
		assert_int_equal(source_offset(source, pos), at);
		at += n;
		pos.column++;
		if (*p == '\n')
			pos = (struct pos){ pos.line + 1, 1 };
	}
	all[len] = pos;
	for (size_t i = 0; i < 2 * len + 3; i++) {
		size_t byte = i <= len ? i : (size_t)rand() % (len + 1);
		pos = source_pos(source, (uint32_t)byte);
		assert_int_equal(pos.line, all[byte].line);
		assert_int_equal(pos.column, all[byte].column);
	}
	pos = source_pos(source, UINT32_MAX);
	assert_int_equal(pos.line, all[len].line);
	assert_int_equal(pos.column, all[len].column);
	free(all);
}

static const char *const pieces[] = { "a", "\xc3\xb6", "\xe2\x82\xac",
	"\xf0\x9f\x90\x87", "\n", "\r\n", "\xff", "\xe2\x82", "\t",
	"{host, \"localhost\"}." };

static void
test_random(void **state)
{
	(void)state;

	srand(1);
	for (int round = 0; round < 60; round++) {
		struct arena arena = { 0 };
		struct buf text = { 0 };
		/* Some texts have long lines only. */
		int kinds = round % 3 == 0 ? 10 : 4;
		for (int i = 0; i < round * 60; i++)
			buf_puts(&text, pieces[rand() % kinds]);
		struct source source = { "x", buf_str(&text), NULL };
		if (round % 8 == 0)
			compare(&source);
		source.lines = source_lines_create(&arena);
		if (round % 5 == 0)
			source_latin1(&source);
		compare(&source);
		arena_fini(&arena);
		buf_fini(&text);
	}
}

static void
test_outside(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct source source = { "x",
		STR("\xef\xbb\xbf"
		    "ab\ncd"),
		source_lines_create(&arena) };

	assert_int_equal(source_pos(&source, 3).column, 1);
	assert_int_equal(source_pos(&source, 4).column, 2);
	assert_int_equal(source_offset(&source, (struct pos){ 1, 1 }), 3);
	assert_int_equal(source_offset(&source, (struct pos){ 1, 99 }), 5);
	assert_int_equal(source_offset(&source, (struct pos){ 2, 2 }), 7);
	assert_int_equal(source_offset(&source, (struct pos){ 9, 1 }), 8);
	struct span span = { &source, { 1, 2 }, { 2, 2 } };
	assert_true(str_is(span_text(&span), "b\nc"));
	span.end.line = 0;
	assert_int_equal(span_text(&span).len, 0);
	span.source = NULL;
	assert_int_equal(span_text(&span).len, 0);
	arena_fini(&arena);
}

static void
test_empty(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct source source = { "x", { 0 }, source_lines_create(&arena) };

	assert_int_equal(source_pos(&source, 5).line, 1);
	assert_int_equal(source_offset(&source, (struct pos){ 3, 1 }), 0);
	arena_fini(&arena);
}

/* A question far into one long line costs one block, not the line. */
static void
test_one_long_line(void **state)
{
	(void)state;
	enum { LEN = 8 * 1024 * 1024 };
	char *bytes = malloc(LEN);
	struct arena arena = { 0 };
	struct source source = { "x", { bytes, LEN },
		source_lines_create(&arena) };

	memset(bytes, 'x', LEN);
	for (uint32_t i = 0; i < 100000; i++) {
		uint32_t byte = i * 7919 % LEN;
		assert_int_equal(source_pos(&source, byte).column, byte + 1);
		struct pos pos = { 1, byte + 1 };
		assert_int_equal(source_offset(&source, pos), byte);
	}
	arena_fini(&arena);
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_one_long_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

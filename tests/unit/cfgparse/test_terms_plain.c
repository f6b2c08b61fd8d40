/*
 * The short way through plain terms makes what the parser makes: of what is
 * written here, of the corpus and of random texts, every plain thing and
 * every thing that isn't in every place, whole and cut off.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/file.h"
#include "tests/support/terms_pair.h"

static void
expect_same_by(struct str text, bool otp25)
{
	const char *what = pair_difference(text, otp25);

	if (what) {
		print_error("%s of this differ:\n%.*s\n", what,
		    text.len > 2000 ? 2000 : (int)text.len, text.ptr);
		fail();
	}
}

static void
expect_same(struct str text)
{
	expect_same_by(text, false);
	expect_same_by(text, true);
}

/* Leaves, separators and odd things that random terms are made of. */
static const char *const pieces[] = { "a", "abc", "a@b_9", "'Q'", "''",
	"'a\"b'", "\"\"", "\"t\"", "\"it's\"", "\"a\nb\"", "0", "007", "42",
	"4294967296123456789012", "{", "}", "[", "]", "{}", "[]", "{ }",
	"[%c\n]", ",", ", ", ",\n ", "%x\n", " ", "\t", "\r\n", ".", ".\n",
	". ", ".%\n", "}.\n", "]}.\n", "{a, ", "[{", "}, {", /* and others: */
	"-1", "+", "1.5", "1.", "$a", "$ ", "16#ff", "1_0", "|", "\"\\n\"",
	"'\\''", "\"open", "'open", "end", "not", "after", "andalso", "bor",
	"orelse", "A", "_", "#{", "=>", "<<", ">>", "(", ")", "fun a:b/1", "=",
	":", ";", "/", "?", "#", "//", "\xC3\xA9", "\"\xC3\xA9\"", "\xE9",
	"\"\xE9\"", "%\xC3\xA9\n", "%\xE9\n", "\xEF\xBB\xBF",
	"\"\xEF\xBF\xBE\"", "%\xEF\xBF\xBF\n", "\xC2\xA0", "\xE2\x80\x9C",
	"% coding: latin-1\n", "\"\x01\x7F\"" };

enum { LARGE = 1100 * 1024 }; /* bytes, that are read in parts */

enum { PIECES = sizeof(pieces) / sizeof(pieces[0]), PLAIN_PIECES = 38 };

/* xorshift: the same texts on every machine. */
static uint32_t
next_random(uint32_t *state, uint32_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state % below;
}

static void
test_every_piece(void **state)
{
	static const char *const frames[] = { "%s.\n", "{%s}.", "[a,%s]. b.",
		"{%s%s}.", "[%s,%s].", "{a, [{b, %s}]} .\n{c}.\n", "x. %s",
		"%s", "{a%s", "[%s", "x.%s\n{d}.\n" };

	(void)state;
	for (size_t f = 0; f < sizeof(frames) / sizeof(frames[0]); f++) {
		for (size_t i = 0; i < PIECES; i++) {
			size_t other = (i * 7 + f) % PIECES;
			char *text = NULL;

			assert_true(asprintf(&text, frames[f], pieces[i],
					pieces[other]) >= 0);
			expect_same(str_of(text));
			free(text);
		}
	}
}

static void
test_random(void **state)
{
	uint32_t seed = 20260731;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		struct buf text = { 0 };
		size_t count = 1 + next_random(&seed, 30);
		/* Mostly plain: otherwise few terms would ever be sound. */
		uint32_t odd = next_random(&seed, 12);

		while (count-- > 0) {
			uint32_t kinds = next_random(&seed, 12) < odd / 3
					     ? PIECES
					     : PLAIN_PIECES;

			buf_puts(&text, pieces[next_random(&seed, kinds)]);
		}
		expect_same(buf_str(&text));
		buf_fini(&text);
	}
}

/* A sound term of that depth, then at times a byte of it changed. */
static void
add_term(struct buf *text, uint32_t *seed, int depth)
{
	uint32_t kind = next_random(seed, depth > 0 ? 4 : 2);

	if (kind < 2) {
		static const char *const leaves[] = { "a", "'B'", "\"text\"",
			"\"\"", "5222", "00", "''", "-1", "\"\\\"\"", "1.5" };
		uint32_t plain = next_random(seed, 8) ? 7 : 10;

		buf_puts(text, leaves[next_random(seed, plain)]);
		return;
	}
	buf_putc(text, kind == 2 ? '{' : '[');
	for (uint32_t i = next_random(seed, 5); i > 0; i--) {
		add_term(text, seed, depth - 1);
		if (i > 1)
			buf_puts(text, next_random(seed, 3) ? ", " : ",%\n\t");
	}
	buf_putc(text, kind == 2 ? '}' : ']');
}

static void
test_random_terms(void **state)
{
	static const char bytes[] = "{}[],.\"'% \naA1_-\\$|\xE9";
	uint32_t seed = 31072026;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		struct buf text = { 0 };

		for (uint32_t i = 1 + next_random(&seed, 4); i > 0; i--) {
			add_term(&text, &seed, 4);
			buf_puts(&text, ".\n");
		}
		for (uint32_t i = next_random(&seed, 3); i > 0; i--)
			text.data[next_random(&seed, (uint32_t)text.len)] =
			    bytes[next_random(&seed, sizeof bytes - 1)];
		expect_same(buf_str(&text));
		buf_fini(&text);
	}
}

/* Parts of a large file are read ahead from what looks like the end of a term:
 * also where that is in a text or a comment, or behind a fault. */
static void
test_large(void **state)
{
	static const char *const kinds[] = { "{a, [{b, \"c\"}, 12]}.\n",
		"{a, \"}.\n}.\n\"}.\n", "% }.\n% }.\n{a, []}.\n",
		"{a, -1}.\n{b, \"\\n\"}.\n", "{a b}.\n{c}.\n",
		"{a, \"open}.\n{b}.\n\"}.\n" };
	struct buf text = { 0 };

	(void)state;
	for (size_t fault = 4; fault < sizeof kinds / sizeof *kinds; fault++) {
		buf_clear(&text);
		for (size_t i = 0; text.len < LARGE; i++) {
			size_t odd = i == 30000 ? fault : i / 50 % 4;

			buf_puts(&text, kinds[i % 50 ? 0 : odd]);
		}
		expect_same_by(buf_str(&text), false);
	}
	/* A text only, so that each dot is a false one. */
	buf_puts(&text, "{a, \"");
	for (size_t i = 0; i < LARGE; i += 4)
		buf_puts(&text, "}.\n{");
	buf_puts(&text, "\"}.\n{z}.\n");
	expect_same_by(buf_str(&text), false);
	buf_fini(&text);
}

static void
test_limits(void **state)
{
	struct buf text = { 0 };

	(void)state;
	for (int depth = TERMS_DEPTH_MAX - 1; depth <= TERMS_DEPTH_MAX + 1;
	     depth++) {
		buf_clear(&text);
		for (int i = 0; i < depth; i++)
			buf_putc(&text, i % 2 ? '[' : '{');
		for (int i = depth; i-- > 0;)
			buf_putc(&text, i % 2 ? ']' : '}');
		buf_puts(&text, ".\n{a}.\n");
		expect_same(buf_str(&text));
	}
	for (int length = TERMS_ATOM_MAX - 1; length <= TERMS_ATOM_MAX + 1;
	     length++) {
		buf_clear(&text);
		for (int i = 0; i < length; i++)
			buf_putc(&text, 'a');
		buf_puts(&text, ".\n'");
		for (int i = 0; i < length; i++)
			buf_puts(&text, "\xC3\xA9");
		buf_puts(&text, "'. \"");
		for (int i = 0; i < length; i++)
			buf_putc(&text, 'a');
		buf_puts(&text, "\".\n1");
		for (int i = 0; i < length; i++)
			buf_putc(&text, '0');
		buf_puts(&text, ".\n");
		expect_same(buf_str(&text));
	}
	buf_fini(&text);
}

static void
test_corpus(void **state)
{
	const char *corpus = getenv("XMPPD_CORPUS");
	char folder[1024], path[2048], why[FILE_WHY_MAX];
	struct dirent *entry;
	DIR *dir;
	int files = 0;

	(void)state;
	snprintf(folder, sizeof folder, "%s/cfg", corpus ? corpus : "");
	dir = corpus ? opendir(folder) : NULL;
	if (!dir) {
		print_message("XMPPD_CORPUS leads to no configurations\n");
		skip();
	}
	while ((entry = readdir(dir))) {
		struct buf text = { 0 };

		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (file_read(path, TERMS_BYTES_MAX, &text, why)) {
			expect_same(buf_str(&text));
			files++;
		}
		buf_fini(&text);
	}
	closedir(dir);
	assert_true(files > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_piece),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_random_terms),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_corpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

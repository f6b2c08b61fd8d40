/* Edits by the byte: what is put in, what is refused, what the diff says and
 * what is written. */
#include "cfgparse/rewrite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/file.h"
#include "cfgparse/findings.h"

static char home[] = "/tmp/test_rewrite.XXXXXX";

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(home) && chdir(home) == 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink("a");
	unlink("b");
	unlink("link");
	return chdir("/") == 0 && rmdir(home) == 0 ? 0 : -1;
}

static struct source
source_of(const char *name, const char *text)
{
	return (struct source){ .name = name, .text = str_of(text) };
}

static void
assert_text(struct rewrite *rewrite, const char *path, const char *expected)
{
	struct str text;

	assert_true(rewrite_text(rewrite, path, &text));
	assert_int_equal(text.len, strlen(expected));
	assert_memory_equal(text.ptr, expected, text.len);
}

static void
test_edits(void **state)
{
	struct source source = source_of("a", "one two three");
	struct rewrite rewrite = { 0 };
	const char *why;

	(void)state;
	rewrite_replace(&rewrite, &source, 8, 13, STR("3"));
	rewrite_replace(&rewrite, &source, 0, 3, STR("1"));
	rewrite_replace(&rewrite, &source, 4, 4, STR("and "));
	rewrite_replace(&rewrite, &source, 4, 7, STR("2"));
	rewrite_replace(&rewrite, &source, 4, 4, STR("then "));
	rewrite_replace(&rewrite, &source, 0, 3, STR("1"));
	assert_true(rewrite_apply(&rewrite, &why));
	assert_true(rewrite_differs(&rewrite));
	assert_text(&rewrite, "a", "1 and then 2 3");
	rewrite_fini(&rewrite);
}

static void
assert_refused(size_t begin, size_t end, const char *text, const char *expected)
{
	struct source source = source_of("a", "one\ntwo three");
	struct rewrite rewrite = { 0 };
	const char *why = NULL;

	rewrite_replace(&rewrite, &source, 4, 7, STR("2"));
	rewrite_replace(&rewrite, &source, begin, end, str_of(text));
	assert_false(rewrite_apply(&rewrite, &why));
	assert_string_equal(why, expected);
	rewrite_fini(&rewrite);
}

static void
test_refused(void **state)
{
	static const char two_ways[] =
	    "a:2: this would be changed in two ways at once";

	(void)state;
	assert_refused(4, 7, "zwei", two_ways);
	assert_refused(6, 9, "2", two_ways);
	assert_refused(5, 5, "2", two_ways);
	assert_refused(10, 14, "3", "a:2: a change isn't within the file");
	assert_refused(9, 8, "3", "a:2: a change isn't within the file");
}

/* --- the diff --- */

static char *
diff_of(struct rewrite *rewrite)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	rewrite_diff(rewrite, out);
	fclose(out);
	return text;
}

static void
test_diff(void **state)
{
	struct source source = source_of("a", "1\n2\n3\n4\n5\n6\n7\n8\n9");
	struct rewrite rewrite = { 0 };
	const char *why;
	char *text;

	(void)state;
	rewrite_replace(&rewrite, &source, 16, 17, STR("nine"));
	rewrite_replace(&rewrite, &source, 2, 4, STR(""));
	rewrite_replace(&rewrite, &source, 4, 4, STR("new\n"));
	rewrite_replace(&rewrite, &source, 0, 1, STR("1"));
	assert_true(rewrite_apply(&rewrite, &why));
	text = diff_of(&rewrite);
	assert_string_equal(text,
	    "--- a\n+++ a\n@@ -1,9 +1,9 @@\n 1\n-2\n+new\n 3\n 4\n 5\n 6\n 7\n"
	    " 8\n-9\n\\ No newline at end of file\n"
	    "+nine\n\\ No newline at end of file\n");
	free(text);
	rewrite_fini(&rewrite);
}

static const char *
line_end(const char *at)
{
	const char *feed = strchr(at, '\n');

	assert_non_null(feed);
	return feed + 1;
}

static void
copy_lines(const char **old, const char *end, struct buf *out)
{
	buf_append(out, *old, (size_t)(end - *old));
	*old = end;
}

/* What `patch` would make of the old text; each line says that it fits. */
static void
patch(const char *old, const char *diff, struct buf *out)
{
	const char *text = old;
	size_t line = 1, from, count;

	while (*diff) {
		const char *end = line_end(diff);
		size_t len = (size_t)(end - diff) - 1;

		if (strncmp(diff, "---", 3) == 0 ||
		    strncmp(diff, "+++", 3) == 0) {
			diff = end;
			continue;
		}
		if (*diff == '@') {
			const char *comma = strchr(diff, ',');

			from = strtoul(diff + 4, NULL, 10);
			count = comma && comma < strchr(diff, '+')
				    ? strtoul(comma + 1, NULL, 10)
				    : 1;
			for (from += count == 0; line < from; line++)
				copy_lines(&old, line_end(old), out);
			diff = end;
			continue;
		}
		if (strncmp(end, "\\ No", 4) == 0)
			end = line_end(end);
		else
			len++;
		if (*diff == '+') {
			buf_append(out, diff + 1, len - 1);
		} else {
			assert_memory_equal(old, diff + 1, len - 1);
			if (*diff == ' ')
				buf_append(out, old, len - 1);
			old += len - 1;
			line++;
		}
		diff = end;
	}
	buf_puts(out, old);
	assert_true(old <= text + strlen(text));
}

static unsigned seed = 20261122;

static unsigned
random_below(unsigned limit)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % limit;
}

static void
random_text(char *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = "ab\n"[random_below(3)];
	out[len] = '\0';
}

/* Whatever is edited, the diff makes the new text of the old one. */
static void
test_random_diffs(void **state)
{
	char old[64], new[16];

	(void)state;
	for (int run = 0; run < 20000; run++) {
		struct rewrite rewrite = { 0 };
		struct buf patched = { 0 };
		struct source source;
		const char *why;
		struct str text;
		char *diff;

		random_text(old, random_below(60));
		source = source_of("a", old);
		for (size_t at = 0; at <= source.text.len;) {
			size_t left = source.text.len - at;
			size_t len = random_below(4);

			if (len > left)
				len = left;
			random_text(new, random_below(5));
			rewrite_replace(
			    &rewrite, &source, at, at + len, str_of(new));
			at += len + random_below(24) + 1;
		}
		assert_true(rewrite_apply(&rewrite, &why));
		diff = diff_of(&rewrite);
		patch(old, diff, &patched);
		assert_true(rewrite_text(&rewrite, "a", &text));
		assert_int_equal(patched.len, text.len);
		assert_memory_equal(buf_text(&patched), text.ptr, text.len);
		free(diff);
		buf_fini(&patched);
		rewrite_fini(&rewrite);
	}
}

/* --- writing --- */

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void
assert_file(const char *path, const char *expected)
{
	struct buf text = { 0 };
	char why[FILE_WHY_MAX];

	assert_true(file_read(path, 4096, &text, why));
	assert_string_equal(buf_text(&text), expected);
	buf_fini(&text);
}

static void
test_write(void **state)
{
	struct source a = source_of("a", "one"), b = source_of("b", "two");
	struct rewrite rewrite = { 0 };
	const char *why;
	struct stat st;

	(void)state;
	write_file("a", "one");
	write_file("b", "two");
	assert_int_equal(chmod("a", 0751), 0);
	rewrite_replace(&rewrite, &a, 0, 3, STR("1"));
	rewrite_replace(&rewrite, &b, 3, 3, STR("!"));
	assert_true(rewrite_apply(&rewrite, &why));
	assert_true(rewrite_write(&rewrite, &why));
	rewrite_fini(&rewrite);
	assert_file("a", "1");
	assert_file("b", "two!");
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0751);
	assert_int_equal(st.st_nlink, 1);
}

static void
assert_not_written(const char *path, const char *text, const char *expected)
{
	struct source a = source_of("a", "one");
	struct source source = source_of(path, text);
	struct rewrite rewrite = { 0 };
	const char *why;

	write_file("a", "one");
	rewrite_replace(&rewrite, &a, 0, 3, STR("1"));
	rewrite_replace(&rewrite, &source, 0, 1, STR("x"));
	assert_true(rewrite_apply(&rewrite, &why));
	assert_false(rewrite_write(&rewrite, &why));
	assert_non_null(strstr(why, expected));
	assert_file("a", "one");
	rewrite_fini(&rewrite);
}

static void
test_not_written(void **state)
{
	(void)state;
	write_file("b", "two");
	assert_int_equal(symlink("b", "link"), 0);
	assert_not_written("link", "two", "link is a symbolic link to b");
	assert_not_written("b", "TWO", "b has changed since it was read");
	assert_not_written("b", "tw", "b has changed since it was read");
	assert_not_written("none", "two", "No such file");
	assert_file("b", "two");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edits),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_diff),
		cmocka_unit_test(test_random_diffs),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_not_written),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

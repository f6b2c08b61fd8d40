#include "cfgparse/regexp.h"
/*
 * PCRE2 without its just-in-time compiler: steps, depth and memory of a match
 * are counted, and a text is a part of an address, of some bytes to 1023.
 */
#include <stdio.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/base/utf8.h"

enum {
	STEPS_MAX = 100000,
	DEPTH_MAX = 1000,
	HEAP_MAX_KIB = 512,
	NEST_MAX = 50,	   /* brackets within brackets */
	REPEAT_MAX = 1000, /* how often braces may repeat, multiplied */
	COMPILED_MAX = 256 * 1024,
};

struct regexp {
	pcre2_code *code;
};

static void
refuse(struct regexp_error *error, size_t at, const char *why)
{
	error->at = at;
	snprintf(error->why, sizeof error->why, "%s", why);
}

/* What stands behind a { where it repeats: the largest number, or 1. */
static size_t
times_of(struct str pattern, size_t at)
{
	size_t n = 0, most = 1;

	for (; at < pattern.len; at++) {
		char c = pattern.ptr[at];
		if (c >= '0' && c <= '9' && n <= REPEAT_MAX)
			n = n * 10 + (size_t)(c - '0');
		else if (c == ',' || c == '}')
			n = 0;
		if (n > most)
			most = n;
		if ((c < '0' || c > '9') && c != ',')
			return c == '}' ? most : 1;
	}
	return 1;
}

/* Repetitions in braces multiply, and compiling takes memory for each. */
static bool
affordable(struct str pattern, struct regexp_error *error)
{
	size_t total = 1;

	if (pattern.len > REGEXP_PATTERN_MAX) {
		refuse(error, 0, "it is too long");
		return false;
	}
	for (size_t i = 0; i < pattern.len; i++) {
		if (pattern.ptr[i] != '{')
			continue;
		total *= times_of(pattern, i + 1);
		if (total > REPEAT_MAX) {
			refuse(error, i, "it repeats too often");
			return false;
		}
	}
	return true;
}

static pcre2_code *
compile(struct str pattern, bool unicode, struct regexp_error *error)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	int number = 0;
	size_t at = 0, size = 0;

	if (!context)
		abort();
	pcre2_set_parens_nest_limit(context, NEST_MAX);
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len,
	    PCRE2_NEVER_BACKSLASH_C | (unicode ? PCRE2_UTF : PCRE2_NEVER_UTF),
	    &number, &at, context);
	pcre2_compile_context_free(context);
	if (!code) {
		error->at = at;
		pcre2_get_error_message(
		    number, (PCRE2_UCHAR *)error->why, sizeof error->why);
		return NULL;
	}
	if (pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size) != 0 ||
	    size > COMPILED_MAX) {
		pcre2_code_free(code);
		refuse(error, 0, "it takes too much memory");
		return NULL;
	}
	return code;
}

struct regexp *
regexp_create(struct str pattern, bool unicode, struct regexp_error *error)
{
	if (!pattern.len)
		pattern = STR("");
	if (!affordable(pattern, error))
		return NULL;
	if (unicode && !utf8_valid(pattern.ptr, pattern.len)) {
		refuse(error, 0, "it is not UTF-8");
		return NULL;
	}
	pcre2_code *code = compile(pattern, unicode, error);
	if (!code)
		return NULL;
	struct regexp *regexp = mem_alloc(1, sizeof *regexp);
	regexp->code = code;
	return regexp;
}

void
regexp_destroy(struct regexp **regexp)
{
	if (!*regexp)
		return;
	pcre2_code_free((*regexp)->code);
	free(*regexp);
	*regexp = NULL;
}

size_t
regexp_size(const struct regexp *regexp)
{
	size_t size = 0;

	pcre2_pattern_info(regexp->code, PCRE2_INFO_SIZE, &size);
	return size;
}

bool
regexp_matches(const struct regexp *regexp, struct str text)
{
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);

	if (!context || !data)
		abort();
	pcre2_set_match_limit(context, STEPS_MAX);
	pcre2_set_depth_limit(context, DEPTH_MAX);
	pcre2_set_heap_limit(context, HEAP_MAX_KIB);
	int found =
	    pcre2_match(regexp->code, (PCRE2_SPTR)(text.len ? text.ptr : ""),
		text.len, 0, 0, data, context);
	pcre2_match_data_free(data);
	pcre2_match_context_free(context);
	/* 0: matched, but there was no room for groups. */
	return found >= 0;
}

/* Copies what stands in brackets, from behind the [; returns what follows.
 * A leading ^ means itself there and so goes to the end. */
static size_t
glob_set(struct str glob, size_t at, struct buf *out)
{
	bool caret = false;

	buf_putc(out, '[');
	if (at < glob.len && glob.ptr[at] == '!') {
		buf_putc(out, '^');
		at++;
	} else if (at < glob.len && glob.ptr[at] == '^') {
		caret = true;
		at++;
	}
	for (bool first = true; at < glob.len; first = false) {
		char c = glob.ptr[at++];
		if (c == ']' && !first) {
			buf_puts(out, caret ? "^]" : "]");
			return at;
		}
		buf_putc(out, c);
	}
	if (caret)
		buf_putc(out, '^');
	return at;
}

struct regexp *
regexp_create_glob(struct str glob, bool unicode, struct regexp_error *error)
{
	struct buf out = { 0 };
	size_t i = 0;

	if (glob.len > REGEXP_PATTERN_MAX / 2) {
		refuse(error, 0, "it is too long");
		return NULL;
	}
	buf_puts(&out, "^(");
	while (i < glob.len) {
		char c = glob.ptr[i++];
		if (c == '*')
			buf_puts(&out, ".*");
		else if (c == '?')
			buf_putc(&out, '.');
		else if (c == '[' && glob.len - i >= 2 &&
			 memcmp(glob.ptr + i, "^]", 2) == 0) {
			buf_puts(&out, "\\^");
			i += 2;
		} else if (c == '[')
			i = glob_set(glob, i, &out);
		else {
			if (c && strchr("|*+?()\\^$.[]\"", c))
				buf_putc(&out, '\\');
			buf_putc(&out, c);
		}
	}
	buf_puts(&out, ")$");
	struct regexp *regexp = regexp_create(buf_str(&out), unicode, error);
	buf_fini(&out);
	if (!regexp)
		error->at = 0;
	return regexp;
}

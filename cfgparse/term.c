/*
 * Looking at terms: the accessors that every reader of a configuration needs.
 * Knows the tree, not what the terms mean.
 */
#include "cfgparse/term.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/utf8.h"
#include "cfgparse/source_lines.h"

bool
term_is_atom(const struct term *term, const char *name)
{
	return term->kind == TERM_ATOM && str_is(term->text, name);
}

bool
term_is_tagged(const struct term *term, const char *atom, size_t count)
{
	return term->kind == TERM_TUPLE && term->count == count && count > 0 &&
	       term_is_atom(&term->items[0], atom);
}

static bool
codes_text(struct arena *arena, const struct term *list, struct str *text)
{
	struct buf buf = { 0 };
	bool good = !list->improper;

	for (size_t i = 0; i < list->count && good; i++) {
		char bytes[UTF8_MAX];
		int64_t code;
		size_t len;

		good = term_int(&list->items[i], &code) && code >= 0 &&
		       code <= 0x10FFFF;
		len = good ? utf8_encode((uint32_t)code, bytes) : 0;
		good = len > 0;
		buf_append(&buf, bytes, len);
	}
	if (good)
		*text = arena_str(arena, buf_str(&buf));
	buf_fini(&buf);
	return good;
}

bool
term_text(struct arena *arena, const struct term *term, struct str *text)
{
	switch (term->kind) {
	case TERM_STRING: *text = term->text; return true;
	case TERM_LIST: return codes_text(arena, term, text);
	case TERM_BINARY:
		if (term->bits % 8 != 0)
			return false;
		*text =
		    (struct str){ (const char *)term->bytes, term->bits / 8 };
		return true;
	default: return false;
	}
}

bool
term_int(const struct term *term, int64_t *value)
{
	uint64_t sum = 0, limit = INT64_MAX;
	struct str digits;
	bool negative;

	if (term->kind != TERM_INTEGER || term->text.len == 0 ||
	    term->text.len > 20)
		return false;
	digits = term->text;
	negative = digits.ptr[0] == '-';
	limit += negative;
	for (size_t i = negative; i < digits.len; i++) {
		uint64_t digit = (uint64_t)(digits.ptr[i] - '0');

		if (sum > (limit - digit) / 10)
			return false;
		sum = sum * 10 + digit;
	}
	if (negative)
		*value = sum == 0 ? 0 : -(int64_t)(sum - 1) - 1;
	else
		*value = (int64_t)sum;
	return true;
}

struct span
term_span(const struct term *term)
{
	return source_span(term->file->source, term->begin, term->end);
}

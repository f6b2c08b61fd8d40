#include "cfgparse/findings_private.h"
/*
 * Passwords that became a part of what findings say, as the term that is wrong
 * or what an edit writes: looked for in the lines that a finding is about.
 */
#include <string.h>

#include "cfgparse/secret.h"
#include "cfgparse/source_lines.h"

enum {
	BEFORE = 2048, /* bytes that are searched before a place */
	BEHIND = 2048,
	LINES_BEFORE = 12,
	FOUND_MAX = 32, /* passwords near one place */
	SHORT = 4,	/* shorter ones are parts of any word */
};

struct str
secret_window(
    const struct source *source, size_t begin, size_t end, size_t *start)
{
	struct str text = source->text;
	size_t from = begin < text.len ? begin : text.len, lines = 0;

	if (end > text.len)
		end = text.len;
	if (end > from + 2 * BEHIND)
		end = from + 2 * BEHIND;
	while (from > 0 && begin - from < BEFORE) {
		if (text.ptr[from - 1] == '\n' && ++lines > LINES_BEFORE)
			break;
		from--;
	}
	for (size_t i = 0; end < text.len && i < BEHIND; i++, end++) {
		if (text.ptr[end] == '\n' || text.ptr[end] == '\r')
			break;
	}
	*start = from;
	return (struct str){ text.ptr + from, end - from };
}

struct str
finding_masked(const struct findings *findings, const struct span *span,
    size_t limit, struct buf *out)
{
	size_t first = source_offset(span->source, span->begin), start, begin;
	size_t end, at, stop = first + span_text(span).len;
	struct str text;

	if (stop > first + limit)
		stop = first + limit;
	text = secret_window(span->source, first, stop, &start);
	at = first - start;
	stop -= start;
	for (size_t from = 0;
	     secret_find(text, &findings->secrets, from, &begin, &end) &&
	     begin < stop;
	     from = end) {
		if (end <= at)
			continue;
		if (begin > at)
			buf_append(out, text.ptr + at, begin - at);
		buf_puts(out, "***");
		at = end;
	}
	if (at < stop)
		buf_append(out, text.ptr + at, stop - at);
	return buf_str(out);
}

struct found {
	struct str values[FOUND_MAX];
	size_t count;
};

/* Words that say whether there is one, or what one is. */
static bool
is_harmless(struct str value)
{
	static const char *const words[] = { "true", "false", "none",
		"undefined", "password", "secret", "plain", "string", "text" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (str_is(value, words[i]))
			return true;
	}
	return false;
}

static void
add_value(struct found *found, struct str value)
{
	if (found->count < FOUND_MAX && value.len && !is_harmless(value))
		found->values[found->count++] = value;
}

/* Marks and quotes may be no part of it. */
static void
add_parts(struct found *found, struct str value)
{
	static const char marks[] = " \t\r\n,;\"'[]{}()<>*@!&|:=\\";

	for (size_t at = 0, end; at < value.len; at = end + 1) {
		end = at;
		while (end < value.len && !strchr(marks, value.ptr[end]))
			end++;
		if (end - at > SHORT && end - at < value.len)
			add_value(
			    found, (struct str){ value.ptr + at, end - at });
	}
}

static void
collect(const struct findings *findings, const struct span *span,
    struct found *found)
{
	const struct source *source = span->source;
	size_t start, from = 0, begin, end;

	if (!source || !source->text.len || !span->begin.line)
		return;
	size_t first = source_offset(source, span->begin);
	size_t last = span->end.line ? source_offset(source, span->end) : first;
	struct str text = secret_window(source, first, last, &start);
	while (secret_find(text, &findings->secrets, from, &begin, &end)) {
		struct str value = { text.ptr + begin, end - begin };
		add_value(found, value);
		add_parts(found, value);
		from = end;
	}
}

static bool
matches(struct str text, size_t at, struct str value)
{
	if (text.len - at < value.len ||
	    memcmp(text.ptr + at, value.ptr, value.len) != 0)
		return false;
	if (value.len >= SHORT)
		return true;
	size_t behind = at + value.len;
	return at > 0 && behind < text.len && text.ptr[at - 1] == '"' &&
	       text.ptr[behind] == '"';
}

static const struct str *
value_at(const struct found *found, struct str text, size_t at)
{
	const struct str *longest = NULL;

	for (size_t i = 0; i < found->count; i++) {
		if (matches(text, at, found->values[i]) &&
		    (!longest || longest->len < found->values[i].len))
			longest = &found->values[i];
	}
	return longest;
}

static bool
holds_one(const struct found *found, const char *text)
{
	for (size_t at = 0; text[at]; at++) {
		if (value_at(found, str_of(text), at))
			return true;
	}
	return false;
}

static const char *
without(struct findings *findings, const struct found *found, const char *text)
{
	struct buf out = { 0 };

	if (!text || !holds_one(found, text))
		return text;
	for (size_t at = 0; text[at];) {
		const struct str *value = value_at(found, str_of(text), at);
		if (value) {
			buf_puts(&out, "***");
			at += value->len;
		} else {
			buf_putc(&out, text[at++]);
		}
	}
	text = arena_strdup(&findings->arena, buf_text(&out));
	buf_fini(&out);
	return text;
}

static void
mask_one(struct findings *findings, struct finding *finding)
{
	struct found found = { .count = 0 };
	bool told = false;

	collect(findings, &finding->span, &found);
	for (struct related *r = finding->related; r; r = r->next)
		collect(findings, &r->span, &found);
	for (struct edit *edit = finding->edits; edit; edit = edit->next)
		collect(findings, &edit->span, &found);
	if (!found.count)
		return;
	finding->message = without(findings, &found, finding->message);
	finding->hint = without(findings, &found, finding->hint);
	finding->subject = without(findings, &found, finding->subject);
	for (struct related *r = finding->related; r; r = r->next)
		r->message = without(findings, &found, r->message);
	for (struct edit *edit = finding->edits; edit; edit = edit->next)
		told = told || holds_one(&found, edit->text);
	if (told)
		finding->edits = NULL;
}

void
findings_mask(struct findings *findings)
{
	/* A macro of macros takes a second look. */
	for (int i = 0; i < 2 && findings->count; i++) {
		for (struct source_item *item = findings->sources; item;
		     item = item->next)
			secret_find_macros(
			    item->source.text, &findings->secrets);
	}
	for (size_t i = 0; i < findings->count; i++)
		mask_one(findings, findings->items[i]);
}

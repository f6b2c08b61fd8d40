#include "cfgparse/lint_edit.h"

#include <string.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/source_lines.h"

static bool
may_edit(const struct finding *finding, const struct term *at)
{
	return at && !at->unknown && !at->file->origin && at->file->source &&
	       finding_is_kept(finding);
}

static void
edit_bytes(struct finding *finding, bool safe, const struct term *in,
    uint32_t begin, uint32_t end, const char *text)
{
	struct span span = source_span(in->file->source, begin, end);

	finding_edit(finding, safe, &span, text);
}

void
edit_replace(
    struct finding *finding, bool safe, const struct term *at, const char *text)
{
	if (may_edit(finding, at))
		edit_bytes(finding, safe, at, (uint32_t)at->begin,
		    (uint32_t)at->end, text);
}

void
edit_meant(struct finding *finding, const struct term *at, const char *name)
{
	struct buf text = { 0 };
	char quote;

	finding_hint(finding, "did you mean %s?", name);
	if (!may_edit(finding, at) || at->begin == at->end)
		return;
	quote = at->file->source->text.ptr[at->begin];
	if (quote == '"' || quote == '\'')
		buf_printf(&text, "%c%s%c", quote, name, quote);
	else
		buf_puts(&text, name);
	edit_replace(finding, false, at, buf_text(&text));
	buf_fini(&text);
}

/* --- taking out --- */

/* The text around what is taken out. */
struct cut {
	struct str text;
	size_t begin, end;
	bool yaml;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static size_t
skip_blanks(const struct cut *cut, size_t at)
{
	while (at < cut->text.len && is_blank(cut->text.ptr[at]))
		at++;
	return at;
}

static size_t
line_begin(const struct cut *cut, size_t at)
{
	while (at > 0 && cut->text.ptr[at - 1] != '\n')
		at--;
	return at;
}

/* Nothing but blanks and what is cut stands on its lines: takes all of them. */
static void
take_lines(struct cut *cut)
{
	size_t begin = line_begin(cut, cut->begin);
	size_t end = skip_blanks(cut, cut->end);

	if (skip_blanks(cut, begin) != cut->begin)
		return;
	if (end < cut->text.len && cut->text.ptr[end] == '\n')
		end++;
	else if (end < cut->text.len)
		return;
	cut->begin = begin;
	cut->end = end;
}

/* With the comma behind it, or the one before it where it is the last. */
static bool
take_comma(struct cut *cut)
{
	const char *text = cut->text.ptr;
	size_t behind = cut->end, before = cut->begin;

	while (behind < cut->text.len &&
	       (is_blank(text[behind]) || text[behind] == '\n'))
		behind++;
	if (behind < cut->text.len && text[behind] == ',') {
		cut->end = skip_blanks(cut, behind + 1);
		if (cut->end < cut->text.len && text[cut->end] == '\n')
			cut->end = behind + 1;
		take_lines(cut);
		return true;
	}
	if (behind < cut->text.len && !strchr("]})", text[behind]))
		return false;
	while (before > 0 &&
	       (is_blank(text[before - 1]) || text[before - 1] == '\n'))
		before--;
	if (before == 0 || !strchr(",[{", text[before - 1]))
		return false;
	if (text[before - 1] == ',') {
		size_t line = line_begin(cut, before);
		/* The comma may belong to a comment. */
		if (memchr(text + line, cut->yaml ? '#' : '%', before - line))
			return false;
		cut->begin = before - 1;
	}
	return true;
}

/* A term of the file, with its dot. */
static bool
take_dot(struct cut *cut)
{
	size_t dot = skip_blanks(cut, cut->end);

	if (dot == cut->text.len || cut->text.ptr[dot] != '.')
		return false;
	cut->end = dot + 1;
	take_lines(cut);
	return true;
}

/* An item or option of YAML's block style: its lines. False where others stand
 * on them. */
static bool
take_block(struct cut *cut, bool *flow)
{
	const char *text = cut->text.ptr;
	size_t begin = line_begin(cut, cut->begin);
	size_t at = skip_blanks(cut, begin), end = skip_blanks(cut, cut->end);

	*flow = false;
	if (at < cut->begin && text[at] == '-' && is_blank(text[at + 1])) {
		at = skip_blanks(cut, at + 1);
		/* The first option of an item has the item's dash. */
		if (at == cut->begin && end < cut->text.len &&
		    memchr(text + at, ':', cut->end - at))
			return false;
	}
	if (at != cut->begin ||
	    (end < cut->text.len && strchr(",]}", text[end]))) {
		*flow = true;
		return false;
	}
	if (end < cut->text.len && text[end] != '\n' && text[end] != '#')
		return false;
	while (end < cut->text.len && text[end++] != '\n')
		;
	cut->begin = begin;
	cut->end = end;
	return true;
}

void
edit_remove(struct finding *finding, bool safe, const struct term *from,
    const struct term *to)
{
	bool good, flow = true;

	if (!may_edit(finding, from) || !may_edit(finding, to) ||
	    from->file != to->file)
		return;
	struct cut cut = { from->file->source->text, from->begin, to->end,
		from->file->yaml };
	good = cut.yaml && take_block(&cut, &flow);
	if (!good && flow)
		good = take_comma(&cut) || (!cut.yaml && take_dot(&cut));
	if (good)
		edit_bytes(finding, safe, from, (uint32_t)cut.begin,
		    (uint32_t)cut.end, "");
}

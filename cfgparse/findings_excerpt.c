#include "cfgparse/findings_private.h"
/*
 * The line of a source that a span begins on, cut to a width around the
 * span's beginning. Costs what is shown, however long the line is.
 */
#include "cfgparse/base/terminal.h"
#include "cfgparse/base/utf8.h"
#include "cfgparse/secret.h"
#include "cfgparse/source_lines.h"

enum {
	TAB = 4,      /* columns a tab is shown as */
	ELLIPSIS = 4, /* "... " and " ..." */
	NEAR = 4096,  /* bytes that are shown at most, in a way */
};

/* A part of a line: from a byte to where the line, or the room, ends. */
struct part {
	const struct source *source;
	uint32_t at;
	size_t columns;
};

static bool
at_line_end(const struct part *part)
{
	struct str text = part->source->text;
	const char *p = text.ptr + part->at;

	if (part->at >= text.len || *p == '\n')
		return true;
	return *p == '\r' && (part->at + 1 == text.len || p[1] == '\n');
}

/* Writes the next character and moves behind it. */
static void
put_char(struct part *part, struct buf *out)
{
	struct str text = part->source->text;
	const char *p = text.ptr + part->at;
	char code[UTF8_MAX];

	if (*p == '\t') {
		buf_printf(out, "%*s", TAB, "");
		part->columns += TAB;
		part->at++;
	} else if (source_is_latin1(part->source)) {
		size_t len = utf8_encode((unsigned char)*p, code);
		terminal_escape_char(out, code, len, &part->columns);
		part->at++;
	} else {
		part->at += (uint32_t)terminal_escape_char(
		    out, p, text.len - part->at, &part->columns);
	}
}

/* Columns of what stands from one byte to another of the same line, or to the
 * line's end; more than limit is not counted. */
static size_t
measure(const struct source *source, uint32_t from, uint32_t to, size_t limit)
{
	struct part part = { source, from, 0 };
	struct buf nowhere = { 0 };

	while (part.at < to && part.columns <= limit && !at_line_end(&part)) {
		put_char(&part, &nowhere);
		buf_clear(&nowhere);
	}
	buf_fini(&nowhere);
	return part.columns;
}

/* Where the excerpt begins, so that at most lead columns are before caret. */
static uint32_t
first_byte(const struct source *source, struct pos begin, size_t lead)
{
	uint32_t caret = source_offset(source, begin);
	struct part part = { source, 0, 0 };
	struct buf nowhere = { 0 };

	begin.column = begin.column > lead ? begin.column - (uint32_t)lead : 1;
	part.at = source_offset(source, begin);
	while (measure(source, part.at, caret, lead) > lead)
		put_char(&part, &nowhere);
	buf_fini(&nowhere);
	return part.at;
}

bool
excerpt_find(const struct findings *findings, const struct span *span,
    size_t width, struct excerpt *excerpt)
{
	const struct source *source = span->source;
	struct pos line = { span->begin.line, 1 };

	if (!source || !span->begin.line || !source->text.len)
		return false;
	uint32_t start = source_offset(source, line);
	uint32_t caret = source_offset(source, span->begin), end = caret;
	if (source_pos(source, caret).line != span->begin.line)
		return false;
	if (span->end.line)
		end = source_offset(source, span->end);
	*excerpt = (struct excerpt){
		.source = source, .secrets = &findings->secrets, .first = start
	};
	excerpt->covered = measure(source, caret, end, width);
	excerpt->before = measure(source, start, caret, width);
	size_t behind = measure(source, caret, UINT32_MAX, width);
	if (excerpt->before + behind <= width)
		return true;
	/* Not all of it fits. Some of what is marked has to be seen. */
	size_t marked = excerpt->covered;
	if (marked > width / 3)
		marked = width / 3;
	if (excerpt->before + marked + ELLIPSIS > width) {
		excerpt->first =
		    first_byte(source, span->begin, width * 2 / 5 - ELLIPSIS);
		excerpt->before =
		    measure(source, excerpt->first, caret, width) + ELLIPSIS;
		excerpt->cut_before = true;
	}
	excerpt->cut_behind = excerpt->before + behind > width;
	excerpt->width = width - (excerpt->cut_behind ? ELLIPSIS : 0);
	if (excerpt->before + excerpt->covered > excerpt->width)
		excerpt->covered = excerpt->width > excerpt->before
				       ? excerpt->width - excerpt->before
				       : 0;
	return true;
}

/* The passwords of a line, one after the other. */
struct mask {
	struct str line;
	const struct map *secrets;
	size_t start; /* byte of the source where the lines are */
	size_t begin, end;
	bool more;
};

static void
mask_start(struct mask *mask, const struct excerpt *excerpt)
{
	*mask = (struct mask){ .secrets = excerpt->secrets };
	mask->line = secret_window(excerpt->source, excerpt->first,
	    excerpt->first + NEAR, &mask->start);
	mask->more =
	    secret_find(mask->line, mask->secrets, 0, &mask->begin, &mask->end);
}

static bool
mask_covers(struct mask *mask, uint32_t at)
{
	size_t byte = at - mask->start;

	while (mask->more && byte >= mask->end)
		mask->more = secret_find(mask->line, mask->secrets, mask->end,
		    &mask->begin, &mask->end);
	return mask->more && byte >= mask->begin;
}

void
excerpt_put(const struct excerpt *excerpt, struct buf *out)
{
	struct part part = { excerpt->source, excerpt->first, 0 };
	struct mask mask;

	mask_start(&mask, excerpt);
	if (excerpt->cut_before) {
		buf_puts(out, "... ");
		part.columns = ELLIPSIS;
	}
	while (!at_line_end(&part)) {
		struct part before = part;
		size_t len = out->len;
		bool secret = mask_covers(&mask, part.at);
		put_char(&part, out);
		if (secret) {
			out->len = len;
			while (before.columns + (out->len - len) < part.columns)
				buf_putc(out, '*');
		}
		if (excerpt->cut_behind && part.columns > excerpt->width) {
			part = before;
			out->len = len;
			break;
		}
	}
	if (excerpt->cut_behind)
		buf_puts(out, " ...");
}

#include "cfgparse/findings.h"
/*
 * Findings for people: place and message on the first line, the line of the
 * file with a caret below, further places, what to do, and a closing count.
 * Everything that came from a file is escaped before it reaches a terminal.
 */
#include <string.h>

#include "cfgparse/base/terminal.h"
#include "cfgparse/base/utf8.h"
#include "cfgparse/findings_private.h"

enum {
	WINDOW = 100, /* characters of a long line that are shown */
	LEAD = 40,    /* of them before the caret */
	TAB = 4,      /* columns a tab is shown as */
	GUTTER = 5,   /* digits of a line number */
};

struct text {
	struct buf buf;
	bool colour;
	/* Where a line was found last: findings come sorted. */
	const struct source *source;
	uint32_t line;
	size_t offset;
};

static const char bold[] = "1", dim[] = "2", red[] = "1;31", yellow[] = "1;33",
		  blue[] = "1;34", green[] = "1;32";

static const char *
severity_style(enum severity severity)
{
	return severity == SEVERITY_ERROR     ? red
	       : severity == SEVERITY_WARNING ? yellow
					      : blue;
}

static void
style(struct text *text, const char *code)
{
	if (text->colour)
		buf_printf(&text->buf, "\x1b[%sm", code);
}

static void
plain(struct text *text)
{
	style(text, "0");
}

/* Finds the line that span begins on; false where the text hasn't got it. */
static bool
find_line(struct text *text, const struct span *span, struct str *line)
{
	struct str all = span->source->text;

	if (text->source != span->source || text->line > span->begin.line) {
		text->source = span->source;
		text->line = 1;
		text->offset = 0;
	}
	while (text->line < span->begin.line) {
		size_t left = all.len - text->offset;
		const char *end =
		    left ? memchr(all.ptr + text->offset, '\n', left) : NULL;
		if (!end)
			return false;
		text->offset = (size_t)(end - all.ptr) + 1;
		text->line++;
	}
	if (!all.ptr)
		return false;
	line->ptr = all.ptr + text->offset;
	line->len = all.len - text->offset;
	const char *end = line->len ? memchr(line->ptr, '\n', line->len) : NULL;
	if (end)
		line->len = (size_t)(end - line->ptr);
	if (line->len && line->ptr[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* Writes one character of the excerpt; returns its bytes. */
static size_t
put_char(struct buf *buf, const char *p, size_t len, size_t *columns)
{
	if (*p != '\t')
		return terminal_escape_char(buf, p, len, columns);
	for (int i = 0; i < TAB; i++)
		buf_putc(buf, ' ');
	*columns += TAB;
	return 1;
}

static size_t
char_len(struct str line, size_t at)
{
	uint32_t code;
	size_t n = utf8_decode(line.ptr + at, line.len - at, &code);

	return n ? n : 1;
}

/* Appends the window of the line around the span; returns how many columns
 * stand before the caret and how many it covers. */
static void
put_window(struct text *text, struct str line, const struct span *span,
    size_t *before, size_t *covered)
{
	uint32_t first = 1, column = 1;
	size_t at = 0, columns = 0, shown = 0;
	bool one_line = span->end.line == span->begin.line;

	if (span->begin.column > WINDOW - LEAD / 2)
		first = span->begin.column - LEAD;
	*before = *covered = 0;
	for (; at < line.len && column < first; column++)
		at += char_len(line, at);
	if (at > 0) {
		buf_puts(&text->buf, "... ");
		*before = columns = 4;
	}
	for (; at < line.len && shown < WINDOW; column++, shown++) {
		size_t start = columns;
		at += put_char(
		    &text->buf, line.ptr + at, line.len - at, &columns);
		if (column < span->begin.column)
			*before = columns;
		else if (span->end.line &&
			 (!one_line || column < span->end.column))
			*covered += columns - start;
	}
	if (at < line.len)
		buf_puts(&text->buf, " ...");
}

static void
put_excerpt(struct text *text, const struct span *span, const char *caret)
{
	struct str line;
	size_t before, covered;

	if (!span->source || !span->begin.line || !find_line(text, span, &line))
		return;
	style(text, dim);
	buf_printf(&text->buf, "%*u | ", GUTTER, (unsigned)span->begin.line);
	plain(text);
	put_window(text, line, span, &before, &covered);
	style(text, dim);
	buf_printf(&text->buf, "\n%*s | ", GUTTER, "");
	plain(text);
	for (size_t i = 0; i < before; i++)
		buf_putc(&text->buf, ' ');
	style(text, caret);
	buf_putc(&text->buf, '^');
	for (size_t i = 1; i < covered; i++)
		buf_putc(&text->buf, '~');
	plain(text);
	buf_putc(&text->buf, '\n');
}

/* "file:3:14: ", or nothing where there is no place. */
static void
put_place(struct text *text, const struct span *span)
{
	if (!span->source)
		return;
	style(text, bold);
	terminal_escape(&text->buf, str_of(span->source->name));
	if (span->begin.line)
		buf_printf(&text->buf, ":%u:%u", (unsigned)span->begin.line,
		    (unsigned)span->begin.column);
	buf_puts(&text->buf, ": ");
	plain(text);
}

static void
put_finding(struct text *text, const struct finding *finding)
{
	const char *colour = severity_style(finding->severity);

	put_place(text, &finding->span);
	style(text, colour);
	buf_printf(&text->buf, "%s: ", severity_name(finding->severity));
	plain(text);
	terminal_escape(&text->buf, str_of(finding->message));
	style(text, dim);
	buf_printf(&text->buf, " [%s]", finding->rule->id);
	plain(text);
	buf_putc(&text->buf, '\n');
	put_excerpt(text, &finding->span, colour);
	for (const struct related *related = finding->related; related;
	     related = related->next) {
		buf_puts(&text->buf, "  ");
		put_place(text, &related->span);
		terminal_escape(&text->buf, str_of(related->message));
		buf_putc(&text->buf, '\n');
		put_excerpt(text, &related->span, blue);
	}
	if (!finding->hint)
		return;
	buf_puts(&text->buf, "  ");
	style(text, green);
	buf_puts(&text->buf, "hint: ");
	plain(text);
	terminal_escape(&text->buf, str_of(finding->hint));
	buf_putc(&text->buf, '\n');
}

static void
put_count(struct buf *buf, size_t count, const char *what)
{
	if (count)
		buf_printf(buf, "%s%zu %s%s", buf->len ? ", " : "", count, what,
		    count == 1 ? "" : "s");
}

static void
print_count(const struct findings *findings, FILE *out)
{
	size_t errors = findings_shown(findings, SEVERITY_ERROR);
	size_t serious = findings_shown(findings, SEVERITY_WARNING);
	size_t all = findings_shown(findings, SEVERITY_INFO);
	struct buf buf = { 0 };

	put_count(&buf, errors, "error");
	put_count(&buf, serious - errors, "warning");
	put_count(&buf, all - serious, "note");
	fprintf(out, "%s: %s\n", findings->tool,
	    buf.len ? buf_text(&buf) : "no findings");
	buf_fini(&buf);
}

void
findings_text(const struct findings *findings, bool colour, FILE *out)
{
	struct text text = { .colour = colour };

	for (size_t i = 0; i < findings->count; i++) {
		if (findings->items[i]->suppressed)
			continue;
		put_finding(&text, findings->items[i]);
		fwrite(text.buf.data, 1, text.buf.len, out);
		buf_clear(&text.buf);
	}
	buf_fini(&text.buf);
	print_count(findings, out);
}

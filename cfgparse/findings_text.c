#include "cfgparse/findings.h"
/*
 * Findings for people: place and message on the first line, the line of the
 * file with a caret below, further places, what to do, and a closing count.
 * Everything that came from a file is escaped before it reaches a terminal.
 */
#include "cfgparse/base/terminal.h"
#include "cfgparse/findings_private.h"
#include "cfgparse/source_lines.h"

enum {
	GUTTER = 5,	     /* digits of a line number */
	MARGIN = GUTTER + 3, /* and what separates them from the line */
	WIDTH = 112,	     /* where nothing says how wide it may be */
	WIDTH_MIN = 40,
	WIDTH_MAX = 1000,
	EDITS_MAX = 5,	/* that are shown */
	EDIT_TEXT = 60, /* bytes of an edit's text */
};

struct text {
	const struct findings *findings;
	struct buf buf;
	bool colour;
	size_t width; /* of an excerpt */
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

static void
put_excerpt(struct text *text, const struct span *span, const char *caret)
{
	struct excerpt excerpt;

	if (!excerpt_find(text->findings, span, text->width, &excerpt))
		return;
	style(text, dim);
	buf_printf(&text->buf, "%*u | ", GUTTER, (unsigned)span->begin.line);
	plain(text);
	excerpt_put(&excerpt, &text->buf);
	style(text, dim);
	buf_printf(&text->buf, "\n%*s | ", GUTTER, "");
	plain(text);
	buf_printf(&text->buf, "%*s", (int)excerpt.before, "");
	style(text, caret);
	buf_putc(&text->buf, '^');
	for (size_t i = 1; i < excerpt.covered; i++)
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
put_labelled(struct text *text, const char *label, const char *what)
{
	if (!what)
		return;
	buf_puts(&text->buf, "  ");
	style(text, green);
	buf_printf(&text->buf, "%s: ", label);
	plain(text);
	terminal_escape(&text->buf, str_of(what));
	buf_putc(&text->buf, '\n');
}

/* What is between backquotes, cut short. */
static void
put_quoted(struct buf *buf, struct str text)
{
	bool cut = text.len > EDIT_TEXT;

	while (cut && text.len > EDIT_TEXT - 3)
		text.len--;
	/* Not in the midst of a character. */
	while (cut && text.len &&
	       ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80)
		text.len--;
	buf_putc(buf, '`');
	terminal_escape(buf, text);
	buf_puts(buf, cut ? "...`" : "`");
}

static void
put_edit(
    struct text *text, const struct finding *finding, const struct edit *edit)
{
	struct str old = span_text(&edit->span), new = str_of(edit->text);
	struct buf *buf = &text->buf, shown = { 0 };

	buf_puts(buf, "  ");
	style(text, green);
	buf_puts(buf, finding->unsafe ? "possible fix: " : "fix: ");
	plain(text);
	buf_puts(buf, !old.len ? "insert " : new.len ? "change " : "remove ");
	if (old.len)
		put_quoted(buf, finding_masked(text->findings, &edit->span,
				    EDIT_TEXT * 2, &shown));
	buf_fini(&shown);
	if (old.len && new.len)
		buf_puts(buf, " to ");
	if (new.len)
		put_quoted(buf, new);
	if (edit->span.source != finding->span.source ||
	    edit->span.begin.line != finding->span.begin.line)
		buf_printf(buf, " in line %u", (unsigned)edit->span.begin.line);
	if (edit->span.source != finding->span.source) {
		buf_puts(buf, " of ");
		terminal_escape(buf, str_of(edit->span.source->name));
	}
	buf_putc(buf, '\n');
}

static void
put_edits(struct text *text, const struct finding *finding)
{
	const struct edit *edit = finding->edits;
	size_t more = 0;

	for (int i = 0; edit && i < EDITS_MAX; i++, edit = edit->next)
		put_edit(text, finding, edit);
	for (; edit; edit = edit->next)
		more++;
	if (more)
		buf_printf(&text->buf, "  and %zu more changes\n", more);
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
	if (finding->related_count > RELATED_MAX)
		buf_printf(&text->buf, "  and %zu more places\n",
		    finding->related_count - RELATED_MAX);
	put_labelled(text, "hint", finding->hint);
	put_edits(text, finding);
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
	if (buf.len == 0)
		buf_puts(&buf, "no findings");
	if (findings->suppressed)
		buf_printf(
		    &buf, "; %zu suppressed by comments", findings->suppressed);
	if (findings->known_before)
		buf_printf(
		    &buf, "; %zu in the baseline", findings->known_before);
	size_t gone = baseline_gone(findings);
	if (gone)
		buf_printf(&buf, "; %zu of the baseline no longer occur%s",
		    gone, gone == 1 ? "s" : "");
	fprintf(out, "%s: %s\n", findings->tool, buf_text(&buf));
	buf_fini(&buf);
}

static size_t
excerpt_width(size_t columns)
{
	if (columns == 0)
		columns = WIDTH;
	if (columns < WIDTH_MIN)
		columns = WIDTH_MIN;
	return (columns < WIDTH_MAX ? columns : WIDTH_MAX) - MARGIN;
}

void
findings_text(const struct findings *findings,
    const struct findings_options *options, FILE *out)
{
	struct text text = { .findings = findings,
		.colour = options->colour,
		.width = excerpt_width(options->columns) };

	for (size_t i = 0; i < findings->count; i++) {
		if (!finding_counts(findings->items[i]))
			continue;
		put_finding(&text, findings->items[i]);
		fwrite(text.buf.data, 1, text.buf.len, out);
		buf_clear(&text.buf);
	}
	findings_put_hidden(findings, "", "", &text.buf);
	fwrite(buf_text(&text.buf), 1, text.buf.len, out);
	buf_fini(&text.buf);
	print_count(findings, out);
}

#include "cfgparse/findings_private.h"
/*
 * Findings as GitHub's workflow commands, which it shows beside the lines of
 * a change: ::error file=F,line=L,col=C,title=T::message.
 */
#include <string.h>

#include "cfgparse/base/terminal.h"

/* What ends a value is percent-encoded: in a property : and , too. */
static void
put_escaped(struct buf *out, const char *text, bool property)
{
	for (; *text; text++) {
		if (strchr(property ? "%\r\n:," : "%\r\n", *text))
			buf_printf(out, "%%%02X", (unsigned char)*text);
		else
			buf_putc(out, *text);
	}
}

/* For people: control characters and ill-formed bytes are shown escaped. */
static void
put_words(struct buf *out, const char *text)
{
	struct buf shown = { 0 };

	terminal_escape(&shown, str_of(text));
	put_escaped(out, buf_text(&shown), false);
	buf_fini(&shown);
}

static void
put_place(struct buf *out, const struct span *span)
{
	bool one_line = span->end.line == span->begin.line;

	if (!span->source)
		return;
	buf_puts(out, "file=");
	put_escaped(out, span->source->name, true);
	buf_putc(out, ',');
	if (!span->begin.line)
		return;
	buf_printf(out, "line=%u,", (unsigned)span->begin.line);
	if (span->end.line)
		buf_printf(out, "endLine=%u,", (unsigned)span->end.line);
	buf_printf(out, "col=%u,", (unsigned)span->begin.column);
	/* The last column, which GitHub takes within one line only. */
	if (one_line && span->end.column > span->begin.column)
		buf_printf(
		    out, "endColumn=%u,", (unsigned)span->end.column - 1);
}

static void
put_finding(struct buf *out, const struct finding *finding)
{
	static const char *const words[] = { "notice", "warning", "error" };

	buf_printf(out, "::%s ", words[finding->severity]);
	put_place(out, &finding->span);
	buf_puts(out, "title=");
	put_escaped(out, finding->rule->id, true);
	buf_puts(out, "%3A ");
	put_escaped(out, finding->rule->title, true);
	buf_puts(out, "::");
	put_words(out, finding->message);
	if (finding->hint) {
		buf_puts(out, "%0A");
		put_words(out, finding->hint);
	}
	buf_putc(out, '\n');
}

void
findings_github(const struct findings *findings, FILE *out)
{
	struct buf line = { 0 };

	for (size_t i = 0; i < findings->count; i++) {
		if (!finding_counts(findings->items[i]))
			continue;
		put_finding(&line, findings->items[i]);
		fwrite(line.data, 1, line.len, out);
		buf_clear(&line);
	}
	findings_put_hidden(findings, "::notice::", "", &line);
	fwrite(buf_text(&line), 1, line.len, out);
	buf_fini(&line);
}

#include "cfgparse/findings.h"
/*
 * One line a finding, in the form that editors know from compilers.
 */
#include "cfgparse/base/terminal.h"
#include "cfgparse/findings_private.h"

static void
add_place(struct buf *line, const struct span *span, const char *tool)
{
	terminal_escape(line, str_of(span->source ? span->source->name : tool));
	if (span->source && span->begin.line)
		buf_printf(line, ":%u:%u", (unsigned)span->begin.line,
		    (unsigned)span->begin.column);
	buf_puts(line, ": ");
}

void
findings_gcc(const struct findings *findings, FILE *out)
{
	static const char *const words[] = { "note", "warning", "error" };
	struct buf line = { 0 };

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = findings->items[i];
		if (!finding_counts(finding))
			continue;
		add_place(&line, &finding->span, findings->tool);
		buf_printf(&line, "%s: ", words[finding->severity]);
		terminal_escape(&line, str_of(finding->message));
		buf_printf(&line, " [%s]\n", finding->rule->id);
		fwrite(line.data, 1, line.len, out);
		buf_clear(&line);
	}
	findings_put_hidden(findings, "", "", &line);
	fwrite(buf_text(&line), 1, line.len, out);
	buf_fini(&line);
}

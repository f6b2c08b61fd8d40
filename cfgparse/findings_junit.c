#include "cfgparse/findings_private.h"
/*
 * Findings as JUnit's XML: a suite for each file that was read, a case for each
 * finding, which fails where it is at or above the severity of --fail-on; a
 * file without findings is one case that passes.
 */
#include <string.h>

#include "cfgparse/base/terminal.h"

/* Control characters and ill-formed bytes, which XML can't hold, are shown
 * escaped; so what remains is characters of XML. */
static void
put_text(struct buf *out, const char *text)
{
	struct buf shown = { 0 };

	terminal_escape(&shown, str_of(text));
	for (const char *p = buf_text(&shown); *p; p++) {
		switch (*p) {
		case '&': buf_puts(out, "&amp;"); break;
		case '<': buf_puts(out, "&lt;"); break;
		case '>': buf_puts(out, "&gt;"); break;
		case '"': buf_puts(out, "&quot;"); break;
		default: buf_putc(out, *p);
		}
	}
	buf_fini(&shown);
}

static void
put_attribute(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, " %s=\"", name);
	put_text(out, value);
	buf_putc(out, '"');
}

static bool
fails(const struct finding *finding, const struct findings_options *options)
{
	return !options->fail_never && finding->severity >= options->fail_on;
}

/* file:line:column: severity: message, and what to do. */
static void
put_words(struct buf *out, const char *name, const struct finding *finding)
{
	put_text(out, name);
	if (finding->span.begin.line)
		buf_printf(out, ":%u:%u", (unsigned)finding->span.begin.line,
		    (unsigned)finding->span.begin.column);
	buf_printf(out, ": %s: ", severity_name(finding->severity));
	put_text(out, finding->message);
	buf_printf(out, " [%s]", finding->rule->id);
	if (finding->hint) {
		buf_puts(out, "\nhint: ");
		put_text(out, finding->hint);
	}
}

static void
put_case(struct buf *out, const char *name, const struct finding *finding,
    const struct findings_options *options)
{
	bool failure = fails(finding, options);
	struct buf title = { 0 };

	buf_printf(&title, "%s %s", finding->rule->id, finding->message);
	if (finding->span.begin.line)
		buf_printf(
		    &title, " (line %u)", (unsigned)finding->span.begin.line);
	buf_puts(out, "    <testcase");
	put_attribute(out, "classname", name);
	put_attribute(out, "name", buf_text(&title));
	buf_puts(out, failure ? ">\n      <failure" : ">\n      <system-out>");
	if (failure) {
		put_attribute(out, "type", severity_name(finding->severity));
		put_attribute(out, "message", finding->message);
		buf_putc(out, '>');
	}
	put_words(out, name, finding);
	buf_puts(out, failure ? "</failure>\n" : "</system-out>\n");
	buf_puts(out, "    </testcase>\n");
	buf_fini(&title);
}

static void
put_suite(struct buf *out, const char *name, struct finding *const *items,
    size_t count, const struct findings_options *options)
{
	size_t tests = 0, failures = 0;

	for (size_t i = 0; i < count; i++) {
		tests += finding_counts(items[i]);
		failures +=
		    finding_counts(items[i]) && fails(items[i], options);
	}
	buf_puts(out, "  <testsuite");
	put_attribute(out, "name", name);
	buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n",
	    tests ? tests : 1, failures);
	for (size_t i = 0; i < count; i++) {
		if (finding_counts(items[i]))
			put_case(out, name, items[i], options);
	}
	if (tests == 0) {
		buf_puts(out, "    <testcase");
		put_attribute(out, "classname", name);
		buf_puts(out, " name=\"no findings\"/>\n");
	}
	buf_puts(out, "  </testsuite>\n");
}

static const char *
name_of(const struct findings *findings, const struct finding *finding)
{
	return finding->span.source ? finding->span.source->name
				    : findings->tool;
}

/* Suites of the files that have no finding at all. */
static void
put_clean(struct buf *out, const struct findings *findings, struct map *seen,
    const struct findings_options *options)
{
	for (const struct source_item *item = findings->sources; item;
	     item = item->next) {
		struct str name = str_of(item->source.name);
		if (map_get(seen, name))
			continue;
		map_put(seen, name, seen);
		put_suite(out, item->source.name, NULL, 0, options);
	}
}

/* The findings are sorted by file. */
void
findings_junit(const struct findings *findings,
    const struct findings_options *options, FILE *out)
{
	struct buf xml = { 0 };
	struct map seen = { 0 };
	size_t next;

	buf_puts(&xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	buf_puts(&xml, "<testsuites");
	put_attribute(&xml, "name", findings->tool);
	buf_puts(&xml, ">\n");
	for (size_t i = 0; i < findings->count; i = next) {
		const char *name = name_of(findings, findings->items[i]);
		for (next = i + 1; next < findings->count; next++) {
			if (strcmp(name_of(findings, findings->items[next]),
				name) != 0)
				break;
		}
		map_put(&seen, str_of(name), &seen);
		put_suite(&xml, name, findings->items + i, next - i, options);
		fwrite(xml.data, 1, xml.len, out);
		buf_clear(&xml);
	}
	put_clean(&xml, findings, &seen, options);
	findings_put_hidden(findings, "  <!-- ", " -->", &xml);
	buf_puts(&xml, "</testsuites>\n");
	fwrite(xml.data, 1, xml.len, out);
	buf_fini(&xml);
	map_fini(&seen);
}

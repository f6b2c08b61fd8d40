#include "cfgparse/lint.h"
/*
 * How rules report: findings at terms, in the words of the dialect that the
 * term was written in. Knows no rule.
 */
#include <stdarg.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/source_lines.h"
#include "cfgparse/terms.h"

enum { SHOWN_MAX = 60, SHOWN_ITEMS = 8 };

struct finding *
lint_report(struct lint *lint, const struct rule *rule, const struct term *at,
    const char *message, ...)
{
	struct span span = { .source = lint->source };
	va_list args;

	if (at && at->unknown)
		return finding_none(lint->findings);
	if (lint->quiet) {
		lint->has_said = true;
		return finding_none(lint->findings);
	}
	if (at)
		span = term_span(at);
	va_start(args, message);
	struct finding *finding =
	    finding_add_args(lint->findings, rule, &span, message, args);
	va_end(args);
	if (at && at->file->origin)
		finding_related(finding, at->file->origin, "used here");
	return finding;
}

void
lint_related(
    struct finding *finding, const struct term *at, const char *message)
{
	if (!finding_is_kept(finding))
		return;
	struct span span = term_span(at);
	finding_related(finding, &span, "%s", message);
}

const char *
lint_text(struct lint *lint, struct str text)
{
	return arena_memdup(lint->arena, text.ptr, text.len);
}

/* At most SHOWN_MAX bytes, whole characters, with "..." where cut. */
static const char *
shorten(struct lint *lint, struct str text)
{
	if (text.len <= SHOWN_MAX)
		return lint_text(lint, text);
	text.len = SHOWN_MAX;
	while (text.len && ((unsigned char)text.ptr[text.len] & 0xc0) == 0x80)
		text.len--;
	return arena_printf(lint->arena, "%.*s...", STR_ARG(text));
}

/* A scalar as it stands in the file, its first line. */
static const char *
shown_scalar(struct lint *lint, const struct term *term)
{
	struct span span = term_span(term);
	struct str text = span_text(&span);
	const char *end = text.len ? memchr(text.ptr, '\n', text.len) : NULL;

	if (end)
		text.len = (size_t)(end - text.ptr);
	return text.len ? shorten(lint, text) : "nothing";
}

const char *
lint_shown(struct lint *lint, const struct term *term)
{
	bool yaml = term->file->yaml;
	struct buf buf = { 0 };

	if (lint->quiet)
		return "";

	/* A list of lists may be huge; its kind says enough. */
	if (term->kind == TERM_MAP && (yaml || term->count > SHOWN_ITEMS))
		return "a map";
	if (term->kind == TERM_LIST && (yaml || term->count > SHOWN_ITEMS))
		return "a list";
	if (yaml)
		return shown_scalar(lint, term);
	terms_dump(&buf, term, false);
	const char *shown = shorten(lint, buf_str(&buf));
	buf_fini(&buf);
	return shown;
}

const char *
lint_option(struct lint *lint, const struct term *near, const char *name,
    const char *value)
{
	bool yaml = near ? near->file->yaml : lint->model->yaml;

	return arena_printf(
	    lint->arena, yaml ? "%s: %s" : "{%s, %s}", name, value);
}

#include "cfgparse/findings.h"
/*
 * Collecting, sorting and counting findings. How they look is the renderers'
 * business (findings_text.c and its siblings).
 */
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/findings_private.h"
#include "cfgparse/source_lines.h"

static const char *const severity_names[] = { "info", "warning", "error" };

const char *
severity_name(enum severity severity)
{
	return severity_names[severity];
}

struct findings *
findings_create(const char *tool)
{
	struct findings *findings = mem_alloc(1, sizeof *findings);

	findings->tool = tool;
	findings->used_end = &findings->used;
	findings->spill = (struct finding){ .owner = findings, .sink = true };
	findings->dropped = findings->spill;
	return findings;
}

void
findings_destroy(struct findings **findings)
{
	if (!*findings)
		return;
	for (struct owned *o = (*findings)->owned; o; o = o->next)
		free(o->text);
	map_fini(&(*findings)->rules);
	arena_fini(&(*findings)->arena);
	free((*findings)->items);
	free(*findings);
	*findings = NULL;
}

static struct source *
add_source(struct findings *findings, const char *name)
{
	struct source *source = arena_alloc(&findings->arena, sizeof *source);

	source->name = arena_strdup(&findings->arena, name);
	source->lines = source_lines_create(&findings->arena);
	return source;
}

const struct source *
findings_source(struct findings *findings, const char *name, struct str text)
{
	struct source *source = add_source(findings, name);

	source->text = arena_str(&findings->arena, text);
	return source;
}

const struct source *
findings_source_take(
    struct findings *findings, const char *name, struct buf *text)
{
	struct source *source = add_source(findings, name);
	struct owned *owned = arena_alloc(&findings->arena, sizeof *owned);

	source->text.len = text->len;
	source->text.ptr = owned->text = buf_take(text);
	owned->next = findings->owned;
	findings->owned = owned;
	return source;
}

static const char *
format_text(struct findings *findings, const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		abort();
	const char *copy = arena_strdup(&findings->arena, text);
	free(text);
	return copy;
}

static struct rule_state *
named_rule(struct findings *findings, const char *id)
{
	struct rule_state *state = map_get(&findings->rules, str_of(id));

	if (!state) {
		state = arena_alloc(&findings->arena, sizeof *state);
		map_put(&findings->rules, str_of(id), state);
	}
	return state;
}

void
findings_disable(struct findings *findings, const char *id)
{
	named_rule(findings, id)->disabled = true;
}

void
findings_only(struct findings *findings, const char *id)
{
	findings->only = true;
	named_rule(findings, id)->only = true;
}

static struct rule_state *
use_rule(struct findings *findings, const struct rule *rule)
{
	struct rule_state *state = named_rule(findings, rule->id);

	if (!state->rule) {
		state->rule = rule;
		*findings->used_end = state;
		findings->used_end = &state->next;
	}
	return state;
}

static struct finding *
keep(struct findings *findings, struct rule_state *state)
{
	struct finding *finding =
	    arena_alloc(&findings->arena, sizeof *finding);

	finding->owner = findings;
	finding->related_end = &finding->related;
	finding->edits_end = &finding->edits;
	if (findings->count == findings->cap) {
		findings->cap = findings->cap ? findings->cap * 2 : 16;
		findings->items = mem_grow(
		    findings->items, findings->cap, sizeof(struct finding *));
	}
	finding->order = findings->count;
	findings->items[findings->count++] = finding;
	state->kept++;
	return finding;
}

/* Where one more finding of the rule goes: to the others, or to a sink. */
static struct finding *
admit(struct findings *findings, const struct rule *rule)
{
	struct rule_state *state = use_rule(findings, rule);

	if (state->disabled || (findings->only && !state->only))
		return &findings->dropped;
	if (state->kept < FINDINGS_KEPT_OF_RULE &&
	    findings->count < FINDINGS_KEPT)
		return keep(findings, state);
	state->hidden++;
	findings->hidden[rule->severity]++;
	return &findings->spill;
}

struct finding *
finding_add(struct findings *findings, const struct rule *rule,
    const struct span *span, const char *message, ...)
{
	struct finding *finding = admit(findings, rule);
	va_list args;

	findings->added[rule->severity]++;
	finding->rule = rule;
	finding->severity = rule->severity;
	if (finding->sink)
		return finding;
	if (span)
		finding->span = *span;
	va_start(args, message);
	finding->message = format_text(findings, message, args);
	va_end(args);
	return finding;
}

void
finding_severity(struct finding *finding, enum severity severity)
{
	struct findings *findings = finding->owner;

	findings->added[finding->severity]--;
	findings->added[severity]++;
	if (finding == &findings->spill) {
		findings->hidden[finding->severity]--;
		findings->hidden[severity]++;
	}
	finding->severity = severity;
}

void
finding_subject(struct finding *finding, const char *subject)
{
	if (finding->sink)
		return;
	finding->subject = arena_strdup(&finding->owner->arena, subject);
}

void
finding_hint(struct finding *finding, const char *hint, ...)
{
	va_list args;

	if (finding->sink)
		return;
	va_start(args, hint);
	finding->hint = format_text(finding->owner, hint, args);
	va_end(args);
}

void
finding_related(
    struct finding *finding, const struct span *span, const char *message, ...)
{
	struct related *related;
	va_list args;

	if (finding->sink || finding->related_count++ >= RELATED_MAX)
		return;
	related = arena_alloc(&finding->owner->arena, sizeof *related);
	if (span)
		related->span = *span;
	va_start(args, message);
	related->message = format_text(finding->owner, message, args);
	va_end(args);
	*finding->related_end = related;
	finding->related_end = &related->next;
}

void
finding_edit(struct finding *finding, bool safe, const struct span *span,
    const char *text)
{
	struct edit *edit;

	if (finding->sink)
		return;
	edit = arena_alloc(&finding->owner->arena, sizeof *edit);
	edit->span = *span;
	edit->text = arena_strdup(&finding->owner->arena, text);
	finding->unsafe = finding->unsafe || !safe;
	*finding->edits_end = edit;
	finding->edits_end = &edit->next;
}

size_t
findings_count(const struct findings *findings, enum severity least)
{
	size_t count = 0;

	for (int i = (int)least; i < SEVERITIES; i++)
		count += findings->added[i];
	return count;
}

size_t
findings_shown(const struct findings *findings, enum severity least)
{
	size_t count = 0;

	for (int i = (int)least; i < SEVERITIES; i++)
		count += findings->hidden[i];
	for (size_t i = 0; i < findings->count; i++)
		count += findings->items[i]->severity >= least;
	return count;
}

void
findings_finish(struct findings *findings)
{
	(void)findings;
}

static int
compare_numbers(size_t a, size_t b)
{
	return a < b ? -1 : a > b;
}

static int
compare(const void *left, const void *right)
{
	const struct finding *a = *(struct finding *const *)left;
	const struct finding *b = *(struct finding *const *)right;
	const char *a_name = a->span.source ? a->span.source->name : "";
	const char *b_name = b->span.source ? b->span.source->name : "";
	int order = strcmp(a_name, b_name);

	if (order == 0)
		order = compare_numbers(a->span.begin.line, b->span.begin.line);
	if (order == 0)
		order =
		    compare_numbers(a->span.begin.column, b->span.begin.column);
	return order ? order : compare_numbers(a->order, b->order);
}

void
findings_sort(struct findings *findings)
{
	if (findings->count)
		qsort(findings->items, findings->count,
		    sizeof(struct finding *), compare);
}

bool
findings_format_parse(const char *text, enum findings_format *format)
{
	static const char *const names[] = { "text", "json", "sarif", "gcc" };

	for (int i = 0; i < 4; i++) {
		if (strcmp(text, names[i]) == 0) {
			*format = (enum findings_format)i;
			return true;
		}
	}
	return false;
}

bool
findings_fail_on_parse(const char *text, struct findings_options *options)
{
	for (int i = 0; i < 3; i++) {
		if (strcmp(text, severity_names[i]) == 0) {
			options->fail_on = (enum severity)i;
			options->fail_never = false;
			return true;
		}
	}
	if (strcmp(text, "never") != 0)
		return false;
	options->fail_never = true;
	return true;
}

void
findings_render(const struct findings *findings,
    const struct findings_options *options, FILE *out)
{
	switch (options->format) {
	case FORMAT_TEXT: findings_text(findings, options->colour, out); break;
	case FORMAT_JSON: findings_json(findings, out); break;
	case FORMAT_SARIF: findings_sarif(findings, out); break;
	case FORMAT_GCC: findings_gcc(findings, out); break;
	}
}

int
findings_exit(
    const struct findings *findings, const struct findings_options *options)
{
	if (options->fail_never)
		return EXIT_CLEAN;
	return findings_shown(findings, options->fail_on) ? EXIT_FINDINGS
							  : EXIT_CLEAN;
}

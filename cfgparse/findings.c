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

void
findings_next_part(struct findings *findings)
{
	findings->part = arena_alloc(&findings->arena, sizeof *findings->part);
}

struct findings *
findings_create(const char *tool)
{
	struct findings *findings = mem_alloc(1, sizeof *findings);

	findings->tool = tool;
	findings->used_end = &findings->used;
	findings->sources_end = &findings->sources;
	findings->spill = (struct finding){ .owner = findings, .sink = true };
	findings->dropped = findings->spill;
	findings->nothing = findings->spill;
	findings_next_part(findings);
	return findings;
}

void
findings_destroy(struct findings **findings)
{
	if (!*findings)
		return;
	for (struct source_item *item = (*findings)->sources; item;
	     item = item->next)
		free(item->owned);
	suppressions_fini(*findings);
	map_fini(&(*findings)->baseline);
	map_fini(&(*findings)->secrets);
	map_fini(&(*findings)->rules);
	arena_fini(&(*findings)->arena);
	free((*findings)->items);
	free(*findings);
	*findings = NULL;
}

static struct source_item *
add_source(struct findings *findings, const char *name)
{
	struct source_item *item = arena_alloc(&findings->arena, sizeof *item);

	item->source.name = arena_strdup(&findings->arena, name);
	item->source.lines = source_lines_create(&findings->arena);
	item->part = findings->part;
	*findings->sources_end = item;
	findings->sources_end = &item->next;
	return item;
}

const struct source *
findings_source(struct findings *findings, const char *name, struct str text)
{
	struct source_item *item = add_source(findings, name);

	item->source.text = arena_str(&findings->arena, text);
	return &item->source;
}

const struct source *
findings_source_take(
    struct findings *findings, const char *name, struct buf *text)
{
	struct source_item *item = add_source(findings, name);

	item->source.text.len = text->len;
	item->source.text.ptr = item->owned = buf_take(text);
	return &item->source;
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

void
findings_allow(struct findings *findings, const struct rule *const *tables)
{
	findings->tables = tables;
}

void
findings_untried(struct findings *findings, const struct rule *rules)
{
	for (; rules->id; rules++)
		named_rule(findings, rules->id)->untried = true;
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
keep(struct findings *findings)
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
	finding->part = findings->part;
	findings->items[findings->count++] = finding;
	return finding;
}

/* One that a comment suppresses is kept for who wants to see it. */
static struct finding *
admit_suppressed(struct findings *findings, struct rule_state *state,
    const struct suppression *suppressed)
{
	struct finding *finding;

	findings->suppressed++;
	if (state->suppressed >= FINDINGS_KEPT_OF_RULE ||
	    findings->count >= FINDINGS_KEPT)
		return &findings->dropped;
	state->suppressed++;
	finding = keep(findings);
	finding->suppressed = suppressed;
	return finding;
}

/* Where one more finding of the rule goes: to the others, or to a sink. */
static struct finding *
admit(
    struct findings *findings, const struct rule *rule, const struct span *span)
{
	struct rule_state *state = use_rule(findings, rule);
	const struct suppression *suppressed;
	uint64_t print;

	if (state->disabled || (findings->only && !state->only))
		return &findings->dropped;
	suppressed = span ? suppression_find(findings, rule, span) : NULL;
	if (suppressed)
		return admit_suppressed(findings, state, suppressed);
	if (span && findings->baseline.count &&
	    fingerprint_of_place(rule, span, &print) &&
	    baseline_take(findings, print))
		return &findings->dropped;
	if (state->kept < FINDINGS_KEPT_OF_RULE &&
	    findings->count < FINDINGS_KEPT) {
		state->kept++;
		return keep(findings);
	}
	state->hidden++;
	findings->hidden[rule->severity]++;
	findings->part->errors |= rule->severity == SEVERITY_ERROR;
	return &findings->spill;
}

struct finding *
finding_add_args(struct findings *findings, const struct rule *rule,
    const struct span *span, const char *message, va_list args)
{
	struct finding *finding = admit(findings, rule, span);

	findings->added[rule->severity]++;
	finding->rule = rule;
	finding->severity = rule->severity;
	if (finding->sink)
		return finding;
	if (span)
		finding->span = *span;
	finding->undecided = span && span->source && !finding->suppressed;
	finding->message = format_text(findings, message, args);
	return finding;
}

struct finding *
finding_add(struct findings *findings, const struct rule *rule,
    const struct span *span, const char *message, ...)
{
	va_list args;

	va_start(args, message);
	struct finding *finding =
	    finding_add_args(findings, rule, span, message, args);
	va_end(args);
	return finding;
}

struct finding *
finding_none(struct findings *findings)
{
	return &findings->nothing;
}

bool
finding_is_kept(const struct finding *finding)
{
	return !finding->sink;
}

void
finding_severity(struct finding *finding, enum severity severity)
{
	struct findings *findings = finding->owner;

	if (finding == &findings->nothing)
		return;
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
findings_count_of(const struct findings *findings, const char *id)
{
	const struct rule_state *state = map_get(&findings->rules, str_of(id));

	return state ? state->kept + state->hidden : 0;
}

bool
finding_counts(const struct finding *finding)
{
	return !finding->suppressed && !finding->known_before;
}

size_t
findings_shown(const struct findings *findings, enum severity least)
{
	size_t count = 0;

	for (int i = (int)least; i < SEVERITIES; i++)
		count += findings->hidden[i];
	for (size_t i = 0; i < findings->count; i++)
		count += finding_counts(findings->items[i]) &&
			 findings->items[i]->severity >= least;
	return count;
}

/* Decides what could not be decided when it was added: how comments look may
 * have become known only behind it, and what has no line is known by what was
 * said of it later. */
static void
settle(struct findings *findings, struct finding *finding)
{
	uint64_t print;

	if (finding->undecided) {
		finding->suppressed =
		    suppression_find(findings, finding->rule, &finding->span);
		findings->suppressed += finding->suppressed != NULL;
	}
	if (!finding->suppressed && findings->baseline.count &&
	    !fingerprint_of_place(finding->rule, &finding->span, &print))
		finding->known_before =
		    baseline_take(findings, fingerprint(finding));
	if (finding->severity == SEVERITY_ERROR && finding_counts(finding))
		finding->part->errors = true;
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
	/* Readers that walk maps add findings in no order that lasts. */
	if (order == 0)
		order = strcmp(a->rule->id, b->rule->id);
	return order ? order : compare_numbers(a->order, b->order);
}

static int
compare_rules(const void *left, const void *right)
{
	const struct rule_state *a = *(struct rule_state *const *)left;
	const struct rule_state *b = *(struct rule_state *const *)right;

	return strcmp(a->rule->id, b->rule->id);
}

static void
sort_rules(struct findings *findings)
{
	size_t count = 0;
	struct rule_state **all = mem_alloc(
	    map_count(&findings->rules) + 1, sizeof(struct rule_state *));

	for (struct rule_state *state = findings->used; state;
	     state = state->next)
		all[count++] = state;
	if (count)
		qsort(all, count, sizeof *all, compare_rules);
	findings->used_end = &findings->used;
	for (size_t i = 0; i < count; i++) {
		*findings->used_end = all[i];
		findings->used_end = &all[i]->next;
	}
	*findings->used_end = NULL;
	free(all);
}

void
findings_sort(struct findings *findings)
{
	sort_rules(findings);
	if (findings->count)
		qsort(findings->items, findings->count,
		    sizeof(struct finding *), compare);
}

/* The same said of the same place of a file that was read twice. */
static bool
is_repeated(const struct finding *a, const struct finding *b)
{
	const struct source *one = a->span.source, *other = b->span.source;

	return a->rule == b->rule && one && other && one != other &&
	       strcmp(one->name, other->name) == 0 &&
	       a->span.begin.line == b->span.begin.line &&
	       a->span.begin.column == b->span.begin.column &&
	       strcmp(a->message, b->message) == 0;
}

/* An include of two files is read twice; each of its faults is one. */
static void
drop_repeated(struct findings *findings)
{
	size_t kept = 0;

	findings_sort(findings);
	for (size_t i = 0; i < findings->count; i++) {
		struct finding *finding = findings->items[i];
		bool repeated = false;
		/* Others of the same rule and place may stand between. */
		for (size_t back = kept; back-- > 0 && !repeated;) {
			const struct finding *before = findings->items[back];
			if (before->rule != finding->rule ||
			    before->span.begin.line !=
				finding->span.begin.line ||
			    kept - back > 8)
				break;
			repeated = is_repeated(before, finding);
		}
		if (!repeated) {
			findings->items[kept++] = finding;
			continue;
		}
		findings->suppressed -= finding->suppressed != NULL;
		findings->known_before -= finding->known_before;
	}
	findings->count = kept;
}

void
findings_finish(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		settle(findings, findings->items[i]);
	suppressions_finish(findings);
	drop_repeated(findings);
	findings_mask(findings);
}

bool
findings_format_parse(const char *text, enum findings_format *format)
{
	static const char *const names[] = { "text", "json", "sarif", "gcc",
		"junit", "github" };

	for (int i = 0; i < FORMATS; i++) {
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
findings_put_hidden(const struct findings *findings, const char *before,
    const char *behind, struct buf *out)
{
	for (const struct rule_state *state = findings->used; state;
	     state = state->next) {
		if (state->hidden)
			buf_printf(out, "%s%s: %zu more of %s not shown%s\n",
			    before, findings->tool, state->hidden,
			    state->rule->id, behind);
	}
}

void
findings_render(const struct findings *findings,
    const struct findings_options *options, FILE *out)
{
	switch (options->format) {
	case FORMAT_TEXT: findings_text(findings, options, out); break;
	case FORMAT_JSON: findings_json(findings, out); break;
	case FORMAT_SARIF: findings_sarif(findings, out); break;
	case FORMAT_GCC: findings_gcc(findings, out); break;
	case FORMAT_JUNIT: findings_junit(findings, options, out); break;
	case FORMAT_GITHUB: findings_github(findings, out); break;
	case FORMATS: break;
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

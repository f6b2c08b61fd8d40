#include "cfgparse/findings_private.h"
/*
 * Comments that suppress findings:
 *
 *	% lint: allow CFG036 reason		# in YAML
 *	% lint: allow-file CFG036,CFG041 reason
 *
 * A source is searched for them when it has its first finding, or at the end,
 * and only where it has "lint:" at all.
 */
#include <string.h>

#include "cfgparse/base/bytes.h"
#include "cfgparse/comments.h"
#include "cfgparse/findings_rules.h"
#include "cfgparse/source_lines.h"

/* All of one source. Sources of one name and text share it: a file that is
 * included twice is one file to its reader. */
struct suppressions {
	struct str text;
	struct map by_place; /* "line rule", line 0 for the file */
	struct suppression *first, **end;
	bool unsure; /* whether all findings of the file are there */
	struct suppressions *next;
};

/* A walk over the comments of a source. */
struct reader {
	struct findings *findings;
	struct suppressions *all;
	const struct source *source;
	/* Those on lines of their own, which cover the next line with more
	 * than comments; the list's first that has no line yet. */
	struct suppression *waiting;
	struct span cut; /* the comment at hand, where it is of one rule */
};

enum { KEY_MAX = RULE_ID_MAX + 16, SHOWN_MAX = 60, REASON_MAX = 500 };

static const uint32_t LINE_ALL = 0, LINE_WAITING = UINT32_MAX;

static struct str
place_key(char key[KEY_MAX], uint32_t line, const char *rule)
{
	int len = snprintf(key, KEY_MAX, "%u %s", (unsigned)line, rule);

	return (struct str){ key, (size_t)len };
}

/* --- reading the comments --- */

static struct span
comment_span(const struct reader *reader, struct str part)
{
	const char *text = reader->source->text.ptr;
	uint32_t begin = (uint32_t)(part.ptr - text);

	return source_span(reader->source, begin, begin + (uint32_t)part.len);
}

static void
report(const struct reader *reader, enum findings_rule rule, struct str part,
    const char *message, const char *hint)
{
	struct span span = comment_span(reader, part);

	if (part.len > SHOWN_MAX)
		part.len = SHOWN_MAX;
	finding_hint(finding_add(reader->findings, &findings_rules[rule], &span,
			 message, STR_ARG(part)),
	    "%s", hint);
}

static const struct rule *
known_rule(struct findings *findings, struct str id)
{
	const struct rule *const *tables = findings->tables;

	for (; !findings->knows_rules && *tables; tables++) {
		for (const struct rule *rule = *tables; rule->id; rule++)
			map_put(&findings->known, str_of(rule->id),
			    (void *)(uintptr_t)rule);
	}
	findings->knows_rules = true;
	return map_get(&findings->known, id);
}

static void
add(struct reader *reader, struct str id, struct str reason, uint32_t line)
{
	struct arena *arena = &reader->findings->arena;
	const struct rule *rule = known_rule(reader->findings, id);
	struct suppression *suppression;

	if (!rule) {
		report(reader, SUPPRESSION_UNKNOWN, id,
		    "there is no rule \"%.*s\" to suppress",
		    "name a rule as findings show it, such as CFG036");
		return;
	}
	suppression = arena_alloc(arena, sizeof *suppression);
	suppression->rule = rule;
	suppression->reason = arena_memdup(arena, reason.ptr, reason.len);
	suppression->span = comment_span(reader, id);
	suppression->line = line;
	suppression->all = reader->cut;
	*reader->all->end = suppression;
	reader->all->end = &suppression->next;
	if (line == LINE_WAITING && !reader->waiting)
		reader->waiting = suppression;
}

/* Takes what stands before the next comma. */
static struct str
take_name(struct str *list)
{
	const char *comma = memchr(list->ptr, ',', list->len);
	size_t len = comma ? (size_t)(comma - list->ptr) : list->len;
	struct str name = { list->ptr, len };

	len += comma != NULL;
	list->ptr += len;
	list->len -= len;
	return name;
}

static struct str
trimmed(struct str text)
{
	while (text.len && str_is_blank(text.ptr[0])) {
		text.ptr++;
		text.len--;
	}
	while (text.len && str_is_blank(text.ptr[text.len - 1]))
		text.len--;
	return text;
}

/* Leaves what follows `lint:`; false where the comment isn't for us. */
static bool
is_for_linter(struct str *text)
{
	static const struct str mark = { "lint:", 5 };

	while (text->len && (*text->ptr == '%' || *text->ptr == '#')) {
		text->ptr++;
		text->len--;
	}
	*text = trimmed(*text);
	if (text->len < mark.len || memcmp(text->ptr, mark.ptr, mark.len) != 0)
		return false;
	text->ptr += mark.len;
	text->len -= mark.len;
	return true;
}

/* With the blanks before it, or its line where it is alone there. */
static struct span
whole_comment(const struct reader *reader, const struct comment *comment)
{
	struct str text = reader->source->text;
	size_t begin = comment->begin, end = begin + comment->text.len;

	while (begin > 0 && str_is_blank(text.ptr[begin - 1]) &&
	       text.ptr[begin - 1] != '\n')
		begin--;
	if (comment->alone && end < text.len && text.ptr[end] == '\n')
		end++;
	return source_span(reader->source, (uint32_t)begin, (uint32_t)end);
}

static void
read_comment(struct reader *reader, const struct comment *comment)
{
	struct str rest = comment->text, word, list;
	struct pos pos = source_pos(reader->source, comment->begin);
	uint32_t line = comment->alone ? LINE_WAITING : pos.line;

	if (!is_for_linter(&rest))
		return;
	bool told = str_word(&rest, &word);
	if (told && str_is(word, "allow-file"))
		line = LINE_ALL;
	else if (!told || !str_is(word, "allow"))
		told = false;
	if (!told || !str_word(&rest, &list)) {
		report(reader, SUPPRESSION_FORM, trimmed(comment->text),
		    "the comment \"%.*s\" is for the linter, but not "
		    "understood",
		    "write `lint: allow RULE reason`, or `lint: allow-file "
		    "RULE reason`");
		return;
	}
	rest = trimmed(rest);
	if (rest.len > REASON_MAX)
		rest.len = REASON_MAX;
	if (rest.len == 0) {
		report(reader, SUPPRESSION_REASON, list,
		    "the suppression of %.*s has no reason, so it has no "
		    "effect",
		    "say behind the rule why it is right as it is");
		return;
	}
	reader->cut = (struct span){ 0 };
	if (!memchr(list.ptr, ',', list.len))
		reader->cut = whole_comment(reader, comment);
	while (list.len)
		add(reader, take_name(&list), rest, line);
}

/* Whether there is more than blanks from one byte to another; *at is where. */
static bool
has_more(struct str text, size_t from, size_t to, size_t *at)
{
	for (; from < to; from++) {
		if (!str_is_blank(text.ptr[from]) && text.ptr[from] != '\n') {
			*at = from;
			return true;
		}
	}
	return false;
}

/* Those that wait cover the line where something stands between the last
 * comment and the next. */
static void
settle_waiting(struct reader *reader, size_t from, size_t to)
{
	struct suppression *next;
	size_t at;

	if (!reader->waiting || !has_more(reader->source->text, from, to, &at))
		return;
	uint32_t line = source_pos(reader->source, (uint32_t)at).line;
	for (next = reader->waiting; next; next = next->next) {
		if (next->line == LINE_WAITING)
			next->line = line;
	}
	reader->waiting = NULL;
}

static void
read_comments(struct reader *reader)
{
	struct str text = reader->source->text;
	struct comment_walk walk;
	struct comment comment;
	size_t behind = 0;
	char key[KEY_MAX];

	/* Colons are rare where comments begin with %. */
	bool rare = source_comment_style(reader->source) == COMMENTS_PERCENT;

	if (text.len == 0 || !bytes_have(text, STR("lint:"), rare))
		return;
	comments_start(&walk, text, source_comment_style(reader->source));
	while (comments_next(&walk, &comment)) {
		settle_waiting(reader, behind, comment.begin);
		read_comment(reader, &comment);
		behind = comment.begin + comment.text.len;
	}
	settle_waiting(reader, behind, text.len);
	for (struct suppression *next = reader->all->first; next;
	     next = next->next) {
		struct str place = place_key(key, next->line, next->rule->id);
		if (!map_get(&reader->all->by_place, place))
			map_put(&reader->all->by_place, place, next);
	}
}

/* --- asking for them --- */

static struct suppressions *
find_source(struct findings *findings, const struct source *source)
{
	struct suppressions *all =
	    map_get(&findings->suppressing, str_of(source->name));
	struct reader reader = { .findings = findings, .source = source };

	/* One text is asked of for each finding: mostly it is the very same. */
	if (all && ((all->text.ptr == source->text.ptr &&
			all->text.len == source->text.len) ||
		       str_eq(all->text, source->text)))
		return all;
	all = arena_alloc(&findings->arena, sizeof *all);
	all->text = source->text;
	all->end = &all->first;
	all->next = findings->suppressions;
	findings->suppressions = all;
	/* Known before the comments are read: what is wrong with them is a
	 * finding in this source. */
	map_put(&findings->suppressing, str_of(source->name), all);
	reader.all = all;
	read_comments(&reader);
	return all;
}

const struct suppression *
suppression_find(
    struct findings *findings, const struct rule *rule, const struct span *span)
{
	const struct source *source = span->source;
	struct suppression *found;
	char key[KEY_MAX];

	if (!findings->tables || !source ||
	    source_comment_style(source) == COMMENTS_NONE)
		return NULL;
	struct suppressions *all = find_source(findings, source);
	if (!all->first)
		return NULL;
	found =
	    map_get(&all->by_place, place_key(key, span->begin.line, rule->id));
	if (!found)
		found =
		    map_get(&all->by_place, place_key(key, LINE_ALL, rule->id));
	if (found)
		found->used = true;
	return found;
}

static bool
was_tried(const struct findings *findings, const struct rule *rule)
{
	const struct rule_state *state =
	    map_get(&findings->rules, str_of(rule->id));

	if (findings->only)
		return state && state->only;
	return !state || !(state->disabled || state->untried);
}

static void
report_unused(struct findings *findings, const struct suppressions *all)
{
	for (struct suppression *next = all->first; next; next = next->next) {
		if (next->used || !was_tried(findings, next->rule))
			continue;
		struct finding *finding =
		    finding_add(findings, &findings_rules[SUPPRESSION_UNUSED],
			&next->span, "%s finds nothing %s", next->rule->id,
			next->line == LINE_ALL ? "in this file"
					       : "where this covers it");
		finding_hint(finding, "remove the comment");
		if (next->all.source)
			finding_edit(finding, true, &next->all, "");
	}
}

void
suppressions_finish(struct findings *findings)
{
	if (!findings->tables)
		return;
	/* What stopped at an error may not have come to the finding. */
	for (struct source_item *item = findings->sources; item;
	     item = item->next) {
		if (source_comment_style(&item->source) != COMMENTS_NONE)
			find_source(findings, &item->source)->unsure |=
			    item->part->errors;
	}
	for (struct suppressions *all = findings->suppressions; all;
	     all = all->next) {
		if (!all->unsure)
			report_unused(findings, all);
	}
}

void
suppressions_fini(struct findings *findings)
{
	for (struct suppressions *all = findings->suppressions; all;
	     all = all->next)
		map_fini(&all->by_place);
	map_fini(&findings->suppressing);
	map_fini(&findings->known);
}

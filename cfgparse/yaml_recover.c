/*
 * Reading a file with faults: its top-level options are read each for itself,
 * and what is at fault is taken apart into its entries again, so that a fault
 * costs the smallest entry around it that can be left out without a trace: a
 * module, a listener, an acl, a host; of other options all of their value.
 * Entries are read many at a time as long as that goes well. Finds no causes;
 * yaml_diagnose.c does.
 *
 * Each level of entries is read twice at most and there are LEVELS_MAX, so
 * that the time stays linear.
 */
#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/yaml_split.h"

enum {
	GROUP = 64,	 /* entries read at once */
	LEVELS_MAX = 16, /* of entries in entries; deeper ones are not
			    taken apart */
};

struct recovery {
	struct yaml_parser *parser;
	char *copy; /* of the text, NULL before a dash had to be covered */
	/* What was read: items, or keys with their values. */
	struct term *items;
	size_t item_count, item_room;
	bool of_hosts; /* in host_config or append_host_config */
};

static bool read_entries(
    struct recovery *recovery, const struct yaml_split *split, unsigned level);

static void
add_items(struct recovery *recovery, const struct term *items, size_t count)
{
	if (recovery->item_room - recovery->item_count < count) {
		recovery->item_room = recovery->item_room * 2 + count + 64;
		recovery->items = mem_grow(recovery->items, recovery->item_room,
		    sizeof *recovery->items);
	}
	if (count)
		memcpy(recovery->items + recovery->item_count, items,
		    count * sizeof *items);
	recovery->item_count += count;
}

/* A list or map of what was read since there were that many. */
static struct term
gather(struct recovery *recovery, size_t since, bool list)
{
	struct yaml_parser *parser = recovery->parser;
	size_t count = recovery->item_count - since;
	struct term term = {
		.kind = list ? TERM_LIST : TERM_MAP,
		.begin = parser->start,
		.end = parser->start,
		.file = parser->file,
	};

	recovery->item_count = since;
	if (!count)
		return term;
	struct term *items = arena_array(parser->arena, count, sizeof *items);
	memcpy(items, recovery->items + since, count * sizeof *items);
	term.begin = items[0].begin;
	term.end = items[count - 1].end;
	term.items = items;
	term.count = count;
	return term;
}

static bool
is_over(const struct recovery *recovery)
{
	return recovery->parser->errors >= YAML_ERRORS_MAX;
}

/* --- one entry --- */

static bool
is_one_of(const struct term *key, const char *const *names)
{
	if (key->kind != TERM_ATOM && key->kind != TERM_STRING)
		return false;
	for (; *names; names++) {
		if (str_is(key->text, *names))
			return true;
	}
	return false;
}

/* Do the sound entries of this key's value mean something without those that
 * are left out? */
static bool
keeps_parts(struct recovery *recovery, const struct term *key, unsigned level)
{
	static const char *const hosts[] = { "host_config",
		"append_host_config", NULL };
	static const char *const loose[] = { "hosts", "listen", "modules",
		"acl", "access", "access_rules", "shaper", "shaper_rules",
		"define_macro", "define_keyword", NULL };

	if (level == 0)
		recovery->of_hosts = is_one_of(key, hosts);
	switch (level) {
	case 0: return recovery->of_hosts || is_one_of(key, loose);
	case 1: return recovery->of_hosts;
	case 2: return recovery->of_hosts && is_one_of(key, loose);
	default: return false;
	}
}

/* Takes the lines apart; false where they have no entries. */
static bool
read_inside(struct recovery *recovery, uint32_t begin, uint32_t end,
    unsigned level, bool *list)
{
	struct yaml_split split;
	bool good = yaml_split(recovery->parser, begin, end, &split) &&
		    read_entries(recovery, &split, level);

	*list = split.list;
	yaml_split_fini(&split);
	return good;
}

/* An item: what is behind its dash, which blanks stand for meanwhile. */
static bool
read_item(struct recovery *recovery, uint32_t begin, uint32_t end,
    uint32_t dash, unsigned level)
{
	struct yaml_parser *parser = recovery->parser;
	size_t before = recovery->item_count;
	bool list;

	if (!recovery->copy) {
		recovery->copy = arena_memdup(
		    parser->arena, parser->text.ptr, parser->text.len);
		parser->text.ptr = recovery->copy;
	}
	recovery->copy[dash] = ' ';
	bool good = read_inside(recovery, begin, end, level + 1, &list);
	recovery->copy[dash] = '-';
	recovery->item_count = before;
	return good;
}

/* A key with its value on the lines below. */
static bool
read_value(struct recovery *recovery, uint32_t begin, uint32_t end,
    uint32_t content, unsigned level)
{
	struct yaml_parser *parser = recovery->parser;
	uint32_t next = yaml_next_line(parser, content);
	size_t before = recovery->item_count;
	struct yaml_problem problem;
	struct term *head;
	bool list;

	if (next >= end || !yaml_tree(parser, begin, next, &head, &problem) ||
	    !head || head->kind != TERM_MAP || head->count != 2 ||
	    !yaml_is_nothing(&head->items[1]))
		return false;
	bool keeps = keeps_parts(recovery, &head->items[0], level);
	bool good = read_inside(recovery, next, end, level + 1, &list);
	if (!good || !keeps || recovery->item_count == before) {
		recovery->item_count = before;
		return good;
	}
	struct term pair[2] = { head->items[0],
		gather(recovery, before, list) };
	add_items(recovery, pair, 2);
	return true;
}

/* Looks for the fault inside of the entry; false where it isn't there. */
static bool
read_apart(struct recovery *recovery, uint32_t begin, uint32_t end, bool list,
    unsigned level)
{
	const struct yaml_parser *parser = recovery->parser;
	unsigned errors = parser->errors;
	size_t before = recovery->item_count;
	uint32_t content;
	struct str text;

	if (level == LEVELS_MAX ||
	    !yaml_first_content(parser, begin, end, &content, &text) ||
	    (list && !yaml_is_item(text)) ||
	    !(list ? read_item(recovery, begin, end, content, level)
		   : read_value(recovery, begin, end, content, level)))
		return false;
	if (parser->errors > errors)
		return true;
	recovery->item_count = before;
	return false;
}

/* Takes the first line where all that is wrong is below it. */
static void
keep_first_line(struct recovery *recovery, uint32_t begin, uint32_t end,
    bool list, const struct yaml_problem *problem)
{
	struct yaml_parser *parser = recovery->parser;
	struct yaml_problem ignored;
	struct term *root;
	uint32_t content;
	struct str text;

	if (!yaml_first_content(parser, begin, end, &content, &text))
		return;
	uint32_t next = yaml_next_line(parser, content);
	if (problem->at < next ||
	    !yaml_tree(parser, begin, next, &root, &ignored) || !root ||
	    root->kind != (list ? TERM_LIST : TERM_MAP) || !root->count)
		return;
	const struct term *value = &root->items[root->count - 1];
	/* An item's further options may be below. */
	if (yaml_is_nothing(value) || (list && value->kind == TERM_MAP))
		return;
	add_items(recovery, root->items, root->count);
}

/* The faults in what stands below a key without a colon; the rest of it is of
 * no use. */
static void
read_below_word(
    struct recovery *recovery, uint32_t begin, uint32_t end, unsigned level)
{
	const struct yaml_parser *parser = recovery->parser;
	size_t before = recovery->item_count;
	uint32_t content;
	struct str text;
	bool list;

	if (level == LEVELS_MAX ||
	    !yaml_first_content(parser, begin, end, &content, &text) ||
	    !yaml_is_lone_word(text))
		return;
	read_inside(
	    recovery, yaml_next_line(parser, content), end, level + 1, &list);
	recovery->item_count = before;
}

static void
read_one(struct recovery *recovery, uint32_t begin, uint32_t end, bool list,
    unsigned level)
{
	struct yaml_parser *parser = recovery->parser;
	struct yaml_problem problem = { 0 };
	struct term *root;

	if (yaml_tree(parser, begin, end, &root, &problem)) {
		if (!root || yaml_is_nothing(root))
			return;
		if (root->kind == (list ? TERM_LIST : TERM_MAP)) {
			add_items(recovery, root->items, root->count);
			return;
		}
		problem.fault = FAULT_COLON;
		problem.at = problem.context = root->begin;
	}
	if (read_apart(recovery, begin, end, list, level))
		return;
	keep_first_line(recovery, begin, end, list, &problem);
	yaml_diagnose(parser, begin, end, &problem);
	read_below_word(recovery, begin, end, level);
}

/* --- many --- */

/* Does each entry, and nothing else, begin where the split says so? */
static bool
is_sound(const struct yaml_split *split, size_t from, size_t to,
    const struct term *root)
{
	size_t step = split->list ? 1 : 2;

	if (!root || root->kind != (split->list ? TERM_LIST : TERM_MAP) ||
	    root->count != (to - from) * step)
		return false;
	for (size_t i = from; i < to; i++) {
		const struct yaml_entry *entry = &split->entries[i];
		const struct term *term = &root->items[(i - from) * step];

		if (entry->misplaced || term->begin < entry->content ||
		    term->begin >= entry[1].begin)
			return false;
	}
	return true;
}

static void
report_misplaced(struct recovery *recovery, const struct yaml_entry *entry)
{
	struct yaml_problem problem = { FAULT_INDENT, "", entry->content,
		entry->content };

	yaml_diagnose(recovery->parser, entry->begin, entry[1].begin, &problem);
}

static void
read_group(struct recovery *recovery, const struct yaml_split *split,
    size_t from, size_t to, unsigned level)
{
	struct yaml_parser *parser = recovery->parser;
	const struct yaml_entry *entries = split->entries;
	struct yaml_problem problem;
	struct term *root;

	if (yaml_tree(parser, entries[from].begin, entries[to].begin, &root,
		&problem) &&
	    is_sound(split, from, to, root)) {
		add_items(recovery, root->items, root->count);
		return;
	}
	for (size_t i = from; i < to && !is_over(recovery); i++) {
		if (entries[i].misplaced)
			report_misplaced(recovery, &entries[i]);
		else
			read_one(recovery, entries[i].begin,
			    entries[i + 1].begin, split->list, level);
	}
}

static bool
read_entries(
    struct recovery *recovery, const struct yaml_split *split, unsigned level)
{
	size_t count = split->count;

	for (size_t i = 0; i < count && !is_over(recovery); i += GROUP)
		read_group(recovery, split, i,
		    i + GROUP < count ? i + GROUP : count, level);
	return count > 0;
}

void
yaml_recover(struct yaml_parser *parser, const struct yaml_problem *problem,
    struct term **root)
{
	struct recovery recovery = { .parser = parser };
	uint32_t end = (uint32_t)parser->text.len;
	unsigned errors = parser->errors;
	struct yaml_split split;

	yaml_split_file(parser, &split);
	read_entries(&recovery, &split, 0);
	yaml_split_fini(&split);
	if (parser->errors == errors)
		yaml_diagnose(parser, parser->start, end, problem);
	if (is_over(&recovery))
		yaml_report(parser, YAML_TOO_MANY, end, end,
		    "there are more than %d errors, the rest is not looked "
		    "at",
		    YAML_ERRORS_MAX);
	*root = arena_alloc(parser->arena, sizeof **root);
	**root = gather(&recovery, 0, false);
	free(recovery.items);
}

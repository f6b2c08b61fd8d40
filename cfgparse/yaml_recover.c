/*
 * Reading a file with faults: its top-level options are blocks that begin in
 * the first column, and each is read for itself, so that a fault costs its own
 * block only. Blocks are read many at a time as long as that goes well. Finds
 * no causes; yaml_diagnose.c does.
 */
#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/yaml_private.h"

enum { GROUP = 64 }; /* blocks read at once */

struct recovery {
	struct yaml_parser *parser;
	uint32_t *blocks; /* where they begin, and where the last one ends */
	size_t block_count, block_room;
	struct term *items;
	size_t item_count, item_room;
	bool found; /* a fault */
};

static void
add_block(struct recovery *recovery, uint32_t at)
{
	if (recovery->block_count == recovery->block_room) {
		recovery->block_room = recovery->block_room * 2 + 64;
		recovery->blocks = mem_grow(recovery->blocks,
		    recovery->block_room, sizeof *recovery->blocks);
	}
	recovery->blocks[recovery->block_count++] = at;
}

/* NAME: or, where its colon may be missing, NAME alone or before a blank. */
static bool
begins_block(struct str line, bool in_quotes)
{
	size_t word;

	if (yaml_key(line))
		return true;
	word = yaml_word(line);
	return !in_quotes && word > 1 && line.ptr[0] >= 'a' &&
	       line.ptr[0] <= 'z' &&
	       (word == line.len || line.ptr[word] == ' ' ||
		   line.ptr[word] == ':');
}

/* The quote that is open behind the line. */
static char
quote_behind(struct str line, char quote)
{
	size_t at;

	if (quote)
		return memchr(line.ptr, quote, line.len) ? 0 : quote;
	return yaml_open_quote(line, &at) ? line.ptr[at] : 0;
}

static void
find_blocks(struct recovery *recovery)
{
	struct yaml_parser *parser = recovery->parser;
	uint32_t end = (uint32_t)parser->text.len;
	char quote = 0; /* that is open where the line begins */

	add_block(recovery, parser->start);
	for (uint32_t at = parser->start; at < end;) {
		uint32_t begin;
		struct str line = yaml_line(parser, at, &begin);
		if (at > parser->start && begins_block(line, quote)) {
			add_block(recovery, at);
			quote = 0;
		}
		quote = quote_behind(line, quote);
		at = yaml_next_line(parser, at);
	}
	add_block(recovery, end);
}

static void
take_items(struct recovery *recovery, const struct term *map)
{
	if (recovery->item_room - recovery->item_count < map->count) {
		recovery->item_room = recovery->item_room * 2 + map->count + 64;
		recovery->items = mem_grow(recovery->items, recovery->item_room,
		    sizeof *recovery->items);
	}
	if (map->count)
		memcpy(recovery->items + recovery->item_count, map->items,
		    map->count * sizeof *map->items);
	recovery->item_count += map->count;
}

static void
read_one(struct recovery *recovery, uint32_t begin, uint32_t end)
{
	struct yaml_parser *parser = recovery->parser;
	struct yaml_problem problem = { 0 };
	struct term *root;

	if (yaml_tree(parser, begin, end, &root, &problem)) {
		if (!root || yaml_is_nothing(root))
			return;
		if (root->kind == TERM_MAP) {
			take_items(recovery, root);
			return;
		}
		problem.fault = FAULT_COLON;
		problem.at = problem.context = root->begin;
	}
	recovery->found = true;
	yaml_diagnose(parser, begin, end, &problem);
}

/* Are the keys of the map the beginnings of the blocks? */
static bool
is_sound(const struct recovery *recovery, size_t from, size_t to,
    const struct term *root)
{
	size_t at = 0;

	if (!root || root->kind != TERM_MAP)
		return false;
	for (size_t i = from; i < to; i++) {
		if (at < root->count &&
		    root->items[at].begin == recovery->blocks[i])
			at += 2;
		else if (i > 0)
			return false; /* the first may be comments only */
	}
	return at == root->count;
}

static void
read_group(struct recovery *recovery, size_t from, size_t to)
{
	struct yaml_parser *parser = recovery->parser;
	struct yaml_problem problem;
	struct term *root;

	if (yaml_tree(parser, recovery->blocks[from], recovery->blocks[to],
		&root, &problem) &&
	    is_sound(recovery, from, to, root)) {
		take_items(recovery, root);
		return;
	}
	for (size_t i = from; i < to && parser->errors < YAML_ERRORS_MAX; i++)
		read_one(
		    recovery, recovery->blocks[i], recovery->blocks[i + 1]);
}

static struct term *
make_map(struct recovery *recovery)
{
	struct yaml_parser *parser = recovery->parser;
	struct term *map = arena_alloc(parser->arena, sizeof *map);
	size_t count = recovery->item_count;

	map->kind = TERM_MAP;
	map->file = parser->file;
	map->begin = map->end = parser->start;
	if (count) {
		map->items =
		    arena_array(parser->arena, count, sizeof *map->items);
		memcpy(map->items, recovery->items, count * sizeof *map->items);
		map->count = count;
		map->begin = map->items[0].begin;
		map->end = map->items[count - 1].end;
	}
	return map;
}

void
yaml_recover(struct yaml_parser *parser, const struct yaml_problem *problem,
    struct term **root)
{
	struct recovery recovery = { .parser = parser };
	uint32_t end = (uint32_t)parser->text.len;

	find_blocks(&recovery);
	size_t last = recovery.block_count - 1;
	for (size_t i = 0; i < last && parser->errors < YAML_ERRORS_MAX;
	     i += GROUP)
		read_group(&recovery, i, i + GROUP < last ? i + GROUP : last);
	if (!recovery.found)
		yaml_diagnose(parser, parser->start, end, problem);
	if (parser->errors >= YAML_ERRORS_MAX)
		yaml_report(parser, YAML_TOO_MANY, end, end,
		    "there are more than %d errors, the rest is not looked "
		    "at",
		    YAML_ERRORS_MAX);
	*root = make_map(&recovery);
	free(recovery.items);
	free(recovery.blocks);
}

/*
 * The entries of a list or map as their columns tell them, without reading
 * any: what a fault leaves to hold on to. Knows quotes and brackets only as
 * far as a line shows them.
 */
#include "cfgparse/yaml_split.h"

#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/base/utf8.h"

/* A line as the split sees it. */
struct row {
	uint32_t begin;
	uint32_t next;	 /* where the line behind it begins */
	size_t column;	 /* of what stands on it */
	struct str text; /* from there on */
	bool empty;	 /* but for a comment */
	bool skewed;	 /* its column can't be told */
};

struct splitter {
	const struct yaml_parser *parser;
	struct yaml_split *split;
	size_t room;
	char quote;    /* that is open behind the last line */
	int brackets;  /* that are */
	size_t column; /* of the entry */
	bool complete; /* its first line holds all of its value */
	bool odd;      /* that line is skewed */
	bool unsure;   /* a line before was */
};

static bool
is_named(const struct row *row)
{
	return yaml_is_item(row->text) || yaml_key(row->text);
}

static bool
is_skewed(struct str line, size_t indent)
{
	uint32_t code;

	if (memchr(line.ptr, '\t', indent))
		return true;
	return utf8_decode(line.ptr + indent, line.len - indent, &code) > 1 &&
	       yaml_is_odd_blank(code);
}

static void
read_row(const struct yaml_parser *parser, uint32_t at, uint32_t end,
    struct row *row)
{
	struct str line = yaml_line(parser, at, &row->begin);
	uint32_t next = yaml_next_line(parser, at);

	row->next = next < end ? next : end;
	row->column = yaml_indent(line);
	row->text =
	    (struct str){ line.ptr + row->column, line.len - row->column };
	row->empty = yaml_is_void(line);
	row->skewed = !row->empty && is_skewed(line, row->column);
}

static bool
first_row(const struct yaml_parser *parser, uint32_t at, uint32_t end,
    struct row *row)
{
	for (; at < end; at = row->next) {
		read_row(parser, at, end, row);
		if (!row->empty)
			return true;
	}
	return false;
}

bool
yaml_first_content(const struct yaml_parser *parser, uint32_t begin,
    uint32_t end, uint32_t *content, struct str *text)
{
	struct row row;

	if (!first_row(parser, begin, end, &row))
		return false;
	*content = row.begin + (uint32_t)row.column;
	*text = row.text;
	return true;
}

/* Is all of what begins on the line on it? */
static bool
is_complete(struct str text)
{
	size_t key = yaml_key(text), at;

	if (yaml_is_item(text)) {
		struct str rest = { text.ptr + 1, text.len - 1 };
		size_t blanks = yaml_indent(rest);
		rest = (struct str){ rest.ptr + blanks, rest.len - blanks };
		return !yaml_is_void(rest) && !yaml_key(rest) &&
		       !yaml_is_item(rest);
	}
	if (!key)
		return yaml_word(text) < text.len;
	at = key + yaml_indent((struct str){ text.ptr + key, text.len - key });
	return !yaml_is_void(
	    (struct str){ text.ptr + at + 1, text.len - at - 1 });
}

static int
brackets_in(struct str text)
{
	int depth = 0;
	char quote = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '#' && (i == 0 || text.ptr[i - 1] == ' '))
			break;
		else if (c == '[' || c == '{')
			depth++;
		else if (c == ']' || c == '}')
			depth--;
	}
	return depth;
}

static void
follow(struct splitter *splitter, struct str text)
{
	size_t at;

	if (splitter->quote) {
		if (memchr(text.ptr, splitter->quote, text.len))
			splitter->quote = 0;
		return;
	}
	if (yaml_open_quote(text, &at))
		splitter->quote = text.ptr[at];
	splitter->brackets += brackets_in(text);
}

static void
begin_entry(struct splitter *splitter, const struct row *row, bool misplaced)
{
	struct yaml_split *split = splitter->split;

	if (split->count + 1 >= splitter->room) {
		splitter->room = splitter->room * 2 + 64;
		split->entries = mem_grow(
		    split->entries, splitter->room, sizeof *split->entries);
	}
	split->entries[split->count++] = (struct yaml_entry){
		.begin = row->begin,
		.content = row->begin + (uint32_t)row->column,
		.misplaced = misplaced,
	};
	splitter->quote = 0;
	splitter->brackets = 0;
	splitter->column = row->column;
	splitter->complete = is_complete(row->text);
	splitter->odd = row->skewed;
}

/* In the column of the entries: is it one? */
static bool
is_entry(const struct splitter *splitter, const struct row *row)
{
	struct str text = row->text;

	if (splitter->split->list || yaml_is_item(text))
		return splitter->split->list && yaml_is_item(text);
	if (yaml_key(text))
		return true;
	/* A document's line belongs to none, and a bracket may close one. */
	return !splitter->quote && splitter->brackets <= 0 &&
	       !strchr("]},-", text.ptr[0]) &&
	       !(text.len >= 3 && memcmp(text.ptr, "...", 3) == 0);
}

static void
take_row(struct splitter *splitter, const struct row *row)
{
	const struct yaml_split *split = splitter->split;
	if (row->empty)
		return;
	splitter->unsure |= row->skewed;
	if (split->count == 0) {
		begin_entry(splitter, row, false);
	} else if (row->skewed) {
		if (splitter->complete && !splitter->odd)
			begin_entry(splitter, row, false);
	} else if (row->column == split->column) {
		if (is_entry(splitter, row))
			begin_entry(splitter, row, false);
	} else if (row->column < split->column && is_named(row) &&
		   !splitter->unsure && splitter->column != row->column) {
		begin_entry(splitter, row, true);
	}
	follow(splitter, row->text);
}

/* The leftmost column where something is named, behind a first line whose own
 * can't be told. What follows that at once may be below it. */
static bool
find_leftmost(const struct yaml_parser *parser, const struct row *first,
    uint32_t end, struct yaml_split *split)
{
	bool found = false, below = false;
	struct row row;

	for (uint32_t at = first->next; at < end; at = row.next) {
		read_row(parser, at, end, &row);
		if (row.empty || row.skewed || !is_named(&row))
			continue;
		if (found && row.column >= split->column)
			continue;
		below = !found && !is_complete(first->text);
		found = true;
		split->column = row.column;
		split->list = yaml_is_item(row.text);
	}
	return found && !below;
}

/* The column of the first line, and what stands in it. */
static bool
find_column(const struct yaml_parser *parser, uint32_t begin, uint32_t end,
    struct yaml_split *split)
{
	struct row row;

	if (!first_row(parser, begin, end, &row))
		return false;
	if (row.skewed)
		return find_leftmost(parser, &row, end, split);
	split->column = row.column;
	for (; row.begin < end; read_row(parser, row.next, end, &row)) {
		if (!row.empty && !row.skewed && row.column == split->column &&
		    is_named(&row))
			break;
		if (row.next >= end)
			return false;
	}
	split->list = yaml_is_item(row.text);
	return true;
}

static void
find_entries(const struct yaml_parser *parser, uint32_t begin, uint32_t end,
    struct yaml_split *split)
{
	struct splitter splitter = { .parser = parser, .split = split };
	struct row row;

	for (uint32_t at = begin; at < end; at = row.next) {
		read_row(parser, at, end, &row);
		take_row(&splitter, &row);
	}
	if (split->count == 0)
		return;
	split->entries[0].begin = begin;
	split->entries[split->count] = (struct yaml_entry){ .begin = end };
}

void
yaml_split_file(const struct yaml_parser *parser, struct yaml_split *split)
{
	*split = (struct yaml_split){ 0 };
	find_entries(parser, parser->start, (uint32_t)parser->text.len, split);
}

bool
yaml_split(const struct yaml_parser *parser, uint32_t begin, uint32_t end,
    struct yaml_split *split)
{
	*split = (struct yaml_split){ 0 };
	if (!find_column(parser, begin, end, split))
		return false;
	find_entries(parser, begin, end, split);
	return true;
}

void
yaml_split_fini(struct yaml_split *split)
{
	free(split->entries);
	split->entries = NULL;
}

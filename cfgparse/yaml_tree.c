/*
 * From libyaml's events to the tree: collections, their depth and their
 * places. libyaml ends a block where the next thing begins; here it ends with
 * its last child.
 */
#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/yaml_private.h"

/* A collection that is open. */
struct open {
	enum term_kind kind;
	uint32_t begin;
	size_t first; /* its items on the builder's stack */
	bool flow;
};

struct builder {
	struct yaml_parser *parser;
	struct term *items;
	size_t item_count, item_room;
	struct open open[YAML_DEPTH_MAX];
	size_t depth;
	unsigned documents;
	bool too_deep;
	bool over; /* the rest is another document */
};

static struct term *
add(struct builder *builder, uint32_t begin, uint32_t end)
{
	if (builder->item_count == builder->item_room) {
		builder->item_room = builder->item_room * 2 + 64;
		builder->items = mem_grow(
		    builder->items, builder->item_room, sizeof(struct term));
	}
	struct term *term = &builder->items[builder->item_count++];
	*term = (struct term){ 0 };
	term->begin = begin;
	term->end = end > begin ? end : begin;
	term->file = builder->parser->file;
	return term;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A block scalar ends with its last line that isn't blank. */
static uint32_t
trimmed(const struct builder *builder, uint32_t begin, uint32_t end)
{
	const char *text = builder->parser->text.ptr;

	while (end > begin && is_space(text[end - 1]))
		end--;
	return end;
}

static void
add_scalar(struct builder *builder, const struct yaml_event *event)
{
	uint32_t end = event->end;

	if (event->style == STYLE_BLOCK)
		end = trimmed(builder, event->begin, end);
	if (event->style == STYLE_PLAIN && event->text.len == 0 &&
	    !event->anchored && !event->tagged)
		end = event->begin;
	yaml_scalar(builder->parser, event, add(builder, event->begin, end));
}

/* fast_yaml doesn't follow aliases: what is left is the name. */
static void
add_alias(struct builder *builder, const struct yaml_event *event)
{
	struct term *term = add(builder, event->begin, event->end);

	term->kind = TERM_STRING;
	term->text = arena_str(builder->parser->arena, event->text);
}

static void
open_collection(struct builder *builder, const struct yaml_event *event)
{
	if (builder->depth == YAML_DEPTH_MAX) {
		builder->too_deep = true;
		return;
	}
	builder->open[builder->depth++] = (struct open){
		.kind = event->part == PART_MAP ? TERM_MAP : TERM_LIST,
		.begin = event->begin,
		.first = builder->item_count,
		.flow = event->style == STYLE_FLOW,
	};
}

static void
close_collection(struct builder *builder, const struct yaml_event *event)
{
	struct open *open = &builder->open[--builder->depth];
	size_t count = builder->item_count - open->first;
	struct term *items = NULL;
	uint32_t end = event->end;

	if (count) {
		items = arena_array(
		    builder->parser->arena, count, sizeof(struct term));
		memcpy(items, builder->items + open->first,
		    count * sizeof(struct term));
	}
	if (!open->flow)
		end = count ? items[count - 1].end : open->begin;
	builder->item_count = open->first;
	struct term *term = add(builder, open->begin, end);
	term->kind = open->kind;
	term->items = items;
	term->count = count;
}

static void
begin_document(struct builder *builder, const struct yaml_event *event)
{
	struct yaml_parser *parser = builder->parser;
	struct finding *finding;

	if (++builder->documents < 2)
		return;
	builder->over = true;
	if (parser->two_documents)
		return;
	parser->two_documents = true;
	finding = yaml_report(parser, YAML_DOCUMENTS, event->begin, event->end,
	    "a second document begins here, and ejabberd reads files of one "
	    "document only");
	finding_hint(finding, "remove this line");
	yaml_edit(parser, finding, false, event->begin,
	    yaml_next_line(parser, event->begin), "");
}

static void
take(struct builder *builder, const struct yaml_event *event)
{
	switch (event->part) {
	case PART_SCALAR: add_scalar(builder, event); break;
	case PART_ALIAS: add_alias(builder, event); break;
	case PART_LIST:
	case PART_MAP: open_collection(builder, event); break;
	case PART_LIST_END:
	case PART_MAP_END: close_collection(builder, event); break;
	case PART_DOCUMENT: begin_document(builder, event); break;
	case PART_OVER: break;
	}
}

bool
yaml_tree(struct yaml_parser *parser, uint32_t begin, uint32_t end,
    struct term **root, struct yaml_problem *problem)
{
	struct str text = { parser->text.ptr + begin, end - begin };
	struct yaml_reader *reader = yaml_reader_create(text, begin);
	struct builder *builder = mem_alloc(1, sizeof *builder);
	struct yaml_event event = { .part = PART_DOCUMENT };
	bool good;

	*root = NULL;
	builder->parser = parser;
	do {
		good = yaml_reader_next(reader, &event);
		if (good)
			take(builder, &event);
	} while (good && event.part != PART_OVER && !builder->over &&
		 !builder->too_deep);
	if (!good)
		yaml_reader_problem(reader, problem);
	if (builder->too_deep) {
		*problem = (struct yaml_problem){ FAULT_DEPTH, "", event.begin,
			event.begin };
		good = false;
	}
	if (good && builder->item_count) {
		*root = arena_alloc(parser->arena, sizeof **root);
		**root = builder->items[0];
	}
	free(builder->items);
	free(builder);
	yaml_reader_destroy(&reader);
	return good;
}

/*
 * Builds the nodes of the tree while the parser goes along: leaves from
 * tokens, compound terms from the items of a bracket, binaries from their
 * parts.
 */
#include "cfgparse/terms_parse.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/base/utf8.h"
#include "cfgparse/terms.h"
#include "cfgparse/terms_order.h"

struct term *
parser_node(
    struct parser *parser, enum term_kind kind, uint32_t begin, uint32_t end)
{
	struct term *term = arena_alloc(parser->arena, sizeof(*term));

	term->kind = kind;
	term->file = parser->file;
	term->begin = begin;
	term->end = end;
	return term;
}

/* A node for the bracket with depth others around it, or for the file where
 * that is 0. What will be copied among its items needs no memory of its own;
 * a list's tail and the parts of binaries do. */
static struct term *
value_node(struct parser *parser, size_t depth, enum term_kind kind,
    uint32_t begin, uint32_t end)
{
	const struct frame *around = depth ? &parser->frames[depth - 1] : NULL;

	if (around && (around->kind == BRACKET_PAREN ||
			  around->kind == BRACKET_BINARY || around->tail))
		return parser_node(parser, kind, begin, end);
	parser->node = (struct term){
		.kind = kind, .begin = begin, .end = end, .file = parser->file
	};
	return &parser->node;
}

struct term *
parser_leaf(struct parser *parser, const struct token *token)
{
	struct term *term = value_node(
	    parser, parser->depth, TERM_ATOM, token->begin, token->end);

	if (token->kind == TOKEN_INTEGER || token->kind == TOKEN_CHARACTER)
		term->kind = TERM_INTEGER;
	else if (token->kind == TOKEN_FLOAT)
		term->kind = TERM_FLOAT;
	else if (token->kind == TOKEN_STRING)
		term->kind = token->text.len ? TERM_STRING : TERM_LIST;
	if (term->kind == TERM_FLOAT)
		term->number = token->number;
	else if (term->kind != TERM_LIST)
		term->text = token->text;
	term->quoted = token->kind == TOKEN_ATOM && token->quoted;
	return term;
}

struct term *
parser_placeholder(struct parser *parser)
{
	struct term *term = parser_node(
	    parser, TERM_ATOM, parser->token.begin, parser->token.end);

	term->text = STR("");
	return term;
}

static void
push_item(struct parser *parser, const struct term *term)
{
	if (parser->item_count == TERMS_ITEMS_MAX) {
		parser_too_many(parser);
		return;
	}
	if (parser->item_count == parser->item_room) {
		parser->item_room = parser->item_room * 2 + 64;
		parser->items = mem_grow(
		    parser->items, parser->item_room, sizeof(*parser->items));
	}
	parser->items[parser->item_count++] = *term;
}

/* [a | "bc"] is [a, 98, 99]. */
static void
push_characters(struct parser *parser, const struct term *string)
{
	struct str text = string->text;

	for (size_t i = 0; i < text.len;) {
		struct term term = { .kind = TERM_INTEGER,
			.begin = string->begin,
			.end = string->end,
			.file = parser->file };
		uint32_t code;

		i += utf8_decode(text.ptr + i, text.len - i, &code);
		term.text =
		    str_of(arena_printf(parser->arena, "%u", (unsigned)code));
		push_item(parser, &term);
	}
}

static void
keep_tail(struct parser *parser, struct frame *frame)
{
	struct term *tail = parser->value;

	if (tail->kind == TERM_STRING)
		push_characters(parser, tail);
	else if (tail->kind != TERM_LIST)
		frame->tail_term = tail;
}

void
parser_keep_item(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);

	if (!parser->have_value)
		return;
	parser->have_value = false;
	if (parser->flags & VALUE_MERGED)
		return;
	if (frame->kind == BRACKET_LIST && frame->tail)
		keep_tail(parser, frame);
	else
		push_item(parser, parser->value);
}

static struct term *
collect_binary(struct parser *parser, struct frame *frame, struct term *term)
{
	term->kind = TERM_BINARY;
	term->bits = frame->bits.count;
	term->bytes = (const uint8_t *)arena_memdup(
	    parser->arena, buf_text(&frame->bits.bytes), frame->bits.bytes.len);
	return term;
}

struct term *
parser_collect(struct parser *parser, uint32_t end)
{
	static const enum term_kind kinds[] = {
		[BRACKET_TUPLE] = TERM_TUPLE,
		[BRACKET_LIST] = TERM_LIST,
		[BRACKET_MAP] = TERM_MAP,
		[BRACKET_PAREN] = TERM_ATOM,
		[BRACKET_BINARY] = TERM_BINARY,
	};
	struct frame *frame = parser_frame(parser);
	struct term *term = value_node(
	    parser, parser->depth - 1, kinds[frame->kind], frame->begin, end);
	struct term *items;

	if (frame->kind == BRACKET_BINARY)
		return collect_binary(parser, frame, term);
	term->count = parser->item_count - frame->first;
	if (term->count == 0)
		return term;
	items = parser->items + frame->first;
	if (frame->kind == BRACKET_MAP)
		term->count = terms_sort_pairs(items, term->count);
	term->improper = frame->tail_term != NULL;
	term->items = arena_array(
	    parser->arena, term->count + term->improper, sizeof(*items));
	memcpy(term->items, items, term->count * sizeof(*items));
	if (term->improper)
		term->items[term->count] = *frame->tail_term;
	return term;
}

bool
parser_negate(struct parser *parser, struct term *term, char sign)
{
	if (term->kind == TERM_FLOAT) {
		if (sign == '-')
			term->number = -term->number;
		return true;
	}
	if (term->kind != TERM_INTEGER)
		return false;
	if (sign == '-' && !str_is(term->text, "0")) {
		char *text = arena_alloc(parser->arena, term->text.len + 2);

		text[0] = '-';
		memcpy(text + 1, term->text.ptr, term->text.len);
		term->text = (struct str){ text, term->text.len + 1 };
	}
	return true;
}

static void
report_part(struct parser *parser, const struct bits_part *part,
    enum bits_status status)
{
	struct lexer *lexer = &parser->lexer;
	uint32_t begin = part->value->begin;
	uint32_t end = parser->previous.end;

	if (status == BITS_TOO_LARGE)
		lexer_report(lexer, TERMS_HUGE_BINARY, begin, end,
		    "the binaries of this file exceed %d bytes",
		    TERMS_BINARY_MAX);
	else if (status == BITS_BAD_SIZE)
		lexer_report(lexer, TERMS_BINARY_PART, begin, end,
		    "the size and the type of this part don't fit together");
	else
		lexer_report(lexer, TERMS_BINARY_PART, begin, end,
		    "this value can't be a part of a binary of this type");
}

void
parser_end_part(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);
	enum bits_status status;

	if (frame->stage == PART_VALUE && parser->have_value) {
		frame->part.value = parser->value;
		frame->part.literal = parser->flags & VALUE_LITERAL;
	} else if (frame->stage == PART_SIZE && parser->have_value) {
		frame->part.size = parser->value;
	}
	parser->have_value = false;
	if (frame->part.value &&
	    (frame->part.value->kind != TERM_INTEGER ||
		lexer_afford(&parser->lexer, frame->part.value->begin,
		    frame->part.value->text.len))) {
		status =
		    bits_append(&frame->bits, &frame->part, &parser->budget);
		if (status != BITS_OK)
			report_part(parser, &frame->part, status);
	}
	frame->part = (struct bits_part){ 0 };
	frame->stage = PART_VALUE;
}

/*
 * The grammar of the terms that OTP 25's file:consult accepts, and the loop
 * over a file's terms. What can't be parsed goes to terms_recover.c.
 */
#include "cfgparse/terms_parse.h"

#include <stdlib.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/source_lines.h"
#include "cfgparse/terms.h"
#include "cfgparse/terms_ahead.h"
#include "cfgparse/terms_plain.h"
#include "cfgparse/terms_recover.h"

/* Bytes of terms that nobody wants which may gather before they are let go. */
enum { SCRATCH_MAX = 1024 * 1024 };

static const char *const openers[] = {
	[BRACKET_TUPLE] = "{",
	[BRACKET_LIST] = "[",
	[BRACKET_PAREN] = "(",
	[BRACKET_BINARY] = "<<",
};

static bool
token_is(const struct token *token, const char *mark)
{
	return token->kind == TOKEN_PUNCTUATION && str_is(token->text, mark);
}

bool
parser_at(const struct parser *parser, const char *mark)
{
	return token_is(&parser->token, mark);
}

bool
token_opens(const struct token *token, enum bracket *kind)
{
	for (size_t i = 0; i < sizeof(openers) / sizeof(openers[0]); i++) {
		if (openers[i] && token_is(token, openers[i])) {
			*kind = (enum bracket)i;
			return true;
		}
	}
	return false;
}

bool
token_closes(const struct token *token, enum bracket *kind)
{
	if (token_is(token, "}"))
		*kind = BRACKET_TUPLE;
	else if (token_is(token, "]"))
		*kind = BRACKET_LIST;
	else if (token_is(token, ")"))
		*kind = BRACKET_PAREN;
	else if (token_is(token, ">>"))
		*kind = BRACKET_BINARY;
	else
		return false;
	return true;
}

bool
token_begins_value(const struct token *token)
{
	enum bracket kind;

	switch (token->kind) {
	case TOKEN_ATOM:
	case TOKEN_VARIABLE:
	case TOKEN_INTEGER:
	case TOKEN_CHARACTER:
	case TOKEN_FLOAT:
	case TOKEN_STRING: return true;
	case TOKEN_WORD: return str_is(token->text, "fun");
	default: return token_opens(token, &kind) || token_is(token, "#");
	}
}

static void
note_suspect(struct parser *parser)
{
	const struct token *token = &parser->token;
	size_t len = (size_t)(token->to - token->from);

	if (parser->suspicious || !token->quoted ||
	    !memchr(token->from, '\n', len))
		return;
	for (size_t i = 0; i < len; i++) {
		if (memchr("{}[]", token->from[i], 4)) {
			parser->suspicious = true;
			parser->suspect = *token;
			return;
		}
	}
}

void
parser_read(struct parser *parser)
{
	lexer_next(&parser->lexer, &parser->token);
	parser->token_faults =
	    parser->lexer.faults - parser->lexer.faults_before;
}

void
parser_advance(struct parser *parser)
{
	parser->previous = parser->token;
	parser_read(parser);
	note_suspect(parser);
}

void
parser_begin_here(struct parser *parser)
{
	parser->term_faults = parser->lexer.faults - parser->token_faults;
	parser->first = parser->token.begin;
}

void
parser_peek(struct parser *parser, struct token *next)
{
	parser->lexer.quiet = true;
	lexer_next(&parser->lexer, next);
	parser->lexer.quiet = false;
	parser->lexer.at = parser->token.to;
}

void
parser_value(struct parser *parser, struct term *term, unsigned flags)
{
	if (parser->sign) {
		if ((flags & (VALUE_SIGNED | VALUE_MERGED)) ||
		    !parser_negate(parser, term, parser->sign))
			lexer_report(&parser->lexer, TERMS_EXPRESSION,
			    parser->sign_at, parser->token.end,
			    "the sign %c needs a number behind it",
			    parser->sign);
		if (term)
			term->begin = parser->sign_at;
		flags |= VALUE_SIGNED;
		parser->sign = 0;
	}
	parser->value = term;
	parser->flags = flags;
	parser->have_value = true;
}

/* The list frame whose tail is expected at the cursor. */
static bool
at_tail(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);

	if (!frame || parser->sign)
		return false;
	return (frame->kind == BRACKET_LIST && frame->tail) ||
	       (frame->kind == BRACKET_PAREN && frame->is_tail);
}

static void
skip_to_dot(struct parser *parser)
{
	while (
	    parser->token.kind != TOKEN_DOT && parser->token.kind != TOKEN_END)
		parser_advance(parser);
}

/* Nothing is read on: the rest would be reported item by item. */
void
parser_too_many(struct parser *parser)
{
	if (!parser->too_many)
		parser_report(parser, TERMS_HUGE_FILE, &parser->token,
		    "more than %d items stand in one term or file",
		    TERMS_ITEMS_MAX);
	parser->too_many = true;
	parser->term_over = true;
	parser->lexer.at = parser->lexer.end;
	parser->token.kind = TOKEN_END;
}

static void
open_bracket(struct parser *parser, enum bracket kind, uint32_t begin)
{
	bool is_tail = at_tail(parser);
	struct frame *frame;

	if (parser->depth == TERMS_DEPTH_MAX) {
		parser_report(parser, TERMS_TOO_DEEP, &parser->token,
		    "brackets are nested more than %d levels deep",
		    TERMS_DEPTH_MAX);
		parser->term_over = true;
		skip_to_dot(parser);
		return;
	}
	if (parser->depth == parser->frame_room) {
		parser->frame_room = parser->frame_room * 2 + 16;
		parser->frames = mem_grow(parser->frames, parser->frame_room,
		    sizeof(*parser->frames));
	}
	frame = &parser->frames[parser->depth++];
	*frame = (struct frame){ .kind = kind,
		.begin = begin,
		.end = parser->token.end,
		.first = parser->item_count,
		.sign = parser->sign,
		.sign_at = parser->sign_at,
		.is_tail = is_tail };
	parser->sign = 0;
	parser_advance(parser);
}

void
parser_close(struct parser *parser, uint32_t end)
{
	struct frame *frame = parser_frame(parser);
	unsigned flags = 0;
	struct term *term = NULL;
	struct frame closed;

	if (frame->kind == BRACKET_PAREN) {
		term = parser->have_value ? parser->value
					  : parser_placeholder(parser);
		flags = parser->have_value ? parser->flags : 0;
	} else if (frame->kind == BRACKET_BINARY) {
		parser_end_part(parser);
		term = parser_collect(parser, end);
	} else {
		parser_keep_item(parser);
		if (frame->kind == BRACKET_LIST && frame->is_tail)
			flags = VALUE_MERGED;
		else
			term = parser_collect(parser, end);
	}
	closed = *frame;
	buf_fini(&closed.bits.bytes);
	parser->depth--;
	if (!(flags & VALUE_MERGED))
		parser->item_count = closed.first;
	else if (closed.kind == BRACKET_LIST) {
		for (frame = parser_frame(parser); frame->kind != BRACKET_LIST;)
			frame--;
		frame->tail_term = closed.tail_term;
	}
	parser->sign = closed.sign;
	parser->sign_at = closed.sign_at;
	parser_value(parser, term, flags);
}

/* fun module:name/arity, at its second token. */
static bool
read_fun_name(struct parser *parser, struct str *name)
{
	if (parser->token.kind != TOKEN_ATOM)
		return false;
	*name = parser->token.text;
	parser_advance(parser);
	return true;
}

static bool
take(struct parser *parser, const char *mark)
{
	if (!parser_at(parser, mark))
		return false;
	parser_advance(parser);
	return true;
}

static void
read_fun(struct parser *parser)
{
	struct token first = parser->token;
	struct term *term =
	    parser_node(parser, TERM_FUN, first.begin, first.end);
	struct term_fun *fun = arena_alloc(parser->arena, sizeof *fun);
	bool good;

	parser_advance(parser);
	good = read_fun_name(parser, &fun->module) && take(parser, ":") &&
	       read_fun_name(parser, &fun->function) && take(parser, "/") &&
	       parser->token.kind == TOKEN_INTEGER;
	if (good) {
		fun->arity = parser->token.text;
		good = fun->arity.len < 3 ||
		       (fun->arity.len == 3 &&
			   memcmp(fun->arity.ptr, "255", 3) <= 0);
		parser_advance(parser);
	}
	term->fun = fun;
	term->end = parser->previous.end;
	if (!good) {
		recover_skip_item(parser);
		lexer_report(&parser->lexer, TERMS_EXPRESSION, first.begin,
		    parser->previous.end,
		    "only functions like fun module:name/arity can stand "
		    "in a file");
	}
	parser_value(parser, good ? term : parser_placeholder(parser), 0);
}

static void
read_leaf(struct parser *parser)
{
	bool string = parser->token.kind == TOKEN_STRING;
	struct token token = parser->token;

	parser_advance(parser);
	if (string && parser->token.kind == TOKEN_STRING) {
		/* Adjacent strings are one. */
		struct buf joined = { 0 };

		buf_add(&joined, token.text);
		while (parser->token.kind == TOKEN_STRING) {
			buf_add(&joined, parser->token.text);
			token.end = parser->token.end;
			parser_advance(parser);
		}
		token.text = arena_str(parser->arena, buf_str(&joined));
		buf_fini(&joined);
	}
	parser_value(
	    parser, parser_leaf(parser, &token), string ? VALUE_LITERAL : 0);
}

static bool
sign_allowed(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);

	return !parser->sign && !(frame && frame->kind == BRACKET_BINARY &&
				    frame->stage == PART_SIZE);
}

/* #{, with blanks between or not. */
static bool
read_map(struct parser *parser)
{
	struct token sharp = parser->token, next;

	parser_peek(parser, &next);
	if (!token_is(&next, "{"))
		return false;
	parser_advance(parser);
	open_bracket(parser, BRACKET_MAP, sharp.begin);
	return true;
}

/* The innermost bracket may be closed before it has a value here. */
static bool
may_close_empty(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);
	enum bracket kind;

	if (!frame || parser->sign || !token_closes(&parser->token, &kind) ||
	    frame->kind == BRACKET_PAREN)
		return false;
	if (kind == BRACKET_TUPLE && frame->kind == BRACKET_MAP)
		kind = BRACKET_MAP;
	return kind == frame->kind && parser->previous.end == frame->end;
}

static void
expect_value(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);
	enum bracket kind;

	if (frame)
		frame->item = parser->token.begin;
	if (may_close_empty(parser)) {
		parser_close(parser, parser->token.end);
		parser_advance(parser);
		return;
	}
	if ((parser_at(parser, "+") || parser_at(parser, "-")) &&
	    sign_allowed(parser)) {
		parser->sign = parser->token.text.ptr[0];
		parser->sign_at = parser->token.begin;
		parser_advance(parser);
		return;
	}
	switch (parser->token.kind) {
	case TOKEN_ATOM:
	case TOKEN_INTEGER:
	case TOKEN_CHARACTER:
	case TOKEN_FLOAT:
	case TOKEN_STRING: read_leaf(parser); return;
	default: break;
	}
	if (parser->token.kind == TOKEN_WORD &&
	    str_is(parser->token.text, "fun"))
		read_fun(parser);
	else if (token_opens(&parser->token, &kind))
		open_bracket(parser, kind, parser->token.begin);
	else if (!parser_at(parser, "#") || !read_map(parser))
		parser_recover_value(parser);
}

/* Types of a binary's part, at the token behind the slash. */
static void
read_types(struct parser *parser, struct frame *frame)
{
	do {
		struct token name = parser->token;
		bool good = name.kind == TOKEN_ATOM;

		parser_advance(parser);
		if (good && take(parser, ":")) {
			good = str_is(name.text, "unit") &&
			       parser->token.kind == TOKEN_INTEGER &&
			       bits_part_unit(&frame->part, parser->token.text);
			parser_advance(parser);
		} else if (good) {
			good = bits_part_type(&frame->part, name.text);
		}
		if (!good)
			lexer_report(&parser->lexer, TERMS_BINARY_PART,
			    name.begin, name.end,
			    "this is no type of a part of a binary, or one "
			    "that contradicts another");
	} while (take(parser, "-"));
}

static bool
after_in_binary(struct parser *parser, struct frame *frame)
{
	if (parser_at(parser, ",")) {
		parser_end_part(parser);
	} else if (parser_at(parser, ":") && frame->stage == PART_VALUE) {
		frame->part.value = parser->value;
		frame->part.literal = parser->flags & VALUE_LITERAL;
		frame->stage = PART_SIZE;
		parser->have_value = false;
	} else if (parser_at(parser, "/") && frame->stage != PART_TYPES) {
		if (frame->stage == PART_VALUE) {
			frame->part.value = parser->value;
			frame->part.literal = parser->flags & VALUE_LITERAL;
		} else {
			frame->part.size = parser->value;
		}
		frame->stage = PART_TYPES;
		parser_advance(parser);
		read_types(parser, frame);
		return true;
	} else {
		return false;
	}
	parser_advance(parser);
	return true;
}

/* A comma, bar or arrow that leads to the next value of the bracket. */
static bool
separator(struct parser *parser, struct frame *frame)
{
	bool comma = parser_at(parser, ",");

	switch (frame->kind) {
	case BRACKET_TUPLE: return comma;
	case BRACKET_LIST:
		return !frame->tail && (comma || parser_at(parser, "|"));
	case BRACKET_MAP:
		return frame->value_next ? comma : parser_at(parser, "=>");
	default: return false;
	}
}

static void
after_value(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);
	enum bracket kind;

	if (!frame) {
		if (parser->token.kind == TOKEN_DOT)
			parser->term_over = true;
		else
			parser_recover_after(parser);
		return;
	}
	if (separator(parser, frame)) {
		parser_keep_item(parser);
		frame->tail = parser_at(parser, "|");
		frame->value_next = parser_at(parser, "=>");
		parser_advance(parser);
		return;
	}
	if (frame->kind == BRACKET_BINARY && after_in_binary(parser, frame))
		return;
	if (token_closes(&parser->token, &kind) &&
	    (kind == frame->kind ||
		(kind == BRACKET_TUPLE && frame->kind == BRACKET_MAP &&
		    frame->value_next))) {
		parser_close(parser, parser->token.end);
		parser_advance(parser);
		return;
	}
	parser_recover_after(parser);
}

/* Lets go of what a term that failed has left open. */
static void
drop_frames(struct parser *parser)
{
	while (parser->depth > 0)
		buf_fini(&parser->frames[--parser->depth].bits.bytes);
	parser->item_count = 0;
}

/* Reads one term and its dot; NULL where it isn't sound. */
static struct term *
read_term(struct parser *parser)
{
	parser->term_over = false;
	parser->have_value = false;
	parser->sign = 0;
	parser->suspicious = false;
	parser_begin_here(parser);
	note_suspect(parser);
	while (!parser->term_over && parser->lexer.errors < TERMS_ERRORS_MAX) {
		if (parser->have_value)
			after_value(parser);
		else
			expect_value(parser);
	}
	drop_frames(parser);
	/* The last error that is reported may end it before its value. */
	return parser->have_value && parser->term_faults == parser->lexer.faults
		   ? parser->value
		   : NULL;
}

struct list {
	struct term *items;
	size_t count, room;
};

static void
list_add(struct list *list, const struct term *term)
{
	if (list->count == list->room) {
		list->room = list->room * 2 + 64;
		list->items =
		    mem_grow(list->items, list->room, sizeof(*list->items));
	}
	list->items[list->count++] = *term;
}

/* Counts the term, which goes to the list where there is one. */
static void
keep_term(struct parser *parser, struct list *list, const struct term *term)
{
	if (parser->kept++ == TERMS_ITEMS_MAX)
		parser_too_many(parser);
	else if (list)
		list_add(list, term);
}

/* Takes what was read ahead from the byte on; gives the one behind it. */
static uint32_t
take_ahead(
    struct parser *parser, struct ahead *ahead, struct list *list, uint32_t at)
{
	struct ahead_part part;

	while (!parser->too_many && ahead_take(ahead, at, &part)) {
		for (size_t i = 0; i < part.count; i++)
			keep_term(parser, list, list ? &part.terms[i] : NULL);
		arena_join(parser->arena, &part.arena);
		free(part.terms);
		at = part.end;
	}
	return at;
}

/* Takes the terms that are plain, up to one that isn't. */
static void
read_plain(struct parser *parser, struct plain *plain, struct ahead *ahead,
    struct list *list)
{
	struct lexer *lexer = &parser->lexer;
	struct term term;
	uint32_t end;

	while (plain_read(plain, lexer_here(lexer), &end, &term)) {
		keep_term(parser, list, &term);
		end = take_ahead(parser, ahead, list, end);
		if (parser->too_many)
			return;
		lexer->at = lexer->text + end;
		parser->token = (struct token){ .kind = TOKEN_DOT,
			.from = lexer->at - 1,
			.to = lexer->at,
			.begin = end - 1,
			.end = end };
	}
}

static bool
may_go_on(const struct parser *parser)
{
	return parser->lexer.errors < TERMS_ERRORS_MAX;
}

/* plain, list: NULL where there's no short way, and where nobody wants the
 * terms. */
static void
read_file(struct parser *parser, struct plain *plain, struct ahead *ahead,
    struct list *list)
{
	bool between = true; /* behind a dot, or at the start */

	while (may_go_on(parser)) {
		struct term *term;

		if (between) {
			if (!list && parser->arena->total > SCRATCH_MAX)
				arena_fini(parser->arena);
			if (plain)
				read_plain(parser, plain, ahead, list);
			parser_advance(parser);
		}
		if (parser->token.kind == TOKEN_END || !may_go_on(parser))
			return;
		term = read_term(parser);
		if (term)
			keep_term(parser, list, term);
		between = parser->token.kind == TOKEN_DOT;
	}
}

static void
report_too_many(struct parser *parser)
{
	struct span span = source_span(
	    parser->lexer.source, parser->token.begin, parser->token.end);

	finding_add(parser->lexer.findings, &terms_rules[TERMS_TOO_MANY], &span,
	    "there are too many errors to go on");
}

void
terms_report_huge(const struct source *source, struct findings *findings)
{
	struct span span = { .source = source };

	finding_add(findings, &terms_rules[TERMS_HUGE_FILE], &span,
	    "the file has more than %d bytes", TERMS_BYTES_MAX);
}

/* list: NULL where nobody wants the terms; the arena is then scratch. */
static bool
parse(struct arena *arena, const struct term_file *file,
    const struct terms_options *options, struct findings *findings,
    struct list *list)
{
	const struct source *source = file->source;
	struct parser parser = { .arena = arena,
		.file = file,
		.budget = (size_t)TERMS_BINARY_MAX * 8 };
	struct plain *plain = NULL;
	struct ahead *ahead = options->ahead;
	bool latin1, good;

	if (source->text.len > TERMS_BYTES_MAX) {
		ahead_stop(&ahead);
		terms_report_huge(source, findings);
		return false;
	}
	good = terms_encoding(source, options, findings, &latin1);
	if (latin1 || options->no_short_way)
		ahead_stop(&ahead);
	if (!options->no_short_way) {
		if (!ahead)
			ahead = ahead_start(
			    file, source->text, latin1, list != NULL);
		plain = plain_create(
		    list ? arena : NULL, file, source->text, latin1);
	}
	lexer_init(&parser.lexer, arena, source, findings, latin1);
	read_file(&parser, plain, ahead, list);
	ahead_stop(&ahead);
	if (!may_go_on(&parser))
		report_too_many(&parser);
	if (plain)
		plain_destroy(&plain);
	free(parser.frames);
	free(parser.items);
	lexer_fini(&parser.lexer);
	return good && parser.lexer.errors == 0;
}

static const struct term_file *
make_file(struct arena *arena, const struct source *source)
{
	struct term_file *file = arena_alloc(arena, sizeof *file);

	file->source = source;
	return file;
}

struct ahead *
terms_begin(struct arena *arena, const struct source *source)
{
	if (source->text.len > TERMS_BYTES_MAX)
		return NULL;
	return ahead_start(make_file(arena, source), source->text, false, true);
}

void
terms_forget(struct ahead **ahead)
{
	ahead_stop(ahead);
}

bool
terms_parse(struct arena *arena, const struct source *source,
    const struct terms_options *options, struct findings *findings,
    struct term **list, size_t *count)
{
	const struct term_file *file = options->ahead
					   ? ahead_file(options->ahead)
					   : make_file(arena, source);
	struct list terms = { 0 };

	bool good = parse(arena, file, options, findings, &terms);
	*count = terms.count;
	*list = NULL;
	if (terms.count)
		*list = arena_copy(
		    arena, terms.items, terms.count * sizeof(**list));
	free(terms.items);
	return good;
}

bool
terms_check(const struct source *source, const struct terms_options *options,
    struct findings *findings)
{
	struct term_file file = { .source = source };
	struct arena scratch = { 0 };
	bool good = parse(&scratch, &file, options, findings, NULL);

	arena_fini(&scratch);
	return good;
}

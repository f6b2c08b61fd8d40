/*
 * What a mistake probably is, how to say it where it was made rather than
 * where it shows, and where to go on so that it is said only once.
 */
#include "cfgparse/terms_recover.h"

#include <stdio.h>
#include "cfgparse/source_lines.h"

struct finding *
parser_report(struct parser *parser, enum terms_rule rule,
    const struct token *token, const char *message, ...)
{
	char text[512];
	va_list args;

	va_start(args, message);
	vsnprintf(text, sizeof(text), message, args);
	va_end(args);
	return lexer_report(
	    &parser->lexer, rule, token->begin, token->end, "%s", text);
}

struct finding *
recover_gap(struct parser *parser, enum terms_rule rule, const char *message)
{
	uint32_t at = parser->previous.end;

	return lexer_report(&parser->lexer, rule, at, at, "%s", message);
}

void
recover_related(struct parser *parser, struct finding *finding, uint32_t begin,
    uint32_t end, const char *message)
{
	struct span span = source_span(parser->lexer.source, begin, end);

	if (finding)
		finding_related(finding, &span, "%s", message);
}

void
recover_opener(
    struct parser *parser, struct finding *finding, const struct frame *frame)
{
	static const char *const names[] = { "the tuple is opened here",
		"the list is opened here", "the map is opened here",
		"the parenthesis is opened here", "the binary is opened here" };

	recover_related(
	    parser, finding, frame->begin, frame->end, names[frame->kind]);
}

void
recover_hint(struct finding *finding, const char *hint)
{
	if (finding)
		finding_hint(finding, "%s", hint);
}

void
recover_edit(struct parser *parser, struct finding *finding, bool safe,
    uint32_t begin, uint32_t end, const char *text)
{
	struct span span = source_span(parser->lexer.source, begin, end);

	if (finding)
		finding_edit(finding, safe, &span, text);
}

/* Goes on behind the cursor of the lexer, which has been moved. */
void
recover_resume(struct parser *parser)
{
	parser_read(parser);
}

/* Moves to the comma, closing bracket or dot that ends the present item. */
void
recover_skip_item(struct parser *parser)
{
	bool outside = parser->depth == 0;
	size_t depth = 0;
	enum bracket kind;

	for (;;) {
		if (parser->token.kind == TOKEN_DOT ||
		    parser->token.kind == TOKEN_END)
			return;
		if (outside && recover_begins_term(parser)) {
			/* What lies before it has been reported. */
			parser->term_over = true;
			return;
		}
		if (depth == 0 && parser_at(parser, ","))
			return;
		if (token_opens(&parser->token, &kind)) {
			depth++;
		} else if (token_closes(&parser->token, &kind)) {
			if (depth == 0)
				return;
			depth--;
		}
		parser_advance(parser);
	}
}

bool
recover_is_glued(const struct parser *parser)
{
	return parser->previous.to == parser->token.from &&
	       parser->previous.kind != TOKEN_END;
}

bool
token_is_wordlike(const struct token *token)
{
	return token->kind == TOKEN_ATOM || token->kind == TOKEN_VARIABLE ||
	       token->kind == TOKEN_INTEGER || token->kind == TOKEN_FLOAT ||
	       token->kind == TOKEN_WORD;
}

bool
recover_first_on_line(const struct parser *parser)
{
	return parser->previous.kind == TOKEN_END ||
	       lexer_line_between(
		   &parser->lexer, parser->previous.end, parser->token.begin);
}

/* --- behind a value --- */

static void
missing_comma(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);
	struct finding *finding;

	if (frame->kind == BRACKET_PAREN ||
	    (frame->kind == BRACKET_LIST && frame->tail)) {
		finding = parser_report(parser, TERMS_SYNTAX, &parser->token,
		    "only one term can stand here");
		recover_opener(parser, finding, frame);
		recover_skip_item(parser);
		if (parser_at(parser, ","))
			parser_advance(parser);
		return;
	}
	finding =
	    recover_gap(parser, TERMS_MISSING_COMMA, "a comma is missing here");
	recover_related(parser, finding, parser->token.begin, parser->token.end,
	    "the next item begins here");
	recover_edit(parser, finding, false, parser->previous.end,
	    parser->previous.end, ",");
	if (frame->kind == BRACKET_BINARY) {
		parser_end_part(parser);
	} else {
		parser_keep_item(parser);
		frame->value_next = false;
	}
}

static void
recover_in_map(struct parser *parser, struct frame *frame)
{
	bool arrow = parser_at(parser, ":=") || parser_at(parser, "=") ||
		     parser_at(parser, ":") || parser_at(parser, "->");
	struct finding *finding;
	enum bracket kind;

	finding = parser_report(parser, TERMS_MAP_PAIR, &parser->token,
	    "a key of a map must be followed by =>");
	recover_opener(parser, finding, frame);
	parser_keep_item(parser);
	frame->value_next = true;
	if (arrow)
		parser_advance(parser);
	else if (parser_at(parser, ",") || token_closes(&parser->token, &kind))
		parser_value(parser, parser_placeholder(parser), 0);
}

static void
recover_expression(struct parser *parser)
{
	struct finding *finding;
	enum bracket kind;

	if (parser_at(parser, ";")) {
		finding = parser_report(parser, TERMS_SYNTAX, &parser->token,
		    "items are separated by commas");
		recover_edit(parser, finding, false, parser->token.begin,
		    parser->token.end, ",");
		if (parser->depth == 0) {
			parser_advance(parser);
			return;
		}
		parser->token.text = STR(",");
		return;
	}
	if (parser_at(parser, "=") || parser_at(parser, "=>") ||
	    parser_at(parser, ":")) {
		finding = parser_report(parser, TERMS_SYNTAX, &parser->token,
		    "%.*s can't stand here", STR_ARG(parser->token.text));
		recover_hint(finding, "options are written {name, value}");
	} else if (parser_at(parser, "|") || parser_at(parser, ",") ||
		   parser_at(parser, "||") || parser_at(parser, ".")) {
		finding = parser_report(parser, TERMS_SYNTAX, &parser->token,
		    "%.*s can't stand here", STR_ARG(parser->token.text));
	} else {
		finding = parser_report(parser, TERMS_EXPRESSION,
		    &parser->token, "expressions are not evaluated here");
		recover_hint(finding, "write the value itself");
	}
	if (!token_opens(&parser->token, &kind))
		parser_advance(parser);
	recover_skip_item(parser);
}

static void
recover_at_top(struct parser *parser)
{
	struct finding *finding;
	enum bracket kind;

	if (parser_at(parser, ",") && recover_half_commented(parser)) {
		parser->term_over = true;
	} else if (parser_at(parser, ",")) {
		finding = parser_report(parser, TERMS_MISSING_DOT,
		    &parser->token, "a term ends with a dot, not a comma");
		recover_edit(parser, finding, false, parser->token.begin,
		    parser->token.end, ".");
		parser_advance(parser);
		parser->term_over = true;
	} else if (parser_at(parser, ".")) {
		finding = parser_report(parser, TERMS_DOT_SPACE, &parser->token,
		    "a blank or a new line is missing after this dot");
		recover_edit(parser, finding, false, parser->token.end,
		    parser->token.end, "\n");
		parser_advance(parser);
		parser->term_over = true;
	} else if (token_closes(&parser->token, &kind)) {
		recover_bracket(parser, kind);
	} else if (token_begins_value(&parser->token)) {
		recover_next_term(parser);
	} else {
		recover_expression(parser);
		if (parser_at(parser, ","))
			parser_advance(parser);
	}
}

/* A character that was reported stands for whatever fits there. */
static void
skip_broken(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);

	parser_advance(parser);
	if (frame && token_begins_value(&parser->token) &&
	    (frame->kind == BRACKET_TUPLE || frame->kind == BRACKET_LIST) &&
	    !frame->tail)
		parser_keep_item(parser);
}

/* <<"text">, with one sign too few. */
static void
recover_binary_end(struct parser *parser)
{
	struct finding *finding = lexer_report(&parser->lexer,
	    TERMS_BINARY_PART, parser_frame(parser)->begin, parser->token.end,
	    "a binary ends with >>");

	recover_edit(
	    parser, finding, false, parser->token.end, parser->token.end, ">");
	recover_close(parser);
	parser_advance(parser);
}

void
parser_recover_after(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);
	enum bracket kind;

	if (recover_quote(parser) || recover_comment(parser) ||
	    recover_placeholder(parser) || recover_word(parser))
		return;
	if (parser->token.kind == TOKEN_END)
		recover_end(parser);
	else if (parser->token.kind == TOKEN_BROKEN)
		skip_broken(parser);
	else if (!frame)
		recover_at_top(parser);
	else if (recover_sees_next_term(parser))
		recover_next_term(parser);
	else if (parser->token.kind == TOKEN_DOT)
		recover_dot(parser);
	else if (frame->kind == BRACKET_MAP && !frame->value_next &&
		 !parser_at(parser, ";"))
		recover_in_map(parser, frame);
	else if (token_closes(&parser->token, &kind))
		recover_bracket(parser, kind);
	else if (frame->kind == BRACKET_BINARY && parser_at(parser, ">"))
		recover_binary_end(parser);
	else if (token_begins_value(&parser->token) && !parser_at(parser, "("))
		missing_comma(parser);
	else
		recover_expression(parser);
}

/* --- where a value is due --- */

static void
recover_closer(struct parser *parser, enum bracket kind)
{
	struct frame *frame = parser_frame(parser);
	struct token *comma = &parser->previous;
	struct finding *finding;

	if (frame && comma->kind == TOKEN_PUNCTUATION &&
	    str_is(comma->text, ",") && !parser->sign) {
		finding = parser_report(parser, TERMS_EXTRA_COMMA, comma,
		    "no item follows this comma");
		recover_hint(finding, "remove the comma");
		recover_related(parser, finding, parser->token.begin,
		    parser->token.end, "the bracket is closed here");
		recover_edit(
		    parser, finding, true, comma->begin, comma->end, "");
	} else if (frame && bracket_closes_like(frame->kind) == kind) {
		parser_report(parser, TERMS_SYNTAX, &parser->token,
		    "a value is missing before this bracket");
	}
	if (frame && bracket_closes_like(frame->kind) == kind) {
		recover_close(parser);
		parser_advance(parser);
	} else {
		recover_bracket(parser, kind);
	}
}

static void
recover_variable(struct parser *parser)
{
	struct token token = parser->token;
	struct finding *finding;
	char lower[32];
	size_t len = (size_t)(token.to - token.from);

	if (recover_word_end(parser, &token) > token.to) {
		recover_report_word(parser, &token);
	} else {
		finding = parser_report(parser, TERMS_CAPITAL, &token,
		    "%.*s is a variable, which has no value here",
		    len > 60 ? 60 : (int)len, token.from);
		parser_advance(parser);
		if (finding && len < sizeof(lower)) {
			memcpy(lower, token.from, len);
			lower[len] = '\0';
			lower[0] |= 0x20;
			finding_hint(finding,
			    "did you mean %s? (a string stands in double "
			    "quotes)",
			    lower);
			recover_edit(parser, finding, false, token.begin,
			    token.end, lower);
		}
	}
	parser->sign = 0;
	parser_value(parser, parser_placeholder(parser), 0);
}

static void
recover_reserved(struct parser *parser)
{
	struct token token = parser->token;
	struct finding *finding = parser_report(parser, TERMS_RESERVED, &token,
	    "%.*s is a reserved word", STR_ARG(token.text));

	if (finding) {
		finding_hint(finding, "write '%.*s'", STR_ARG(token.text));
		recover_edit(
		    parser, finding, false, token.begin, token.begin, "'");
		recover_edit(parser, finding, false, token.end, token.end, "'");
	}
	parser->sign = 0;
	parser_advance(parser);
	parser_value(parser, parser_placeholder(parser), 0);
}

static void
recover_operator(struct parser *parser)
{
	struct token token = parser->token;
	const char *end = recover_word_end(parser, &token);
	struct finding *finding;

	if (parser->sign || end <= token.to || parser_at(parser, "?")) {
		finding = parser_report(parser, TERMS_EXPRESSION, &token,
		    "a value is due here, not %.*s", STR_ARG(token.text));
		recover_hint(finding, "write the value itself");
		parser_advance(parser);
		if (parser->depth || !token_begins_value(&parser->token))
			recover_skip_item(parser);
	} else {
		recover_report_word(parser, &token);
	}
	parser->sign = 0;
	parser_value(parser, parser_placeholder(parser), 0);
}

static void
recover_missing(struct parser *parser)
{
	struct finding *finding;

	if (parser->token.kind == TOKEN_END) {
		recover_end(parser);
	} else if (parser->token.kind == TOKEN_DOT) {
		if (parser->depth) {
			recover_dot(parser);
			return;
		}
		parser_report(parser, TERMS_SYNTAX, &parser->token,
		    "there is no term before this dot");
		parser->term_over = true;
	} else {
		finding = parser_report(parser, TERMS_EXTRA_COMMA,
		    &parser->token, "no item stands before this comma");
		recover_hint(finding, "remove the comma");
		recover_edit(parser, finding, true, parser->token.begin,
		    parser->token.end, "");
		parser->sign = 0;
		parser_advance(parser);
	}
}

void
parser_recover_value(struct parser *parser)
{
	enum bracket kind;

	if (recover_quote(parser) || recover_comment(parser))
		return;
	if (parser->token.kind == TOKEN_BROKEN) {
		bool text = recover_is_typographic(&parser->token);

		/* What it stood before is the value, unless it was one. */
		parser_advance(parser);
		if (!text && parser->depth == 0)
			parser_begin_here(parser);
		if (text || !token_begins_value(&parser->token))
			parser_value(parser, parser_placeholder(parser), 0);
	} else if (parser->token.kind == TOKEN_END ||
		   parser->token.kind == TOKEN_DOT || parser_at(parser, ",")) {
		recover_missing(parser);
	} else if (token_closes(&parser->token, &kind)) {
		recover_closer(parser, kind);
	} else if (parser->token.kind == TOKEN_VARIABLE) {
		recover_variable(parser);
	} else if (parser->token.kind == TOKEN_WORD) {
		recover_reserved(parser);
	} else {
		recover_operator(parser);
	}
}

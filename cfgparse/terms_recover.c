/*
 * What a mistake probably is, how to say it where it was made rather than
 * where it shows, and where to go on so that it is said only once.
 */
#include "cfgparse/terms_parse.h"

#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/terms.h"

enum { LOOKAHEAD_MAX = 5000 }; /* tokens */

static const char *const opening[] = { "{", "[", "#{", "(", "<<" };
static const char *const closing[] = { "}", "]", "}", ")", ">>" };

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

static struct finding *
report_gap(struct parser *parser, enum terms_rule rule, const char *message)
{
	struct pos at = parser->previous.end;

	return lexer_report(&parser->lexer, rule, at, at, "%s", message);
}

static void
add_related(struct parser *parser, struct finding *finding, struct pos begin,
    struct pos end, const char *message)
{
	struct span span = { parser->lexer.source, begin, end };

	if (finding)
		finding_related(finding, &span, "%s", message);
}

static void
add_opener(
    struct parser *parser, struct finding *finding, const struct frame *frame)
{
	static const char *const names[] = { "the tuple is opened here",
		"the list is opened here", "the map is opened here",
		"the parenthesis is opened here", "the binary is opened here" };

	add_related(
	    parser, finding, frame->begin, frame->end, names[frame->kind]);
}

static void
add_hint(struct finding *finding, const char *hint)
{
	if (finding)
		finding_hint(finding, "%s", hint);
}

static void
add_edit(struct parser *parser, struct finding *finding, bool safe,
    struct pos begin, struct pos end, const char *text)
{
	struct span span = { parser->lexer.source, begin, end };

	if (finding)
		finding_edit(finding, safe, &span, text);
}

/* --- places to go on from ------------------------------------------------ */

/* Goes on behind the cursor of the lexer, which has been moved. */
static void
resume(struct parser *parser)
{
	lexer_next(&parser->lexer, &parser->token);
}

static bool
foreign_comment_ahead(const struct lexer *lexer)
{
	size_t left = (size_t)(lexer->end - lexer->at);

	return (left >= 1 && lexer->at[0] == '#') ||
	       (left >= 2 && lexer->at[0] == '/' && lexer->at[1] == '/');
}

/* Skips the line, and those below that are comments of the same make. */
static void
skip_comment_lines(struct parser *parser)
{
	struct lexer *lexer = &parser->lexer;
	uint32_t code;

	lexer_rewind(lexer, &parser->token);
	do {
		lexer_skip_line(lexer);
		while (lexer_peek(lexer, &code) > 0 && code_is_blank(code))
			lexer_skip(lexer);
	} while (foreign_comment_ahead(lexer));
	resume(parser);
}

/* True where the text up to the cursor's line ends with a dot, comments and
 * blanks aside; from is where that line begins. */
static bool
ends_with_dot(const char *from, const char *to)
{
	const char *comment = memchr(from, '%', (size_t)(to - from));

	if (comment)
		to = comment;
	while (to > from && code_is_blank((unsigned char)to[-1]))
		to--;
	return to > from && to[-1] == '.';
}

static bool
begins_term(const struct lexer *lexer)
{
	uint32_t code;

	return lexer_peek(lexer, &code) > 0 &&
	       (code == '{' || code == '[' || code_is_lower(code));
}

void
parser_skip_lines(struct parser *parser, const struct token *from)
{
	struct lexer *lexer = &parser->lexer;
	const char *line = from->from;
	bool dot = false;

	lexer_rewind(lexer, from);
	for (;;) {
		lexer_skip_line(lexer);
		if (lexer->at == lexer->end)
			break;
		dot = ends_with_dot(line, lexer->at) ||
		      (dot && (lexer->at == line || *line == '%'));
		lexer_skip(lexer);
		line = lexer->at;
		if (dot && begins_term(lexer))
			break;
	}
	parser->token.kind = TOKEN_BROKEN;
	parser->term_over = true;
	parser_advance(parser);
}

/* Moves to the comma, closing bracket or dot that ends the present item. */
static void
skip_to_separator(struct parser *parser)
{
	size_t depth = 0;
	enum bracket kind;

	for (;;) {
		if (parser->token.kind == TOKEN_DOT ||
		    parser->token.kind == TOKEN_END)
			return;
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

/* --- quotes -------------------------------------------------------------- */

static bool
is_glued(const struct parser *parser)
{
	return parser->previous.to == parser->token.from &&
	       parser->previous.kind != TOKEN_END;
}

static bool
is_wordlike(const struct token *token)
{
	return token->kind == TOKEN_ATOM || token->kind == TOKEN_VARIABLE ||
	       token->kind == TOKEN_INTEGER || token->kind == TOKEN_FLOAT ||
	       token->kind == TOKEN_WORD;
}

static void
report_quote(struct parser *parser, const struct token *token)
{
	bool string = *token->from == '"';
	struct pos end = { token->begin.line, token->begin.column + 1 };
	struct finding *finding =
	    lexer_report(&parser->lexer, TERMS_QUOTE, token->begin, end,
		"the %s that begins here isn't closed where "
		"it should be",
		string ? "string" : "quoted atom");

	if (finding)
		finding_hint(finding,
		    "look for a missing %s on this line or shortly above",
		    string ? "\"" : "'");
	parser_skip_lines(parser, token);
}

/* True where a missing quote explains the token at hand, and is reported. */
static bool
blame_quote(struct parser *parser)
{
	if (parser->suspicious) {
		struct token suspect = parser->suspect;

		report_quote(parser, &suspect);
		return true;
	}
	if (parser->token.kind == TOKEN_BROKEN && parser->token.quoted) {
		struct token open = parser->token;

		report_quote(parser, &open);
		return true;
	}
	if (is_glued(parser) && parser->previous.quoted &&
	    (is_wordlike(&parser->token) || parser->token.quoted)) {
		struct token closed = parser->previous;

		report_quote(parser, &closed);
		return true;
	}
	return false;
}

/* --- words that need quotes ---------------------------------------------- */

static bool
is_word_byte(const char *at, const char *end)
{
	uint32_t code = (unsigned char)*at;
	bool last = at + 1 == end || code_is_blank((unsigned char)at[1]) ||
		    at[1] == '%';

	if (code > 0x7F)
		return true;
	if (code == '.' || code == ':')
		return !last;
	return code_is_name(code) || memchr("/-*~\\&?=+", (int)code, 9);
}

/* How far the run of characters that look like one word goes. */
static const char *
word_end(const struct parser *parser, const struct token *first)
{
	const char *at = first->from;

	while (at < parser->lexer.end && is_word_byte(at, parser->lexer.end)) {
		if (at[0] == '=' && at + 1 < parser->lexer.end && at[1] == '>')
			break;
		at++;
	}
	return at;
}

/* Reports the word that begins with the token and reads over it. */
static void
report_word(struct parser *parser, const struct token *first)
{
	struct lexer *lexer = &parser->lexer;
	const char *end = word_end(parser, first);
	int len = end - first->from > 60 ? 60 : (int)(end - first->from);
	struct finding *finding;

	lexer_rewind(lexer, first);
	while (lexer->at < end)
		lexer_skip(lexer);
	finding = lexer_report(lexer, TERMS_UNQUOTED, first->begin, lexer->pos,
	    "%.*s must stand in double quotes", len, first->from);
	if (finding) {
		finding_hint(finding, "write \"%.*s\"", len, first->from);
		add_edit(
		    parser, finding, false, first->begin, first->begin, "\"");
		add_edit(parser, finding, false, lexer->pos, lexer->pos, "\"");
	}
	parser->previous.end = lexer->pos;
	resume(parser);
}

/* --- comments of other languages ----------------------------------------- */

static bool
is_first_on_line(const struct parser *parser)
{
	return parser->previous.kind == TOKEN_END ||
	       parser->previous.end.line < parser->token.begin.line;
}

/* # where a record or map can't be meant, and //. */
static bool
recover_comment(struct parser *parser)
{
	const char *from = parser->token.from, *end = parser->lexer.end;
	bool sharp = parser_at(parser, "#");
	bool slashes =
	    parser_at(parser, "/") && from + 1 < end && from[1] == '/';
	struct finding *finding;
	struct pos stop;

	if (sharp && from + 1 < end && !is_first_on_line(parser))
		sharp = code_is_blank((unsigned char)from[1]) || from[1] == '#';
	if (!sharp && !slashes)
		return false;
	stop = (struct pos){ parser->token.begin.line,
		parser->token.begin.column + (slashes ? 2 : 1) };
	finding =
	    lexer_report(&parser->lexer, TERMS_COMMENT, parser->token.begin,
		stop, "%s doesn't start a comment", slashes ? "//" : "#");
	add_hint(finding, "start comments with %");
	add_edit(parser, finding, false, parser->token.begin, stop, "%");
	skip_comment_lines(parser);
	return true;
}

/* --- brackets ------------------------------------------------------------ */

/* What stays open if the frames above keep are closed. */
struct outlook {
	unsigned char *kinds;
	size_t depth, room;
};

static void
outlook_push(struct outlook *outlook, enum bracket kind)
{
	if (outlook->depth == outlook->room) {
		outlook->room = outlook->room * 2 + 64;
		outlook->kinds = mem_grow(outlook->kinds, outlook->room, 1);
	}
	outlook->kinds[outlook->depth++] = (unsigned char)kind;
}

/* A map's brace closes like a tuple's. */
static enum bracket
closes_like(enum bracket kind)
{
	return kind == BRACKET_MAP ? BRACKET_TUPLE : kind;
}

static bool
outlook_run(struct parser *parser, struct outlook *outlook)
{
	struct lexer lexer = parser->lexer;
	struct token token = { 0 };
	bool good = true;
	enum bracket kind;

	lexer.quiet = true;
	lexer.scratch = (struct buf){ 0 };
	for (int i = 0; i < LOOKAHEAD_MAX && good; i++) {
		lexer_next(&lexer, &token);
		if (token.kind == TOKEN_DOT || token.kind == TOKEN_END)
			break;
		if (token_opens(&token, &kind))
			outlook_push(outlook, kind);
		else if (token_closes(&token, &kind))
			good = outlook->depth > 0 &&
			       outlook->kinds[--outlook->depth] == kind;
	}
	lexer_fini(&lexer);
	return good && token.kind == TOKEN_DOT && outlook->depth == 0;
}

/* True where the rest of the term fits if keep brackets stay open. */
static bool
fits(struct parser *parser, size_t keep)
{
	struct outlook outlook = { 0 };
	bool good;

	for (size_t i = 0; i < keep; i++)
		outlook_push(&outlook, closes_like(parser->frames[i].kind));
	good = outlook_run(parser, &outlook);
	free(outlook.kinds);
	return good;
}

/* How many brackets are open up to the innermost of that kind; 0: none. */
static size_t
matching_depth(const struct parser *parser, enum bracket kind)
{
	size_t depth = parser->depth;

	while (depth > 0 && closes_like(parser->frames[depth - 1].kind) != kind)
		depth--;
	return depth;
}

/* Gives the innermost bracket a value to end with where one is due. */
static void
fill_in(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);

	parser->sign = 0;
	if (parser->have_value)
		return;
	if ((frame->kind == BRACKET_MAP && frame->value_next) ||
	    (frame->kind == BRACKET_LIST && frame->tail))
		parser_value(parser, parser_placeholder(parser), 0);
}

static void
close_broken(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);

	fill_in(parser);
	if (frame->kind == BRACKET_MAP && !frame->value_next &&
	    parser->have_value) {
		parser_keep_item(parser);
		parser_value(parser, parser_placeholder(parser), 0);
	}
	parser_close(parser, parser->token.end);
}

static void
report_wrong(struct parser *parser)
{
	const struct frame *frame = parser_frame(parser);
	struct finding *finding = parser_report(parser, TERMS_WRONG_BRACKET,
	    &parser->token, "%.*s closes what was opened with %s",
	    STR_ARG(parser->token.text), opening[frame->kind]);

	if (!finding)
		return;
	finding_hint(finding, "close it with %s", closing[frame->kind]);
	add_opener(parser, finding, frame);
	add_edit(parser, finding, false, parser->token.begin, parser->token.end,
	    closing[frame->kind]);
}

static void
report_unclosed(struct parser *parser, const char *where)
{
	const struct frame *frame = parser_frame(parser);
	struct finding *finding =
	    parser_report(parser, TERMS_UNCLOSED, &parser->token,
		"%s is missing before %s", closing[frame->kind], where);

	if (!finding)
		return;
	finding_hint(finding, "close the %s that is opened at line %u",
	    opening[frame->kind], (unsigned)frame->begin.line);
	add_opener(parser, finding, frame);
}

/* A closing bracket that doesn't match: either it has the wrong shape, or
 * another one is missing before it, whichever the rest of the term fits. */
static void
recover_bracket(struct parser *parser, enum bracket kind)
{
	size_t match = matching_depth(parser, kind);
	struct finding *finding;

	if (parser->depth == 0) {
		finding = parser_report(parser, TERMS_STRAY_BRACKET,
		    &parser->token, "nothing is open that %.*s could close",
		    STR_ARG(parser->token.text));
		add_hint(finding, "remove it");
		parser_advance(parser);
		return;
	}
	if (match == 0 ||
	    (fits(parser, parser->depth - 1) && !fits(parser, match - 1))) {
		report_wrong(parser);
		close_broken(parser);
		parser_advance(parser);
		return;
	}
	report_unclosed(parser, "this bracket");
	while (parser->depth > match)
		close_broken(parser);
}

/* --- ends of terms ------------------------------------------------------- */

/* The token at hand begins the next term; this one lacks its end. */
static void
end_before_next(struct parser *parser)
{
	const struct frame *frame = parser_frame(parser);
	struct finding *finding;

	finding = report_gap(parser, frame ? TERMS_UNCLOSED : TERMS_MISSING_DOT,
	    frame ? "this term isn't closed before the next one"
		  : "the dot that ends this term is missing");
	if (frame) {
		if (finding)
			finding_hint(finding, "close the %s and end with a dot",
			    opening[frame->kind]);
		add_opener(parser, finding, frame);
	} else {
		add_hint(finding, "put a dot here");
		add_edit(parser, finding, false, parser->previous.end,
		    parser->previous.end, ".");
	}
	add_related(parser, finding, parser->token.begin, parser->token.end,
	    "the next term begins here");
	parser->term_over = true;
}

static void
end_of_file(struct parser *parser)
{
	const struct frame *frame = parser_frame(parser);
	struct finding *finding;

	if (!frame) {
		finding = report_gap(parser, TERMS_FINAL_DOT,
		    "the dot that ends the last term is missing");
		add_hint(finding, "put a dot here");
		add_edit(parser, finding, true, parser->previous.end,
		    parser->previous.end, ".");
	} else {
		finding = report_gap(
		    parser, TERMS_UNCLOSED, "the file ends within a term");
		if (finding)
			finding_hint(finding, "close the %s and end with a dot",
			    opening[frame->kind]);
		add_opener(parser, finding, frame);
	}
	parser->term_over = true;
}

/* A dot inside brackets: a slip for a comma where the line goes on, or the
 * end of the term. */
static void
recover_dot(struct parser *parser)
{
	struct token dot = parser->token, next;
	enum bracket kind;
	struct finding *finding;

	parser_peek(parser, &next);
	if (token_closes(&next, &kind) ||
	    (token_begins_value(&next) && next.begin.line == dot.begin.line)) {
		finding = parser_report(parser, TERMS_SYNTAX, &dot,
		    "a dot can't stand within a term");
		add_opener(parser, finding, parser_frame(parser));
		parser_advance(parser);
		if (parser->have_value && token_begins_value(&parser->token) &&
		    parser_frame(parser)->kind != BRACKET_BINARY)
			parser_keep_item(parser);
		return;
	}
	report_unclosed(parser, "the dot that ends this term");
	parser->term_over = true;
}

/* A line that begins in the first column begins a new term, unless items of
 * the bracket do so too. */
static bool
looks_like_next_term(const struct parser *parser)
{
	const struct frame *frame = &parser->frames[parser->depth - 1];

	return parser->token.begin.column == 1 && is_first_on_line(parser) &&
	       parser_at(parser, "{") && frame->item.column != 1;
}

/* --- behind a value ------------------------------------------------------ */

static void
missing_comma(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);
	struct finding *finding;

	if (frame->kind == BRACKET_PAREN ||
	    (frame->kind == BRACKET_LIST && frame->tail)) {
		finding = parser_report(parser, TERMS_SYNTAX, &parser->token,
		    "only one term can stand here");
		add_opener(parser, finding, frame);
		skip_to_separator(parser);
		if (parser_at(parser, ","))
			parser_advance(parser);
		return;
	}
	finding =
	    report_gap(parser, TERMS_MISSING_COMMA, "a comma is missing here");
	add_related(parser, finding, parser->token.begin, parser->token.end,
	    "the next item begins here");
	add_edit(parser, finding, false, parser->previous.end,
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
	add_opener(parser, finding, frame);
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

	if (parser_at(parser, ";")) {
		finding = parser_report(parser, TERMS_SYNTAX, &parser->token,
		    "items are separated by commas");
		add_edit(parser, finding, false, parser->token.begin,
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
		add_hint(finding, "options are written {name, value}");
	} else if (parser_at(parser, "|") || parser_at(parser, ",") ||
		   parser_at(parser, "||") || parser_at(parser, ".")) {
		finding = parser_report(parser, TERMS_SYNTAX, &parser->token,
		    "%.*s can't stand here", STR_ARG(parser->token.text));
	} else {
		finding = parser_report(parser, TERMS_EXPRESSION,
		    &parser->token, "expressions are not evaluated here");
		add_hint(finding, "write the value itself");
	}
	parser_advance(parser);
	skip_to_separator(parser);
}

static void
recover_at_top(struct parser *parser)
{
	struct finding *finding;
	enum bracket kind;

	if (parser_at(parser, ",")) {
		finding = parser_report(parser, TERMS_MISSING_DOT,
		    &parser->token, "a term ends with a dot, not a comma");
		add_edit(parser, finding, false, parser->token.begin,
		    parser->token.end, ".");
		parser_advance(parser);
		parser->term_over = true;
	} else if (parser_at(parser, ".")) {
		finding = parser_report(parser, TERMS_DOT_SPACE, &parser->token,
		    "a blank or a new line is missing after this dot");
		add_edit(parser, finding, false, parser->token.end,
		    parser->token.end, "\n");
		parser_advance(parser);
		parser->term_over = true;
	} else if (token_closes(&parser->token, &kind)) {
		recover_bracket(parser, kind);
	} else if (token_begins_value(&parser->token)) {
		end_before_next(parser);
	} else {
		recover_expression(parser);
		if (parser_at(parser, ","))
			parser_advance(parser);
	}
}

static bool
recover_word(struct parser *parser)
{
	struct token first = parser->previous;
	const char *end;

	if (!is_glued(parser) || !is_wordlike(&first) || first.quoted)
		return false;
	end = word_end(parser, &first);
	if (end <= first.to || (end < parser->lexer.end && *end == '('))
		return false;
	report_word(parser, &first);
	return true;
}

/* ${name}, as templates have it: to Erlang the character { and a word. */
static bool
recover_placeholder(struct parser *parser)
{
	struct lexer *lexer = &parser->lexer;
	struct token first = parser->previous;
	struct finding *finding;

	if (!is_glued(parser) || first.kind != TOKEN_CHARACTER ||
	    first.to - first.from != 2 || first.from[1] != '{' ||
	    !is_wordlike(&parser->token))
		return false;
	while (
	    lexer->at < lexer->end && *lexer->at != '}' && *lexer->at != '\n')
		lexer_skip(lexer);
	if (lexer->at < lexer->end && *lexer->at == '}')
		lexer_skip(lexer);
	finding = lexer_report(lexer, TERMS_SYNTAX, first.begin, lexer->pos,
	    "nothing has been filled in for this placeholder");
	add_hint(finding, "make the file from its template first");
	parser->previous.end = lexer->pos;
	resume(parser);
	return true;
}

void
parser_recover_after(struct parser *parser)
{
	struct frame *frame = parser_frame(parser);
	enum bracket kind;

	if (blame_quote(parser) || recover_comment(parser) ||
	    recover_placeholder(parser) || recover_word(parser))
		return;
	if (parser->token.kind == TOKEN_END)
		end_of_file(parser);
	else if (parser->token.kind == TOKEN_BROKEN)
		parser_advance(parser);
	else if (!frame)
		recover_at_top(parser);
	else if (looks_like_next_term(parser))
		end_before_next(parser);
	else if (parser->token.kind == TOKEN_DOT)
		recover_dot(parser);
	else if (frame->kind == BRACKET_MAP && !frame->value_next &&
		 !parser_at(parser, ";"))
		recover_in_map(parser, frame);
	else if (token_closes(&parser->token, &kind))
		recover_bracket(parser, kind);
	else if (token_begins_value(&parser->token) && !parser_at(parser, "("))
		missing_comma(parser);
	else
		recover_expression(parser);
}

/* --- where a value is due ------------------------------------------------ */

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
		add_hint(finding, "remove the comma");
		add_related(parser, finding, parser->token.begin,
		    parser->token.end, "the bracket is closed here");
		add_edit(parser, finding, true, comma->begin, comma->end, "");
	} else if (frame && closes_like(frame->kind) == kind) {
		parser_report(parser, TERMS_SYNTAX, &parser->token,
		    "a value is missing before this bracket");
	}
	if (frame && closes_like(frame->kind) == kind) {
		close_broken(parser);
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

	if (word_end(parser, &token) > token.to) {
		report_word(parser, &token);
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
			add_edit(parser, finding, false, token.begin, token.end,
			    lower);
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
		add_edit(parser, finding, false, token.begin, token.begin, "'");
		add_edit(parser, finding, false, token.end, token.end, "'");
	}
	parser->sign = 0;
	parser_advance(parser);
	parser_value(parser, parser_placeholder(parser), 0);
}

static void
recover_operator(struct parser *parser)
{
	struct token token = parser->token;
	const char *end = word_end(parser, &token);
	struct finding *finding;

	if (parser->sign || end <= token.to || parser_at(parser, "?")) {
		finding = parser_report(parser, TERMS_EXPRESSION, &token,
		    "a value is due here, not %.*s", STR_ARG(token.text));
		add_hint(finding, "write the value itself");
		parser_advance(parser);
		if (parser->depth || !token_begins_value(&parser->token))
			skip_to_separator(parser);
	} else {
		report_word(parser, &token);
	}
	parser->sign = 0;
	parser_value(parser, parser_placeholder(parser), 0);
}

static void
recover_missing(struct parser *parser)
{
	struct finding *finding;

	if (parser->token.kind == TOKEN_END) {
		end_of_file(parser);
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
		add_hint(finding, "remove the comma");
		add_edit(parser, finding, true, parser->token.begin,
		    parser->token.end, "");
		parser->sign = 0;
		parser_advance(parser);
	}
}

void
parser_recover_value(struct parser *parser)
{
	enum bracket kind;

	if (blame_quote(parser) || recover_comment(parser))
		return;
	if (parser->token.kind == TOKEN_BROKEN) {
		parser_advance(parser);
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

/*
 * Brackets that don't match, terms that don't end, and what that says about
 * where the mistake is.
 */
#include "cfgparse/source_lines.h"
#include "cfgparse/terms_recover.h"

#include <stdlib.h>

#include "cfgparse/base/mem.h"

enum {
	LOOKAHEAD_MAX = 5000, /* tokens */
	COMMENT_LINES = 20,   /* that are looked at above */
};

static const char *const opening[] = { "{", "[", "#{", "(", "<<" };
static const char *const closing[] = { "}", "]", "}", ")", ">>" };

/* --- brackets --- */

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
enum bracket
bracket_closes_like(enum bracket kind)
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
		outlook_push(
		    &outlook, bracket_closes_like(parser->frames[i].kind));
	good = outlook_run(parser, &outlook);
	free(outlook.kinds);
	return good;
}

/* How many brackets are open up to the innermost of that kind; 0: none. */
static size_t
matching_depth(const struct parser *parser, enum bracket kind)
{
	size_t depth = parser->depth;

	while (depth > 0 &&
	       bracket_closes_like(parser->frames[depth - 1].kind) != kind)
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

void
recover_close(struct parser *parser)
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

static struct finding *
report_wrong(struct parser *parser)
{
	const struct frame *frame = parser_frame(parser);
	struct finding *finding = parser_report(parser, TERMS_WRONG_BRACKET,
	    &parser->token, "%.*s closes what was opened with %s",
	    STR_ARG(parser->token.text), opening[frame->kind]);

	if (!finding)
		return NULL;
	finding_hint(finding, "close it with %s", closing[frame->kind]);
	recover_opener(parser, finding, frame);
	return finding;
}

static void
edit_wrong(struct parser *parser, struct finding *finding)
{
	recover_edit(parser, finding, false, parser->token.begin,
	    parser->token.end, closing[parser_frame(parser)->kind]);
}

/* Closes what is open inside of the outermost so many. */
static void
edit_unclosed(struct parser *parser, struct finding *finding, size_t match)
{
	char text[16] = "";

	if (parser->depth - match > 4)
		return;
	for (size_t depth = parser->depth; depth > match; depth--)
		strcat(text, closing[parser->frames[depth - 1].kind]);
	recover_edit(parser, finding, false, parser->previous.end,
	    parser->previous.end, text);
}

static void
report_unclosed(struct parser *parser, const char *where, size_t match)
{
	const struct frame *frame = parser_frame(parser);
	struct finding *finding =
	    parser_report(parser, TERMS_UNCLOSED, &parser->token,
		"%s is missing before %s", closing[frame->kind], where);

	if (!finding)
		return;
	finding_hint(finding, "close the %s that is opened at line %u",
	    opening[frame->kind],
	    (unsigned)source_pos(parser->lexer.source, frame->begin).line);
	recover_opener(parser, finding, frame);
	edit_unclosed(parser, finding, match);
}

/* Takes away the bracket with those behind it. */
static void
edit_strays(struct parser *parser, struct finding *finding)
{
	struct lexer lexer = parser->lexer;
	struct token token = parser->token;
	uint32_t end = token.end;
	enum bracket kind;

	lexer.quiet = true;
	lexer.scratch = (struct buf){ 0 };
	for (int i = 0; i < LOOKAHEAD_MAX && token_closes(&token, &kind); i++) {
		end = token.end;
		if (parser->depth)
			break; /* the next ones may close what is open */
		lexer_next(&lexer, &token);
	}
	if (token.kind == TOKEN_DOT && !parser->have_value && !parser->depth)
		end = token.end;
	lexer_fini(&lexer);
	recover_edit(parser, finding, false, parser->token.begin, end, "");
}

static struct finding *
report_stray(struct parser *parser)
{
	const struct frame *frame = parser_frame(parser);
	struct finding *finding = parser_report(parser, TERMS_STRAY_BRACKET,
	    &parser->token, "%.*s closes nothing that is open here",
	    STR_ARG(parser->token.text));

	recover_hint(finding, "remove it");
	if (frame)
		recover_opener(parser, finding, frame);
	edit_strays(parser, finding);
	return finding;
}

/* Those beside a stray bracket are part of the same mistake, and so is the
 * dot where they are all there is. */
static void
skip_strays(struct parser *parser)
{
	enum bracket kind;

	while (token_closes(&parser->token, &kind))
		parser_advance(parser);
	if (parser->token.kind == TOKEN_DOT && !parser->have_value)
		parser->term_over = true;
}

/* Where the comment before the byte, on a line above, leaves a bracket open;
 * false where there's none. */
static bool
find_commented(
    struct parser *parser, uint32_t at, uint32_t *begin, uint32_t *end)
{
	const char *text = parser->lexer.text, *p = text + at;

	for (int lines = 0; p > text && lines < COMMENT_LINES; lines++) {
		const char *to = p, *from = p, *mark;

		while (from > text && from[-1] != '\n')
			from--;
		mark = memchr(from, '%', (size_t)(to - from));
		while (to > from && code_is_blank((unsigned char)to[-1]))
			to--;
		if (mark && mark < to && memchr("[{,", to[-1], 3) &&
		    (memchr(mark, '[', (size_t)(to - mark)) ||
			memchr(mark, '{', (size_t)(to - mark)))) {
			*begin = (uint32_t)(mark - text);
			*end = (uint32_t)(to - text);
			return true;
		}
		p = from > text ? from - 1 : from;
	}
	return false;
}

bool
recover_half_commented(struct parser *parser)
{
	struct lexer lexer = parser->lexer;
	struct token token = { 0 };
	uint32_t begin, end;
	size_t depth = 0;
	bool stray = false;
	enum bracket kind;

	lexer.quiet = true;
	lexer.scratch = (struct buf){ 0 };
	for (int i = 0; i < LOOKAHEAD_MAX && !stray; i++) {
		lexer_next(&lexer, &token);
		if (token.kind == TOKEN_DOT || token.kind == TOKEN_END)
			break;
		/* Terms one below the other: each was meant to end. */
		if (depth == 0 && *token.from == '{' &&
		    lexer_begins_line(&lexer, token.begin))
			break;
		if (token_opens(&token, &kind))
			depth++;
		else if (token_closes(&token, &kind))
			stray = depth-- == 0;
	}
	lexer_fini(&lexer);
	if (!stray)
		return false;
	while (parser->token.begin < token.begin)
		parser_advance(parser);
	struct finding *finding = report_stray(parser);
	if (find_commented(parser, parser->first, &begin, &end)) {
		recover_related(parser, finding, begin, end,
		    "what it closes may be in this comment");
		recover_hint(finding, "comment it out too, or open it again");
	}
	while (
	    parser->token.kind != TOKEN_DOT && parser->token.kind != TOKEN_END)
		parser_advance(parser);
	return true;
}

/* }] for ]}: true where that is it. */
static bool
recover_swapped(struct parser *parser, enum bracket kind)
{
	size_t depth = parser->depth;
	struct finding *finding;
	struct token next;
	enum bracket other;

	if (depth < 2 ||
	    bracket_closes_like(parser->frames[depth - 2].kind) != kind)
		return false;
	parser_peek(parser, &next);
	if (!token_closes(&next, &other) ||
	    bracket_closes_like(parser->frames[depth - 1].kind) != other)
		return false;
	finding = report_wrong(parser);
	edit_wrong(parser, finding);
	recover_close(parser);
	parser_advance(parser);
	edit_wrong(parser, finding);
	recover_close(parser);
	parser_advance(parser);
	return true;
}

/* A closing bracket that doesn't match: it has the wrong shape, or another
 * one is missing before it, or it is one too many, whichever the rest of the
 * term fits. */
void
recover_bracket(struct parser *parser, enum bracket kind)
{
	size_t depth = parser->depth, match = matching_depth(parser, kind);
	bool wrong = depth > 0 && fits(parser, depth - 1);
	bool missing = match > 0 && fits(parser, match - 1);

	if (depth == 0 || (!wrong && !missing && fits(parser, depth))) {
		report_stray(parser);
		parser_advance(parser);
		if (depth == 0)
			skip_strays(parser);
		return;
	}
	if (!wrong && !missing && recover_swapped(parser, kind))
		return;
	if (match == 0 || (wrong && !missing)) {
		edit_wrong(parser, report_wrong(parser));
		recover_close(parser);
		parser_advance(parser);
		return;
	}
	report_unclosed(parser, "this bracket", match);
	while (parser->depth > match)
		recover_close(parser);
}

/* --- ends of terms --- */

/* The token at hand begins the next term; this one lacks its end. */
void
recover_next_term(struct parser *parser)
{
	const struct frame *frame = parser_frame(parser);
	struct finding *finding;

	finding =
	    recover_gap(parser, frame ? TERMS_UNCLOSED : TERMS_MISSING_DOT,
		frame ? "this term isn't closed before the next one"
		      : "the dot that ends this term is missing");
	if (frame) {
		if (finding)
			finding_hint(finding, "close the %s and end with a dot",
			    opening[frame->kind]);
		recover_opener(parser, finding, frame);
	} else {
		recover_hint(finding, "put a dot here");
		recover_edit(parser, finding, false, parser->previous.end,
		    parser->previous.end, ".");
	}
	recover_related(parser, finding, parser->token.begin, parser->token.end,
	    "the next term begins here");
	parser->term_over = true;
}

void
recover_end(struct parser *parser)
{
	const struct frame *frame = parser_frame(parser);
	struct finding *finding;

	if (!frame) {
		finding = recover_gap(parser, TERMS_FINAL_DOT,
		    "the dot that ends the last term is missing");
		recover_hint(finding, "put a dot here");
		recover_edit(parser, finding, true, parser->previous.end,
		    parser->previous.end, ".");
	} else {
		finding = recover_gap(
		    parser, TERMS_UNCLOSED, "the file ends within a term");
		if (finding)
			finding_hint(finding, "close the %s and end with a dot",
			    opening[frame->kind]);
		recover_opener(parser, finding, frame);
	}
	parser->term_over = true;
}

/* A dot inside brackets: a slip for a comma where the line goes on, or the
 * end of the term. */
void
recover_dot(struct parser *parser)
{
	struct token dot = parser->token, next;
	enum bracket kind;
	struct finding *finding;

	parser_peek(parser, &next);
	if (token_closes(&next, &kind) ||
	    (token_begins_value(&next) &&
		!lexer_line_between(&parser->lexer, dot.begin, next.begin))) {
		finding = parser_report(parser, TERMS_SYNTAX, &dot,
		    "a dot can't stand within a term");
		recover_opener(parser, finding, parser_frame(parser));
		parser_advance(parser);
		if (parser->have_value && token_begins_value(&parser->token) &&
		    parser_frame(parser)->kind != BRACKET_BINARY)
			parser_keep_item(parser);
		return;
	}
	report_unclosed(parser, "the dot that ends this term", 0);
	parser->term_over = true;
}

bool
recover_begins_term(const struct parser *parser)
{
	return lexer_begins_line(&parser->lexer, parser->token.begin) &&
	       recover_first_on_line(parser) && parser_at(parser, "{");
}

/* A line that begins in the first column begins a new term, unless items of
 * the bracket do so too. */
bool
recover_sees_next_term(const struct parser *parser)
{
	const struct frame *frame = &parser->frames[parser->depth - 1];

	return recover_begins_term(parser) &&
	       !lexer_begins_line(&parser->lexer, frame->item);
}

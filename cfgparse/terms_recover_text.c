/*
 * Mistakes in the text itself rather than in its structure: quotes that are
 * missing around or after a text, placeholders of templates, and comments of
 * other languages.
 */
#include "cfgparse/terms_recover.h"

#include "cfgparse/terms_number.h"

/* --- places to go on from --- */

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
	recover_resume(parser);
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
	       (code == '{' || code == '[' || code_is_lower(code) ||
		   foreign_comment_ahead(lexer));
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

/* --- quotes --- */

static void
report_quote(struct parser *parser, const struct token *token)
{
	bool string = *token->from == '"';
	uint32_t end = token->begin + 1;
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

bool
recover_is_typographic(const struct token *token)
{
	/* U+2018 to U+201F, and more than one of them. */
	return token->to - token->from > 3 &&
	       memcmp(token->from, "\xE2\x80", 2) == 0 &&
	       (unsigned char)token->from[2] >= 0x98 &&
	       (unsigned char)token->from[2] <= 0x9F;
}

/* abc", "def": the quote before the word is missing, and what is between two
 * texts is taken for one. */
static bool
recover_opening_quote(struct parser *parser)
{
	struct token word = parser->previous, *text = &parser->token;
	const char *at = text->from + 1;
	struct finding *finding;

	if (!recover_is_glued(parser) || !text->quoted ||
	    !token_is_wordlike(&word) || word.quoted)
		return false;
	while (at < text->to && *at == ' ')
		at++;
	if (at >= text->to || !strchr(",]}", *at))
		return false;
	finding = lexer_report(&parser->lexer, TERMS_QUOTE, word.begin,
	    word.end, "the quote %c before %.*s is missing", *text->from,
	    word.to - word.from > 60 ? 60 : (int)(word.to - word.from),
	    word.from);
	recover_edit(parser, finding, false, word.begin, word.begin,
	    *text->from == '"' ? "\"" : "'");
	parser_skip_lines(parser, &word);
	return true;
}

/* True where a missing quote explains the token at hand, and is reported. */
bool
recover_quote(struct parser *parser)
{
	if (parser->suspicious) {
		struct token suspect = parser->suspect;

		report_quote(parser, &suspect);
		return true;
	}
	if (recover_opening_quote(parser))
		return true;
	if (parser->token.kind == TOKEN_BROKEN && parser->token.quoted) {
		struct token open = parser->token;

		report_quote(parser, &open);
		return true;
	}
	if (recover_is_glued(parser) && parser->previous.quoted &&
	    (token_is_wordlike(&parser->token) || parser->token.quoted)) {
		struct token closed = parser->previous;

		report_quote(parser, &closed);
		return true;
	}
	return false;
}

/* --- words that need quotes --- */

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
const char *
recover_word_end(const struct parser *parser, const struct token *first)
{
	const char *at = first->from;

	while (at < parser->lexer.end && is_word_byte(at, parser->lexer.end)) {
		if (at[0] == '=' && at + 1 < parser->lexer.end && at[1] == '>')
			break;
		at++;
	}
	return at;
}

/* 0x400 and 1.e3: what other languages read as numbers. */
static bool
is_foreign_number(const char *at, const char *end, bool *hexadecimal)
{
	const char *digits = at;

	*hexadecimal = end - at > 2 && at[0] == '0' && (at[1] | 32) == 'x';
	if (*hexadecimal) {
		for (at += 2; at < end && number_digit(*at) < 16;)
			at++;
		return at == end;
	}
	while (at < end && number_digit(*at) < 10)
		at++;
	if (at == digits)
		return false;
	if (at < end && *at == '.')
		at++;
	if (at == end || (*at++ | 32) != 'e')
		return false;
	if (at < end && (*at == '+' || *at == '-'))
		at++;
	for (digits = at; at < end && number_digit(*at) < 10;)
		at++;
	return at == end && at > digits;
}

static void
report_foreign_number(struct parser *parser, const struct token *first,
    struct str text, bool hexadecimal)
{
	uint32_t end = lexer_here(&parser->lexer);
	struct finding *finding = lexer_report(&parser->lexer, TERMS_NUMBER,
	    first->begin, end, "%.*s is no number to Erlang", STR_ARG(text));

	if (finding && hexadecimal)
		finding_hint(
		    finding, "write 16#%.*s", (int)text.len - 2, text.ptr + 2);
	else
		recover_hint(finding,
		    "write digits on both sides of a point before the e");
}

/* module:name(...): reports it from its first word on. */
static bool
recover_call(struct parser *parser, const struct token *first, const char *end)
{
	struct finding *finding;

	if (end <= first->to || end == parser->lexer.end || *end != '(')
		return false;
	while (parser->token.from < end && parser->token.kind != TOKEN_END)
		parser_advance(parser);
	recover_skip_item(parser);
	finding = lexer_report(&parser->lexer, TERMS_EXPRESSION, first->begin,
	    parser->previous.end, "calls are not evaluated here");
	recover_hint(finding, "write the value itself");
	return true;
}

/* Reports the word that begins with the token and reads over it. */
void
recover_report_word(struct parser *parser, const struct token *first)
{
	struct lexer *lexer = &parser->lexer;
	const char *end = recover_word_end(parser, first);
	int len = end - first->from > 60 ? 60 : (int)(end - first->from);
	bool hexadecimal;
	struct finding *finding;

	lexer_rewind(lexer, first);
	while (lexer->at < end)
		lexer_skip(lexer);
	if (is_foreign_number(first->from, end, &hexadecimal)) {
		report_foreign_number(parser, first,
		    (struct str){ first->from, (size_t)len }, hexadecimal);
		parser->previous.end = lexer_here(lexer);
		recover_resume(parser);
		return;
	}
	finding =
	    lexer_report(lexer, TERMS_UNQUOTED, first->begin, lexer_here(lexer),
		"%.*s must stand in double quotes", len, first->from);
	if (finding) {
		finding_hint(finding, "write \"%.*s\"", len, first->from);
		recover_edit(
		    parser, finding, false, first->begin, first->begin, "\"");
		recover_edit(parser, finding, false, lexer_here(lexer),
		    lexer_here(lexer), "\"");
	}
	parser->previous.end = lexer_here(lexer);
	recover_resume(parser);
}

bool
recover_word(struct parser *parser)
{
	struct token first = parser->previous;
	const char *end;

	if (!recover_is_glued(parser) || !token_is_wordlike(&first) ||
	    first.quoted || parser->token.kind == TOKEN_BROKEN)
		return false;
	end = recover_word_end(parser, &first);
	if (recover_call(parser, &first, end))
		return true;
	if (end <= first.to || (end < parser->lexer.end && *end == '('))
		return false;
	recover_report_word(parser, &first);
	return true;
}

/* True where the character is what a template's $NAME or ${NAME} begins with;
 * brace says which. */
static bool
begins_placeholder(const struct token *first, bool *brace)
{
	if (first->kind != TOKEN_CHARACTER || first->to - first->from != 2)
		return false;
	*brace = first->from[1] == '{';
	return *brace || code_is_name((unsigned char)first->from[1]);
}

/* ${NAME} and $NAME, as templates have them: to Erlang a character and a
 * word. */
bool
recover_placeholder(struct parser *parser)
{
	struct lexer *lexer = &parser->lexer;
	struct token first = parser->previous;
	struct finding *finding;
	bool brace;

	if (!recover_is_glued(parser) || !begins_placeholder(&first, &brace) ||
	    !token_is_wordlike(&parser->token))
		return false;
	while (brace && lexer->at < lexer->end && *lexer->at != '}' &&
	       *lexer->at != '\n')
		lexer_skip(lexer);
	if (brace && lexer->at < lexer->end && *lexer->at == '}')
		lexer_skip(lexer);
	finding =
	    lexer_report(lexer, TERMS_SYNTAX, first.begin, lexer_here(lexer),
		"nothing has been filled in for this placeholder");
	recover_hint(finding, "make the file from its template first");
	parser->previous.end = lexer_here(lexer);
	recover_resume(parser);
	return true;
}

/* --- comments of other languages --- */

/* Reads over what C would take for a comment; the line where it isn't closed.
 */
static void
skip_block_comment(struct parser *parser)
{
	struct lexer *lexer = &parser->lexer;
	const char *close;

	lexer_rewind(lexer, &parser->token);
	close = memmem(lexer->at, (size_t)(lexer->end - lexer->at), "*/", 2);
	if (close)
		lexer->at = close + 2;
	else
		lexer_skip_line(lexer);
	recover_resume(parser);
}

/* # where a record or map can't be meant, // and slash star. */
bool
recover_comment(struct parser *parser)
{
	const char *from = parser->token.from, *end = parser->lexer.end;
	bool sharp = parser_at(parser, "#");
	bool slash = parser_at(parser, "/") && from + 1 < end;
	bool slashes = slash && from[1] == '/', block = slash && from[1] == '*';
	struct finding *finding;
	uint32_t stop;

	if (sharp && from + 1 < end && !recover_first_on_line(parser))
		sharp = code_is_blank((unsigned char)from[1]) || from[1] == '#';
	if (!sharp && !slashes && !block)
		return false;
	stop = parser->token.begin + (sharp ? 1 : 2);
	finding = lexer_report(&parser->lexer, TERMS_COMMENT,
	    parser->token.begin, stop, "%s doesn't start a comment",
	    sharp     ? "#"
	    : slashes ? "//"
		      : "/*");
	recover_hint(finding, "start comments with %");
	if (!block)
		recover_edit(
		    parser, finding, false, parser->token.begin, stop, "%");
	if (block)
		skip_block_comment(parser);
	else
		skip_comment_lines(parser);
	if (parser->depth == 0 && !parser->have_value && !parser->sign)
		parser_begin_here(parser);
	return true;
}

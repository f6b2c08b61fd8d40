/*
 * The tokens of Erlang terms: blanks, comments, names, quotes, punctuation
 * and dots as OTP 25's scanner has them. Numbers are in terms_lex_number.c,
 * escapes in terms_lex_escape.c.
 */
#include "cfgparse/terms_lex.h"

#include <stdio.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/utf8.h"
#include "cfgparse/source_lines.h"
#include "cfgparse/terms.h"

void
lexer_init(struct lexer *lexer, struct arena *arena,
    const struct source *source, struct findings *findings, bool latin1)
{
	const char *text = source->text.len ? source->text.ptr : "";

	*lexer = (struct lexer){
		.arena = arena,
		.source = source,
		.findings = findings,
		.text = text,
		.at = text,
		.end = text + source->text.len,
		.latin1 = latin1,
	};
}

void
lexer_fini(struct lexer *lexer)
{
	buf_fini(&lexer->scratch);
}

static bool
was_reported(const struct lexer *lexer, enum terms_rule rule, uint32_t begin)
{
	for (size_t i = 0; i < lexer->errors; i++) {
		if (lexer->reported[i].rule == rule &&
		    lexer->reported[i].begin == begin)
			return true;
	}
	return false;
}

struct finding *
lexer_report(struct lexer *lexer, enum terms_rule rule, uint32_t begin,
    uint32_t end, const char *message, ...)
{
	char text[512];
	struct span span;
	va_list args;

	if (lexer->quiet)
		return NULL;
	lexer->faults++;
	if (lexer->errors >= TERMS_ERRORS_MAX ||
	    was_reported(lexer, rule, begin))
		return NULL;
	va_start(args, message);
	vsnprintf(text, sizeof(text), message, args);
	va_end(args);
	span = source_span(lexer->source, begin, end);
	lexer->reported[lexer->errors].rule = rule;
	lexer->reported[lexer->errors++].begin = begin;
	return finding_add(
	    lexer->findings, &terms_rules[rule], &span, "%s", text);
}

bool
lexer_line_between(const struct lexer *lexer, uint32_t begin, uint32_t end)
{
	return end > begin && memchr(lexer->text + begin, '\n', end - begin);
}

size_t
lexer_peek(const struct lexer *lexer, uint32_t *code)
{
	if (lexer->at == lexer->end)
		return 0;
	if (lexer->latin1 || (unsigned char)*lexer->at < 0x80) {
		*code = (unsigned char)*lexer->at;
		return 1;
	}
	return utf8_decode(lexer->at, (size_t)(lexer->end - lexer->at), code);
}

void
lexer_skip(struct lexer *lexer)
{
	uint32_t code = 0;

	lexer->at += lexer_peek(lexer, &code);
}

void
lexer_skip_line(struct lexer *lexer)
{
	while (lexer->at < lexer->end && *lexer->at != '\n')
		lexer_skip(lexer);
}

void
lexer_rewind(struct lexer *lexer, const struct token *token)
{
	lexer->at = token->from;
}

bool
code_is_blank(uint32_t code)
{
	return code <= 32 || (code >= 128 && code <= 160);
}

bool
code_is_lower(uint32_t code)
{
	return (code >= 'a' && code <= 'z') ||
	       (code >= 0xDF && code <= 0xFF && code != 0xF7);
}

static bool
code_is_upper(uint32_t code)
{
	return (code >= 'A' && code <= 'Z') ||
	       (code >= 0xC0 && code <= 0xDE && code != 0xD7);
}

bool
code_is_name(uint32_t code)
{
	return code_is_lower(code) || code_is_upper(code) || code == '_' ||
	       code == '@' || (code >= '0' && code <= '9');
}

bool
text_is_reserved(struct str text)
{
	static const char words['z' - 'a' + 1][7][8] = {
		['a' - 'a'] = { "after", "and", "andalso" },
		['b' - 'a'] = { "band", "begin", "bnot", "bor", "bsl", "bsr",
		    "bxor" },
		['c' - 'a'] = { "case", "catch", "cond" },
		['d' - 'a'] = { "div" },
		['e' - 'a'] = { "end" },
		['f' - 'a'] = { "fun" },
		['i' - 'a'] = { "if" },
		['l' - 'a'] = { "let" },
		['n' - 'a'] = { "not" },
		['o' - 'a'] = { "of", "or", "orelse" },
		['r' - 'a'] = { "receive", "rem" },
		['t' - 'a'] = { "try" },
		['w' - 'a'] = { "when" },
		['x' - 'a'] = { "xor" },
	};

	/* A bit for each length that the words of a letter have. */
	static const unsigned char lengths['z' - 'a' + 1] = {
		['a' - 'a'] = 1 << 3 | 1 << 5 | 1 << 7,
		['b' - 'a'] = 1 << 3 | 1 << 4 | 1 << 5,
		['c' - 'a'] = 1 << 4 | 1 << 5,
		['d' - 'a'] = 1 << 3,
		['e' - 'a'] = 1 << 3,
		['f' - 'a'] = 1 << 3,
		['i' - 'a'] = 1 << 2,
		['l' - 'a'] = 1 << 3,
		['n' - 'a'] = 1 << 3,
		['o' - 'a'] = 1 << 2 | 1 << 6,
		['r' - 'a'] = 1 << 3 | 1 << 7,
		['t' - 'a'] = 1 << 3,
		['w' - 'a'] = 1 << 4,
		['x' - 'a'] = 1 << 3,
	};

	if (text.len > 7 || *text.ptr < 'a' || *text.ptr > 'z' ||
	    !(lengths[*text.ptr - 'a'] >> text.len & 1))
		return false;
	for (size_t i = 0; i < 7; i++) {
		const char *word = words[*text.ptr - 'a'][i];

		if (word[1] == text.ptr[1] && !word[text.len] &&
		    memcmp(word, text.ptr, text.len) == 0)
			return true;
	}
	return false;
}

/* U+FEFF: harmless only in comments; said once, then read over. */
static void
skip_byte_order_mark(struct lexer *lexer)
{
	uint32_t begin = lexer_here(lexer);
	struct finding *finding;

	lexer_skip(lexer);
	finding =
	    lexer_report(lexer, TERMS_BYTE_ORDER_MARK, begin, lexer_here(lexer),
		"an invisible byte order mark (U+FEFF) stands here");
	if (finding) {
		struct span span =
		    source_span(lexer->source, begin, lexer_here(lexer));

		finding_hint(finding, "save the file as UTF-8 without BOM");
		finding_edit(finding, true, &span, "");
	}
}

static void
report_noncharacter(struct lexer *lexer, uint32_t begin, uint32_t code)
{
	lexer_report(lexer, TERMS_CHARACTER, begin, begin + 3,
	    "U+%04X is not a character", (unsigned)code);
}

static void
skip_comment(struct lexer *lexer)
{
	uint32_t code;

	while (lexer_peek(lexer, &code) > 0 && code != '\n') {
		if (code == 0xFFFE || code == 0xFFFF)
			report_noncharacter(lexer, lexer_here(lexer), code);
		lexer_skip(lexer);
	}
}

static void
skip_blanks(struct lexer *lexer)
{
	uint32_t code;

	while (lexer_peek(lexer, &code) > 0) {
		if (code == '%')
			skip_comment(lexer);
		else if (code_is_blank(code))
			lexer_skip(lexer);
		else if (code == 0xFEFF)
			skip_byte_order_mark(lexer);
		else
			return;
	}
}

static struct str
written(const struct token *token)
{
	return (struct str){ token->from, (size_t)(token->to - token->from) };
}

/* The scratch as the token's text, unless nobody will look at it. */
static void
keep_text(struct lexer *lexer, struct token *token)
{
	if (!lexer->quiet)
		token->text = arena_str(lexer->arena, buf_str(&lexer->scratch));
}

static void
scratch_code(struct lexer *lexer, uint32_t code)
{
	char bytes[UTF8_MAX];

	if (!lexer->quiet)
		buf_append(&lexer->scratch, bytes, utf8_encode(code, bytes));
}

static void
check_atom(struct lexer *lexer, struct token *token)
{
	struct finding *finding;

	if (lexer->quiet ||
	    utf8_count(token->text.ptr, token->text.len) <= TERMS_ATOM_MAX)
		return;
	finding = lexer_report(lexer, TERMS_LONG_ATOM, token->begin,
	    lexer_here(lexer), "this atom has more than 255 characters");
	if (!finding)
		return;
	finding_hint(finding,
	    token->quoted ? "write it as a string, in double quotes"
			  : "write long texts as strings, in double quotes");
}

static void
read_name(struct lexer *lexer, struct token *token, enum token_kind kind)
{
	uint32_t code;

	buf_clear(&lexer->scratch);
	while (lexer_peek(lexer, &code) > 0 && code_is_name(code)) {
		scratch_code(lexer, code);
		lexer_skip(lexer);
	}
	token->kind = kind;
	keep_text(lexer, token);
	if (kind != TOKEN_ATOM)
		return;
	token->to = lexer->at;
	if (text_is_reserved(written(token)))
		token->kind = TOKEN_WORD;
	check_atom(lexer, token);
}

/* The inside of quotes up to the closing one; false where it is missing. */
static bool
read_quoted(struct lexer *lexer, uint32_t quote)
{
	uint32_t code;

	while (lexer_peek(lexer, &code) > 0) {
		uint32_t begin = lexer_here(lexer);

		lexer_skip(lexer);
		if (code == quote)
			return true;
		if (code == '\\' && !lexer_escape(lexer, begin, &code))
			return false;
		if (code == 0xFFFE || code == 0xFFFF)
			report_noncharacter(lexer, begin, code);
		else
			scratch_code(lexer, code);
	}
	return false;
}

static void
read_quotes(struct lexer *lexer, struct token *token, uint32_t quote)
{
	bool closed;

	lexer_skip(lexer);
	buf_clear(&lexer->scratch);
	closed = read_quoted(lexer, quote);
	token->kind = quote == '"' ? TOKEN_STRING : TOKEN_ATOM;
	token->quoted = true;
	if (!closed) {
		token->kind = TOKEN_BROKEN;
		return;
	}
	keep_text(lexer, token);
	if (quote == '\'')
		check_atom(lexer, token);
}

static void
read_character(struct lexer *lexer, struct token *token)
{
	uint32_t begin;
	uint32_t code;

	lexer_skip(lexer);
	begin = lexer_here(lexer);
	token->kind = TOKEN_CHARACTER;
	token->text = STR("0");
	if (lexer_peek(lexer, &code) == 0) {
		lexer_report(lexer, TERMS_CHARACTER, token->begin, begin,
		    "the character after $ is missing");
		return;
	}
	lexer_skip(lexer);
	if (code == '\\' && !lexer_escape(lexer, begin, &code)) {
		lexer_report(lexer, TERMS_ESCAPE, begin, lexer_here(lexer),
		    "the file ends within an escape");
		return;
	}
	if (code == 0xFFFE || code == 0xFFFF)
		report_noncharacter(lexer, begin, code);
	buf_clear(&lexer->scratch);
	buf_printf(&lexer->scratch, "%u", (unsigned)code);
	keep_text(lexer, token);
}

/* Characters that look like a blank or like nothing and are none. */
static bool
is_invisible(uint32_t code)
{
	return (code >= 0x2000 && code <= 0x200F) || code == 0x2028 ||
	       code == 0x2029 || code == 0x3000 || code == 0xFEFF;
}

/* Characters that word processors put in place of what was meant. */
static const char *
lookalike(uint32_t code)
{
	if (code >= 0x2018 && code <= 0x201B)
		return "write a plain single quote: '";
	if (code >= 0x201C && code <= 0x201F)
		return "write a plain double quote: \"";
	if (code >= 0x2010 && code <= 0x2015)
		return "write a plain minus sign: -";
	if (is_invisible(code))
		return "replace this invisible character by a plain blank";
	return "put text with this character in double quotes";
}

static bool
is_typographic_quote(uint32_t code)
{
	return code >= 0x2018 && code <= 0x201F;
}

/* Reads over what stands in typographic quotes, if they are closed, be it
 * with a plain one. */
static void
skip_typographic(struct lexer *lexer, uint32_t open)
{
	uint32_t code, plain = open < 0x201C ? '\'' : '"';
	const char *from = lexer->at;

	while (lexer_peek(lexer, &code) > 0 && code != '\n') {
		lexer_skip(lexer);
		if (is_typographic_quote(code) || code == plain)
			return;
	}
	lexer->at = from;
}

static void
read_illegal(struct lexer *lexer, struct token *token, uint32_t code)
{
	struct finding *finding;
	char bytes[UTF8_MAX + 1] = { 0 };
	uint32_t first = code;

	if (is_typographic_quote(code)) {
		lexer_skip(lexer);
		skip_typographic(lexer, code);
	}
	while (lexer_peek(lexer, &code) > 0 && code > 0x7E &&
	       !code_is_name(code) && !code_is_blank(code))
		lexer_skip(lexer);
	token->kind = TOKEN_BROKEN;
	utf8_encode(first, bytes);
	finding = lexer_report(lexer, TERMS_CHARACTER, token->begin,
	    lexer_here(lexer),
	    "the character %s (U+%04X) can't stand outside quotes", bytes,
	    (unsigned)first);
	if (!finding)
		return;
	finding_hint(finding, "%s", lookalike(first));
	if (is_invisible(first) || first == 0xA0) {
		struct span span =
		    source_span(lexer->source, token->begin, lexer_here(lexer));
		finding_edit(finding, true, &span, " ");
	}
}

/* An invisible character behind it is reported; what it was is clear. */
static bool
is_dot(struct lexer *lexer)
{
	uint32_t code = 0;
	size_t len;

	lexer->at++;
	len = lexer_peek(lexer, &code);
	lexer->at--;
	return len == 0 || code == '%' || code_is_blank(code) ||
	       is_invisible(code);
}

static void
read_punctuation(struct lexer *lexer, struct token *token)
{
	static const char *const marks[] = { "...", "=:=", "=/=", "<<", ">>",
		"->", "=>", ":=", "||", "==", "/=", "=<", "<-",
		"<=", ">=", "++", "--", "..", "::" };
	size_t left = (size_t)(lexer->end - lexer->at), len = 1;

	token->kind = TOKEN_PUNCTUATION;
	if (*lexer->at == '.' && is_dot(lexer)) {
		token->kind = TOKEN_DOT;
		lexer_skip(lexer);
		return;
	}
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		struct str mark = str_of(marks[i]);

		if (mark.len <= left &&
		    memcmp(mark.ptr, lexer->at, mark.len) == 0) {
			len = mark.len;
			break;
		}
	}
	for (size_t i = 0; i < len; i++)
		lexer_skip(lexer);
	token->text = (struct str){ token->from, len };
}

static void
read_token(struct lexer *lexer, struct token *token)
{
	uint32_t code;

	if (lexer_peek(lexer, &code) == 0)
		token->kind = TOKEN_END;
	else if (code_is_lower(code))
		read_name(lexer, token, TOKEN_ATOM);
	else if (code_is_upper(code) || code == '_')
		read_name(lexer, token, TOKEN_VARIABLE);
	else if (code >= '0' && code <= '9')
		lexer_number(lexer, token);
	else if (code == '"' || code == '\'')
		read_quotes(lexer, token, code);
	else if (code == '$')
		read_character(lexer, token);
	else if (code > 0x7E)
		read_illegal(lexer, token, code);
	else
		read_punctuation(lexer, token);
}

void
lexer_next(struct lexer *lexer, struct token *token)
{
	skip_blanks(lexer);
	lexer->faults_before = lexer->faults;
	*token =
	    (struct token){ .from = lexer->at, .begin = lexer_here(lexer) };
	read_token(lexer, token);
	token->to = lexer->at;
	token->end = lexer_here(lexer);
}

/*
 * Escapes in strings, quoted atoms and after $, as OTP 25's scanner reads
 * them.
 */
#include "cfgparse/terms_lex.h"

#include "cfgparse/terms_number.h"

static void
report_escape(struct lexer *lexer, uint32_t begin, const char *message)
{
	struct finding *finding = lexer_report(
	    lexer, TERMS_ESCAPE, begin, lexer_here(lexer), "%s", message);

	if (finding)
		finding_hint(finding,
		    "write a backslash twice (\\\\) where the text has one");
}

static bool
take_if_digit(struct lexer *lexer, unsigned base, uint32_t *digit)
{
	if (lexer->at == lexer->end)
		return false;
	*digit = number_digit(*lexer->at);
	if (*digit >= base)
		return false;
	lexer_skip(lexer);
	return true;
}

static uint32_t
read_octal(struct lexer *lexer, uint32_t first)
{
	uint32_t code = first - '0', digit;

	for (int i = 0; i < 2 && take_if_digit(lexer, 8, &digit); i++)
		code = code * 8 + digit;
	return code;
}

static bool
is_character(uint32_t code)
{
	return code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF) &&
	       code != 0xFFFE && code != 0xFFFF;
}

/* The rest of \x{...}. */
static uint32_t
read_braces(struct lexer *lexer, uint32_t begin)
{
	uint32_t code = 0, digit;
	size_t count = 0;

	lexer_skip(lexer);
	while (take_if_digit(lexer, 16, &digit)) {
		if (code <= 0x10FFFF)
			code = code * 16 + digit;
		count++;
	}
	if (count == 0 || lexer->at == lexer->end || *lexer->at != '}') {
		report_escape(lexer, begin,
		    "\\x{ needs hexadecimal digits and a closing brace");
		return '?';
	}
	lexer_skip(lexer);
	if (is_character(code))
		return code;
	lexer_report(lexer, TERMS_ESCAPE, begin, lexer_here(lexer),
	    "this escape names no Unicode character");
	return '?';
}

static uint32_t
read_hexadecimal(struct lexer *lexer, uint32_t begin)
{
	uint32_t high, low;

	if (lexer->at < lexer->end && *lexer->at == '{')
		return read_braces(lexer, begin);
	if (take_if_digit(lexer, 16, &high) && take_if_digit(lexer, 16, &low))
		return high * 16 + low;
	report_escape(lexer, begin, "\\x needs two hexadecimal digits");
	return '?';
}

static uint32_t
plain_escape(uint32_t code)
{
	switch (code) {
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	case 'v': return '\v';
	case 'b': return '\b';
	case 'f': return '\f';
	case 'e': return 27;
	case 's': return ' ';
	case 'd': return 127;
	default: return code;
	}
}

bool
lexer_escape(struct lexer *lexer, uint32_t begin, uint32_t *code)
{
	if (lexer_peek(lexer, code) == 0)
		return false;
	lexer_skip(lexer);
	if (*code == '^') {
		if (lexer_peek(lexer, code) == 0)
			return false;
		lexer_skip(lexer);
		*code &= 31;
	} else if (*code == 'x') {
		*code = read_hexadecimal(lexer, begin);
	} else if (*code >= '0' && *code <= '7') {
		*code = read_octal(lexer, *code);
	} else {
		*code = plain_escape(*code);
	}
	return true;
}

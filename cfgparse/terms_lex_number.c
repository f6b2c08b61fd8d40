/*
 * Numbers as OTP 25's scanner reads them: digits with single underscores
 * between them, BASE#DIGITS, and floats. What is malformed is reported and
 * read as far as it looks like a number.
 */
#include "cfgparse/terms_lex.h"

#include <math.h>
#include <stdlib.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/terms.h"
#include "cfgparse/terms_number.h"

static char
byte_at(const struct lexer *lexer, size_t offset)
{
	size_t left = (size_t)(lexer->end - lexer->at);

	return offset < left ? lexer->at[offset] : '\0';
}

/* Appends digits of the base to scratch; returns how many there were. */
static size_t
read_digits(struct lexer *lexer, unsigned base)
{
	size_t count = 0;

	for (;;) {
		if (count > 0 && byte_at(lexer, 0) == '_' &&
		    number_digit(byte_at(lexer, 1)) < base)
			lexer_skip(lexer);
		if (number_digit(byte_at(lexer, 0)) >= base)
			return count;
		buf_putc(&lexer->scratch, *lexer->at);
		lexer_skip(lexer);
		count++;
	}
}

/* Squares of digits: a few seconds' worth. Integers of up to 3,000 digits
 * never reach it, as the file's size is bounded too. */
static const uint64_t WORK_MAX = 50ull * 1000 * 1000 * 1000;

bool
lexer_afford(struct lexer *lexer, uint32_t begin, size_t digits)
{
	bool over = lexer->work > WORK_MAX;

	if (!over)
		lexer->work += (uint64_t)digits * digits;
	if (lexer->work <= WORK_MAX)
		return true;
	if (!over)
		lexer_report(lexer, TERMS_HUGE_INTEGER, begin,
		    lexer_here(lexer),
		    "the long integers up to here take too long to convert");
	return false;
}

static void
keep_integer(struct lexer *lexer, struct token *token, size_t from,
    size_t count, unsigned base)
{
	struct buf decimal = { 0 };

	token->kind = TOKEN_INTEGER;
	token->text = STR("0");
	if (lexer->quiet)
		return;
	if (count > TERMS_DIGITS_MAX) {
		lexer_report(lexer, TERMS_HUGE_INTEGER, token->begin,
		    lexer_here(lexer),
		    "this integer has %zu digits, the limit is %d", count,
		    TERMS_DIGITS_MAX);
		return;
	}
	if (base != 10 && !lexer_afford(lexer, token->begin, count))
		return;
	number_decimal(
	    &decimal, (struct str){ lexer->scratch.data + from, count }, base);
	token->text = arena_str(lexer->arena, buf_str(&decimal));
	buf_fini(&decimal);
}

/* Skips what is glued to a malformed number, so that it is one finding. */
static void
skip_glued(struct lexer *lexer)
{
	uint32_t code;

	while (lexer_peek(lexer, &code) > 0 && code_is_name(code))
		lexer_skip(lexer);
}

/* The value of the scratch, or more than 36 where it is larger. */
static unsigned
read_base(const struct lexer *lexer)
{
	unsigned base = 0;

	for (size_t i = 0; i < lexer->scratch.len && base <= 36; i++)
		base = base * 10 + number_digit(lexer->scratch.data[i]);
	return base;
}

static void
read_based(struct lexer *lexer, struct token *token)
{
	unsigned base = read_base(lexer);
	size_t from = lexer->scratch.len, count;
	struct finding *finding;

	if (base < 2 || base > 36) {
		lexer_skip(lexer);
		skip_glued(lexer);
		token->kind = TOKEN_INTEGER;
		token->text = STR("0");
		finding = lexer_report(lexer, TERMS_NUMBER, token->begin,
		    lexer_here(lexer),
		    "the base of a number must be from 2 to 36");
		return;
	}
	lexer_skip(lexer);
	count = read_digits(lexer, (unsigned)base);
	if (count == 0) {
		skip_glued(lexer);
		finding = lexer_report(lexer, TERMS_NUMBER, token->begin,
		    lexer_here(lexer), "there are no digits of base %u after #",
		    base);
		if (finding)
			finding_hint(finding,
			    "a comment starts with %%, a text in double "
			    "quotes");
		buf_putc(&lexer->scratch, '0');
		count = 1;
	}
	keep_integer(lexer, token, from, count, (unsigned)base);
}

/* The exponent, where there is one; false where it has no digits. */
static bool
read_exponent(struct lexer *lexer)
{
	if (byte_at(lexer, 0) != 'e' && byte_at(lexer, 0) != 'E')
		return true;
	buf_putc(&lexer->scratch, 'e');
	lexer_skip(lexer);
	if (byte_at(lexer, 0) == '+' || byte_at(lexer, 0) == '-') {
		buf_putc(&lexer->scratch, *lexer->at);
		lexer_skip(lexer);
	}
	return read_digits(lexer, 10) > 0;
}

static void
read_float(struct lexer *lexer, struct token *token)
{
	bool good;

	buf_putc(&lexer->scratch, '.');
	lexer_skip(lexer);
	read_digits(lexer, 10);
	good = read_exponent(lexer);
	token->kind = TOKEN_FLOAT;
	if (!good) {
		skip_glued(lexer);
		lexer_report(lexer, TERMS_NUMBER, token->begin,
		    lexer_here(lexer),
		    "the exponent of this number has no digits");
		return;
	}
	if (lexer->quiet)
		return;
	token->number = strtod(buf_text(&lexer->scratch), NULL);
	if (isinf(token->number)) {
		token->number = 0;
		lexer_report(lexer, TERMS_NUMBER, token->begin,
		    lexer_here(lexer), "this number is too large for a float");
	}
}

void
lexer_number(struct lexer *lexer, struct token *token)
{
	size_t count;

	buf_clear(&lexer->scratch);
	count = read_digits(lexer, 10);
	if (byte_at(lexer, 0) == '#')
		read_based(lexer, token);
	else if (byte_at(lexer, 0) == '.' &&
		 number_digit(byte_at(lexer, 1)) < 10)
		read_float(lexer, token);
	else
		keep_integer(lexer, token, 0, count, 10);
}

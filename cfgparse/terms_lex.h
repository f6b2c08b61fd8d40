#ifndef CFGPARSE_TERMS_LEX_H
#define CFGPARSE_TERMS_LEX_H
/*
 * Cuts Erlang terms into tokens with exact places. Private to the terms
 * reader. What is malformed inside a token is reported here, once, and the
 * token then stands for what was probably meant.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/findings.h"
#include "cfgparse/terms.h"
#include "cfgparse/terms_rules.h"

struct arena;

enum token_kind {
	TOKEN_END, /* of the file */
	TOKEN_DOT, /* that ends a term */
	TOKEN_ATOM,
	TOKEN_WORD, /* a reserved word */
	TOKEN_VARIABLE,
	TOKEN_INTEGER,
	TOKEN_CHARACTER, /* an integer written as $c */
	TOKEN_FLOAT,
	TOKEN_STRING,
	TOKEN_PUNCTUATION, /* text is what was written */
	TOKEN_BROKEN,	   /* reported, unless it is a quote never closed */
};

struct token {
	enum token_kind kind;
	bool quoted;
	const char *from, *to; /* in the source */
	uint32_t begin, end;   /* bytes of the source */
	struct str text;       /* UTF-8, or canonical decimal digits */
	double number;
};

struct lexer {
	struct arena *arena;
	const struct source *source;
	struct findings *findings;
	const char *text, *at, *end;
	bool latin1;   /* every byte is a character, or UTF-8, checked before */
	bool quiet;    /* looking ahead: no findings, no values */
	size_t errors; /* reported */
	/* Met: what is read a second time is reported once. */
	size_t faults;
	size_t faults_before; /* the latest token, blanks before it counted */
	struct {
		enum terms_rule rule;
		uint32_t begin;
	} reported[TERMS_ERRORS_MAX];
	uint64_t work; /* done on long integers, see lexer_afford */
	struct buf scratch;
};

/* Starts at the first byte; lexer_fini frees what it holds. */
void lexer_init(struct lexer *lexer, struct arena *arena,
    const struct source *source, struct findings *findings, bool latin1);
void lexer_fini(struct lexer *lexer);
/* The byte of the source at the cursor. */
static inline uint32_t
lexer_here(const struct lexer *lexer)
{
	return (uint32_t)(lexer->at - lexer->text);
}

/* True where a line ends between the two bytes of the source. */
bool lexer_line_between(
    const struct lexer *lexer, uint32_t begin, uint32_t end);
/* True where the byte is the first of a line. */
static inline bool
lexer_begins_line(const struct lexer *lexer, uint32_t at)
{
	return at == 0 || lexer->text[at - 1] == '\n';
}

/* Reads the next token; at the end TOKEN_END again and again. */
void lexer_next(struct lexer *lexer, struct token *token);
/* The character at the cursor and its bytes; 0 bytes at the end. */
size_t lexer_peek(const struct lexer *lexer, uint32_t *code);
/* Moves over the character at the cursor. */
void lexer_skip(struct lexer *lexer);
/* Moves to the next line feed, or the end. */
void lexer_skip_line(struct lexer *lexer);
/* Goes back to where the token begins. */
void lexer_rewind(struct lexer *lexer, const struct token *token);

/* Adds an error finding of the rule from begin to end; NULL while quiet, where
 * it was reported before, and where there are enough of them. */
struct finding *lexer_report(struct lexer *lexer, enum terms_rule rule,
    uint32_t begin, uint32_t end, const char *message, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * True while the file may have one more integer of that many digits converted,
 * which takes time with their square; all together are bounded, so that no
 * file holds the reader up. The first that is too much is reported.
 */
bool lexer_afford(struct lexer *lexer, uint32_t begin, size_t digits);

/* The parts of lexer_next that have files of their own. */
void lexer_number(struct lexer *lexer, struct token *token);
/* Reads an escape behind its backslash; false at the end of the file. */
bool lexer_escape(struct lexer *lexer, uint32_t begin, uint32_t *code);

/* What blanks and names consist of in Erlang. */
bool code_is_blank(uint32_t code);
bool code_is_name(uint32_t code);
bool code_is_lower(uint32_t code);
/* True for Erlang's reserved words. */
bool text_is_reserved(struct str text);

#endif

#ifndef CFGPARSE_TERMS_PARSE_H
#define CFGPARSE_TERMS_PARSE_H
/*
 * The state of the terms parser, shared by its grammar (terms_parse.c), its
 * values (terms_value.c) and its recovery from errors (terms_recover.c).
 * Private to the terms reader.
 *
 * The parser keeps open brackets on a stack of its own, so that the depth of
 * a file never becomes the depth of C's stack and so that recovery can look
 * at all of them.
 */
#include "cfgparse/terms_bits.h"
#include "cfgparse/terms_lex.h"

struct terms_options;

enum bracket {
	BRACKET_TUPLE,
	BRACKET_LIST,
	BRACKET_MAP,
	BRACKET_PAREN,
	BRACKET_BINARY,
};

/* Which parts of a binary's element have been read. */
enum part_stage { PART_VALUE, PART_SIZE, PART_TYPES };

/* A bracket that is open. */
struct frame {
	enum bracket kind;
	uint32_t begin, end; /* of the opening bracket */
	size_t first;	     /* its items on the parser's stack */
	uint32_t item;	     /* where its latest item begins */
	char sign;	     /* before the bracket: '+', '-' or 0 */
	uint32_t sign_at;
	bool tail;    /* list: behind the bar */
	bool is_tail; /* stands where a list's tail stands */
	struct term *tail_term;
	bool value_next; /* map: behind => */
	enum part_stage stage;
	struct bits_part part;
	struct bits bits;
};

/* What is known of a value beyond its term. */
enum {
	VALUE_SIGNED = 1,  /* the result of a sign: takes no other */
	VALUE_LITERAL = 2, /* written as a string */
	VALUE_MERGED = 4,  /* a list's items that became its outer list's */
};

struct parser {
	struct lexer lexer;
	struct arena *arena;
	const struct term_file *file;
	struct token token;    /* at hand */
	struct token previous; /* the one before, TOKEN_END at the start */
	struct frame *frames;
	size_t depth, frame_room;
	struct term *items; /* of all open brackets */
	size_t item_count, item_room;
	struct term node;   /* the latest value where it will be copied */
	struct term *value; /* the latest, NULL where merged or broken */
	unsigned flags;
	bool have_value; /* it has been read, what follows it is next */
	char sign;	 /* read before the next value */
	uint32_t sign_at;
	/* A quote over several lines with brackets in it, in this term: where
	 * a missing quote is the likeliest cause of any error after it. */
	struct token suspect;
	bool suspicious;
	bool term_over; /* the term has ended, soundly or not */
	bool too_many;	/* items, so that reading has been given up */
	size_t kept;	/* terms of the file */
	uint32_t first; /* byte where the term begins */
	/* Faults before the term, and those in the token at hand. */
	size_t term_faults, token_faults;
	size_t budget; /* of bits in binaries */
};

static inline struct frame *
parser_frame(struct parser *parser)
{
	return parser->depth ? &parser->frames[parser->depth - 1] : NULL;
}

/* terms_parse.c: moves to the next token. */
void parser_advance(struct parser *parser);
/* Reads the token at the lexer's cursor; the previous one stays. */
void parser_read(struct parser *parser);
/* Gives the term up for having too many items. */
void parser_too_many(struct parser *parser);
/* What was reported up to here lies before the term, which the token at hand
 * begins. */
void parser_begin_here(struct parser *parser);
/* Looks at the token after the one at hand; what is wrong in it is said when
 * it is read. */
void parser_peek(struct parser *parser, struct token *next);
/* True where the token at hand is this punctuation. */
bool parser_at(const struct parser *parser, const char *mark);
/* True where the token opens or closes a bracket; which one is set. */
bool token_opens(const struct token *token, enum bracket *kind);
bool token_closes(const struct token *token, enum bracket *kind);
/* True where a value can begin with the token. */
bool token_begins_value(const struct token *token);
/* Takes the value as read, with the sign before it. */
void parser_value(struct parser *parser, struct term *term, unsigned flags);
/* Ends the innermost bracket as if it were closed here. */
void parser_close(struct parser *parser, uint32_t end);

/* terms_encoding.c: how to read the source's bytes; false, with a finding,
 * where they aren't what they should be. */
bool terms_encoding(const struct source *source,
    const struct terms_options *options, struct findings *findings,
    bool *latin1);

/* terms_value.c: nodes from tokens and brackets. */
struct term *parser_node(
    struct parser *parser, enum term_kind kind, uint32_t begin, uint32_t end);
struct term *parser_leaf(struct parser *parser, const struct token *token);
/* Stands for a value that is missing or broken. */
struct term *parser_placeholder(struct parser *parser);
/* Puts the value at hand among the items of the innermost bracket. */
void parser_keep_item(struct parser *parser);
/* The term of the innermost bracket, closed at end, still on the stack. */
struct term *parser_collect(struct parser *parser, uint32_t end);
/* Applies the sign to a number; false where it isn't one. */
bool parser_negate(struct parser *parser, struct term *term, char sign);
/* Evaluates the part of a binary that has been read. */
void parser_end_part(struct parser *parser);

/* terms_recover.c: the token at hand can't stand where a value is expected,
 * or behind one. Reports that, and leaves the parser where it can go on. */
void parser_recover_value(struct parser *parser);
void parser_recover_after(struct parser *parser);
/* Leaves the term for the line where another one seems to begin. */
void parser_skip_lines(struct parser *parser, const struct token *from);
/* Reports under the rule at the token. */
struct finding *parser_report(struct parser *parser, enum terms_rule rule,
    const struct token *token, const char *message, ...)
    __attribute__((format(printf, 4, 5)));

#endif

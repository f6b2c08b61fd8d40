#ifndef CFGPARSE_TERM_H
#define CFGPARSE_TERM_H
/*
 * The tree that both dialects parse into: Erlang terms, every one with the
 * place it was written at. Nodes live in the arena of their document and are
 * immutable after parsing. Knows nothing of options.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/str.h"
#include "cfgparse/findings.h"

enum term_kind {
	TERM_ATOM,
	TERM_INTEGER,
	TERM_FLOAT,
	TERM_STRING, /* a non-empty list of code points written as "..." */
	TERM_LIST,
	TERM_TUPLE,
	TERM_MAP,
	TERM_BINARY,
	TERM_FUN,
};

struct term {
	enum term_kind kind;
	bool quoted; /* an atom that was written in quotes */
	struct span span;
	/* Where a macro or include brought it in; NULL: written in place. */
	const struct span *origin;
	union {
		/* Atom, string: UTF-8. Integer: canonical decimal digits
		 * with a leading - where negative. */
		struct str text;
		double number; /* float */
		struct {
			struct term **items; /* list, tuple: items; */
			size_t count;	     /* map: key, value, key, ... */
			struct term *tail;   /* improper list, or NULL */
		};
		struct {
			const uint8_t *bytes; /* the last byte's low */
			size_t bits;	      /* bits may be unused */
		};
		struct {
			struct str module;
			struct str function;
			struct str arity; /* decimal digits */
		};
	};
};

/* True for the atom of that name, quoted or not. */
bool term_is_atom(const struct term *term, const char *name);
/* True for a tuple of count items whose first is the atom. */
bool term_is_tagged(const struct term *term, const char *atom, size_t count);
/* The text of a string, or of the empty list (""), or of a binary of bytes;
 * false for everything else, a list of character codes excepted (copied into
 * arena where needed). */
struct arena;
bool term_text(struct arena *arena, const struct term *term, struct str *text);
/* The value of an integer that fits; false for everything else. */
bool term_int(const struct term *term, int64_t *value);

#endif

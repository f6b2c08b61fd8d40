#ifndef CFGPARSE_TERM_H
#define CFGPARSE_TERM_H
/*
 * The tree that both dialects parse into: Erlang terms, every one with the
 * place it was written at. YAML's mappings are maps, its sequences lists; its
 * plain scalars are numbers or atoms, its quoted ones strings. The children of
 * a term stand side by side in the arena of their document. Knows nothing of
 * options.
 */
#include <assert.h>
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

/* Where terms come from: one for each file, and one for each place where a
 * macro brought a term in. */
struct term_file {
	const struct source *source;
	const struct span *origin; /* of the macro's use, or NULL */
	bool yaml;		   /* or Erlang terms */
};

/* What fun Module:Function/Arity names. */
struct term_fun {
	struct str module;
	struct str function;
	struct str arity; /* decimal digits */
};

struct term {
	enum term_kind kind : 4;
	bool quoted : 1;   /* an atom that was written in quotes */
	bool improper : 1; /* a list whose tail is items[count] */
	/* Stands for what a macro that isn't defined would have brought, or
	 * an alias that isn't followed: nothing is found wrong at it. */
	bool unknown : 1;
	uint64_t begin : 28; /* byte of the source where it begins */
	uint64_t end : 28;   /* and behind which it ends */
	const struct term_file *file;
	union {
		/* Atom, string: UTF-8. Integer: canonical decimal digits
		 * with a leading - where negative. */
		struct str text;
		double number; /* float */
		struct {
			struct term *items; /* list, tuple: items; */
			size_t count;	    /* map: key, value, key, ... */
		};
		struct {
			const uint8_t *bytes; /* the last byte's low */
			size_t bits;	      /* bits may be unused */
		};
		const struct term_fun *fun;
	};
};

/* Millions of them are made of a large file: the time goes with the bytes. */
static_assert(
    sizeof(void *) != 8 || sizeof(struct term) == 32, "a term has no holes");

/* Where the term was written, in lines and columns. */
struct span term_span(const struct term *term);
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

#ifndef CFGPARSE_TERMS_H
#define CFGPARSE_TERMS_H
/*
 * Reads the files that Erlang's file:consult/1 accepts (terms, each ended by
 * a dot) into the tree of term.h, and prints terms as io_lib does. The
 * reference is OTP 25. Knows nothing of options, macros or includes.
 *
 * Needs the C numeric locale (the decimal point is a dot).
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/findings.h"
#include "cfgparse/term.h"

struct ahead;
struct arena;
struct buf;

/* What is over one of these gets a finding instead of being read. */
enum {
	TERMS_BYTES_MAX = 64 * 1024 * 1024, /* a file */
	TERMS_DEPTH_MAX = 1000,		    /* brackets in brackets */
	TERMS_ITEMS_MAX = 4 * 1024 * 1024,  /* of open brackets, of the file */
	TERMS_DIGITS_MAX = 100 * 1000,	    /* an integer as written */
	TERMS_ATOM_MAX = 255,		    /* characters, as in Erlang */
	TERMS_BINARY_MAX = 4 * 1024 * 1024, /* bytes of all binaries */
	TERMS_ERRORS_MAX = 50,		    /* then reading stops */
};

/* Zero-initialised: as ejabberd 2.1 read its files. */
struct terms_options {
	/*
	 * OTP 25's rules of encoding: UTF-8 unless a comment in the first two
	 * lines says `coding: latin-1`, and what isn't UTF-8 is an error.
	 * Without it, a text that isn't UTF-8 is read as Latin-1, with a
	 * warning.
	 */
	bool otp25;
	/* Plain terms are read by the parser as all others are, not in the
	 * short way: for tests that compare the two. */
	bool no_short_way;
	/* By terms_begin, of the same source and arena; or NULL. Taken over. */
	struct ahead *ahead;
};

/*
 * Begins to read a large source on other processors, while the caller looks
 * whether it is one of terms at all. Reports nothing. NULL where it isn't
 * worth it; give it to terms_parse, or to terms_forget.
 */
struct ahead *terms_begin(struct arena *arena, const struct source *source);
void terms_forget(struct ahead **ahead);

/*
 * Parses all terms of the source. What is wrong goes to findings (rules
 * CFG001 to CFG029); true where none of it is an error. The terms, also the
 * sound ones of a file with errors, live in the arena and their spans point
 * to the source, which must outlive them.
 */
bool terms_parse(struct arena *arena, const struct source *source,
    const struct terms_options *options, struct findings *findings,
    struct term **list, size_t *count);

/* The same findings without the terms: what --syntax-only asks for. */
bool terms_check(const struct source *source,
    const struct terms_options *options, struct findings *findings);

/* Reports a source of more than TERMS_BYTES_MAX bytes, also where its text was
 * not read for that reason. */
void terms_report_huge(const struct source *source, struct findings *findings);

/*
 * Appends the term in UTF-8 as Erlang prints it under +pc unicode: with ~w
 * where as_w is set, otherwise with ~0tp. The order of a map with more than
 * 32 keys, unspecified there, is the order of the keys here too.
 */
void terms_dump(struct buf *out, const struct term *term, bool as_w);

/*
 * --dump terms and --dump terms-w: parses the source under OTP 25's rules and
 * appends one term a line, each with its dot. EXIT_CLEAN, or EXIT_FINDINGS
 * with nothing appended where the findings say why.
 */
int terms_dump_file(const struct source *source, bool as_w,
    struct findings *findings, struct buf *out);

#endif

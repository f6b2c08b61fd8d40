#ifndef BENCH_FRAME_H
#define BENCH_FRAME_H
/*
 * Cuts what a server sends into the pieces of an XMPP stream (RFC 6120
 * section 4): stream header, first-level elements, stream end. It counts tags
 * and quotes and checks nothing else: a load generator must cost less than
 * what it measures. Not for the server, which parses.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/str.h"

enum { BENCH_FRAME_LIMIT = 1 << 20 }; /* bytes of one piece */

enum bench_frame_kind {
	BENCH_FRAME_MORE,    /* the piece isn't complete yet */
	BENCH_FRAME_OPEN,    /* <stream:stream ...> */
	BENCH_FRAME_ELEMENT, /* a whole first-level element */
	BENCH_FRAME_CLOSE,   /* </stream:stream> */
	BENCH_FRAME_BAD,     /* no XMPP, or over the limit: give up */
};

/* Zero-initialised is the start of a stream. Fields are private. */
struct bench_scanner {
	size_t at;    /* bytes of the input looked at */
	size_t start; /* where the piece begins */
	size_t tag;   /* where the tag at hand begins */
	int depth;
	char quote;
	bool in_tag;
	bool open; /* after the stream header */
};

/*
 * Looks at the bytes not consumed so far; after anything but MORE and BAD the
 * caller drops the first *used of them. *piece is a view of the input.
 */
enum bench_frame_kind bench_frame_next(struct bench_scanner *scanner,
    struct str input, struct str *piece, size_t *used);

/* The name in the piece's first tag, prefix included. */
struct str bench_frame_name(struct str piece);
/* The still escaped value of an attribute of the first tag; false without. */
bool bench_frame_attr(struct str piece, const char *name, struct str *value);
/* The text after the first tag with that name, up to the next '<'. */
bool bench_frame_text(struct str piece, const char *tag, struct str *text);
/* True where the bytes occur anywhere in the piece. */
bool bench_frame_has(struct str piece, const char *bytes);

#endif

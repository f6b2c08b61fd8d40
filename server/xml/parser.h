#ifndef XML_PARSER_H
#define XML_PARSER_H
/*
 * Private to server/xml: the parser's state, shared by what feeds expat
 * (parser.c) and what expat calls (build.c). Positions count the bytes that
 * this expat was given since it was made.
 */
#include <expat.h>
#include <stdint.h>

#include "server/xml/scan.h"
#include "server/xml/scope.h"
#include "server/xml/xml.h"

/* Bytes after which an expat is replaced at the next border. */
enum { XML_EXPAT_AGE = 64 * 1024 };

/* An open element; the stream's own is level 0. */
struct xml_level {
	struct xml_node *node;
	struct str default_ns;
	unsigned bindings; /* in force outside of it */
};

struct xml_parser {
	XML_Parser expat; /* NULL at rest; then nothing is under way */
	const struct xml_events *events;
	void *arg;
	struct xml_limits limits, next_limits;

	/* The stream */
	bool opened, closed, failed, reported;
	bool stopped;	   /* by a callback */
	bool halted;	   /* expat will return at once: stopped, or too old */
	bool calling;	   /* a callback is running */
	bool replaying;	   /* the header is our own copy */
	struct buf header; /* start tag to be replayed, empty before it came */
	enum xml_error error;
	const char *why;
	uint64_t past; /* bytes of the stream that earlier feeds used */

	/* What is in force while expat lives */
	struct arena arena; /* the stream's own names */
	struct xml_scope scope;
	struct xml_level *levels;
	unsigned level_cap;
	unsigned depth; /* how many elements are open */

	/* The bytes being given to expat */
	const char *slice;
	uint64_t slice_at; /* position of its first byte */
	uint64_t given;	   /* position behind its last byte */
	uint64_t border;   /* position behind the last complete thing */
	struct xml_scan scan;
	struct buf held; /* of an unfinished tag, not given yet */

	/* The first-level element under way */
	struct xml_tree *tree;
	unsigned elements;
	size_t ns_bytes;    /* that its namespaces take when written */
	uint64_t body_at;   /* position of its raw_body */
	struct buf partial; /* of raw_body, from earlier slices */
	struct buf text;    /* of the run of text under way */
};

/* Notes the first error and makes expat return. why is static text. */
void xml_parser_fail(
    struct xml_parser *parser, enum xml_error error, const char *why);
/* Makes expat return; what it was given beyond border is given again. */
void xml_parser_halt(struct xml_parser *parser);
/* Hangs the handlers into a new expat. */
void xml_build_attach(struct xml_parser *parser);
/* Copies what the slice holds of the raw_body under way, up to `end`. */
void xml_build_keep_raw(struct xml_parser *parser, uint64_t end);

#endif

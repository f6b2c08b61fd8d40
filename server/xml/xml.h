#ifndef XML_XML_H
#define XML_XML_H
/*
 * XML as XMPP streams use it (RFC 6120 section 11): a push parser over expat
 * that yields the stream header and then one tree for each first-level
 * element, and a writer. Limits hold while parsing. Namespaces are resolved
 * here (expat's own handling is off). Knows nothing of stanzas.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/str.h"

#define XML_NS_XML STR("http://www.w3.org/XML/1998/namespace")

struct xml_attr {
	struct xml_attr *next;
	struct str ns;	 /* empty: none; never an xmlns declaration */
	struct str name; /* local name */
	struct str value;
};

/* An element, or where name is empty a run of text. */
struct xml_node {
	struct xml_node *next; /* sibling */
	struct xml_node *children, *last_child;
	struct xml_attr *attrs, *last_attr;
	struct str ns;
	struct str name;
	struct str text; /* of a text node; unescaped */
};

/*
 * One first-level element with its memory. raw_body is what came in behind
 * the start tag's name and attributes: from its ">" to the end tag's, both
 * included; empty for an empty-element tag and for trees built here.
 */
struct xml_tree {
	struct arena arena; /* holds this struct too */
	struct xml_node *root;
	struct str raw_body;
	/* True where raw_body means the same in any stream whose default
	 * namespace is the root's: the root has no prefix and declares none,
	 * and no prefix used inside is declared outside. */
	bool self_contained;
};

/* Takes a tree's memory back; sets *tree to NULL. NULL is fine. */
void xml_tree_drop(struct xml_tree **tree);
/* An empty tree whose root is the given element (both copied). */
struct xml_tree *xml_tree_new(struct str ns, struct str name);

struct xml_limits {
	size_t bytes;	     /* one first-level element, or the header */
	unsigned depth;	     /* of elements below the stream; xml_write nests
				as deep, so keep it under some hundreds */
	unsigned attributes; /* of one element, declarations included; their
				names are compared pairwise: some hundreds */
	unsigned elements;   /* of one first-level element */
};

/* Stream errors of RFC 6120 4.9.3 that parsing can bring about. */
enum xml_error {
	XML_ERROR_NOT_WELL_FORMED,
	XML_ERROR_RESTRICTED, /* comment, PI, DTD, entity: restricted-xml */
	XML_ERROR_BAD_PREFIX, /* undeclared: bad-namespace-prefix */
	XML_ERROR_ENCODING,   /* unsupported-encoding */
	XML_ERROR_TOO_LARGE,  /* a limit: policy-violation */
	XML_ERROR_INVALID,    /* text between stanzas: bad-format */
};

/*
 * What the parser calls, from within xml_parser_feed. A callback may call
 * xml_parser_stop, but not destroy or reset the parser.
 */
struct xml_events {
	/* The root's start tag; its attributes stay valid for the call. The
	 * stream's default namespace is default_ns. */
	void (*on_open)(
	    void *arg, const struct xml_node *root, struct str default_ns);
	/* A first-level element; take it by setting *tree to NULL, otherwise
	 * it is dropped after the call. */
	void (*on_element)(void *arg, struct xml_tree **tree);
	/* The root's end tag. */
	void (*on_close)(void *arg);
	/* Nothing more comes until a reset. where is for the log. */
	void (*on_error)(void *arg, enum xml_error error, const char *where);
};

struct xml_parser;

/* events must outlive the parser. destroy it. */
struct xml_parser *xml_parser_create(const struct xml_limits *limits,
    const struct xml_events *events, void *arg);
void xml_parser_destroy(struct xml_parser **parser);
/* A new stream on the same connection (after TLS or SASL). */
void xml_parser_reset(struct xml_parser *parser);
/* From the next first-level element on. */
void xml_parser_set_limits(
    struct xml_parser *parser, const struct xml_limits *limits);
/*
 * Parses len bytes. Returns how many were used: all of them, unless a callback
 * stopped the parser, which then ends at the border of that element (the rest
 * belongs to whoever reads the connection next), or an error came.
 */
size_t xml_parser_feed(
    struct xml_parser *parser, const char *bytes, size_t len);
/* To be called from a callback: feed returns after this element. The parser
 * goes on with the next feed. */
void xml_parser_stop(struct xml_parser *parser);
/* True where no element is under way (bytes between two stanzas). */
bool xml_parser_idle(const struct xml_parser *parser);
/*
 * Gives most of the parser's memory back until the next byte comes; for a
 * connection that has been quiet. Does nothing while an element is under way.
 */
void xml_parser_rest(struct xml_parser *parser);

/* Building. All strings are copied into the arena. */
struct xml_node *xml_add(struct arena *arena, struct xml_node *parent,
    struct str ns, struct str name);
void xml_add_text(
    struct arena *arena, struct xml_node *parent, struct str text);
/* A deep copy of node, hung under parent unless that is NULL. */
struct xml_node *xml_copy(
    struct arena *arena, struct xml_node *parent, const struct xml_node *node);
/* Sets or replaces an attribute without namespace. */
void xml_set(struct arena *arena, struct xml_node *node, const char *name,
    struct str value);

/* Reading. */
/* The attribute's value (no namespace); ptr is NULL where it isn't there. */
struct str xml_get(const struct xml_node *node, const char *name);
/* The first child element of that name and namespace, or NULL. */
struct xml_node *xml_child(
    const struct xml_node *node, struct str ns, const char *name);
/* The first child element, or the next sibling element, or NULL. */
struct xml_node *xml_first(const struct xml_node *node);
struct xml_node *xml_next(const struct xml_node *node);
bool xml_is(const struct xml_node *node, struct str ns, const char *name);
/* All text directly inside, joined; copied only where there are several. */
struct str xml_text(struct arena *arena, const struct xml_node *node);

/* Writing. outer_ns is the default namespace in force at that place: no xmlns
 * is written for elements in it. */
void xml_write(
    struct buf *out, const struct xml_node *node, struct str outer_ns);
/* The parts of xml_write, for callers that write their own start tag. */
void xml_write_children(
    struct buf *out, const struct xml_node *node, struct str outer_ns);
/* One attribute with a space before it. number is the attribute's place in
 * its element: it makes the prefix, where one is needed, unique. */
void xml_write_attr(
    struct buf *out, const struct xml_attr *attr, unsigned number);
/* Text (UTF-8) escaped for content or a quoted attribute value; characters
 * that XML can't hold become U+FFFD. */
void xml_escape(struct buf *out, struct str text);

#endif

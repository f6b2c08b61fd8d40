#ifndef XMPP_STANZA_H
#define XMPP_STANZA_H
/*
 * Stanzas (RFC 6120 section 8) as values: one arena each, one owner at a
 * time, moved by `struct stanza **`. Reading, answering, errors, and bytes.
 * No I/O and no routing.
 */
#include <stdbool.h>
#include <stddef.h>

#include "server/xml/xml.h"
#include "server/xmpp/error.h"
#include "server/xmpp/jid.h"

#define NS_CLIENT STR("jabber:client")

enum stanza_kind { STANZA_MESSAGE, STANZA_PRESENCE, STANZA_IQ };

enum stanza_type {
	TYPE_NONE, /* message: normal; presence: available */
	TYPE_ERROR,
	/* message */
	TYPE_CHAT,
	TYPE_GROUPCHAT,
	TYPE_HEADLINE,
	TYPE_NORMAL,
	/* presence */
	TYPE_UNAVAILABLE,
	TYPE_SUBSCRIBE,
	TYPE_SUBSCRIBED,
	TYPE_UNSUBSCRIBE,
	TYPE_UNSUBSCRIBED,
	TYPE_PROBE,
	/* iq */
	TYPE_GET,
	TYPE_SET,
	TYPE_RESULT,
	/* Whatever isn't in the RFC: a message is then normal (RFC 6121
	 * 5.2.2), presence and iq are bad-request. */
	TYPE_UNKNOWN,
};

struct stanza {
	struct xml_tree *tree; /* this struct lives in tree->arena too */
	enum stanza_kind kind;
	enum stanza_type type;
	struct jid from; /* zero where absent */
	struct jid to;
	struct str id;		  /* ptr NULL where absent */
	struct str lang;	  /* xml:lang, ptr NULL where absent */
	struct xml_node *payload; /* iq: the first child element, or NULL */
	/* raw_body may be forwarded: nothing inside was changed. */
	bool raw;
};

/*
 * The fields above are the truth: what the tree's root has as from, to, id,
 * type and xml:lang is not written. Its other attributes are.
 */

enum stanza_parse {
	STANZA_OK,
	STANZA_NOT_A_STANZA, /* another element or namespace */
	STANZA_BAD_TO,	     /* jid-malformed: answer it */
	STANZA_BAD_FROM,
	STANZA_BAD, /* bad-request: iq without id, type or payload ... */
};

/*
 * Makes a stanza of a tree (root in jabber:client, jabber:server or
 * jabber:component:accept) and takes it: *tree is NULL for every result but
 * STANZA_NOT_A_STANZA. For STANZA_BAD*, *stanza is set too, so that it can
 * be answered; the address at fault is zero.
 */
enum stanza_parse stanza_parse(struct xml_tree **tree, struct stanza **stanza);
/* A new one without children; strings and addresses are copied. */
struct stanza *stanza_new(enum stanza_kind kind, enum stanza_type type,
    struct jid from, struct jid to, struct str id);
/* An independent copy. */
struct stanza *stanza_copy(const struct stanza *stanza);
void stanza_drop(struct stanza **stanza);

/* The arena to allocate from for as long as the stanza lives. */
struct arena *stanza_arena(struct stanza *stanza);
/* Addresses are copied in. */
void stanza_set_from(struct stanza *stanza, struct jid from);
void stanza_set_to(struct stanza *stanza, struct jid to);
/* To be called before changing the tree: bytes are then written from it. */
void stanza_touch(struct stanza *stanza);
/* "chat"; "" for TYPE_NONE and TYPE_UNKNOWN. Static text. */
const char *stanza_type_name(enum stanza_type type);

/* Turns an iq get/set into its empty result, addresses swapped, no xml:lang;
 * add children to tree->root (payload is NULL). */
void stanza_make_result(struct stanza *iq);
/*
 * Turns any stanza into its error (RFC 6120 8.3), addresses swapped, original
 * content kept. text (English) may be NULL. False, leaving it alone, where it
 * must not be answered: an error or a result itself. Without a `from` the
 * answer has no `to`: it goes down the stream that it came from.
 */
bool stanza_make_error(
    struct stanza *stanza, enum stanza_error error, const char *text);

/* Appends the stanza for a stream whose default namespace is stream_ns: the
 * root and what inherits its namespace are then of that one (RFC 6120 4.8.3).
 * Fast path: a new start tag and the bytes that came in. */
void stanza_write(
    const struct stanza *stanza, struct str stream_ns, struct buf *out);
/* The slow path alone, for the differential test. */
void stanza_write_tree(const struct stanza *stanza, struct buf *out);

/*
 * A stanza's bytes shared between receivers: all but the start tag, counted
 * by reference, immutable; safe to keep and drop on any thread.
 */
struct wire;
/* Bytes of the stanza as it is now; drop it. */
struct wire *wire_of(const struct stanza *stanza, struct str stream_ns);
/* One more reference; returns wire. */
struct wire *wire_keep(struct wire *wire);
/* One reference less; sets *wire to NULL. NULL is fine. */
void wire_drop(struct wire **wire);
/* Appends the whole stanza addressed to `to` (zero: as the original). */
void wire_write(const struct wire *wire, struct jid to, struct buf *out);
/* Bytes that wire_write appends, about. */
size_t wire_size(const struct wire *wire);

#endif

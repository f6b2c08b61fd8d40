#ifndef XML_SCOPE_H
#define XML_SCOPE_H
/*
 * Private to server/xml: the namespace prefixes in force at one place of a
 * stream (Namespaces in XML 1.0). The default namespace is not kept here, but
 * with each open element.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/str.h"

/* So many prefixes may be in force at once; looking one up is linear. */
enum { XML_SCOPE_MAX = 64 };

struct xml_binding {
	struct str prefix;
	struct str uri;
	unsigned depth; /* of the element that declares it; the stream is 0 */
	/* A stream's binding outlives no tree: each that uses it has a copy. */
	struct str copy;
	const void *copy_owner;
};

/* Zero-initialised is a valid empty scope. */
struct xml_scope {
	struct xml_binding *items;
	unsigned count;
	unsigned cap;
};

enum xml_declare { DECLARE_OK, DECLARE_FORBIDDEN, DECLARE_TOO_MANY };

/* Frees the scope's memory; it is empty and usable again. */
void xml_scope_fini(struct xml_scope *scope);
/* Puts a prefix in force; both strings stay the caller's. */
enum xml_declare xml_scope_declare(
    struct xml_scope *scope, struct str prefix, struct str uri, unsigned depth);
/* True where the default namespace may be set to uri. */
bool xml_scope_default_allowed(struct str uri);
/* The innermost binding of the prefix, or NULL. */
struct xml_binding *xml_scope_find(struct xml_scope *scope, struct str prefix);
/* Takes the bindings behind the first count out of force. */
void xml_scope_shrink(struct xml_scope *scope, unsigned count);

/* A copy of a namespace name in the arena, or static text where it is one of
 * the usual ones. */
struct str xml_keep_ns(struct arena *arena, struct str uri);

#endif

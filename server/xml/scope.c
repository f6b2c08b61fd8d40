/*
 * Prefixes and what they stand for. Knows the reserved names of Namespaces in
 * XML 1.0 section 3, nothing of elements.
 */
#include "server/xml/scope.h"

#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "server/xml/xml.h"

#define NS_XMLNS STR("http://www.w3.org/2000/xmlns/")

/* Seen in nearly every stream, so not worth a copy in every tree. */
static const struct str usual[] = {
	STR("jabber:client"),
	STR("jabber:server"),
	STR("jabber:iq:roster"),
	STR("jabber:x:data"),
	STR("http://etherx.jabber.org/streams"),
	STR("http://jabber.org/protocol/chatstates"),
	STR("http://jabber.org/protocol/disco#info"),
	STR("http://jabber.org/protocol/caps"),
	STR("http://jabber.org/protocol/muc#user"),
	STR("http://jabber.org/protocol/pubsub"),
	STR("http://www.w3.org/XML/1998/namespace"),
	STR("urn:ietf:params:xml:ns:xmpp-sasl"),
	STR("urn:ietf:params:xml:ns:xmpp-stanzas"),
	STR("urn:xmpp:receipts"),
	STR("urn:xmpp:chat-markers:0"),
	STR("urn:xmpp:hints"),
	STR("urn:xmpp:ping"),
	STR("urn:xmpp:sid:0"),
	STR("urn:xmpp:sm:3"),
};

void
xml_scope_fini(struct xml_scope *scope)
{
	free(scope->items);
	*scope = (struct xml_scope){ 0 };
}

enum xml_declare
xml_scope_declare(
    struct xml_scope *scope, struct str prefix, struct str uri, unsigned depth)
{
	bool is_xml = str_is(prefix, "xml");

	if (is_xml != str_eq(uri, XML_NS_XML) || str_is(prefix, "xmlns") ||
	    str_eq(uri, NS_XMLNS) || uri.len == 0 || prefix.len == 0)
		return DECLARE_FORBIDDEN;
	if (is_xml)
		return DECLARE_OK;
	if (scope->count == XML_SCOPE_MAX)
		return DECLARE_TOO_MANY;
	if (scope->count == scope->cap) {
		scope->cap = scope->cap ? scope->cap * 2 : 4;
		scope->items =
		    mem_grow(scope->items, scope->cap, sizeof(*scope->items));
	}
	scope->items[scope->count++] = (struct xml_binding){
		.prefix = prefix,
		.uri = uri,
		.depth = depth,
	};
	return DECLARE_OK;
}

bool
xml_scope_default_allowed(struct str uri)
{
	return !str_eq(uri, XML_NS_XML) && !str_eq(uri, NS_XMLNS);
}

struct xml_binding *
xml_scope_find(struct xml_scope *scope, struct str prefix)
{
	for (unsigned i = scope->count; i > 0; i--)
		if (str_eq(scope->items[i - 1].prefix, prefix))
			return &scope->items[i - 1];
	return NULL;
}

void
xml_scope_shrink(struct xml_scope *scope, unsigned count)
{
	if (count < scope->count)
		scope->count = count;
}

struct str
xml_keep_ns(struct arena *arena, struct str uri)
{
	if (uri.len == 0)
		return STR("");
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (str_eq(usual[i], uri))
			return usual[i];
	return arena_str(arena, uri);
}

/*
 * Stanzas out of trees: reading and checking the common attributes (RFC 6120
 * section 8.1), copies, answers and errors (8.2.3, 8.3). Bytes are in
 * stanza_write.c.
 */
#include "server/xmpp/stanza.h"

#define NS_SERVER STR("jabber:server")
#define NS_COMPONENT STR("jabber:component:accept")
#define NS_STANZAS STR("urn:ietf:params:xml:ns:xmpp-stanzas")

static const char *const kind_names[] = {
	[STANZA_MESSAGE] = "message",
	[STANZA_PRESENCE] = "presence",
	[STANZA_IQ] = "iq",
};

enum { FOR_MESSAGE = 1, FOR_PRESENCE = 2, FOR_IQ = 4, FOR_ALL = 7 };

static const struct {
	const char *name;
	unsigned kinds;
} types[] = {
	[TYPE_NONE] = { "", 0 },
	[TYPE_ERROR] = { "error", FOR_ALL },
	[TYPE_CHAT] = { "chat", FOR_MESSAGE },
	[TYPE_GROUPCHAT] = { "groupchat", FOR_MESSAGE },
	[TYPE_HEADLINE] = { "headline", FOR_MESSAGE },
	[TYPE_NORMAL] = { "normal", FOR_MESSAGE },
	[TYPE_UNAVAILABLE] = { "unavailable", FOR_PRESENCE },
	[TYPE_SUBSCRIBE] = { "subscribe", FOR_PRESENCE },
	[TYPE_SUBSCRIBED] = { "subscribed", FOR_PRESENCE },
	[TYPE_UNSUBSCRIBE] = { "unsubscribe", FOR_PRESENCE },
	[TYPE_UNSUBSCRIBED] = { "unsubscribed", FOR_PRESENCE },
	[TYPE_PROBE] = { "probe", FOR_PRESENCE },
	[TYPE_GET] = { "get", FOR_IQ },
	[TYPE_SET] = { "set", FOR_IQ },
	[TYPE_RESULT] = { "result", FOR_IQ },
	[TYPE_UNKNOWN] = { "", 0 },
};

/* What the root's attributes say, before it is judged. */
struct common {
	struct str from, to, type; /* ptr NULL: absent */
};

const char *
stanza_type_name(enum stanza_type type)
{
	return types[type].name;
}

struct arena *
stanza_arena(struct stanza *stanza)
{
	return &stanza->tree->arena;
}

static bool
read_kind(const struct xml_node *root, enum stanza_kind *kind)
{
	if (!str_eq(root->ns, NS_CLIENT) && !str_eq(root->ns, NS_SERVER) &&
	    !str_eq(root->ns, NS_COMPONENT))
		return false;
	for (unsigned i = STANZA_MESSAGE; i <= STANZA_IQ; i++)
		if (str_is(root->name, kind_names[i])) {
			*kind = (enum stanza_kind)i;
			return true;
		}
	return false;
}

static enum stanza_type
read_type(enum stanza_kind kind, struct str name)
{
	if (!name.ptr)
		return TYPE_NONE;
	for (unsigned i = TYPE_ERROR; i < TYPE_UNKNOWN; i++)
		if (types[i].kinds & 1u << kind && str_is(name, types[i].name))
			return (enum stanza_type)i;
	return TYPE_UNKNOWN;
}

static void
read_common(struct stanza *stanza, struct common *common)
{
	const struct xml_attr *a = stanza->tree->root->attrs;

	for (; a; a = a->next) {
		if (a->ns.len) {
			if (str_is(a->name, "lang") &&
			    str_eq(a->ns, XML_NS_XML))
				stanza->lang = a->value;
		} else if (str_is(a->name, "from"))
			common->from = a->value;
		else if (str_is(a->name, "to"))
			common->to = a->value;
		else if (str_is(a->name, "id"))
			stanza->id = a->value;
		else if (str_is(a->name, "type"))
			common->type = a->value;
	}
}

/* RFC 6120 8.2.3 and 8.3: what a peer must keep to, or is told off for. */
static bool
is_acceptable(const struct stanza *stanza)
{
	if (stanza->kind == STANZA_MESSAGE)
		return true;
	if (stanza->type == TYPE_UNKNOWN)
		return false;
	if (stanza->kind == STANZA_PRESENCE)
		return true;
	if (!stanza->id.ptr || stanza->type == TYPE_NONE)
		return false;
	if (stanza->type != TYPE_GET && stanza->type != TYPE_SET)
		return true;
	return stanza->payload && !xml_next(stanza->payload);
}

enum stanza_parse
stanza_parse(struct xml_tree **tree, struct stanza **out)
{
	struct arena *arena = &(*tree)->arena;
	struct common common = { 0 };
	struct stanza *stanza;
	enum stanza_kind kind;
	bool to_ok, from_ok;

	*out = NULL;
	if (!read_kind((*tree)->root, &kind))
		return STANZA_NOT_A_STANZA;
	stanza = arena_alloc(arena, sizeof(*stanza));
	stanza->tree = *tree;
	*tree = NULL;
	stanza->kind = kind;
	stanza->raw = true;
	read_common(stanza, &common);
	stanza->type = read_type(kind, common.type);
	if (kind == STANZA_IQ)
		stanza->payload = xml_first(stanza->tree->root);
	to_ok = !common.to.ptr || jid_parse(arena, common.to, &stanza->to);
	from_ok =
	    !common.from.ptr || jid_parse(arena, common.from, &stanza->from);
	*out = stanza;
	if (!to_ok)
		return STANZA_BAD_TO;
	if (!from_ok)
		return STANZA_BAD_FROM;
	return is_acceptable(stanza) ? STANZA_OK : STANZA_BAD;
}

struct stanza *
stanza_new(enum stanza_kind kind, enum stanza_type type, struct jid from,
    struct jid to, struct str id)
{
	struct xml_tree *tree =
	    xml_tree_new(NS_CLIENT, str_of(kind_names[kind]));
	struct stanza *stanza = arena_alloc(&tree->arena, sizeof(*stanza));

	stanza->tree = tree;
	stanza->kind = kind;
	stanza->type = type;
	stanza_set_from(stanza, from);
	stanza_set_to(stanza, to);
	if (id.ptr)
		stanza->id = arena_str(&tree->arena, id);
	return stanza;
}

struct stanza *
stanza_copy(const struct stanza *stanza)
{
	const struct xml_tree *tree = stanza->tree;
	struct stanza *copy = stanza_new(
	    stanza->kind, stanza->type, stanza->from, stanza->to, stanza->id);
	struct arena *arena = stanza_arena(copy);

	copy->tree->root = xml_copy(arena, NULL, tree->root);
	copy->tree->self_contained = tree->self_contained;
	copy->tree->raw_body = arena_str(arena, tree->raw_body);
	copy->raw = stanza->raw;
	if (stanza->lang.ptr)
		copy->lang = arena_str(arena, stanza->lang);
	if (stanza->payload)
		copy->payload = xml_first(copy->tree->root);
	return copy;
}

void
stanza_drop(struct stanza **stanza)
{
	struct xml_tree *tree;

	if (!*stanza)
		return;
	tree = (*stanza)->tree;
	*stanza = NULL;
	xml_tree_drop(&tree);
}

void
stanza_set_from(struct stanza *stanza, struct jid from)
{
	stanza->from = jid_copy(stanza_arena(stanza), from);
}

void
stanza_set_to(struct stanza *stanza, struct jid to)
{
	stanza->to = jid_copy(stanza_arena(stanza), to);
}

void
stanza_touch(struct stanza *stanza)
{
	stanza->raw = false;
}

static void
swap_addresses(struct stanza *stanza)
{
	struct jid from = stanza->from;

	stanza->from = stanza->to;
	stanza->to = from;
}

void
stanza_make_result(struct stanza *iq)
{
	struct xml_node *root = iq->tree->root;

	stanza_touch(iq);
	swap_addresses(iq);
	iq->type = TYPE_RESULT;
	iq->lang = (struct str){ 0 };
	iq->payload = NULL;
	root->attrs = root->last_attr = NULL;
	root->children = root->last_child = NULL;
}

bool
stanza_make_error(
    struct stanza *stanza, enum stanza_error error, const char *text)
{
	struct arena *arena = stanza_arena(stanza);
	struct xml_node *root = stanza->tree->root, *node;

	if (stanza->type == TYPE_ERROR || stanza->type == TYPE_RESULT)
		return false;
	stanza_touch(stanza);
	swap_addresses(stanza);
	stanza->type = TYPE_ERROR;
	node = xml_add(arena, root, root->ns, STR("error"));
	xml_set(arena, node, "type", str_of(stanza_error_type(error)));
	xml_add(arena, node, NS_STANZAS, str_of(stanza_error_name(error)));
	if (text) {
		node = xml_add(arena, node, NS_STANZAS, STR("text"));
		xml_add_text(arena, node, str_of(text));
	}
	return true;
}

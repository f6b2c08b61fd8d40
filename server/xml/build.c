/*
 * What expat calls: namespaces resolved, limits on depth and numbers, trees
 * built, RFC 6120 11.1's restrictions. Knows nothing of buffers and slices
 * but where raw_body begins and ends.
 */
#include "server/xml/parser.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cfgparse/base/mem.h"
#include "server/xml/tree.h"

/* A name as written, split at its colon. */
struct qname {
	struct str prefix; /* empty: none */
	struct str local;
};

/* Where the strings of one start tag are copied to, one after the other. */
struct pool {
	char *next;
};

static uint64_t
token_end(const struct xml_parser *parser)
{
	return (uint64_t)XML_GetCurrentByteIndex(parser->expat) +
	       (uint64_t)XML_GetCurrentByteCount(parser->expat);
}

static struct str
pool_keep(struct pool *pool, struct str s)
{
	char *copy = pool->next;

	memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	pool->next += s.len + 1;
	return (struct str){ copy, s.len };
}

/*
 * expat without namespaces lets a local name begin with any name character.
 * Written without its prefix it must still be a name: beyond ASCII that isn't
 * told here, such prefixed names are refused.
 */
static bool
starts_name(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
split_name(struct str name, struct qname *out)
{
	const char *colon = memchr(name.ptr, ':', name.len);
	size_t len;

	*out = (struct qname){ .prefix = STR(""), .local = name };
	if (!colon)
		return true;
	len = (size_t)(colon - name.ptr);
	out->prefix = (struct str){ name.ptr, len };
	out->local = (struct str){ colon + 1, name.len - len - 1 };
	return len > 0 && out->local.len > 0 &&
	       !memchr(out->local.ptr, ':', out->local.len) &&
	       starts_name(out->local.ptr[0]);
}

static struct arena *
current_arena(struct xml_parser *parser)
{
	return parser->tree ? &parser->tree->arena : &parser->arena;
}

/* The namespace of a prefix in use; false where it isn't declared. */
static bool
resolve(struct xml_parser *parser, struct str prefix, struct str *ns)
{
	struct xml_binding *binding;

	if (str_is(prefix, "xml")) {
		*ns = XML_NS_XML;
		return true;
	}
	binding = xml_scope_find(&parser->scope, prefix);
	if (!binding) {
		xml_parser_fail(
		    parser, XML_ERROR_BAD_PREFIX, "undeclared prefix");
		return false;
	}
	*ns = binding->uri;
	if (!parser->tree)
		return true;
	if (binding->depth == 0) {
		if (binding->copy_owner != parser->tree)
			binding->copy =
			    xml_keep_ns(&parser->tree->arena, binding->uri);
		binding->copy_owner = parser->tree;
		*ns = binding->copy;
	}
	/* On the root itself a foreign prefix is written anew anyway. */
	if (binding->depth <= 1 && parser->depth > 2)
		parser->tree->self_contained = false;
	return true;
}

static void
declare(struct xml_parser *parser, struct str prefix, const char *value)
{
	struct arena *arena = current_arena(parser);
	struct str uri = xml_keep_ns(arena, str_of(value));

	prefix = arena_str(arena, prefix);
	switch (
	    xml_scope_declare(&parser->scope, prefix, uri, parser->depth - 1)) {
	case DECLARE_OK: break;
	case DECLARE_FORBIDDEN:
		xml_parser_fail(parser, XML_ERROR_NOT_WELL_FORMED,
		    "forbidden namespace declaration");
		break;
	case DECLARE_TOO_MANY:
		xml_parser_fail(
		    parser, XML_ERROR_TOO_LARGE, "too many prefixes");
		break;
	}
	if (parser->tree && parser->depth == 2)
		parser->tree->self_contained = false;
}

/* "" for xmlns, the prefix for xmlns:prefix; ptr NULL for another name. */
static struct str
declared_prefix(const char *name)
{
	if (strncmp(name, "xmlns", 5) != 0)
		return (struct str){ 0 };
	if (name[5] == '\0')
		return STR("");
	return name[5] == ':' ? str_of(name + 6) : (struct str){ 0 };
}

/*
 * First walk over the attributes: puts declarations in force. Tells how many
 * attributes stay and how many bytes all their strings take.
 */
static bool
read_declarations(struct xml_parser *parser, const XML_Char **atts,
    size_t *kept, size_t *bytes)
{
	struct xml_level *level = &parser->levels[parser->depth - 1];
	unsigned count = 0;

	for (; *atts && !parser->failed; atts += 2) {
		struct str prefix = declared_prefix(atts[0]);

		if (++count > parser->limits.attributes && !parser->replaying)
			xml_parser_fail(
			    parser, XML_ERROR_TOO_LARGE, "too many attributes");
		else if (!prefix.ptr) {
			(*kept)++;
			*bytes += strlen(atts[0]) + strlen(atts[1]) + 2;
		} else if (atts[0][5] == ':')
			declare(parser, prefix, atts[1]);
		else if (!xml_scope_default_allowed(str_of(atts[1])))
			xml_parser_fail(parser, XML_ERROR_NOT_WELL_FORMED,
			    "forbidden namespace declaration");
		else
			level->default_ns =
			    xml_keep_ns(current_arena(parser), str_of(atts[1]));
	}
	return !parser->failed;
}

/* Two prefixes may stand for one namespace. */
static bool
is_duplicate(const struct xml_node *node, const struct xml_attr *attr)
{
	for (const struct xml_attr *a = node->attrs; a != attr; a = a->next)
		if (a->ns.len && str_eq(a->name, attr->name) &&
		    str_eq(a->ns, attr->ns))
			return true;
	return false;
}

/*
 * A prefix is declared once and costs little where it is used, but written
 * again each use may need a declaration of its own: that is paid for here.
 */
static void
charge_ns(struct xml_parser *parser, struct str ns)
{
	parser->ns_bytes += ns.len;
	if (parser->ns_bytes > parser->limits.bytes)
		xml_parser_fail(parser, XML_ERROR_TOO_LARGE,
		    "long namespaces used too often");
}

static void
charge_element(struct xml_parser *parser, const struct xml_node *node)
{
	const struct xml_level *outer = &parser->levels[parser->depth - 2];
	struct str inherited =
	    parser->depth == 2 ? outer->default_ns : outer->node->ns;

	if (!str_eq(node->ns, inherited))
		charge_ns(parser, node->ns);
}

static void
add_attr(struct xml_parser *parser, struct xml_node *node,
    struct xml_attr *attr, const XML_Char **att, struct pool *pool)
{
	struct qname name;

	if (!split_name(str_of(att[0]), &name)) {
		xml_parser_fail(
		    parser, XML_ERROR_NOT_WELL_FORMED, "attribute name");
		return;
	}
	attr->ns = STR("");
	if (name.prefix.len && !resolve(parser, name.prefix, &attr->ns))
		return;
	attr->name = pool_keep(pool, name.local);
	attr->value = pool_keep(pool, str_of(att[1]));
	xml_append_attr(node, attr);
	if (attr->ns.len && parser->depth > 1)
		charge_ns(parser, attr->ns);
	if (attr->ns.len && is_duplicate(node, attr))
		xml_parser_fail(
		    parser, XML_ERROR_NOT_WELL_FORMED, "duplicate attribute");
}

/* The element's node with names resolved; NULL after an error. */
static struct xml_node *
make_node(struct xml_parser *parser, const char *text, const XML_Char **atts)
{
	struct arena *arena = current_arena(parser);
	struct xml_level *level = &parser->levels[parser->depth - 1];
	struct xml_node *node = arena_alloc(arena, sizeof(*node));
	size_t kept = 0, bytes = strlen(text) + 1;
	struct xml_attr *attrs;
	struct qname name;
	struct pool pool;

	level->node = node;
	if (!read_declarations(parser, atts, &kept, &bytes))
		return NULL;
	if (!split_name(str_of(text), &name)) {
		xml_parser_fail(
		    parser, XML_ERROR_NOT_WELL_FORMED, "element name");
		return NULL;
	}
	node->ns = level->default_ns;
	if (name.prefix.len && !resolve(parser, name.prefix, &node->ns))
		return NULL;
	if (parser->depth > 1)
		charge_element(parser, node);
	if (name.prefix.len && parser->depth == 2)
		parser->tree->self_contained = false;
	pool.next = arena_alloc(arena, bytes);
	node->name = pool_keep(&pool, name.local);
	attrs = kept ? arena_array(arena, kept, sizeof(*attrs)) : NULL;
	for (; *atts && !parser->failed; atts += 2)
		if (!declared_prefix(atts[0]).ptr)
			add_attr(parser, node, attrs++, atts, &pool);
	return parser->failed ? NULL : node;
}

static void
push_level(struct xml_parser *parser, struct str default_ns)
{
	if (parser->depth == parser->level_cap) {
		parser->level_cap =
		    parser->level_cap ? parser->level_cap * 2 : 8;
		parser->levels = mem_grow(
		    parser->levels, parser->level_cap, sizeof(*parser->levels));
	}
	parser->levels[parser->depth++] = (struct xml_level){
		.default_ns = default_ns,
		.bindings = parser->scope.count,
	};
}

/* The start tag to be replayed: the name and what it declares. */
static void
keep_header(struct xml_parser *parser, const char *name, const XML_Char **atts)
{
	struct buf *header = &parser->header;

	buf_putc(header, '<');
	buf_puts(header, name);
	for (; *atts; atts += 2) {
		if (!declared_prefix(atts[0]).ptr)
			continue;
		buf_putc(header, ' ');
		buf_puts(header, atts[0]);
		buf_puts(header, "='");
		xml_escape(header, str_of(atts[1]));
		buf_putc(header, '\'');
	}
	buf_putc(header, '>');
}

static void
open_stream(struct xml_parser *parser, const char *name, const XML_Char **atts)
{
	struct xml_node *node;

	push_level(parser, STR(""));
	node = make_node(parser, name, atts);
	if (!node || parser->replaying)
		return;
	keep_header(parser, name, atts);
	parser->opened = true;
	parser->border = token_end(parser);
	parser->limits = parser->next_limits;
	parser->calling = true;
	parser->events->on_open(
	    parser->arg, node, parser->levels[0].default_ns);
	parser->calling = false;
}

static void
open_tree(struct xml_parser *parser, const char *name, const XML_Char **atts)
{
	struct xml_tree *tree = xml_tree_empty();
	uint64_t end = token_end(parser);

	parser->tree = tree;
	parser->elements = 1;
	parser->ns_bytes = 0;
	parser->border = (uint64_t)XML_GetCurrentByteIndex(parser->expat);
	parser->body_at = end - 1;
	if (parser->limits.depth < 1 || parser->limits.elements < 1)
		xml_parser_fail(parser, XML_ERROR_TOO_LARGE, "no elements");
	else if (end - parser->border > parser->limits.bytes)
		xml_parser_fail(parser, XML_ERROR_TOO_LARGE, "too many bytes");
	tree->self_contained = true;
	push_level(
	    parser, xml_keep_ns(&tree->arena, parser->levels[0].default_ns));
	tree->root = make_node(parser, name, atts);
}

static void
flush_text(struct xml_parser *parser)
{
	if (parser->text.len == 0)
		return;
	xml_add_text(&parser->tree->arena,
	    parser->levels[parser->depth - 1].node, buf_str(&parser->text));
	buf_clear(&parser->text);
}

static void
open_element(struct xml_parser *parser, const char *name, const XML_Char **atts)
{
	const struct xml_level *outer = &parser->levels[parser->depth - 1];
	struct xml_node *parent = outer->node, *node;

	flush_text(parser);
	if (parser->depth > parser->limits.depth)
		xml_parser_fail(
		    parser, XML_ERROR_TOO_LARGE, "elements nested too deep");
	else if (++parser->elements > parser->limits.elements)
		xml_parser_fail(
		    parser, XML_ERROR_TOO_LARGE, "too many elements");
	if (parser->failed)
		return;
	push_level(parser, outer->default_ns);
	node = make_node(parser, name, atts);
	if (node)
		xml_append(parent, node);
}

static void
on_start(void *arg, const XML_Char *name, const XML_Char **atts)
{
	struct xml_parser *parser = arg;

	if (parser->failed)
		return;
	if (parser->depth == 0)
		open_stream(parser, name, atts);
	else if (parser->depth == 1)
		open_tree(parser, name, atts);
	else
		open_element(parser, name, atts);
}

void
xml_build_keep_raw(struct xml_parser *parser, uint64_t end)
{
	uint64_t from = parser->body_at;

	if (from < parser->slice_at)
		from = parser->slice_at;
	if (end > from)
		buf_append(&parser->partial,
		    parser->slice + (from - parser->slice_at),
		    (size_t)(end - from));
}

/* raw_body in one copy where it came in one piece. */
static void
set_raw(struct xml_parser *parser, uint64_t end)
{
	struct xml_tree *tree = parser->tree;
	struct str raw;

	if (parser->body_at >= parser->slice_at) {
		raw.ptr = parser->slice + (parser->body_at - parser->slice_at);
		raw.len = (size_t)(end - parser->body_at);
	} else {
		xml_build_keep_raw(parser, end);
		raw = buf_str(&parser->partial);
	}
	tree->raw_body = arena_str(&tree->arena, raw);
	buf_fini(&parser->partial);
}

static void
close_tree(struct xml_parser *parser)
{
	uint64_t end = token_end(parser);
	struct xml_tree *tree = parser->tree;

	if (end - parser->border > parser->limits.bytes) {
		xml_parser_fail(parser, XML_ERROR_TOO_LARGE, "too many bytes");
		return;
	}
	/* The second event of an empty-element tag has no bytes. */
	if (XML_GetCurrentByteCount(parser->expat))
		set_raw(parser, end);
	parser->border = end;
	parser->limits = parser->next_limits;
	parser->tree = NULL;
	parser->calling = true;
	parser->events->on_element(parser->arg, &tree);
	parser->calling = false;
	xml_tree_drop(&tree);
	if (end > XML_EXPAT_AGE)
		xml_parser_halt(parser);
}

static void
close_stream(struct xml_parser *parser)
{
	parser->closed = true;
	parser->border = token_end(parser);
	parser->calling = true;
	parser->events->on_close(parser->arg);
	parser->calling = false;
	xml_parser_halt(parser);
}

static void
on_end(void *arg, const XML_Char *name)
{
	struct xml_parser *parser = arg;

	(void)name;
	if (parser->failed)
		return;
	if (parser->tree)
		flush_text(parser);
	parser->depth--;
	xml_scope_shrink(
	    &parser->scope, parser->levels[parser->depth].bindings);
	if (parser->depth == 1)
		close_tree(parser);
	else if (parser->depth == 0)
		close_stream(parser);
}

static void
on_text(void *arg, const XML_Char *text, int len)
{
	struct xml_parser *parser = arg;

	if (parser->failed)
		return;
	if (parser->tree) {
		buf_append(&parser->text, text, (size_t)len);
		return;
	}
	for (int i = 0; i < len; i++)
		if (!strchr(" \t\r\n", text[i])) {
			xml_parser_fail(
			    parser, XML_ERROR_INVALID, "text between stanzas");
			return;
		}
	parser->border = token_end(parser);
}

static void
on_declaration(void *arg, const XML_Char *version, const XML_Char *encoding,
    int standalone)
{
	(void)version;
	(void)standalone;
	if (encoding && strcasecmp(encoding, "UTF-8") != 0)
		xml_parser_fail(arg, XML_ERROR_ENCODING, "declared encoding");
}

static void
on_comment(void *arg, const XML_Char *text)
{
	(void)text;
	xml_parser_fail(arg, XML_ERROR_RESTRICTED, "comment");
}

static void
on_instruction(void *arg, const XML_Char *target, const XML_Char *data)
{
	(void)target;
	(void)data;
	xml_parser_fail(arg, XML_ERROR_RESTRICTED, "processing instruction");
}

static void
on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id,
    const XML_Char *public_id, int has_internal_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal_subset;
	xml_parser_fail(arg, XML_ERROR_RESTRICTED, "DTD");
}

void
xml_build_attach(struct xml_parser *parser)
{
	XML_SetUserData(parser->expat, parser);
	XML_SetElementHandler(parser->expat, on_start, on_end);
	XML_SetCharacterDataHandler(parser->expat, on_text);
	XML_SetXmlDeclHandler(parser->expat, on_declaration);
	XML_SetCommentHandler(parser->expat, on_comment);
	XML_SetProcessingInstructionHandler(parser->expat, on_instruction);
	XML_SetStartDoctypeDeclHandler(parser->expat, on_doctype);
}

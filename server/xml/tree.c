/*
 * Trees of elements in one arena: building and reading. Knows nothing of
 * expat or of bytes on the wire.
 */
#include "server/xml/tree.h"

#include <string.h>

#include "server/xml/scope.h"

struct xml_tree *
xml_tree_empty(void)
{
	struct arena arena = { 0 };
	struct xml_tree *tree = arena_alloc(&arena, sizeof(*tree));

	tree->arena = arena;
	return tree;
}

struct xml_tree *
xml_tree_new(struct str ns, struct str name)
{
	struct xml_tree *tree = xml_tree_empty();

	tree->root = xml_add(&tree->arena, NULL, ns, name);
	return tree;
}

void
xml_tree_drop(struct xml_tree **tree)
{
	struct arena arena;

	if (!*tree)
		return;
	arena = (*tree)->arena;
	*tree = NULL;
	arena_fini(&arena);
}

void
xml_append(struct xml_node *parent, struct xml_node *node)
{
	if (parent->last_child)
		parent->last_child->next = node;
	else
		parent->children = node;
	parent->last_child = node;
}

void
xml_append_attr(struct xml_node *node, struct xml_attr *attr)
{
	if (node->last_attr)
		node->last_attr->next = attr;
	else
		node->attrs = attr;
	node->last_attr = attr;
}

struct xml_node *
xml_add(struct arena *arena, struct xml_node *parent, struct str ns,
    struct str name)
{
	struct xml_node *node = arena_alloc(arena, sizeof(*node));

	node->ns = xml_keep_ns(arena, ns);
	node->name = arena_str(arena, name);
	if (parent)
		xml_append(parent, node);
	return node;
}

void
xml_add_text(struct arena *arena, struct xml_node *parent, struct str text)
{
	struct xml_node *node;

	if (text.len == 0)
		return;
	node = arena_alloc(arena, sizeof(*node));
	node->text = arena_str(arena, text);
	xml_append(parent, node);
}

struct xml_node *
xml_copy(
    struct arena *arena, struct xml_node *parent, const struct xml_node *node)
{
	struct xml_node *copy = xml_add(arena, parent, node->ns, node->name);

	for (const struct xml_attr *a = node->attrs; a; a = a->next) {
		struct xml_attr *attr = arena_alloc(arena, sizeof(*attr));

		attr->ns = xml_keep_ns(arena, a->ns);
		attr->name = arena_str(arena, a->name);
		attr->value = arena_str(arena, a->value);
		xml_append_attr(copy, attr);
	}
	for (node = node->children; node; node = node->next) {
		if (node->name.len)
			xml_copy(arena, copy, node);
		else
			xml_add_text(arena, copy, node->text);
	}
	return copy;
}

static struct xml_attr *
find_attr(const struct xml_node *node, const char *name)
{
	struct str wanted = str_of(name);

	for (struct xml_attr *attr = node->attrs; attr; attr = attr->next)
		if (attr->ns.len == 0 && str_eq(attr->name, wanted))
			return attr;
	return NULL;
}

void
xml_set(struct arena *arena, struct xml_node *node, const char *name,
    struct str value)
{
	struct xml_attr *attr = find_attr(node, name);

	if (!attr) {
		attr = arena_alloc(arena, sizeof(*attr));
		attr->name = arena_str(arena, str_of(name));
		xml_append_attr(node, attr);
	}
	attr->value = arena_str(arena, value);
}

struct str
xml_get(const struct xml_node *node, const char *name)
{
	const struct xml_attr *attr = find_attr(node, name);

	return attr ? attr->value : (struct str){ 0 };
}

bool
xml_is(const struct xml_node *node, struct str ns, const char *name)
{
	return node->name.len && str_is(node->name, name) &&
	       str_eq(node->ns, ns);
}

static struct xml_node *
skip_text(struct xml_node *node)
{
	while (node && node->name.len == 0)
		node = node->next;
	return node;
}

struct xml_node *
xml_first(const struct xml_node *node)
{
	return skip_text(node->children);
}

struct xml_node *
xml_next(const struct xml_node *node)
{
	return skip_text(node->next);
}

struct xml_node *
xml_child(const struct xml_node *node, struct str ns, const char *name)
{
	struct xml_node *child = xml_first(node);

	while (child && !xml_is(child, ns, name))
		child = xml_next(child);
	return child;
}

static const struct xml_node *
next_text(const struct xml_node *node)
{
	while (node && node->name.len)
		node = node->next;
	return node;
}

struct str
xml_text(struct arena *arena, const struct xml_node *node)
{
	const struct xml_node *first = next_text(node->children), *run;
	size_t len = 0, at = 0;
	char *joined;

	if (!first)
		return STR("");
	if (!next_text(first->next))
		return first->text;
	for (run = first; run; run = next_text(run->next))
		len += run->text.len;
	joined = arena_alloc(arena, len + 1);
	for (run = first; run; run = next_text(run->next)) {
		memcpy(joined + at, run->text.ptr, run->text.len);
		at += run->text.len;
	}
	return (struct str){ joined, len };
}

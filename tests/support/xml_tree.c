/* Trees for tests. Also compiled into fuzz targets. */
#include "tests/support/xml_tree.h"

struct collected {
	struct xml_tree **trees;
	size_t count, max;
	bool error;
};

static void
ignore_open(void *arg, const struct xml_node *root, struct str default_ns)
{
	(void)arg;
	(void)root;
	(void)default_ns;
}

static void
collect(void *arg, struct xml_tree **tree)
{
	struct collected *collected = arg;

	if (collected->count == collected->max)
		return;
	collected->trees[collected->count++] = *tree;
	*tree = NULL;
}

static void
ignore_close(void *arg)
{
	(void)arg;
}

static void
note_error(void *arg, enum xml_error error, const char *where)
{
	struct collected *collected = arg;

	(void)error;
	(void)where;
	collected->error = true;
}

size_t
trees_of(struct str text, struct xml_tree **trees, size_t max, bool *error)
{
	static const struct xml_limits limits = { 1 << 24, 1000, 10000,
		1000000 };
	static const struct xml_events events = { ignore_open, collect,
		ignore_close, note_error };
	struct collected collected = { .trees = trees, .max = max };
	struct xml_parser *parser =
	    xml_parser_create(&limits, &events, &collected);
	struct str header = STR("<stream:stream xmlns='jabber:client' "
				"xmlns:x='urn:x' xmlns:stream='"
				"http://etherx.jabber.org/streams'>");

	xml_parser_feed(parser, header.ptr, header.len);
	xml_parser_feed(parser, text.ptr, text.len);
	*error = collected.error || !xml_parser_idle(parser);
	xml_parser_destroy(&parser);
	return collected.count;
}

struct xml_tree *
tree_of(struct str text)
{
	struct xml_tree *trees[2] = { NULL, NULL };
	bool error;

	if (trees_of(text, trees, 2, &error) == 1 && !error)
		return trees[0];
	xml_tree_drop(&trees[0]);
	xml_tree_drop(&trees[1]);
	return NULL;
}

static bool
attrs_within(const struct xml_node *a, const struct xml_node *b)
{
	for (const struct xml_attr *x = a->attrs; x; x = x->next) {
		const struct xml_attr *y = b->attrs;

		while (
		    y && !(str_eq(x->name, y->name) && str_eq(x->ns, y->ns) &&
			     str_eq(x->value, y->value)))
			y = y->next;
		if (!y)
			return false;
	}
	return true;
}

bool
xml_equal(const struct xml_node *a, const struct xml_node *b)
{
	if (!str_eq(a->name, b->name) || !str_eq(a->ns, b->ns) ||
	    !str_eq(a->text, b->text) || !attrs_within(a, b) ||
	    !attrs_within(b, a))
		return false;
	a = a->children;
	b = b->children;
	for (; a && b; a = a->next, b = b->next)
		if (!xml_equal(a, b))
			return false;
	return !a && !b;
}

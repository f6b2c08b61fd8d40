/*
 * A stream fed in pieces that the input chooses, with rests in between. The
 * first two bytes say how; the same pieces must come out as from one feed.
 * Each stanza is written both ways, read again, and must be what it was.
 */
#include "server/xmpp/stanza.h"

#include <stdlib.h>

#include "tests/support/xml_tree.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All that came out of one way of feeding, as bytes. */
struct run {
	struct xml_parser *parser;
	struct buf log;
	bool check;
	unsigned stops; /* stop at every stops-th event, 0 never */
	unsigned events;
};

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
maybe_stop(struct run *run)
{
	if (run->stops && ++run->events % run->stops == 0)
		xml_parser_stop(run->parser);
}

static void
on_open(void *arg, const struct xml_node *root, struct str default_ns)
{
	struct run *run = arg;

	buf_puts(&run->log, "open ");
	buf_add(&run->log, default_ns);
	xml_write(&run->log, root, STR(""));
	maybe_stop(run);
}

static void
check_ways(const struct stanza *stanza)
{
	struct buf fast = { 0 }, slow = { 0 }, shared = { 0 };
	struct wire *wire = wire_of(stanza, NS_CLIENT);
	struct xml_tree *a, *b, *c;

	stanza_write(stanza, NS_CLIENT, &fast);
	stanza_write_tree(stanza, &slow);
	wire_write(wire, stanza->to, &shared);
	a = tree_of(buf_str(&fast));
	b = tree_of(buf_str(&slow));
	c = tree_of(buf_str(&shared));
	require(a && b && c);
	require(xml_equal(a->root, b->root));
	require(xml_equal(a->root, c->root));
	xml_tree_drop(&a);
	xml_tree_drop(&b);
	xml_tree_drop(&c);
	wire_drop(&wire);
	buf_fini(&fast);
	buf_fini(&slow);
	buf_fini(&shared);
}

/* The written tree is read as the same tree. */
static void
check_tree(const struct xml_tree *tree)
{
	struct buf out = { 0 };
	struct xml_tree *again;

	xml_write(&out, tree->root, NS_CLIENT);
	again = tree_of(buf_str(&out));
	require(again && xml_equal(tree->root, again->root));
	xml_tree_drop(&again);
	buf_fini(&out);
}

static void
check_stanza(struct xml_tree **tree)
{
	struct stanza *stanza, *copy;
	enum stanza_parse got = stanza_parse(tree, &stanza);

	if (got == STANZA_NOT_A_STANZA)
		return;
	require(stanza && !*tree);
	check_ways(stanza);
	copy = stanza_copy(stanza);
	check_ways(copy);
	if (stanza_make_error(copy, ERROR_BAD_REQUEST, "no"))
		check_ways(copy);
	stanza_drop(&copy);
	if (stanza->kind == STANZA_IQ)
		stanza_make_result(stanza);
	check_ways(stanza);
	stanza_drop(&stanza);
}

static void
on_element(void *arg, struct xml_tree **tree)
{
	struct run *run = arg;

	buf_puts(&run->log, (*tree)->self_contained ? "\nself " : "\n");
	xml_write(&run->log, (*tree)->root, STR(""));
	buf_puts(&run->log, " raw ");
	buf_add(&run->log, (*tree)->raw_body);
	maybe_stop(run);
	if (run->check) {
		check_tree(*tree);
		check_stanza(tree);
	}
}

static void
on_close(void *arg)
{
	buf_puts(&((struct run *)arg)->log, "\nclose");
}

static void
on_error(void *arg, enum xml_error error, const char *where)
{
	struct run *run = arg;

	(void)where;
	/* Held bytes are seen later: it may be found too large instead. */
	(void)error;
	buf_puts(&run->log, "\nerror");
}

static const struct xml_events events = { on_open, on_element, on_close,
	on_error };
static const struct xml_limits limits = { 4096, 20, 12, 60 };

static void
feed_all(
    struct run *run, const char *bytes, size_t len, size_t piece, bool rest)
{
	while (len > 0) {
		size_t part = len < piece ? len : piece;
		size_t used = xml_parser_feed(run->parser, bytes, part);

		require(used <= part);
		if (used == 0)
			return;
		bytes += used;
		len -= used;
		if (rest)
			xml_parser_rest(run->parser);
	}
}

/* The same events; but a long broken tag that came in pieces is held back, so
 * that its error may still be to come. */
static bool
same_outcome(struct str whole, struct str split)
{
	struct str missing = { whole.ptr + split.len, whole.len - split.len };

	return str_eq(whole, split) ||
	       (whole.len > split.len &&
		   memcmp(whole.ptr, split.ptr, split.len) == 0 &&
		   str_eq(missing, STR("\nerror")));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct run whole = { .check = true }, split = { 0 };
	const char *bytes = (const char *)data + 2;

	if (size < 2)
		return 0;
	size -= 2;
	whole.parser = xml_parser_create(&limits, &events, &whole);
	feed_all(&whole, bytes, size, size, false);
	split.parser = xml_parser_create(&limits, &events, &split);
	split.stops = data[1] & 7;
	feed_all(&split, bytes, size, data[0] % 64 + 1u, data[1] & 8);
	require(same_outcome(buf_str(&whole.log), buf_str(&split.log)));
	xml_parser_destroy(&whole.parser);
	xml_parser_destroy(&split.parser);
	buf_fini(&whole.log);
	buf_fini(&split.log);
	return 0;
}

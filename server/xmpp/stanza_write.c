/*
 * Stanzas to bytes: a start tag of ours, and behind it either what came in or
 * the tree printed anew. Also bytes shared by many receivers, whose start
 * tags differ in `to` alone.
 */
#include "server/xmpp/stanza.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "cfgparse/base/mem.h"

/* bytes: what comes before `to`, what comes behind it, and `to` itself. */
struct wire {
	atomic_uint references;
	size_t head_len, tail_len, to_len;
	char bytes[];
};

static void
write_pair(struct buf *out, const char *name, struct str value)
{
	buf_puts(out, name);
	xml_escape(out, value);
	buf_putc(out, '\'');
}

static void
write_to(struct buf *out, struct str to)
{
	if (to.len)
		write_pair(out, " to='", to);
}

/* True for what the stanza's own fields say. */
static bool
is_field(const struct stanza *stanza, const struct xml_attr *attr)
{
	struct str name = attr->name;

	if (attr->ns.len)
		return str_is(name, "lang") && str_eq(attr->ns, XML_NS_XML);
	/* A type that has no number is written as it came. */
	if (str_is(name, "type"))
		return stanza->type != TYPE_UNKNOWN;
	return str_is(name, "from") || str_is(name, "to") || str_is(name, "id");
}

static void
write_head(const struct stanza *stanza, struct buf *out)
{
	buf_putc(out, '<');
	buf_add(out, stanza->tree->root->name);
	if (jid_is_set(stanza->from))
		write_pair(out, " from='", jid_full(stanza->from));
}

/* The start tag's attributes behind `to`, not its end. */
static void
write_attrs(const struct stanza *stanza, struct buf *out)
{
	const struct xml_attr *a = stanza->tree->root->attrs;
	struct str type = str_of(stanza_type_name(stanza->type));

	if (stanza->id.ptr)
		write_pair(out, " id='", stanza->id);
	if (type.len)
		write_pair(out, " type='", type);
	if (stanza->lang.ptr)
		write_pair(out, " xml:lang='", stanza->lang);
	for (unsigned number = 0; a; a = a->next, number++)
		if (!is_field(stanza, a))
			xml_write_attr(out, a, number);
}

static void
write_raw_body(const struct stanza *stanza, struct buf *out)
{
	if (stanza->tree->raw_body.len)
		buf_add(out, stanza->tree->raw_body);
	else
		buf_append(out, "/>", 2);
}

static void
write_tree_body(const struct stanza *stanza, struct buf *out)
{
	const struct xml_node *root = stanza->tree->root;

	if (!root->children) {
		buf_append(out, "/>", 2);
		return;
	}
	buf_putc(out, '>');
	xml_write_children(out, root, root->ns);
	buf_append(out, "</", 2);
	buf_add(out, root->name);
	buf_putc(out, '>');
}

/*
 * Where the namespaces differ, an explicit declaration of the old one right
 * inside the bytes would not be taken along.
 */
static bool
may_use_raw(const struct stanza *stanza, struct str stream_ns)
{
	return stanza->raw && stanza->tree->self_contained &&
	       str_eq(stanza->tree->root->ns, stream_ns);
}

static void
write_body(const struct stanza *stanza, struct str stream_ns, struct buf *out)
{
	if (may_use_raw(stanza, stream_ns))
		write_raw_body(stanza, out);
	else
		write_tree_body(stanza, out);
}

void
stanza_write(const struct stanza *stanza, struct str stream_ns, struct buf *out)
{
	write_head(stanza, out);
	write_to(out, jid_full(stanza->to));
	write_attrs(stanza, out);
	write_body(stanza, stream_ns, out);
}

void
stanza_write_tree(const struct stanza *stanza, struct buf *out)
{
	write_head(stanza, out);
	write_to(out, jid_full(stanza->to));
	write_attrs(stanza, out);
	write_tree_body(stanza, out);
}

struct wire *
wire_of(const struct stanza *stanza, struct str stream_ns)
{
	struct str to = jid_full(stanza->to);
	struct buf bytes = { 0 };
	struct wire *wire;
	size_t head_len;

	write_head(stanza, &bytes);
	head_len = bytes.len;
	write_attrs(stanza, &bytes);
	write_body(stanza, stream_ns, &bytes);
	wire = mem_alloc(1, sizeof(*wire) + bytes.len + to.len);
	atomic_init(&wire->references, 1);
	wire->head_len = head_len;
	wire->tail_len = bytes.len - head_len;
	wire->to_len = to.len;
	memcpy(wire->bytes, bytes.data, bytes.len);
	if (to.len)
		memcpy(wire->bytes + bytes.len, to.ptr, to.len);
	buf_fini(&bytes);
	return wire;
}

struct wire *
wire_keep(struct wire *wire)
{
	atomic_fetch_add_explicit(&wire->references, 1, memory_order_relaxed);
	return wire;
}

void
wire_drop(struct wire **wire)
{
	struct wire *dropped = *wire;

	*wire = NULL;
	if (dropped && atomic_fetch_sub_explicit(
			   &dropped->references, 1, memory_order_acq_rel) == 1)
		free(dropped);
}

void
wire_write(const struct wire *wire, struct jid to, struct buf *out)
{
	const char *tail = wire->bytes + wire->head_len;
	struct str original = { tail + wire->tail_len, wire->to_len };

	buf_append(out, wire->bytes, wire->head_len);
	write_to(out, jid_is_set(to) ? jid_full(to) : original);
	buf_append(out, tail, wire->tail_len);
}

size_t
wire_size(const struct wire *wire)
{
	return wire->head_len + wire->tail_len + wire->to_len +
	       sizeof(" to=''") - 1;
}

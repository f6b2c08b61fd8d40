/*
 * Roster items as XML and as stored text. The stored form is lines: "1" (its
 * version), "n NAME" where there is a name, "g GROUP" for each group. Within a
 * text "\\" is a backslash and "\n" a line feed. The contact's address is the
 * item's key and not repeated.
 */
#include "server/modules/roster_item.h"

/* --- as XML --- */

static bool
has_group(const struct roster_item *item, struct str group)
{
	for (size_t i = 0; i < item->group_count; i++)
		if (str_eq(item->groups[i], group))
			return true;
	return false;
}

/* Returns why not, or NULL. */
static const char *
add_group(struct roster_item *item, struct str group, enum stanza_error *error)
{
	*error = ERROR_NOT_ACCEPTABLE;
	if (group.len == 0)
		return "a group has no name";
	if (group.len > ROSTER_TEXT_MAX)
		return "a group's name is too long";
	if (item->group_count >= ROSTER_GROUPS_MAX)
		return "there are too many groups";
	if (has_group(item, group)) {
		*error = ERROR_BAD_REQUEST;
		return "a group is named twice";
	}
	item->groups[item->group_count++] = group;
	return NULL;
}

static const char *
read_item(struct arena *arena, const struct xml_node *node,
    struct roster_item *item, enum stanza_error *error)
{
	const char *why = NULL;

	item->name = xml_get(node, "name");
	if (item->name.len > ROSTER_TEXT_MAX) {
		*error = ERROR_NOT_ACCEPTABLE;
		return "the name is too long";
	}
	for (node = xml_first(node); node && !why; node = xml_next(node))
		if (xml_is(node, NS_ROSTER, "group"))
			why = add_group(item, xml_text(arena, node), error);
	return why;
}

bool
roster_wish_read(struct arena *arena, const struct xml_node *query,
    struct roster_wish *wish, enum stanza_error *error, const char **why)
{
	const struct xml_node *node = xml_first(query);

	*wish = (struct roster_wish){ 0 };
	*error = ERROR_BAD_REQUEST;
	*why = "a roster set has exactly one item";
	if (!node || xml_next(node) || !xml_is(node, NS_ROSTER, "item"))
		return false;
	*why = "an item needs a jid";
	if (!xml_get(node, "jid").ptr)
		return false;
	if (!jid_parse(arena, xml_get(node, "jid"), &wish->contact)) {
		*error = ERROR_JID_MALFORMED;
		*why = "the item's jid is no address";
		return false;
	}
	wish->contact = jid_to_bare(wish->contact);
	/* Any other value is ignored (RFC 6121 2.1.2.5). */
	wish->remove = str_is(xml_get(node, "subscription"), "remove");
	*why = NULL;
	if (!wish->remove)
		*why = read_item(arena, node, &wish->item, error);
	return *why == NULL;
}

void
roster_item_show(struct arena *arena, struct xml_node *query,
    struct str contact, const char *subscription,
    const struct roster_item *item)
{
	struct xml_node *node = xml_add(arena, query, NS_ROSTER, STR("item"));

	xml_set(arena, node, "jid", contact);
	if (item->name.len)
		xml_set(arena, node, "name", item->name);
	xml_set(arena, node, "subscription", str_of(subscription));
	for (size_t i = 0; i < item->group_count; i++)
		xml_add_text(arena,
		    xml_add(arena, node, NS_ROSTER, STR("group")),
		    item->groups[i]);
}

/* --- as stored --- */

static void
write_line(char key, struct str text, struct buf *out)
{
	buf_putc(out, key);
	buf_putc(out, ' ');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '\n' || c == '\\')
			buf_putc(out, '\\');
		buf_putc(out, c == '\n' ? 'n' : c);
	}
	buf_putc(out, '\n');
}

void
roster_item_write(const struct roster_item *item, struct buf *out)
{
	buf_puts(out, "1\n");
	if (item->name.len)
		write_line('n', item->name, out);
	for (size_t i = 0; i < item->group_count; i++)
		write_line('g', item->groups[i], out);
}

/* Takes the next line, without its end; false where there is no whole one. */
static bool
take_line(struct str *rest, struct str *line)
{
	const char *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;

	if (!end)
		return false;
	*line = (struct str){ rest->ptr, (size_t)(end - rest->ptr) };
	rest->ptr = end + 1;
	rest->len -= line->len + 1;
	return true;
}

/* The text of a line, unescaped, not empty and within its limit. */
static bool
read_text(struct arena *arena, struct str line, struct str *text)
{
	char *out;
	size_t len = 0;

	if (line.len < 3 || line.ptr[1] != ' ')
		return false;
	out = arena_alloc(arena, line.len);
	for (size_t i = 2; i < line.len; i++) {
		char c = line.ptr[i];

		if (c == '\\') {
			if (++i == line.len)
				return false;
			c = line.ptr[i];
			if (c != 'n' && c != '\\')
				return false;
			c = c == 'n' ? '\n' : c;
		}
		out[len++] = c;
	}
	*text = (struct str){ out, len };
	return len <= ROSTER_TEXT_MAX;
}

static bool
read_line(struct arena *arena, struct str line, struct roster_item *item)
{
	enum stanza_error unused;
	struct str text;

	if (!read_text(arena, line, &text))
		return false;
	if (line.ptr[0] == 'g')
		return add_group(item, text, &unused) == NULL;
	if (line.ptr[0] != 'n' || item->name.len || item->group_count)
		return false;
	item->name = text;
	return true;
}

bool
roster_item_read(
    struct arena *arena, struct str stored, struct roster_item *item)
{
	struct str line;

	*item = (struct roster_item){ 0 };
	if (stored.len > ROSTER_STORED_MAX || !take_line(&stored, &line) ||
	    !str_is(line, "1"))
		return false;
	while (take_line(&stored, &line))
		if (!read_line(arena, line, item))
			return false;
	return stored.len == 0;
}

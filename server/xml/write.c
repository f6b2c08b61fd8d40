/*
 * Trees to bytes. Prefixes are not kept: elements declare a default namespace
 * where theirs differs, attributes with a namespace get a prefix of ours.
 */
#include "server/xml/xml.h"

/* What stands for each byte: 0 itself, otherwise an index into refs. */
enum { PLAIN, AMP, LT, GT, QUOT, APOS, TAB, LF, CR, BAD };

static const struct str refs[] = {
	[AMP] = STR("&amp;"),
	[LT] = STR("&lt;"),
	[GT] = STR("&gt;"),
	[QUOT] = STR("&quot;"),
	[APOS] = STR("&apos;"),
	[TAB] = STR("&#9;"),
	[LF] = STR("&#10;"),
	[CR] = STR("&#13;"),
	[BAD] = STR("\xEF\xBF\xBD"),
};

#define CONTROLS_BUT_SPACE                                                  \
	[0] = BAD, [1] = BAD, [2] = BAD, [3] = BAD, [4] = BAD, [5] = BAD,   \
	[6] = BAD, [7] = BAD, [8] = BAD, [11] = BAD, [12] = BAD, [13] = CR, \
	[14] = BAD, [15] = BAD, [16] = BAD, [17] = BAD, [18] = BAD,         \
	[19] = BAD, [20] = BAD, [21] = BAD, [22] = BAD, [23] = BAD,         \
	[24] = BAD, [25] = BAD, [26] = BAD, [27] = BAD, [28] = BAD,         \
	[29] = BAD, [30] = BAD, [31] = BAD

/* Quotes need no escape in content, and a line's end is itself there. */
static const unsigned char in_content[256] = {
	CONTROLS_BUT_SPACE, ['&'] = AMP, ['<'] = LT, ['>'] = GT
};
/* In a value a reader turns tabs and line ends into spaces. */
static const unsigned char in_value[256] = {
	CONTROLS_BUT_SPACE, ['\t'] = TAB, ['\n'] = LF, ['&'] = AMP, ['<'] = LT,
	['>'] = GT, ['"'] = QUOT, ['\''] = APOS
};

/* U+FFFE and U+FFFF are no characters of XML. */
static bool
is_nonchar(const char *p, size_t len)
{
	return len >= 3 && p[0] == '\xEF' && p[1] == '\xBF' &&
	       (p[2] == '\xBE' || p[2] == '\xBF');
}

static void
escape(struct buf *out, struct str text, const unsigned char table[256])
{
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];
		unsigned char what = table[byte];
		size_t width = 1;

		if (byte == 0xEF && is_nonchar(text.ptr + i, text.len - i)) {
			what = BAD;
			width = 3;
		}
		if (what == PLAIN)
			continue;
		buf_append(out, text.ptr + from, i - from);
		buf_add(out, refs[what]);
		i += width - 1;
		from = i + 1;
	}
	buf_append(out, text.ptr + from, text.len - from);
}

void
xml_escape(struct buf *out, struct str text)
{
	escape(out, text, in_value);
}

void
xml_write_attr(struct buf *out, const struct xml_attr *attr, unsigned number)
{
	if (str_eq(attr->ns, XML_NS_XML))
		buf_append(out, " xml:", 5);
	else if (attr->ns.len) {
		buf_printf(out, " xmlns:ns%u='", number);
		escape(out, attr->ns, in_value);
		buf_printf(out, "' ns%u:", number);
	} else
		buf_putc(out, ' ');
	buf_add(out, attr->name);
	buf_append(out, "='", 2);
	escape(out, attr->value, in_value);
	buf_putc(out, '\'');
}

void
xml_write_children(
    struct buf *out, const struct xml_node *node, struct str outer_ns)
{
	for (node = node->children; node; node = node->next) {
		if (node->name.len)
			xml_write(out, node, outer_ns);
		else
			escape(out, node->text, in_content);
	}
}

void
xml_write(struct buf *out, const struct xml_node *node, struct str outer_ns)
{
	unsigned number = 0;

	buf_putc(out, '<');
	buf_add(out, node->name);
	if (!str_eq(node->ns, outer_ns)) {
		buf_puts(out, " xmlns='");
		escape(out, node->ns, in_value);
		buf_putc(out, '\'');
	}
	for (const struct xml_attr *a = node->attrs; a; a = a->next)
		xml_write_attr(out, a, number++);
	if (!node->children) {
		buf_append(out, "/>", 2);
		return;
	}
	buf_putc(out, '>');
	xml_write_children(out, node, node->ns);
	buf_append(out, "</", 2);
	buf_add(out, node->name);
	buf_putc(out, '>');
}

#include "cfgparse/yaml_print.h"
/*
 * Block style with two blanks a level. A plain scalar stays one where it is
 * made of harmless characters, so that numbers and words keep their kind.
 */
#include "cfgparse/base/buf.h"
#include "cfgparse/base/utf8.h"
#include "cfgparse/terms.h"
#include "cfgparse/yaml.h"

enum { DEPTH_MAX = 200 };

static bool
is_harmless(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool inner = i && i + 1 < text.len && strchr("-./+", c);
		if (!letter && !(c >= '0' && c <= '9') && c != '_' && !inner)
			return false;
	}
	return text.len > 0;
}

static void
put_quoted(struct buf *out, struct str text)
{
	buf_putc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c < ' ' || c == 127)
			buf_printf(out, "\\x%02x", c);
		else
			buf_putc(out, (char)c);
	}
	buf_putc(out, '"');
}

void
yaml_print_text(struct buf *out, struct str text, bool quoted)
{
	if (quoted || !is_harmless(text))
		put_quoted(out, text);
	else
		buf_add(out, text);
}

static void
put_blanks(struct buf *out, unsigned count)
{
	for (; count; count--)
		buf_putc(out, ' ');
}

static bool
is_block(const struct term *value)
{
	return (value->kind == TERM_MAP || value->kind == TERM_LIST) &&
	       value->count > 0;
}

static void
put_scalar(struct buf *out, const struct term *value)
{
	if (yaml_is_nothing(value))
		return;
	switch (value->kind) {
	/* Empty, or too deep to be anybody's. */
	case TERM_MAP: buf_puts(out, "{}"); break;
	case TERM_LIST: buf_puts(out, "[]"); break;
	case TERM_STRING: put_quoted(out, value->text); break;
	case TERM_ATOM: yaml_print_text(out, value->text, false); break;
	default: terms_dump(out, value, false); break;
	}
}

static void
put_line(struct buf *out, const struct term *value)
{
	if (!yaml_is_nothing(value))
		buf_putc(out, ' ');
	put_scalar(out, value);
	buf_putc(out, '\n');
}

/* first: the cursor stands where the first line begins. */
static void
print_block(struct buf *out, const struct term *value, unsigned indent,
    unsigned depth, bool first)
{
	bool map = value->kind == TERM_MAP;

	for (size_t i = 0; i + map < value->count; i += 1 + map) {
		const struct term *item = &value->items[i + map];
		bool block = is_block(item) && depth < DEPTH_MAX;
		if (!first)
			put_blanks(out, indent);
		first = false;
		if (map)
			put_scalar(out, &value->items[i]);
		buf_putc(out, map ? ':' : '-');
		if (block && !map)
			buf_putc(out, ' ');
		else if (block)
			buf_putc(out, '\n');
		if (block)
			print_block(out, item, indent + 2, depth + 1, !map);
		else
			put_line(out, item);
	}
}

void
yaml_print(struct buf *out, const struct term *value, unsigned indent)
{
	if (!is_block(value)) {
		put_line(out, value);
		return;
	}
	buf_putc(out, '\n');
	print_block(out, value, indent + 2, 0, false);
}

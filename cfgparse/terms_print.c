/*
 * Prints terms exactly as OTP 25's io_lib does under +pc unicode: ~0tp, which
 * shows printable lists and binaries as text, and ~w, which doesn't. Calls
 * itself as deep as terms are, which the reader bounds.
 */
#include "cfgparse/terms.h"

#include "cfgparse/base/buf.h"
#include "cfgparse/base/utf8.h"
#include "cfgparse/terms_lex.h"
#include "cfgparse/terms_number.h"

static void
put_code(struct buf *out, uint32_t code)
{
	char bytes[UTF8_MAX];

	buf_append(out, bytes, utf8_encode(code, bytes));
}

static char
short_escape(uint32_t code)
{
	switch (code) {
	case '\n': return 'n';
	case '\r': return 'r';
	case '\t': return 't';
	case '\v': return 'v';
	case '\b': return 'b';
	case '\f': return 'f';
	case 27: return 'e';
	case 127: return 'd';
	default: return 0;
	}
}

/* A character within quotes; wide ones in braces where only Latin-1 may
 * stand as it is. */
static void
put_quoted_code(struct buf *out, uint32_t code, char quote, bool latin1)
{
	char letter = short_escape(code);

	if (code == (unsigned char)quote || code == '\\')
		buf_printf(out, "\\%c", (char)code);
	else if (letter)
		buf_printf(out, "\\%c", letter);
	else if (code < 32 || (code > 126 && code < 160))
		buf_printf(out, "\\%03o", (unsigned)code);
	else if (latin1 && code > 255)
		buf_printf(out, "\\x{%X}", (unsigned)code);
	else
		put_code(out, code);
}

static void
put_quoted(struct buf *out, struct str text, char quote, bool latin1)
{
	uint32_t code;

	buf_putc(out, quote);
	for (size_t i = 0; i < text.len;) {
		i += utf8_decode(text.ptr + i, text.len - i, &code);
		put_quoted_code(out, code, quote, latin1);
	}
	buf_putc(out, quote);
}

static bool
atom_is_plain(struct str text)
{
	uint32_t code;

	if (text.len == 0 || text_is_reserved(text))
		return false;
	for (size_t i = 0; i < text.len;) {
		bool first = i == 0;

		i += utf8_decode(text.ptr + i, text.len - i, &code);
		if (!(first ? code_is_lower(code) : code_is_name(code)))
			return false;
	}
	return true;
}

static void
put_atom(struct buf *out, struct str text, bool as_w)
{
	if (atom_is_plain(text))
		buf_add(out, text);
	else
		put_quoted(out, text, '\'', as_w);
}

/* --- funs: the runtime prints these, by rules of its own --- */

/* A name needs quotes by other rules, and reserved words need none. */
static bool
fun_name_is_plain(struct str text)
{
	uint32_t code;

	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len;) {
		bool first = i == 0;

		i += utf8_decode(text.ptr + i, text.len - i, &code);
		if (code == '@' ||
		    !(first ? code_is_lower(code) : code_is_name(code)))
			return false;
	}
	return true;
}

/* The bytes of its UTF-8 come out as one Latin-1 character each. */
static void
put_as_bytes(struct buf *out, uint32_t code)
{
	char bytes[UTF8_MAX];
	size_t len = utf8_encode(code, bytes);

	for (size_t i = 0; i < len; i++)
		put_code(out, (unsigned char)bytes[i]);
}

static void
put_fun_code(struct buf *out, uint32_t code)
{
	char letter = code == 27 || code == 127 ? 0 : short_escape(code);

	if (code == '\'' || code == '\\')
		buf_printf(out, "\\%c", (char)code);
	else if (letter)
		buf_printf(out, "\\%c", letter);
	else if (code < 32 || (code >= 128 && code < 160))
		buf_printf(out, "\\%03o", (unsigned)code);
	else
		put_as_bytes(out, code);
}

static void
put_fun_name(struct buf *out, struct str text)
{
	bool plain = fun_name_is_plain(text);
	uint32_t code;

	if (!plain)
		buf_putc(out, '\'');
	for (size_t i = 0; i < text.len;) {
		i += utf8_decode(text.ptr + i, text.len - i, &code);
		if (plain)
			put_as_bytes(out, code);
		else
			put_fun_code(out, code);
	}
	if (!plain)
		buf_putc(out, '\'');
}

/* --- lists and strings --- */

static bool
is_printable(uint32_t code)
{
	if (code < 32)
		return (code >= 8 && code <= 13) || code == 27;
	return code <= 0x7E || (code >= 0xA0 && code <= 0xD7FF) ||
	       (code >= 0xE000 && code <= 0xFFFD) ||
	       (code >= 0x10000 && code <= 0x10FFFF);
}

static bool
text_is_printable(struct str text)
{
	uint32_t code;

	for (size_t i = 0; i < text.len;) {
		size_t len = utf8_decode(text.ptr + i, text.len - i, &code);

		if (len == 0 || !is_printable(code))
			return false;
		i += len;
	}
	return true;
}

static bool
list_is_printable(const struct term *list)
{
	for (size_t i = 0; i < list->count; i++) {
		int64_t code;

		if (!term_int(&list->items[i], &code) || code < 0 ||
		    code > 0x10FFFF || !is_printable((uint32_t)code))
			return false;
	}
	return list->count > 0 && !list->improper;
}

static void
put_printable_list(struct buf *out, const struct term *list)
{
	buf_putc(out, '"');
	for (size_t i = 0; i < list->count; i++) {
		int64_t code = 0;

		term_int(&list->items[i], &code);
		put_quoted_code(out, (uint32_t)code, '"', false);
	}
	buf_putc(out, '"');
}

static void
put_items(struct buf *out, const struct term *term, bool as_w)
{
	for (size_t i = 0; i < term->count; i++) {
		if (i > 0)
			buf_putc(out, ',');
		terms_dump(out, &term->items[i], as_w);
	}
}

static void
put_list(struct buf *out, const struct term *list, bool as_w)
{
	if (!as_w && list_is_printable(list)) {
		put_printable_list(out, list);
		return;
	}
	buf_putc(out, '[');
	put_items(out, list, as_w);
	if (list->improper) {
		buf_putc(out, '|');
		terms_dump(out, &list->items[list->count], as_w);
	}
	buf_putc(out, ']');
}

static void
put_string(struct buf *out, struct str text, bool as_w)
{
	char separator = '[';

	if (!as_w && text_is_printable(text)) {
		put_quoted(out, text, '"', false);
		return;
	}
	for (size_t i = 0; i < text.len; separator = ',') {
		uint32_t code;

		i += utf8_decode(text.ptr + i, text.len - i, &code);
		buf_printf(out, "%c%u", separator, (unsigned)code);
	}
	buf_putc(out, ']');
}

static void
put_map(struct buf *out, const struct term *map, bool as_w)
{
	buf_puts(out, "#{");
	for (size_t i = 0; i + 1 < map->count; i += 2) {
		if (i > 0)
			buf_putc(out, ',');
		terms_dump(out, &map->items[i], as_w);
		buf_puts(out, " => ");
		terms_dump(out, &map->items[i + 1], as_w);
	}
	buf_putc(out, '}');
}

/* --- binaries --- */

static bool
is_ascii(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] > 127)
			return false;
	return true;
}

static bool
bytes_are_printable(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_printable((unsigned char)text.ptr[i]))
			return false;
	return true;
}

/* As text in quotes, where the bytes are printable UTF-8 or Latin-1. */
static bool
put_text_binary(struct buf *out, struct str text)
{
	bool utf8 = utf8_valid(text.ptr, text.len);

	if (utf8 ? !text_is_printable(text) : !bytes_are_printable(text))
		return false;
	buf_puts(out, "<<\"");
	for (size_t i = 0; i < text.len;) {
		uint32_t code = (unsigned char)text.ptr[i];

		i += utf8 ? utf8_decode(text.ptr + i, text.len - i, &code) : 1;
		put_quoted_code(out, code, '"', false);
	}
	buf_puts(out, utf8 && !is_ascii(text) ? "\"/utf8>>" : "\">>");
	return true;
}

static void
put_binary(struct buf *out, const struct term *term, bool as_w)
{
	struct str text = { (const char *)term->bytes, term->bits / 8 };
	unsigned rest = term->bits % 8;

	if (!as_w && rest == 0 && text.len > 0 && put_text_binary(out, text))
		return;
	buf_puts(out, "<<");
	for (size_t i = 0; i < text.len; i++)
		buf_printf(out, i ? ",%u" : "%u", term->bytes[i]);
	if (rest)
		buf_printf(out, text.len ? ",%u:%u" : "%u:%u",
		    term->bytes[text.len] >> (8 - rest), rest);
	buf_puts(out, ">>");
}

void
terms_dump(struct buf *out, const struct term *term, bool as_w)
{
	char number[NUMBER_FLOAT_MAX];

	switch (term->kind) {
	case TERM_ATOM: put_atom(out, term->text, as_w); return;
	case TERM_INTEGER: buf_add(out, term->text); return;
	case TERM_FLOAT:
		number_float(term->number, number);
		buf_puts(out, number);
		return;
	case TERM_STRING: put_string(out, term->text, as_w); return;
	case TERM_LIST: put_list(out, term, as_w); return;
	case TERM_TUPLE:
		buf_putc(out, '{');
		put_items(out, term, as_w);
		buf_putc(out, '}');
		return;
	case TERM_MAP: put_map(out, term, as_w); return;
	case TERM_BINARY: put_binary(out, term, as_w); return;
	case TERM_FUN:
		buf_puts(out, "fun ");
		put_fun_name(out, term->fun->module);
		buf_putc(out, ':');
		put_fun_name(out, term->fun->function);
		buf_printf(out, "/%.*s", STR_ARG(term->fun->arity));
		return;
	}
}

#include "certgen/pem_private.h"
/*
 * The text of a PEM file, line by line. Base64 is decoded here and not by
 * OpenSSL, whose decoder leaves parts of keys in memory.
 */
#include "certgen/pem.h"
#include "cfgparse/base/arena.h"

#include <string.h>

/* Those that exist have half of it (RFC 7468). */
enum { LABEL_MAX = 64 };

bool
pem_lines_next(struct pem_lines *lines)
{
	const char *newline;
	size_t len = lines->rest.len, taken = len;

	if (len == 0)
		return false;
	newline = memchr(lines->rest.ptr, '\n', len);
	if (newline) {
		len = (size_t)(newline - lines->rest.ptr);
		taken = len + 1;
	}
	lines->line = (struct str){ lines->rest.ptr, len };
	lines->rest.ptr += taken;
	lines->rest.len -= taken;
	lines->number++;
	return true;
}

static struct str
trim_end(struct str line)
{
	while (line.len > 0 && (unsigned char)line.ptr[line.len - 1] <= ' ')
		line.len--;
	return line;
}

static bool
starts(struct str text, const char *with)
{
	size_t len = strlen(with);

	return text.len >= len && memcmp(text.ptr, with, len) == 0;
}

static bool
ends(struct str text, const char *with)
{
	size_t len = strlen(with);

	return text.len >= len &&
	       memcmp(text.ptr + text.len - len, with, len) == 0;
}

/* A label that's none is text, perhaps a whole key on one line: it must never
 * be taken for something that may be shown. */
static bool
is_label(struct str label)
{
	size_t i;

	if (label.len > LABEL_MAX || memmem(label.ptr, label.len, "-----", 5))
		return false;
	for (i = 0; i < label.len; i++)
		if ((unsigned char)label.ptr[i] < ' ' ||
		    (unsigned char)label.ptr[i] >= 0x7f)
			return false;
	return true;
}

bool
pem_line_label(struct str line, const char *mark, struct str *label)
{
	size_t len = strlen(mark);

	if (!starts(line, mark))
		return false;
	line = trim_end(line);
	if (line.len < len + 5 || !ends(line, "-----"))
		return false;
	*label = (struct str){ line.ptr + len, line.len - len - 5 };
	return is_label(*label);
}

/* 0 to 63, 64 for a blank, 65 for padding, 66 for what is none of it. */
static unsigned
base64_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26u;
	if (c >= '0' && c <= '9')
		return c - '0' + 52u;
	switch (c) {
	case '+': return 62;
	case '/': return 63;
	case ' ':
	case '\t':
	case '\r':
	case '\n': return 64;
	case '=': return 65;
	default: return 66;
	}
}

size_t
pem_decode(struct str text, char *out)
{
	uint32_t bits = 0;
	size_t i, done = 0, digits = 0, padding = 0;

	for (i = 0; i < text.len; i++) {
		unsigned value = base64_value((unsigned char)text.ptr[i]);

		if (value == 64)
			continue;
		if (value == 66 || (padding > 0 && value != 65))
			return 0;
		if (value == 65) {
			padding++;
			continue;
		}
		bits = bits << 6 | value;
		if (++digits % 4 != 0)
			continue;
		out[done++] = (char)(bits >> 16);
		out[done++] = (char)(bits >> 8);
		out[done++] = (char)bits;
	}
	if ((digits + padding) % 4 != 0 || padding > 2)
		return 0;
	if (padding == 1) {
		out[done++] = (char)(bits >> 10);
		out[done++] = (char)(bits >> 2);
	} else if (padding == 2) {
		out[done++] = (char)(bits >> 4);
	}
	return done;
}

/* Without the headers that an old kind of block has before an empty line. */
static struct str
skip_headers(struct str body)
{
	struct pem_lines lines = { .rest = body };

	if (!pem_lines_next(&lines) ||
	    !memchr(lines.line.ptr, ':', lines.line.len))
		return body;
	while (pem_lines_next(&lines))
		if (trim_end(lines.line).len == 0)
			break;
	return lines.rest;
}

static enum pem_kind
block_kind(struct str label, struct str body)
{
	if (ends(label, "PRIVATE KEY"))
		return str_is(label, "ENCRYPTED PRIVATE KEY") ||
			       starts(body, "Proc-Type: 4,ENCRYPTED")
			   ? PEM_KEY_ENCRYPTED
			   : PEM_KEY;
	if (str_is(label, "CERTIFICATE") || str_is(label, "X509 CERTIFICATE") ||
	    str_is(label, "TRUSTED CERTIFICATE"))
		return PEM_CERTIFICATE;
	return PEM_OTHER;
}

/* True for "-----END LABEL-----" and something behind it: two files were put
 * together of which the first had no line feed at its end. */
static bool
shares_line(struct str line, struct str label)
{
	size_t mark = strlen(PEM_END);

	if (!starts(line, PEM_END) || line.len <= mark + label.len + 5)
		return false;
	line.ptr += mark;
	line.len -= mark;
	return memcmp(line.ptr, label.ptr, label.len) == 0 &&
	       memcmp(line.ptr + label.len, "-----", 5) == 0;
}

/* Reads from behind a BEGIN line to the block's END, or to where the next
 * block begins without one. */
static void
block_read(struct pem *pem, struct pem_lines *lines, struct pem_block *b,
    size_t *decoded)
{
	const char *begin = lines->line.ptr, *body = lines->rest.ptr;
	const char *end = body;
	struct pem_lines ahead = *lines;
	struct str other, inner;

	b->line = lines->number;
	while (pem_lines_next(&ahead)) {
		if (pem_line_label(ahead.line, PEM_BEGIN, &other))
			break;
		end = ahead.line.ptr;
		*lines = ahead;
		if (pem_line_label(ahead.line, PEM_END, &other)) {
			b->complete = str_eq(b->label, other);
			break;
		}
		if (starts(ahead.line, PEM_END)) {
			b->shares_line = shares_line(ahead.line, b->label);
			break;
		}
	}
	inner = (struct str){ body, (size_t)(end - body) };
	b->kind = block_kind(b->label, inner);
	b->text = (struct str){ begin, (size_t)(lines->rest.ptr - begin) };
	if (!b->complete)
		return;
	b->der.ptr = pem->ders + *decoded;
	b->der.len = pem_decode(skip_headers(inner), pem->ders + *decoded);
	*decoded += b->der.len;
}

/* A line outside of the blocks. */
static void
outside(struct pem *pem, const struct pem_lines *lines)
{
	struct str line = trim_end(lines->line);

	if (line.len == 0)
		return;
	if (memmem(line.ptr, line.len, PEM_BEGIN, strlen(PEM_BEGIN))) {
		if (!pem->hidden_line) {
			pem->hidden_line = lines->number;
			pem->runs_on = starts(line, PEM_BEGIN);
		}
	} else if (!pem->text_line) {
		pem->text_line = lines->number;
	}
}

void
pem_split(struct arena *arena, struct pem *pem)
{
	struct pem_lines lines = { .rest = pem->bytes };
	const char *cr = memchr(pem->bytes.ptr, '\r', pem->bytes.len);
	size_t decoded = 0;
	struct str label;

	pem->byte_order = starts(pem->bytes, "\xef\xbb\xbf");
	while (pem_lines_next(&lines)) {
		struct pem_block *block;

		if (cr && !pem->crlf_line && cr < lines.rest.ptr)
			pem->crlf_line = lines.number;
		if (!pem_line_label(lines.line, PEM_BEGIN, &label)) {
			outside(pem, &lines);
			continue;
		}
		if (pem->count == PEM_BLOCKS_MAX) {
			pem->too_many = true;
			break;
		}
		block = &pem->blocks[pem->count++];
		block->label = arena_str(arena, label);
		block_read(pem, &lines, block, &decoded);
	}
}

struct str
pem_excerpts(struct arena *arena, const struct pem *pem)
{
	struct pem_lines lines = { .rest = pem->bytes };
	char *text = arena_alloc(arena, pem->bytes.len + 2);
	struct str label;
	size_t len = 0;

	while (pem_lines_next(&lines)) {
		if (pem_line_label(lines.line, PEM_BEGIN, &label) ||
		    pem_line_label(lines.line, PEM_END, &label)) {
			memcpy(text + len, lines.line.ptr, lines.line.len);
			len += lines.line.len;
		}
		text[len++] = '\n';
	}
	return (struct str){ text, len };
}

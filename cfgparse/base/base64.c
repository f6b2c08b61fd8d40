#include "cfgparse/base/base64.h"

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789+/";

static void
encode_group(const unsigned char *in, size_t len, char out[4])
{
	uint32_t bits = (uint32_t)in[0] << 16;

	if (len > 1)
		bits |= (uint32_t)in[1] << 8;
	if (len > 2)
		bits |= in[2];
	out[0] = alphabet[bits >> 18];
	out[1] = alphabet[bits >> 12 & 63];
	out[2] = len > 1 ? alphabet[bits >> 6 & 63] : '=';
	out[3] = len > 2 ? alphabet[bits & 63] : '=';
}

void
base64_encode(struct buf *out, const void *bytes, size_t len)
{
	const unsigned char *in = bytes;

	while (len) {
		size_t part = len < 3 ? len : 3;

		encode_group(in, part, buf_reserve(out, 4));
		buf_commit(out, 4);
		in += part;
		len -= part;
	}
}

/* 0 to 63, or -1 for a character outside the alphabet. */
static int
value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* How many of the last group's characters are padding. */
static size_t
padding_of(struct str text)
{
	if (text.len == 0 || text.ptr[text.len - 1] != '=')
		return 0;
	return text.ptr[text.len - 2] == '=' ? 2 : 1;
}

/* A group whose last `padding` characters are no data. */
static bool
decode_group(const char *in, size_t padding, char out[3])
{
	uint32_t bits = 0;

	for (size_t i = 0; i < 4; i++) {
		int value = i < 4 - padding ? value_of(in[i]) : 0;

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
	}
	/* One byte takes 12 bits of text, two take 18: the rest is zero, or
	 * one value would have several spellings. */
	if ((padding == 2 && bits & 0xFFFF) || (padding == 1 && bits & 0xFF))
		return false;
	out[0] = (char)(bits >> 16);
	out[1] = (char)(bits >> 8);
	out[2] = (char)bits;
	return true;
}

bool
base64_decode(struct str text, size_t limit, struct buf *out)
{
	size_t padding, len, used = 0;
	char *to;

	if (text.len % 4 != 0)
		return false;
	padding = padding_of(text);
	len = text.len / 4 * 3 - padding;
	if (len > limit)
		return false;
	/* The last group is written whole before it is cut. */
	to = buf_reserve(out, len + 2);
	for (size_t at = 0; at < text.len; at += 4, used += 3) {
		bool last = at + 4 == text.len;

		if (!decode_group(
			text.ptr + at, last ? padding : 0, to + used)) {
			*to = '\0';
			return false;
		}
	}
	buf_commit(out, len);
	return true;
}

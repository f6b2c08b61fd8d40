#include "cfgparse/base/utf8.h"

#include <string.h>

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* Bytes of a sequence by its first byte; 0 where none starts with it. */
static size_t
sequence_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first <= 0xDF)
		return 2;
	if (first >= 0xE0 && first <= 0xEF)
		return 3;
	if (first >= 0xF0 && first <= 0xF4)
		return 4;
	return 0;
}

static bool
is_scalar(uint32_t code)
{
	return code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

size_t
utf8_decode(const char *p, size_t len, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	static const unsigned char mask[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	size_t need;
	uint32_t value;

	if (len == 0)
		return 0;
	need = sequence_length((unsigned char)p[0]);
	if (need == 0 || need > len)
		return 0;
	value = (unsigned char)p[0] & mask[need];
	for (size_t i = 1; i < need; i++) {
		if (!is_continuation(p[i]))
			return 0;
		value = value << 6 | ((unsigned char)p[i] & 0x3F);
	}
	if (value < least[need] || !is_scalar(value))
		return 0;
	*code = value;
	return need;
}

size_t
utf8_encode(uint32_t code, char out[UTF8_MAX])
{
	if (!is_scalar(code))
		return 0;
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xC0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xE0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3F));
		out[2] = (char)(0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3F));
	out[2] = (char)(0x80 | (code >> 6 & 0x3F));
	out[3] = (char)(0x80 | (code & 0x3F));
	return 4;
}

/* Bytes of ASCII that the text begins with, or a few less. */
static size_t
ascii_run(const char *p, size_t len)
{
	uint64_t word[4];
	size_t at = 0;

	for (; len - at >= sizeof(word); at += sizeof(word)) {
		memcpy(word, p + at, sizeof(word));
		if ((word[0] | word[1] | word[2] | word[3]) &
		    0x8080808080808080)
			break;
	}
	return at;
}

size_t
utf8_prefix(const char *p, size_t len)
{
	uint32_t code;
	size_t at = 0;

	while (at < len) {
		size_t run = ascii_run(p + at, len - at), used = 1;

		at += run;
		for (int i = 0; i < 64 && at < len && used; i++) {
			used = utf8_decode(p + at, len - at, &code);
			at += used;
		}
		if (!used)
			break;
	}
	return at;
}

bool
utf8_valid(const char *p, size_t len)
{
	return utf8_prefix(p, len) == len;
}

size_t
utf8_count(const char *p, size_t len)
{
	size_t count = 0;
	uint32_t code;

	for (size_t i = 0; i < len; count++) {
		size_t used = utf8_decode(p + i, len - i, &code);

		i += used ? used : 1;
	}
	return count;
}

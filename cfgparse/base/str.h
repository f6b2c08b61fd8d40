#ifndef BASE_STR_H
#define BASE_STR_H
/*
 * A borrowed run of bytes: pointer and length, not NUL-terminated, owned by
 * somebody else. Knows nothing of encodings.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *ptr;
	size_t len;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
/* For printf's %.*s. */
#define STR_ARG(s) (int)(s).len, (s).ptr

/* Views a NUL-terminated string; NULL gives the empty view. */
static inline struct str
str_of(const char *text)
{
	return (struct str){ text, text ? strlen(text) : 0 };
}

/* Names are short: a call for their few bytes takes longer than they do. */
static inline bool
str_same_bytes(const char *a, const char *b, size_t len)
{
	uint64_t x, y;
	uint32_t u, v;

	if (len > 32)
		return memcmp(a, b, len) == 0;
	if (len >= 8) {
		for (size_t i = 0; i < len - 8; i += 8) {
			memcpy(&x, a + i, 8);
			memcpy(&y, b + i, 8);
			if (x != y)
				return false;
		}
		memcpy(&x, a + len - 8, 8);
		memcpy(&y, b + len - 8, 8);
		return x == y;
	}
	if (len >= 4) {
		memcpy(&u, a, 4);
		memcpy(&v, b, 4);
		if (u != v)
			return false;
		memcpy(&u, a + len - 4, 4);
		memcpy(&v, b + len - 4, 4);
		return u == v;
	}
	return len == 0 || (a[0] == b[0] && a[len / 2] == b[len / 2] &&
			       a[len - 1] == b[len - 1]);
}

/* True where both hold the same bytes. */
static inline bool
str_eq(struct str a, struct str b)
{
	return a.len == b.len && str_same_bytes(a.ptr, b.ptr, a.len);
}

/* True where s holds exactly the bytes of the NUL-terminated text. */
static inline bool
str_is(struct str s, const char *text)
{
	return str_eq(s, str_of(text));
}

/* True where no byte is over 127. */
static inline bool
str_is_ascii(struct str s)
{
	uint64_t word, high = 0;
	size_t i = 0;

	for (; i + 8 <= s.len; i += 8) {
		memcpy(&word, s.ptr + i, 8);
		high |= word;
	}
	for (; i < s.len; i++)
		high |= (unsigned char)s.ptr[i];
	return !(high & 0x8080808080808080ULL);
}

static inline bool
str_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Takes the next word between blanks off the line; false at its end. */
static inline bool
str_word(struct str *line, struct str *word)
{
	size_t len = 0;

	while (line->len && str_is_blank(line->ptr[0])) {
		line->ptr++;
		line->len--;
	}
	while (len < line->len && !str_is_blank(line->ptr[len]))
		len++;
	*word = (struct str){ line->ptr, len };
	line->ptr += len;
	line->len -= len;
	return len > 0;
}

#endif

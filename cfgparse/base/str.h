#ifndef BASE_STR_H
#define BASE_STR_H
/*
 * A borrowed run of bytes: pointer and length, not NUL-terminated, owned by
 * somebody else. Knows nothing of encodings.
 */
#include <stdbool.h>
#include <stddef.h>
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

/* True where both hold the same bytes. */
static inline bool
str_eq(struct str a, struct str b)
{
	return a.len == b.len &&
	       (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* True where s holds exactly the bytes of the NUL-terminated text. */
static inline bool
str_is(struct str s, const char *text)
{
	return str_eq(s, str_of(text));
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

#ifndef BASE_UTF8_H
#define BASE_UTF8_H
/*
 * UTF-8 as RFC 3629 defines it: no over-long forms, no surrogates, nothing
 * over U+10FFFF.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_MAX = 4 };

/*
 * Reads one character of the len bytes at p. Returns how many bytes it has
 * (1 to 4) and its code point, or 0 where the bytes are ill-formed or cut.
 */
size_t utf8_decode(const char *p, size_t len, uint32_t *code);
/* Writes a code point; returns its bytes, 0 for a surrogate or too large. */
size_t utf8_encode(uint32_t code, char out[UTF8_MAX]);
/* How many bytes at p are well-formed, up to the first that aren't. */
size_t utf8_prefix(const char *p, size_t len);
/* True where all len bytes are well-formed. */
bool utf8_valid(const char *p, size_t len);
/* Characters in len bytes; an ill-formed byte counts as one. */
size_t utf8_count(const char *p, size_t len);

#endif

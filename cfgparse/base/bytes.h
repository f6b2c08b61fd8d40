#ifndef BASE_BYTES_H
#define BASE_BYTES_H
/*
 * Looking for something rare in a long text: many bytes at a time, by a loop
 * that compilers turn into vector instructions.
 */
#include <stddef.h>

#include "cfgparse/base/str.h"

/* The first place from `at` on where the byte stands with one of the two
 * behind it; text.len where there's none. */
size_t bytes_pair(
    struct str text, size_t at, char first, const char seconds[2]);
/* The same where the first byte itself is rare. */
size_t bytes_rare_pair(
    struct str text, size_t at, char first, const char seconds[2]);
/* True where the needle, of two bytes at least, stands in the text. Its last
 * two bytes should be a rare pair, or (rare_end) its last byte rare. */
bool bytes_have(struct str text, struct str needle, bool rare_end);

#endif

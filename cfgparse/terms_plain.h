#ifndef CFGPARSE_TERMS_PLAIN_H
#define CFGPARSE_TERMS_PLAIN_H
/*
 * The short way through plain terms, which nearly all of a configuration
 * consists of: tuples and lists of ASCII names, quoted texts without escapes
 * and decimal integers. At anything else, right or wrong, it gives up without
 * a word, and the parser reads that term from its beginning. So it decides
 * nothing: what it accepts is what the parser would have made of it.
 * Private to the terms reader.
 */
#include <stdbool.h>
#include <stdint.h>

#include "cfgparse/base/str.h"
#include "cfgparse/term.h"

struct arena;
struct plain;

/*
 * Reads from the text, which must be UTF-8 unless latin1 is set. The children
 * of terms go to the arena and their texts point into the text; with an arena
 * of NULL nothing is built. destroy it.
 */
struct plain *plain_create(struct arena *arena, const struct term_file *file,
    struct str text, bool latin1);
void plain_destroy(struct plain **plain);
/* Reads the term at the byte, or behind the blanks and comments there. *end is
 * then the byte behind its dot; false where the parser must have a look, also
 * at the end of the text. */
bool plain_read(
    struct plain *plain, uint32_t at, uint32_t *end, struct term *term);

#endif

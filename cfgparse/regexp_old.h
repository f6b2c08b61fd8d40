#ifndef CFGPARSE_REGEXP_OLD_H
#define CFGPARSE_REGEXP_OLD_H
/*
 * The patterns of Erlang's old module regexp, which ejabberd up to 2.1.9 has
 * where later ones have Perl's: a character, . ^ $ [...] [^...] | + * ? (...)
 * and the escapes of Erlang's strings, and nothing else.
 */
#include <stdbool.h>

#include "cfgparse/base/str.h"

enum { REGEXP_OLD_MAX = 80 }; /* bytes of an answer */

/* True where the old module reads a pattern of Perl's otherwise, or not at all;
 * what is a clause about the first such part ("it takes \d for the delete
 * character"), instead what to write, both with a NUL at their end. */
bool regexp_old_differs(struct str pattern, char what[REGEXP_OLD_MAX],
    char instead[REGEXP_OLD_MAX]);

#endif

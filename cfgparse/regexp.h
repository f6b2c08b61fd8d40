#ifndef CFGPARSE_REGEXP_H
#define CFGPARSE_REGEXP_H
/*
 * Patterns of acls: regular expressions in Perl's language, as ejabberd has
 * them from 2.1.10 on, and shell patterns, which it turns into such. Whoever
 * writes the pattern can't make a match take long: one that needs too many
 * steps doesn't match.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/str.h"

struct regexp;

enum { REGEXP_WHY_MAX = 160, REGEXP_PATTERN_MAX = 1024 };

/* What is wrong with a pattern. */
struct regexp_error {
	char why[REGEXP_WHY_MAX]; /* a clause: "a ) is missing" */
	size_t at;		  /* byte of the pattern; 0 where unknown */
};

/* NULL where the pattern is none: *error says why. unicode: characters rather
 * than bytes are matched. Destroy it with regexp_destroy. */
struct regexp *regexp_create(
    struct str pattern, bool unicode, struct regexp_error *error);
/* The same for a shell pattern of * ? [...], as a whole text. */
struct regexp *regexp_create_glob(
    struct str pattern, bool unicode, struct regexp_error *error);
void regexp_destroy(struct regexp **regexp);
/* Bytes that its compiled form takes. */
size_t regexp_size(const struct regexp *regexp);
/* True where it matches somewhere in the text. Any thread may call it. */
bool regexp_matches(const struct regexp *regexp, struct str text);

#endif

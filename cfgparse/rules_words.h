#ifndef CFGPARSE_RULES_WORDS_H
#define CFGPARSE_RULES_WORDS_H
/*
 * Texts that the rules of several families read and write.
 */
#include "cfgparse/lint.h"

/* The text of an atom, a string or an integer; false for all else. Lives as
 * long as the lint's arena. */
bool lint_word(struct lint *lint, const struct term *term, struct str *text);
/* The entry that runs a module without options, as the file of the term
 * would have it: {mod_x, []} or mod_x: {}. In the lint's arena. */
const char *lint_module(
    struct lint *lint, const struct term *near, const char *module);
/* " for HOST", or "" for all hosts. In the lint's arena. */
const char *lint_for_host(struct lint *lint, const struct model_host *host);
/* True where the target is this server, which reads what the newest release
 * does, or a release of ejabberd from that one on (year * 100 + month). */
bool lint_release_from(const struct lint *lint, unsigned release);
/* How many children a list or map has; 0 for all else. */
size_t lint_pairs(const struct term *term);
/* The i-th {Key, Value} of a list or map; false where it isn't one. */
bool lint_pair(const struct term *term, size_t i, const struct term **key,
    const struct term **value);

/* The value of the option that holds for all hosts, or NULL. */
const struct term *lint_global(struct lint *lint, const char *option);

#endif

#ifndef CFGPARSE_LINT_EDIT_H
#define CFGPARSE_LINT_EDIT_H
/*
 * The edits that rules give with their findings, told by terms. What a macro
 * brought in gets none: other uses of the macro may need it as it is.
 */
#include <stdbool.h>

#include "cfgparse/findings.h"
#include "cfgparse/term.h"

/* The term becomes the text, which is copied. Does nothing for NULL. */
void edit_replace(struct finding *finding, bool safe, const struct term *at,
    const char *text);
/* "did you mean NAME?", with an edit (no safe one) that writes it in the
 * quotes that the term has. */
void edit_meant(
    struct finding *finding, const struct term *at, const char *name);
/*
 * Takes out what reaches from one term to the end of another (the same, or a
 * key and its value): an item of a list, an option, or a term of the file,
 * with its comma, dot or line. No edit where the text between it and its
 * neighbours isn't as simple as that. It must not be the only one in YAML's
 * block style.
 */
void edit_remove(struct finding *finding, bool safe, const struct term *from,
    const struct term *to);

#endif

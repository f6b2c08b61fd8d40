#ifndef CFGPARSE_ACL_VALUE_H
#define CFGPARSE_ACL_VALUE_H
/*
 * The values of acls in the form that they are compared in.
 */
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/model.h"

enum { ACL_WHY_MAX = 128 };

/* True where values of the form are regular expressions. */
bool acl_is_regexp(enum model_form form);
/* Turns the NUL-terminated text of len bytes into lower case; false where no
 * prepared user name can hold it. */
bool acl_prepare(char *text, size_t len);
/* NULL, and why, where the pattern is none or takes too much. regfree and
 * free it. */
regex_t *acl_compile(const char *pattern, char why[ACL_WHY_MAX]);

#endif

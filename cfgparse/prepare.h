#ifndef CFGPARSE_PREPARE_H
#define CFGPARSE_PREPARE_H
/*
 * The forms that the parts of an address, and what SASL carries, are compared
 * in. Domain names have theirs in hostname.h. Shared by what configurations
 * name and by what comes over the wire, so that both compare alike.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/str.h"

enum { PREPARE_MAX = 1023 }; /* bytes of a part of an address */

/* Each fills out, which has room for PREPARE_MAX + 1. *len is the length (out
 * is NUL-terminated too). False where forbidden, empty or too long. */
/* The part before the @, by nodeprep. */
bool prepare_local(struct str in, char *out, size_t *len);
/* What stands behind the slash, by resourceprep. */
bool prepare_resource(struct str in, char *out, size_t *len);
/* User names and passwords in SASL, by SASLprep (RFC 4013). */
bool prepare_sasl(struct str in, char *out, size_t *len);

#endif

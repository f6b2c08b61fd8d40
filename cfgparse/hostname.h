#ifndef CFGPARSE_HOSTNAME_H
#define CFGPARSE_HOSTNAME_H
/*
 * Domain names as hosts: validity, comparison form, and the two IDN forms
 * (IDNA2008, non-transitional). Shared by all checkers and by JIDs.
 */
#include <stdbool.h>

#include "cfgparse/base/str.h"

enum { HOSTNAME_MAX = 1023 }; /* bytes of a prepared name, RFC 7622 3.2 */

/*
 * The form that names are compared in: lower case, A-labels turned into
 * U-labels, NFC, no final dot. IP literals in brackets and IPv4 addresses
 * pass. False where it isn't a host name; out is then undefined.
 */
bool hostname_prepare(struct str name, char out[HOSTNAME_MAX + 1]);
/* The A-label form (what DNS asks and dNSName holds), at most 253 bytes;
 * false where there is none. */
bool hostname_to_ascii(struct str name, char out[HOSTNAME_MAX + 1]);

#endif

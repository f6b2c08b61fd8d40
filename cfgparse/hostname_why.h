#ifndef CFGPARSE_HOSTNAME_WHY_H
#define CFGPARSE_HOSTNAME_WHY_H
/*
 * Why a text is no host name, in words for people, and what was probably
 * meant.
 */
#include <stdbool.h>

#include "cfgparse/base/str.h"
#include "cfgparse/hostname.h"

/* What is wrong with a name that hostname_prepare refuses ("a space stands
 * in it"), in static memory. */
const char *hostname_why(struct str name);
/* The name inside of a JID, a URL, HOST:PORT or what has dots, blanks or
 * hyphens too many, prepared; false where none can be told. */
bool hostname_mend(struct str name, char out[HOSTNAME_MAX + 1]);
/* True where a label of the name is an A-label (xn--). */
bool hostname_has_a_label(struct str name);
/* True where one label mixes letters of Latin, Greek and Cyrillic: they look
 * alike, and the name isn't the one that it seems to be. */
bool hostname_is_mixed(struct str name);

#endif

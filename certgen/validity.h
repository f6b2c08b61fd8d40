#ifndef CERTGEN_VALIDITY_H
#define CERTGEN_VALIDITY_H
/*
 * How long certificates may be valid: what public authorities are held to
 * (CA/Browser Forum, Baseline Requirements, section 6.3.2, as ballot SC-081v3
 * changed it), and what --days takes.
 */
#include <stdbool.h>
#include <time.h>

/* The most days for a certificate that a public authority signs at that
 * time. */
int validity_public(time_t at);
/* Reads a number of days, 1 to CERT_DAYS_MAX, or "public" (what holds now),
 * "public-2027", "public-2029". A preset is a day less than the limit, as the
 * Requirements recommend, so that clocks don't matter. */
bool validity_parse(const char *text, time_t now, int *days);

#endif

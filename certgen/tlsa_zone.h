#ifndef CERTGEN_TLSA_ZONE_H
#define CERTGEN_TLSA_ZONE_H
/*
 * TLSA records as lines of a zone file, and the plan by which one key takes
 * the place of another without a moment in which neither matches.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "certgen/tlsa_scope.h"

struct x509_st;

enum { TLSA_TTL_DEFAULT = 3600, TLSA_TTL_MAX = 604800 };

/* A PEM that is or will be served. */
struct tlsa_served {
	const char *path;
	const struct x509_st *leaf;
};

/* Prints 3 1 1 and 3 0 1 for each place; false where OpenSSL fails. */
bool tlsa_zone_print(const struct tlsa_served *served,
    const struct tlsa_places *places, uint32_t ttl, FILE *out);

struct tlsa_plan {
	struct tlsa_served old;
	struct tlsa_served next;
	const struct tlsa_places *places;
	uint32_t ttl;  /* of the records that are printed */
	uint32_t wait; /* of those that caches may still have */
	time_t now;
};

/* Prints the lines of both, and when to do what, as comments between them. */
bool tlsa_plan_print(const struct tlsa_plan *plan, FILE *out);

#endif

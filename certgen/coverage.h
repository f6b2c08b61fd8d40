#ifndef CERTGEN_COVERAGE_H
#define CERTGEN_COVERAGE_H
/*
 * Whom a set of certificates speaks for together: the same answers as
 * pem_identity_covers, for many names and many hosts in one step each.
 */
#include "cfgparse/base/map.h"

struct pem_identity;

/* Zero-initialised is a valid empty set. Fields are private. */
struct coverage {
	struct map ascii;   /* A-labels, perhaps "*." before them -> services */
	struct map unicode; /* U-labels and addresses -> services */
};

/* Frees what the set has outside its own struct. */
void coverage_fini(struct coverage *coverage);
/* Adds what the certificate speaks for; nothing is kept of it. */
void coverage_add(
    struct coverage *coverage, const struct pem_identity *identity);
/* A set of enum pem_service, 0 for none; host in any form of its name. */
unsigned coverage_of(const struct coverage *coverage, const char *host);

#endif

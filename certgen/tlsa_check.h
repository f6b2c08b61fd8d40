#ifndef CERTGEN_TLSA_CHECK_H
#define CERTGEN_TLSA_CHECK_H
/*
 * The judge of TLSA records: compares what the DNS has at each place where a
 * PEM is served with what is in it (RFC 7673, RFC 7671).
 */
#include <stdbool.h>

#include "certgen/tlsa_scope.h"

struct findings;

/* What the records are compared for. */
struct tlsa_demand {
	const struct tlsa_scope *scope; /* with dns */
	const struct cert_hosts *hosts; /* none: those in the certificate */
	const char *next;		/* the PEM that is to follow, or NULL */
};

/*
 * Judges; findings point to the PEM's certificate. A PEM without one is not
 * judged: that is another judge's finding. The arena has to outlive the
 * findings' rendering. False where questions stayed open, which is a finding
 * too, or where next can't be read, which is said on stderr.
 */
bool tlsa_check(struct arena *arena, const char *path,
    const struct tlsa_demand *demand, struct findings *findings);

#endif

#ifndef CERTGEN_SEVERAL_H
#define CERTGEN_SEVERAL_H
/*
 * Certificates of one configuration that compete for a host: which of them a
 * server takes is anybody's guess. One with another kind of key does not.
 */
#include <stdbool.h>

#include "cfgparse/base/map.h"

struct arena;
struct cert_hosts;
struct findings;
struct span;

/* Zero-initialised but for the arena and the hosts, which outlive it. */
struct several {
	struct arena *arena;
	const struct cert_hosts *hosts; /* those that matter; NULL: all */
	/* No configuration names them together: perhaps nobody serves both. */
	bool unsure;
	struct map wanted; /* private: their names */
	struct map seen;   /* private: kind and name -> file */
};

/* Looks at one more file; named is as in struct pem_demand. A file that can't
 * be read or has no certificate is passed over. */
void several_add(struct several *several, const char *path,
    const struct span *named, struct findings *findings);
void several_fini(struct several *several);

#endif

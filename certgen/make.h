#ifndef CERTGEN_MAKE_H
#define CERTGEN_MAKE_H
/*
 * Makes a self-signed PEM at a path, under the rules for what may be there
 * already: a key is never lost and never replaced unasked.
 */
#include <stdbool.h>

#include "certgen/key.h"
#include "certgen/pem_write.h"

struct arena;
struct cert_hosts;

enum make_existing {
	MAKE_REFUSE, /* an existing file is an error */
	MAKE_RENEW,  /* a new certificate for the key that's there */
	MAKE_ROTATE, /* a new key too */
};

struct make_order {
	const struct cert_hosts *hosts; /* at least one */
	struct key_kind kind;		/* of a new key */
	int days;
	struct pem_owner owner;
	enum make_existing existing;
};

/* What was made; texts are in the arena. */
struct made_pem {
	const char *path;   /* where it really is */
	const char *backup; /* the file that it replaced, or NULL */
	const char *key;    /* "ECDSA P-256" */
	const char *until;  /* "2028-11-21" */
};

/*
 * Makes the PEM. False where it can't or must not: *why says in a sentence
 * why and what to do, and nothing has changed. To renew or rotate, a PEM that
 * is self-signed must be there: one that an authority signed is not replaced.
 */
bool make_pem(struct arena *arena, const char *path,
    const struct make_order *order, struct made_pem *made, const char **why);

#endif

#ifndef CERTGEN_MAKE_H
#define CERTGEN_MAKE_H
/*
 * Makes a PEM at a path, self-signed or signed by an authority of one's own,
 * under the rules for what may be there already: a key is never lost and never
 * replaced unasked.
 */
#include <stdbool.h>

#include "certgen/key.h"
#include "certgen/pem_write.h"

struct arena;
struct authority;
struct cert_hosts;
struct x509_st;

enum make_existing {
	MAKE_REFUSE, /* an existing file is an error */
	MAKE_RENEW,  /* a new certificate for the key that's there */
	MAKE_ROTATE, /* a new key too */
};

struct make_order {
	/* At least one; NULL, to renew or rotate: names stay as they are. */
	const struct cert_hosts *hosts;
	bool wildcard;
	const struct authority *authority; /* NULL: it signs itself */
	struct key_kind kind;		   /* of a new key */
	int days;
	struct pem_owner owner;
	enum make_existing existing;
	bool separate; /* certificate and key in files of their own */
};

/* What was made; texts are in the arena. */
struct made_pem {
	const char *path;	/* where it really is */
	const char *backup;	/* the file that it replaced, or NULL */
	const char *key_path;	/* of the key's own file, or NULL */
	const char *key_backup; /* likewise */
	const char *key;	/* "ECDSA P-256" */
	const char *until;	/* "2028-11-21" */
	const char *signer;	/* the authority's name, or NULL */
};

/* The two files of a PEM that is kept apart: its path ends in .crt or .key
 * instead of .pem, as Prosody and its users name them. In the arena. */
const char *make_cert_path(struct arena *arena, const char *path);
const char *make_key_path(struct arena *arena, const char *path);

/*
 * Makes the PEM. False where it can't or must not: *why says in a sentence
 * why and what to do, and nothing has changed. To renew or rotate, a PEM that
 * is self-signed, or signed by the order's own authority, must be there: one
 * that another authority signed is not replaced.
 */
bool make_pem(struct arena *arena, const char *path,
    const struct make_order *order, struct made_pem *made, const char **why);

/* The last day of the certificate, "2028-11-21", in the arena. */
const char *make_day(struct arena *arena, const struct x509_st *cert);

#endif

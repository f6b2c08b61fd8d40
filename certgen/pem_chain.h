#ifndef CERTGEN_PEM_CHAIN_H
#define CERTGEN_PEM_CHAIN_H
/*
 * Which certificate signed which: the way from a server's certificate up, and
 * what of a heap of certificates has no part in it. Knows no trust store: where
 * the way ends it can't tell whether the next one is known to clients.
 */
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "certgen/pem.h"

struct x509_st;

enum { CHAIN_MAX = PEM_BLOCKS_MAX };

enum chain_role {
	CHAIN_NOTHING, /* there is no certificate */
	CHAIN_LEAF,
	CHAIN_STEP,	 /* signed the one before it on the way up */
	CHAIN_OTHER_WAY, /* signed one of them too: a cross-sign */
	CHAIN_FOREIGN,	 /* signed none of them */
	CHAIN_DUPLICATE, /* the same as an earlier one */
};

struct chain {
	struct x509_st *const *certs; /* NULL: nothing there */
	size_t count;
	enum chain_role roles[CHAIN_MAX];
	size_t same[CHAIN_MAX];	 /* of a duplicate: which one it repeats */
	bool root[CHAIN_MAX];	 /* signed by itself */
	size_t steps[CHAIN_MAX]; /* the way up, the leaf first */
	size_t step_count;
	/* Private: so many signatures may still be verified. */
	int verify_budget;
};

/* Finds the way up from certs[leaf]; the certificates, at most CHAIN_MAX, have
 * to outlive *out. Of two that signed the same one, that which is valid now is
 * taken, then that which stands behind it. */
void chain_find(struct x509_st *const *certs, size_t count, size_t leaf,
    time_t now, struct chain *out);
/* True where certs[issuer] signed certs[subject]. */
bool chain_issued(struct chain *chain, size_t issuer, size_t subject);

#endif

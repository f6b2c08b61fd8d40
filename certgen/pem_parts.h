#ifndef CERTGEN_PEM_PARTS_H
#define CERTGEN_PEM_PARTS_H
/*
 * A heap of certificates and keys out of files of any form (PEM with whatever
 * is around it, DER, PKCS#12), and the one order that servers want made of it.
 * Writes nothing.
 */
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "certgen/pem.h"
#include "cfgparse/base/buf.h"

enum { PEM_KEYS_MAX = 8 };

/* Zero-initialised is an empty heap. */
struct pem_parts {
	struct x509_st *certs[PEM_BLOCKS_MAX];
	size_t cert_count;
	struct evp_pkey_st *keys[PEM_KEYS_MAX];
	size_t key_count;
	/* What reading left out or changed, a line each: "takes the CR at the
	 * ends of lines away". */
	struct buf notes;
};

/*
 * Adds what is in the file. passphrase is for encrypted keys and PKCS#12, or
 * NULL. False: *why (in the arena) says in a sentence why it can't; what was
 * added before stays.
 */
bool pem_parts_add(struct arena *arena, struct pem_parts *parts,
    const char *path, const char *passphrase, const char **why);
/* The same for bytes; name is for messages. */
bool pem_parts_add_bytes(struct arena *arena, struct pem_parts *parts,
    const char *name, struct str bytes, const char *passphrase,
    const char **why);
void pem_parts_fini(struct pem_parts *parts);

/* The order: everything is the heap's. */
struct pem_order {
	struct x509_st *cert; /* NULL: there is none */
	struct x509_st *chain[PEM_BLOCKS_MAX];
	size_t chain_count;
	struct evp_pkey_st *key; /* NULL: there is none */
};

/*
 * Finds the server's certificate (the newest one that a key belongs to), its
 * chain without the root and without what has expired at its end, and the key.
 * Notes say what is left out and moved. A single key without any certificate is
 * an order too. False: *why says why there is none (several keys alone, or keys
 * that belong to no certificate).
 */
bool pem_parts_arrange(struct pem_parts *parts, time_t now, bool keep_root,
    struct pem_order *out, const char **why);

#endif

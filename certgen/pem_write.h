#ifndef CERTGEN_PEM_WRITE_H
#define CERTGEN_PEM_WRITE_H
/*
 * Writes certificates, requests and keys as PEM files, which no one else can
 * read at any moment where a key is in them, and keeps what was there before.
 * docs/decisions/0100 says in which order and why.
 */
#include <stdbool.h>
#include <stddef.h>

#include "certgen/pem_owner.h"

struct arena;
struct evp_pkey_st;
struct X509_req_st;
struct x509_st;

/* One file. What is NULL of the objects is left out of it; they stay the
 * caller's, and stand in it in this order. */
struct pem_output {
	const char *path; /* as the user names it */
	struct x509_st *cert;
	struct x509_st *const *chain; /* who signed it first, the root last */
	size_t chain_count;
	struct X509_req_st *request;
	struct evp_pkey_st *key; /* PKCS#8, not encrypted */
	/* Zero: a file that is replaced passes its owner, group and mode on (a
	 * key without any right for others), a new one is its writer's. */
	struct pem_owner owner;
	bool replace; /* false: an existing file is an error */

	/* Set by pem_write, in the arena. */
	const char *real;   /* path without symbolic links */
	const char *backup; /* what the replaced one is called now, or NULL */
};

/*
 * Writes all files or none: a certificate and its key in two files are one
 * call, with the key's first, so that a kill between the two leaves a key that
 * --renew completes. Each is brought to the disc under another name, 0600 from
 * the first byte, and then renamed; a file with a key gets mode 0600, or 0640
 * where a group is asked for, one without gets 0644. Directories have to exist,
 * and are judged by place_open. False where something can't be done: *why, in
 * the arena, says in a sentence why and what to do, and nothing has changed.
 */
bool pem_write(struct arena *arena, struct pem_output *outputs, size_t count,
    const char **why);

#endif

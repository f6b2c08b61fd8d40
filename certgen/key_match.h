#ifndef CERTGEN_KEY_MATCH_H
#define CERTGEN_KEY_MATCH_H
/*
 * Whose private key is it? Answered from the public half that nearly every key
 * file has beside the private one (RFC 5958, RFC 5915, RFC 8017), without
 * loading the key: that takes OpenSSL longer than all the rest of a judgement,
 * and it leaves copies. Only a key without such a half is loaded.
 */
#include <stdbool.h>

#include "cfgparse/base/str.h"

struct evp_pkey_st;
struct x509_st;

/* The public half of a private key. Fields are private. */
struct key_half {
	/* As it stands in a certificate's subjectPublicKey; of RSA what is
	 * in the sequence there. Points into the key. */
	struct str bytes;
	bool sequence;
	struct evp_pkey_st *key; /* loaded, where there are no bytes */
	struct str der;		 /* all of it */
};

/*
 * Reads the DER of a PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY block. The
 * bytes stay the caller's and have to outlive *half. False where it's no key
 * that can be used. Call key_half_fini in any case.
 */
bool key_half_read(struct str der, struct key_half *half);
/* Frees what was loaded. */
void key_half_fini(struct key_half *half);
/* True where the certificate is for this key. */
bool key_half_is_of(const struct key_half *half, const struct x509_st *cert);

#endif

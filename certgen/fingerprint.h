#ifndef CERTGEN_FINGERPRINT_H
#define CERTGEN_FINGERPRINT_H
/*
 * Digests of certificates and of their keys in the forms that people paste:
 * into clients that ask whether to trust, into pins and TLSA records.
 */
#include <stdbool.h>

#include "cfgparse/base/buf.h"

struct evp_md_st;
struct evp_pkey_st;
struct x509_st;

/* "AB:CD:..." of the whole certificate; false where OpenSSL can't. */
bool fingerprint_cert(const struct x509_st *cert,
    const struct evp_md_st *digest, struct buf *out);
/* SHA-256 of the SubjectPublicKeyInfo as TLSA 3 1 1 has it, in hex, and as a
 * pin (RFC 7469) has it, in base64. */
bool fingerprint_key(
    const struct evp_pkey_st *key, struct buf *hex, struct buf *base64);

#endif

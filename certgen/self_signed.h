#ifndef CERTGEN_SELF_SIGNED_H
#define CERTGEN_SELF_SIGNED_H
/*
 * Makes an end-entity certificate that signs itself (RFC 5280's profile for a
 * TLS server, with the names of RFC 6120). Knows nothing of files.
 */
#include <stdbool.h>
#include <time.h>

struct cert_hosts;
struct evp_pkey_st;
struct x509_st;

/* Days. The default stays under the 825 that some systems' TLS enforces for
 * every certificate. */
enum { CERT_DAYS_DEFAULT = 730, CERT_DAYS_LIMIT = 825, CERT_DAYS_MAX = 36500 };

struct cert_request {
	const struct cert_hosts *hosts; /* at least one */
	int days;			/* 1 to CERT_DAYS_MAX */
	time_t now;			/* it begins an hour earlier */
};

/* The certificate for the key, or NULL where OpenSSL fails (its error queue
 * says why). The caller frees it; the key stays the caller's. */
struct x509_st *self_signed_make(
    const struct cert_request *request, struct evp_pkey_st *key);

#endif

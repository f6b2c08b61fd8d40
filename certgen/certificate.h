#ifndef CERTGEN_CERTIFICATE_H
#define CERTGEN_CERTIFICATE_H
/*
 * Makes the certificate of a server (RFC 5280's profile for the end of a
 * chain, with the names of RFC 6120), signed by itself or by an authority of
 * one's own, and requests for the authorities of others. Knows nothing of
 * files.
 */
#include <stdbool.h>
#include <time.h>

struct X509_req_st;
struct authority;
struct cert_hosts;
struct evp_pkey_st;
struct x509_st;

/* Days. The default stays under the 825 that some systems' TLS enforces for
 * every certificate. */
enum { CERT_DAYS_DEFAULT = 730, CERT_DAYS_LIMIT = 825, CERT_DAYS_MAX = 36500 };

struct cert_request {
	const struct cert_hosts *hosts;	   /* at least one */
	int days;			   /* 1 to CERT_DAYS_MAX */
	time_t now;			   /* it begins an hour earlier */
	bool wildcard;			   /* see enum cert_names */
	const struct authority *authority; /* signs it; NULL: it itself */
	const struct x509_st *like;	   /* whose names it gets; or NULL */
};

/* The certificate for the key, or NULL where OpenSSL fails (its error queue
 * says why). It ends with its authority at the latest. The caller frees it;
 * the key stays the caller's. */
struct x509_st *certificate_make(
    const struct cert_request *request, struct evp_pkey_st *key);

/* A request to a public authority, which signs DNS names and addresses alone;
 * private: to one that signs an XMPP server's other names too. Days don't
 * matter. NULL and freeing as above. */
struct X509_req_st *certificate_request(
    const struct cert_request *request, bool private, struct evp_pkey_st *key);

#endif

#ifndef TESTS_CERTGEN_FORGE_H
#define TESTS_CERTGEN_FORGE_H
/*
 * Makes the good and the bad PEM texts that the certificate tests judge: no
 * key is kept in the repository.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "certgen/hosts.h"
#include "certgen/key.h"
#include "certgen/certificate.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/str.h"

/* The whole content of a BIO that it frees, in the arena. */
static inline struct str
forge_take(struct arena *arena, BIO *bio)
{
	char *bytes;
	long len = BIO_get_mem_data(bio, &bytes);
	struct str text = { bytes, (size_t)len };

	text = arena_str(arena, text);
	BIO_free(bio);
	return text;
}

static inline struct str
forge_cert_text(struct arena *arena, X509 *cert)
{
	BIO *bio = BIO_new(BIO_s_mem());

	PEM_write_bio_X509(bio, cert);
	return forge_take(arena, bio);
}

static inline struct str
forge_key_text(struct arena *arena, EVP_PKEY *key, const char *password)
{
	BIO *bio = BIO_new(BIO_s_mem());

	PEM_write_bio_PKCS8PrivateKey(bio, key,
	    password ? EVP_aes_128_cbc() : NULL, password,
	    password ? (int)strlen(password) : 0, NULL, NULL);
	return forge_take(arena, bio);
}

static inline struct str
forge_join(struct arena *arena, struct str a, struct str b)
{
	return str_of(arena_printf(arena, "%.*s%.*s", STR_ARG(a), STR_ARG(b)));
}

/* A certificate as certgen makes it, begun some days from now. */
static inline X509 *
forge_cert(EVP_PKEY *key, const char *host, int days, int from_day)
{
	struct arena arena = { 0 };
	struct cert_hosts hosts = { 0 };
	struct cert_request request = { &hosts, days,
		time(NULL) + (time_t)from_day * 86400 };
	X509 *cert;

	if (!cert_hosts_add(&arena, &hosts, host, CFG_ROLE_ACCOUNTS))
		abort();
	cert = certificate_make(&request, key);
	if (!cert)
		abort();
	arena_fini(&arena);
	return cert;
}

/* As guides of the time of SHA-1 made it: no extension, name in the CN. */
static inline X509 *
forge_plain_cert(EVP_PKEY *key, const char *common_name, const EVP_MD *digest)
{
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);

	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -60);
	X509_gmtime_adj(X509_getm_notAfter(cert), 86400L * 365);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
	    (const unsigned char *)common_name, -1, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_set_pubkey(cert, key);
	if (!X509_sign(cert, key, digest))
		abort();
	return cert;
}

#endif

#include "certgen/self_signed.h"

#include "certgen/hosts.h"
#include "certgen/key.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string.h>

/* RFC 5280, appendix A.1: ub-common-name. */
enum { COMMON_NAME_MAX = 64 };
/* Seconds: a client whose clock is a little late accepts it at once. */
enum { CLOCK_SKEW = 3600, DAY = 86400 };

/* 16 octets whose highest bit is 0 and the next 1: positive, always as long. */
static bool
serial_set(X509 *cert)
{
	BIGNUM *number = BN_new();
	bool done = number &&
		    BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
		    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));

	BN_free(number);
	return done;
}

/* Both ends are part of the validity (RFC 5280, section 4.1.2.5). */
static bool
dates_set(X509 *cert, const struct cert_request *request)
{
	time_t begin = request->now - CLOCK_SKEW;
	time_t last = begin + (time_t)request->days * DAY - 1;

	return ASN1_TIME_set(X509_getm_notBefore(cert), begin) &&
	       ASN1_TIME_set(X509_getm_notAfter(cert), last);
}

/* The first host that fits, for people's eyes: no client reads it as a name.
 * A self-signed certificate can't leave the subject empty, because it's the
 * issuer too. */
static bool
subject_set(X509 *cert, const struct cert_hosts *hosts)
{
	X509_NAME *name = X509_get_subject_name(cert);
	const char *text = "XMPP server";
	size_t i;

	for (i = 0; i < hosts->count; i++) {
		const struct cert_host *host = &hosts->items[i];
		const char *form = host->ascii ? host->ascii : host->name;

		if (strlen(form) <= COMMON_NAME_MAX) {
			text = form;
			break;
		}
	}
	return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		   (const unsigned char *)text, -1, -1, 0) &&
	       X509_set_issuer_name(cert, name);
}

static bool
names_set(X509 *cert, const struct cert_hosts *hosts)
{
	GENERAL_NAMES *names = cert_hosts_names(hosts);
	bool done = names && X509_add1_ext_i2d(cert, NID_subject_alt_name,
				 names, 0, X509V3_ADD_DEFAULT);

	GENERAL_NAMES_free(names);
	return done;
}

static bool
extension_add(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *extension;
	X509V3_CTX context;
	bool done;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, cert, cert, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	done = extension && X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
	return done;
}

/* Client authentication is there because a server is the client of another
 * one when it federates (SASL EXTERNAL, XEP-0178). */
static bool
profile_set(X509 *cert, const EVP_PKEY *key)
{
	bool rsa = EVP_PKEY_is_a(key, "RSA");

	return extension_add(
		   cert, NID_basic_constraints, "critical,CA:FALSE") &&
	       extension_add(cert, NID_key_usage,
		   rsa ? "critical,digitalSignature,keyEncipherment"
		       : "critical,digitalSignature") &&
	       extension_add(
		   cert, NID_ext_key_usage, "serverAuth,clientAuth") &&
	       extension_add(cert, NID_subject_key_identifier, "hash") &&
	       extension_add(
		   cert, NID_authority_key_identifier, "keyid:always");
}

struct x509_st *
self_signed_make(const struct cert_request *request, struct evp_pkey_st *key)
{
	X509 *cert = X509_new();

	if (cert && X509_set_version(cert, X509_VERSION_3) &&
	    serial_set(cert) && dates_set(cert, request) &&
	    subject_set(cert, request->hosts) && X509_set_pubkey(cert, key) &&
	    profile_set(cert, key) && names_set(cert, request->hosts) &&
	    X509_sign(cert, key, key_digest(key)) > 0)
		return cert;
	X509_free(cert);
	return NULL;
}

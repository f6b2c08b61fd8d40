#include "certgen/certificate.h"

#include "certgen/authority.h"
#include "certgen/hosts.h"
#include "certgen/key.h"
#include "certgen/profile.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* A self-signed certificate can't leave the subject empty, because it's the
 * issuer too. */
static bool
subject_set(X509 *cert, const struct cert_request *request)
{
	const char *text;

	if (request->like)
		return X509_set_subject_name(
		    cert, X509_get_subject_name(request->like));
	text = profile_common_name(request->hosts);
	return profile_name(
	    X509_get_subject_name(cert), text ? text : "XMPP server");
}

static enum cert_names
names_of(const struct cert_request *request)
{
	return request->wildcard ? CERT_NAMES_WILDCARD : 0;
}

static bool
names_set(X509 *cert, const struct cert_request *request)
{
	GENERAL_NAMES *names =
	    request->like ? X509_get_ext_d2i(
				request->like, NID_subject_alt_name, NULL, NULL)
			  : cert_hosts_names(request->hosts, names_of(request));
	bool done = names && X509_add1_ext_i2d(cert, NID_subject_alt_name,
				 names, 0, X509V3_ADD_DEFAULT);

	GENERAL_NAMES_free(names);
	return done;
}

/* Client authentication is there because a server is the client of another
 * one when it federates (SASL EXTERNAL, XEP-0178). */
static bool
profile_set(X509 *cert, X509 *issuer, const EVP_PKEY *key)
{
	bool rsa = EVP_PKEY_is_a(key, "RSA");

	return profile_extend(
		   cert, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
	       profile_extend(cert, issuer, NID_key_usage,
		   rsa ? "critical,digitalSignature,keyEncipherment"
		       : "critical,digitalSignature") &&
	       profile_extend(
		   cert, issuer, NID_ext_key_usage, "serverAuth,clientAuth") &&
	       profile_extend(
		   cert, issuer, NID_subject_key_identifier, "hash") &&
	       profile_extend(
		   cert, issuer, NID_authority_key_identifier, "keyid:always");
}

/* What outlives who signed it would be refused from then on. */
static bool
end_with(X509 *cert, const X509 *issuer)
{
	const ASN1_TIME *last = X509_get0_notAfter(issuer);

	return ASN1_TIME_compare(X509_get0_notAfter(cert), last) <= 0 ||
	       X509_set1_notAfter(cert, last);
}

static bool
fill(X509 *cert, const struct cert_request *request, EVP_PKEY *key)
{
	const struct authority *authority = request->authority;
	X509 *issuer = authority ? authority->cert : cert;

	return profile_start(cert, request->now, request->days) &&
	       end_with(cert, issuer) && subject_set(cert, request) &&
	       X509_set_issuer_name(cert, X509_get_subject_name(issuer)) &&
	       X509_set_pubkey(cert, key) && profile_set(cert, issuer, key) &&
	       names_set(cert, request);
}

struct x509_st *
certificate_make(const struct cert_request *request, struct evp_pkey_st *key)
{
	EVP_PKEY *signer = request->authority ? request->authority->key : key;
	X509 *cert = X509_new();

	if (cert && fill(cert, request, key) &&
	    X509_sign(cert, signer, key_digest(signer)) > 0)
		return cert;
	X509_free(cert);
	return NULL;
}

/* --- requests --- */

static bool
request_names(X509_REQ *csr, const struct cert_request *request, bool private)
{
	enum cert_names which = names_of(request);
	STACK_OF(X509_EXTENSION) *extensions = NULL;
	GENERAL_NAMES *names;
	bool done;

	if (!private)
		which |= CERT_NAMES_PUBLIC;
	names = cert_hosts_names(request->hosts, which);
	done = names &&
	       X509V3_add1_i2d(&extensions, NID_subject_alt_name, names, 0,
		   X509V3_ADD_DEFAULT) > 0 &&
	       X509_REQ_add_extensions(csr, extensions);
	GENERAL_NAMES_free(names);
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
	return done;
}

/* An authority decides about usages itself, so that none is asked for. The
 * subject may be empty here. */
struct X509_req_st *
certificate_request(
    const struct cert_request *request, bool private, struct evp_pkey_st *key)
{
	const char *text = profile_common_name(request->hosts);
	X509_REQ *csr = X509_REQ_new();

	if (csr && X509_REQ_set_version(csr, X509_REQ_VERSION_1) &&
	    (!text || profile_name(X509_REQ_get_subject_name(csr), text)) &&
	    X509_REQ_set_pubkey(csr, key) &&
	    request_names(csr, request, private) &&
	    X509_REQ_sign(csr, key, key_digest(key)) > 0)
		return csr;
	X509_REQ_free(csr);
	return NULL;
}

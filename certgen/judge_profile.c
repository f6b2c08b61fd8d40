#include "certgen/pem_trial.h"
/*
 * What the certificate is made of and what it is made for: its key, its
 * signature, and the extensions that say who may use it how.
 */
#include "certgen/der.h"
#include "certgen/key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string.h>

/* TLSFeature (RFC 7633): the number of status_request (RFC 6066). */
enum { STATUS_REQUEST = 5 };

static bool
rare_kind(const EVP_PKEY *key)
{
	char group[64];
	size_t len;

	if (EVP_PKEY_is_a(key, "DSA") || EVP_PKEY_is_a(key, "ED448"))
		return true;
	return EVP_PKEY_is_a(key, "EC") &&
	       EVP_PKEY_get_group_name(key, group, sizeof(group), &len) &&
	       (strcmp(group, "secp256k1") == 0 ||
		   strncmp(group, "brainpool", 9) == 0);
}

static void
judge_public_key(struct pem_trial *trial)
{
	const struct pem_block *leaf = trial->leaf;
	const EVP_PKEY *key = X509_get0_pubkey(leaf->cert);
	char kind[64];

	if (!key) {
		finding_hint(trial_find(trial, CERT_BROKEN_BLOCK, leaf,
				 "the certificate's public key can't be read"),
		    "have it issued for a key of a common kind");
		return;
	}
	key_describe(key, sizeof(kind), kind);
	if (rare_kind(key))
		finding_hint(trial_find(trial, CERT_RARE_KEY, leaf,
				 "few clients know %s keys", kind),
		    "make a new key: ECDSA P-256, or RSA of 2048 bits");
	if (key_weak(key))
		finding_hint(trial_find(trial, CERT_WEAK_KEY, leaf,
				 "the certificate's %s key is too weak", kind),
		    "make a new key: ECDSA P-256, or RSA of 2048 bits");
	if (key_costly(key))
		finding_hint(
		    trial_find(trial, CERT_COSTLY_KEY, leaf,
			"the certificate's %s key makes logins costly", kind),
		    "an ECDSA P-256 key is as safe and much cheaper");
}

static void
judge_signature(struct pem_trial *trial)
{
	int digest = NID_undef;

	if (X509_get_signature_info(
		trial->leaf->cert, &digest, NULL, NULL, NULL) &&
	    (digest == NID_sha1 || digest == NID_md5))
		finding_hint(trial_find(trial, CERT_WEAK_SIGNATURE, trial->leaf,
				 "the certificate is signed with %s",
				 OBJ_nid2sn(digest)),
		    "have it signed with SHA-256");
}

static void
judge_extended_usage(struct pem_trial *trial)
{
	uint32_t usage = X509_get_extended_key_usage(trial->leaf->cert);
	struct finding *finding;

	if (!(X509_get_extension_flags(trial->leaf->cert) & EXFLAG_XKUSAGE) ||
	    (usage & XKU_ANYEKU))
		return;
	if (!(usage & XKU_SSL_SERVER)) {
		finding = trial_find(trial, CERT_NO_SERVER_AUTH, trial->leaf,
		    "the certificate's extended key usage lacks serverAuth, so "
		    "everybody who connects refuses it");
		finding_hint(finding, "have it issued for a TLS server");
		trial_soften(trial, finding);
	} else if (!(usage & XKU_SSL_CLIENT)) {
		finding = trial_find(trial, CERT_NO_CLIENT_AUTH, trial->leaf,
		    "the certificate lacks clientAuth, so some older servers "
		    "refuse it when this one connects to them");
		finding_hint(finding,
		    "expect dialback with ejabberd before 25.07 and Metronome; "
		    "public authorities issue it no more");
	}
}

static void
judge_usage(struct pem_trial *trial)
{
	uint32_t flags = X509_get_extension_flags(trial->leaf->cert);

	if ((flags & EXFLAG_BCONS) && (flags & EXFLAG_CA))
		finding_hint(
		    trial_find(trial, CERT_AUTHORITY, trial->leaf,
			"the server's certificate is one of an authority "
			"(CA:TRUE)"),
		    "make one with CA:FALSE: xmpp-certgen self-signed --renew "
		    "does, for the same key");
	if ((flags & EXFLAG_KUSAGE) && !(X509_get_key_usage(trial->leaf->cert) &
					   X509v3_KU_DIGITAL_SIGNATURE))
		finding_hint(
		    trial_find(trial, CERT_KEY_USAGE, trial->leaf,
			"the certificate's key usage lacks digitalSignature"),
		    "have it issued for a TLS server");
	if (flags & EXFLAG_CRITICAL)
		finding_hint(
		    trial_find(trial, CERT_CRITICAL_EXTENSION, trial->leaf,
			"the certificate has a critical extension that TLS "
			"libraries don't know"),
		    "have it issued without it");
	if (flags & EXFLAG_INVALID)
		finding_hint(
		    trial_find(trial, CERT_BROKEN_BLOCK, trial->leaf,
			"an extension of the certificate is malformed"),
		    "have it issued anew");
}

/* The content of the extension; empty where there is none. */
static struct str
extension(const X509 *cert, int nid)
{
	int at = X509_get_ext_by_NID(cert, nid, -1);
	const ASN1_OCTET_STRING *data;

	if (at < 0)
		return (struct str){ 0 };
	data = X509_EXTENSION_get_data(X509_get_ext(cert, at));
	return (struct str){ (const char *)ASN1_STRING_get0_data(data),
		(size_t)ASN1_STRING_length(data) };
}

static void
judge_staple(struct pem_trial *trial)
{
	struct str features = extension(trial->leaf->cert, NID_tlsfeature);
	struct der_item item;

	/* Whether a server sends one shows when it is asked. */
	if (trial->demand->live ||
	    !der_whole_is(features, DER_SEQUENCE, &features))
		return;
	while (der_next_is(&features, DER_INTEGER, &item)) {
		if (item.body.len != 1 || item.body.ptr[0] != STATUS_REQUEST)
			continue;
		finding_hint(
		    trial_find(trial, CERT_MUST_STAPLE, trial->leaf,
			"the certificate demands a stapled OCSP answer, which "
			"XMPP servers don't send"),
		    "have it issued without must-staple");
		return;
	}
}

bool
judge_is_public(const struct x509_st *cert)
{
	/* 2.23.140.1.2: the policies of the CA/Browser Forum. */
	static const char forum[] = "\x67\x81\x0c\x01\x02";
	struct str policies = extension(cert, NID_certificate_policies);
	struct der_item policy, oid;

	if (X509_get_ext_by_NID(cert, NID_ct_precert_scts, -1) >= 0)
		return true;
	if (!der_whole_is(policies, DER_SEQUENCE, &policies))
		return false;
	while (der_next_is(&policies, DER_SEQUENCE, &policy))
		if (der_next_is(&policy.body, DER_OID, &oid) &&
		    oid.body.len > sizeof(forum) - 1 &&
		    memcmp(oid.body.ptr, forum, sizeof(forum) - 1) == 0)
			return true;
	return false;
}

void
judge_profile(struct pem_trial *trial)
{
	judge_public_key(trial);
	judge_signature(trial);
	judge_extended_usage(trial);
	judge_usage(trial);
	judge_staple(trial);
	ERR_clear_error();
}

#include "certgen/pem_trial.h"
/* The other certificates of the file: who signed whom, and in which order. */
#include "certgen/key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static const struct pem_block *
block_of(const struct pem_trial *trial, size_t i)
{
	return &trial->pem->blocks[i];
}

static bool
expired(struct pem_trial *trial, size_t i)
{
	return X509_cmp_time(X509_get0_notAfter(trial->certs[i]), &trial->now) <
	       0;
}

static const char *
name_of(struct pem_trial *trial, size_t i)
{
	return trial_name(trial, X509_get_subject_name(trial->certs[i]));
}

/* Where the certificates stand. */
static const char *
place_of(const struct pem_trial *trial)
{
	return trial->demand->live ? "chain" : "file";
}

/* Who mends it: what a server sends comes from a file that isn't known. */
static const char *
mender(const struct pem_trial *trial)
{
	return trial->demand->live ? "in the server's file"
				   : "xmpp-certgen check --fix does";
}

/* --- what has no place there --- */

static void
judge_duplicate(struct pem_trial *trial, size_t i)
{
	struct finding *finding = trial_find(trial, CERT_DUPLICATE_BLOCK,
	    block_of(trial, i), "the certificate \"%s\" is in the %s twice",
	    name_of(trial, i), place_of(trial));

	trial_related(trial, finding, block_of(trial, trial->chain.same[i]),
	    "the first one");
	finding_hint(finding, "remove this one: %s", mender(trial));
}

static void
judge_foreign(struct pem_trial *trial, size_t i)
{
	/* That is the finding of judge_key. */
	if (trial->key_fits &&
	    block_of(trial, i) == pem_first(trial->pem, PEM_CERTIFICATE))
		return;
	finding_hint(trial_find(trial, CERT_CHAIN_FOREIGN, block_of(trial, i),
			 "the certificate \"%s\" signed none of the others",
			 name_of(trial, i)),
	    "remove it: %s", mender(trial));
}

static void
judge_expired(struct pem_trial *trial, size_t i)
{
	const ASN1_TIME *end = X509_get0_notAfter(trial->certs[i]);
	struct finding *finding;

	if (trial->chain.step_count > 1 && trial->chain.steps[1] == i) {
		finding =
		    trial_find(trial, CERT_CHAIN_EXPIRED, block_of(trial, i),
			"the certificate \"%s\" that signed the server's own "
			"expired on %s",
			name_of(trial, i), trial_day(trial, end));
		finding_hint(finding,
		    "put the authority's present one in its place, or renew");
		trial_soften(trial, finding);
		return;
	}
	finding_hint(
	    trial_find(trial, CERT_CROSS_SIGN_EXPIRED, block_of(trial, i),
		"the chain's certificate \"%s\" expired on %s",
		name_of(trial, i), trial_day(trial, end)),
	    "remove it: %s", mender(trial));
}

static void
judge_root(struct pem_trial *trial, size_t i)
{
	finding_hint(trial_find(trial, CERT_ROOT_INCLUDED, block_of(trial, i),
			 "the root certificate \"%s\" is in the %s",
			 name_of(trial, i), place_of(trial)),
	    "clients have it themselves; it may go, unless a TLSA record "
	    "points to it");
}

/* --- the way up --- */

static void
judge_soon(struct pem_trial *trial, size_t i)
{
	const struct pem_demand *demand = trial->demand;
	int days = demand->warn_days ? demand->warn_days : PEM_EXPIRY_WARN_DAYS;
	time_t soon = trial->now + (time_t)days * DAY;
	const ASN1_TIME *end = X509_get0_notAfter(trial->certs[i]);

	if (X509_cmp_time(end, &soon) < 0)
		finding_hint(
		    trial_find(trial, CERT_EXPIRES_SOON, block_of(trial, i),
			"the chain's certificate \"%s\" expires on %s",
			name_of(trial, i), trial_day(trial, end)),
		    "get the authority's present chain");
}

static void
judge_strength(struct pem_trial *trial, size_t i)
{
	const EVP_PKEY *key = X509_get0_pubkey(trial->certs[i]);
	int digest = NID_undef;
	char kind[64];

	if (key && key_weak(key)) {
		key_describe(key, sizeof(kind), kind);
		finding_hint(
		    trial_find(trial, CERT_WEAK_KEY, block_of(trial, i),
			"the %s key of the chain's certificate \"%s\" is too "
			"weak",
			kind, name_of(trial, i)),
		    "have the certificate signed by an authority with a "
		    "stronger one");
	}
	/* Nobody looks at how a root signed itself. */
	if (trial->chain.root[i])
		return;
	if (X509_get_signature_info(
		trial->certs[i], &digest, NULL, NULL, NULL) &&
	    (digest == NID_sha1 || digest == NID_md5))
		finding_hint(
		    trial_find(trial, CERT_WEAK_SIGNATURE, block_of(trial, i),
			"the chain's certificate \"%s\" is signed with %s",
			name_of(trial, i), OBJ_nid2sn(digest)),
		    "get the authority's present chain");
}

/* Whether it may sign, with so many authorities below it. */
static void
judge_authority(struct pem_trial *trial, size_t i, long below)
{
	X509 *cert = trial->certs[i];
	uint32_t flags = X509_get_extension_flags(cert);
	const char *why = NULL;
	long most = X509_get_pathlen(cert);

	if ((flags & EXFLAG_BCONS) && !(flags & EXFLAG_CA))
		why = "isn't marked CA:TRUE";
	else if ((flags & EXFLAG_KUSAGE) &&
		 !(X509_get_key_usage(cert) & X509v3_KU_KEY_CERT_SIGN))
		why = "may not sign certificates by its key usage";
	else if (X509_check_ca(cert) == 0)
		why = "isn't marked CA:TRUE";
	else if (most >= 0 && below > most)
		why = "admits fewer authorities below it by its path length";
	if (why)
		finding_hint(
		    trial_find(trial, CERT_NOT_AUTHORITY, block_of(trial, i),
			"the certificate \"%s\" signed the one before it, but "
			"%s",
			name_of(trial, i), why),
		    "have the certificate signed by an authority that may");
}

static void
judge_constraints(struct pem_trial *trial, size_t i)
{
	NAME_CONSTRAINTS *limits =
	    X509_get_ext_d2i(trial->certs[i], NID_name_constraints, NULL, NULL);
	int result;

	if (!limits)
		return;
	result = NAME_CONSTRAINTS_check(trial->leaf->cert, limits);
	NAME_CONSTRAINTS_free(limits);
	if (result == X509_V_ERR_PERMITTED_VIOLATION ||
	    result == X509_V_ERR_EXCLUDED_VIOLATION)
		finding_hint(
		    trial_find(trial, CERT_NAME_CONSTRAINTS, trial->leaf,
			"the certificate has names that its authority \"%s\" "
			"may not sign",
			name_of(trial, i)),
		    "leave these names out, or have another authority sign");
}

static void
judge_steps(struct pem_trial *trial)
{
	const struct chain *chain = &trial->chain;
	long below = 0;
	size_t i;

	for (i = 1; i < chain->step_count; i++) {
		size_t at = chain->steps[i];

		judge_authority(trial, at, below);
		judge_constraints(trial, at);
		if (!expired(trial, at)) {
			judge_soon(trial, at);
			judge_strength(trial, at);
		}
		/* Self-issued ones don't count (RFC 5280, 4.2.1.9). */
		if (X509_NAME_cmp(X509_get_subject_name(trial->certs[at]),
			X509_get_issuer_name(trial->certs[at])) != 0)
			below++;
	}
}

/* --- order and gaps --- */

static bool
signed_one_before(struct pem_trial *trial, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (trial->certs[j] &&
		    trial->chain.roles[j] != CHAIN_DUPLICATE &&
		    trial->chain.roles[j] != CHAIN_FOREIGN &&
		    chain_issued(&trial->chain, i, j))
			return true;
	return false;
}

/* A chain that begins with another one than the leaf is judge_key's. */
static void
judge_order(struct pem_trial *trial)
{
	const struct chain *chain = &trial->chain;
	struct finding *finding;
	size_t i;

	if (pem_first(trial->pem, PEM_CERTIFICATE) != trial->leaf)
		return;
	for (i = 0; i < chain->count; i++) {
		if ((chain->roles[i] != CHAIN_STEP &&
			chain->roles[i] != CHAIN_OTHER_WAY) ||
		    signed_one_before(trial, i))
			continue;
		finding =
		    trial_find(trial, CERT_CHAIN_ORDER, block_of(trial, i),
			"the certificate \"%s\" stands before the one that it "
			"signed",
			name_of(trial, i));
		finding_hint(finding,
		    "put each behind the one that it signed: %s",
		    mender(trial));
		return;
	}
}

/* Certain only for a public certificate, which no root signs directly, and
 * where somebody put authorities' certificates there that don't help. */
static void
judge_gap(struct pem_trial *trial)
{
	const struct chain *chain = &trial->chain;
	bool others = false;
	size_t i;

	for (i = 0; i < chain->count; i++)
		others = others || (chain->roles[i] == CHAIN_FOREIGN &&
				       X509_check_ca(trial->certs[i]) == 1);
	if (chain->step_count != 1 || chain->root[chain->steps[0]] ||
	    (!trial->public && !others))
		return;
	finding_hint(
	    trial_find(trial, CERT_CHAIN_INCOMPLETE, trial->leaf,
		"the certificate of \"%s\" that signed the server's own isn't "
		"in the %s",
		trial_name(trial, X509_get_issuer_name(trial->leaf->cert)),
		place_of(trial)),
	    "put it behind the server's own; authorities call the two "
	    "together full chain");
}

void
judge_chain(struct pem_trial *trial)
{
	const struct chain *chain = &trial->chain;
	size_t i;

	for (i = 0; i < chain->count; i++) {
		switch (chain->roles[i]) {
		case CHAIN_DUPLICATE: judge_duplicate(trial, i); break;
		case CHAIN_FOREIGN: judge_foreign(trial, i); break;
		case CHAIN_STEP:
		case CHAIN_OTHER_WAY:
			if (expired(trial, i))
				judge_expired(trial, i);
			else if (chain->root[i])
				judge_root(trial, i);
			break;
		default: break;
		}
	}
	judge_steps(trial);
	judge_order(trial);
	judge_gap(trial);
	ERR_clear_error();
}

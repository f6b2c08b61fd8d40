#include "certgen/pem_chain.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string.h>

/* Only where key identifiers are missing are signatures verified, which takes
 * long; so often in a file, then names have to do. */
enum { VERIFY_BUDGET = 64 };

/* What X509_check_issued says of names and key identifiers; the right to sign
 * is another question. */
static bool
names_fit(X509 *issuer, X509 *subject)
{
	if (X509_NAME_cmp(X509_get_subject_name(issuer),
		X509_get_issuer_name(subject)) != 0)
		return false;
	switch (X509_check_issued(issuer, subject)) {
	case X509_V_ERR_SUBJECT_ISSUER_MISMATCH:
	case X509_V_ERR_AKID_SKID_MISMATCH:
	case X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH:
	case X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH: return false;
	default: return true;
	}
}

static bool
signature_fits(struct chain *chain, X509 *issuer, X509 *subject)
{
	EVP_PKEY *key = X509_get0_pubkey(issuer);

	if (chain->verify_budget == 0)
		return true;
	chain->verify_budget--;
	return key && X509_verify(subject, key) == 1;
}

bool
chain_issued(struct chain *chain, size_t issuer, size_t subject)
{
	X509 *above = chain->certs[issuer], *below = chain->certs[subject];
	bool fits = names_fit(above, below);

	if (fits && (!X509_get0_authority_key_id(below) ||
			!X509_get0_subject_key_id(above)))
		fits = signature_fits(chain, above, below);
	ERR_clear_error();
	return fits;
}

static bool
is_free(const struct chain *chain, size_t i)
{
	return chain->certs[i] && chain->roles[i] == CHAIN_FOREIGN;
}

/* Valid now counts most, then the place directly behind. */
static int
preference(const struct chain *chain, size_t i, size_t below, time_t now)
{
	const X509 *cert = chain->certs[i];
	bool valid = X509_cmp_time(X509_get0_notBefore(cert), &now) < 0 &&
		     X509_cmp_time(X509_get0_notAfter(cert), &now) > 0;

	return (valid ? 2 : 0) + (i == below + 1);
}

/* The next step up, or count. */
static size_t
find_issuer(struct chain *chain, size_t below, time_t now)
{
	size_t best = chain->count, i;
	int most = -1, value;

	for (i = 0; i < chain->count; i++) {
		if (!is_free(chain, i) || !chain_issued(chain, i, below))
			continue;
		value = preference(chain, i, below, now);
		if (value > most) {
			most = value;
			best = i;
		}
	}
	return best;
}

static void
mark_all(struct chain *chain)
{
	size_t i, j;

	for (i = 0; i < chain->count; i++) {
		if (!chain->certs[i])
			continue;
		chain->roles[i] = CHAIN_FOREIGN;
		chain->root[i] = (X509_get_extension_flags(chain->certs[i]) &
				     EXFLAG_SS) != 0;
		for (j = 0; j < i; j++) {
			if (!chain->certs[j] ||
			    chain->roles[j] == CHAIN_DUPLICATE ||
			    X509_cmp(chain->certs[i], chain->certs[j]) != 0)
				continue;
			chain->roles[i] = CHAIN_DUPLICATE;
			chain->same[i] = j;
			break;
		}
	}
	ERR_clear_error();
}

static void
add_step(struct chain *chain, size_t i, enum chain_role role)
{
	chain->roles[i] = role;
	chain->steps[chain->step_count++] = i;
}

/* The others that signed a step, and those that signed these. */
static void
mark_other_ways(struct chain *chain)
{
	bool changed = true;
	size_t i, j;

	while (changed) {
		changed = false;
		for (i = 0; i < chain->count; i++) {
			if (!is_free(chain, i))
				continue;
			for (j = 0; j < chain->count; j++) {
				if (chain->roles[j] != CHAIN_LEAF &&
				    chain->roles[j] != CHAIN_STEP &&
				    chain->roles[j] != CHAIN_OTHER_WAY)
					continue;
				if (!chain_issued(chain, i, j))
					continue;
				chain->roles[i] = CHAIN_OTHER_WAY;
				changed = true;
				break;
			}
		}
	}
}

void
chain_find(struct x509_st *const *certs, size_t count, size_t leaf, time_t now,
    struct chain *out)
{
	size_t at = leaf;

	*out = (struct chain){
		.certs = certs, .count = count, .verify_budget = VERIFY_BUDGET
	};
	mark_all(out);
	/* The place that counts is the first one. */
	if (out->roles[at] == CHAIN_DUPLICATE)
		at = out->same[at];
	add_step(out, at, CHAIN_LEAF);
	while (!out->root[at]) {
		at = find_issuer(out, at, now);
		if (at == count)
			break;
		add_step(out, at, CHAIN_STEP);
	}
	mark_other_ways(out);
}

#include "certgen/pem_trial.h"
/* The private key: whether it is there once, and whose it is. */
#include <openssl/x509.h>

static void
judge_match(struct pem_trial *trial)
{
	const struct pem_block *first = pem_first(trial->pem, PEM_CERTIFICATE);
	struct finding *finding;

	if (!trial->key_readable || !first || !first->cert)
		return;
	if (!trial->key_fits) {
		finding = trial_find(trial, CERT_KEY_MISMATCH, trial->key,
		    "the private key doesn't belong to the certificate");
		trial_related(trial, finding, first, "the certificate");
		finding_hint(finding,
		    "put the key that this certificate was made for here");
		return;
	}
	if (first == trial->leaf)
		return;
	if (trial->chain.roles[first - trial->pem->blocks] == CHAIN_FOREIGN) {
		finding = trial_find(trial, CERT_FOREIGN_FIRST, first,
		    "the first certificate, \"%s\", has nothing to do with "
		    "the private key",
		    trial_name(trial, X509_get_subject_name(first->cert)));
		finding_hint(
		    finding, "remove it: xmpp-certgen check --fix does");
	} else {
		finding = trial_find(trial, CERT_LEAF_NOT_FIRST, first,
		    "the first certificate isn't the one of the private key");
		finding_hint(finding,
		    "move the server's certificate to the top of the file: "
		    "xmpp-certgen check --fix does");
	}
	trial_related(
	    trial, finding, trial->leaf, "the key belongs to this one");
}

static void
judge_count(struct pem_trial *trial)
{
	const struct pem *pem = trial->pem;
	const struct pem_block *first = NULL;
	struct finding *finding;
	size_t i;

	for (i = 0; i < pem->count; i++) {
		const struct pem_block *block = &pem->blocks[i];

		if (block->kind != PEM_KEY && block->kind != PEM_KEY_ENCRYPTED)
			continue;
		if (!first) {
			first = block;
			continue;
		}
		finding = trial_find(trial, CERT_SEVERAL_KEYS, block,
		    "the file holds another private key before");
		trial_related(trial, finding, first, "the first one");
		finding_hint(finding, "keep the one that the certificate was "
				      "made for");
		return;
	}
}

void
judge_key(struct pem_trial *trial)
{
	judge_match(trial);
	judge_count(trial);
}

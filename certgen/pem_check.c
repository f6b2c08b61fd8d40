#include "certgen/pem_check.h"

#include "certgen/pem_trial.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/mem.h"

#include <openssl/crypto.h>
#include <openssl/x509.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct finding *
tell_named(const struct pem_demand *demand, struct finding *finding)
{
	if (demand->named)
		finding_related(finding, demand->named, "named here");
	return finding;
}

static void
judge_unopened(struct arena *arena, const char *path, enum pem_status status,
    int error, const struct pem_demand *demand, struct findings *findings)
{
	struct source *source = arena_alloc(arena, sizeof(*source));
	struct span span = { source };
	struct finding *finding;

	source->name = arena_strdup(arena, path);
	switch (status) {
	case PEM_NOT_REGULAR:
		finding =
		    finding_add(findings, &certgen_rules[CERT_NOT_REGULAR],
			&span, "this is no regular file");
		tell_named(demand, finding);
		finding_hint(finding, "name the PEM file itself");
		return;
	case PEM_TOO_LARGE:
		finding = finding_add(findings, &certgen_rules[CERT_TOO_LARGE],
		    &span, "the file has more than %d bytes", PEM_SIZE_MAX);
		tell_named(demand, finding);
		finding_hint(finding, "name a file with one certificate, its "
				      "chain and its key");
		return;
	default: break;
	}
	finding = finding_add(findings, &certgen_rules[CERT_UNREADABLE], &span,
	    "the certificate file can't be read: %s", strerror(error));
	tell_named(demand, finding);
	if (error == ENOENT)
		finding_hint(finding,
		    "make it with xmpp-certgen self-signed, or correct the "
		    "path");
	else if (error == EACCES)
		finding_hint(finding,
		    "give the user who runs this the right to read it: mode "
		    "0640 and a group of its own");
}

/* The key that a server takes is the first one; whose is it? */
static void
find_leaf(struct pem_trial *trial)
{
	const struct pem *pem = trial->pem;
	size_t i;

	trial->key = pem_first(pem, PEM_KEY);
	trial->leaf = pem_first(pem, PEM_CERTIFICATE);
	for (i = 0; i < pem->count; i++)
		trial->certs[i] = pem->blocks[i].cert;
	if (trial->key && trial->key->der.len > 0)
		trial->key_readable =
		    key_half_read(trial->key->der, &trial->half);
	for (i = 0; i < pem->count && trial->key_readable; i++) {
		if (!trial->certs[i] ||
		    !key_half_is_of(&trial->half, trial->certs[i]))
			continue;
		trial->leaf = &pem->blocks[i];
		trial->key_fits = true;
		break;
	}
	if (trial->leaf && !trial->leaf->cert)
		trial->leaf = NULL;
}

static void
judge(struct pem_trial *trial)
{
	/* That is a bundle, and no PEM with a fault in each block. */
	if (trial->pem->too_many) {
		finding_hint(
		    trial_find(trial, CERT_TOO_LARGE, NULL,
			"the file has more than %d PEM blocks", PEM_BLOCKS_MAX),
		    "name a file with one certificate, its chain and its key");
		return;
	}
	find_leaf(trial);
	if (trial->leaf)
		chain_find(trial->certs, trial->pem->count,
		    (size_t)(trial->leaf - trial->pem->blocks), trial->now,
		    &trial->chain);
	judge_blocks(trial);
	judge_key(trial);
	judge_rights(trial);
	if (trial->leaf) {
		trial->public = judge_is_public(trial->leaf->cert);
		pem_identity_read(
		    trial->scratch, trial->leaf->cert, &trial->identity);
		judge_dates(trial);
		judge_profile(trial);
		judge_names(trial);
		judge_chain(trial);
	}
	key_half_fini(&trial->half);
}

/* Runs a part of the trial; true where it adds no error. */
static bool
try_pem(struct pem_trial *trial, void (*part)(struct pem_trial *trial))
{
	size_t before = findings_count(trial->findings, SEVERITY_ERROR);

	part(trial);
	return findings_count(trial->findings, SEVERITY_ERROR) == before;
}

static struct pem_trial
trial_of(struct arena *arena, struct arena *scratch,
    const struct pem_demand *demand, struct findings *findings)
{
	return (struct pem_trial){
		.arena = arena,
		.scratch = scratch,
		.demand = demand,
		.findings = findings,
		.now = demand->now ? demand->now : time(NULL),
	};
}

static bool
try_file(struct arena *arena, const char *path, const struct pem_demand *demand,
    struct findings *findings, void (*part)(struct pem_trial *trial))
{
	struct arena scratch = { 0 };
	struct pem_trial trial = trial_of(arena, &scratch, demand, findings);
	struct pem *pem;
	enum pem_status status = pem_open_unloaded(&scratch, path, &pem);
	bool good = false;

	if (status == PEM_READ) {
		trial.pem = pem;
		trial.path = path;
		good = try_pem(&trial, part);
		pem_close(&pem);
	} else if (part == judge) {
		judge_unopened(arena, path, status, errno, demand, findings);
	}
	arena_fini(&scratch);
	return good;
}

bool
pem_check(struct arena *arena, const char *path,
    const struct pem_demand *demand, struct findings *findings)
{
	return try_file(arena, path, demand, findings, judge);
}

bool
pem_check_rights(struct arena *arena, const char *path,
    const struct pem_demand *demand, struct findings *findings)
{
	return try_file(arena, path, demand, findings, judge_rights);
}

bool
pem_check_bytes(struct arena *arena, const char *name, struct str bytes,
    const struct pem_demand *demand, struct findings *findings)
{
	struct arena scratch = { 0 };
	struct pem_trial trial = trial_of(arena, &scratch, demand, findings);
	struct pem *pem = pem_parse_unloaded(&scratch, name, bytes);
	bool good;

	trial.pem = pem;
	good = try_pem(&trial, judge);
	pem_close(&pem);
	arena_fini(&scratch);
	return good;
}

/* Both texts, one behind the other. Wipe and free what *out points to. */
static bool
read_both(struct arena *scratch, const char *path, const char *key_path,
    struct str *out)
{
	struct pem *cert, *key;
	char *bytes;

	if (pem_open_text(scratch, path, &cert) != PEM_READ)
		return false;
	if (pem_open_text(scratch, key_path, &key) != PEM_READ) {
		pem_close(&cert);
		return false;
	}
	out->len = cert->bytes.len + 1 + key->bytes.len;
	out->ptr = bytes = mem_alloc(out->len, 1);
	memcpy(bytes, cert->bytes.ptr, cert->bytes.len);
	bytes[cert->bytes.len] = '\n';
	memcpy(bytes + cert->bytes.len + 1, key->bytes.ptr, key->bytes.len);
	pem_close(&cert);
	pem_close(&key);
	return true;
}

bool
pem_check_pair(struct arena *arena, const char *path, const char *key_path,
    const struct pem_demand *demand, struct findings *findings)
{
	struct arena scratch = { 0 };
	struct str both;
	bool good = false;

	if (read_both(&scratch, path, key_path, &both)) {
		good = pem_check_bytes(arena, path, both, demand, findings);
		OPENSSL_cleanse((char *)both.ptr, both.len);
		free((char *)both.ptr);
		if (!pem_check_rights(arena, path, demand, findings) ||
		    !pem_check_rights(arena, key_path, demand, findings))
			good = false;
	} else {
		pem_check(arena, path, demand, findings);
	}
	arena_fini(&scratch);
	return good;
}

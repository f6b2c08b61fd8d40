#include "certgen/pem_check.h"

#include "certgen/hosts.h"
#include "certgen/key.h"
#include "certgen/pem.h"
#include "certgen/pem_identity.h"
#include "certgen/rules.h"
#include "certgen/self_signed.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/terminal.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* One file on trial. */
struct trial {
	struct arena *arena;
	const struct pem *pem;
	const struct pem_demand *demand;
	struct findings *findings;
	time_t now;
};

enum { DAY = 86400 };

/* Adds a finding at the block, or at the file as a whole (NULL). */
#define FIND(trial, rule, block, ...)                            \
	tell_named((trial)->demand,                              \
	    finding_add((trial)->findings, &certgen_rules[rule], \
		place(trial, block), __VA_ARGS__))

static struct finding *
tell_named(const struct pem_demand *demand, struct finding *finding)
{
	if (demand->named)
		finding_related(finding, demand->named, "named here");
	return finding;
}

static const struct span *
place(struct trial *trial, const struct pem_block *block)
{
	struct span *span = arena_alloc(trial->arena, sizeof(*span));

	*span = block && !trial->demand->live
		    ? pem_span(trial->pem, block)
		    : (struct span){ &trial->pem->source };
	return span;
}

/* Foreign bytes, made harmless for people's terminals. */
static const char *
shown(struct trial *trial, struct str text)
{
	struct buf buf = { 0 };
	const char *out;

	terminal_escape(&buf, text);
	out = arena_strdup(trial->arena, buf_text(&buf));
	buf_fini(&buf);
	return out;
}

static const char *
day_of(struct trial *trial, const ASN1_TIME *time)
{
	struct tm tm;

	if (!ASN1_TIME_to_tm(time, &tm))
		return "an unreadable date";
	return arena_printf(trial->arena, "%04d-%02d-%02d %02d:%02d UTC",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min);
}

static void
judge_blocks(struct trial *trial)
{
	const struct pem *pem = trial->pem;
	size_t i;

	if (pem->too_many)
		FIND(trial, CERT_TOO_LARGE, NULL,
		    "the file has more than %d PEM blocks", PEM_BLOCKS_MAX);
	for (i = 0; i < pem->count; i++) {
		const struct pem_block *block = &pem->blocks[i];
		const char *label = shown(trial, block->label);

		if (!block->complete)
			FIND(trial, CERT_BROKEN_BLOCK, block,
			    "the %s block has no END line of its own", label);
		else if ((block->kind == PEM_CERTIFICATE && !block->cert) ||
			 (block->kind == PEM_KEY && !block->key))
			FIND(trial, CERT_BROKEN_BLOCK, block,
			    "the %s block can't be decoded", label);
	}
}

static void
judge_presence(struct trial *trial)
{
	const struct pem *pem = trial->pem;
	const struct pem_block *locked = pem_first(pem, PEM_KEY_ENCRYPTED);
	const struct pem_block *key = pem_first(pem, PEM_KEY);

	if (!pem_first(pem, PEM_CERTIFICATE))
		finding_hint(FIND(trial, CERT_NO_CERTIFICATE, NULL,
				 "the file holds no certificate"),
		    pem->binary ? "it looks like DER or PKCS#12, which has to "
				  "be converted: openssl x509 -inform DER, or "
				  "openssl pkcs12 -nodes"
				: "put the server's certificate first, then "
				  "its chain, then the private key");
	if (locked && (!key || locked < key))
		finding_hint(FIND(trial, CERT_KEY_ENCRYPTED, locked,
				 "the private key is encrypted"),
		    "take the passphrase away: openssl pkey -in FILE -out KEY");
	else if (!key && !pem->binary && !trial->demand->live)
		finding_hint(FIND(trial, CERT_NO_KEY, NULL,
				 "the file holds no private key"),
		    "append the key that the certificate was made for");
}

/* The key that a server takes is the first one; whose is it? */
static void
judge_match(struct trial *trial)
{
	const struct pem *pem = trial->pem;
	const struct pem_block *leaf = pem_first(pem, PEM_CERTIFICATE);
	const struct pem_block *key = pem_first(pem, PEM_KEY);
	const struct pem_block *block;
	struct finding *finding;
	size_t i;

	if (!leaf || !leaf->cert || !key || !key->key)
		return;
	for (i = 0; i < pem->count; i++) {
		block = &pem->blocks[i];
		if (block->cert &&
		    X509_check_private_key(block->cert, key->key))
			break;
	}
	ERR_clear_error();
	if (i == pem->count) {
		finding = FIND(trial, CERT_KEY_MISMATCH, key,
		    "the private key doesn't belong to the certificate");
		finding_related(finding, place(trial, leaf), "the certificate");
		finding_hint(finding,
		    "put the key that this certificate was made for here");
	} else if (&pem->blocks[i] != leaf) {
		finding = FIND(trial, CERT_LEAF_NOT_FIRST, leaf,
		    "the first certificate isn't the one of the private key");
		finding_related(finding, place(trial, &pem->blocks[i]),
		    "the key belongs to this one");
		finding_hint(finding, "move the server's certificate to the "
				      "top of the file");
	}
}

static void
judge_dates(struct trial *trial, const struct pem_block *leaf)
{
	const ASN1_TIME *begin = X509_get0_notBefore(leaf->cert);
	const ASN1_TIME *end = X509_get0_notAfter(leaf->cert);
	time_t now = trial->now, soon = now + PEM_EXPIRY_WARN_DAYS * DAY;
	int days, seconds;

	if (!ASN1_TIME_diff(&days, &seconds, begin, end)) {
		ERR_clear_error();
		FIND(trial, CERT_BROKEN_BLOCK, leaf,
		    "the certificate's dates can't be read");
		return;
	}
	if (X509_cmp_time(begin, &now) > 0)
		FIND(trial, CERT_NOT_YET_VALID, leaf,
		    "the certificate isn't valid before %s",
		    day_of(trial, begin));
	if (X509_cmp_time(end, &now) < 0)
		finding_hint(
		    FIND(trial, CERT_EXPIRED, leaf,
			"the certificate expired on %s", day_of(trial, end)),
		    "a self-signed one: xmpp-certgen self-signed --renew");
	else if (X509_cmp_time(end, &soon) < 0)
		FIND(trial, CERT_EXPIRES_SOON, leaf,
		    "the certificate expires on %s", day_of(trial, end));
	/* Both ends count (RFC 5280, section 4.1.2.5). */
	if (seconds == DAY - 1)
		seconds = 0, days++;
	if (days > CERT_DAYS_LIMIT || (days == CERT_DAYS_LIMIT && seconds > 0))
		FIND(trial, CERT_LONG_VALIDITY, leaf,
		    "the certificate is valid for %d days", days);
}

static void
judge_strength(struct trial *trial, const struct pem_block *leaf)
{
	const EVP_PKEY *key = X509_get0_pubkey(leaf->cert);
	int digest = NID_undef;
	char kind[64];

	if (!key) {
		ERR_clear_error();
		FIND(trial, CERT_BROKEN_BLOCK, leaf,
		    "the certificate's public key can't be read");
		return;
	}
	key_describe(key, sizeof(kind), kind);
	if (key_weak(key))
		finding_hint(FIND(trial, CERT_WEAK_KEY, leaf,
				 "the certificate's %s key is too weak", kind),
		    "make a new key: ECDSA P-256, or RSA of 2048 bits");
	if (key_costly(key))
		finding_hint(
		    FIND(trial, CERT_COSTLY_KEY, leaf,
			"the certificate's %s key makes logins costly", kind),
		    "an ECDSA P-256 key is as safe and much cheaper");
	if (X509_get_signature_info(leaf->cert, &digest, NULL, NULL, NULL) &&
	    (digest == NID_sha1 || digest == NID_md5))
		FIND(trial, CERT_WEAK_SIGNATURE, leaf,
		    "the certificate is signed with %s", OBJ_nid2sn(digest));
	ERR_clear_error();
}

static bool
covered(
    const struct pem_identity *identity, bool by_common_name, const char *host)
{
	return pem_identity_covers(identity, host) != 0 ||
	       (by_common_name &&
		   pem_identity_common_name_matches(identity, host));
}

static void
judge_names(struct trial *trial, const struct pem_block *leaf)
{
	const struct pem_demand *demand = trial->demand;
	struct pem_identity identity;
	struct finding *finding;
	bool bare;
	size_t i;

	pem_identity_read(trial->arena, leaf->cert, &identity);
	bare = !pem_identity_any(&identity);
	if (bare)
		finding_hint(
		    FIND(trial, CERT_COMMON_NAME_ONLY, leaf,
			"the certificate has no subjectAltName, only the "
			"common name \"%s\"",
			shown(trial, identity.common_name)),
		    "make one with names that clients look at: xmpp-certgen "
		    "self-signed");
	for (i = 0; i < demand->host_count; i++) {
		const struct cert_host *host = &demand->hosts[i];

		if (host->optional || covered(&identity, bare, host->name))
			continue;
		finding = FIND(trial, CERT_HOST_NOT_COVERED, leaf,
		    "the certificate doesn't cover %s",
		    shown(trial, str_of(host->name)));
		finding_subject(finding, host->name);
		if (demand->starting || host->role != CFG_ROLE_ACCOUNTS)
			finding_severity(finding, SEVERITY_WARNING);
		if (identity.dns.count)
			finding_hint(finding,
			    "it is for %s%s; clients look for the domain of "
			    "the account, RFC 6120 section 13.7.2.1",
			    shown(trial, identity.dns.items[0]),
			    identity.dns.count > 1 ? " and others" : "");
	}
}

static void
judge_keys(struct trial *trial)
{
	const struct pem *pem = trial->pem;
	const struct pem_block *first = NULL;
	struct finding *finding;
	size_t i;

	for (i = 0; i < pem->count; i++) {
		const struct pem_block *block = &pem->blocks[i];

		if (block->kind != PEM_KEY && block->kind != PEM_KEY_ENCRYPTED)
			continue;
		if (first) {
			FIND(trial, CERT_SEVERAL_KEYS, block,
			    "the file holds another private key before");
			break;
		}
		first = block;
	}
	if (!first || !(pem->mode & (S_IROTH | S_IWOTH)))
		return;
	finding = FIND(trial, CERT_KEY_EXPOSED, first,
	    "everybody on this machine can %s the private key",
	    pem->mode & S_IROTH ? "read" : "change");
	finding_hint(finding, "chmod 0640 %s, owned by the server's user",
	    shown(trial, str_of(pem->source.name)));
	if (trial->demand->starting)
		finding_severity(finding, SEVERITY_WARNING);
}

static void
judge(struct trial *trial)
{
	const struct pem_block *leaf = pem_first(trial->pem, PEM_CERTIFICATE);

	judge_blocks(trial);
	judge_presence(trial);
	judge_match(trial);
	judge_keys(trial);
	if (!leaf || !leaf->cert)
		return;
	judge_dates(trial, leaf);
	judge_strength(trial, leaf);
	judge_names(trial, leaf);
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
		return;
	case PEM_TOO_LARGE:
		finding = finding_add(findings, &certgen_rules[CERT_TOO_LARGE],
		    &span, "the file has more than %d bytes", PEM_SIZE_MAX);
		tell_named(demand, finding);
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

/* Runs the trial; true where it adds no error. */
static bool
try_pem(struct arena *arena, const struct pem *pem,
    const struct pem_demand *demand, struct findings *findings)
{
	size_t before = findings_count(findings, SEVERITY_ERROR);
	struct trial trial = {
		.arena = arena,
		.pem = pem,
		.demand = demand,
		.findings = findings,
		.now = demand->now ? demand->now : time(NULL),
	};

	judge(&trial);
	return findings_count(findings, SEVERITY_ERROR) == before;
}

bool
pem_check(struct arena *arena, const char *path,
    const struct pem_demand *demand, struct findings *findings)
{
	struct pem *pem;
	enum pem_status status = pem_open(arena, path, &pem);
	bool good;

	if (status != PEM_READ) {
		judge_unopened(arena, path, status, errno, demand, findings);
		return false;
	}
	good = try_pem(arena, pem, demand, findings);
	pem_close(&pem);
	return good;
}

bool
pem_check_bytes(struct arena *arena, const char *name, struct str bytes,
    const struct pem_demand *demand, struct findings *findings)
{
	struct pem *pem = pem_parse(arena, name, bytes);
	bool good = try_pem(arena, pem, demand, findings);

	pem_close(&pem);
	return good;
}

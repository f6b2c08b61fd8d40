#include "certgen/several.h"

#include "certgen/hosts.h"
#include "certgen/pem.h"
#include "certgen/pem_identity.h"
#include "certgen/rules.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/hostname.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string.h>

/* A file that was looked at. */
struct rival {
	const char *path;
	struct span at; /* of its certificate */
	unsigned char digest[EVP_MAX_MD_SIZE];
};

/* What the files have in common. */
struct clash {
	const struct rival *other;
	const char *host; /* the first one */
	size_t count;
};

static bool
is_wanted(struct several *several, struct str host)
{
	size_t i;

	if (!several->hosts)
		return true;
	if (map_count(&several->wanted) == 0)
		for (i = 0; i < several->hosts->count; i++)
			map_put(&several->wanted,
			    str_of(several->hosts->items[i].name),
			    &several->hosts->items[i]);
	return map_get(&several->wanted, host) != NULL;
}

static void
add_name(struct several *several, struct rival *rival, const char *kind,
    struct str name, struct clash *clash)
{
	char host[HOSTNAME_MAX + 1];
	struct rival *other;
	struct str key;

	if (!hostname_prepare(name, host) || !is_wanted(several, str_of(host)))
		return;
	key = str_of(arena_printf(several->arena, "%s %s", kind, host));
	other = map_get(&several->seen, key);
	if (!other) {
		map_put(&several->seen, key, rival);
		return;
	}
	if (other == rival ||
	    memcmp(other->digest, rival->digest, sizeof(rival->digest)) == 0)
		return;
	if (!clash->other) {
		clash->other = other;
		clash->host = arena_strdup(several->arena, host);
	}
	clash->count += other == clash->other;
}

static void
tell(struct several *several, const struct rival *rival,
    const struct clash *clash, const struct span *named,
    struct findings *findings)
{
	const char *more = "";
	struct finding *finding;

	if (clash->count > 1)
		more = arena_printf(several->arena, " and %zu other name%s",
		    clash->count - 1, clash->count > 2 ? "s" : "");
	finding = finding_add(findings, &certgen_rules[CERT_SEVERAL_FOR_HOST],
	    &rival->at, "another file has a certificate for %s%s too",
	    clash->host, more);
	finding_subject(finding, clash->host);
	if (several->unsure)
		finding_severity(finding, SEVERITY_INFO);
	finding_related(finding, &clash->other->at, "the other one");
	if (named)
		finding_related(finding, named, "named here");
	finding_hint(finding, "keep one of %s and %s in the configuration",
	    clash->other->path, rival->path);
}

static const char *
kind_of(X509 *cert)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);

	ERR_clear_error();
	return key ? EVP_PKEY_get0_type_name(key) : "";
}

static void
look(struct several *several, struct arena *scratch, const struct pem *pem,
    struct rival *rival, struct clash *clash)
{
	const struct pem_block *leaf = pem_first(pem, PEM_CERTIFICATE);
	struct pem_identity identity;
	struct source *source;
	const char *kind;
	size_t i;

	if (!leaf || !leaf->cert ||
	    !X509_digest(leaf->cert, EVP_sha256(), rival->digest, NULL))
		return;
	kind = kind_of(leaf->cert);
	source = arena_alloc(several->arena, sizeof(*source));
	source->name = rival->path;
	source->text = pem_excerpts(several->arena, pem);
	rival->at = pem_span(pem, leaf);
	rival->at.source = source;
	pem_identity_read(scratch, leaf->cert, &identity);
	for (i = 0; i < identity.dns.count; i++)
		add_name(several, rival, kind, identity.dns.items[i], clash);
	for (i = 0; i < identity.xmpp.count; i++)
		add_name(several, rival, kind, identity.xmpp.items[i], clash);
}

void
several_add(struct several *several, const char *path, const struct span *named,
    struct findings *findings)
{
	struct rival *rival = arena_alloc(several->arena, sizeof(*rival));
	struct arena scratch = { 0 };
	struct clash clash = { 0 };
	struct pem *pem;

	rival->path = arena_strdup(several->arena, path);
	if (pem_open_unloaded(&scratch, path, &pem) == PEM_READ) {
		look(several, &scratch, pem, rival, &clash);
		pem_close(&pem);
	}
	arena_fini(&scratch);
	if (clash.other)
		tell(several, rival, &clash, named, findings);
}

void
several_fini(struct several *several)
{
	map_fini(&several->wanted);
	map_fini(&several->seen);
}

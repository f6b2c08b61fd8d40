#include "certgen/make.h"

#include "certgen/authority.h"
#include "certgen/certificate.h"
#include "certgen/pem.h"
#include "certgen/place.h"
#include "cfgparse/base/arena.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <errno.h>
#include <string.h>
#include <time.h>

static const char *
crypto_error(struct arena *arena, const char *what)
{
	char reason[256];

	ERR_error_string_n(ERR_peek_last_error(), reason, sizeof(reason));
	ERR_clear_error();
	return arena_printf(arena, "%s: %s", what, reason);
}

/* NULL where what is there may be replaced. */
static const char *
objection(const struct make_order *order, const struct pem *pem)
{
	const struct pem_block *leaf = pem_first(pem, PEM_CERTIFICATE);

	if (!leaf || !leaf->cert)
		return "holds no certificate that could be renewed: move it "
		       "away first";
	if (X509_NAME_cmp(X509_get_subject_name(leaf->cert),
		X509_get_issuer_name(leaf->cert)) == 0)
		return NULL;
	if (!order->authority)
		return "is signed by an authority, and clients that trust it "
		       "would refuse a self-signed one: renew it there, or "
		       "move the file away first";
	if (!authority_signed(order->authority, leaf->cert))
		return "is signed by another authority, and clients that "
		       "trust that would refuse this one's: renew it there, "
		       "or move the file away first";
	return NULL;
}

/* The key of the file that is there, or a new one; the caller frees it. */
static EVP_PKEY *
key_for(struct arena *arena, const struct make_order *order,
    const struct pem *old, const char *path, const char **why)
{
	const struct pem_block *block;
	EVP_PKEY *key;

	if (order->existing != MAKE_RENEW) {
		key = key_generate(&order->kind);
		if (!key)
			*why = crypto_error(arena, "no key could be made");
		return key;
	}
	block = pem_first(old, PEM_KEY);
	if (!block || !block->key) {
		*why = arena_printf(arena,
		    "%s holds no private key that can be kept: --rotate makes "
		    "a new one",
		    path);
		return NULL;
	}
	EVP_PKEY_up_ref(block->key);
	return block->key;
}

static const char *
day_text(struct arena *arena, const X509 *cert)
{
	struct tm tm;

	if (!ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm))
		return "";
	return arena_printf(arena, "%04d-%02d-%02d", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday);
}

/* The caller frees it; NULL with *why. */
static X509 *
sign(struct arena *arena, const struct make_order *order, const struct pem *old,
    EVP_PKEY *key, const char **why)
{
	struct cert_request request = { .hosts = order->hosts,
		.days = order->days,
		.now = time(NULL),
		.wildcard = order->wildcard,
		.authority = order->authority };
	const char *host;
	X509 *cert;

	if (!order->hosts)
		request.like = pem_first(old, PEM_CERTIFICATE)->cert;
	cert = certificate_make(&request, key);
	if (!cert) {
		*why = crypto_error(arena, "no certificate could be made");
		return NULL;
	}
	if (!order->authority ||
	    authority_permits(order->authority, cert, order->hosts, &host))
		return cert;
	X509_free(cert);
	if (host)
		*why = arena_printf(arena,
		    "the authority was not made for %s, and who trusts it "
		    "would refuse that: make one that is (ca init), or leave "
		    "the host out",
		    host);
	else
		*why = "the authority's constraints don't allow these names";
	return NULL;
}

/* The common name of who signed it, or NULL. */
static const char *
signer_text(struct arena *arena, const struct authority *authority)
{
	char text[128];

	if (!authority ||
	    X509_NAME_get_text_by_NID(X509_get_subject_name(authority->cert),
		NID_commonName, text, sizeof(text)) < 0)
		return NULL;
	return arena_strdup(arena, text);
}

static bool
sign_and_write(struct arena *arena, const struct make_order *order,
    const struct pem *old, EVP_PKEY *key, struct made_pem *made,
    const char **why)
{
	struct pem_output output = { .path = made->path,
		.key = key,
		.owner = order->owner,
		.replace = order->existing != MAKE_REFUSE };
	char kind[64];
	bool done;

	output.cert = sign(arena, order, old, key, why);
	if (!output.cert)
		return false;
	key_describe(key, sizeof(kind), kind);
	made->key = arena_strdup(arena, kind);
	made->until = day_text(arena, output.cert);
	made->signer = signer_text(arena, order->authority);
	done = pem_write(arena, &output, 1, why);
	made->backup = output.backup;
	X509_free(output.cert);
	return done;
}

static bool
make_at(struct arena *arena, const struct make_order *order,
    const struct pem *old, struct made_pem *made, const char **why)
{
	EVP_PKEY *key = key_for(arena, order, old, made->path, why);
	bool done = key && sign_and_write(arena, order, old, key, made, why);

	EVP_PKEY_free(key);
	return done;
}

/* Opens what is to be replaced; the caller closes it. */
static bool
old_open(struct arena *arena, const char *path, const struct make_order *order,
    struct pem **old, const char **why)
{
	enum pem_status status = pem_open(arena, path, old);
	const char *against;

	if (status != PEM_READ) {
		*why = arena_printf(arena, "%s can't be read: %s", path,
		    status == PEM_UNREADABLE ? strerror(errno)
					     : "it is no PEM");
		return false;
	}
	against = objection(order, *old);
	if (!against)
		return true;
	*why = arena_printf(arena, "%s %s", path, against);
	pem_close(old);
	return false;
}

bool
make_pem(struct arena *arena, const char *path, const struct make_order *order,
    struct made_pem *made, const char **why)
{
	struct pem *old = NULL;
	bool exists, done;

	*made = (struct made_pem){ 0 };
	if (!place_resolve(arena, path, &made->path, &exists, why))
		return false;
	if (exists && order->existing == MAKE_REFUSE) {
		*why = arena_printf(arena,
		    "%s is there already: --renew makes a new certificate for "
		    "its key, --rotate a new key too",
		    path);
		return false;
	}
	if (!exists && order->existing != MAKE_REFUSE) {
		*why = arena_printf(arena,
		    "%s isn't there: leave %s out to make it", path,
		    order->existing == MAKE_RENEW ? "--renew" : "--rotate");
		return false;
	}
	if (exists && !old_open(arena, made->path, order, &old, why))
		return false;
	done = make_at(arena, order, old, made, why);
	pem_close(&old);
	return done;
}

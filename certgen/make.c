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

/* What is to be made, and what is there of it. */
struct target {
	const char *cert;
	const char *key; /* NULL: both are in one file */
	bool cert_exists, key_exists;
	/* What is there, or NULL; of one file they are the same. */
	struct pem *old_cert, *old_key;
};

/* NULL where what is there may be replaced. */
static const char *
objection(const struct make_order *order, const struct pem *pem)
{
	const struct pem_block *leaf = pem_first(pem, PEM_CERTIFICATE);

	/* A key that is alone is completed. */
	if (!leaf && order->existing == MAKE_RENEW && order->hosts &&
	    pem_first(pem, PEM_KEY))
		return NULL;
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
    const struct target *target, const char **why)
{
	const struct pem_block *block;
	EVP_PKEY *key;

	if (order->existing != MAKE_RENEW) {
		key = key_generate(&order->kind);
		if (!key)
			*why = crypto_error(arena, "no key could be made");
		return key;
	}
	block = pem_first(target->old_key, PEM_KEY);
	if (!block || !block->key) {
		*why = arena_printf(arena,
		    "%s holds no private key that can be kept: --rotate makes "
		    "a new one",
		    target->key ? target->key : target->cert);
		return NULL;
	}
	EVP_PKEY_up_ref(block->key);
	return block->key;
}

const char *
make_day(struct arena *arena, const struct x509_st *cert)
{
	struct tm tm;

	if (!ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm))
		return "";
	return arena_printf(arena, "%04d-%02d-%02d", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday);
}

/* OpenSSL's SSL_MAX_CERT_LIST_DEFAULT is 100 KiB, of which a little is for
 * what stands around it. */
enum { CERT_BYTES_MAX = 100 * 1024 - 1024 };

/* The names may be few and long. */
static bool
is_short(struct arena *arena, const X509 *cert, const char **why)
{
	int len = i2d_X509(cert, NULL);

	if (len > 0 && len <= CERT_BYTES_MAX)
		return true;
	*why = arena_printf(arena,
	    "the certificate would have %d bytes, and others read at most 100 "
	    "KiB of them in a handshake: make a file for each host "
	    "(--per-host)",
	    len);
	return false;
}

/* The caller frees it; NULL with *why. */
static X509 *
sign(struct arena *arena, const struct make_order *order,
    const struct target *target, EVP_PKEY *key, const char **why)
{
	struct cert_request request = { .hosts = order->hosts,
		.days = order->days,
		.now = time(NULL),
		.wildcard = order->wildcard,
		.authority = order->authority };
	const char *host;
	X509 *cert;

	if (!order->hosts)
		request.like =
		    pem_first(target->old_cert, PEM_CERTIFICATE)->cert;
	cert = certificate_make(&request, key);
	if (!cert) {
		*why = crypto_error(arena, "no certificate could be made");
		return NULL;
	}
	if (!is_short(arena, cert, why)) {
		X509_free(cert);
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

/* Renewing what is kept apart leaves the key's file alone. */
static bool
write_target(struct arena *arena, const struct make_order *order,
    const struct target *target, X509 *cert, EVP_PKEY *key,
    struct made_pem *made, const char **why)
{
	bool replace = order->existing != MAKE_REFUSE;
	bool key_too = target->key && order->existing != MAKE_RENEW;
	struct pem_output outputs[] = {
		{ .path = target->key,
		    .key = key,
		    .owner = order->owner,
		    .replace = replace },
		{ .path = target->cert,
		    .cert = cert,
		    .key = target->key ? NULL : key,
		    .owner = order->owner,
		    .replace = replace },
	};

	if (!pem_write(arena, &outputs[!key_too], 1 + key_too, why))
		return false;
	made->path = target->cert;
	made->key_path = target->key;
	made->backup = outputs[1].backup;
	made->key_backup = outputs[0].backup;
	return true;
}

static bool
make_at(struct arena *arena, const struct make_order *order,
    const struct target *target, struct made_pem *made, const char **why)
{
	EVP_PKEY *key = key_for(arena, order, target, why);
	X509 *cert = key ? sign(arena, order, target, key, why) : NULL;
	bool done =
	    cert && write_target(arena, order, target, cert, key, made, why);
	char kind[64];

	if (done) {
		key_describe(key, sizeof(kind), kind);
		made->key = arena_strdup(arena, kind);
		made->until = make_day(arena, cert);
		made->signer = signer_text(arena, order->authority);
	}
	X509_free(cert);
	EVP_PKEY_free(key);
	return done;
}

/* --- what is there --- */

/* PATH without .pem, .crt or .key, and with the ending. */
static const char *
apart(struct arena *arena, const char *path, const char *ending)
{
	static const char *const endings[] = { ".pem", ".crt", ".key" };
	size_t len = strlen(path), i;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t tail = strlen(endings[i]);

		if (len > tail && strcmp(path + len - tail, endings[i]) == 0) {
			len -= tail;
			break;
		}
	}
	return arena_printf(arena, "%.*s%s", (int)len, path, ending);
}

const char *
make_cert_path(struct arena *arena, const char *path)
{
	return apart(arena, path, ".crt");
}

const char *
make_key_path(struct arena *arena, const char *path)
{
	return apart(arena, path, ".key");
}

static bool
target_find(struct arena *arena, const char *path,
    const struct make_order *order, struct target *target, const char **why)
{
	if (!order->separate) {
		if (!place_resolve(
			arena, path, &target->cert, &target->cert_exists, why))
			return false;
		target->key_exists = target->cert_exists;
		return true;
	}
	return place_resolve(arena, make_cert_path(arena, path), &target->cert,
		   &target->cert_exists, why) &&
	       place_resolve(arena, make_key_path(arena, path), &target->key,
		   &target->key_exists, why);
}

/* Whether what is there is what the order expects. */
static bool
target_check(struct arena *arena, const char *path,
    const struct make_order *order, const struct target *target,
    const char **why)
{
	bool any = target->cert_exists || target->key_exists;
	const char *there = !target->key	  ? path
			    : target->cert_exists ? target->cert
						  : target->key;

	if (any && order->existing == MAKE_REFUSE)
		*why = arena_printf(arena,
		    "%s is there already: --renew makes a new certificate for "
		    "its key, --rotate a new key too",
		    there);
	else if (!any && order->existing != MAKE_REFUSE)
		*why = arena_printf(arena,
		    "%s isn't there: leave %s out to make it", path,
		    order->existing == MAKE_RENEW ? "--renew" : "--rotate");
	else if (order->existing == MAKE_RENEW && !target->key_exists)
		*why = arena_printf(arena,
		    "%s isn't there: --rotate makes a new key", target->key);
	else if (!target->cert_exists && !order->hosts)
		*why = arena_printf(arena,
		    "%s isn't there: name each --host that it is to be for",
		    target->cert);
	else
		return true;
	return false;
}

/* NULL, with *why, where it can't be read. */
static struct pem *
old_read(struct arena *arena, const char *path, const char **why)
{
	struct pem *old = NULL;
	enum pem_status status = pem_open(arena, path, &old);

	if (status != PEM_READ)
		*why = arena_printf(arena, "%s can't be read: %s", path,
		    status == PEM_UNREADABLE ? strerror(errno)
					     : "it is no PEM");
	return status == PEM_READ ? old : NULL;
}

static bool
target_open(struct arena *arena, const struct make_order *order,
    struct target *target, const char **why)
{
	const char *against;

	if (target->cert_exists) {
		target->old_cert = old_read(arena, target->cert, why);
		if (!target->old_cert)
			return false;
		against = objection(order, target->old_cert);
		if (against) {
			*why =
			    arena_printf(arena, "%s %s", target->cert, against);
			return false;
		}
	}
	if (!target->key)
		target->old_key = target->old_cert;
	else if (target->key_exists && order->existing == MAKE_RENEW)
		target->old_key = old_read(arena, target->key, why);
	return target->old_key || order->existing != MAKE_RENEW;
}

static void
target_close(struct target *target)
{
	if (target->old_key && target->old_key != target->old_cert)
		pem_close(&target->old_key);
	if (target->old_cert)
		pem_close(&target->old_cert);
}

bool
make_pem(struct arena *arena, const char *path, const struct make_order *order,
    struct made_pem *made, const char **why)
{
	struct target target = { 0 };
	bool done;

	*made = (struct made_pem){ 0 };
	done = target_find(arena, path, order, &target, why) &&
	       target_check(arena, path, order, &target, why) &&
	       target_open(arena, order, &target, why) &&
	       make_at(arena, order, &target, made, why);
	target_close(&target);
	return done;
}

#include "certgen/pem_parts.h"
/* The order of a heap of certificates and keys, and what was done for it. */
#include "certgen/pem_chain.h"
#include "cfgparse/base/terminal.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string.h>

/* The heap while it is put in order. */
struct arranging {
	struct pem_parts *parts;
	struct pem_order *out;
	time_t now;
	bool keep_root;
	struct chain chain;
	bool taken[PEM_BLOCKS_MAX];
	size_t places[PEM_BLOCKS_MAX]; /* of what is taken, in its order */
	size_t place_count;
};

static void
note_cert(struct pem_parts *parts, const char *what, const X509 *cert)
{
	struct buf name = { 0 };
	char *text = X509_NAME_oneline(X509_get_subject_name(cert), NULL, 0);

	terminal_escape(&name, str_of(text));
	buf_printf(&parts->notes, "%s %s\n", what, buf_text(&name));
	OPENSSL_free(text);
	buf_fini(&name);
}

static bool
fits(const struct pem_parts *parts, size_t cert, size_t key)
{
	bool fit =
	    X509_check_private_key(parts->certs[cert], parts->keys[key]) == 1;

	ERR_clear_error();
	return fit;
}

static bool
is_newer(const X509 *a, const X509 *b)
{
	return ASN1_TIME_compare(
		   X509_get0_notBefore(a), X509_get0_notBefore(b)) > 0;
}

/* The newest certificate that one of the keys belongs to. */
static bool
find_pair(const struct pem_parts *parts, size_t *leaf, size_t *key)
{
	bool found = false;
	size_t i, k;

	for (k = 0; k < parts->key_count && !found; k++) {
		for (i = 0; i < parts->cert_count; i++) {
			if (!fits(parts, i, k) ||
			    (found && !is_newer(parts->certs[i],
					  parts->certs[*leaf])))
				continue;
			*leaf = i;
			*key = k;
			found = true;
		}
	}
	return found;
}

/* Without a key: the first one that is no authority's. */
static size_t
find_alone(const struct pem_parts *parts)
{
	size_t i;

	for (i = 0; i < parts->cert_count; i++)
		if (!(X509_get_extension_flags(parts->certs[i]) & EXFLAG_CA))
			return i;
	return 0;
}

static bool
expired(struct arranging *at, size_t i)
{
	return X509_cmp_time(
		   X509_get0_notAfter(at->parts->certs[i]), &at->now) < 0;
}

static void
take(struct arranging *at, size_t i)
{
	at->taken[i] = true;
	at->places[at->place_count++] = i;
	if (!at->out->cert)
		at->out->cert = at->parts->certs[i];
	else
		at->out->chain[at->out->chain_count++] = at->parts->certs[i];
}

/* Whether it belongs into the chain. */
static bool
is_useful(struct arranging *at, size_t i)
{
	if (at->chain.root[i])
		return at->keep_root && !expired(at, i);
	return !expired(at, i);
}

static void
take_chain(struct arranging *at)
{
	const struct chain *chain = &at->chain;
	size_t i;

	take(at, chain->steps[0]);
	for (i = 1; i < chain->step_count; i++) {
		/* The issuer itself stays, so that its fault is seen. */
		if (i > 1 && !is_useful(at, chain->steps[i]))
			break;
		if (chain->root[chain->steps[i]] && !at->keep_root)
			break;
		take(at, chain->steps[i]);
	}
	for (i = 0; i < chain->count; i++)
		if (chain->roles[i] == CHAIN_OTHER_WAY && is_useful(at, i))
			take(at, i);
}

static void
note_left_out(struct arranging *at)
{
	struct pem_parts *parts = at->parts;
	size_t i;

	for (i = 0; i < parts->cert_count; i++) {
		const X509 *cert = parts->certs[i];

		if (at->taken[i])
			continue;
		if (at->chain.roles[i] == CHAIN_DUPLICATE)
			note_cert(parts, "removes the second copy of", cert);
		else if (at->chain.roles[i] == CHAIN_FOREIGN)
			note_cert(parts, "removes the foreign", cert);
		else if (expired(at, i))
			note_cert(parts, "removes the expired", cert);
		else if (at->chain.root[i])
			note_cert(parts, "removes the root", cert);
		else
			note_cert(parts, "removes the useless", cert);
	}
}

static void
note_order(struct arranging *at)
{
	size_t i;

	for (i = 1; i < at->place_count; i++) {
		if (at->places[i] > at->places[i - 1])
			continue;
		buf_puts(&at->parts->notes,
		    "puts the server's certificate first and each other one "
		    "behind the one that it signed\n");
		return;
	}
}

bool
pem_parts_arrange(struct pem_parts *parts, time_t now, bool keep_root,
    struct pem_order *out, const char **why)
{
	struct arranging at = {
		.parts = parts, .out = out, .now = now, .keep_root = keep_root
	};
	size_t leaf = 0, key = 0, i;

	*out = (struct pem_order){ 0 };
	/* A key in a file of its own. */
	if (parts->cert_count == 0 && parts->key_count == 1) {
		out->key = parts->keys[0];
		return true;
	}
	if (parts->cert_count == 0) {
		*why = "there is no certificate";
		return false;
	}
	if (parts->key_count == 0) {
		leaf = find_alone(parts);
	} else if (find_pair(parts, &leaf, &key)) {
		out->key = parts->keys[key];
	} else {
		*why = "the private key belongs to none of the certificates";
		return false;
	}
	chain_find(parts->certs, parts->cert_count, leaf, now, &at.chain);
	take_chain(&at);
	note_left_out(&at);
	note_order(&at);
	for (i = 0; i < parts->key_count; i++)
		if (i != key)
			buf_puts(&parts->notes, "removes a key that isn't the "
						"certificate's\n");
	ERR_clear_error();
	return true;
}

#include "certgen/pem_parts.h"

#include "certgen/der.h"
#include "certgen/pem_private.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/base/terminal.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Rounds of a key derivation: more than programs use, and a second. */
enum { ROUNDS_MAX = 1000 * 1000, MARK_LEN_MAX = 128 };

/* One file on its way into the heap. */
struct import {
	struct arena *arena;
	struct pem_parts *parts;
	const char *name; /* harmless for terminals */
	const char *passphrase;
	const char *why;
};

static bool
refuse(struct import *import, const char *why)
{
	import->why = arena_printf(import->arena, "%s %s", import->name, why);
	ERR_clear_error();
	return false;
}

/* Takes the certificate. */
static bool
add_cert(struct import *import, X509 *cert)
{
	struct pem_parts *parts = import->parts;

	if (parts->cert_count == PEM_BLOCKS_MAX) {
		X509_free(cert);
		return refuse(import, "brings too many certificates together");
	}
	parts->certs[parts->cert_count++] = cert;
	return true;
}

/* Takes the key; one that is there already is dropped. */
static bool
add_key(struct import *import, EVP_PKEY *key)
{
	struct pem_parts *parts = import->parts;
	size_t i;

	for (i = 0; i < parts->key_count; i++) {
		if (EVP_PKEY_eq(parts->keys[i], key) != 1)
			continue;
		EVP_PKEY_free(key);
		buf_puts(&parts->notes, "removes a second copy of a key\n");
		return true;
	}
	if (parts->key_count == PEM_KEYS_MAX) {
		EVP_PKEY_free(key);
		return refuse(import, "brings too many keys together");
	}
	parts->keys[parts->key_count++] = key;
	return true;
}

/* --- PEM --- */

static int
on_passphrase(char *out, int size, int writing, void *arg)
{
	const char *passphrase = arg;
	size_t len = passphrase ? strlen(passphrase) : 0;

	(void)writing;
	if (!passphrase || len > (size_t)size)
		return -1;
	memcpy(out, passphrase, len);
	return (int)len;
}

/* EncryptedPrivateKeyInfo (RFC 5958): how it is encrypted comes first. */
static bool
too_many_rounds(struct str der)
{
	struct der_item algorithm;

	return der_whole_is(der, DER_SEQUENCE, &der) &&
	       der_next_is(&der, DER_SEQUENCE, &algorithm) &&
	       der_largest_integer(algorithm.body) > ROUNDS_MAX;
}

static bool
add_locked(struct import *import, const struct pem_block *block)
{
	EVP_PKEY *key;
	BIO *bio;

	if (!import->passphrase)
		return refuse(import,
		    "has an encrypted key: give its passphrase with "
		    "--passphrase-file FILE or --ask-passphrase");
	if (too_many_rounds(block->der))
		return refuse(import, "has a key that is encrypted with more "
				      "than a million rounds");
	bio = BIO_new_mem_buf(block->text.ptr, (int)block->text.len);
	if (!bio)
		return refuse(import, "can't be read by OpenSSL");
	key = PEM_read_bio_PrivateKey(
	    bio, NULL, on_passphrase, (void *)import->passphrase);
	BIO_free(bio);
	if (!key)
		return refuse(
		    import, "has a key that the passphrase doesn't open");
	buf_puts(&import->parts->notes,
	    "takes the passphrase of the private key away\n");
	return add_key(import, key);
}

static bool
add_block(struct import *import, const struct pem_block *block)
{
	struct buf label = { 0 };

	switch (block->kind) {
	case PEM_CERTIFICATE:
		if (!block->cert)
			return refuse(import, "has a broken certificate");
		X509_up_ref(block->cert);
		return add_cert(import, block->cert);
	case PEM_KEY:
		if (!block->key)
			return refuse(import, "has a broken private key");
		EVP_PKEY_up_ref(block->key);
		return add_key(import, block->key);
	case PEM_KEY_ENCRYPTED: return add_locked(import, block);
	case PEM_OTHER: break;
	}
	terminal_escape(&label, block->label);
	buf_printf(
	    &import->parts->notes, "removes the block %s\n", buf_text(&label));
	buf_fini(&label);
	return true;
}

static bool
add_blocks(struct import *import, const struct pem *pem)
{
	size_t i;

	if (pem->too_many)
		return refuse(import, "has too many PEM blocks");
	for (i = 0; i < pem->count; i++) {
		if (!pem->blocks[i].complete)
			return refuse(
			    import, "has a block without an END line");
		if (!add_block(import, &pem->blocks[i]))
			return false;
	}
	if (pem->count == 0)
		return refuse(import, "holds no certificate and no key");
	return true;
}

/* The length of "-----END LABEL-----" or the like at the start of the text, or
 * 0. */
static size_t
mark_len(struct str text, const char *mark)
{
	const char *newline, *dashes;
	size_t len = strlen(mark);

	if (text.len < len || memcmp(text.ptr, mark, len) != 0)
		return 0;
	/* No label is so long; and this is looked for often. */
	if (text.len > MARK_LEN_MAX)
		text.len = MARK_LEN_MAX;
	newline = memchr(text.ptr, '\n', text.len);
	if (newline)
		text.len = (size_t)(newline - text.ptr);
	dashes = memmem(text.ptr + len, text.len - len, "-----", 5);
	return dashes ? (size_t)(dashes - text.ptr) + 5 : 0;
}

/* The bytes with what hides blocks put right: line feeds for CR, each BEGIN and
 * END on a line of its own. At most twice as long, as what gets two line feeds
 * has 14 bytes at least. */
static struct str
straighten(struct str bytes)
{
	char *out = mem_alloc(2 * bytes.len + 1, 1);
	size_t len = 0, mark;

	while (bytes.len > 0) {
		mark = mark_len(bytes, PEM_BEGIN);
		if (mark == 0)
			mark = mark_len(bytes, PEM_END);
		if (mark > 0) {
			if (len > 0 && out[len - 1] != '\n')
				out[len++] = '\n';
			memcpy(out + len, bytes.ptr, mark);
			len += mark;
			out[len++] = '\n';
			bytes.ptr += mark;
			bytes.len -= mark;
			continue;
		}
		if (*bytes.ptr != '\r')
			out[len++] = *bytes.ptr;
		else if (bytes.len < 2 || bytes.ptr[1] != '\n')
			out[len++] = '\n';
		bytes.ptr++;
		bytes.len--;
	}
	return (struct str){ out, len };
}

static bool
add_straight(struct import *import, struct str bytes)
{
	struct str straight = straighten(bytes);
	struct pem *pem = pem_parse(import->arena, import->name, straight);
	bool done = add_blocks(import, pem);

	pem_close(&pem);
	OPENSSL_cleanse((char *)straight.ptr, 2 * bytes.len + 1);
	free((char *)straight.ptr);
	return done;
}

/* --- DER and PKCS#12 --- */

/* The rounds of its MAC and of all that is encrypted at its first level. */
static bool
pkcs12_is_costly(struct str der)
{
	struct der_item item, content, data;
	struct str body = der, safes;

	if (der_largest_integer(der) > ROUNDS_MAX)
		return true;
	/* PFX: version, then the authSafe: a content type and [0] data. */
	if (!der_whole_is(body, DER_SEQUENCE, &body) ||
	    !der_next_is(&body, DER_INTEGER, &item) ||
	    !der_next_is(&body, DER_SEQUENCE, &item) ||
	    !der_next_is(&item.body, DER_OID, &content) ||
	    !der_next_is(&item.body, DER_CONTEXT_0, &content) ||
	    !der_whole_is(content.body, DER_OCTET_STRING, &safes))
		return true;
	if (der_largest_integer(safes) > ROUNDS_MAX ||
	    !der_whole_is(safes, DER_SEQUENCE, &safes))
		return true;
	while (der_next_is(&safes, DER_SEQUENCE, &item))
		if (der_next_is(&item.body, DER_OID, &content) &&
		    der_next_is(&item.body, DER_CONTEXT_0, &content) &&
		    der_next_is(&content.body, DER_OCTET_STRING, &data) &&
		    der_largest_integer(data.body) > ROUNDS_MAX)
			return true;
	return false;
}

static bool
add_pkcs12_parts(
    struct import *import, EVP_PKEY *key, X509 *cert, STACK_OF(X509) * others)
{
	bool done = true;
	int i;

	buf_puts(&import->parts->notes, "converts from PKCS#12\n");
	if (cert)
		done = add_cert(import, cert);
	if (done && key)
		done = add_key(import, key);
	else
		EVP_PKEY_free(key);
	for (i = 0; done && i < sk_X509_num(others); i++) {
		X509_up_ref(sk_X509_value(others, i));
		done = add_cert(import, sk_X509_value(others, i));
	}
	return done;
}

static bool
add_pkcs12(struct import *import, PKCS12 *file, struct str der)
{
	STACK_OF(X509) *others = NULL;
	EVP_PKEY *key = NULL;
	X509 *cert = NULL;
	bool done;

	if (pkcs12_is_costly(der))
		return refuse(import, "isn't PKCS#12 as programs write it");
	if (PKCS12_parse(file, import->passphrase ? import->passphrase : "",
		&key, &cert, &others) != 1)
		return refuse(import,
		    import->passphrase
			? "is PKCS#12 that the passphrase doesn't open (or of "
			  "an old encryption: openssl pkcs12 -legacy -nodes)"
			: "is PKCS#12 with a passphrase: give it with "
			  "--passphrase-file FILE or --ask-passphrase");
	done = add_pkcs12_parts(import, key, cert, others);
	sk_X509_pop_free(others, X509_free);
	return done;
}

static bool
add_der(struct import *import, struct str der)
{
	const unsigned char *bytes = (const unsigned char *)der.ptr;
	PKCS12 *file;
	EVP_PKEY *key;
	X509 *cert;
	bool done;

	cert = d2i_X509(NULL, &bytes, (long)der.len);
	if (cert) {
		buf_puts(&import->parts->notes, "converts from DER\n");
		return add_cert(import, cert);
	}
	bytes = (const unsigned char *)der.ptr;
	file = d2i_PKCS12(NULL, &bytes, (long)der.len);
	if (file) {
		done = add_pkcs12(import, file, der);
		PKCS12_free(file);
		return done;
	}
	bytes = (const unsigned char *)der.ptr;
	key = d2i_AutoPrivateKey(NULL, &bytes, (long)der.len);
	ERR_clear_error();
	if (!key)
		return refuse(import, "is no certificate, key or PKCS#12");
	buf_puts(&import->parts->notes, "converts from DER\n");
	return add_key(import, key);
}

/* --- the heap --- */

static bool
add_pem(struct import *import, const struct pem *pem)
{
	struct buf *notes = &import->parts->notes;
	bool shared = false;
	size_t i;

	if (pem->binary && pem->count == 0)
		return add_der(import, pem->bytes);
	for (i = 0; i < pem->count; i++)
		shared = shared || pem->blocks[i].shares_line;
	if (pem->crlf_line)
		buf_puts(notes, "takes the CR at the ends of lines away\n");
	if (shared)
		buf_puts(notes, "begins each block on a line of its own\n");
	if (pem->hidden_line)
		buf_puts(
		    notes, "puts each BEGIN and END on a line of its own\n");
	else if (pem->text_line && !shared)
		buf_puts(notes, "removes text outside of the blocks\n");
	if (pem->crlf_line || pem->hidden_line || shared)
		return add_straight(import, pem->bytes);
	return add_blocks(import, pem);
}

static const char *
harmless(struct arena *arena, const char *name)
{
	struct buf text = { 0 };
	const char *out;

	terminal_escape(&text, str_of(name));
	out = arena_strdup(arena, buf_text(&text));
	buf_fini(&text);
	return out;
}

static bool
add_closing(struct import *import, struct pem *pem, const char **why)
{
	bool done = add_pem(import, pem);

	pem_close(&pem);
	*why = import->why;
	return done;
}

bool
pem_parts_add_bytes(struct arena *arena, struct pem_parts *parts,
    const char *name, struct str bytes, const char *passphrase,
    const char **why)
{
	struct import import = { arena, parts, harmless(arena, name),
		passphrase, NULL };

	return add_closing(&import, pem_parse(arena, name, bytes), why);
}

bool
pem_parts_add(struct arena *arena, struct pem_parts *parts, const char *path,
    const char *passphrase, const char **why)
{
	struct import import = { arena, parts, harmless(arena, path),
		passphrase, NULL };
	struct pem *pem;

	switch (pem_open(arena, path, &pem)) {
	case PEM_READ: return add_closing(&import, pem, why);
	case PEM_UNREADABLE:
		*why = arena_printf(arena, "%s can't be read: %s", import.name,
		    strerror(errno));
		return false;
	case PEM_NOT_REGULAR:
		*why =
		    arena_printf(arena, "%s is no regular file", import.name);
		return false;
	case PEM_TOO_LARGE: break;
	}
	*why = arena_printf(arena, "%s is larger than any PEM", import.name);
	return false;
}

void
pem_parts_fini(struct pem_parts *parts)
{
	size_t i;

	for (i = 0; i < parts->cert_count; i++)
		X509_free(parts->certs[i]);
	for (i = 0; i < parts->key_count; i++)
		EVP_PKEY_free(parts->keys[i]);
	buf_fini(&parts->notes);
	*parts = (struct pem_parts){ 0 };
}

#include "certgen/tlsa.h"

#include "certgen/pem.h"
#include "cfgparse/base/buf.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string.h>

/* The DER of what the selector names; its length, or 0. OPENSSL_free it. */
static size_t
selected(const X509 *cert, unsigned selector, unsigned char **der)
{
	X509_PUBKEY *key;
	int len;

	*der = NULL;
	if (selector == TLSA_CERT) {
		len = i2d_X509(cert, der);
	} else if (selector == TLSA_KEY) {
		key = X509_get_X509_PUBKEY(cert);
		len = key ? i2d_X509_PUBKEY(key, der) : 0;
	} else {
		return 0;
	}
	return len > 0 ? (size_t)len : 0;
}

static const EVP_MD *
digest_of(unsigned matching)
{
	return matching == TLSA_SHA256	 ? EVP_sha256()
	       : matching == TLSA_SHA512 ? EVP_sha512()
					 : NULL;
}

static bool
digest(const unsigned char *der, size_t len, unsigned matching,
    struct tlsa_digest *out)
{
	unsigned int size = 0;
	const EVP_MD *kind = digest_of(matching);

	if (!kind || !EVP_Digest(der, len, out->bytes, &size, kind, NULL))
		return false;
	out->len = size;
	return true;
}

bool
tlsa_digest_make(
    const X509 *cert, enum tlsa_selector selector, struct tlsa_digest *out)
{
	unsigned char *der;
	size_t len = selected(cert, selector, &der);
	bool made = len > 0 && digest(der, len, TLSA_SHA256, out);

	OPENSSL_free(der);
	return made;
}

static bool
matches_cert(const struct tlsa_record *record, const X509 *cert)
{
	struct tlsa_digest made;
	unsigned char *der;
	size_t len = selected(cert, record->selector, &der);
	bool same;

	if (record->matching == TLSA_FULL)
		same = len == record->len && len > 0 &&
		       memcmp(der, record->data, len) == 0;
	else
		same = len > 0 && digest(der, len, record->matching, &made) &&
		       made.len == record->len &&
		       memcmp(made.bytes, record->data, made.len) == 0;
	OPENSSL_free(der);
	return same;
}

bool
tlsa_matches(const struct tlsa_record *record, const struct pem *pem)
{
	bool authority =
	    record->usage == TLSA_PKIX_TA || record->usage == TLSA_DANE_TA;
	bool found = false;

	if (record->usage > TLSA_DANE_EE)
		return false;
	for (size_t i = 0; i < pem->count && !found; i++) {
		if (pem->blocks[i].kind != PEM_CERTIFICATE)
			continue;
		found = pem->blocks[i].cert &&
			matches_cert(record, pem->blocks[i].cert);
		if (!authority) /* the first one is served */
			break;
	}
	ERR_clear_error();
	return found;
}

void
tlsa_print(const struct tlsa_record *record, struct buf *out)
{
	buf_printf(out, "%u %u %u ", record->usage, record->selector,
	    record->matching);
	for (size_t i = 0; i < record->len; i++)
		buf_printf(out, "%02X", record->data[i]);
}

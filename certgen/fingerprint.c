#include "certgen/fingerprint.h"

#include "cfgparse/base/base64.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

static void
put_hex(struct buf *out, const unsigned char *bytes, size_t len, bool colons)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf_printf(out, colons ? "%s%02X" : "%s%02x",
		    colons && i ? ":" : "", bytes[i]);
}

bool
fingerprint_cert(
    const struct x509_st *cert, const struct evp_md_st *digest, struct buf *out)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned int len;

	if (!X509_digest(cert, digest, bytes, &len))
		return false;
	put_hex(out, bytes, len, true);
	return true;
}

bool
fingerprint_key(
    const struct evp_pkey_st *key, struct buf *hex, struct buf *base64)
{
	unsigned char bytes[EVP_MAX_MD_SIZE], *der = NULL;
	int len = i2d_PUBKEY(key, &der);
	unsigned int size;
	bool done;

	if (len <= 0)
		return false;
	done = EVP_Digest(der, (size_t)len, bytes, &size, EVP_sha256(), NULL);
	OPENSSL_free(der);
	if (!done)
		return false;
	put_hex(hex, bytes, size, false);
	base64_encode(base64, bytes, size);
	return true;
}

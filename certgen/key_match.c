#include "certgen/key_match.h"

#include "certgen/der.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

static const char oid_rsa[] = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
static const char oid_ec[] = "\x2a\x86\x48\xce\x3d\x02\x01";

/* RSAPrivateKey (RFC 8017, A.1.2): the modulus and the exponent behind the
 * version are, together, the content of the certificate's RSAPublicKey. */
static bool
read_rsa(struct str body, struct key_half *half)
{
	struct der_item item, modulus, exponent;
	int i;

	if (!der_next_is(&body, DER_INTEGER, &item) ||
	    !der_next_is(&body, DER_INTEGER, &modulus) ||
	    !der_next_is(&body, DER_INTEGER, &exponent))
		return false;
	for (i = 0; i < 6; i++)
		if (!der_next_is(&body, DER_INTEGER, &item))
			return false;
	half->bytes = (struct str){ modulus.whole.ptr,
		modulus.whole.len + exponent.whole.len };
	half->sequence = true;
	return true;
}

/* ECPrivateKey (RFC 5915): the public key is optional. */
static bool
read_ec(struct str body, struct key_half *half)
{
	struct der_item item, bits;

	if (!der_next_is(&body, DER_INTEGER, &item) ||
	    !der_next_is(&body, DER_OCTET_STRING, &item))
		return false;
	while (der_next(&body, &item)) {
		if (item.tag != DER_CONTEXT_1)
			continue;
		if (!der_next_is(&item.body, DER_BIT_STRING, &bits) ||
		    bits.body.len < 2)
			return false;
		half->bytes =
		    (struct str){ bits.body.ptr + 1, bits.body.len - 1 };
	}
	return half->bytes.len > 0;
}

static bool
is_oid(struct str oid, const char *bytes, size_t size)
{
	return str_eq(oid, (struct str){ bytes, size - 1 });
}

/* OneAsymmetricKey (RFC 5958): version, algorithm, key in an OCTET STRING. */
static bool
read_pkcs8(struct str body, struct key_half *half)
{
	struct der_item version, algorithm, oid, key;
	struct str inner;

	if (!der_next_is(&body, DER_INTEGER, &version) ||
	    !der_next_is(&body, DER_SEQUENCE, &algorithm) ||
	    !der_next_is(&body, DER_OCTET_STRING, &key) ||
	    !der_next_is(&algorithm.body, DER_OID, &oid) ||
	    !der_whole_is(key.body, DER_SEQUENCE, &inner))
		return false;
	if (is_oid(oid.body, oid_rsa, sizeof(oid_rsa)))
		return read_rsa(inner, half);
	return is_oid(oid.body, oid_ec, sizeof(oid_ec)) && read_ec(inner, half);
}

static EVP_PKEY *
load(struct str der)
{
	const unsigned char *bytes = (const unsigned char *)der.ptr;
	EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &bytes, (long)der.len);

	ERR_clear_error();
	return key;
}

static bool
loaded_is_of(EVP_PKEY *key, const X509 *cert)
{
	bool fits = key && X509_check_private_key(cert, key) == 1;

	ERR_clear_error();
	return fits;
}

bool
key_half_read(struct str der, struct key_half *half)
{
	struct str body;

	*half = (struct key_half){ .der = der };
	if (!der_whole_is(der, DER_SEQUENCE, &body))
		return false;
	if (read_pkcs8(body, half) || read_rsa(body, half) ||
	    read_ec(body, half))
		return true;
	half->bytes = (struct str){ 0 };
	half->key = load(der);
	return half->key != NULL;
}

void
key_half_fini(struct key_half *half)
{
	EVP_PKEY_free(half->key);
	*half = (struct key_half){ 0 };
}

bool
key_half_is_of(const struct key_half *half, const struct x509_st *cert)
{
	const unsigned char *bytes;
	struct str public;
	EVP_PKEY *key;
	bool fits;
	int len;

	if (half->key)
		return loaded_is_of(half->key, cert);
	if (half->bytes.len == 0 || !X509_PUBKEY_get0_param(NULL, &bytes, &len,
					NULL, X509_get_X509_PUBKEY(cert)))
		return false;
	public = (struct str){ (const char *)bytes, (size_t)len };
	if (half->sequence)
		return der_whole_is(public, DER_SEQUENCE, &public) &&
		       str_eq(public, half->bytes);
	if (public.len == half->bytes.len)
		return str_eq(public, half->bytes);
	/* A point has a compressed form too (SEC 1, section 2.3.3). */
	key = load(half->der);
	fits = loaded_is_of(key, cert);
	EVP_PKEY_free(key);
	return fits;
}

#include "certgen/key.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <stdio.h>
#include <string.h>

const struct key_kind key_default = { KEY_ECDSA, 256 };

/* RSA is asked for in steps of a quarter KiB: other lengths are typing errors
 * and slow some libraries down. */
enum { RSA_LEAST = 2048, RSA_MOST = 8192, RSA_STEP = 256 };

static const struct {
	const char *name;
	struct key_kind kind;
} kinds[] = {
	{ "ecdsa-p256", { KEY_ECDSA, 256 } },
	{ "ecdsa-p384", { KEY_ECDSA, 384 } },
	{ "ed25519", { KEY_ED25519, 256 } },
};

const char key_kinds[] =
    "ecdsa-p256, ecdsa-p384, ed25519 and rsa-2048 to rsa-8192, in steps of 256";

static bool
rsa_parse(const char *text, struct key_kind *kind)
{
	unsigned bits = 0;

	if (strncmp(text, "rsa-", 4) != 0)
		return false;
	for (text += 4; *text >= '0' && *text <= '9' && bits <= RSA_MOST;
	     text++)
		bits = bits * 10 + (unsigned)(*text - '0');
	if (*text || bits < RSA_LEAST || bits > RSA_MOST || bits % RSA_STEP)
		return false;
	*kind = (struct key_kind){ KEY_RSA, bits };
	return true;
}

bool
key_kind_parse(const char *text, struct key_kind *kind)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(text, kinds[i].name) == 0) {
			*kind = kinds[i].kind;
			return true;
		}
	}
	return rsa_parse(text, kind);
}

struct evp_pkey_st *
key_generate(const struct key_kind *kind)
{
	switch (kind->type) {
	case KEY_ECDSA:
		return EVP_EC_gen(kind->bits == 384 ? "P-384" : "P-256");
	case KEY_RSA: return EVP_RSA_gen(kind->bits);
	case KEY_ED25519: return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	}
	return NULL;
}

const struct evp_md_st *
key_digest(const struct evp_pkey_st *key)
{
	if (EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448"))
		return NULL;
	/* The strength in bits of symmetric security, as OpenSSL counts. */
	return EVP_PKEY_get_security_bits(key) > 128 ? EVP_sha384()
						     : EVP_sha256();
}

void
key_describe(const struct evp_pkey_st *key, size_t size, char *out)
{
	int bits = EVP_PKEY_get_bits(key);

	if (EVP_PKEY_is_a(key, "EC"))
		snprintf(out, size, "ECDSA P-%d", bits);
	else if (EVP_PKEY_is_a(key, "RSA"))
		snprintf(out, size, "RSA-%d", bits);
	else
		snprintf(out, size, "%s", EVP_PKEY_get0_type_name(key));
}

bool
key_weak(const struct evp_pkey_st *key)
{
	return EVP_PKEY_get_security_bits(key) < 112;
}

bool
key_costly(const struct evp_pkey_st *key)
{
	return EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= 4096;
}

/*
 * libcrypto behind crypto_private.h. Looking an algorithm up by name costs
 * more than using it once, so it happens once per process; what is looked up
 * is only read afterwards, and each use copies a prepared context.
 */
#include "server/auth/crypto_private.h"

#include <pthread.h>
#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "server/loop/loop.h"

static const char *const names[SCRAM_HASHES] = { "SHA1", "SHA256" };
static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *digests[SCRAM_HASHES];
static EVP_MAC_CTX *hmacs[SCRAM_HASHES];

/* Without its algorithms or its randomness the process can't go on safely. */
static void
require(bool worked)
{
	if (!worked)
		abort();
}

static void
fetch(void)
{
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);

	require(hmac);
	for (int i = 0; i < SCRAM_HASHES; i++) {
		OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(
					    OSSL_MAC_PARAM_DIGEST,
					    (char *)names[i], 0),
			OSSL_PARAM_construct_end() };

		digests[i] = EVP_MD_fetch(NULL, names[i], NULL);
		hmacs[i] = EVP_MAC_CTX_new(hmac);
		require(digests[i] && hmacs[i] &&
			EVP_MAC_CTX_set_params(hmacs[i], params));
	}
	EVP_MAC_free(hmac);
}

static void
fetch_once(void)
{
	require(pthread_once(&once, fetch) == 0);
}

size_t
crypto_size(enum scram_hash hash)
{
	return hash == SCRAM_SHA1 ? 20 : 32;
}

void
crypto_hmac(
    enum scram_hash hash, const uint8_t *key, struct str text, uint8_t *out)
{
	size_t size = crypto_size(hash), len = 0;
	EVP_MAC_CTX *hmac;

	fetch_once();
	hmac = EVP_MAC_CTX_dup(hmacs[hash]);
	require(
	    hmac && EVP_MAC_init(hmac, key, size, NULL) &&
	    EVP_MAC_update(hmac, (const unsigned char *)text.ptr, text.len) &&
	    EVP_MAC_final(hmac, out, &len, size) && len == size);
	EVP_MAC_CTX_free(hmac);
}

void
crypto_hash(enum scram_hash hash, const uint8_t *bytes, uint8_t *out)
{
	fetch_once();
	require(EVP_Digest(
	    bytes, crypto_size(hash), out, NULL, digests[hash], NULL));
}

void
crypto_hi(enum scram_hash hash, struct str password, const uint8_t *salt,
    uint32_t iterations, uint8_t *out)
{
	loop_assert_outside();
	fetch_once();
	require(
	    PKCS5_PBKDF2_HMAC(password.ptr, (int)password.len, salt, SCRAM_SALT,
		(int)iterations, digests[hash], (int)crypto_size(hash), out));
}

void
crypto_random(void *out, size_t len)
{
	require(RAND_bytes(out, (int)len) == 1);
}

bool
crypto_equal(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

void
crypto_wipe(void *bytes, size_t len)
{
	OPENSSL_cleanse(bytes, len);
}

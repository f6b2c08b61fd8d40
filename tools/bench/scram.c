/*
 * SCRAM client arithmetic on libcrypto; keys are remembered by password, salt
 * and iteration count.
 */
#include "tools/bench/scram.h"

#include "cfgparse/base/base64.h"
#include "cfgparse/base/mem.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bench_scram_keys {
	struct bench_scram_keys *next;
	enum bench_hash hash;
	char *password;
	struct buf salt;
	uint32_t rounds;
	uint8_t client_key[BENCH_KEY_MAX];
	uint8_t stored_key[BENCH_KEY_MAX];
	uint8_t server_key[BENCH_KEY_MAX];
};

static const EVP_MD *
digest(enum bench_hash hash)
{
	return hash == BENCH_SHA1 ? EVP_sha1() : EVP_sha256();
}

static size_t
digest_size(enum bench_hash hash)
{
	return hash == BENCH_SHA1 ? 20 : 32;
}

static void
mac(enum bench_hash hash, const uint8_t *key, struct str text, uint8_t *out)
{
	unsigned int len;

	if (HMAC(digest(hash), key, (int)digest_size(hash),
		(const unsigned char *)text.ptr, text.len, out, &len) == NULL)
		abort();
}

void
bench_scram_cache_fini(struct bench_scram_cache *cache)
{
	while (cache->first != NULL) {
		struct bench_scram_keys *keys = cache->first;

		cache->first = keys->next;
		OPENSSL_cleanse(keys->password, strlen(keys->password));
		free(keys->password);
		buf_fini(&keys->salt);
		OPENSSL_cleanse(keys, sizeof(*keys));
		free(keys);
	}
}

static void
derive(struct bench_scram_keys *keys)
{
	uint8_t salted[BENCH_KEY_MAX];
	size_t size = digest_size(keys->hash);

	if (PKCS5_PBKDF2_HMAC(keys->password, (int)strlen(keys->password),
		(const unsigned char *)keys->salt.data, (int)keys->salt.len,
		(int)keys->rounds, digest(keys->hash), (int)size, salted) != 1)
		abort();
	mac(keys->hash, salted, STR("Client Key"), keys->client_key);
	mac(keys->hash, salted, STR("Server Key"), keys->server_key);
	if (EVP_Digest(keys->client_key, size, keys->stored_key, NULL,
		digest(keys->hash), NULL) != 1)
		abort();
	OPENSSL_cleanse(salted, sizeof(salted));
}

/* Moves what it finds to the front: a shared salt is found at once. */
static struct bench_scram_keys *
keys_for(struct bench_scram_cache *cache, enum bench_hash hash,
    const char *password, struct str salt, uint32_t rounds)
{
	struct bench_scram_keys **at = &cache->first, *keys;

	for (; (keys = *at) != NULL; at = &keys->next)
		if (keys->hash == hash && keys->rounds == rounds &&
		    str_eq(buf_str(&keys->salt), salt) &&
		    strcmp(keys->password, password) == 0)
			break;
	if (keys == NULL) {
		keys = mem_alloc(1, sizeof(*keys));
		keys->hash = hash;
		keys->password = mem_strdup(password);
		buf_add(&keys->salt, salt);
		keys->rounds = rounds;
		derive(keys);
		cache->derived++;
	} else {
		*at = keys->next;
	}
	keys->next = cache->first;
	cache->first = keys;
	return keys;
}

static void
random_nonce(struct buf *out)
{
	unsigned char bytes[18];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		abort();
	base64_encode(out, bytes, sizeof(bytes));
}

void
bench_scram_start(struct bench_scram *scram, enum bench_hash hash,
    const char *user, const char *password, const char *nonce, struct buf *out)
{
	scram->hash = hash;
	scram->password = password;
	if (nonce != NULL)
		buf_puts(&scram->nonce, nonce);
	else
		random_nonce(&scram->nonce);
	buf_puts(&scram->first_bare, "n=");
	for (const char *c = user; *c != '\0'; c++) {
		if (*c == ',')
			buf_puts(&scram->first_bare, "=2C");
		else if (*c == '=')
			buf_puts(&scram->first_bare, "=3D");
		else
			buf_putc(&scram->first_bare, *c);
	}
	buf_puts(&scram->first_bare, ",r=");
	buf_add(&scram->first_bare, buf_str(&scram->nonce));
	buf_puts(out, "n,,");
	buf_add(out, buf_str(&scram->first_bare));
}

/* The value of "k=..." among the comma-separated fields. */
static bool
field(struct str message, char key, struct str *value)
{
	size_t at = 0;

	while (at < message.len) {
		const char *comma =
		    memchr(message.ptr + at, ',', message.len - at);
		size_t end =
		    comma ? (size_t)(comma - message.ptr) : message.len;

		if (end - at >= 2 && message.ptr[at] == key &&
		    message.ptr[at + 1] == '=') {
			*value =
			    (struct str){ message.ptr + at + 2, end - at - 2 };
			return true;
		}
		at = end + 1;
	}
	return false;
}

static bool
parse_rounds(struct str text, uint32_t *rounds)
{
	uint32_t value = 0;

	if (text.len == 0 || text.len > 7)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		value = value * 10 + (uint32_t)(text.ptr[i] - '0');
	}
	*rounds = value;
	return value > 0 && value <= BENCH_ROUNDS_MAX;
}

static void
prove(struct bench_scram *scram, const struct bench_scram_keys *keys,
    struct str auth, uint8_t *proof)
{
	size_t size = digest_size(scram->hash);

	mac(scram->hash, keys->stored_key, auth, proof);
	for (size_t i = 0; i < size; i++)
		proof[i] ^= keys->client_key[i];
	mac(scram->hash, keys->server_key, auth, scram->signature);
}

bool
bench_scram_answer(struct bench_scram *scram, struct bench_scram_cache *cache,
    struct str challenge, struct buf *out)
{
	struct str nonce, salt_text, rounds_text;
	struct buf salt = { 0 }, auth = { 0 }, bare = { 0 };
	uint8_t proof[BENCH_KEY_MAX];
	uint32_t rounds;
	bool ok;

	ok = field(challenge, 'r', &nonce) && nonce.len > scram->nonce.len &&
	     memcmp(nonce.ptr, scram->nonce.data, scram->nonce.len) == 0 &&
	     field(challenge, 's', &salt_text) &&
	     base64_decode(salt_text, BENCH_SALT_MAX, &salt) &&
	     field(challenge, 'i', &rounds_text) &&
	     parse_rounds(rounds_text, &rounds);
	if (ok) {
		buf_puts(&bare, "c=biws,r=");
		buf_add(&bare, nonce);
		buf_add(&auth, buf_str(&scram->first_bare));
		buf_putc(&auth, ',');
		buf_add(&auth, challenge);
		buf_putc(&auth, ',');
		buf_add(&auth, buf_str(&bare));
		prove(scram,
		    keys_for(cache, scram->hash, scram->password,
			buf_str(&salt), rounds),
		    buf_str(&auth), proof);
		buf_add(out, buf_str(&bare));
		buf_puts(out, ",p=");
		base64_encode(out, proof, digest_size(scram->hash));
	}
	buf_fini(&salt);
	buf_fini(&auth);
	buf_fini(&bare);
	return ok;
}

bool
bench_scram_finish(const struct bench_scram *scram, struct str last)
{
	struct buf got = { 0 };
	struct str text;
	size_t size = digest_size(scram->hash);
	bool ok;

	ok = field(last, 'v', &text) &&
	     base64_decode(text, BENCH_KEY_MAX, &got) && got.len == size &&
	     CRYPTO_memcmp(got.data, scram->signature, size) == 0;
	buf_fini(&got);
	return ok;
}

void
bench_scram_fini(struct bench_scram *scram)
{
	buf_fini(&scram->nonce);
	buf_fini(&scram->first_bare);
	OPENSSL_cleanse(scram->signature, sizeof(scram->signature));
}

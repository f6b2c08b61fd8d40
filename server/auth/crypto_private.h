#ifndef AUTH_CRYPTO_PRIVATE_H
#define AUTH_CRYPTO_PRIVATE_H
/*
 * The primitives that SCRAM is made of, by the names RFC 5802 section 2.2
 * gives them. For this room only. Any thread may call any of them; a failure
 * inside libcrypto is a broken installation and aborts.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/str.h"
#include "server/auth/scram.h"

/* Bytes of the hash's value: 20 or 32. */
size_t crypto_size(enum scram_hash hash);
/* HMAC(key, text); key and out have crypto_size bytes. */
void crypto_hmac(
    enum scram_hash hash, const uint8_t *key, struct str text, uint8_t *out);
/* H(bytes) of crypto_size bytes. */
void crypto_hash(enum scram_hash hash, const uint8_t *bytes, uint8_t *out);
/* Hi(password, salt, i): slow. salt has SCRAM_SALT bytes. */
void crypto_hi(enum scram_hash hash, struct str password, const uint8_t *salt,
    uint32_t iterations, uint8_t *out);
/* Bytes nobody can guess. */
void crypto_random(void *out, size_t len);
/* Compares in the same time wherever the difference is. */
bool crypto_equal(const void *a, const void *b, size_t len);
/* Overwrites a secret for good. */
void crypto_wipe(void *bytes, size_t len);

#endif

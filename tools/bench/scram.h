#ifndef BENCH_SCRAM_H
#define BENCH_SCRAM_H
/*
 * The client's side of SCRAM (RFC 5802, 7677) without channel binding. The
 * slow key derivation is done once per password, salt and count and kept: the
 * generator must not be what limits the logins. Passwords are ASCII here, so
 * there is nothing to prepare.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/str.h"

enum bench_hash { BENCH_SHA1, BENCH_SHA256 };
enum {
	BENCH_KEY_MAX = 32,
	BENCH_SALT_MAX = 128,
	BENCH_ROUNDS_MAX = 1000000, /* what we'd let a server ask of us */
};

/* Keys derived so far; one for all clients of a run. Zeroed is empty. */
struct bench_scram_cache {
	struct bench_scram_keys *first;
	size_t derived; /* how often the slow way was taken */
};
/* Frees the keys. */
void bench_scram_cache_fini(struct bench_scram_cache *cache);

/* One login. Zeroed is valid; fini frees. */
struct bench_scram {
	enum bench_hash hash;
	const char *password; /* borrowed until fini */
	struct buf nonce;
	struct buf first_bare; /* "n=...,r=..." */
	uint8_t signature[BENCH_KEY_MAX];
};

/*
 * Appends the client's first message. nonce: NULL for a random one. user and
 * password stay the caller's until fini.
 */
void bench_scram_start(struct bench_scram *scram, enum bench_hash hash,
    const char *user, const char *password, const char *nonce, struct buf *out);
/* Appends the answer to the server's first message; false if it is wrong. */
bool bench_scram_answer(struct bench_scram *scram,
    struct bench_scram_cache *cache, struct str challenge, struct buf *out);
/* True where the server's last message proves that it knows the keys. */
bool bench_scram_finish(const struct bench_scram *scram, struct str last);
void bench_scram_fini(struct bench_scram *scram);

#endif

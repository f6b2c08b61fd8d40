#ifndef CERTGEN_KEY_H
#define CERTGEN_KEY_H
/*
 * Kinds of key pairs: their names on the command line, making them, and what
 * is to be said about one that exists.
 */
#include <stdbool.h>
#include <stddef.h>

struct evp_pkey_st;
struct evp_md_st;

enum key_type { KEY_ECDSA, KEY_RSA, KEY_ED25519 };

struct key_kind {
	enum key_type type;
	unsigned bits; /* 256 or 384; 2048 to 8192; 256 */
};

/* ECDSA P-256: what every client of the last ten years can, and cheap. */
extern const struct key_kind key_default;
/* What key_kind_parse reads, for usage texts. */
extern const char key_kinds[];

/* Reads "ecdsa-p256", "ecdsa-p384", "ed25519", or "rsa-2048" to "rsa-8192" in
 * steps of 256 bits. */
bool key_kind_parse(const char *text, struct key_kind *kind);
/* A fresh key; NULL where OpenSSL can't (its error queue says why). The
 * caller frees it. */
struct evp_pkey_st *key_generate(const struct key_kind *kind);
/* The digest that fits its strength; NULL for Ed25519, which has its own. */
const struct evp_md_st *key_digest(const struct evp_pkey_st *key);
/* "ECDSA P-256", "RSA-4096", ... */
void key_describe(const struct evp_pkey_st *key, size_t size, char *out);
/* True where today's libraries refuse it or should. */
bool key_weak(const struct evp_pkey_st *key);
/* True where a handshake costs many times that of the default. */
bool key_costly(const struct evp_pkey_st *key);

#endif

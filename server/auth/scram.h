#ifndef AUTH_SCRAM_H
#define AUTH_SCRAM_H
/*
 * SCRAM keys (RFC 5802, 7677): what is stored of a password, made, checked and
 * turned into bytes for the store. The password itself is never kept.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/str.h"

enum scram_hash { SCRAM_SHA1, SCRAM_SHA256, SCRAM_HASHES };
enum { SCRAM_KEY_MAX = 32, SCRAM_SALT = 16 };

struct scram_keys {
	uint32_t iterations;
	uint8_t salt[SCRAM_SALT];
	uint8_t stored_key[SCRAM_KEY_MAX];
	uint8_t server_key[SCRAM_KEY_MAX];
};

/* Everything stored for one account: keys for each hash. */
struct scram_record {
	struct scram_keys keys[SCRAM_HASHES];
};

/* Slow (milliseconds): on an offload thread only. password is prepared here
 * (SASLprep); false where it can't be. Draws fresh salts. */
bool scram_record_make(struct str password, struct scram_record *record);
/* Slow likewise. Constant-time compare. */
bool scram_record_check(struct str password, const struct scram_record *record);
/* As text for the store, versioned. */
void scram_record_write(const struct scram_record *record, struct buf *out);
bool scram_record_read(struct str text, struct scram_record *record);
/* Keys for a user that doesn't exist: the same for the same name as long as
 * the process lives, so that existence doesn't show. */
void scram_record_fake(struct str bare_jid, struct scram_record *record);

#endif

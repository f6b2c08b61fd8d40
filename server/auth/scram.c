/*
 * Keys from passwords (RFC 5802 section 3) and the keys of accounts that
 * don't exist. The exchange is in sasl_scram.c; the store's text form in
 * scram_text.c.
 */
#include "server/auth/scram.h"

#include <pthread.h>
#include <string.h>

#include "server/auth/crypto_private.h"
#include "server/auth/scram_private.h"
#include "server/xmpp/jid.h"

void
scram_keys_derive(
    enum scram_hash hash, struct str password, struct scram_keys *keys)
{
	uint8_t salted[SCRAM_KEY_MAX], client_key[SCRAM_KEY_MAX];

	crypto_hi(hash, password, keys->salt, keys->iterations, salted);
	crypto_hmac(hash, salted, STR("Client Key"), client_key);
	crypto_hash(hash, client_key, keys->stored_key);
	crypto_hmac(hash, salted, STR("Server Key"), keys->server_key);
	crypto_wipe(salted, sizeof(salted));
	crypto_wipe(client_key, sizeof(client_key));
}

bool
scram_record_make(struct str password, struct scram_record *record)
{
	char prepared[JID_PART_MAX + 1];
	size_t len;
	bool valid = prepare_sasl(password, prepared, &len);

	*record = (struct scram_record){ 0 };
	for (int i = 0; valid && i < SCRAM_HASHES; i++) {
		struct scram_keys *keys = &record->keys[i];

		keys->iterations = SCRAM_ITERATIONS;
		crypto_random(keys->salt, sizeof(keys->salt));
		scram_keys_derive(
		    (enum scram_hash)i, (struct str){ prepared, len }, keys);
	}
	crypto_wipe(prepared, sizeof(prepared));
	return valid;
}

bool
scram_record_check(struct str password, const struct scram_record *record)
{
	const struct scram_keys *wanted = &record->keys[SCRAM_SHA256];
	struct scram_keys keys = *wanted;
	char prepared[JID_PART_MAX + 1];
	size_t len;
	bool same = false;

	/* Both hashes were made of one password: checking one is enough. */
	if (prepare_sasl(password, prepared, &len)) {
		scram_keys_derive(
		    SCRAM_SHA256, (struct str){ prepared, len }, &keys);
		same = crypto_equal(keys.stored_key, wanted->stored_key,
		    crypto_size(SCRAM_SHA256));
	}
	crypto_wipe(prepared, sizeof(prepared));
	crypto_wipe(&keys, sizeof(keys));
	return same;
}

static pthread_once_t fake_once = PTHREAD_ONCE_INIT;
static uint8_t fake_secret[SCRAM_KEY_MAX];

static void
draw_fake_secret(void)
{
	crypto_random(fake_secret, sizeof(fake_secret));
}

void
scram_record_fake(struct str bare_jid, struct scram_record *record)
{
	uint8_t seed[SCRAM_KEY_MAX], value[SCRAM_KEY_MAX];

	pthread_once(&fake_once, draw_fake_secret);
	crypto_hmac(SCRAM_SHA256, fake_secret, bare_jid, seed);
	*record = (struct scram_record){ 0 };
	for (int i = 0; i < SCRAM_HASHES; i++) {
		struct scram_keys *keys = &record->keys[i];
		char which[] = { (char)('0' + i), 's' };

		/* No password leads to such keys: they aren't derived. */
		keys->iterations = SCRAM_ITERATIONS;
		crypto_hmac(
		    SCRAM_SHA256, seed, (struct str){ which, 2 }, value);
		memcpy(keys->salt, value, sizeof(keys->salt));
		which[1] = 'k';
		crypto_hmac(SCRAM_SHA256, seed, (struct str){ which, 2 },
		    keys->stored_key);
		which[1] = 'v';
		crypto_hmac(SCRAM_SHA256, seed, (struct str){ which, 2 },
		    keys->server_key);
	}
	crypto_wipe(seed, sizeof(seed));
}

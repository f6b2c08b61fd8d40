/*
 * The SCRAM exchange (RFC 5802 sections 3, 5 and 6; channel bindings: RFC
 * 5929 tls-server-end-point, RFC 9266 tls-exporter) from stored keys: two
 * HMACs and a hash, so it runs on the loop.
 */
#include "server/auth/sasl_private.h"

#include <string.h>

#include "cfgparse/base/base64.h"
#include "server/auth/crypto_private.h"
#include "server/auth/scram_message.h"

enum { NONCE_BYTES = 18 };

static const char *fixed_nonce;

void
sasl_fix_nonce(const char *nonce)
{
	fixed_nonce = nonce;
}

static enum scram_hash
hash_of(const struct sasl *sasl)
{
	return sasl->mechanism == SASL_SCRAM_SHA_1 ||
		       sasl->mechanism == SASL_SCRAM_SHA_1_PLUS
		   ? SCRAM_SHA1
		   : SCRAM_SHA256;
}

static bool
is_plus(const struct sasl *sasl)
{
	return sasl->mechanism == SASL_SCRAM_SHA_1_PLUS ||
	       sasl->mechanism == SASL_SCRAM_SHA_256_PLUS;
}

static bool
plus_offered(const struct sasl *sasl)
{
	return sasl->offer.mechanisms &
	       (1u << SASL_SCRAM_SHA_1_PLUS | 1u << SASL_SCRAM_SHA_256_PLUS);
}

/* p=: the binding's data of this connection. */
static bool
find_binding(struct sasl *sasl, struct str name)
{
	if (str_is(name, "tls-exporter"))
		sasl->binding_data = sasl->offer.exporter;
	else if (str_is(name, "tls-server-end-point"))
		sasl->binding_data = sasl->offer.end_point;
	if (sasl->binding_data.len)
		return true;
	sasl_fail(sasl, SASL_NOT_AUTHORIZED,
	    "this connection has no channel binding %.*s",
	    name.len > 64 ? 64 : (int)name.len, name.ptr);
	return false;
}

/* Section 6: what the client says of channel binding against what was
 * offered. */
static bool
check_binding(struct sasl *sasl, const struct scram_first *first)
{
	if (is_plus(sasl) && first->binding == 'p')
		return find_binding(sasl, first->cb_name);
	if (is_plus(sasl) || first->binding == 'p') {
		sasl_fail(sasl, SASL_MALFORMED_REQUEST,
		    "the -PLUS mechanisms, and only they, go with p=");
		return false;
	}
	/*
	 * Either somebody removed -PLUS from what the client saw, or the
	 * client says y whatever it saw. One can't be told from the other.
	 */
	if (first->binding == 'y' && plus_offered(sasl)) {
		sasl_fail(sasl, SASL_NOT_AUTHORIZED,
		    "the client claims that channel binding (-PLUS) was not "
		    "offered, but it was: an attacker between, or a client "
		    "library that always sends \"y\" (slixmpp does). If it "
		    "is the library, withhold the -PLUS mechanisms with "
		    "disable_sasl_mechanisms");
		return false;
	}
	return true;
}

/* What the server appends: new for each exchange, so that nothing recorded
 * can be played again. */
static void
draw_nonce(struct sasl *sasl)
{
	struct buf text = { 0 };
	unsigned char bytes[NONCE_BYTES];

	_Static_assert(NONCE_BYTES / 3 * 4 == SASL_NONCE_TEXT, "fits");
	crypto_random(bytes, sizeof(bytes));
	base64_encode(&text, bytes, sizeof(bytes));
	memcpy(sasl->server_nonce, buf_text(&text), SASL_NONCE_TEXT);
	buf_fini(&text);
}

static void
keep_first(struct sasl *sasl, const struct scram_first *first)
{
	const char *own = fixed_nonce;

	if (!own) {
		draw_nonce(sasl);
		own = sasl->server_nonce;
	}
	sasl->gs2 = arena_str(&sasl->arena, first->gs2);
	sasl->nonce = str_of(
	    arena_printf(&sasl->arena, "%.*s%s", STR_ARG(first->nonce), own));
	buf_add(&sasl->auth_message, first->bare);
}

enum sasl_verdict
scram_first(struct sasl *sasl, struct str message)
{
	struct scram_first first;
	const char *wrong = scram_first_read(&sasl->arena, message, &first);

	if (wrong)
		return sasl_fail(sasl, SASL_MALFORMED_REQUEST, "%s", wrong);
	/* The user first, so that the log names who fails at the rest. */
	if (!sasl_name_user(sasl, first.user, first.authzid) ||
	    !check_binding(sasl, &first))
		return SASL_FAILED;
	keep_first(sasl, &first);
	sasl->step = STEP_KEYS;
	return SASL_WANT_KEYS;
}

enum sasl_verdict
scram_challenge(struct sasl *sasl, struct buf *out)
{
	const struct scram_keys *keys = &sasl->record.keys[hash_of(sasl)];
	struct buf first = { 0 };

	buf_printf(&first, "r=%.*s,s=", STR_ARG(sasl->nonce));
	base64_encode(&first, keys->salt, sizeof(keys->salt));
	buf_printf(&first, ",i=%u", (unsigned)keys->iterations);
	buf_putc(&sasl->auth_message, ',');
	buf_add(&sasl->auth_message, buf_str(&first));
	buf_add(out, buf_str(&first));
	buf_fini(&first);
	sasl->step = STEP_PROOF;
	return SASL_CHALLENGE;
}

/* c= repeats the GS2 header and adds the binding's data: exactly. */
static bool
same_binding(struct sasl *sasl, struct str coded)
{
	size_t wanted = sasl->gs2.len + sasl->binding_data.len;
	struct buf got = { 0 };
	bool same;

	same = base64_decode(coded, wanted, &got) && got.len == wanted &&
	       memcmp(got.data, sasl->gs2.ptr, sasl->gs2.len) == 0 &&
	       (!sasl->binding_data.len ||
		   crypto_equal(got.data + sasl->gs2.len,
		       sasl->binding_data.ptr, sasl->binding_data.len));
	buf_wipe(&got);
	return same;
}

/* ClientKey := ClientProof XOR HMAC(StoredKey, AuthMessage); its hash must
 * be StoredKey. */
static bool
proves(struct sasl *sasl, struct str coded)
{
	enum scram_hash hash = hash_of(sasl);
	const struct scram_keys *keys = &sasl->record.keys[hash];
	size_t size = crypto_size(hash);
	uint8_t key[SCRAM_KEY_MAX], stored[SCRAM_KEY_MAX];
	struct buf proof = { 0 };
	bool right = base64_decode(coded, size, &proof) && proof.len == size;

	if (right) {
		crypto_hmac(
		    hash, keys->stored_key, buf_str(&sasl->auth_message), key);
		for (size_t i = 0; i < size; i++)
			key[i] ^= (uint8_t)proof.data[i];
		crypto_hash(hash, key, stored);
		right = crypto_equal(stored, keys->stored_key, size);
		crypto_wipe(key, sizeof(key));
	}
	buf_wipe(&proof);
	return right && sasl->known;
}

static void
write_signature(struct sasl *sasl, struct buf *out)
{
	enum scram_hash hash = hash_of(sasl);
	uint8_t signature[SCRAM_KEY_MAX];

	crypto_hmac(hash, sasl->record.keys[hash].server_key,
	    buf_str(&sasl->auth_message), signature);
	buf_puts(out, "v=");
	base64_encode(out, signature, crypto_size(hash));
}

enum sasl_verdict
scram_proof(struct sasl *sasl, struct str message, struct buf *out)
{
	struct scram_final final;
	const char *wrong = scram_final_read(message, &final);

	if (wrong)
		return sasl_fail(sasl, SASL_MALFORMED_REQUEST, "%s", wrong);
	if (!str_eq(final.nonce, sasl->nonce))
		return sasl_fail(sasl, SASL_NOT_AUTHORIZED,
		    "the nonce is not the one of this exchange");
	if (!same_binding(sasl, final.binding))
		return sasl_fail(sasl, SASL_NOT_AUTHORIZED,
		    "the channel binding doesn't match: the client's TLS "
		    "doesn't end here, or it repeats another GS2 header");
	buf_putc(&sasl->auth_message, ',');
	buf_add(&sasl->auth_message, final.without_proof);
	if (!proves(sasl, final.proof))
		return sasl_fail(sasl, SASL_NOT_AUTHORIZED,
		    sasl->known ? "the password is wrong"
				: "there is no such account");
	write_signature(sasl, out);
	return SASL_SUCCESS;
}

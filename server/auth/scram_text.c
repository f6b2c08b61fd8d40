/*
 * A record as the store keeps it, one line of text: a version, then for each
 * hash NAME$iterations:salt$stored key:server key in base64 (the layout of
 * RFC 5803, which other servers' exports use too).
 */
#include "server/auth/scram.h"

#include "cfgparse/base/base64.h"
#include "server/auth/crypto_private.h"
#include "server/auth/scram_private.h"

static const char *const hash_names[SCRAM_HASHES] = { "SCRAM-SHA-1",
	"SCRAM-SHA-256" };

void
scram_record_write(const struct scram_record *record, struct buf *out)
{
	buf_putc(out, '1');
	for (int i = 0; i < SCRAM_HASHES; i++) {
		const struct scram_keys *keys = &record->keys[i];
		size_t size = crypto_size((enum scram_hash)i);

		buf_printf(
		    out, " %s$%u:", hash_names[i], (unsigned)keys->iterations);
		base64_encode(out, keys->salt, sizeof(keys->salt));
		buf_putc(out, '$');
		base64_encode(out, keys->stored_key, size);
		buf_putc(out, ':');
		base64_encode(out, keys->server_key, size);
	}
}

/* Cuts what stands before the character off text. */
static bool
cut(struct str *text, char at, struct str *before)
{
	const char *end = text->len ? memchr(text->ptr, at, text->len) : NULL;

	if (!end)
		return false;
	*before = (struct str){ text->ptr, (size_t)(end - text->ptr) };
	text->ptr = end + 1;
	text->len -= before->len + 1;
	return true;
}

static bool
read_number(struct str text, uint32_t *number)
{
	uint32_t value = 0;

	if (text.len == 0 || text.len > 7 || text.ptr[0] == '0')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		value = value * 10 + (uint32_t)(text.ptr[i] - '0');
	}
	*number = value;
	return value <= SCRAM_ITERATIONS_MAX;
}

static bool
read_bytes(struct str text, size_t size, uint8_t *out)
{
	struct buf bytes = { 0 };
	bool whole = base64_decode(text, size, &bytes) && bytes.len == size;

	if (whole)
		memcpy(out, bytes.data, size);
	buf_wipe(&bytes);
	return whole;
}

static bool
read_keys(enum scram_hash hash, struct str text, struct scram_keys *keys)
{
	struct str name, iterations, salt, stored;
	size_t size = crypto_size(hash);

	return cut(&text, '$', &name) && str_is(name, hash_names[hash]) &&
	       cut(&text, ':', &iterations) &&
	       read_number(iterations, &keys->iterations) &&
	       cut(&text, '$', &salt) &&
	       read_bytes(salt, SCRAM_SALT, keys->salt) &&
	       cut(&text, ':', &stored) &&
	       read_bytes(stored, size, keys->stored_key) &&
	       read_bytes(text, size, keys->server_key);
}

bool
scram_record_read(struct str text, struct scram_record *record)
{
	struct str version, first;

	*record = (struct scram_record){ 0 };
	return cut(&text, ' ', &version) && str_is(version, "1") &&
	       cut(&text, ' ', &first) &&
	       read_keys(SCRAM_SHA1, first, &record->keys[SCRAM_SHA1]) &&
	       read_keys(SCRAM_SHA256, text, &record->keys[SCRAM_SHA256]);
}

/*
 * SASL messages of a stranger. The first byte chooses mechanism and offer,
 * the rest is cut into messages at bytes 0x1E ("record separator"), so that
 * seeds can be text. NUL, which PLAIN needs, may be written as 0x1F.
 */
#include "server/auth/sasl.h"

#include <stdlib.h>
#include <string.h>

#include "server/auth/sasl_private.h"
#include "server/auth/scram_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct scram_record record;

static void
make_record(void)
{
	if (record.keys[0].iterations)
		return;
	for (int i = 0; i < SCRAM_HASHES; i++) {
		record.keys[i].iterations = 1;
		scram_keys_derive(
		    (enum scram_hash)i, STR("pencil"), &record.keys[i]);
	}
}

/* The next message; false where there is none. */
static bool
next_message(struct str *rest, struct str *message)
{
	const char *end;

	if (!rest->ptr)
		return false;
	end = rest->len ? memchr(rest->ptr, 0x1E, rest->len) : NULL;
	*message = (struct str){ rest->ptr,
		end ? (size_t)(end - rest->ptr) : rest->len };
	rest->ptr = end ? end + 1 : NULL;
	rest->len -= message->len + (end ? 1 : 0);
	return true;
}

static enum sasl_verdict
settle(struct sasl *sasl, enum sasl_verdict verdict, struct buf *out)
{
	if (verdict == SASL_WANT_KEYS) {
		if (sasl_username(sasl).len == 0)
			abort();
		verdict = sasl_keys(sasl, &record, out);
	}
	if (verdict == SASL_WANT_SLOW) {
		sasl_slow(sasl);
		verdict = sasl_slow_done(sasl, out);
	}
	if (verdict == SASL_FAILED && !sasl_detail(sasl)[0])
		abort();
	return verdict;
}

static void
run(uint8_t choice, struct str rest)
{
	struct sasl_offer offer = { STR("example.com"), 0x1F, STR("exporter"),
		STR("end-point") };
	enum sasl_verdict verdict;
	struct str message;
	struct buf out = { 0 };
	struct sasl *sasl;

	if (choice & 8)
		offer.mechanisms = 0x1C;
	if (choice & 16)
		offer.exporter = STR("");
	if (!next_message(&rest, &message))
		return;
	sasl_fix_nonce("server");
	sasl = sasl_start(&offer,
	    (enum sasl_mechanism)((choice & 7) % SASL_MECHANISMS), message,
	    &out, &verdict);
	verdict = settle(sasl, verdict, &out);
	while (verdict == SASL_CHALLENGE && next_message(&rest, &message)) {
		buf_clear(&out);
		verdict =
		    settle(sasl, sasl_response(sasl, message, &out), &out);
	}
	sasl_destroy(&sasl);
	buf_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	make_record();
	if (size < 2 || size > 20000)
		return 0;
	text = malloc(size - 1);
	memcpy(text, data + 1, size - 1);
	for (size_t i = 0; i < size - 1; i++)
		if (text[i] == 0x1F)
			text[i] = '\0';
	run(data[0], (struct str){ text, size - 1 });
	free(text);
	return 0;
}

/*
 * Replies of name servers. The first byte picks the question and how strictly
 * it is compared (bit 4: TLSA); with its bit 3, id and question are put in
 * front, so that the rest is what follows them: flags and counts (10 bytes),
 * then records. An input that begins with x is the hexadecimal form, blanks
 * ignored.
 */
#include "dnscheck/wire.h"

#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/buf.h"

enum { HEADER = 12, COUNTS = 10, STRICT = 4, PREPEND = 8, TLSA = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static int
hex_value(uint8_t c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static void
unhex(const uint8_t *data, size_t size, struct buf *out)
{
	int high = -1;

	for (size_t i = 0; i < size; i++) {
		int value = hex_value(data[i]);

		if (value < 0)
			continue;
		if (high >= 0)
			buf_putc(out, (char)(high << 4 | value));
		high = high >= 0 ? -1 : value;
	}
}

static void
frame(const struct wire_query *query, const uint8_t *data, size_t size,
    struct buf *out)
{
	if (size < COUNTS) {
		buf_append(out, data, size);
		return;
	}
	buf_append(out, query->bytes, 2);
	buf_append(out, data, COUNTS);
	out->data[2] = (char)(out->data[2] | 0x80);
	out->data[4] = 0;
	out->data[5] = 1;
	buf_append(out, query->bytes + HEADER, query->question_len);
	buf_append(out, data + COUNTS, size - COUNTS);
}

static void
check_answer(const struct dns_answer *answer)
{
	require(answer->count <= WIRE_RECORDS_MAX);
	require((answer->status == DNS_OK) == (answer->count > 0));
	require(strlen(answer->canonical) <= DNS_NAME_MAX * 4);
	require(answer->aliases <= DNS_ALIASES_MAX + 1);
	for (size_t i = 0; i < answer->count; i++)
		if (answer->type == DNS_SRV)
			require(answer->records[i].srv.target[0] != '\0');
}

static void
run(const uint8_t *data, size_t size)
{
	static const enum dns_type types[] = { DNS_A, DNS_AAAA, DNS_SRV,
		DNS_CNAME };
	static const struct wire_salt salt = { .id = 0x1234 };
	struct wire_query query;
	struct wire_reply reply;
	struct arena arena = { 0 };
	struct buf bytes = { 0 };
	uint8_t choice;

	if (size == 0)
		return;
	choice = data[0];
	require(wire_query_make("_fuzz.example",
	    choice & TLSA ? DNS_TLSA : types[choice & 3], &salt, true, &query));
	if (choice & PREPEND)
		frame(&query, data + 1, size - 1, &bytes);
	else
		buf_append(&bytes, data + 1, size - 1);
	if (wire_reply_read(&query, choice & STRICT, 0,
		(const uint8_t *)bytes.data, bytes.len, &arena,
		&reply) == WIRE_ANSWER)
		check_answer(&reply.answer);
	buf_fini(&bytes);
	arena_fini(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf bytes = { 0 };

	if (size > 65536)
		return 0;
	if (size && data[0] == 'x') {
		unhex(data + 1, size - 1, &bytes);
		run((const uint8_t *)bytes.data, bytes.len);
		buf_fini(&bytes);
	} else {
		run(data, size);
	}
	return 0;
}

/* Replies as bytes, written out by hand: what is believed and what isn't. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cfgparse/base/buf.h"
#include "dnscheck/wire.h"

static struct arena arena;

static struct wire_query
query_for(const char *name, enum dns_type type)
{
	struct wire_salt salt = { .id = 0x1234, .letters = { 0xA5, 0x5A } };
	struct wire_query query;

	assert_true(wire_query_make(name, type, &salt, true, &query));
	return query;
}

static void
put_word(struct buf *buf, unsigned value)
{
	buf_putc(buf, (char)(value >> 8));
	buf_putc(buf, (char)(value & 0xFF));
}

static void
put_name(struct buf *buf, const char *name)
{
	while (*name) {
		size_t len = strcspn(name, ".");

		buf_putc(buf, (char)len);
		buf_append(buf, name, len);
		name += len + (name[len] == '.');
	}
	buf_putc(buf, 0);
}

static void
put_record(struct buf *buf, const char *owner, unsigned type, const void *data,
    size_t len)
{
	put_name(buf, owner);
	put_word(buf, type);
	put_word(buf, 1);
	put_word(buf, 0);
	put_word(buf, 300);
	put_word(buf, (unsigned)len);
	buf_append(buf, data, len);
}

static void
put_alias(struct buf *buf, const char *owner, const char *target)
{
	struct buf data = { 0 };

	put_name(&data, target);
	put_record(buf, owner, DNS_CNAME, data.data, data.len);
	buf_fini(&data);
}

/* Header and question of a reply; the records follow. */
static struct buf
reply_to(const struct wire_query *query, unsigned flags, unsigned answers)
{
	struct buf buf = { 0 };

	buf_append(&buf, query->bytes, 2);
	put_word(&buf, flags);
	put_word(&buf, 1);
	put_word(&buf, answers);
	put_word(&buf, 0);
	put_word(&buf, 0);
	buf_append(&buf, query->bytes + 12, query->question_len);
	return buf;
}

static enum wire_verdict
read_reply(
    const struct wire_query *query, struct buf *buf, struct wire_reply *reply)
{
	enum wire_verdict verdict = wire_reply_read(query, true, 0,
	    (const uint8_t *)buf->data, buf->len, &arena, reply);

	buf_fini(buf);
	return verdict;
}

enum { REPLY = 0x8180, TRUNCATED = 0x8380, NXDOMAIN = 0x8183 };

static void
test_query(void **state)
{
	struct wire_query query = query_for("example.org.", DNS_SRV);
	static const uint8_t header[] = { 0x12, 0x34, 0x01, 0x20, 0, 1, 0, 0, 0,
		0, 0, 1 };

	(void)state;
	assert_memory_equal(query.bytes, header, sizeof(header));
	assert_int_equal(query.question_len, 13 + 4);
	/* bits 10100101 01011010, lowest first */
	assert_memory_equal(
	    query.bytes + 12, "\007ExAmpLe\003OrG\0\0\041\0\001", 17);
	/* EDNS: root owner, type 41, 1232 bytes */
	assert_memory_equal(query.bytes + 29, "\0\0\051\004\320", 5);
}

static void
test_bad_names(void **state)
{
	struct wire_salt salt = { 0 };
	struct wire_query query;
	char longest[300];

	(void)state;
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_false(wire_query_make("", DNS_A, &salt, true, &query));
	assert_false(wire_query_make("a..b", DNS_A, &salt, true, &query));
	assert_false(wire_query_make(longest, DNS_A, &salt, true, &query));
	assert_true(wire_query_make(".", DNS_A, &salt, true, &query));
}

static void
test_tlsa(void **state)
{
	static const uint8_t rdata[] = { 3, 1, 1, 0xde, 0xad, 0x00 };
	struct wire_query query = query_for("_5269._tcp.example.org", DNS_TLSA);
	struct buf buf = reply_to(&query, REPLY, 1);
	struct wire_reply reply;
	const struct dns_tlsa *tlsa;

	(void)state;
	put_record(&buf, "_5269._tcp.example.org", DNS_TLSA,
	    (const char *)rdata, sizeof(rdata));
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_ANSWER);
	assert_int_equal(reply.answer.count, 1);
	tlsa = &reply.answer.records[0].tlsa;
	assert_int_equal(tlsa->usage, 3);
	assert_int_equal(tlsa->selector, 1);
	assert_int_equal(tlsa->matching, 1);
	assert_int_equal(tlsa->len, 3);
	assert_memory_equal(tlsa->data, rdata + 3, 3);
}

/* One that ends before its data is no answer. */
static void
test_short_tlsa(void **state)
{
	struct wire_query query = query_for("_5269._tcp.example.org", DNS_TLSA);
	struct buf buf = reply_to(&query, REPLY, 1);
	struct wire_reply reply;

	(void)state;
	put_record(&buf, "_5269._tcp.example.org", DNS_TLSA, "\3\1", 2);
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_BROKEN);
}

static void
test_srv(void **state)
{
	struct wire_query query = query_for("_x._tcp.example.org", DNS_SRV);
	struct buf data = { 0 }, buf = reply_to(&query, REPLY | 0x20, 1);
	struct wire_reply reply;

	(void)state;
	put_word(&data, 5);
	put_word(&data, 6);
	put_word(&data, 5222);
	put_name(&data, "XMPP.example.org");
	put_record(&buf, "_x._tcp.example.org", DNS_SRV, data.data, data.len);
	buf_fini(&data);
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_ANSWER);
	assert_int_equal(reply.answer.status, DNS_OK);
	assert_true(reply.answer.authentic);
	assert_int_equal(reply.answer.count, 1);
	assert_int_equal(reply.answer.records[0].ttl, 300);
	assert_int_equal(reply.answer.records[0].srv.priority, 5);
	assert_int_equal(reply.answer.records[0].srv.weight, 6);
	assert_int_equal(reply.answer.records[0].srv.port, 5222);
	assert_string_equal(
	    reply.answer.records[0].srv.target, "xmpp.example.org");
}

static void
test_strangers_records_are_left_out(void **state)
{
	struct wire_query query = query_for("a.example", DNS_A);
	struct buf buf = reply_to(&query, REPLY, 3);
	struct wire_reply reply;

	(void)state;
	put_record(&buf, "bank.example", DNS_A, "\1\2\3\4", 4);
	put_record(&buf, "a.example", DNS_A, "\5\6\7\10", 4);
	put_alias(&buf, "bank.example", "a.example");
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_ANSWER);
	assert_int_equal(reply.answer.count, 1);
	assert_memory_equal(&reply.answer.records[0].a, "\5\6\7\10", 4);
	assert_int_equal(reply.answer.aliases, 0);
}

static void
test_alias(void **state)
{
	struct wire_query query = query_for("a.example", DNS_A);
	struct buf buf = reply_to(&query, REPLY, 2);
	struct wire_reply reply;

	(void)state;
	put_record(&buf, "b.example", DNS_A, "\5\6\7\10", 4);
	put_alias(&buf, "a.example", "B.example");
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_ANSWER);
	assert_int_equal(reply.answer.status, DNS_OK);
	assert_int_equal(reply.answer.aliases, 1);
	assert_string_equal(reply.answer.canonical, "b.example");
	assert_false(reply.follow);
}

static void
test_alias_leads_out(void **state)
{
	struct wire_query query = query_for("a.example", DNS_A);
	struct buf buf = reply_to(&query, REPLY, 1);
	struct wire_reply reply;

	(void)state;
	put_alias(&buf, "a.example", "elsewhere.test");
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_ANSWER);
	assert_true(reply.follow);
	assert_string_equal(reply.answer.canonical, "elsewhere.test");
}

static void
test_alias_loop(void **state)
{
	struct wire_query query = query_for("a.example", DNS_A);
	struct buf buf = reply_to(&query, REPLY, 2);
	struct wire_reply reply;

	(void)state;
	put_alias(&buf, "a.example", "b.example");
	put_alias(&buf, "b.example", "a.example");
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_ANSWER);
	assert_int_equal(reply.answer.status, DNS_ALIAS_LOOP);
	assert_false(reply.follow);
}

static void
test_nxdomain(void **state)
{
	struct wire_query query = query_for("a.example", DNS_A);
	struct buf buf = reply_to(&query, NXDOMAIN, 0);
	struct wire_reply reply;

	(void)state;
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_ANSWER);
	assert_int_equal(reply.answer.status, DNS_NXDOMAIN);
}

static void
test_foreign(void **state)
{
	struct wire_query query = query_for("a.example", DNS_A);
	struct wire_query other = query_for("b.example", DNS_A);
	struct wire_query aaaa = query_for("a.example", DNS_AAAA);
	struct wire_reply reply;
	struct buf buf;

	(void)state;
	buf = reply_to(&other, REPLY, 0);
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_FOREIGN);
	buf = reply_to(&aaaa, REPLY, 0);
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_FOREIGN);
	buf = reply_to(&query, 0x0100, 0); /* a query, not a reply */
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_FOREIGN);
	buf = reply_to(&query, REPLY, 0);
	buf.data[0] ^= 1;
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_FOREIGN);
	buf = (struct buf){ 0 };
	buf_puts(&buf, "short");
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_FOREIGN);
}

static void
test_case(void **state)
{
	struct wire_query query = query_for("a.example", DNS_A);
	struct buf buf = reply_to(&query, REPLY, 0);
	struct wire_reply reply;

	(void)state;
	buf.data[13] ^= 0x20;
	assert_int_equal(
	    wire_reply_read(&query, false, 0, (const uint8_t *)buf.data,
		buf.len, &arena, &reply),
	    WIRE_ANSWER);
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_OTHER_CASE);
}

static void
test_broken(void **state)
{
	struct wire_query query = query_for("a.example", DNS_A);
	struct wire_reply reply;
	struct buf buf = reply_to(&query, REPLY, 1);

	(void)state;
	/* more records announced than bytes could hold */
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_BROKEN);
	buf = reply_to(&query, REPLY, 1);
	put_record(&buf, "a.example", DNS_A, "\1\2\3", 3);
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_BROKEN);
	buf = reply_to(&query, REPLY, 1);
	/* a compression pointer to itself */
	buf_append(&buf, "\300\033\0\1\0\1\0\0\0\0\0\4\1\2\3\4", 16);
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_BROKEN);
	buf = reply_to(&query, TRUNCATED, 0);
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_TRUNCATED);
}

static void
test_too_many(void **state)
{
	struct wire_query query = query_for("a.example", DNS_A);
	struct buf buf = reply_to(&query, REPLY, WIRE_RECORDS_MAX + 1);
	struct wire_reply reply;

	(void)state;
	for (int i = 0; i <= WIRE_RECORDS_MAX; i++)
		put_record(&buf, "a.example", DNS_A, "\1\2\3\4", 4);
	assert_int_equal(read_reply(&query, &buf, &reply), WIRE_ANSWER);
	assert_int_equal(reply.answer.status, DNS_TOO_LARGE);
	assert_int_equal(reply.answer.count, 0);
}

static int
drop_arena(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_bad_names),
		cmocka_unit_test(test_srv),
		cmocka_unit_test(test_tlsa),
		cmocka_unit_test(test_short_tlsa),
		cmocka_unit_test(test_strangers_records_are_left_out),
		cmocka_unit_test(test_alias),
		cmocka_unit_test(test_alias_leads_out),
		cmocka_unit_test(test_alias_loop),
		cmocka_unit_test(test_nxdomain),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_case),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, drop_arena);
}

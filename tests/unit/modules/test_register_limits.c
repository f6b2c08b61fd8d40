/* What keeps registrations within bounds: addresses and passwords. */
#include "server/modules/address_limit.h"
#include "server/modules/password_strength.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { SPAN = 600 * 1000 };

static struct address_key
key_of(const char *text)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return address_key_of((const struct sockaddr *)&v4);
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return address_key_of((const struct sockaddr *)&v6);
}

static bool
are_one(const char *one, const char *other)
{
	struct address_key a = key_of(one), b = key_of(other);

	return a.len == b.len && memcmp(a.bytes, b.bytes, a.len) == 0;
}

static void
test_keys(void **state)
{
	(void)state;
	assert_true(are_one("192.0.2.1", "192.0.2.1"));
	assert_false(are_one("192.0.2.1", "192.0.2.2"));
	assert_true(are_one("192.0.2.1", "::ffff:192.0.2.1"));
	assert_true(are_one("2001:db8:0:1::1", "2001:db8:0:1:ffff::2"));
	assert_false(are_one("2001:db8:0:1::1", "2001:db8:0:2::1"));
	/* The same bytes, another family. */
	assert_false(are_one("192.0.2.1", "c000:201::"));
}

static void
expect(struct address_limit *limit, const char *address, uint64_t now,
    enum address_taken expected)
{
	struct address_key key = key_of(address);

	assert_int_equal(address_limit_take(limit, &key, now, SPAN), expected);
}

static void
test_span(void **state)
{
	struct address_limit limit = ADDRESS_LIMIT_INIT(10);

	(void)state;
	expect(&limit, "192.0.2.1", 1000, ADDRESS_TAKEN);
	expect(&limit, "192.0.2.1", 1000, ADDRESS_TOO_SOON);
	expect(&limit, "192.0.2.1", 900, ADDRESS_TOO_SOON);
	expect(&limit, "192.0.2.2", 2000, ADDRESS_TAKEN);
	expect(&limit, "192.0.2.1", 1000 + SPAN - 1, ADDRESS_TOO_SOON);
	expect(&limit, "192.0.2.1", 1000 + SPAN, ADDRESS_TAKEN);
	expect(&limit, "192.0.2.1", 1000 + SPAN, ADDRESS_TOO_SOON);
	expect(&limit, "192.0.2.2", 1000 + SPAN, ADDRESS_TOO_SOON);
	address_limit_clear(&limit);
}

static void
test_give_back(void **state)
{
	struct address_limit limit = ADDRESS_LIMIT_INIT(10);
	static const char *const addresses[] = { "192.0.2.1", "192.0.2.2",
		"192.0.2.3" };

	(void)state;
	/* The oldest, one between, the newest. */
	for (size_t gone = 0; gone < 3; gone++) {
		struct address_key key = key_of(addresses[gone]);

		for (size_t i = 0; i < 3; i++)
			expect(&limit, addresses[i], 5, ADDRESS_TAKEN);
		address_limit_give_back(&limit, &key);
		address_limit_give_back(&limit, &key);
		for (size_t i = 0; i < 3; i++)
			expect(&limit, addresses[i], 6,
			    i == gone ? ADDRESS_TAKEN : ADDRESS_TOO_SOON);
		address_limit_clear(&limit);
	}
}

static void
test_full(void **state)
{
	struct address_limit limit = ADDRESS_LIMIT_INIT(2);

	(void)state;
	expect(&limit, "192.0.2.1", 0, ADDRESS_TAKEN);
	expect(&limit, "192.0.2.2", 10, ADDRESS_TAKEN);
	expect(&limit, "192.0.2.3", 20, ADDRESS_FULL);
	expect(&limit, "192.0.2.1", 20, ADDRESS_TOO_SOON);
	expect(&limit, "192.0.2.3", SPAN, ADDRESS_TAKEN);
	expect(&limit, "192.0.2.4", SPAN, ADDRESS_FULL);
	address_limit_clear(&limit);
}

static void
expect_bits(const char *password, double least, double most)
{
	double bits = password_entropy(str_of(password));

	if (bits < least || bits > most)
		fail_msg("%f bits: %s", bits, password);
}

static void
test_entropy(void **state)
{
	(void)state;
	expect_bits("", 0, 0);
	expect_bits("a", 4.70, 4.71);	      /* log2 26 */
	expect_bits("aaaa", 18.80, 18.81);    /* 4 log2 26 */
	expect_bits("1234", 12.67, 12.69);    /* 4 log2 9 */
	expect_bits("aA1!", 26.21, 26.22);    /* 4 log2 94 */
	expect_bits("\xc3\xa4", 7, 7);	      /* one character: log2 128 */
	expect_bits("correct horse", 94, 95); /* 13 log2 (26 + 128) */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_span),
		cmocka_unit_test(test_give_back),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_entropy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Kinds of addresses, and what resolv.conf and --resolver say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <arpa/inet.h>

#include <cmocka.h>

#include "dnscheck/address.h"
#include "dnscheck/domain.h"
#include "dnscheck/resolv_conf.h"

static enum address_kind
kind(const char *text)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, text, &v4) == 1)
		return address_kind_v4(v4);
	assert_int_equal(inet_pton(AF_INET6, text, &v6), 1);
	return address_kind_v6(&v6);
}

static void
test_kinds(void **state)
{
	static const struct {
		const char *text;
		enum address_kind kind;
	} rows[] = {
		{ "0.0.0.0", ADDRESS_UNUSABLE },
		{ "9.255.255.255", ADDRESS_GLOBAL },
		{ "10.0.0.0", ADDRESS_PRIVATE },
		{ "100.63.255.255", ADDRESS_GLOBAL },
		{ "100.127.255.255", ADDRESS_SHARED },
		{ "127.255.0.1", ADDRESS_LOOPBACK },
		{ "169.254.1.1", ADDRESS_LINK_LOCAL },
		{ "172.15.0.1", ADDRESS_GLOBAL },
		{ "172.31.255.255", ADDRESS_PRIVATE },
		{ "192.168.1.1", ADDRESS_PRIVATE },
		{ "203.0.113.9", ADDRESS_DOCUMENTATION },
		{ "223.255.255.255", ADDRESS_GLOBAL },
		{ "224.0.0.1", ADDRESS_UNUSABLE },
		{ "255.255.255.255", ADDRESS_UNUSABLE },
		{ "::", ADDRESS_UNUSABLE },
		{ "::1", ADDRESS_LOOPBACK },
		{ "::ffff:10.1.2.3", ADDRESS_PRIVATE },
		{ "2001:db8::1", ADDRESS_DOCUMENTATION },
		{ "2001:db9::1", ADDRESS_GLOBAL },
		{ "fd00::1", ADDRESS_PRIVATE },
		{ "febf::1", ADDRESS_LINK_LOCAL },
		{ "ff02::1", ADDRESS_UNUSABLE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(kind(rows[i].text), rows[i].kind);
}

static void
test_server(void **state)
{
	static const char *const bad[] = { "", "@53", "127.0.0.1@", "127.1",
		"127.0.0.1@0", "127.0.0.1@65536", "127.0.0.1@53x", "name",
		"fe80::1%nosuchdev" };
	struct dns_server server;
	const struct sockaddr_in *v4 = (struct sockaddr_in *)&server.address;
	const struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&server.address;

	(void)state;
	assert_true(dns_server_parse("127.0.0.1", &server));
	assert_int_equal(ntohs(v4->sin_port), 53);
	assert_true(dns_server_parse("::1@5353", &server));
	assert_int_equal(v6->sin6_family, AF_INET6);
	assert_int_equal(ntohs(v6->sin6_port), 5353);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(dns_server_parse(bad[i], &server));
}

static void
test_resolv_conf(void **state)
{
	struct resolver_options options;

	(void)state;
	resolver_options_init(&options);
	resolver_options_parse(
	    &options, STR("# nameserver 10.0.0.1\n"
			  "nameserver 192.0.2.1\n"
			  "nameserver nonsense\n"
			  "\tnameserver\t2001:db8::53\r\n"
			  "search lan.example more.example\n"
			  "options edns0 timeout:7 attempts:99 rotate"));
	assert_int_equal(options.server_count, 2);
	assert_int_equal(options.timeout_ms, 7000);
	assert_int_equal(options.attempts, 5);
	assert_string_equal(options.search, "lan.example");
}

static void
test_empty_resolv_conf(void **state)
{
	struct resolver_options options;

	(void)state;
	resolver_options_init(&options);
	resolver_options_parse(&options, STR(""));
	assert_int_equal(options.server_count, 1);
	resolver_options_init(&options);
	assert_false(resolver_options_read(&options, "/nonexistent/file"));
}

static void
test_special(void **state)
{
	static const char *const special[] = { "localhost", "a.localhost",
		"example.com", "chat.example.org", "x.test", "Host.Local",
		"[::1]", "192.0.2.1" };
	static const char *const normal[] = { "notlocalhost", "myexample.com",
		"example.com.org", "test.org", "jabber.org" };

	(void)state;
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		assert_non_null(domain_special_reason(special[i]));
	for (size_t i = 0; i < sizeof(normal) / sizeof(normal[0]); i++)
		assert_null(domain_special_reason(normal[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_server),
		cmocka_unit_test(test_resolv_conf),
		cmocka_unit_test(test_empty_resolv_conf),
		cmocka_unit_test(test_special),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

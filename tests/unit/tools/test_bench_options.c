/*
 * The generator's command line: accounts, addresses, and what it refuses.
 */
#include "tools/bench/options.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static bool
parse(struct bench_options *options, char *argv[])
{
	int argc = 0;

	while (argv[argc] != NULL)
		argc++;
	optind = 0;
	return bench_options_parse(options, argc, argv);
}

static void
test_pattern(void **state)
{
	char *argv[] = { "x", "--connect", "127.0.0.1:5222", "--users",
		"bench*12:a:b", "--work", "login", "--tls", "direct", NULL };
	struct bench_options options;

	(void)state;
	assert_true(parse(&options, argv));
	assert_int_equal(options.account_count, 12);
	assert_string_equal(options.accounts[11].user, "bench12");
	assert_string_equal(options.accounts[11].password, "a:b");
	assert_null(options.accounts[0].host);
	assert_int_equal(options.work, BENCH_LOGIN);
	assert_int_equal(options.tls, BENCH_DIRECT_TLS);
	assert_int_equal(options.pairs, 200);
	bench_options_fini(&options);
}

static void
test_file(void **state)
{
	char path[] = "/tmp/bench-users-XXXXXX";
	struct bench_options options = { 0 };
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");

	(void)state;
	fputs("ann,example.net,se,cret\n\nbroken\nbob,example.org,x\r\n", file);
	fclose(file);
	assert_true(bench_accounts_read(&options, path));
	unlink(path);
	assert_int_equal(options.account_count, 2);
	assert_string_equal(options.accounts[0].user, "ann");
	assert_string_equal(options.accounts[0].host, "example.net");
	assert_string_equal(options.accounts[0].password, "se,cret");
	assert_string_equal(options.accounts[1].password, "x");
	bench_options_fini(&options);
}

static void
test_addresses(void **state)
{
	struct sockaddr_storage addr;
	socklen_t len;

	(void)state;
	assert_true(bench_addr_parse("[::1]:5223", &addr, &len));
	assert_int_equal(addr.ss_family, AF_INET6);
	assert_int_equal(
	    ntohs(((struct sockaddr_in6 *)&addr)->sin6_port), 5223);
	assert_true(bench_addr_parse("127.0.0.1:80", &addr, &len));
	assert_int_equal(addr.ss_family, AF_INET);
	assert_false(bench_addr_parse("127.0.0.1", &addr, &len));
	assert_false(bench_addr_parse("localhost:80", &addr, &len));
	assert_false(bench_addr_parse(":80:x", &addr, &len));
}

static void
test_refuses(void **state)
{
	static char *bad[][2] = {
		{ "--work", "nap" },
		{ "--tls", "no" },
		{ "--mechanism", "MD5" },
		{ "--pairs", "0" },
		{ "--window", "2000" },
		{ "--pairs", "-1" },
		{ "--pairs", "12x" },
		{ "--seconds", "0" },
		{ "--users", "u*0:p" },
		{ "--users", "u*3" },
		{ "--users", "/nonexistent/users" },
		{ "stray", "words" },
	};
	struct bench_options options;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *argv[] = { "x", "--connect", "127.0.0.1:1", "--users",
			"u*1:p", bad[i][0], bad[i][1], NULL };

		assert_false(parse(&options, argv));
		bench_options_fini(&options);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pattern),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* An authority of one's own: what it may sign, and what is built from it. */
#include "certgen/authority.h"

#include "certgen/certificate.h"
#include "tests/unit/certgen/forge.h"

#include <openssl/x509_vfy.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;

static struct cert_hosts
hosts_of(const char *const *names)
{
	struct cert_hosts hosts = { 0 };

	for (; *names; names++)
		assert_true(
		    cert_hosts_add(&arena, &hosts, *names, CFG_ROLE_ACCOUNTS));
	return hosts;
}

static struct authority
make_authority(const struct cert_hosts *hosts)
{
	struct authority_request request = { hosts, 100, time(NULL) };
	struct authority authority = { .key = key_generate(&key_default) };

	authority.cert = authority_make(&request, authority.key);
	assert_non_null(authority.cert);
	return authority;
}

/* A certificate for the hosts with a key that is thrown away. */
static X509 *
issue(
    const struct authority *authority, const struct cert_hosts *hosts, int days)
{
	struct cert_request request = { .hosts = hosts,
		.days = days,
		.now = time(NULL),
		.authority = authority };
	EVP_PKEY *key = key_generate(&key_default);
	X509 *cert = certificate_make(&request, key);

	assert_non_null(cert);
	EVP_PKEY_free(key);
	return cert;
}

/* As a client under RFC 5280 sees it: X509_V_OK or the fault. */
static int
verify(const struct authority *authority, X509 *cert, const char *host)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	X509_VERIFY_PARAM *param;
	int fault;

	X509_STORE_add_cert(store, authority->cert);
	assert_true(X509_STORE_CTX_init(context, store, cert, NULL));
	param = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT);
	X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_CLIENT);
	if (host)
		X509_VERIFY_PARAM_set1_host(param, host, 0);
	X509_verify_cert(context);
	fault = X509_STORE_CTX_get_error(context);
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	return fault;
}

static void
test_issue(void **state)
{
	static const char *const mine[] = { "example.org",
		"b\xc3\xbc"
		"cher.example",
		"192.0.2.1", "[2001:db8::1]", NULL };
	static const char *const leaf[] = { "192.0.2.1", "a.b.example.org",
		"b\xc3\xbc"
		"cher.example",
		"[2001:db8::1]", NULL };
	struct cert_hosts hosts = hosts_of(mine), names = hosts_of(leaf);
	struct authority authority = make_authority(&hosts);
	X509 *cert = issue(&authority, &names, 30);
	const char *host = "";

	(void)state;
	assert_int_equal(X509_get_pathlen(authority.cert), 0);
	assert_true(authority_signed(&authority, cert));
	assert_true(authority_signed(&authority, authority.cert));
	assert_true(authority_permits(&authority, cert, &names, &host));
	assert_null(host);
	assert_int_equal(
	    verify(&authority, cert, "a.b.example.org"), X509_V_OK);
	assert_int_equal(verify(&authority, cert, "example.org"),
	    X509_V_ERR_HOSTNAME_MISMATCH);
	X509_free(cert);
	authority_close(&authority);
	assert_null(authority.key);
}

/* Before it is written, and by everybody who reads it. */
static void
refused(const struct authority *authority, const char *name, int fault)
{
	const char *const list[] = { "example.org", name, NULL };
	struct cert_hosts hosts = hosts_of(list);
	X509 *cert = issue(authority, &hosts, 30);
	const char *host;

	assert_false(authority_permits(authority, cert, &hosts, &host));
	assert_string_equal(host, name);
	assert_int_equal(verify(authority, cert, NULL), fault);
	X509_free(cert);
}

static void
test_constraints(void **state)
{
	static const char *const domains[] = { "example.org", NULL };
	static const char *const both[] = { "example.org", "192.0.2.1", NULL };
	struct cert_hosts hosts = hosts_of(domains);
	struct authority authority = make_authority(&hosts);

	(void)state;
	refused(&authority, "example.com", X509_V_ERR_PERMITTED_VIOLATION);
	refused(&authority, "org", X509_V_ERR_PERMITTED_VIOLATION);
	refused(&authority, "notexample.org", X509_V_ERR_PERMITTED_VIOLATION);
	refused(&authority, "192.0.2.1", X509_V_ERR_EXCLUDED_VIOLATION);
	refused(&authority, "[2001:db8::1]", X509_V_ERR_EXCLUDED_VIOLATION);
	authority_close(&authority);
	hosts = hosts_of(both);
	authority = make_authority(&hosts);
	refused(&authority, "192.0.2.2", X509_V_ERR_PERMITTED_VIOLATION);
	refused(&authority, "[2001:db8::1]", X509_V_ERR_PERMITTED_VIOLATION);
	authority_close(&authority);
}

static void
test_unconstrained(void **state)
{
	static const char *const any[] = { "example.com", "192.0.2.1", NULL };
	struct authority authority = make_authority(NULL);
	struct cert_hosts hosts = hosts_of(any);
	X509 *cert = issue(&authority, &hosts, 30);
	const char *host;

	(void)state;
	assert_true(authority_permits(&authority, cert, &hosts, &host));
	assert_int_equal(verify(&authority, cert, "example.com"), X509_V_OK);
	X509_free(cert);
	authority_close(&authority);
}

static void
test_count(void **state)
{
	static const char *const names[] = { "a.example.org", "example.org",
		"conference.a.example.org", "xexample.org", "10.0.0.1", NULL };
	struct cert_hosts hosts = hosts_of(names);

	(void)state;
	/* example.org stands for two more. */
	assert_int_equal(authority_constraints(&hosts), 3);
}

static void
test_renew(void **state)
{
	static const char *const names[] = { "example.org", NULL };
	struct cert_hosts hosts = hosts_of(names);
	struct authority old = make_authority(&hosts), now = old;
	X509 *cert = issue(&old, &hosts, 30);
	const char *host;

	(void)state;
	now.cert = authority_renew(&old, time(NULL), 4000);
	assert_non_null(now.cert);
	assert_int_equal(ASN1_TIME_compare(X509_get0_notAfter(now.cert),
			     X509_get0_notAfter(old.cert)),
	    1);
	assert_int_not_equal(ASN1_INTEGER_cmp(X509_get0_serialNumber(now.cert),
				 X509_get0_serialNumber(old.cert)),
	    0);
	assert_int_equal(verify(&now, cert, "example.org"), X509_V_OK);
	assert_true(authority_permits(&now, cert, &hosts, &host));
	refused(&now, "example.com", X509_V_ERR_PERMITTED_VIOLATION);
	X509_free(cert);
	X509_free(now.cert);
	authority_close(&old);
}

/* Nobody would believe it any longer than the authority. */
static void
test_end(void **state)
{
	static const char *const names[] = { "example.org", NULL };
	struct cert_hosts hosts = hosts_of(names);
	struct authority authority = make_authority(&hosts);
	X509 *cert = issue(&authority, &hosts, 101);

	(void)state;
	assert_int_equal(ASN1_TIME_compare(X509_get0_notAfter(cert),
			     X509_get0_notAfter(authority.cert)),
	    0);
	X509_free(cert);
	authority_close(&authority);
}

static void
test_key_path(void **state)
{
	(void)state;
	assert_string_equal(authority_key_path(&arena, "a/ca.pem"), "a/ca.key");
	assert_string_equal(authority_key_path(&arena, "ca.crt"), "ca.key");
	assert_string_equal(authority_key_path(&arena, "ca"), "ca.key");
	assert_string_equal(authority_key_path(&arena, ".pem"), ".pem.key");
}

static int
free_arena(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_issue),
		cmocka_unit_test(test_constraints),
		cmocka_unit_test(test_unconstrained),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_renew),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_key_path),
	};

	return cmocka_run_group_tests(tests, NULL, free_arena);
}

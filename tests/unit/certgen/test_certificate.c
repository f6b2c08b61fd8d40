/* What a certificate says: names of each host, profile, dates, serial. */
#include "certgen/certificate.h"

#include "certgen/pem_identity.h"
#include "tests/unit/certgen/forge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;

static X509 *
make(EVP_PKEY *key, const struct cert_hosts *hosts)
{
	struct cert_request request = {
		.hosts = hosts, .days = 90, .now = time(NULL)
	};
	X509 *cert = certificate_make(&request, key);

	assert_non_null(cert);
	return cert;
}

static X509 *
make_kind(const char *kind_name)
{
	struct cert_hosts hosts = { 0 };
	struct key_kind kind;
	EVP_PKEY *key;
	X509 *cert;

	assert_true(key_kind_parse(kind_name, &kind));
	key = key_generate(&kind);
	assert_non_null(key);
	cert_hosts_add(&arena, &hosts, "example.org", CFG_ROLE_ACCOUNTS);
	cert = make(key, &hosts);
	assert_int_equal(X509_verify(cert, key), 1);
	EVP_PKEY_free(key);
	return cert;
}

static void
assert_names(const struct pem_names *names, const char *expected)
{
	struct str all = STR("");
	size_t i;

	for (i = 0; i < names->count; i++) {
		all = forge_join(&arena, all, names->items[i]);
		all = forge_join(&arena, all, STR(" "));
	}
	assert_string_equal(all.ptr, expected);
}

static void
test_names(void **state)
{
	struct cert_hosts hosts = { 0 };
	EVP_PKEY *key = key_generate(&key_default);
	struct pem_identity identity;
	X509 *cert;

	(void)state;
	cert_hosts_add(&arena, &hosts, "Example.ORG", CFG_ROLE_ACCOUNTS);
	cert_hosts_add(&arena, &hosts, "example.org.", CFG_ROLE_ACCOUNTS);
	cert_hosts_add(
	    &arena, &hosts, "conference.example.org", CFG_ROLE_SERVICE);
	cert_hosts_add(&arena, &hosts,
	    "b\xc3\xbc"
	    "cher.example",
	    CFG_ROLE_ACCOUNTS);
	cert_hosts_add(&arena, &hosts, "up.example.org", CFG_ROLE_HTTP);
	cert_hosts_add(&arena, &hosts, "192.0.2.1", CFG_ROLE_ACCOUNTS);
	cert_hosts_add(&arena, &hosts, "[2001:db8::1]", CFG_ROLE_ACCOUNTS);
	cert = make(key, &hosts);
	pem_identity_read(&arena, cert, &identity);
	X509_free(cert);
	EVP_PKEY_free(key);
	assert_names(&identity.dns,
	    "example.org conference.example.org xn--bcher-kva.example "
	    "up.example.org ");
	assert_names(&identity.xmpp,
	    "example.org conference.example.org b\xc3\xbc"
	    "cher.example "
	    "192.0.2.1 [2001:db8::1] ");
	assert_names(&identity.srv,
	    "_xmpp-client.example.org _xmpp-server.example.org "
	    "_xmpp-server.conference.example.org "
	    "_xmpp-client.xn--bcher-kva.example "
	    "_xmpp-server.xn--bcher-kva.example ");
	assert_names(&identity.ip, "192.0.2.1 [2001:db8::1] ");
	assert_true(str_is(identity.common_name, "example.org"));
}

static void
test_hosts_refused(void **state)
{
	struct cert_hosts hosts = { 0 };
	char name[32];
	int i;

	(void)state;
	assert_false(cert_hosts_add(&arena, &hosts, "", CFG_ROLE_ACCOUNTS));
	assert_false(cert_hosts_add(&arena, &hosts, "a b", CFG_ROLE_ACCOUNTS));
	assert_false(
	    cert_hosts_add(&arena, &hosts, "*.example.org", CFG_ROLE_ACCOUNTS));
	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "h%d.example", i % 700);
		assert_true(
		    cert_hosts_add(&arena, &hosts, name, CFG_ROLE_SERVICE));
	}
	assert_int_equal(hosts.count, 700);
	/* The role that asks for more stays. */
	assert_true(
	    cert_hosts_add(&arena, &hosts, "H3.example", CFG_ROLE_ACCOUNTS));
	assert_true(
	    cert_hosts_add(&arena, &hosts, "h3.example", CFG_ROLE_HTTP));
	assert_int_equal(hosts.count, 700);
	assert_string_equal(hosts.items[3].name, "h3.example");
	assert_int_equal(hosts.items[3].role, CFG_ROLE_ACCOUNTS);
}

/* A first host too long for a common name leaves the issuer non-empty. */
static void
test_long_name(void **state)
{
	static const char host[] =
	    "a23456789b23456789c23456789d23456789.e23456789f23456789g23456789"
	    ".example";
	struct cert_hosts hosts = { 0 };
	EVP_PKEY *key = key_generate(&key_default);
	struct pem_identity identity;
	X509 *cert;

	(void)state;
	assert_true(cert_hosts_add(&arena, &hosts, host, CFG_ROLE_ACCOUNTS));
	cert = make(key, &hosts);
	pem_identity_read(&arena, cert, &identity);
	X509_free(cert);
	EVP_PKEY_free(key);
	assert_true(str_is(identity.common_name, "XMPP server"));
	assert_int_equal(pem_identity_covers(&identity, host), PEM_FOR_BOTH);
}

static void
test_profile(void **state)
{
	X509 *cert = make_kind("ecdsa-p256");

	(void)state;
	assert_int_equal(X509_get_version(cert), X509_VERSION_3);
	assert_int_equal(X509_check_ca(cert), 0);
	assert_int_equal(X509_get_key_usage(cert), X509v3_KU_DIGITAL_SIGNATURE);
	assert_int_equal(
	    X509_get_extended_key_usage(cert), XKU_SSL_SERVER | XKU_SSL_CLIENT);
	assert_non_null(X509_get0_subject_key_id(cert));
	assert_int_equal(ASN1_OCTET_STRING_cmp(X509_get0_subject_key_id(cert),
			     X509_get0_authority_key_id(cert)),
	    0);
	assert_int_equal(X509_get_signature_nid(cert), NID_ecdsa_with_SHA256);
	X509_free(cert);
}

static void
test_key_kinds(void **state)
{
	struct key_kind kind;
	X509 *cert = make_kind("rsa-2048");
	char text[32];

	(void)state;
	assert_int_equal(X509_get_key_usage(cert),
	    X509v3_KU_DIGITAL_SIGNATURE | X509v3_KU_KEY_ENCIPHERMENT);
	assert_int_equal(
	    X509_get_signature_nid(cert), NID_sha256WithRSAEncryption);
	key_describe(X509_get0_pubkey(cert), sizeof(text), text);
	assert_string_equal(text, "RSA-2048");
	X509_free(cert);
	cert = make_kind("ecdsa-p384");
	assert_int_equal(X509_get_signature_nid(cert), NID_ecdsa_with_SHA384);
	X509_free(cert);
	cert = make_kind("ed25519");
	assert_int_equal(X509_get_signature_nid(cert), NID_ED25519);
	X509_free(cert);
	assert_false(key_kind_parse("rsa-1024", &kind));
	assert_false(key_kind_parse("rsa", &kind));
}

static void
test_serial(void **state)
{
	X509 *one = make_kind("ecdsa-p256"), *two = make_kind("ecdsa-p256");
	const ASN1_INTEGER *serial = X509_get0_serialNumber(one);

	(void)state;
	assert_int_equal(ASN1_STRING_length(serial), 16);
	assert_int_equal(ASN1_STRING_type(serial), V_ASN1_INTEGER);
	assert_int_not_equal(
	    ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(two)), 0);
	X509_free(one);
	X509_free(two);
}

static void
test_dates(void **state)
{
	time_t now = time(NULL), later = now + 90 * 86400L;
	X509 *cert = make_kind("ecdsa-p256");
	int days, seconds;

	(void)state;
	assert_int_equal(X509_cmp_time(X509_get0_notBefore(cert), &now), -1);
	assert_int_equal(X509_cmp_time(X509_get0_notAfter(cert), &later), -1);
	assert_true(ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(cert),
	    X509_get0_notAfter(cert)));
	assert_int_equal(days, 89);
	assert_int_equal(seconds, 86399);
	X509_free(cert);
}

static struct pem_identity
identity_with(const char *dns, const char *xmpp, const char *srv)
{
	static struct str items[3];
	struct pem_identity identity = { .common_name = STR("cn.example") };

	items[0] = str_of(dns);
	items[1] = str_of(xmpp);
	items[2] = str_of(srv);
	identity.dns = (struct pem_names){ &items[0], dns != NULL };
	identity.xmpp = (struct pem_names){ &items[1], xmpp != NULL };
	identity.srv = (struct pem_names){ &items[2], srv != NULL };
	pem_identity_index(&arena, &identity);
	return identity;
}

static void
test_covers(void **state)
{
	struct pem_identity wild = identity_with("*.Example.org", NULL, NULL);
	struct pem_identity one;

	(void)state;
	assert_int_equal(
	    pem_identity_covers(&wild, "a.example.ORG"), PEM_FOR_BOTH);
	assert_int_equal(pem_identity_covers(&wild, "example.org"), 0);
	assert_int_equal(pem_identity_covers(&wild, "a.b.example.org"), 0);
	assert_int_equal(pem_identity_covers(&wild, "cn.example"), 0);
	one = identity_with("a*.example.org", NULL, NULL);
	assert_int_equal(pem_identity_covers(&one, "ab.example.org"), 0);
	one = identity_with("*", NULL, NULL);
	assert_int_equal(pem_identity_covers(&one, "example"), 0);
	one = identity_with(NULL, "xn--bcher-kva.example", NULL);
	assert_int_equal(pem_identity_covers(&one, "B\xc3\x9c"
						   "CHER.example"),
	    PEM_FOR_BOTH);
	one = identity_with(NULL, NULL, "_xmpp-client.example.org");
	assert_int_equal(
	    pem_identity_covers(&one, "example.org"), PEM_FOR_CLIENTS);
	one = identity_with(NULL, NULL, "_xmpp-server.example.org");
	assert_int_equal(
	    pem_identity_covers(&one, "example.org"), PEM_FOR_SERVERS);
	one = identity_with(NULL, NULL, "_imap.example.org");
	assert_int_equal(pem_identity_covers(&one, "example.org"), 0);
}

/* A NUL inside a name must not cut the comparison short. */
static void
test_name_with_nul(void **state)
{
	static const struct str name = { "example.org\0.evil.example", 25 };
	struct pem_identity identity = { .dns = { &name, 1 },
		.xmpp = { &name, 1 } };

	(void)state;
	pem_identity_index(&arena, &identity);
	assert_int_equal(pem_identity_covers(&identity, "example.org"), 0);
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
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_hosts_refused),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_profile),
		cmocka_unit_test(test_key_kinds),
		cmocka_unit_test(test_serial),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_covers),
		cmocka_unit_test(test_name_with_nul),
	};

	return cmocka_run_group_tests(tests, NULL, free_arena);
}

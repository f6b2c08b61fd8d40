/* Whose key it is, told without loading it, and the walk over DER behind it. */
#include "certgen/key_match.h"

#include "certgen/der.h"
#include "tests/unit/certgen/forge.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>

#include <cmocka.h>

/* --- DER --- */

static void
test_lengths(void **state)
{
	struct str text = STR("\x04\x02"
			      "ab\x30\x81\x01x\x05\x00");
	struct der_item item;

	(void)state;
	assert_true(der_next_is(&text, DER_OCTET_STRING, &item));
	assert_true(str_is(item.body, "ab"));
	assert_true(der_next_is(&text, DER_SEQUENCE, &item));
	assert_true(str_is(item.body, "x"));
	assert_int_equal(item.whole.len, 4);
	assert_true(der_next(&text, &item));
	assert_int_equal(item.body.len, 0);
	assert_false(der_next(&text, &item));
}

static void
test_refused(void **state)
{
	static const struct str bad[] = {
		STR("\x30"),			     /* no length */
		STR("\x30\x02x"),		     /* too short */
		STR("\x30\x80\x00\x00"),	     /* indefinite */
		STR("\x1f\x81\x01\x00"),	     /* a long tag */
		STR("\x30\x85\x00\x00\x00\x00\x00"), /* a long length */
		STR("\x30\x84\xff\xff\xff\xff"),
	};
	struct der_item item;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct str text = bad[i];

		assert_false(der_next(&text, &item));
		assert_int_equal(text.len, bad[i].len);
	}
}

static void
test_largest_integer(void **state)
{
	char nested[64];
	size_t i;

	(void)state;
	assert_int_equal(der_largest_integer(STR("\x30\x06\x02\x01\x05"
						 "\x30\x01x")),
	    5);
	assert_int_equal(
	    der_largest_integer(STR("\x02\x03\x01\x00\x00\x02\x01\x07")),
	    65536);
	assert_true(der_largest_integer(STR("\x02\x01\xff")) == ULLONG_MAX);
	assert_true(der_largest_integer(
			STR("\x02\x09\x01\x00\x00\x00\x00\x00\x00\x00\x00")) ==
		    ULLONG_MAX);
	/* As deep as one likes. */
	for (i = 0; i < sizeof(nested); i += 2) {
		nested[i] = 0x30;
		nested[i + 1] = (char)(sizeof(nested) - i - 2);
	}
	assert_int_equal(
	    der_largest_integer((struct str){ nested, sizeof(nested) }), 0);
}

/* --- keys --- */

static struct str
pkcs8_of(struct arena *arena, EVP_PKEY *key)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
	unsigned char *der = NULL;
	int len = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
	struct str out =
	    arena_str(arena, (struct str){ (char *)der, (size_t)len });

	OPENSSL_free(der);
	PKCS8_PRIV_KEY_INFO_free(info);
	return out;
}

static struct str
old_form_of(struct arena *arena, EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int len = i2d_PrivateKey(key, &der);
	struct str out =
	    arena_str(arena, (struct str){ (char *)der, (size_t)len });

	OPENSSL_free(der);
	return out;
}

static void
check(struct str der, bool loaded, const X509 *own, const X509 *other)
{
	struct key_half half;

	assert_true(key_half_read(der, &half));
	assert_int_equal(half.key != NULL, loaded);
	assert_true(key_half_is_of(&half, own));
	assert_false(key_half_is_of(&half, other));
	key_half_fini(&half);
}

static void
check_kind(const char *name, bool loaded)
{
	struct arena arena = { 0 };
	struct key_kind kind;
	EVP_PKEY *key, *stranger;
	X509 *own, *other;

	assert_true(key_kind_parse(name, &kind));
	key = key_generate(&kind);
	stranger = key_generate(&kind);
	own = forge_cert(key, "example.org", 90, 0);
	other = forge_cert(stranger, "example.org", 90, 0);
	check(pkcs8_of(&arena, key), loaded, own, other);
	check(old_form_of(&arena, key), loaded, own, other);
	X509_free(own);
	X509_free(other);
	EVP_PKEY_free(key);
	EVP_PKEY_free(stranger);
	arena_fini(&arena);
}

static void
test_kinds(void **state)
{
	(void)state;
	check_kind("ecdsa-p256", false);
	check_kind("ecdsa-p384", false);
	check_kind("rsa-2048", false);
	check_kind("ed25519", true);
}

/* The certificate's point is written whole, the key's compressed. */
static void
test_compressed(void **state)
{
	struct arena arena = { 0 };
	EVP_PKEY *key = key_generate(&key_default);
	EVP_PKEY *stranger = key_generate(&key_default);
	X509 *own = forge_cert(key, "example.org", 90, 0);
	X509 *other = forge_cert(stranger, "example.org", 90, 0);

	(void)state;
	assert_true(EVP_PKEY_set_utf8_string_param(
	    key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "compressed"));
	check(old_form_of(&arena, key), false, own, other);
	X509_free(own);
	X509_free(other);
	EVP_PKEY_free(key);
	EVP_PKEY_free(stranger);
	arena_fini(&arena);
}

static void
test_no_keys(void **state)
{
	static const struct str bad[] = {
		STR(""),
		STR("\x30\x00"),
		STR("\x30\x03\x02\x01\x00"),
		/* A public half that stands for nothing. */
		STR("\x30\x0a\x02\x01\x01\x04\x01x\xa1\x02\x03\x00"),
	};
	struct key_half half;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(key_half_read(bad[i], &half));
		key_half_fini(&half);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_largest_integer),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_compressed),
		cmocka_unit_test(test_no_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

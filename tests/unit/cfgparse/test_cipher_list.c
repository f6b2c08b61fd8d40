#include "cfgparse/cipher_list.h"
/* Lists of ciphers: what they let in, and what the exclusions take away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct row {
	const char *list;
	unsigned weak;
};

static const struct row rows[] = {
	{ "", 0 },
	{ "HIGH:!aNULL:!3DES:@STRENGTH", 0 },
	{ "DEFAULT:!EXPORT:!LOW:!SSLv2", 0 },
	{ "ECDHE-RSA-AES256-GCM-SHA384:kEDH+AES", 0 },
	{ "TLS_AES_128_GCM_SHA256", 0 },
	{ "DES-CBC3-SHA", 0 },
	{ "!RC4", 0 },
	{ "ALL", CIPHER_ANONYMOUS },
	{ "ALL:!aNULL", 0 },
	{ "!aNULL:ALL", 0 },
	{ "ALL:-aNULL", 0 },
	{ "-aNULL:ALL", CIPHER_ANONYMOUS },
	{ "ALL:!ADH", 0 },
	{ "NULL", CIPHER_NULL },
	{ "HIGH,eNULL", CIPHER_NULL },
	{ "HIGH EXPORT40", CIPHER_EXPORT },
	{ "RC4-SHA", CIPHER_RC4 },
	{ "RC4+RSA", CIPHER_RC4 },
	{ "HIGH:+RC4", 0 },
	{ "HIGH:RC4:+RC4", CIPHER_RC4 },
	{ "HIGH:RC4:!RC4", 0 },
	{ "RC4-MD5:!MD5", CIPHER_RC4 },
	{ "DES-CBC-SHA", CIPHER_DES },
	{ "EXP-RC4-MD5", CIPHER_EXPORT | CIPHER_RC4 | CIPHER_MD5 },
	{ "LOW", CIPHER_LOW | CIPHER_DES },
	{ "LOW:!DES", CIPHER_LOW },
	{ "HIGH:@SECLEVEL=0", CIPHER_LEVEL },
	{ "HIGH:@SECLEVEL=2", 0 },
};

static void
test_weak(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct cipher_list list;

		cipher_list_read(str_of(rows[i].list), &list);
		if (list.weak != rows[i].weak)
			fail_msg("%s: %x, not %x", rows[i].list, list.weak,
			    rows[i].weak);
		assert_int_equal(list.unknown.len, 0);
	}
}

static void
test_words(void **state)
{
	struct cipher_list list;

	(void)state;
	cipher_list_read(STR("!aNULL:!MD5"), &list);
	assert_true(list.empty);
	cipher_list_read(STR("HIGH:!aNULL"), &list);
	assert_false(list.empty);
	cipher_list_read(STR("HIHG:FOO"), &list);
	assert_true(str_is(list.unknown, "HIHG"));
	assert_false(list.empty);
	cipher_list_read(STR("HIGH:@NOTHING"), &list);
	assert_true(str_is(list.unknown, "@NOTHING"));
	cipher_list_read(STR(":::+:-:!"), &list);
	assert_int_equal(list.weak, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_weak),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

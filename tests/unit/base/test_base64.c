/* cfgparse/base/base64.h: RFC 4648's vectors and everything it must refuse. */
#include "cfgparse/base/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
check_pair(const char *plain, const char *coded)
{
	struct buf out = { 0 };

	base64_encode(&out, plain, strlen(plain));
	assert_string_equal(buf_text(&out), coded);
	buf_clear(&out);
	assert_true(base64_decode(str_of(coded), 100, &out));
	assert_int_equal(out.len, strlen(plain));
	assert_memory_equal(buf_text(&out), plain, out.len);
	buf_fini(&out);
}

static void
test_vectors(void **state)
{
	(void)state;
	check_pair("", "");
	check_pair("f", "Zg==");
	check_pair("fo", "Zm8=");
	check_pair("foo", "Zm9v");
	check_pair("foob", "Zm9vYg==");
	check_pair("fooba", "Zm9vYmE=");
	check_pair("foobar", "Zm9vYmFy");
	check_pair("\xff\xef\xbe", "/+++");
}

static void
test_all_bytes(void **state)
{
	unsigned char bytes[256];
	struct buf text = { 0 }, back = { 0 };

	(void)state;
	for (int i = 0; i < 256; i++)
		bytes[i] = (unsigned char)i;
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		buf_clear(&text);
		buf_clear(&back);
		base64_encode(&text, bytes, len);
		assert_true(base64_decode(buf_str(&text), len, &back));
		assert_true(
		    str_eq(buf_str(&back), (struct str){ (char *)bytes, len }));
		assert_true(
		    len == 0 || !base64_decode(buf_str(&text), len - 1, &back));
	}
	buf_fini(&text);
	buf_fini(&back);
}

static void
test_refused(void **state)
{
	static const char *const bad[] = { "Z", "Zg",
		"Zg=", "Zh==", "Zm9=", "====", "=",
		"Z===", "Zg==Zg==", "Zm9v\n", " Zm9v", "Zm 9", "Zm9-", "Zm9_",
		"Z=9v", "Zm=v", "Zm9vYg==\n", "\xc3\xa4\xc3\xa4" };
	struct buf out = { 0 };

	(void)state;
	buf_puts(&out, "kept");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (base64_decode(str_of(bad[i]), 100, &out))
			fail_msg("accepted: %s", bad[i]);
		assert_string_equal(buf_text(&out), "kept");
	}
	/* A NUL is a byte like any other outside the alphabet. */
	assert_false(base64_decode((struct str){ "Zm\0v", 4 }, 100, &out));
	buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_all_bytes),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

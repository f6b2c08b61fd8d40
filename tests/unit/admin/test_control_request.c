/* Requests of the control socket: in one piece, byte by byte, and broken. */
#include "server/admin/control_request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

static enum control_progress
feed(struct control_request *request, const char *text)
{
	return control_request_feed(request, text, strlen(text));
}

static void
assert_field(
    const struct control_request *request, size_t index, const char *text)
{
	assert_true(str_is(control_request_field(request, index), text));
}

static const char register_text[] =
    "xmppctl 5\n4:text,8:register,3:ann,11:example.org,6:a,b:c1,";

static void
test_whole(void **state)
{
	struct control_request request = { 0 };

	(void)state;
	assert_int_equal(feed(&request, register_text), CONTROL_WHOLE);
	assert_int_equal(request.count, 5);
	assert_field(&request, 0, "text");
	assert_field(&request, 1, "register");
	assert_field(&request, 2, "ann");
	assert_field(&request, 3, "example.org");
	assert_field(&request, 4, "a,b:c1");
	control_request_fini(&request);
}

static void
test_bytewise(void **state)
{
	struct control_request request = { 0 };
	size_t len = strlen(register_text);

	(void)state;
	for (size_t i = 0; i + 1 < len; i++)
		assert_int_equal(
		    control_request_feed(&request, register_text + i, 1),
		    CONTROL_MORE);
	assert_int_equal(
	    control_request_feed(&request, register_text + len - 1, 1),
	    CONTROL_WHOLE);
	assert_field(&request, 4, "a,b:c1");
	control_request_fini(&request);
}

static void
test_broken(void **state)
{
	static const char *const texts[] = {
		"GET / HTTP/1.1\r\n",
		"xmppctl \n",
		"xmppctl 0\n",
		"xmppctl 1\n4:text,",
		"xmppctl 33\n",
		"xmppctl 002\n",
		"xmppctl -2\n",
		"xmppctl 2\n:,",
		"xmppctl 2\n4:text;6:status,",
		"xmppctl 2\n4:text,6:status,x",
		"xmppctl 2\n4:text,67108861:",
		"xmppctl 2\n99999999:",
		"xmppctl 2\n000000001:",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct control_request request = { 0 };

		print_message("%s\n", texts[i]);
		assert_int_equal(feed(&request, texts[i]), CONTROL_BROKEN);
		assert_int_equal(feed(&request, "x"), CONTROL_BROKEN);
		control_request_fini(&request);
	}
}

/* The sum counts, not each field. */
static void
test_at_limit(void **state)
{
	struct control_request request = { 0 };

	(void)state;
	assert_int_equal(
	    feed(&request, "xmppctl 2\n4:text,67108860:"), CONTROL_MORE);
	control_request_fini(&request);
}

static void
test_written_reads(void **state)
{
	struct control_request request = { 0 };
	struct buf text = { 0 };

	(void)state;
	control_request_begin(&text, 3);
	control_netstring(&text, STR("json"));
	control_netstring(&text, STR(""));
	control_netstring(&text, STR("a\0b"));
	assert_int_equal(
	    control_request_feed(&request, text.data, text.len), CONTROL_WHOLE);
	assert_field(&request, 1, "");
	assert_true(str_eq(control_request_field(&request, 2), STR("a\0b")));
	buf_fini(&text);
	control_request_fini(&request);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_bytewise),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_at_limit),
		cmocka_unit_test(test_written_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

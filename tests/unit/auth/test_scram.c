/* server/auth/scram.h: keys of passwords, their text, keys of nobody. */
#include "server/auth/scram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/auth/scram_private.h"

/* What RFC 7677 section 3 implies for user and pencil, by its own text form;
 * the keys were computed with Python's hashlib. */
static const char rfc_sha256[] = " SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
				 "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
				 "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

static void
test_make_and_check(void **state)
{
	struct scram_record record, other;

	(void)state;
	assert_true(scram_record_make(STR("pencil"), &record));
	assert_true(scram_record_check(STR("pencil"), &record));
	assert_false(scram_record_check(STR("pencil "), &record));
	assert_false(scram_record_check(STR("Pencil"), &record));
	assert_false(scram_record_check(STR(""), &record));
	assert_true(scram_record_make(STR("pencil"), &other));
	for (int i = 0; i < SCRAM_HASHES; i++)
		assert_memory_not_equal(
		    record.keys[i].salt, other.keys[i].salt, SCRAM_SALT);
	/* RFC 4013: a soft hyphen maps to nothing. */
	assert_true(scram_record_check(STR("pen\xc2\xad"
					   "cil"),
	    &record));
}

static void
test_unpreparable(void **state)
{
	struct scram_record record;

	(void)state;
	assert_false(scram_record_make(STR(""), &record));
	assert_false(scram_record_make(STR("a\x07"), &record));
	assert_false(scram_record_make(STR("\xff"), &record));
}

static void
test_published_keys(void **state)
{
	struct scram_record record = { 0 };
	struct buf text = { 0 };
	const char *at;

	(void)state;
	record.keys[SCRAM_SHA1].iterations = 1;
	record.keys[SCRAM_SHA256].iterations = 4096;
	memcpy(record.keys[SCRAM_SHA256].salt,
	    "\x5b\x6d\x99\x68\x9d\x12\x35\x8e\xec\xa0\x4b\x14\x12\x36\xfa"
	    "\x81",
	    SCRAM_SALT);
	scram_keys_derive(
	    SCRAM_SHA256, STR("pencil"), &record.keys[SCRAM_SHA256]);
	scram_record_write(&record, &text);
	at = strstr(buf_text(&text), " SCRAM-SHA-256");
	assert_non_null(at);
	assert_string_equal(at, rfc_sha256);
	buf_fini(&text);
}

static void
test_text(void **state)
{
	struct scram_record record, back;
	struct buf text = { 0 };
	char *bad;

	(void)state;
	assert_true(scram_record_make(STR("secret"), &record));
	scram_record_write(&record, &text);
	assert_null(strstr(buf_text(&text), "secret"));
	assert_true(scram_record_read(buf_str(&text), &back));
	assert_memory_equal(&record, &back, sizeof(back));
	/* Nothing shorter is a record, and nothing longer. */
	for (size_t len = 0; len < text.len; len++)
		assert_false(
		    scram_record_read((struct str){ text.data, len }, &back));
	buf_putc(&text, ' ');
	assert_false(scram_record_read(buf_str(&text), &back));
	text.len--;
	bad = buf_take(&text);
	bad[0] = '2';
	assert_false(scram_record_read(str_of(bad), &back));
	bad[0] = '1';
	assert_true(scram_record_read(str_of(bad), &back));
	memcpy(strstr(bad, "$4096"), "$0096", 5);
	assert_false(scram_record_read(str_of(bad), &back));
	buf_puts(&text, bad);
	free(bad);
	buf_fini(&text);
}

static void
test_fake(void **state)
{
	struct scram_record a, again, b;

	(void)state;
	scram_record_fake(STR("juliet@example.com"), &a);
	scram_record_fake(STR("juliet@example.com"), &again);
	scram_record_fake(STR("juliet@example.net"), &b);
	assert_memory_equal(&a, &again, sizeof(a));
	assert_memory_not_equal(a.keys[0].salt, b.keys[0].salt, SCRAM_SALT);
	assert_memory_not_equal(a.keys[0].salt, a.keys[1].salt, SCRAM_SALT);
	/* It looks like a real one. */
	assert_true(scram_record_make(STR("x"), &b));
	for (int i = 0; i < SCRAM_HASHES; i++)
		assert_int_equal(a.keys[i].iterations, b.keys[i].iterations);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_make_and_check),
		cmocka_unit_test(test_unpreparable),
		cmocka_unit_test(test_published_keys),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_fake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

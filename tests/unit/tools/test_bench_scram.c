/*
 * The SCRAM client against the examples of RFC 5802 section 5 and RFC 7677
 * section 3, and against servers that lie.
 */
#include "tools/bench/scram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct vector {
	enum bench_hash hash;
	const char *nonce, *first, *challenge, *answer, *last;
};

static const struct vector vectors[] = {
	{ BENCH_SHA1, "fyko+d2lbbFgONRv9qkxdawL",
	    "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
	    "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,"
	    "i=4096",
	    "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
	    "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
	    "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=" },
	{ BENCH_SHA256, "rOprNGfwEbeRWgbNEkqO",
	    "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
	    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
	    "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
	    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
	    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
	    "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" },
};

static void
test_vectors(void **state)
{
	struct bench_scram_cache cache = { 0 };

	(void)state;
	/* Twice: the second time out of the cache. */
	for (size_t i = 0; i < 4; i++) {
		const struct vector *v = &vectors[i % 2];
		struct bench_scram scram = { 0 };
		struct buf out = { 0 };

		bench_scram_start(
		    &scram, v->hash, "user", "pencil", v->nonce, &out);
		assert_string_equal(buf_text(&out), v->first);
		buf_clear(&out);
		assert_true(bench_scram_answer(
		    &scram, &cache, str_of(v->challenge), &out));
		assert_string_equal(buf_text(&out), v->answer);
		assert_true(bench_scram_finish(&scram, str_of(v->last)));
		assert_false(
		    bench_scram_finish(&scram, STR("v=AAAAAAAAAAAAAAAA")));
		assert_false(bench_scram_finish(&scram, STR("e=other-error")));
		bench_scram_fini(&scram);
		buf_fini(&out);
	}
	assert_int_equal(cache.derived, 2);
	bench_scram_cache_fini(&cache);
}

static void
test_refuses(void **state)
{
	static const char *const wrong[] = { "", "r=other,s=QUJD,i=4096",
		"r=nonce,s=QUJD,i=4096", "r=nonceX,s=QUJ,i=4096",
		"r=nonceX,s=QUJD,i=0", "r=nonceX,s=QUJD,i=9999999",
		"r=nonceX,s=QUJD,i=4k", "r=nonceX,i=4096", "s=QUJD,i=4096" };
	struct bench_scram_cache cache = { 0 };
	struct bench_scram scram = { 0 };
	struct buf out = { 0 };

	(void)state;
	bench_scram_start(&scram, BENCH_SHA1, "a,b=c", "p", "nonce", &out);
	assert_string_equal(buf_text(&out), "n,,n=a=2Cb=3Dc,r=nonce");
	buf_clear(&out);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(
		    bench_scram_answer(&scram, &cache, str_of(wrong[i]), &out));
	assert_int_equal(out.len, 0);
	assert_int_equal(cache.derived, 0);
	bench_scram_fini(&scram);
	buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

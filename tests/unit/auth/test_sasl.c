/* server/auth/sasl.h: whole exchanges, and every way to get them wrong. */
#include "server/auth/sasl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/auth/sasl_private.h"
#include "server/auth/scram_private.h"
#include "tests/support/sasl_client.h"

static const struct str exporter = { "exporter-data-of-32-bytes-length", 32 };
static const struct str end_point = { "certificate-hash", 16 };
static struct scram_record record;

static struct sasl_offer
offer_all(void)
{
	return (struct sasl_offer){ STR("example.com"),
		(1u << SASL_MECHANISMS) - 1, exporter, end_point };
}

static struct sasl_offer
offer_plain_tls(void)
{
	struct sasl_offer offer = offer_all();

	offer.mechanisms &=
	    ~(1u << SASL_SCRAM_SHA_1_PLUS | 1u << SASL_SCRAM_SHA_256_PLUS);
	return offer;
}

static int
make_record(void **state)
{
	(void)state;
	for (int i = 0; i < SCRAM_HASHES; i++) {
		record.keys[i].iterations = 3;
		memset(record.keys[i].salt, 'a' + i, SCRAM_SALT);
		scram_keys_derive(
		    (enum scram_hash)i, STR("pencil"), &record.keys[i]);
	}
	return 0;
}

/* By address: the exchange is often made by the argument beside it. */
static void
check_failed(
    struct sasl *const *at, enum sasl_verdict verdict, enum sasl_failure why)
{
	const struct sasl *sasl = *at;

	assert_int_equal(verdict, SASL_FAILED);
	if (sasl_why(sasl) != why)
		fail_msg("%s, expected %s (%s)",
		    sasl_failure_name(sasl_why(sasl)), sasl_failure_name(why),
		    sasl_detail(sasl));
	assert_true(sasl_detail(sasl)[0]);
}

/* --- PLAIN --- */

static enum sasl_verdict
run_plain(
    struct str message, const struct scram_record *keys, struct sasl **sasl)
{
	struct sasl_offer offer = offer_all();
	struct buf out = { 0 };
	enum sasl_verdict verdict;

	*sasl = sasl_start(&offer, SASL_PLAIN, message, &out, &verdict);
	if (verdict == SASL_WANT_KEYS) {
		assert_int_equal(sasl_keys(*sasl, keys, &out), SASL_WANT_SLOW);
		sasl_slow(*sasl);
		verdict = sasl_slow_done(*sasl, &out);
	}
	assert_int_equal(out.len, 0);
	buf_fini(&out);
	return verdict;
}

static void
test_plain(void **state)
{
	struct sasl *sasl;

	(void)state;
	assert_int_equal(
	    run_plain(STR("\0Juliet\0pencil"), &record, &sasl), SASL_SUCCESS);
	assert_true(str_is(sasl_username(sasl), "juliet"));
	sasl_destroy(&sasl);
	assert_null(sasl);
	assert_int_equal(run_plain(STR("JULIET@Example.COM\0juliet\0pencil"),
			     &record, &sasl),
	    SASL_SUCCESS);
	sasl_destroy(&sasl);
	check_failed(&sasl, run_plain(STR("\0juliet\0pencil2"), &record, &sasl),
	    SASL_NOT_AUTHORIZED);
	sasl_destroy(&sasl);
}

static void
test_plain_unknown_user(void **state)
{
	struct sasl *sasl;
	enum sasl_verdict verdict =
	    run_plain(STR("\0nobody\0pencil"), NULL, &sasl);

	(void)state;
	check_failed(&sasl, verdict, SASL_NOT_AUTHORIZED);
	/* What the check had to work through costs what a real one does. */
	assert_int_equal(
	    sasl->record.keys[SCRAM_SHA256].iterations, SCRAM_ITERATIONS);
	sasl_destroy(&sasl);
}

static void
test_plain_refused(void **state)
{
	static const struct {
		struct str message;
		enum sasl_failure why;
	} bad[] = {
		{ { "", 0 }, SASL_MALFORMED_REQUEST },
		{ { "\0", 1 }, SASL_MALFORMED_REQUEST },
		{ { "\0\0", 2 }, SASL_MALFORMED_REQUEST },
		{ { "\0u\0", 3 }, SASL_MALFORMED_REQUEST },
		{ { "\0\0p", 3 }, SASL_MALFORMED_REQUEST },
		{ { "u\0p", 3 }, SASL_MALFORMED_REQUEST },
		{ { "\0u\0p\0", 5 }, SASL_MALFORMED_REQUEST },
		{ { "\0\0u\0p", 5 }, SASL_MALFORMED_REQUEST },
		{ { "\0u\0\xff", 4 }, SASL_MALFORMED_REQUEST },
		{ { "\0\xc0\xaf\0p", 5 }, SASL_MALFORMED_REQUEST },
		{ { "a b\0u\0p", 7 }, SASL_INVALID_AUTHZID },
		{ { "v@example.com\0u\0p", 17 }, SASL_INVALID_AUTHZID },
		{ { "u@example.net\0u\0p", 17 }, SASL_INVALID_AUTHZID },
		{ { "u@example.com/r\0u\0p", 19 }, SASL_INVALID_AUTHZID },
		{ { "example.com\0u\0p", 15 }, SASL_INVALID_AUTHZID },
		{ { "u\0u\0p", 5 }, SASL_INVALID_AUTHZID },
		{ { "\0u@example.com\0p", 16 }, SASL_NOT_AUTHORIZED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct sasl *sasl;
		enum sasl_verdict verdict =
		    run_plain(bad[i].message, &record, &sasl);

		check_failed(&sasl, verdict, bad[i].why);
		sasl_destroy(&sasl);
	}
}

static void
test_plain_long(void **state)
{
	struct sasl *sasl;
	struct buf message = { 0 };

	(void)state;
	buf_append(&message, "\0u\0", 3);
	for (int i = 0; i < 1023; i++)
		buf_putc(&message, 'p');
	check_failed(&sasl, run_plain(buf_str(&message), &record, &sasl),
	    SASL_NOT_AUTHORIZED);
	sasl_destroy(&sasl);
	buf_putc(&message, 'p');
	check_failed(&sasl, run_plain(buf_str(&message), &record, &sasl),
	    SASL_MALFORMED_REQUEST);
	sasl_destroy(&sasl);
	buf_fini(&message);
}

static void
test_plain_later(void **state)
{
	struct sasl_offer offer = offer_all();
	struct buf out = { 0 };
	enum sasl_verdict verdict;
	struct sasl *sasl =
	    sasl_start(&offer, SASL_PLAIN, (struct str){ 0 }, &out, &verdict);

	(void)state;
	assert_int_equal(verdict, SASL_CHALLENGE);
	assert_int_equal(out.len, 0);
	assert_int_equal(
	    sasl_response(sasl, STR("\0u\0pencil"), &out), SASL_WANT_KEYS);
	/* A response nobody asked for ends it, and it stays ended. */
	check_failed(
	    &sasl, sasl_response(sasl, STR("x"), &out), SASL_MALFORMED_REQUEST);
	check_failed(
	    &sasl, sasl_keys(sasl, &record, &out), SASL_MALFORMED_REQUEST);
	sasl_destroy(&sasl);
	buf_fini(&out);
}

/* --- SCRAM --- */

static struct sasl_client
client_of(enum sasl_mechanism mechanism)
{
	bool plus = mechanism == SASL_SCRAM_SHA_1_PLUS ||
		    mechanism == SASL_SCRAM_SHA_256_PLUS;

	return (struct sasl_client){
		.sha256 = mechanism == SASL_SCRAM_SHA_256 ||
			  mechanism == SASL_SCRAM_SHA_256_PLUS,
		.user = "user",
		.password = "pencil",
		.gs2 = plus ? "p=tls-exporter,," : "n,,",
		.binding = plus ? exporter : STR(""),
		.nonce = "rOprNGfwEbeRWgbNEkqO",
	};
}

/* A whole exchange; on success the server's proof is checked too. */
static enum sasl_verdict
run_scram(struct sasl_offer offer, enum sasl_mechanism mechanism,
    struct sasl_client *client, const struct scram_record *keys,
    struct sasl **sasl)
{
	struct buf in = { 0 }, out = { 0 };
	enum sasl_verdict verdict;

	sasl_client_first(client, &in);
	*sasl = sasl_start(&offer, mechanism, buf_str(&in), &out, &verdict);
	if (verdict == SASL_WANT_KEYS) {
		assert_int_equal(sasl_keys(*sasl, keys, &out), SASL_CHALLENGE);
		buf_clear(&in);
		assert_true(sasl_client_final(client, buf_str(&out), &in));
		buf_clear(&out);
		verdict = sasl_response(*sasl, buf_str(&in), &out);
		if (verdict == SASL_SUCCESS)
			assert_true(sasl_client_verify(client, buf_str(&out)));
		else
			assert_int_equal(out.len, 0);
	}
	sasl_client_fini(client);
	buf_fini(&in);
	buf_fini(&out);
	return verdict;
}

static void
test_scram_each(void **state)
{
	(void)state;
	for (int i = 0; i < SASL_PLAIN; i++) {
		enum sasl_mechanism mechanism = (enum sasl_mechanism)i;
		struct sasl_client client = client_of(mechanism);
		struct sasl *sasl;

		assert_int_equal(
		    run_scram(offer_all(), mechanism, &client, &record, &sasl),
		    SASL_SUCCESS);
		assert_true(str_is(sasl_username(sasl), "user"));
		sasl_destroy(&sasl);

		client = client_of(mechanism);
		client.password = "pencils";
		check_failed(&sasl,
		    run_scram(offer_all(), mechanism, &client, &record, &sasl),
		    SASL_NOT_AUTHORIZED);
		sasl_destroy(&sasl);

		client = client_of(mechanism);
		check_failed(&sasl,
		    run_scram(offer_all(), mechanism, &client, NULL, &sasl),
		    SASL_NOT_AUTHORIZED);
		sasl_destroy(&sasl);
	}
}

static void
test_scram_end_point(void **state)
{
	struct sasl_client client = client_of(SASL_SCRAM_SHA_1_PLUS);
	struct sasl_offer offer = offer_all();
	struct sasl *sasl;

	(void)state;
	client.gs2 = "p=tls-server-end-point,,";
	client.binding = end_point;
	assert_int_equal(
	    run_scram(offer, SASL_SCRAM_SHA_1_PLUS, &client, &record, &sasl),
	    SASL_SUCCESS);
	sasl_destroy(&sasl);
	/* An attacker's certificate has another hash. */
	client = client_of(SASL_SCRAM_SHA_1_PLUS);
	client.gs2 = "p=tls-server-end-point,,";
	client.binding = STR("certificate-Hash");
	check_failed(&sasl,
	    run_scram(offer, SASL_SCRAM_SHA_1_PLUS, &client, &record, &sasl),
	    SASL_NOT_AUTHORIZED);
	assert_non_null(strstr(sasl_detail(sasl), "channel binding"));
	sasl_destroy(&sasl);
	/* TLS 1.2 without exporter data. */
	offer.exporter = STR("");
	client = client_of(SASL_SCRAM_SHA_1_PLUS);
	check_failed(&sasl,
	    run_scram(offer, SASL_SCRAM_SHA_1_PLUS, &client, &record, &sasl),
	    SASL_NOT_AUTHORIZED);
	sasl_destroy(&sasl);
}

static void
test_scram_y(void **state)
{
	struct sasl_client client = client_of(SASL_SCRAM_SHA_1);
	struct sasl *sasl;

	(void)state;
	client.gs2 = "y,,";
	check_failed(&sasl,
	    run_scram(offer_all(), SASL_SCRAM_SHA_1, &client, &record, &sasl),
	    SASL_NOT_AUTHORIZED);
	assert_non_null(strstr(sasl_detail(sasl), "disable_sasl_mechanisms"));
	assert_non_null(strstr(sasl_detail(sasl), "client library"));
	sasl_destroy(&sasl);
	client = client_of(SASL_SCRAM_SHA_1);
	client.gs2 = "y,,";
	assert_int_equal(run_scram(offer_plain_tls(), SASL_SCRAM_SHA_1, &client,
			     &record, &sasl),
	    SASL_SUCCESS);
	sasl_destroy(&sasl);
}

static void
test_scram_names(void **state)
{
	struct sasl_client client = client_of(SASL_SCRAM_SHA_1);
	struct sasl *sasl;

	(void)state;
	client.user = "a=3Db=2Cc";
	client.gs2 = "n,a=A=3DB=2Cc@example.com,";
	assert_int_equal(
	    run_scram(offer_all(), SASL_SCRAM_SHA_1, &client, &record, &sasl),
	    SASL_SUCCESS);
	assert_true(str_is(sasl_username(sasl), "a=b,c"));
	sasl_destroy(&sasl);
}

/* RFC 7677 section 3. */
static void
test_scram_published(void **state)
{
	struct sasl_offer offer = offer_plain_tls();
	struct scram_record keys = record;
	struct buf out = { 0 };
	enum sasl_verdict verdict;
	struct sasl *sasl;

	(void)state;
	keys.keys[SCRAM_SHA256].iterations = 4096;
	memcpy(keys.keys[SCRAM_SHA256].salt,
	    "\x5b\x6d\x99\x68\x9d\x12\x35\x8e\xec\xa0\x4b\x14\x12\x36\xfa"
	    "\x81",
	    SCRAM_SALT);
	scram_keys_derive(
	    SCRAM_SHA256, STR("pencil"), &keys.keys[SCRAM_SHA256]);
	sasl_fix_nonce("%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
	sasl = sasl_start(&offer, SASL_SCRAM_SHA_256,
	    STR("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"), &out, &verdict);
	sasl_fix_nonce(NULL);
	assert_int_equal(verdict, SASL_WANT_KEYS);
	assert_int_equal(sasl_keys(sasl, &keys, &out), SASL_CHALLENGE);
	assert_string_equal(buf_text(&out),
	    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
	    "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
	buf_clear(&out);
	assert_int_equal(
	    sasl_response(sasl,
		STR("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)"
		    "hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="),
		&out),
	    SASL_SUCCESS);
	assert_string_equal(
	    buf_text(&out), "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
	sasl_destroy(&sasl);
	buf_fini(&out);
}

static void
test_scram_first_refused(void **state)
{
	static const struct {
		const char *message;
		enum sasl_failure why;
	} bad[] = {
		{ "", SASL_MALFORMED_REQUEST },
		{ "n", SASL_MALFORMED_REQUEST },
		{ "n,", SASL_MALFORMED_REQUEST },
		{ "n,,", SASL_MALFORMED_REQUEST },
		{ ",,n=u,r=x", SASL_MALFORMED_REQUEST },
		{ "N,,n=u,r=x", SASL_MALFORMED_REQUEST },
		{ "nn,,n=u,r=x", SASL_MALFORMED_REQUEST },
		{ "p=,,n=u,r=x", SASL_MALFORMED_REQUEST },
		{ "p=a b,,n=u,r=x", SASL_MALFORMED_REQUEST },
		/* Binding without -PLUS. */
		{ "p=tls-exporter,,n=u,r=x", SASL_MALFORMED_REQUEST },
		{ "n,b=u,n=u,r=x", SASL_MALFORMED_REQUEST },
		{ "n,a=,n=u,r=x", SASL_MALFORMED_REQUEST },
		{ "n,a=u=2c,n=u,r=x", SASL_MALFORMED_REQUEST },
		{ "n,,n=,r=x", SASL_MALFORMED_REQUEST },
		{ "n,,n=u", SASL_MALFORMED_REQUEST },
		{ "n,,n=u,", SASL_MALFORMED_REQUEST },
		{ "n,,n=u,r=", SASL_MALFORMED_REQUEST },
		{ "n,,n=u,r=x y", SASL_MALFORMED_REQUEST },
		{ "n,,n=u,r=\xc3\xa4", SASL_MALFORMED_REQUEST },
		{ "n,,n=u,r=x,", SASL_MALFORMED_REQUEST },
		{ "n,,n=u,r=x,y", SASL_MALFORMED_REQUEST },
		{ "n,,n=u,r=x,e=", SASL_MALFORMED_REQUEST },
		{ "n,,n=u,r=x,1=y", SASL_MALFORMED_REQUEST },
		{ "n,,n=u,r=x,n=v", SASL_MALFORMED_REQUEST },
		{ "n,,n=u,r=x,m=y", SASL_MALFORMED_REQUEST },
		{ "n,,m=y,n=u,r=x", SASL_MALFORMED_REQUEST },
		{ "n,,r=x,n=u", SASL_MALFORMED_REQUEST },
		{ "n,,n=u=,r=x", SASL_MALFORMED_REQUEST },
		{ "n,,n=u=2,r=x", SASL_MALFORMED_REQUEST },
		{ "n,,n=u=2D,r=x", SASL_MALFORMED_REQUEST },
		{ "n,,n=\xff,r=x", SASL_MALFORMED_REQUEST },
		{ "n,,n=u@example.com,r=x", SASL_NOT_AUTHORIZED },
		{ "n,,n=a b,r=x", SASL_NOT_AUTHORIZED },
		{ "n,a=v@example.com,n=u,r=x", SASL_INVALID_AUTHZID },
		{ "n,a=u@example.com/r,n=u,r=x", SASL_INVALID_AUTHZID },
	};
	struct sasl_offer offer = offer_all();
	struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum sasl_verdict verdict;
		struct sasl *sasl = sasl_start(&offer, SASL_SCRAM_SHA_1,
		    str_of(bad[i].message), &out, &verdict);

		if (verdict != SASL_FAILED)
			fail_msg("accepted: %s", bad[i].message);
		check_failed(&sasl, verdict, bad[i].why);
		sasl_destroy(&sasl);
	}
	buf_fini(&out);
}

static enum sasl_verdict
start_verdict(
    enum sasl_mechanism mechanism, struct str initial, enum sasl_failure *why)
{
	struct sasl_offer offer = offer_plain_tls();
	struct buf out = { 0 };
	enum sasl_verdict verdict;
	struct sasl *sasl;

	offer.mechanisms |= 1u << SASL_SCRAM_SHA_1_PLUS;
	sasl = sasl_start(&offer, mechanism, initial, &out, &verdict);
	*why = sasl_why(sasl);
	sasl_destroy(&sasl);
	buf_fini(&out);
	return verdict;
}

static void
test_scram_plus_refused(void **state)
{
	enum sasl_failure why;

	(void)state;
	start_verdict(SASL_SCRAM_SHA_1_PLUS, STR("n,,n=u,r=x"), &why);
	assert_int_equal(why, SASL_MALFORMED_REQUEST);
	start_verdict(SASL_SCRAM_SHA_1_PLUS, STR("y,,n=u,r=x"), &why);
	assert_int_equal(why, SASL_MALFORMED_REQUEST);
	start_verdict(
	    SASL_SCRAM_SHA_1_PLUS, STR("p=tls-unique,,n=u,r=x"), &why);
	assert_int_equal(why, SASL_NOT_AUTHORIZED);
	start_verdict(
	    SASL_SCRAM_SHA_256_PLUS, STR("p=tls-exporter,,n=u,r=x"), &why);
	assert_int_equal(why, SASL_INVALID_MECHANISM);
	start_verdict(SASL_MECHANISMS, STR("n,,n=u,r=x"), &why);
	assert_int_equal(why, SASL_INVALID_MECHANISM);
}

static void
test_scram_long(void **state)
{
	struct buf message = { 0 };
	enum sasl_failure why;

	(void)state;
	buf_puts(&message, "n,,n=u,r=");
	for (int i = 0; i < 512; i++)
		buf_putc(&message, 'x');
	assert_int_equal(
	    start_verdict(SASL_SCRAM_SHA_1, buf_str(&message), &why),
	    SASL_WANT_KEYS);
	buf_putc(&message, 'x');
	assert_int_equal(
	    start_verdict(SASL_SCRAM_SHA_1, buf_str(&message), &why),
	    SASL_FAILED);
	message.len--;
	buf_puts(&message, ",x=");
	while (message.len < 4096)
		buf_putc(&message, 'x');
	assert_int_equal(
	    start_verdict(SASL_SCRAM_SHA_1, buf_str(&message), &why),
	    SASL_WANT_KEYS);
	buf_putc(&message, 'x');
	assert_int_equal(
	    start_verdict(SASL_SCRAM_SHA_1, buf_str(&message), &why),
	    SASL_FAILED);
	buf_fini(&message);
}

/* Starts an exchange with a known nonce and sends this as the second. */
static void
check_final(const char *message, enum sasl_failure why)
{
	struct sasl_offer offer = offer_plain_tls();
	struct buf out = { 0 };
	enum sasl_verdict verdict;
	struct sasl *sasl;

	sasl_fix_nonce("server");
	sasl = sasl_start(&offer, SASL_SCRAM_SHA_1, STR("n,,n=user,r=client"),
	    &out, &verdict);
	sasl_fix_nonce(NULL);
	assert_int_equal(sasl_keys(sasl, &record, &out), SASL_CHALLENGE);
	verdict = sasl_response(sasl, str_of(message), &out);
	if (verdict != SASL_FAILED)
		fail_msg("accepted: %s", message);
	check_failed(&sasl, verdict, why);
	sasl_destroy(&sasl);
	buf_fini(&out);
}

static void
test_scram_final_refused(void **state)
{
	static const char *const malformed[] = { "", "c=biws",
		"c=biws,r=clientserver", "c=biws,p=AAAA", "r=clientserver,p=A",
		"c=biws,r=clientserver,p=", "c=biws,r=clientserver,p",
		"c=biws,r=clientserver,p=AAAA,x=y",
		"c=biws,r=clientserver,m=1,p=AAAA",
		"c=biws,r=clientserver,r=x,p=AAAA", "m=1,c=biws,r=x,p=AAAA",
		",c=biws,r=clientserver,p=AAAA",
		"c=biws,r=clientserver,,p=AAAA",
		"c=biws,r=clientserver,p=AAAA," };
	static const char *const unproved[] = {
		/* no base64, wrong length, another nonce, another header */
		"c=biws,r=clientserver,p=!!!!",
		"c=biws,r=clientserver,p=AAAA",
		"c=biws,r=clientserver,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"c=biws,r=client,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"c=biws,r=clientserverx,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"c=eSws,r=clientserver,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"c=biwsAA==,r=clientserver,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"c=biw=,r=clientserver,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++)
		check_final(malformed[i], SASL_MALFORMED_REQUEST);
	for (size_t i = 0; i < sizeof(unproved) / sizeof(unproved[0]); i++)
		check_final(unproved[i], SASL_NOT_AUTHORIZED);
}

/* What one exchange accepted is worth nothing in the next. */
static void
test_scram_replay(void **state)
{
	struct sasl_offer offer = offer_all();
	struct sasl_client client = client_of(SASL_SCRAM_SHA_256);
	struct buf first = { 0 }, challenge = { 0 }, final = { 0 };
	struct buf second = { 0 };
	enum sasl_verdict verdict;
	struct sasl *sasl;

	(void)state;
	sasl_client_first(&client, &first);
	sasl = sasl_start(
	    &offer, SASL_SCRAM_SHA_256, buf_str(&first), &challenge, &verdict);
	sasl_keys(sasl, &record, &challenge);
	assert_true(sasl_client_final(&client, buf_str(&challenge), &final));
	assert_int_equal(
	    sasl_response(sasl, buf_str(&final), &second), SASL_SUCCESS);
	assert_int_equal(
	    sasl_response(sasl, buf_str(&final), &second), SASL_FAILED);
	sasl_destroy(&sasl);
	buf_clear(&second);
	sasl = sasl_start(
	    &offer, SASL_SCRAM_SHA_256, buf_str(&first), &second, &verdict);
	sasl_keys(sasl, &record, &second);
	assert_false(str_eq(buf_str(&challenge), buf_str(&second)));
	check_failed(&sasl, sasl_response(sasl, buf_str(&final), &second),
	    SASL_NOT_AUTHORIZED);
	sasl_destroy(&sasl);
	sasl_client_fini(&client);
	buf_fini(&first);
	buf_fini(&challenge);
	buf_fini(&final);
	buf_fini(&second);
}

static void
test_names(void **state)
{
	(void)state;
	for (int i = 0; i < SASL_MECHANISMS; i++)
		assert_int_equal(sasl_mechanism_find(str_of(sasl_mechanism_name(
				     (enum sasl_mechanism)i))),
		    i);
	assert_int_equal(
	    sasl_mechanism_find(STR("DIGEST-MD5")), SASL_MECHANISMS);
	assert_int_equal(sasl_mechanism_find(STR("plain")), SASL_MECHANISMS);
	assert_string_equal(sasl_failure_name(SASL_TEMPORARY_AUTH_FAILURE),
	    "temporary-auth-failure");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_plain_unknown_user),
		cmocka_unit_test(test_plain_refused),
		cmocka_unit_test(test_plain_long),
		cmocka_unit_test(test_plain_later),
		cmocka_unit_test(test_scram_each),
		cmocka_unit_test(test_scram_end_point),
		cmocka_unit_test(test_scram_y),
		cmocka_unit_test(test_scram_names),
		cmocka_unit_test(test_scram_published),
		cmocka_unit_test(test_scram_first_refused),
		cmocka_unit_test(test_scram_plus_refused),
		cmocka_unit_test(test_scram_long),
		cmocka_unit_test(test_scram_final_refused),
		cmocka_unit_test(test_scram_replay),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, make_record, NULL);
}

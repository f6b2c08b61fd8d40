/* The judge: one case for each rule, each PEM made on the spot. */
#include "certgen/pem_check.h"

#include "certgen/pem.h"
#include "certgen/rules.h"
#include "cfgparse/findings.h"
#include "tests/unit/certgen/forge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static EVP_PKEY *key, *stranger;

struct bench {
	struct arena arena;
	struct findings *findings;
	struct pem_demand demand;
	char *text; /* rendered */
	size_t text_len;
};

static int
setup_keys(void **state)
{
	(void)state;
	key = key_generate(&key_default);
	stranger = key_generate(&key_default);
	return key && stranger ? 0 : -1;
}

static int
teardown_keys(void **state)
{
	(void)state;
	EVP_PKEY_free(key);
	EVP_PKEY_free(stranger);
	return 0;
}

static int
setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	bench->findings = findings_create("test");
	*state = bench;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *bench = *state;

	findings_destroy(&bench->findings);
	arena_fini(&bench->arena);
	free(bench->text);
	free(bench);
	return 0;
}

/* The findings as gcc lines: "NAME:LINE:COLUMN: error: ... [CERT005]". */
static const char *
rendered(struct bench *bench)
{
	struct findings_options options = { .format = FORMAT_GCC };
	FILE *out;

	free(bench->text);
	bench->text = NULL;
	out = open_memstream(&bench->text, &bench->text_len);
	findings_render(bench->findings, &options, out);
	fclose(out);
	return bench->text;
}

/* Asserts that the text has exactly one finding, with all of these words. */
static void
expect_one(struct bench *bench, const char *rule, const char *words)
{
	const char *text = rendered(bench);

	if (findings_count(bench->findings, SEVERITY_INFO) != 1 ||
	    !strstr(text, rule) || !strstr(text, words))
		fail_msg("wanted %s with \"%s\", got:\n%s", rule, words, text);
}

static bool
check_text(struct bench *bench, struct str text)
{
	return pem_check_bytes(
	    &bench->arena, "x.pem", text, &bench->demand, bench->findings);
}

/* A good PEM of the key for example.org; takes cert. */
static struct str
pem_of(struct bench *bench, X509 *cert, EVP_PKEY *with)
{
	struct str text = forge_cert_text(&bench->arena, cert);

	X509_free(cert);
	return forge_join(
	    &bench->arena, text, forge_key_text(&bench->arena, with, NULL));
}

static struct str
good_pem(struct bench *bench)
{
	return pem_of(bench, forge_cert(key, "example.org", 90, 0), key);
}

static void
test_good(void **state)
{
	static const struct cert_host hosts[] = { { .name = "EXAMPLE.org." } };
	struct bench *bench = *state;

	bench->demand.hosts = hosts;
	bench->demand.host_count = 1;
	assert_true(check_text(bench, good_pem(bench)));
	assert_string_equal(rendered(bench), "");
}

static void
test_empty(void **state)
{
	struct bench *bench = *state;

	assert_false(check_text(bench, STR("hello\n")));
	assert_int_equal(findings_count(bench->findings, SEVERITY_ERROR), 2);
	assert_non_null(strstr(rendered(bench), "CERT004"));
	assert_non_null(strstr(rendered(bench), "CERT005"));
}

static void
test_binary(void **state)
{
	struct bench *bench = *state;

	assert_false(check_text(bench, STR("\x30\x82\x01\x02zzz")));
	expect_one(bench, "CERT021", "not PEM");
}

static void
test_no_key(void **state)
{
	struct bench *bench = *state;
	X509 *cert = forge_cert(key, "example.org", 90, 0);

	assert_false(check_text(bench, forge_cert_text(&bench->arena, cert)));
	X509_free(cert);
	expect_one(bench, "CERT005", "no private key");
}

/* What a server sends has neither a key nor lines. */
static void
test_live(void **state)
{
	static const struct cert_host hosts[] = { { .name = "other.example" } };
	struct bench *bench = *state;
	X509 *cert = forge_cert(key, "example.org", 90, 0);
	struct str text = forge_cert_text(&bench->arena, cert);

	X509_free(cert);
	bench->demand.live = true;
	assert_true(check_text(bench, text));
	assert_int_equal(findings_count(bench->findings, SEVERITY_INFO), 0);
	bench->demand.hosts = hosts;
	bench->demand.host_count = 1;
	assert_false(check_text(bench, text));
	expect_one(bench, "CERT014", "x.pem: error:");
}

static void
test_mismatch(void **state)
{
	struct bench *bench = *state;

	assert_false(check_text(bench,
	    pem_of(bench, forge_cert(key, "example.org", 90, 0), stranger)));
	expect_one(bench, "CERT006", "doesn't belong");
}

/* Any order of key and certificate will do; a foreign leaf will not. */
static void
test_order(void **state)
{
	struct bench *bench = *state;
	X509 *own = forge_cert(key, "example.org", 90, 0);
	X509 *foreign = forge_cert(stranger, "example.org", 90, 0);
	struct str secret = forge_key_text(&bench->arena, key, NULL);
	struct str first = forge_cert_text(&bench->arena, foreign);
	struct str second = forge_cert_text(&bench->arena, own);

	X509_free(own);
	X509_free(foreign);
	assert_true(
	    check_text(bench, forge_join(&bench->arena, secret, second)));
	first = forge_join(&bench->arena, first, second);
	assert_false(
	    check_text(bench, forge_join(&bench->arena, first, secret)));
	expect_one(bench, "CERT022", "x.pem:1:1");
}

static void
test_encrypted(void **state)
{
	struct bench *bench = *state;
	X509 *cert = forge_cert(key, "example.org", 90, 0);
	struct str text = forge_cert_text(&bench->arena, cert);

	X509_free(cert);
	assert_false(check_text(
	    bench, forge_join(&bench->arena, text,
		       forge_key_text(&bench->arena, key, "secret"))));
	expect_one(bench, "CERT008", "encrypted");
}

static void
test_broken(void **state)
{
	struct bench *bench = *state;
	struct str text = good_pem(bench);
	char *bytes = (char *)text.ptr;

	memset(bytes + 40, '!', 4);
	assert_false(check_text(bench, text));
	expect_one(bench, "CERT009", "x.pem:1:1");
}

static void
test_cut(void **state)
{
	struct bench *bench = *state;
	struct str text = good_pem(bench);

	text.len -= 20;
	assert_false(check_text(bench, text));
	expect_one(bench, "CERT009", "no END line");
}

static void
test_expired(void **state)
{
	struct bench *bench = *state;

	assert_false(check_text(bench,
	    pem_of(bench, forge_cert(key, "example.org", 90, -100), key)));
	expect_one(bench, "CERT010", "expired on");
}

static void
test_future(void **state)
{
	struct bench *bench = *state;

	assert_false(check_text(
	    bench, pem_of(bench, forge_cert(key, "example.org", 90, 2), key)));
	expect_one(bench, "CERT011", "isn't valid before");
}

static void
test_soon(void **state)
{
	struct bench *bench = *state;

	assert_true(check_text(bench,
	    pem_of(bench, forge_cert(key, "example.org", 90, -80), key)));
	expect_one(bench, "CERT012", "warning");
}

static void
test_validity(void **state)
{
	struct bench *bench = *state;

	assert_true(check_text(
	    bench, pem_of(bench, forge_cert(key, "example.org", 825, 0), key)));
	assert_string_equal(rendered(bench), "");
	assert_true(check_text(
	    bench, pem_of(bench, forge_cert(key, "example.org", 826, 0), key)));
	expect_one(bench, "CERT019", "warning");
}

/* RSA-4096 without names, as old guides have it: served with a warning. */
static void
test_old_guide(void **state)
{
	static const struct cert_host hosts[] = { { .name = "example.org" } };
	static const struct key_kind kind = { KEY_RSA, 4096 };
	struct bench *bench = *state;
	EVP_PKEY *rsa = key_generate(&kind);

	bench->demand.hosts = hosts;
	bench->demand.host_count = 1;
	bench->demand.starting = true;
	assert_true(check_text(bench,
	    pem_of(bench, forge_plain_cert(rsa, "example.org", EVP_sha256()),
		rsa)));
	EVP_PKEY_free(rsa);
	assert_int_equal(findings_count(bench->findings, SEVERITY_WARNING), 1);
	assert_int_equal(findings_count(bench->findings, SEVERITY_INFO), 2);
	assert_non_null(strstr(rendered(bench), "CERT013"));
	assert_non_null(strstr(rendered(bench), "CERT016"));
}

static void
test_not_covered(void **state)
{
	static const struct cert_host hosts[] = { { .name = "example.org" },
		{ .name = "example.net" } };
	struct bench *bench = *state;

	bench->demand.hosts = hosts;
	bench->demand.host_count = 2;
	assert_false(check_text(bench, good_pem(bench)));
	expect_one(bench, "CERT014",
	    "error: the certificate doesn't cover "
	    "example.net");
}

static void
test_not_covered_at_start(void **state)
{
	static const struct cert_host hosts[] = { { .name = "example.net" } };
	struct bench *bench = *state;

	bench->demand.hosts = hosts;
	bench->demand.host_count = 1;
	bench->demand.starting = true;
	assert_true(check_text(bench, good_pem(bench)));
	expect_one(bench, "CERT014", "warning");
}

static void
test_weak(void **state)
{
	static const struct key_kind kind = { KEY_RSA, 1024 };
	struct bench *bench = *state;
	EVP_PKEY *rsa = key_generate(&kind);

	assert_true(check_text(
	    bench, pem_of(bench, forge_cert(rsa, "example.org", 90, 0), rsa)));
	EVP_PKEY_free(rsa);
	expect_one(bench, "CERT017", "RSA-1024");
}

static void
test_sha1(void **state)
{
	struct bench *bench = *state;

	assert_true(check_text(
	    bench, pem_of(bench,
		       forge_plain_cert(key, "example.org", EVP_sha1()), key)));
	assert_non_null(strstr(rendered(bench), "CERT018"));
	assert_non_null(strstr(rendered(bench), "SHA1"));
}

static void
test_two_keys(void **state)
{
	struct bench *bench = *state;

	assert_true(check_text(
	    bench, forge_join(&bench->arena, good_pem(bench),
		       forge_key_text(&bench->arena, stranger, NULL))));
	expect_one(bench, "CERT020", "another private key");
}

static void
test_many_blocks(void **state)
{
	struct bench *bench = *state;
	struct str text = good_pem(bench);
	int i;

	for (i = 0; i < PEM_BLOCKS_MAX; i++)
		text = forge_join(&bench->arena, text,
		    STR("-----BEGIN DH PARAMETERS-----\n"
			"-----END DH PARAMETERS-----\n"));
	assert_false(check_text(bench, text));
	expect_one(bench, "CERT003", "more than 64");
}

static void
test_missing_file(void **state)
{
	struct bench *bench = *state;

	assert_false(pem_check(&bench->arena, "/nonexistent/x.pem",
	    &bench->demand, bench->findings));
	expect_one(bench, "CERT001", "No such file");
}

static void
test_directory_and_pipe(void **state)
{
	struct bench *bench = *state;
	char path[] = "/tmp/certgen-pipe-XXXXXX";

	assert_false(
	    pem_check(&bench->arena, "/tmp", &bench->demand, bench->findings));
	expect_one(bench, "CERT002", "regular");
	assert_non_null(mkdtemp(path));
	rmdir(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_false(
	    pem_check(&bench->arena, path, &bench->demand, bench->findings));
	unlink(path);
	assert_int_equal(findings_count(bench->findings, SEVERITY_ERROR), 2);
}

static void
test_exposed(void **state)
{
	struct bench *bench = *state;
	struct str text = good_pem(bench);
	char path[] = "/tmp/certgen-mode-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.ptr, text.len), (ssize_t)text.len);
	assert_int_equal(fchmod(fd, 0640), 0);
	assert_true(
	    pem_check(&bench->arena, path, &bench->demand, bench->findings));
	assert_string_equal(rendered(bench), "");
	assert_int_equal(fchmod(fd, 0644), 0);
	assert_false(
	    pem_check(&bench->arena, path, &bench->demand, bench->findings));
	unlink(path);
	close(fd);
	expect_one(bench, "CERT015", "everybody on this machine can read");
}

/* An excerpt must never show what stands between BEGIN and END. */
static void
test_no_secret_shown(void **state)
{
	struct findings_options options = { .format = FORMAT_TEXT };
	struct bench *bench = *state;
	struct str text = good_pem(bench);
	const char *line = strstr(text.ptr, "PRIVATE KEY-----\n") + 17;
	char secret[33] = "";
	FILE *out;

	memcpy(secret, line, 32);
	check_text(bench, forge_join(&bench->arena, text, text));
	out = open_memstream(&bench->text, &bench->text_len);
	findings_render(bench->findings, &options, out);
	fclose(out);
	assert_non_null(strstr(bench->text, "-----BEGIN PRIVATE KEY-----"));
	assert_null(strstr(bench->text, secret));
}

/* Nor where a whole file stands on one line between its dashes. */
static void
test_no_secret_in_a_label(void **state)
{
	struct findings_options options = { .format = FORMAT_TEXT };
	struct bench *bench = *state;
	struct str text = forge_key_text(&bench->arena, key, NULL);
	char secret[33] = "";
	FILE *out;
	size_t i;

	memcpy(secret, strstr(text.ptr, "PRIVATE KEY-----\n") + 17, 32);
	for (i = 0; i < text.len; i++)
		if (text.ptr[i] == '\n')
			((char *)text.ptr)[i] = ' ';
	check_text(bench, text);
	out = open_memstream(&bench->text, &bench->text_len);
	findings_render(bench->findings, &options, out);
	fclose(out);
	assert_non_null(strstr(bench->text, "CERT047"));
	assert_null(strstr(bench->text, secret));
}

static void
test_rules_are_whole(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < CERT_RULE_COUNT; i++) {
		assert_non_null(certgen_rules[i].id);
		assert_non_null(certgen_rules[i].title);
		assert_true(strlen(certgen_rules[i].explanation) > 40);
	}
	assert_null(certgen_rules[CERT_RULE_COUNT].id);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_good),
		CASE(test_empty),
		CASE(test_binary),
		CASE(test_no_key),
		CASE(test_live),
		CASE(test_mismatch),
		CASE(test_order),
		CASE(test_encrypted),
		CASE(test_broken),
		CASE(test_cut),
		CASE(test_expired),
		CASE(test_future),
		CASE(test_soon),
		CASE(test_validity),
		CASE(test_old_guide),
		CASE(test_not_covered),
		CASE(test_not_covered_at_start),
		CASE(test_weak),
		CASE(test_sha1),
		CASE(test_two_keys),
		CASE(test_many_blocks),
		CASE(test_missing_file),
		CASE(test_directory_and_pipe),
		CASE(test_exposed),
		CASE(test_no_secret_shown),
		CASE(test_no_secret_in_a_label),
		cmocka_unit_test(test_rules_are_whole),
	};

	return cmocka_run_group_tests(tests, setup_keys, teardown_keys);
}

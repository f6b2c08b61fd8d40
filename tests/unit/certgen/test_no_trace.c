/*
 * Once a key is written, renewed or judged, none of its bytes is left in the
 * memory of the process: neither as a number, nor in DER, nor in base64. What
 * is looked for is found out by a child, and kept here in a mask.
 */
#include "certgen/make.h"

#include "certgen/authority.h"
#include "certgen/hosts.h"
#include "certgen/pem.h"
#include "certgen/wiping.h"
#include "tests/unit/certgen/forge.h"

#include <openssl/core_names.h>

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { NEEDLE = 24, NEEDLES_MAX = 16, MASK = 0xa5 };

struct needles {
	unsigned char masked[NEEDLES_MAX][NEEDLE];
	size_t count;
};

static char home[] = "/tmp/test_no_trace.XXXXXX";

/* --- what to look for --- */

static void
add_needle(struct needles *needles, const unsigned char *bytes)
{
	for (size_t i = 0; i < NEEDLE; i++)
		needles->masked[needles->count][i] = bytes[i] ^ MASK;
	needles->count++;
}

/* Numbers are written with the highest byte first, and kept in memory the
 * other way round. */
static void
add_number(struct needles *needles, EVP_PKEY *key, const char *name)
{
	unsigned char bytes[1024], turned[1024];
	BIGNUM *number = NULL;
	int len;

	if (!EVP_PKEY_get_bn_param(key, name, &number))
		return;
	len = BN_bn2bin(number, bytes);
	for (int i = 0; i < len; i++)
		turned[i] = bytes[len - 1 - i];
	add_needle(needles, bytes + 4);
	add_needle(needles, turned + 4);
}

static void
add_base64(struct needles *needles, const char *path)
{
	static char text[65536];
	FILE *file = fopen(path, "r");
	const char *key;
	size_t len = fread(text, 1, sizeof(text) - 1, file);

	text[len] = '\0';
	key = strstr(text, "PRIVATE KEY-----\n");
	/* Its second line has nothing but the key's own bytes; Ed25519 has
	 * one line alone, and its own bytes begin in the middle. */
	key = strchr(key, '\n') + 1;
	key = key[64] == '\n' && key[65] != '-' ? key + 65 : key + 24;
	add_needle(needles, (const unsigned char *)key);
}

static void
find_needles(struct needles *needles, const char *path)
{
	BIO *bio = BIO_new_file(path, "r");
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	unsigned char raw[64];
	size_t len = sizeof(raw);

	add_number(needles, key, OSSL_PKEY_PARAM_PRIV_KEY);
	add_number(needles, key, OSSL_PKEY_PARAM_RSA_D);
	add_number(needles, key, OSSL_PKEY_PARAM_RSA_FACTOR1);
	add_number(needles, key, OSSL_PKEY_PARAM_RSA_EXPONENT1);
	if (EVP_PKEY_is_a(key, "ED25519") &&
	    EVP_PKEY_get_raw_private_key(key, raw, &len))
		add_needle(needles, raw + 4);
	add_base64(needles, path);
}

static void
ask_child(struct needles *needles, const char *path)
{
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		struct needles found = { .count = 0 };

		find_needles(&found, path);
		_exit(write(ends[1], &found, sizeof(found)) != sizeof(found));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(
	    read(ends[0], needles, sizeof(*needles)), sizeof(*needles));
	close(ends[0]);
	close(ends[1]);
	assert_in_range(needles->count, 2, NEEDLES_MAX);
}

/* --- looking --- */

static bool
has(const unsigned char *bytes, size_t len, const unsigned char *masked)
{
	const unsigned char first = masked[0] ^ MASK;
	const unsigned char *end = bytes + len;

	while ((size_t)(end - bytes) >= NEEDLE &&
	       (bytes = memchr(
		    bytes, first, (size_t)(end - bytes) - NEEDLE + 1))) {
		size_t i = 1;

		while (i < NEEDLE && (bytes[i] ^ MASK) == masked[i])
			i++;
		if (i == NEEDLE)
			return true;
		bytes++;
	}
	return false;
}

/* How many of the needles are anywhere in what the process may write to. */
static size_t
look(const struct needles *needles)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	size_t found = 0;
	char line[512];

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps)) {
		unsigned char *begin, *end;
		char rights[8];

		if (sscanf(line, "%p-%p %7s", (void **)&begin, (void **)&end,
			rights) != 3 ||
		    rights[0] != 'r' || rights[1] != 'w' ||
		    strstr(line, "[vvar"))
			continue;
		for (size_t i = 0; i < needles->count; i++) {
			if (!has(begin, (size_t)(end - begin),
				needles->masked[i]))
				continue;
			fprintf(stderr, "needle %zu in %s", i, line);
			found++;
		}
	}
	fclose(maps);
	return found;
}

/* A look that finds nothing proves something only if it could. */
static void
test_look(void **state)
{
	struct needles needles = { .count = 0 };
	unsigned char *bytes = malloc(4096);

	(void)state;
	for (int i = 0; i < NEEDLE; i++)
		needles.masked[0][i] = (unsigned char)(i * 7);
	needles.count = 1;
	assert_int_equal(look(&needles), 0);
	for (int i = 0; i < NEEDLE; i++)
		bytes[1001 + i] = needles.masked[0][i] ^ MASK;
	assert_int_equal(look(&needles), 1);
	OPENSSL_cleanse(bytes, 4096);
	assert_int_equal(look(&needles), 0);
	free(bytes);
}

/* --- what is done with keys --- */

static void
make(const char *kind, enum make_existing existing, bool separate)
{
	struct arena arena = { 0 };
	struct cert_hosts hosts = { 0 };
	struct make_order order = { .hosts = &hosts,
		.days = 90,
		.existing = existing,
		.separate = separate };
	struct made_pem made;
	const char *why = "";

	assert_true(key_kind_parse(kind, &order.kind));
	cert_hosts_add(&arena, &hosts, "example.org", CFG_ROLE_ACCOUNTS);
	if (!make_pem(&arena, "x.pem", &order, &made, &why))
		fail_msg("%s", why);
	arena_fini(&arena);
}

static void
remove_all(void)
{
	DIR *directory = opendir(".");
	struct dirent *entry;

	while ((entry = readdir(directory)))
		unlink(entry->d_name);
	closedir(directory);
}

static void
assert_no_trace(const char *kind)
{
	struct needles needles;

	make(kind, MAKE_REFUSE, false);
	ask_child(&needles, "x.pem");
	assert_int_equal(look(&needles), 0);
	make(kind, MAKE_RENEW, false);
	assert_int_equal(look(&needles), 0);
	make(kind, MAKE_ROTATE, false);
	assert_int_equal(look(&needles), 0);
	ask_child(&needles, "x.pem");
	assert_int_equal(look(&needles), 0);
	make(kind, MAKE_REFUSE, true);
	ask_child(&needles, "x.key");
	assert_int_equal(look(&needles), 0);
	make(kind, MAKE_RENEW, true);
	assert_int_equal(look(&needles), 0);
	remove_all();
}

static void
test_ecdsa(void **state)
{
	(void)state;
	assert_no_trace("ecdsa-p256");
	assert_no_trace("ecdsa-p384");
}

static void
test_ed25519(void **state)
{
	(void)state;
	assert_no_trace("ed25519");
}

static void
test_rsa(void **state)
{
	(void)state;
	assert_no_trace("rsa-2048");
}

/* Makes an authority, or only opens the one that is there; it signs. */
static void
issue(bool init)
{
	struct arena arena = { 0 };
	struct cert_hosts hosts = { 0 };
	struct authority authority = { 0 };
	struct authority_request request = { &hosts, 90, time(NULL) };
	struct make_order order = {
		.hosts = &hosts, .kind = key_default, .days = 30
	};
	struct pem_output outputs[2] = { { .path = "ca.key" },
		{ .path = "ca.pem" } };
	struct made_pem made;
	const char *why = "";

	cert_hosts_add(&arena, &hosts, "example.org", CFG_ROLE_ACCOUNTS);
	if (init) {
		outputs[0].key = key_generate(&key_default);
		outputs[1].cert = authority_make(&request, outputs[0].key);
		if (!pem_write(&arena, outputs, 2, &why))
			fail_msg("%s", why);
		X509_free(outputs[1].cert);
		EVP_PKEY_free(outputs[0].key);
	} else {
		if (!authority_open(
			&arena, "ca.pem", AUTHORITY_SIGNS, &authority, &why))
			fail_msg("%s", why);
		order.authority = &authority;
		if (!make_pem(&arena, "x.pem", &order, &made, &why))
			fail_msg("%s", why);
		authority_close(&authority);
	}
	arena_fini(&arena);
}

static void
test_authority(void **state)
{
	struct needles needles;

	(void)state;
	issue(true);
	ask_child(&needles, "ca.key");
	assert_int_equal(look(&needles), 0);
	issue(false);
	assert_int_equal(look(&needles), 0);
	ask_child(&needles, "x.pem");
	assert_int_equal(look(&needles), 0);
	remove_all();
}

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(home) && chdir(home) == 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	remove_all();
	return chdir("/") == 0 && rmdir(home) == 0 ? 0 : -1;
}

static void
test_no_trace(void **state)
{
	(void)state;
	print_message("memory can't be looked through here: a sanitizer keeps "
		      "what was freed, or there is no /proc/self/maps\n");
	skip();
}

int
main(void)
{
	const struct CMUnitTest skipped[] = {
		cmocka_unit_test(test_no_trace),
	};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_ecdsa),
		cmocka_unit_test(test_ed25519),
		cmocka_unit_test(test_rsa),
		cmocka_unit_test(test_authority),
	};

	if (access("/proc/self/maps", R_OK) != 0 ||
	    (getenv("XMPPD_SAN") && *getenv("XMPPD_SAN")))
		return cmocka_run_group_tests(skipped, NULL, NULL);
	if (!wiping_start()) {
		puts("not ok no trace: OpenSSL was used before");
		return 1;
	}
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

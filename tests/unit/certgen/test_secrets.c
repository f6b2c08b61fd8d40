/*
 * Nothing of a key or a passphrase stays in memory when a PEM was judged or
 * mended. A child makes the file, so that this process sees its secrets only
 * through what is tested; it gets them for comparison with every byte flipped,
 * and looks for them in all of its own memory.
 */
#include "certgen/passphrase.h"
#include "certgen/pem_check.h"
#include "certgen/pem_fix.h"
#include "certgen/wiping.h"
#include "cfgparse/findings.h"
#include "tests/unit/certgen/forge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	NEEDLE = 24,
	NEEDLES = 4,
	FLIP = 0x5a,
	MAPPING_MAX = 256 << 20, /* larger ones are sanitizers' */
};

struct secrets {
	unsigned char flipped[NEEDLES][NEEDLE];
	size_t count;
};

static char dir[] = "/tmp/certgen-secrets-XXXXXX";
static char path[64], passphrase_path[64];

/* --- the child --- */

static void
add_needle(struct secrets *secrets, const void *bytes)
{
	const unsigned char *from = bytes;
	size_t i;

	for (i = 0; i < NEEDLE; i++)
		secrets->flipped[secrets->count][i] = from[i] ^ FLIP;
	secrets->count++;
}

static void
put_file(const char *name, struct str text)
{
	FILE *file = fopen(name, "w");

	if (!file || fwrite(text.ptr, 1, text.len, file) != text.len)
		abort();
	fclose(file);
	chmod(name, 0600);
}

/* From the middle of each: what isn't the same in every key. */
static void
make(const struct key_kind *kind, bool locked, int to)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	struct arena arena = { 0 };
	struct secrets secrets = { 0 };
	EVP_PKEY *key = key_generate(kind);
	X509 *cert = forge_cert(key, "example.org", 90, 0);
	unsigned char *der = NULL, random[NEEDLE];
	char passphrase[NEEDLE + 1] = "";
	struct str text;
	size_t i, middle;
	int len = i2d_PrivateKey(key, &der);

	if (getentropy(random, sizeof(random)) != 0)
		abort();
	for (i = 0; locked && i < NEEDLE; i++)
		passphrase[i] = letters[random[i] % (sizeof(letters) - 1)];
	text = forge_key_text(&arena, key, locked ? passphrase : NULL);
	/* Past the header of a short one, within the numbers of a long one. */
	middle = len > 200 ? (size_t)len / 2 : 8;
	add_needle(&secrets, der + middle);
	if (locked)
		add_needle(&secrets, passphrase);
	else
		add_needle(
		    &secrets, strstr(text.ptr, "PRIVATE KEY-----\n") + 17 + 65);
	put_file(passphrase_path, str_of(passphrase));
	put_file(path, forge_join(&arena, forge_cert_text(&arena, cert), text));
	if (write(to, &secrets, sizeof(secrets)) != sizeof(secrets))
		abort();
	_exit(0);
}

static void
make_in_child(const struct key_kind *kind, bool locked, struct secrets *secrets)
{
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0)
		make(kind, locked, ends[1]);
	assert_true(child > 0);
	assert_int_equal(
	    read(ends[0], secrets, sizeof(*secrets)), sizeof(*secrets));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(ends[0]);
	close(ends[1]);
}

/* --- looking --- */

static bool
is_at(const unsigned char *at, const unsigned char *flipped)
{
	size_t i;

	for (i = 0; i < NEEDLE; i++)
		if ((at[i] ^ FLIP) != flipped[i])
			return false;
	return true;
}

static size_t
count_in(const unsigned char *bytes, size_t len, const unsigned char *flipped)
{
	unsigned char first = flipped[0] ^ FLIP;
	const unsigned char *at = bytes;
	size_t found = 0;

	while (len >= NEEDLE) {
		const unsigned char *next = memchr(at, first, len - NEEDLE + 1);

		if (!next)
			break;
		found += is_at(next, flipped);
		len -= (size_t)(next + 1 - at);
		at = next + 1;
	}
	return found;
}

/* How often the secrets stand in memory that can be written. */
static size_t
count_everywhere(const struct secrets *secrets)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	FILE *memory = fopen("/proc/self/mem", "r");
	unsigned long begin, end;
	char line[512], rights[8];
	size_t found = 0, i;

	assert_non_null(maps);
	assert_non_null(memory);
	setvbuf(memory, NULL, _IONBF, 0);
	while (fgets(line, sizeof(line), maps)) {
		unsigned char *copy;
		size_t len, got;

		if (sscanf(line, "%lx-%lx %7s", &begin, &end, rights) != 3 ||
		    rights[1] != 'w' || end - begin > MAPPING_MAX)
			continue;
		len = end - begin;
		copy = malloc(len);
		if (fseek(memory, (long)begin, SEEK_SET) == 0) {
			got = fread(copy, 1, len, memory);
			for (i = 0; i < secrets->count; i++)
				found +=
				    count_in(copy, got, secrets->flipped[i]);
		}
		OPENSSL_cleanse(copy, len);
		free(copy);
	}
	fclose(maps);
	fclose(memory);
	return found;
}

static bool
can_look(void)
{
	if (access("/proc/self/mem", R_OK) == 0)
		return true;
	printf("skip: there is no /proc/self/mem to look into\n");
	return false;
}

/* --- cases --- */

static void
judge(const struct key_kind *kind, bool locked, bool good)
{
	struct findings *findings = findings_create("test");
	struct pem_demand demand = { 0 };
	struct arena arena = { 0 };
	struct secrets secrets;

	if (!can_look())
		skip();
	make_in_child(kind, locked, &secrets);
	assert_int_equal(secrets.count, 2);
	assert_int_equal(pem_check(&arena, path, &demand, findings), good);
	assert_int_equal(count_everywhere(&secrets), 0);
	findings_destroy(&findings);
	arena_fini(&arena);
}

static void
test_ecdsa(void **state)
{
	(void)state;
	judge(&key_default, false, true);
}

static void
test_rsa(void **state)
{
	static const struct key_kind kind = { KEY_RSA, 2048 };

	(void)state;
	judge(&kind, false, true);
}

static void
test_encrypted(void **state)
{
	(void)state;
	judge(&key_default, true, false);
}

/* The search finds what is there. */
static void
test_search(void **state)
{
	struct secrets secrets;
	unsigned char *kept = malloc(NEEDLE);
	size_t i;

	(void)state;
	if (!can_look())
		skip();
	make_in_child(&key_default, false, &secrets);
	assert_int_equal(count_everywhere(&secrets), 0);
	for (i = 0; i < NEEDLE; i++)
		kept[i] = secrets.flipped[1][i] ^ FLIP;
	assert_true(count_everywhere(&secrets) > 0);
	OPENSSL_cleanse(kept, NEEDLE);
	free(kept);
}

static void
mend(bool locked)
{
	struct passphrase_source source = { .file = passphrase_path };
	char passphrase[PASSPHRASE_MAX + 1] = "", why[FILE_WHY_MAX];
	FILE *nowhere = fopen("/dev/null", "w");
	struct pem_fix fix = { .report = nowhere };
	struct arena arena = { 0 };
	struct secrets secrets;

	if (!can_look())
		skip();
	make_in_child(&key_default, locked, &secrets);
	if (locked) {
		assert_true(passphrase_read(&source, passphrase, why));
		fix.passphrase = passphrase;
	} else {
		chmod(path, 0644);
	}
	assert_true(pem_fix(&arena, &fix, path));
	passphrase_wipe(passphrase);
	assert_int_equal(count_everywhere(&secrets), 0);
	arena_fini(&arena);
	fclose(nowhere);
}

static void
test_mended(void **state)
{
	(void)state;
	mend(false);
}

static void
test_decrypted(void **state)
{
	(void)state;
	mend(true);
}

static int
setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/x.pem", dir);
	snprintf(passphrase_path, sizeof(passphrase_path), "%s/pass", dir);
	return 0;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command) == 0 ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_ecdsa),
		cmocka_unit_test(test_rsa),
		cmocka_unit_test(test_encrypted),
		cmocka_unit_test(test_mended),
		cmocka_unit_test(test_decrypted),
	};

	wiping_start();
	return cmocka_run_group_tests(tests, setup, teardown);
}

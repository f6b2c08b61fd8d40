/* What pem_write leaves behind: order, rights, all files or none. */
#include "certgen/pem_write.h"

#include "certgen/pem.h"
#include "tests/unit/certgen/forge.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A directory of one's own, a key and two certificates. */
struct bench {
	struct arena arena;
	char directory[64];
	EVP_PKEY *key;
	X509 *cert, *chain[1];
	const char *why;
};

static int
setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	strcpy(bench->directory, "/tmp/certgen-write-XXXXXX");
	if (!mkdtemp(bench->directory))
		return -1;
	bench->key = key_generate(&key_default);
	bench->cert = forge_cert(bench->key, "example.org", 90, 0);
	bench->chain[0] = forge_cert(bench->key, "ca.example", 90, 0);
	*state = bench;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *bench = *state;
	DIR *directory = opendir(bench->directory);
	struct dirent *entry;

	while ((entry = readdir(directory)))
		if (unlinkat(dirfd(directory), entry->d_name, 0) != 0)
			unlinkat(dirfd(directory), entry->d_name, AT_REMOVEDIR);
	closedir(directory);
	rmdir(bench->directory);
	EVP_PKEY_free(bench->key);
	X509_free(bench->cert);
	X509_free(bench->chain[0]);
	arena_fini(&bench->arena);
	free(bench);
	return 0;
}

static const char *
in(struct bench *bench, const char *name)
{
	return arena_printf(&bench->arena, "%s/%s", bench->directory, name);
}

/* How many entries the directory has, hidden ones too. */
static int
entries(const struct bench *bench)
{
	DIR *directory = opendir(bench->directory);
	struct dirent *entry;
	int count = 0;

	while ((entry = readdir(directory)))
		count += strcmp(entry->d_name, ".") != 0 &&
			 strcmp(entry->d_name, "..") != 0;
	closedir(directory);
	return count;
}

static unsigned
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static const char *
content(struct bench *bench, const char *path)
{
	char *text = arena_alloc(&bench->arena, 65536);
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	text[fread(text, 1, 65535, file)] = '\0';
	fclose(file);
	return text;
}

static bool
write_one(struct bench *bench, struct pem_output *output)
{
	return pem_write(&bench->arena, output, 1, &bench->why);
}

static struct pem_output
combined(struct bench *bench, const char *name)
{
	return (struct pem_output){ .path = in(bench, name),
		.cert = bench->cert,
		.chain = bench->chain,
		.chain_count = 1,
		.key = bench->key };
}

static void
test_order(void **state)
{
	struct bench *bench = *state;
	struct pem_output output = combined(bench, "x.pem");
	struct pem *pem;

	assert_true(write_one(bench, &output));
	assert_null(output.backup);
	assert_string_equal(output.real, output.path);
	assert_int_equal(pem_open(&bench->arena, output.path, &pem), PEM_READ);
	assert_int_equal(pem->count, 3);
	assert_int_equal(X509_cmp(pem->blocks[0].cert, bench->cert), 0);
	assert_int_equal(X509_cmp(pem->blocks[1].cert, bench->chain[0]), 0);
	assert_int_equal(EVP_PKEY_eq(pem->blocks[2].key, bench->key), 1);
	pem_close(&pem);
}

static void
test_request(void **state)
{
	struct bench *bench = *state;
	struct pem_output output = { .path = in(bench, "x.csr"),
		.request = X509_REQ_new() };

	X509_REQ_set_pubkey(output.request, bench->key);
	X509_REQ_sign(output.request, bench->key, EVP_sha256());
	assert_true(write_one(bench, &output));
	X509_REQ_free(output.request);
	assert_int_equal(strncmp(content(bench, output.path),
			     "-----BEGIN CERTIFICATE REQUEST-----", 35),
	    0);
	assert_int_equal(mode_of(output.path), 0644);
}

static void
test_separate(void **state)
{
	struct bench *bench = *state;
	struct pem_output outputs[] = {
		{ .path = in(bench, "x.key"), .key = bench->key },
		{ .path = in(bench, "x.crt"), .cert = bench->cert },
	};
	mode_t old = umask(0);

	assert_true(pem_write(&bench->arena, outputs, 2, &bench->why));
	umask(old);
	assert_int_equal(mode_of(outputs[0].path), 0600);
	assert_int_equal(mode_of(outputs[1].path), 0644);
	assert_null(strstr(content(bench, outputs[1].path), "KEY"));
	assert_int_equal(entries(bench), 2);
}

/* One of the two is there: neither is written. */
static void
test_all_or_none(void **state)
{
	struct bench *bench = *state;
	struct pem_output outputs[] = {
		{ .path = in(bench, "x.key"), .key = bench->key },
		{ .path = in(bench, "x.crt"), .cert = bench->cert },
	};

	assert_true(write_one(bench, &outputs[1]));
	assert_false(pem_write(&bench->arena, outputs, 2, &bench->why));
	assert_non_null(strstr(bench->why, "x.crt is there already"));
	assert_int_equal(entries(bench), 1);
}

static void
test_kept_rights(void **state)
{
	struct bench *bench = *state;
	struct pem_output output = combined(bench, "x.pem");
	struct stat st;

	assert_true(write_one(bench, &output));
	assert_int_equal(chmod(output.path, 0644), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(output.path, 12, 34), 0);
	output.replace = true;
	assert_true(write_one(bench, &output));
	assert_int_equal(stat(output.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	if (geteuid() == 0) {
		assert_int_equal(st.st_uid, 12);
		assert_int_equal(st.st_gid, 34);
	}
	/* What others could read they needn't read any longer. */
	assert_int_equal(mode_of(output.backup), 0640);
	assert_int_equal(entries(bench), 2);
}

static void
test_group(void **state)
{
	struct bench *bench = *state;
	struct pem_output output = combined(bench, "x.pem");
	char text[32];

	snprintf(text, sizeof(text), "%u", (unsigned)getgid());
	assert_true(pem_group_parse(text, &output.owner));
	assert_true(write_one(bench, &output));
	assert_int_equal(mode_of(output.path), 0640);
	output = combined(bench, "y.pem");
	snprintf(text, sizeof(text), "%u", (unsigned)getuid());
	assert_true(pem_owner_parse(text, &output.owner));
	assert_true(write_one(bench, &output));
	assert_int_equal(mode_of(output.path), 0600);
	assert_false(pem_group_parse("no-such-group-here", &output.owner));
	assert_false(pem_group_parse("", &output.owner));
}

static void
test_public_directory(void **state)
{
	struct bench *bench = *state;
	struct pem_output output = combined(bench, "open/x.pem");

	assert_int_equal(mkdir(in(bench, "open"), 0777), 0);
	assert_int_equal(chmod(in(bench, "open"), 0777), 0);
	assert_false(write_one(bench, &output));
	assert_non_null(strstr(bench->why, "chmod o-w"));
	assert_int_equal(chmod(in(bench, "open"), 01777), 0);
	assert_true(write_one(bench, &output));
	unlink(output.path);
}

static void
test_dots(void **state)
{
	struct bench *bench = *state;
	struct pem_output output = combined(bench, "a/.././/x.pem");

	assert_int_equal(mkdir(in(bench, "a"), 0700), 0);
	assert_true(write_one(bench, &output));
	assert_int_equal(mode_of(in(bench, "x.pem")), 0600);
	output = combined(bench, "a/..");
	assert_false(write_one(bench, &output));
	assert_non_null(strstr(bench->why, "no regular file"));
}

/* The last one finds the second one there: what was placed is taken back. */
static void
test_taken_back(void **state)
{
	struct bench *bench = *state;
	struct pem_output output = combined(bench, "x.pem");
	const char *before;

	output.replace = true;
	assert_true(write_one(bench, &output));
	before = content(bench, output.path);
	X509_free(bench->cert);
	bench->cert = forge_cert(bench->key, "example.net", 90, 0);
	struct pem_output outputs[] = { combined(bench, "x.pem"),
		combined(bench, "y.pem"), combined(bench, "y.pem") };
	outputs[0].replace = true;
	assert_false(pem_write(&bench->arena, outputs, 3, &bench->why));
	assert_non_null(strstr(bench->why, "it exists already"));
	assert_string_equal(content(bench, output.path), before);
	assert_int_equal(entries(bench), 1);
	assert_int_equal(mode_of(output.path), 0600);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_order),
		CASE(test_request),
		CASE(test_separate),
		CASE(test_all_or_none),
		CASE(test_kept_rights),
		CASE(test_group),
		CASE(test_public_directory),
		CASE(test_dots),
		CASE(test_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

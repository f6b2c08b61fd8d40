/* Files: modes, refusals, what is kept, and links that others could lay. */
#include "certgen/make.h"

#include "certgen/hosts.h"
#include "certgen/pem.h"
#include "certgen/place.h"
#include "certgen/certificate.h"
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

/* A directory of one's own with the order for example.org. */
struct bench {
	struct arena arena;
	char directory[64];
	const char *path;
	struct cert_hosts hosts;
	struct make_order order;
	struct made_pem made;
	const char *why;
};

static int
setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	strcpy(bench->directory, "/tmp/certgen-make-XXXXXX");
	if (!mkdtemp(bench->directory))
		return -1;
	bench->path = arena_printf(&bench->arena, "%s/x.pem", bench->directory);
	cert_hosts_add(
	    &bench->arena, &bench->hosts, "example.org", CFG_ROLE_ACCOUNTS);
	bench->order = (struct make_order){
		.hosts = &bench->hosts, .kind = key_default, .days = 90
	};
	*state = bench;
	return 0;
}

static int
teardown(void **state)
{
	struct bench *bench = *state;
	DIR *directory = opendir(bench->directory);
	struct dirent *entry;

	chmod(bench->directory, 0700);
	while ((entry = readdir(directory)))
		if (unlinkat(dirfd(directory), entry->d_name, 0) != 0)
			unlinkat(dirfd(directory), entry->d_name, AT_REMOVEDIR);
	closedir(directory);
	rmdir(bench->directory);
	arena_fini(&bench->arena);
	free(bench);
	return 0;
}

static bool
make(struct bench *bench, enum make_existing existing)
{
	bench->order.existing = existing;
	return make_pem(&bench->arena, bench->path, &bench->order, &bench->made,
	    &bench->why);
}

/* How many entries the directory has. */
static int
entries(const struct bench *bench)
{
	DIR *directory = opendir(bench->directory);
	struct dirent *entry;
	int count = 0;

	while ((entry = readdir(directory)))
		count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
	closedir(directory);
	return count;
}

static EVP_PKEY *
key_in(struct bench *bench, const char *path)
{
	struct pem *pem;
	const struct pem_block *block;
	EVP_PKEY *key;

	assert_int_equal(pem_open(&bench->arena, path, &pem), PEM_READ);
	block = pem_first(pem, PEM_KEY);
	assert_non_null(block);
	key = block->key;
	assert_non_null(key);
	EVP_PKEY_up_ref(key);
	pem_close(&pem);
	return key;
}

static bool
same_key(struct bench *bench, const char *a, const char *b)
{
	EVP_PKEY *one = key_in(bench, a), *two = key_in(bench, b);
	bool same = EVP_PKEY_eq(one, two) == 1;

	EVP_PKEY_free(one);
	EVP_PKEY_free(two);
	return same;
}

static unsigned
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
test_fresh(void **state)
{
	struct bench *bench = *state;
	mode_t old = umask(0);

	assert_true(make(bench, MAKE_REFUSE));
	umask(old);
	assert_int_equal(mode_of(bench->path), 0600);
	assert_null(bench->made.backup);
	assert_string_equal(bench->made.key, "ECDSA P-256");
	assert_int_equal(entries(bench), 1);
}

static void
test_owner(void **state)
{
	struct bench *bench = *state;
	mode_t old = umask(0777);
	char owner[64];

	snprintf(owner, sizeof(owner), "%u:%u", (unsigned)getuid(),
	    (unsigned)getgid());
	assert_true(pem_owner_parse(owner, &bench->order.owner));
	assert_true(make(bench, MAKE_REFUSE));
	umask(old);
	assert_int_equal(mode_of(bench->path), 0640);
	assert_false(pem_owner_parse("no-such-user-here", &bench->order.owner));
	assert_false(
	    pem_owner_parse("root:no-such-group", &bench->order.owner));
	assert_false(pem_owner_parse(":root", &bench->order.owner));
}

static void
test_refuses_existing(void **state)
{
	struct bench *bench = *state;
	struct stat before, after;

	assert_true(make(bench, MAKE_REFUSE));
	assert_int_equal(stat(bench->path, &before), 0);
	assert_false(make(bench, MAKE_REFUSE));
	assert_non_null(strstr(bench->why, "--renew"));
	assert_non_null(strstr(bench->why, bench->path));
	assert_int_equal(stat(bench->path, &after), 0);
	assert_true(before.st_ino == after.st_ino);
	assert_int_equal(entries(bench), 1);
}

static void
test_renew_keeps_key(void **state)
{
	struct bench *bench = *state;

	assert_true(make(bench, MAKE_REFUSE));
	assert_true(make(bench, MAKE_RENEW));
	assert_non_null(bench->made.backup);
	assert_true(same_key(bench, bench->path, bench->made.backup));
	assert_int_equal(mode_of(bench->made.backup), 0600);
	assert_true(make(bench, MAKE_RENEW));
	assert_int_equal(entries(bench), 3);
}

static void
test_rotate_changes_key(void **state)
{
	struct bench *bench = *state;

	assert_true(make(bench, MAKE_REFUSE));
	assert_true(make(bench, MAKE_ROTATE));
	assert_false(same_key(bench, bench->path, bench->made.backup));
}

static void
test_nothing_to_renew(void **state)
{
	struct bench *bench = *state;

	assert_false(make(bench, MAKE_RENEW));
	assert_non_null(strstr(bench->why, "isn't there"));
	assert_int_equal(entries(bench), 0);
}

static void
write_file(const char *path, struct str text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fwrite(text.ptr, 1, text.len, file);
	fclose(file);
}

/* What an authority signed is not replaced by what nobody trusts. */
static void
test_keeps_signed_one(void **state)
{
	struct bench *bench = *state;
	EVP_PKEY *key = key_generate(&key_default);
	X509 *cert = forge_cert(key, "example.org", 90, 0);
	X509_NAME *issuer = X509_NAME_new();

	X509_NAME_add_entry_by_txt(issuer, "CN", MBSTRING_UTF8,
	    (const unsigned char *)"Some authority", -1, -1, 0);
	X509_set_issuer_name(cert, issuer);
	X509_sign(cert, key, EVP_sha256());
	write_file(bench->path,
	    forge_join(&bench->arena, forge_cert_text(&bench->arena, cert),
		forge_key_text(&bench->arena, key, NULL)));
	X509_NAME_free(issuer);
	X509_free(cert);
	EVP_PKEY_free(key);
	assert_false(make(bench, MAKE_ROTATE));
	assert_non_null(strstr(bench->why, "authority"));
	assert_int_equal(entries(bench), 1);
}

static void
test_keeps_other_file(void **state)
{
	struct bench *bench = *state;

	write_file(bench->path, STR("my notes\n"));
	assert_false(make(bench, MAKE_ROTATE));
	assert_non_null(strstr(bench->why, "no certificate"));
	assert_int_equal(entries(bench), 1);
}

static void
test_completes_key(void **state)
{
	struct bench *bench = *state;
	EVP_PKEY *key = key_generate(&key_default), *kept;

	write_file(bench->path, forge_key_text(&bench->arena, key, NULL));
	assert_false(make(bench, MAKE_REFUSE));
	assert_false(make(bench, MAKE_ROTATE));
	assert_true(make(bench, MAKE_RENEW));
	kept = key_in(bench, bench->path);
	assert_int_equal(EVP_PKEY_eq(key, kept), 1);
	EVP_PKEY_free(kept);
	EVP_PKEY_free(key);
}

static void
test_directory_missing(void **state)
{
	struct bench *bench = *state;

	bench->path =
	    arena_printf(&bench->arena, "%s/certs/x.pem", bench->directory);
	assert_false(make(bench, MAKE_REFUSE));
	assert_non_null(strstr(bench->why, "mkdir -p"));
}

static void
test_directory_in_place(void **state)
{
	struct bench *bench = *state;

	bench->path = bench->directory;
	assert_false(make(bench, MAKE_REFUSE));
	assert_non_null(strstr(bench->why, "no regular file"));
}

static void
test_separate(void **state)
{
	struct bench *bench = *state;
	const char *cert = make_cert_path(&bench->arena, bench->path);
	const char *key = make_key_path(&bench->arena, bench->path);
	EVP_PKEY *first, *second;

	bench->order.separate = true;
	assert_true(make(bench, MAKE_REFUSE));
	assert_string_equal(bench->made.path, cert);
	assert_string_equal(bench->made.key_path, key);
	assert_non_null(strstr(cert, "/x.crt"));
	assert_int_equal(mode_of(key), 0600);
	assert_int_equal(mode_of(cert), 0644);
	assert_int_equal(entries(bench), 2);
	assert_false(make(bench, MAKE_REFUSE));
	first = key_in(bench, key);

	/* The key stays, in a file that isn't touched. */
	assert_true(make(bench, MAKE_RENEW));
	assert_non_null(bench->made.backup);
	assert_null(bench->made.key_backup);
	assert_int_equal(entries(bench), 3);

	/* What is missing is made. */
	assert_int_equal(unlink(cert), 0);
	assert_false(make(bench, MAKE_REFUSE));
	assert_non_null(strstr(bench->why, key));
	assert_true(make(bench, MAKE_RENEW));
	assert_null(bench->made.backup);

	assert_true(make(bench, MAKE_ROTATE));
	second = key_in(bench, key);
	assert_int_equal(EVP_PKEY_eq(first, second), 0);
	EVP_PKEY_free(second);
	assert_int_equal(unlink(key), 0);
	assert_false(make(bench, MAKE_RENEW));
	assert_non_null(strstr(bench->why, "--rotate makes a new key"));
	assert_true(make(bench, MAKE_ROTATE));
	EVP_PKEY_free(first);
}

/* In a directory of one's own a link is followed, and stays. */
static void
test_own_link(void **state)
{
	struct bench *bench = *state;
	struct stat st;

	assert_int_equal(symlink("real.pem", bench->path), 0);
	assert_true(make(bench, MAKE_REFUSE));
	assert_int_equal(lstat(bench->path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(mode_of(bench->path), 0600);
	assert_true(make(bench, MAKE_RENEW));
	assert_int_equal(lstat(bench->path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

static void
test_link_of_others(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(symlink("real.pem", bench->path), 0);
	assert_int_equal(chmod(bench->directory, 01777), 0);
	assert_false(make(bench, MAKE_REFUSE));
	assert_non_null(strstr(bench->why, "symbolic link"));
	assert_int_equal(entries(bench), 1);
}

/* The same for a link on the way to the file. */
static void
test_directory_link_of_others(void **state)
{
	struct bench *bench = *state;
	const char *link =
	    arena_printf(&bench->arena, "%s/certs", bench->directory);

	assert_int_equal(symlink("/tmp", link), 0);
	bench->path = arena_printf(&bench->arena, "%s/x.pem", link);
	assert_int_equal(chmod(bench->directory, 01777), 0);
	assert_false(make(bench, MAKE_REFUSE));
	assert_non_null(strstr(bench->why, link));
}

static void
test_link_loop(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(symlink("x.pem", bench->path), 0);
	assert_false(make(bench, MAKE_REFUSE));
	assert_non_null(strstr(bench->why, "can't be followed"));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_fresh),
		CASE(test_owner),
		CASE(test_refuses_existing),
		CASE(test_renew_keeps_key),
		CASE(test_rotate_changes_key),
		CASE(test_nothing_to_renew),
		CASE(test_keeps_signed_one),
		CASE(test_keeps_other_file),
		CASE(test_completes_key),
		CASE(test_directory_missing),
		CASE(test_directory_in_place),
		CASE(test_separate),
		CASE(test_own_link),
		CASE(test_link_of_others),
		CASE(test_directory_link_of_others),
		CASE(test_link_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

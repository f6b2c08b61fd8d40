#include "cfgparse/base/file.h"
/* Reading and atomic writing of files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cfgparse/base/atomic_file.h"

static char home[] = "/tmp/test_file.XXXXXX";

static const struct atomic_file secret = { 0600, (uid_t)-1, (gid_t)-1, true };

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
	unlink("a");
	unlink("fifo");
	return chdir("/") == 0 && rmdir(home) == 0 ? 0 : -1;
}

static void
refused(const char *path, size_t limit, const char *expected)
{
	struct buf content = { 0 };
	char why[FILE_WHY_MAX];

	assert_false(file_read(path, limit, &content, why));
	assert_string_equal(why, expected);
	assert_int_equal(content.len, 0);
	buf_fini(&content);
}

static void
test_write_and_read(void **state)
{
	(void)state;
	struct atomic_file fresh = secret;
	struct buf content = { 0 };
	struct stat st;
	char why[FILE_WHY_MAX];

	umask(0);
	assert_true(atomic_file_write("a", STR("one"), &secret, why));
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	fresh.replace = false;
	fresh.mode = 0640;
	assert_false(atomic_file_write("a", STR("two"), &fresh, why));
	assert_string_equal(why, "it exists already");
	fresh.replace = true;
	umask(077);
	assert_true(atomic_file_write("a", STR("two"), &fresh, why));
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_true(file_read("a", 3, &content, why));
	assert_string_equal(buf_text(&content), "two");
	buf_fini(&content);
	refused("a", 2, "it is larger than 2 bytes");
	unlink("a");
	fresh.replace = false;
	assert_true(atomic_file_write("a", STR("new"), &fresh, why));
}

static void
test_refusals(void **state)
{
	(void)state;
	char why[FILE_WHY_MAX];

	refused("none", 9, "no such file");
	refused(".", 9, "it is a directory");
	refused("/dev/null", 9, "it is a device, not a regular file");
	assert_int_equal(mkfifo("fifo", 0600), 0);
	refused("fifo", 9, "it is a FIFO, not a regular file");
	assert_false(file_readable("fifo", why));
	assert_false(atomic_file_write("no/a", STR("x"), &secret, why));
	assert_string_equal(why, "creating it: No such file or directory");
	/* A directory can't be replaced; nothing is left behind: tear_down
	 * removes an empty directory. */
	assert_false(atomic_file_write("/tmp", STR("x"), &secret, why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write_and_read),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

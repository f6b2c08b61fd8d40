/* Which PEM of a configuration is for which hosts. */
#include "certgen/config_files.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/cfg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

/* "main.pem: a.example b.example;" for each file, in order. */
static const char *
list(const struct cfg *cfg)
{
	struct config_files files;
	char *text = "";
	size_t i, j;

	config_files_list(&arena, cfg, &files);
	for (i = 0; i < files.count; i++) {
		const struct config_file *file = &files.items[i];

		text = arena_printf(&arena, "%s%s%s:", text, file->path,
		    file->shared ? " (shared)" : "");
		for (j = 0; j < file->hosts.count; j++)
			text = arena_printf(
			    &arena, "%s %s", text, file->hosts.items[j].name);
		text = arena_printf(&arena, "%s; ", text);
	}
	return text;
}

static void
test_listener_and_own(void **state)
{
	static const char *const files[] = { "main.pem", "own.pem" };
	static const struct cfg_host hosts[] = { { .name = "a.example" },
		{ .name = "own.example", .certfile = "own.pem" },
		{ .name = "b.example" } };
	static const struct cfg_listener listeners[] = { { .certfile =
								 "main.pem" },
		{ .certfile = NULL }, { .certfile = "main.pem" } };
	const struct cfg cfg = { .hosts = hosts,
		.host_count = 3,
		.listeners = listeners,
		.listener_count = 3,
		.certfiles = files,
		.certfile_count = 2 };

	(void)state;
	assert_string_equal(list(&cfg),
	    "main.pem: a.example b.example; own.pem: own.example; ");
}

static void
test_all_have_their_own(void **state)
{
	static const char *const files[] = { "main.pem", "own.pem" };
	static const struct cfg_host hosts[] = { { .name = "a.example",
						     .certfile = "own.pem" },
		{ .name = "b.example", .certfile = "own.pem" } };
	static const struct cfg_listener listeners[] = { { .certfile =
							       "main.pem" } };
	const struct cfg cfg = { .hosts = hosts,
		.host_count = 2,
		.listeners = listeners,
		.listener_count = 1,
		.certfiles = files,
		.certfile_count = 2 };

	(void)state;
	assert_string_equal(list(&cfg),
	    "main.pem: a.example b.example; own.pem: a.example b.example; ");
}

static void
test_global_files(void **state)
{
	static const char *const files[] = { "one.pem", "two.pem" };
	static const struct cfg_host hosts[] = { { .name = "a.example" },
		{ .name = "b.example" } };
	struct cfg cfg = { .hosts = hosts,
		.host_count = 2,
		.certfiles = files,
		.certfile_count = 1 };

	(void)state;
	assert_string_equal(list(&cfg), "one.pem: a.example b.example; ");
	cfg.certfile_count = 2;
	assert_string_equal(list(&cfg),
	    "one.pem (shared): a.example b.example; "
	    "two.pem (shared): a.example b.example; ");
}

static void
test_too_many(void **state)
{
	static const char *const files[] = { "one.pem" };
	static struct cfg_host hosts[CERT_HOSTS_MAX + 1];
	const struct cfg cfg = { .hosts = hosts,
		.host_count = CERT_HOSTS_MAX + 1,
		.certfiles = files,
		.certfile_count = 1 };
	struct config_files list_of;
	int i;

	(void)state;
	for (i = 0; i <= CERT_HOSTS_MAX; i++)
		hosts[i].name = arena_printf(&arena, "h%d.example", i);
	config_files_list(&arena, &cfg, &list_of);
	assert_true(list_of.items[0].too_many);
	assert_int_equal(list_of.items[0].hosts.count, CERT_HOSTS_MAX);
}

static int
free_arena(void **state)
{
	(void)state;
	arena_fini(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listener_and_own),
		cmocka_unit_test(test_all_have_their_own),
		cmocka_unit_test(test_global_files),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, free_arena);
}

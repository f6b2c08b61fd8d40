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

/* As the loader does for hosts with a room service each. */
static void
give_domains(struct cfg *cfg)
{
	struct cfg_domain *domains =
	    arena_array(&arena, 2 * cfg->host_count, sizeof(*domains));
	size_t i;

	for (i = 0; i < cfg->host_count; i++) {
		const struct cfg_host *host = &cfg->hosts[i];

		domains[2 * i] = (struct cfg_domain){ host->name,
			CFG_ROLE_ACCOUNTS, host, "hosts", true };
		domains[2 * i + 1] = (struct cfg_domain){
			arena_printf(&arena, "muc.%s", host->name),
			CFG_ROLE_SERVICE, host, "mod_muc", false
		};
	}
	cfg->domains = domains;
	cfg->domain_count = 2 * cfg->host_count;
}

/* "main.pem: a.example muc.a.example b.example;" for each file, in order. */
static const char *
list(struct cfg *cfg)
{
	struct config_files files;
	char *text = "";
	size_t i, j;

	give_domains(cfg);
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
	struct cfg cfg = { .hosts = hosts,
		.host_count = 3,
		.listeners = listeners,
		.listener_count = 3,
		.certfiles = files,
		.certfile_count = 2 };

	(void)state;
	assert_string_equal(list(&cfg),
	    "main.pem: a.example muc.a.example b.example muc.b.example; "
	    "own.pem: own.example muc.own.example; ");
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
	struct cfg cfg = { .hosts = hosts,
		.host_count = 2,
		.listeners = listeners,
		.listener_count = 1,
		.certfiles = files,
		.certfile_count = 2 };

	(void)state;
	assert_string_equal(list(&cfg),
	    "main.pem: a.example muc.a.example b.example muc.b.example; "
	    "own.pem: a.example muc.a.example b.example muc.b.example; ");
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
	assert_string_equal(list(&cfg),
	    "one.pem: a.example muc.a.example b.example muc.b.example; ");
	cfg.certfile_count = 2;
	assert_string_equal(list(&cfg),
	    "one.pem (shared): a.example muc.a.example b.example "
	    "muc.b.example; "
	    "two.pem (shared): a.example muc.a.example b.example "
	    "muc.b.example; ");
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
	};

	return cmocka_run_group_tests(tests, NULL, free_arena);
}

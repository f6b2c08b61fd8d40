/* Which hosts share a file with --per-host, and how long is how long. */
#include "certgen/per_host.h"

#include "certgen/hosts.h"
#include "certgen/validity.h"
#include "cfgparse/base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena arena;

/* "a.example+muc.a.example b.example". */
static const char *
text_of(const struct host_groups *groups)
{
	const char *text = "";
	size_t i, j;

	for (i = 0; i < groups->count; i++)
		for (j = 0; j < groups->items[i].count; j++)
			text = arena_printf(&arena, "%s%s%s", text,
			    j	? "+"
			    : i ? " "
				: "",
			    groups->items[i].domains[j].name);
	return text;
}

static void
test_given(void **state)
{
	struct cert_hosts hosts = { 0 };
	struct host_groups groups;

	(void)state;
	cert_hosts_add(&arena, &hosts, "muc.a.example", CFG_ROLE_COMPONENT);
	cert_hosts_add(&arena, &hosts, "b.example", CFG_ROLE_ACCOUNTS);
	cert_hosts_add(&arena, &hosts, "a.example", CFG_ROLE_ACCOUNTS);
	cert_hosts_add(&arena, &hosts, "lone.example", CFG_ROLE_COMPONENT);
	cert_hosts_add(&arena, &hosts, "x.y.b.example", CFG_ROLE_HTTP);
	cert_hosts_add(&arena, &hosts, "sub.a.example", CFG_ROLE_ACCOUNTS);
	cert_hosts_add(&arena, &hosts, "muc.sub.a.example", CFG_ROLE_COMPONENT);
	cert_hosts_add(&arena, &hosts, "other.example", CFG_ROLE_COMPONENT);
	host_groups_sort(&arena, &hosts, &groups);
	assert_string_equal(text_of(&groups),
	    "b.example+x.y.b.example a.example+muc.a.example "
	    "sub.a.example+muc.sub.a.example lone.example other.example");
	assert_int_equal(groups.items[1].domains[1].role, CFG_ROLE_COMPONENT);
}

static void
test_of_configuration(void **state)
{
	static const struct cfg_host hosts[] = { { .name = "a.example" },
		{ .name = "b.example" } };
	static const struct cfg_domain domains[] = {
		{ "a.example", CFG_ROLE_ACCOUNTS, &hosts[0], "hosts", true },
		{ "muc.a.example", CFG_ROLE_SERVICE, &hosts[0], "mod_muc",
		    true },
		{ "b.example", CFG_ROLE_ACCOUNTS, &hosts[1], "hosts", true },
		{ "x.test", CFG_ROLE_COMPONENT, NULL, "ejabberd_service",
		    true },
		{ "y.test", CFG_ROLE_COMPONENT, NULL, "ejabberd_service",
		    true },
	};
	struct cert_hosts list = { 0 };
	struct host_groups groups;

	(void)state;
	host_groups_list(&arena, domains, 5, &groups);
	assert_string_equal(text_of(&groups),
	    "a.example+muc.a.example b.example x.test y.test");
	host_group_add(&arena, &groups.items[0], &list);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[1].role, CFG_ROLE_SERVICE);
}

static void
test_validity(void **state)
{
	const time_t now = 1795305600; /* 2026-11-22 */
	int days = 0;

	(void)state;
	assert_int_equal(validity_public(1773532799), 398);
	assert_int_equal(validity_public(1773532800), 200);
	assert_int_equal(validity_public(1805068799), 200);
	assert_int_equal(validity_public(1805068800), 100);
	assert_int_equal(validity_public(1868227199), 100);
	assert_int_equal(validity_public(1868227200), 47);
	assert_true(validity_parse("public", now, &days));
	assert_int_equal(days, 199);
	assert_true(validity_parse("public-2027", now, &days));
	assert_int_equal(days, 99);
	assert_true(validity_parse("public-2029", now, &days));
	assert_int_equal(days, 46);
	assert_true(validity_parse("36500", now, &days));
	assert_int_equal(days, 36500);
	assert_false(validity_parse("36501", now, &days));
	assert_false(validity_parse("0", now, &days));
	assert_false(validity_parse("-1", now, &days));
	assert_false(validity_parse("", now, &days));
	assert_false(validity_parse("90d", now, &days));
	assert_false(validity_parse("99999999999999999999", now, &days));
	assert_false(validity_parse("public-2030", now, &days));
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
		cmocka_unit_test(test_given),
		cmocka_unit_test(test_of_configuration),
		cmocka_unit_test(test_validity),
	};

	return cmocka_run_group_tests(tests, NULL, free_arena);
}

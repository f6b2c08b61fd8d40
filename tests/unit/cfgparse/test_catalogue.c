/*
 * The catalogue's rows: that names are found, and what each is to a target.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cfgparse/catalogue_private.h"

static struct target
target_of(const char *name)
{
	struct target target;
	const char *why;

	if (!target_parse(str_of(name), &target, &why))
		fail_msg("%s", why);
	return target;
}

static const struct service *
service_of(struct str name)
{
	const struct service *service = catalogue_module(name);

	return service ? service : catalogue_listener(name);
}

/* "loglevel", "mod_ping.send_pings" */
static const struct option *
option_of(const char *name)
{
	const char *dot = strchr(name, '.');

	if (!dot)
		return catalogue_option(str_of(name));
	const struct service *service =
	    service_of((struct str){ name, (size_t)(dot - name) });
	assert_non_null(service);
	return catalogue_service_option(service, str_of(dot + 1));
}

static void
check_option(const struct option *option)
{
	for (; option && option->name; option++) {
		/* Somebody knows it, and the page says what it is. */
		if (option->type == TYPE_NONE && !option->yaml)
			fail_msg("%s: in no dialect", option->name);
		if (!option->help || !strchr(option->help, '.'))
			fail_msg("%s: no sentence of help", option->name);
		if (!!option->yaml != !!option->first)
			fail_msg("%s: a shape but no release", option->name);
		if (option->last && option->last < option->first)
			fail_msg("%s: ends before it begins", option->name);
		if (option->last && !release_after(option->last))
			fail_msg("%s: unknown release", option->name);
		if ((option->end == END_RENAMED ||
			option->end == END_CONVERTED) &&
		    !option->instead)
			fail_msg("%s: turned into nothing", option->name);
	}
}

static void
test_rows(void **state)
{
	(void)state;
	for (const struct option *const *t = catalogue_top_tables; *t; t++)
		check_option(*t);
	check_option(catalogue_listener_common);
	for (const struct service *s = catalogue_listeners; s->name; s++)
		check_option(s->options);
	for (const struct service *const *t = catalogue_module_tables; *t;
	     t++) {
		for (const struct service *s = *t; s->name; s++) {
			check_option(s->options);
			if (s->end == END_CONVERTED &&
			    service_read_as(s, true) == s)
				fail_msg("%s: no successor", s->name);
		}
	}
}

/* Every row is found by its name, and none that isn't there. */
static void
test_look_up(void **state)
{
	(void)state;
	for (const struct option *const *t = catalogue_top_tables; *t; t++) {
		for (const struct option *o = *t; o->name; o++)
			assert_ptr_equal(catalogue_option(str_of(o->name)), o);
	}
	for (const struct service *const *t = catalogue_module_tables; *t;
	     t++) {
		for (const struct service *s = *t; s->name; s++) {
			assert_ptr_equal(catalogue_module(str_of(s->name)), s);
			for (const struct option *o = s->options; o && o->name;
			     o++)
				assert_ptr_equal(catalogue_service_option(
						     s, str_of(o->name)),
				    o);
		}
	}
	assert_null(catalogue_option(STR("hostss")));
	assert_null(catalogue_option(STR("")));
	assert_null(catalogue_option(STR("send_pings")));
	assert_null(catalogue_module(STR("ejabberd_c2s")));
	assert_null(catalogue_listener(STR("mod_ping")));
	assert_null(option_of("mod_ping.starttls"));
	assert_null(option_of("ejabberd_http.starttls"));
	/* Shared ones. */
	assert_non_null(option_of("ejabberd_http.backlog"));
	assert_non_null(option_of("mod_vcard.ldap_vcard_map"));
	/* One name, two services. */
	assert_ptr_not_equal(catalogue_module(STR("mod_mqtt")),
	    catalogue_listener(STR("mod_mqtt")));
}

struct row {
	const char *name;
	const char *target;
	bool yaml;
	enum option_state state;
};

static void
test_states(void **state)
{
	static const struct row rows[] = {
		{ "hosts", "ejabberd-2.1", false, OPTION_VALID },
		{ "hosts", "ejabberd-13.10", true, OPTION_VALID },
		{ "hosts", "ejabberd-26.07", true, OPTION_VALID },
		{ "hosts", "ejabberd-26.07", false, OPTION_VALID },
		/* later */
		{ "sql_type", "ejabberd-2.1", false, OPTION_VALID_SINCE },
		{ "sql_type", "ejabberd-16.03", true, OPTION_VALID_SINCE },
		{ "sql_type", "ejabberd-16.04", true, OPTION_VALID },
		{ "sql_type", "xmppd", true, OPTION_VALID },
		/* renamed */
		{ "odbc_type", "ejabberd-16.03", true, OPTION_VALID },
		{ "odbc_type", "ejabberd-16.04", true, OPTION_REMOVED },
		{ "odbc_type", "xmppd", true, OPTION_VALID },
		{ "odbc_server", "ejabberd-26.07", false, OPTION_DEPRECATED },
		/* rewritten */
		{ "s2s_certfile", "ejabberd-19.05", true, OPTION_VALID },
		{ "s2s_certfile", "ejabberd-19.08", true, OPTION_DEPRECATED },
		{ "ejabberd_c2s.certfile", "ejabberd-26.07", true,
		    OPTION_DEPRECATED },
		{ "mod_vcard.ldap_base", "ejabberd-26.07", true, OPTION_VALID },
		/* deprecated, then dropped */
		{ "access", "ejabberd-16.04", true, OPTION_VALID },
		{ "access", "ejabberd-16.06", true, OPTION_DEPRECATED },
		{ "access", "ejabberd-26.07", true, OPTION_REMOVED },
		/* old names that the first releases with YAML still had */
		{ "ejabberd_http.http_poll", "ejabberd-14.07", true,
		    OPTION_VALID },
		{ "ejabberd_http.http_poll", "ejabberd-15.06", true,
		    OPTION_REMOVED },
		/* of Erlang terms only */
		{ "s2s_default_policy", "ejabberd-26.07", true,
		    OPTION_REMOVED },
		{ "s2s_default_policy", "xmppd", true, OPTION_REMOVED },
		{ "s2s_default_policy", "ejabberd-26.07", false,
		    OPTION_DEPRECATED },
		{ "nonsense", "xmppd", true, OPTION_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct target target = target_of(rows[i].target);
		enum option_state now = option_state(
		    option_of(rows[i].name), &target, rows[i].yaml);
		if (now != rows[i].state)
			fail_msg("%s for %s: %d, not %d", rows[i].name,
			    rows[i].target, now, rows[i].state);
	}
}

static void
test_services(void **state)
{
	static const struct row rows[] = {
		{ "mod_ping", "ejabberd-2.1", false, OPTION_VALID },
		{ "mod_ping", "ejabberd-26.07", true, OPTION_VALID },
		{ "mod_mam", "ejabberd-2.1", false, OPTION_UNKNOWN },
		{ "mod_push", "ejabberd-2.1", false, OPTION_VALID_SINCE },
		{ "mod_mam", "ejabberd-15.06", true, OPTION_VALID },
		{ "mod_mix", "ejabberd-16.02", true, OPTION_VALID_SINCE },
		{ "mod_irc", "ejabberd-18.04", true, OPTION_VALID },
		{ "mod_irc", "ejabberd-18.06", true, OPTION_REMOVED },
		{ "mod_echo", "ejabberd-26.07", true, OPTION_REMOVED },
		{ "mod_last_odbc", "ejabberd-2.1", false, OPTION_VALID },
		{ "mod_last_odbc", "ejabberd-26.07", true, OPTION_DEPRECATED },
		{ "mod_http_bind", "ejabberd-16.12", true, OPTION_VALID },
		{ "mod_http_bind", "ejabberd-17.01", true, OPTION_DEPRECATED },
		{ "mod_statsdx", "ejabberd-26.07", true, OPTION_UNKNOWN },
		{ "ejabberd_c2s", "ejabberd-26.07", true, OPTION_VALID },
		{ "ejabberd_xmlrpc", "ejabberd-26.07", true,
		    OPTION_DEPRECATED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct target target = target_of(rows[i].target);
		enum option_state now = service_state(
		    service_of(str_of(rows[i].name)), &target, rows[i].yaml);
		if (now != rows[i].state)
			fail_msg("%s for %s: %d, not %d", rows[i].name,
			    rows[i].target, now, rows[i].state);
	}
	assert_true(catalogue_module(STR("mod_statsdx"))->foreign);
}

static void
test_facts(void **state)
{
	const struct option *access = option_of("access");

	(void)state;
	assert_string_equal(option_since(access), "2.1");
	assert_string_equal(option_since(option_of("fqdn")), "2.1.11");
	assert_string_equal(option_last(access), "19.05");
	assert_string_equal(option_deprecated(access), "16.06");
	assert_true(option_is_dropped(access, true));
	assert_true(option_is_dropped(option_of("override_global"), false));
	assert_false(option_is_dropped(option_of("override_global"), true));
	assert_string_equal(option_since(option_of("sql_type")), "16.04");
	assert_string_equal(option_last(option_of("sql_type")), "26.07");
	assert_string_equal(
	    option_deprecated(option_of("s2s_certfile")), "19.08");
	assert_string_equal(option_of("s2s_certfile")->instead, "certfiles");
	assert_string_equal(
	    option_fallback(option_of("mod_ping.ping_interval"), true),
	    "1 minute");
	assert_true(option_is_per_host(option_of("s2s_use_starttls"), true));
	assert_false(option_is_per_host(option_of("s2s_use_starttls"), false));
	assert_false(option_is_per_host(option_of("listen"), true));
	assert_int_equal(
	    option_kind(option_of("sql_password"), true), TYPE_SECRET);
	assert_int_equal(
	    option_kind(option_of("sql_password"), false), TYPE_NONE);
	const struct service *old = catalogue_module(STR("mod_last_odbc"));
	assert_string_equal(service_read_as(old, true)->name, "mod_last");
	assert_ptr_equal(service_read_as(old, false), old);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_look_up),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_services),
		cmocka_unit_test(test_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

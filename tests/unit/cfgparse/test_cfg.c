#include "cfgparse/cfg.h"
/* What a configuration means once it is frozen. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "cfgparse/findings.h"

static struct findings *findings;
static struct cfg *cfg;

#define HOSTS "{hosts, [\"example.org\", \"Example.NET\"]}.\n"

/* Loads the text, which must have no error. */
static void
load(const char *text)
{
	findings = findings_create("test");
	struct findings_options options = { .format = FORMAT_GCC };

	if (!cfg_load_text("t.cfg", str_of(text), NULL, findings, &cfg)) {
		findings_render(findings, &options, stderr);
		fail();
	}
}

static int
unload(void **state)
{
	(void)state;
	cfg_destroy(&cfg);
	findings_destroy(&findings);
	return 0;
}

static const struct cfg_host *
host(const char *name)
{
	const struct cfg_host *found = cfg_host(cfg, str_of(name));

	assert_non_null(found);
	return found;
}

static const char *
access_of(const char *on, const char *rule, const char *user,
    const char *server, const char *resource)
{
	struct cfg_subject subject = { str_of(user), str_of(server),
		str_of(resource) };

	return cfg_access(cfg, host(on), rule, &subject);
}

static void
test_hosts_and_globals(void **state)
{
	(void)state;
	load(HOSTS "{loglevel, debug}. {registration_timeout, infinity}.\n"
		   "{language, \"de\"}.\n");
	assert_int_equal(cfg->host_count, 2);
	assert_string_equal(cfg->hosts[1].name, "example.net");
	assert_null(cfg_host(cfg, STR("example.com")));
	assert_int_equal(cfg->loglevel, 5);
	assert_int_equal(cfg->registration_timeout_s, 0);
	assert_string_equal(cfg->language, "de");
}

static void
test_listeners(void **state)
{
	(void)state;
	load(HOSTS
	    "{listen, [{5222, ejabberd_c2s, [{certfile, \"a.pem\"}, starttls,"
	    " {access, all}, {max_stanza_size, 100}]},\n"
	    "{{5223, \"::1\"}, ejabberd_c2s, [{certfile, \"a.pem\"}, tls]},\n"
	    "{{5224, {127,0,0,1}, tcp}, ejabberd_c2s,"
	    " [{certfile, \"/b.pem\"}, starttls_required]},\n"
	    "{5225, ejabberd_c2s, [inet6, {shaper, none}]},\n"
	    "{5280, ejabberd_http, [web_admin]}]}.\n");
	const struct cfg_listener *l = cfg->listeners;
	assert_int_equal(cfg->listener_count, 5);
	assert_string_equal(l[0].name, "0.0.0.0:5222");
	assert_int_equal(l[0].tls, CFG_TLS_STARTTLS);
	assert_int_equal(l[0].max_stanza_size, 100);
	assert_int_equal(l[0].place.line, 2);
	assert_string_equal(l[1].name, "[::1]:5223");
	assert_int_equal(l[1].tls, CFG_TLS_DIRECT);
	assert_int_equal(l[1].address.ss_family, AF_INET6);
	assert_string_equal(l[2].name, "127.0.0.1:5224");
	assert_int_equal(l[2].tls, CFG_TLS_STARTTLS_REQUIRED);
	assert_string_equal(l[3].name, "[::]:5225");
	assert_int_equal(l[3].tls, CFG_TLS_NONE);
	assert_int_equal(l[4].service, CFG_IGNORED);
	assert_int_equal(cfg->certfile_count, 2);
	assert_string_equal(cfg->certfiles[0], "a.pem");
	assert_string_equal(cfg->certfiles[1], "/b.pem");
}

static void
test_order_of_host_config(void **state)
{
	(void)state;
	/* A global value behind a host_config replaces it; added lists stand
	 * before what there was. */
	load(HOSTS "{resource_conflict, closeold}.\n"
		   "{modules, [{mod_disco, []}, {mod_ping, []}]}.\n"
		   "{host_config, \"example.net\", [\n"
		   " {resource_conflict, closenew},\n"
		   " {{add, modules}, [{mod_version, []}]}]}.\n"
		   "{host_config, \"example.org\", [{modules, []}]}.\n");
	assert_true(host("example.net")->resource_conflict_closenew);
	assert_false(host("example.org")->resource_conflict_closenew);
	assert_int_equal(host("example.net")->module_count, 3);
	assert_non_null(cfg_module(host("example.net"), "mod_version"));
	assert_null(cfg_module(host("example.org"), "mod_disco"));
	unload(NULL);
	load(HOSTS "{host_config, \"example.net\", [\n"
		   " {resource_conflict, closenew}]}.\n"
		   "{resource_conflict, closeold}.\n");
	assert_false(host("example.net")->resource_conflict_closenew);
}

static void
test_last_value_and_first_macro_hold(void **state)
{
	(void)state;
	load("{define_macro, 'LEVEL', 2}. {define_macro, 'LEVEL', 3}.\n"
	     "{define_macro, 'HOSTS', [\"a.example\"]}.\n"
	     "{hosts, 'HOSTS'}. {loglevel, 5}. {loglevel, 'LEVEL'}.\n"
	     "{language, {use_macro, 'NONE', \"fr\"}}.\n");
	assert_int_equal(cfg->loglevel, 2);
	assert_string_equal(cfg->language, "fr");
	assert_string_equal(cfg->hosts[0].name, "a.example");
}

static void
test_acls(void **state)
{
	(void)state;
	load(HOSTS
	    "{acl, a, {user, \"Alice\"}}. {acl, a, {user, \"bob\", "
	    "\"example.com\"}}.\n"
	    "{acl, s, {server, \"example.com\"}}.\n"
	    "{acl, r, {resource, \"Bot\"}}.\n"
	    "{acl, re, {user_regexp, \"^x[0-9]+$\"}}.\n"
	    "{acl, nre, {node_regexp, \"^y\", \"com$\"}}.\n"
	    "{acl, g, {user_glob, \"t?st[!0-9]*\"}}.\n"
	    "{acl, ng, {node_glob, \"*bot\", \"*.com\"}}.\n"
	    "{acl, local, {user_regexp, \"\"}}.\n"
	    "{access, t, [{a, a}, {s, s}, {r, r}, {re, re}, {nre, nre}, {g, "
	    "g}, {ng, ng}, {7, local}]}.\n");
	const char *o = "example.org", *c = "example.net";
	assert_string_equal(access_of(o, "t", "alice", o, ""), "a");
	assert_string_equal(access_of(o, "t", "alice", c, ""), "deny");
	assert_string_equal(access_of(c, "t", "alice", c, ""), "a");
	assert_string_equal(access_of(o, "t", "bob", "example.com", ""), "a");
	assert_string_equal(access_of(o, "t", "x", "example.com", ""), "s");
	assert_string_equal(access_of(o, "t", "x", o, "bot"), "r");
	assert_string_equal(access_of(o, "t", "x12", o, ""), "re");
	assert_string_equal(access_of(o, "t", "x1a", o, ""), "7");
	assert_string_equal(access_of(o, "t", "y", "a.com", ""), "nre");
	assert_string_equal(access_of(o, "t", "testy", o, ""), "g");
	assert_string_equal(access_of(o, "t", "t\xc3\xa9sty", o, ""), "g");
	assert_string_equal(access_of(o, "t", "test5", o, ""), "7");
	assert_string_equal(access_of(o, "t", "abot", "b.com", ""), "ng");
	assert_string_equal(access_of(o, "t", "z", "b.org", ""), "deny");
	assert_string_equal(access_of(o, "all", "z", o, ""), "allow");
	assert_string_equal(access_of(o, "none", "z", o, ""), "deny");
	assert_string_equal(access_of(o, "missing", "z", o, ""), "deny");
}

static void
test_host_rules_come_before_the_last_allow(void **state)
{
	(void)state;
	load(HOSTS
	    "{acl, bad, {user, \"eve\"}}. {acl, worse, {user, \"mallory\"}}.\n"
	    "{access, c2s, [{deny, bad}, {allow, all}]}.\n"
	    "{host_config, \"example.net\", [\n"
	    " {access, c2s, [{deny, worse}]}]}.\n");
	const char *o = "example.org", *n = "example.net";
	assert_string_equal(access_of(o, "c2s", "mallory", o, ""), "allow");
	assert_string_equal(access_of(n, "c2s", "mallory", n, ""), "deny");
	assert_string_equal(access_of(n, "c2s", "eve", n, ""), "deny");
	assert_string_equal(access_of(n, "c2s", "alice", n, ""), "allow");
}

static void
test_shapers(void **state)
{
	(void)state;
	struct cfg_subject alice = { STR("alice"), STR("example.org"),
		STR("") };

	load(HOSTS "{shaper, normal, {maxrate, 1000}}.\n"
		   "{access, c2s_shaper, [{normal, all}]}.\n"
		   "{access, other, [{unknown, all}]}.\n");
	const struct cfg_host *on = host("example.org");
	assert_int_equal(cfg_shaper_rate(cfg, on, "c2s_shaper", &alice), 1000);
	assert_int_equal(cfg_shaper_rate(cfg, on, "none", &alice), 0);
	assert_int_equal(cfg_shaper_rate(cfg, on, "other", &alice), 0);
	assert_int_equal(cfg_shaper_rate(cfg, on, "missing", &alice), 0);
}

static bool
may_register(const char *text)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	bool is_v4 = inet_pton(AF_INET, text, &v4.sin_addr) == 1;

	if (!is_v4)
		assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return cfg_register_address_allowed(cfg, host("example.org"),
	    is_v4 ? (const struct sockaddr *)&v4
		  : (const struct sockaddr *)&v6);
}

static void
test_module_options(void **state)
{
	(void)state;
	const char *subject, *body;

	load(HOSTS
	    "{modules, [{mod_version, [{show_os, false}]}, {mod_register, [\n"
	    " {welcome_message, {\"Hi\", \"There\"}}, {password_strength, 32},"
	    " {access, all},\n"
	    " {ip_access, [{deny, \"127.0.0.9\"}, {allow, \"127.0.0.0/8\"},"
	    " {allow, \"2001:db8::/33\"}, {deny, \"0.0.0.0/0\"}, {deny, "
	    "\"::/0\"}]}]}]}.\n");
	const struct cfg_module *version =
	    cfg_module(host("example.org"), "mod_version");
	const struct cfg_module *reg =
	    cfg_module(host("example.org"), "mod_register");
	assert_false(cfg_module_bool(version, "show_os", true));
	assert_true(cfg_module_bool(version, "other", true));
	assert_int_equal(cfg_module_int(reg, "password_strength", 0), 32);
	assert_string_equal(cfg_module_text(reg, "access", "none"), "all");
	assert_true(cfg_module_pair(reg, "welcome_message", &subject, &body));
	assert_string_equal(subject, "Hi");
	assert_string_equal(body, "There");
	assert_true(may_register("127.0.0.1"));
	assert_true(may_register("::ffff:127.0.0.1"));
	assert_false(may_register("127.0.0.9"));
	assert_false(may_register("192.0.2.1"));
	assert_true(may_register("2001:db8:7fff::1"));
	assert_false(may_register("2001:db8:8000::1"));
}

static void
test_mechanisms(void **state)
{
	(void)state;
	load(HOSTS "{disable_sasl_mechanisms, \"plain\"}.\n"
		   "{host_config, \"example.net\", [{disable_sasl_mechanisms,"
		   " [\"SCRAM-SHA-1-PLUS\", 'digest-md5']}]}.\n");
	assert_int_equal(host("example.org")->disabled_mechanisms, CFG_PLAIN);
	assert_int_equal(
	    host("example.net")->disabled_mechanisms, CFG_SCRAM_SHA_1_PLUS);
}

/* A mechanism and its -PLUS form are two, as in ejabberd. */
static void
test_mechanisms_for_themselves(void **state)
{
	(void)state;
	load(HOSTS "{disable_sasl_mechanisms, [\"SCRAM-SHA-1\", \"PLAIN\","
		   " \"SCRAM-SHA-256\"]}.\n"
		   "{host_config, \"example.net\", [{disable_sasl_mechanisms,"
		   " [\"SCRAM-SHA-1-PLUS\", \"scram-sha-256-plus\"]}]}.\n");
	assert_int_equal(host("example.org")->disabled_mechanisms,
	    CFG_SCRAM_SHA_1 | CFG_PLAIN | CFG_SCRAM_SHA_256);
	assert_int_equal(host("example.net")->disabled_mechanisms,
	    CFG_SCRAM_SHA_1_PLUS | CFG_SCRAM_SHA_256_PLUS);
}

static void
test_errors_give_no_configuration(void **state)
{
	(void)state;
	findings = findings_create("test");
	assert_false(
	    cfg_load_text("t.cfg", STR("{hosts, []}."), NULL, findings, &cfg));
	assert_null(cfg);
	assert_false(cfg_load(
	    "/nonexistent", &(struct cfg_load_options){ 0 }, findings, &cfg));
	assert_false(cfg_load_text("t.cfg",
	    STR(HOSTS "{include_config_file, \"/etc/passwd\"}."), NULL,
	    findings, &cfg));
}

#define TEST(f) cmocka_unit_test_teardown(f, unload)

static bool
admits(const char *rule, const char *address)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	struct cfg_subject subject = { .user = STR("alice"),
		.server = STR("example.org"),
		.address = (const struct sockaddr *)&from };

	assert_int_equal(inet_pton(AF_INET, address, &from.sin_addr), 1);
	if (!rule)
		return cfg_register_address_allowed(
		    cfg, host("example.org"), (const struct sockaddr *)&from);
	return cfg_allowed(cfg, host("example.org"), rule, &subject);
}

static void
test_yaml(void **state)
{
	(void)state;
	load("hosts: [example.org]\nloglevel: debug\n"
	     "certfiles: [x.pem]\n"
	     "listen:\n  - port: 5222\n    ip: \"127.0.0.1\"\n"
	     "    module: ejabberd_c2s\n    access: c2s\n"
	     "    starttls_required: true\n    max_stanza_size: 1000\n"
	     "acl:\n  home:\n    ip: 192.0.2.0/24\n"
	     "access_rules:\n  c2s:\n    - deny: home\n    - allow: all\n"
	     "  home:\n    - allow: home\n"
	     "modules:\n  mod_register:\n    ip_access: home\n"
	     "    access:\n      - allow: home\n  mod_disco: {}\n");
	assert_int_equal(cfg->loglevel, 5);
	assert_int_equal(cfg->listener_count, 1);
	assert_string_equal(cfg->listeners[0].name, "127.0.0.1:5222");
	assert_string_equal(cfg->listeners[0].access, "c2s");
	assert_int_equal(cfg->listeners[0].tls, CFG_TLS_STARTTLS_REQUIRED);
	assert_int_equal(cfg->listeners[0].max_stanza_size, 1000);
	assert_string_equal(cfg->listeners[0].certfile, "x.pem");
	assert_non_null(cfg_module(host("example.org"), "mod_disco"));
	assert_true(admits("c2s", "198.51.100.1"));
	assert_false(admits("c2s", "192.0.2.1"));
	/* A rule in place of a list of networks, and one without a name. */
	assert_true(admits(NULL, "192.0.2.1"));
	assert_false(admits(NULL, "198.51.100.1"));
	const char *rule = cfg_module_text(
	    cfg_module(host("example.org"), "mod_register"), "access", "all");
	assert_true(admits(rule, "192.0.2.1"));
	assert_false(admits(rule, "198.51.100.1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_hosts_and_globals),
		TEST(test_listeners),
		TEST(test_order_of_host_config),
		TEST(test_last_value_and_first_macro_hold),
		TEST(test_acls),
		TEST(test_host_rules_come_before_the_last_allow),
		TEST(test_shapers),
		TEST(test_module_options),
		TEST(test_mechanisms),
		TEST(test_mechanisms_for_themselves),
		TEST(test_yaml),
		TEST(test_errors_give_no_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

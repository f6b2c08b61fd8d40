/*
 * Values against the types of their options, in both dialects: what passes,
 * and for what doesn't the part that is wrong and what should stand there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/catalogue.h"
#include "cfgparse/terms.h"
#include "cfgparse/yaml.h"

struct row {
	const char *option; /* "loglevel", "mod_ping.send_pings" */
	const char *value;
	/* NULL: it is right. Otherwise the column of the wrong part, which
	 * stands in the first line, and what is expected: "1 true or false" */
	const char *wrong;
	const char *target; /* NULL: xmppd */
};

static const struct option *
option_of(const char *name)
{
	const char *dot = strchr(name, '.');

	if (!dot)
		return catalogue_option(str_of(name));
	struct str owner = { name, (size_t)(dot - name) };
	const struct service *service = catalogue_module(owner);
	if (!service || dot[1] == '!')
		service = catalogue_listener(owner);
	return catalogue_service_option(
	    service, str_of(dot + 1 + (dot[1] == '!')));
}

/* The value as the file's only one: "v: VALUE" or "VALUE." */
static const struct term *
parse(struct arena *arena, struct findings *findings, const char *value,
    bool yaml)
{
	char *text = arena_printf(arena, yaml ? "v: %s\n" : "%s.\n", value);
	const struct source *source =
	    findings_source(findings, "x", str_of(text));
	struct term *root = NULL;
	struct term *list;
	size_t count = 0;

	if (yaml) {
		yaml_parse(arena, source, findings, &root);
		return root && root->count == 2 ? &root->items[1] : NULL;
	}
	terms_parse(arena, source, &(struct terms_options){ 0 }, findings,
	    &list, &count);
	return count == 1 ? &list[0] : NULL;
}

static void
check(const struct row *row, bool yaml)
{
	struct findings *findings = findings_create("test");
	struct arena arena = { 0 };
	struct target target = target_default;
	struct mismatch mismatch = { 0 };
	const char *found = NULL;
	const char *why;

	if (row->target)
		assert_true(target_parse(str_of(row->target), &target, &why));
	const struct option *option = option_of(row->option);
	const struct term *value = parse(&arena, findings, row->value, yaml);
	if (!option || !value)
		fail_msg("%s: %s", row->option, row->value);
	if (!catalogue_check(option, &target, value, &arena, &mismatch))
		found = arena_printf(&arena, "%u %s",
		    term_span(mismatch.at).begin.column - (yaml ? 3 : 0),
		    mismatch.expected);
	if (!found != !row->wrong || (found && strcmp(found, row->wrong) != 0))
		fail_msg("%s: %s\nis    %s\nnot   %s", row->option, row->value,
		    found ? found : "right", row->wrong ? row->wrong : "right");
	arena_fini(&arena);
	findings_destroy(&findings);
}

#define CHECK_ALL(rows, yaml)                                         \
	for (size_t i = 0; i < sizeof(rows) / sizeof((rows)[0]); i++) \
	check(&(rows)[i], yaml)

#define TEXT "a text (a number needs quotes)"
#define SECONDS "a number of seconds from 1, or such as \"5 minutes\""

static void
test_words(void **state)
{
	static const struct row rows[] = {
		{ "use_cache", "true", NULL, NULL },
		{ "use_cache", "yes", NULL, NULL },
		{ "use_cache", "\"on\"", NULL, NULL },
		{ "use_cache", "n", NULL, "ejabberd-19.08" },
		{ "use_cache", "yes", "1 true or false", "ejabberd-19.05" },
		{ "use_cache", "True", "1 true or false", NULL },
		{ "use_cache", "1", "1 true or false", NULL },
		{ "use_cache", "[true]", "1 true or false", NULL },
		{ "sql_database", "x", NULL, NULL },
		{ "sql_database", "\"123\"", NULL, NULL },
		{ "sql_database", "''", NULL, NULL },
		{ "sql_database", "123", "1 " TEXT, NULL },
		{ "sql_password", "123", "1 " TEXT, NULL },
		{ "sql_database", "1.5", "1 " TEXT, NULL },
		{ "sql_database", "{}", "1 " TEXT, NULL },
		{ "sql_database", "\"@DB@\"", NULL, NULL },
		{ "sql_type", "mysql", NULL, NULL },
		{ "sql_type", "'pgsql'", NULL, NULL },
		{ "sql_type", "maria",
		    "1 one of mysql, pgsql, sqlite, mssql, odbc", NULL },
		{ "default_db", "riak", NULL, "ejabberd-18.01" },
		{ "default_db", "riak", "1 one of mnesia, sql, internal, odbc",
		    "ejabberd-19.08" },
		{ "loglevel", "4", NULL, NULL },
		{ "loglevel", "info", NULL, NULL },
		{ "loglevel", "info",
		    "1 one of none, emergency, alert, critical, error, "
		    "warning, notice, info, debug, or a number from 0 to 5",
		    "ejabberd-18.01" },
		{ "language", "pt-br", NULL, NULL },
		{ "language", "e n", "1 a language tag such as en or pt-br",
		    NULL },
		{ "mod_http_upload.file_mode", "\"0644\"", NULL, NULL },
		{ "mod_http_upload.file_mode", "0644",
		    "1 an octal number in quotes, such as \"0644\"", NULL },
		{ "mod_http_upload.file_mode", "\"089\"",
		    "1 an octal number in quotes, such as \"0644\"", NULL },
	};

	(void)state;
	CHECK_ALL(rows, true);
}

static void
test_numbers(void **state)
{
	static const struct row rows[] = {
		{ "sql_port", "5432", NULL, NULL },
		{ "sql_port", "0", "1 a port number from 1 to 65535", NULL },
		{ "sql_port", "65536", "1 a port number from 1 to 65535",
		    NULL },
		{ "sql_port", "\"5432\"", "1 a port number from 1 to 65535",
		    NULL },
		{ "oom_watermark", "99", NULL, NULL },
		{ "oom_watermark", "100", "1 a whole number from 1 to 99",
		    NULL },
		{ "cache_size", "infinity", NULL, NULL },
		{ "cache_size", "unlimited", NULL, NULL },
		{ "cache_size", "0", "1 a whole number from 1, or infinity",
		    NULL },
		{ "max_fsm_queue", "infinity", "1 a whole number from 1",
		    NULL },
		{ "log_rotate_size", "0", NULL, "ejabberd-19.05" },
		{ "log_rotate_size", "0",
		    "1 a whole number from 1, or infinity", "ejabberd-26.07" },
		{ "mod_muc.max_users_presence", "-1", NULL, NULL },
		{ "mod_muc.min_message_interval", "0.4", NULL, NULL },
		{ "mod_muc.min_message_interval", "-1", "1 a number from 0",
		    NULL },
		{ "ejabberd_stun.turn_min_port", "1024",
		    "1 a whole number from 1025 to 65535", NULL },
		{ "ejabberd_c2s.port", "5222", NULL, NULL },
		{ "ejabberd_c2s.port", "\"unix:/run/x\"", NULL, NULL },
		{ "ejabberd_c2s.port", "70000",
		    "1 a whole number from 0 to 65535, or unix: and the path "
		    "of a socket",
		    NULL },
	};

	(void)state;
	CHECK_ALL(rows, true);
}

static void
test_times(void **state)
{
	static const struct row rows[] = {
		{ "negotiation_timeout", "30", NULL, NULL },
		{ "negotiation_timeout", "\"30\"", NULL, NULL },
		{ "negotiation_timeout", "5 minutes", NULL, NULL },
		{ "negotiation_timeout", "5m", NULL, NULL },
		{ "negotiation_timeout", "1 Hour", NULL, NULL },
		{ "negotiation_timeout", "2000 ms", NULL, NULL },
		{ "negotiation_timeout", "1 days", NULL, NULL },
		{ "negotiation_timeout", "500 ms", "1 " SECONDS, NULL },
		{ "negotiation_timeout", "0", "1 " SECONDS, NULL },
		{ "negotiation_timeout", "-5", "1 " SECONDS, NULL },
		{ "negotiation_timeout", "5 weeks", "1 " SECONDS, NULL },
		{ "negotiation_timeout", "1.5", "1 " SECONDS, NULL },
		{ "negotiation_timeout", "infinity", "1 " SECONDS, NULL },
		{ "negotiation_timeout", "99999999999999999999 ms",
		    "1 " SECONDS, NULL },
		{ "s2s_timeout", "infinity", NULL, NULL },
		{ "s2s_timeout", "never", "1 " SECONDS ", or infinity", NULL },
		{ "s2s_timeout", "5 minutes",
		    "1 a number of seconds from 1, or infinity",
		    "ejabberd-19.05" },
		{ "mod_stream_mgmt.resume_timeout", "0", NULL, NULL },
		{ "mod_stream_mgmt.resume_timeout", "-1", "1 " SECONDS ", or 0",
		    NULL },
	};

	(void)state;
	CHECK_ALL(rows, true);
}

static void
test_names(void **state)
{
	static const struct row rows[] = {
		{ "hosts", "[example.org, \"xn--bcher-kva.example\"]", NULL,
		    NULL },
		{ "hosts", "[example.org, a@b]", "15 a host name", NULL },
		{ "hosts", "[\"a - b\"]", "2 a host name", NULL },
		{ "hosts", "example.org", "1 a list, each element a host name",
		    NULL },
		{ "hosts", "[5]", "2 a host name", NULL },
		{ "mod_muc.host", "conference.@HOST@", NULL, NULL },
		{ "mod_muc.host", "a b", "1 a host name", NULL },
		{ "mod_register.registration_watchers",
		    "[admin@example.org, example.org]", NULL, NULL },
		{ "mod_register.registration_watchers", "[\"@example.org\"]",
		    "2 an address such as user@host", NULL },
		{ "ext_api_url", "https://api.example:8080/x?y", NULL, NULL },
		{ "ext_api_url", "\"http://[::1]:80/\"", NULL, NULL },
		{ "ext_api_url", "ftp://x/",
		    "1 an address (URL) that begins with one of http, https",
		    NULL },
		{ "ext_api_url", "http:///x",
		    "1 an address (URL) that begins with one of http, https",
		    NULL },
		{ "ext_api_url", "\"http://x:99999/\"",
		    "1 an address (URL) that begins with one of http, https",
		    NULL },
		{ "mod_http_upload.put_url", "\"https://@HOST@:5443/x\"", NULL,
		    NULL },
		{ "captcha_url", "auto", NULL, NULL },
		{ "ejabberd_c2s.ip", "\"::\"", NULL, NULL },
		{ "ejabberd_c2s.ip", "127.0.0.1", NULL, NULL },
		{ "ejabberd_c2s.ip", "300.0.0.1", "1 an IP address", NULL },
		{ "ejabberd_stun.turn_ipv4_address", "\"::1\"",
		    "1 an IPv4 address", NULL },
		{ "outgoing_s2s_ipv6_address", "\"::1\"", NULL, NULL },
		{ "trusted_proxies", "all", NULL, NULL },
		{ "trusted_proxies", "[192.0.2.0/24, \"2001:db8::/32\"]", NULL,
		    NULL },
		{ "trusted_proxies", "[192.0.2.0/33]",
		    "2 an IP address or network such as 192.0.2.0/24", NULL },
		{ "certfiles", "[/etc/x/*.pem]", NULL, NULL },
		{ "certfiles", "/etc/x.pem",
		    "1 a list, each element the name of a PEM file", NULL },
		{ "ca_file", "''", "1 the name of a PEM file", NULL },
		{ "ldap_filter", "(&(a=b)(c=*))", NULL, NULL },
		{ "ldap_filter", "a=b",
		    "1 an LDAP filter in parentheses, such as (a=b)", NULL },
		{ "ldap_filter", "\"(&(a=b)\"",
		    "1 an LDAP filter in parentheses, such as (a=b)", NULL },
		{ "mod_muc.regexp_room_id", "\"^[a-z]{3,}(x|y)?$\"", NULL,
		    NULL },
		{ "mod_muc.regexp_room_id", "\"(a\"", "1 a regular expression",
		    NULL },
		{ "mod_muc.regexp_room_id", "\"[a\"", "1 a regular expression",
		    NULL },
	};

	(void)state;
	CHECK_ALL(rows, true);
}

static void
test_lists(void **state)
{
	static const struct row rows[] = {
		{ "auth_method", "mnesia", NULL, NULL },
		{ "auth_method", "[ldap, anonymous]", NULL, NULL },
		{ "auth_method", "[ldap, mnesio]",
		    "8 one of anonymous, external, jwt, ldap, mnesia, pam, "
		    "sql, internal, odbc",
		    "ejabberd-26.07" },
		{ "outgoing_s2s_families", "[ipv6, ipv4]", NULL, NULL },
		{ "outgoing_s2s_families", "[ipv6, ip]", "8 one of ipv4, ipv6",
		    NULL },
		{ "outgoing_s2s_families", "ipv4",
		    "1 a list that isn't empty, each element one of ipv4, ipv6",
		    NULL },
		{ "outgoing_s2s_families", "[]",
		    "1 a list that isn't empty, each element one of ipv4, "
		    "ipv6",
		    NULL },
		{ "domain_balancing", "{a.b: random}", NULL, "ejabberd-19.05" },
		{ "domain_balancing", "{a.b: random}",
		    "7 a mapping with component_number, type",
		    "ejabberd-19.08" },
		{ "mod_muc.vcard", "{fn: Chat, adr: [{work: yes}]}", NULL,
		    NULL },
		{ "mod_muc.vcard", "{fn: 5}", "6 " TEXT, NULL },
		{ "api_permissions", "{x: {from: [mod_http_api], what: \"*\"}}",
		    NULL, NULL },
		{ "api_permissions", "{x: {form: a}}",
		    "6 one of from, who, what", NULL },
		{ "host_config", "{a.b: c}", "7 a mapping (NAME: VALUE)",
		    NULL },
		{ "c2s_protocol_options", "[no_tlsv1, 5]", "12 " TEXT, NULL },
		{ "c2s_ciphers", "[HIGH, \"!aNULL\"]", NULL, NULL },
		{ "c2s_ciphers", "[HIGH, 5]", "8 " TEXT, NULL },
		{ "mod_disco.extra_domains", "{}", NULL, NULL },
		{ "mod_disco.extra_domains", "{a: b}",
		    "1 a list, each element " TEXT, NULL },
		{ "mod_http_fileserver.custom_headers", "{a: b}", NULL, NULL },
		{ "mod_http_fileserver.custom_headers", "[]", NULL, NULL },
		{ "mod_http_fileserver.custom_headers", "{a: 5}", "5 " TEXT,
		    NULL },
		{ "mod_http_fileserver.custom_headers", "[a]",
		    "1 a mapping (NAME: VALUE)", NULL },
		{ "mod_muc.default_room_options", "{mam: true, max_users: 5}",
		    NULL, NULL },
		{ "mod_muc.default_room_options", "{mam: maybe}",
		    "7 true or false", NULL },
		{ "mod_register.welcome_message", "{subject: a, text: b}",
		    "14 one of subject, body", NULL },
		{ "mod_stun_disco.services", "[{host: x, type: turn}]", NULL,
		    NULL },
		{ "mod_stun_disco.services", "[{type: turn}]",
		    "2 a mapping with host, port, type, transport, restricted",
		    NULL },
		{ "shaper", "{normal: 1000, fast: {rate: 5, burst_size: 9}}",
		    NULL, NULL },
		{ "shaper", "{fast: {burst_size: 9}}",
		    "8 a mapping with rate, burst_size", NULL },
		{ "shaper", "{normal: none}", NULL, "ejabberd-15.06" },
		{ "shaper", "{normal: -1}",
		    "10 a whole number from 1, or infinity, or a mapping with "
		    "rate, burst_size",
		    NULL },
		{ "ldap_uids", "[uid]", NULL, NULL },
		{ "ldap_uids", "{uid: \"%u\"}", NULL, NULL },
		{ "ldap_uids", "{uid: 5}", "7 " TEXT, NULL },
	};

	(void)state;
	CHECK_ALL(rows, true);
}

#define ACCESS "the name of an access rule, or a list of allow: and deny:"

static void
test_access(void **state)
{
	static const struct row rows[] = {
		{ "s2s_access", "all", NULL, NULL },
		{ "s2s_access", "[{deny: blocked}, {allow: all}]", NULL, NULL },
		{ "s2s_access", "{allow: {user: \"a@b\"}}", NULL, NULL },
		{ "s2s_access", "[allow]", NULL, NULL },
		{ "s2s_access", "5", "1 " ACCESS, NULL },
		{ "s2s_access", "[local]", "2 one of allow, deny", NULL },
		{ "s2s_access", "[{permit: all}]", "3 one of allow, deny",
		    NULL },
		{ "s2s_access", "[{allow: 5}]", "10 the name of an acl", NULL },
		{ "access_rules", "{c2s: [{deny: x}, allow]}", NULL, NULL },
		{ "access_rules", "{c2s: all}",
		    "7 a list of allow: and deny: with the names of acls",
		    NULL },
		{ "access_rules", "{c2s: {allow: [{ip: 127.0.0.1/8}]}}", NULL,
		    NULL },
		{ "access_rules", "{c2s: {allow: {acl: a, user: b}}}", NULL,
		    NULL },
		{ "acl", "{admin: {user: [a@b, {c: d}]}, x: {server: s}}", NULL,
		    NULL },
		{ "acl", "{local: {user_regexp: ''}}", NULL, NULL },
		{ "acl", "{local: [{user: a}, {ip: [10.0.0.0/8]}]}", NULL,
		    NULL },
		{ "acl", "{local: {user_regexp: \"*\"}}",
		    "23 a regular expression, or a mapping (NAME: VALUE)",
		    NULL },
		{ "acl", "{local: {usr: a}}",
		    "10 one of user, user_regexp, user_glob, server, "
		    "server_regexp, server_glob, resource, resource_regexp, "
		    "resource_glob, node_regexp, node_glob, shared_group, ip",
		    NULL },
		{ "acl", "{x: {ip: 10.0.0.0/40}}",
		    "10 an IP address or network such as 192.0.2.0/24", NULL },
		{ "acl", "{x: {}}",
		    "5 a mapping such as user: NAME@HOST or ip: ADDRESS",
		    NULL },
		{ "s2s_access", "{allow: []}", "9 the name of an acl", NULL },
		{ "acl", "{x: all}", NULL, "ejabberd-15.06" },
		{ "acl", "{x: all}",
		    "5 a mapping such as user: NAME@HOST or ip: ADDRESS",
		    "ejabberd-26.07" },
		{ "shaper_rules", "{c: normal, d: 5, e: {10: all}}", NULL,
		    NULL },
		{ "shaper_rules", "{c: [{none: admin}, normal]}", NULL, NULL },
		{ "shaper_rules", "{c: [{normal: 5}]}", "15 the name of an acl",
		    NULL },
		{ "mod_offline.access_max_user_messages", "5000", NULL, NULL },
		{ "mod_muc.room_shaper", "normal", NULL, NULL },
		{ "mod_muc.room_shaper", "5", "1 the name of a shaper", NULL },
	};

	(void)state;
	CHECK_ALL(rows, true);
}

static void
test_terms(void **state)
{
	static const struct row rows[] = {
		{ "loglevel", "4", NULL, NULL },
		{ "loglevel", "debug", NULL, NULL },
		{ "loglevel", "6",
		    "1 a level from 0 to 5, or one of no_log, critical, "
		    "error, warning, info, debug",
		    NULL },
		{ "hosts", "[\"a\"]", NULL, NULL },
		{ "hosts", "[a]", "2 a list of host names in double quotes",
		    NULL },
		{ "s2s_use_starttls", "required", NULL, NULL },
		{ "s2s_use_starttls", "yes",
		    "1 one of false, true, optional, required, "
		    "required_trusted",
		    NULL },
		{ "registration_timeout", "infinity", NULL, NULL },
		{ "registration_timeout", "-1",
		    "1 a whole number from 0, or infinity", NULL },
		{ "ldap_password", "\"x\"", NULL, NULL },
		{ "ldap_password", "x", "1 a string in double quotes", NULL },
		{ "mod_ping.send_pings", "true", NULL, NULL },
		{ "mod_ping.send_pings", "on", "1 true or false", NULL },
		{ "mod_proxy65.ip", "{127,0,0,1}", NULL, NULL },
		{ "mod_proxy65.ip", "\"127.0.0.1\"",
		    "1 an IP address as a tuple, such as {127,0,0,1}", NULL },
		{ "ejabberd_c2s.shaper", "c2s_shaper", NULL, NULL },
		{ "mod_register.ip_access", "[{allow, \"::1\"}]", NULL, NULL },
		{ "mod_register.ip_access", "[{allow, \"x\"}]",
		    "2 a list of {allow, \"ADDRESS/BITS\"} and {deny, ...}",
		    NULL },
		/* Of YAML only: how terms said it, nobody checked. */
		{ "sql_type", "whatever", NULL, NULL },
	};

	(void)state;
	CHECK_ALL(rows, false);
}

static void
note(void *ctx, enum option_type kind, const struct term *part)
{
	struct buf *seen = ctx;

	buf_printf(seen, "%s%d@%u", buf_str(seen).len ? " " : "", (int)kind,
	    term_span(part).begin.column);
}

static void
check_visit(const char *name, const char *value, bool yaml,
    enum option_type kind, const char *columns)
{
	struct findings *findings = findings_create("test");
	struct arena arena = { 0 };
	struct buf seen = { 0 };
	struct buf wanted = { 0 };
	const struct term *term = parse(&arena, findings, value, yaml);

	assert_non_null(term);
	catalogue_visit(option_of(name), term, note, &seen);
	for (; *columns; columns += strcspn(columns, " ")) {
		columns += *columns == ' ';
		buf_printf(&wanted, "%s%d@%.*s",
		    buf_str(&wanted).len ? " " : "", (int)kind,
		    (int)strcspn(columns, " "), columns);
	}
	if (!str_eq(buf_str(&seen), buf_str(&wanted)))
		fail_msg("%s: %s\nis    %s\nnot   %s", name, value,
		    buf_text(&seen), buf_text(&wanted));
	buf_fini(&seen);
	buf_fini(&wanted);
	arena_fini(&arena);
	findings_destroy(&findings);
}

/* The parts that name something, and secrets wherever they stand. */
static void
test_visit(void **state)
{
	(void)state;
	check_visit("s2s_access", "x", true, TYPE_ACCESS, "4");
	check_visit("s2s_access", "{allow: all}", true, TYPE_ACCESS, "4");
	check_visit("use_cache", "true", true, TYPE_ACCESS, "");
	check_visit("sql_password", "x", true, TYPE_SECRET, "4");
	check_visit("certfiles", "[a, b]", true, TYPE_CERTFILE, "5 8");
	check_visit("hosts", "[a, b]", true, TYPE_HOST, "5 8");
	check_visit("mod_muc.default_room_options", "{title: a, password: b}",
	    true, TYPE_SECRET, "25");
	check_visit("mod_mqtt.access_publish", "{a/b: c, d: e}", true,
	    TYPE_ACCESS, "10 16");
	check_visit("mod_muc_log.cssfile", "/x.css", true, TYPE_PATH, "4");
	check_visit(
	    "mod_muc_log.cssfile", "http://a/x.css", true, TYPE_PATH, "");
	check_visit("mod_announce.access", "x", false, TYPE_ACCESS, "1");
	check_visit("hosts", "[\"a\"]", false, TYPE_HOST, "2");
	check_visit("ejabberd_service.hosts", "[\"a\", [{password, \"b\"}]]",
	    false, TYPE_SECRET, "19");
	check_visit("odbc_server", "{mysql, \"h\", \"d\", \"u\", \"p\"}", false,
	    TYPE_SECRET, "24");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_access),
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_visit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

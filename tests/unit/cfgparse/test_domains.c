#include "cfgparse/domains.h"
/* Every domain of a configuration, with its role, in both dialects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/findings.h"
#include "cfgparse/target.h"
#include "cfgparse/tls_link.h"

static struct arena arena;

/* "accounts example.org\nservice conference.example.org mod_muc shown\n":
 * of the host that each belongs to, in brackets. */
static const char *
list(const char *name, const char *text)
{
	static const char *const roles[] = { "accounts", "service", "component",
		"http" };
	struct findings *findings = findings_create("test");
	struct cfg *cfg = NULL;
	struct buf out = { 0 };

	if (!cfg_load_text(name, str_of(text), NULL, findings, &cfg)) {
		struct findings_options options = { .format = FORMAT_GCC };
		findings_render(findings, &options, stderr);
		fail();
	}
	for (size_t i = 0; i < cfg->domain_count; i++) {
		const struct cfg_domain *d = &cfg->domains[i];
		buf_printf(&out, "%s %s %s [%s]%s\n", roles[d->role], d->name,
		    d->maker, d->host ? d->host->name : "",
		    d->shown ? "" : " unshown");
	}
	const char *copy = arena_strdup(&arena, buf_text(&out));
	buf_fini(&out);
	cfg_destroy(&cfg);
	findings_destroy(&findings);
	return copy;
}

static void
test_defaults(void **state)
{
	(void)state;
	assert_string_equal(
	    list("t.cfg",
		"{hosts, [\"example.org\", \"example.net\"]}.\n"
		"{listen, [{5269, ejabberd_s2s_in, []}]}.\n"
		"{s2s_use_starttls, optional}.\n"
		"{modules, [{mod_muc, []}, {mod_pubsub_odbc, []},\n"
		" {mod_irc_odbc, []}, {mod_proxy65, []}, {mod_vcard, []},\n"
		" {mod_echo, [{host, \"e.@HOST@\"}]}, {mod_disco, []},\n"
		" {mod_muc, [{host, \"second.@HOST@\"}]}]}.\n"
		"{host_config, \"example.net\", [{modules, [\n"
		" {mod_vcard, [{search, false}]}, {mod_vcard_ldap, []}]}]}.\n"),
	    "accounts example.org hosts [example.org]\n"
	    "service conference.example.org mod_muc [example.org]\n"
	    "service pubsub.example.org mod_pubsub_odbc [example.org]\n"
	    "service irc.example.org mod_irc_odbc [example.org]\n"
	    "service proxy.example.org mod_proxy65 [example.org]\n"
	    "service vjud.example.org mod_vcard [example.org]\n"
	    "service e.example.org mod_echo [example.org]\n"
	    "accounts example.net hosts [example.net]\n"
	    "service vjud.example.net mod_vcard_ldap [example.net]\n");
}

static void
test_written(void **state)
{
	(void)state;
	assert_string_equal(
	    list("t.yml",
		"hosts: [example.org, bücher.example]\n"
		"listen:\n"
		"  - {port: 5269, module: ejabberd_s2s_in}\n"
		"modules:\n"
		"  mod_vcard: {}\n"
		"  mod_mix: {}\n"
		"  mod_muc:\n"
		"    hosts: [\"rooms.@HOST@\", \"Rooms.example.org.\"]\n"
		"  mod_pubsub: {host: pubsub.example.org}\n"
		"  mod_http_upload: {hosts: [], host: \"up.@HOST@\"}\n"),
	    "accounts example.org hosts [example.org]\n"
	    "service mix.example.org mod_mix [example.org] unshown\n"
	    "service rooms.example.org mod_muc [example.org] unshown\n"
	    "service pubsub.example.org mod_pubsub [example.org] unshown\n"
	    "service up.example.org mod_http_upload [example.org] unshown\n"
	    "accounts bücher.example hosts [bücher.example]\n"
	    "service mix.bücher.example mod_mix [bücher.example] unshown\n"
	    "service rooms.bücher.example mod_muc [bücher.example] unshown\n"
	    "service up.bücher.example mod_http_upload [bücher.example] "
	    "unshown\n");
}

static void
test_components(void **state)
{
	(void)state;
	assert_string_equal(
	    list("t.cfg",
		"{hosts, [\"example.org\", \"sub.example.org\"]}.\n"
		"{listen, [{5269, ejabberd_s2s_in, []},\n"
		" {8888, ejabberd_service, [{hosts, [\"icq.example.org\",\n"
		"  \"a.sub.example.org\", \"other.example\"],\n"
		"  [{password, \"x\"}]}]},\n"
		" {8889, ejabberd_service, [{host, \"msn.example.org\",\n"
		"  [{password, \"x\"}]}]}]}.\n"
		"{s2s_use_starttls, required}.\n"),
	    "accounts example.org hosts [example.org]\n"
	    "component icq.example.org ejabberd_service [example.org]\n"
	    "component msn.example.org ejabberd_service [example.org]\n"
	    "accounts sub.example.org hosts [sub.example.org]\n"
	    "component a.sub.example.org ejabberd_service [sub.example.org]\n"
	    "component other.example ejabberd_service []\n");
	assert_string_equal(
	    list("t.yml", "hosts: [example.org]\n"
			  "listen:\n"
			  "  - port: 8888\n"
			  "    module: ejabberd_service\n"
			  "    hosts:\n"
			  "      icq.example.org: {password: x}\n"
			  "      msn.example.org: {password: y}\n"),
	    "accounts example.org hosts [example.org]\n"
	    "component icq.example.org ejabberd_service [example.org] unshown\n"
	    "component msn.example.org ejabberd_service [example.org] "
	    "unshown\n");
}

/* A link counts where its port is the server's own; behind somebody else's
 * port it may be another certificate that clients see. */
static void
test_links(void **state)
{
	(void)state;
	assert_string_equal(
	    list("t.yml",
		"hosts: [example.org]\n"
		"certfiles: [x.pem]\n"
		"listen:\n"
		"  - {port: 5443, module: ejabberd_http, tls: true}\n"
		"  - {port: 5280, module: ejabberd_http}\n"
		"modules:\n"
		"  mod_http_upload:\n"
		"    put_url: \"https://Files.@HOST@:5443/up\"\n"
		"    get_url: \"https://cdn.example/up\"\n"
		"  mod_host_meta:\n"
		"    websocket_url: \"wss://ws.@HOST@/ws\"\n"
		"    bosh_service_url: \"http://plain.@HOST@:5280/bosh\"\n"
		"  mod_conversejs:\n"
		"    websocket_url: \"wss://files.example.org:5280/ws\"\n"
		"    bosh_service_url: auto\n"
		"captcha_url: https://captcha.example:5443/captcha\n"),
	    "accounts example.org hosts [example.org]\n"
	    "service upload.example.org mod_http_upload [example.org] unshown\n"
	    "http files.example.org mod_http_upload [example.org]\n"
	    "http ws.example.org mod_host_meta [example.org] unshown\n"
	    "http captcha.example captcha_url []\n");
}

static void
test_tls_link(void **state)
{
	static const struct {
		const char *link, *name;
		unsigned port;
	} rows[] = { { "https://a.example", "a.example", 443 },
		{ "wss://a.example:5443/ws", "a.example", 5443 },
		{ "https://@HOST@:/x", "@HOST@", 443 },
		{ "https://a.example?x:1", "a.example", 443 },
		{ "https://a.example:65535#x", "a.example", 65535 },
		{ "https://a.example:65536", NULL, 0 },
		{ "https://a.example:0", NULL, 0 },
		{ "https://a.example:99999999999999999999", NULL, 0 },
		{ "https://a.example:5443x", NULL, 0 },
		{ "https://a.example:-1", NULL, 0 }, { "https://", NULL, 0 },
		{ "https:///x", NULL, 0 }, { "http://a.example", NULL, 0 },
		{ "auto", NULL, 0 }, { "", NULL, 0 },
		{ "https://:5443", NULL, 0 } };
	struct str name;
	unsigned port;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool is = tls_link_read(str_of(rows[i].link), &name, &port);

		assert_int_equal(is, rows[i].name != NULL);
		if (!is)
			continue;
		assert_true(str_is(name, rows[i].name));
		assert_int_equal(port, rows[i].port);
	}
}

/* A few lines must not multiply to more than a machine can hold. */
static void
test_bound(void **state)
{
	struct findings *findings = findings_create("test");
	struct buf text = { 0 };
	struct cfg *cfg = NULL;

	(void)state;
	buf_puts(&text, "{hosts, [\"h.example\"");
	for (int i = 0; i < 2000; i++)
		buf_printf(&text, ",\"h%d.example\"", i);
	buf_puts(&text, "]}.\n{modules, [{mod_muc, [{hosts, [\"x.@HOST@\"");
	for (int i = 0; i < 2000; i++)
		buf_printf(&text, ",\"m%d.@HOST@\"", i);
	buf_puts(&text, "]}]}]}.\n");
	assert_true(
	    cfg_load_text("t.cfg", buf_str(&text), NULL, findings, &cfg));
	assert_true(cfg->domain_count > 2000);
	assert_true(cfg->domain_count <= DOMAINS_MAX + 2001);
	cfg_destroy(&cfg);
	findings_destroy(&findings);
	buf_fini(&text);
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
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_components),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_tls_link),
		cmocka_unit_test(test_bound),
	};

	return cmocka_run_group_tests(tests, NULL, free_arena);
}

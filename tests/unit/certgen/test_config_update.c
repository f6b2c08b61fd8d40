/* Which values of a configuration come to name a new PEM, and that nothing
 * else changes. */
#include "certgen/config_update.h"

#include "tests/unit/certgen/forge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/file.h"

static char home[] = "/tmp/test_update.XXXXXX";
static struct arena arena;
static const char *why;
static size_t count;

static void
write_file(const char *path, struct str text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fwrite(text.ptr, 1, text.len, file);
	fclose(file);
}

/* /new.pem stands for the PEM in texts; it is for a.example, b.example. */
static int
set_up(void **state)
{
	struct cert_hosts hosts = { 0 };
	struct cert_request request = {
		.hosts = &hosts, .days = 90, .now = time(NULL)
	};
	EVP_PKEY *key = key_generate(&key_default);
	X509 *cert;

	(void)state;
	if (!mkdtemp(home) || chdir(home) != 0)
		return -1;
	cert_hosts_add(&arena, &hosts, "a.example", CFG_ROLE_ACCOUNTS);
	cert_hosts_add(&arena, &hosts, "b.example", CFG_ROLE_ACCOUNTS);
	cert = certificate_make(&request, key);
	write_file("new.pem", forge_cert_text(&arena, cert));
	X509_free(cert);
	EVP_PKEY_free(key);
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const names[] = { "new.pem", "x.cfg", "x.yml",
		"more.cfg", "more.yml" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(names[i]);
	arena_fini(&arena);
	return chdir("/") == 0 && rmdir(home) == 0 ? 0 : -1;
}

static const char *
replaced(const char *text, const char *from, const char *to)
{
	struct buf out = { 0 };
	const char *at;
	char *result;

	for (; (at = strstr(text, from)); text = at + strlen(from)) {
		buf_append(&out, text, (size_t)(at - text));
		buf_puts(&out, to);
	}
	buf_puts(&out, text);
	result = arena_strdup(&arena, buf_text(&out));
	buf_fini(&out);
	return result;
}

static const char *
pem_path(void)
{
	return arena_printf(&arena, "%s/new.pem", home);
}

static enum config_update_status
update(const char *name, const char *text)
{
	struct config_pem pem = { .path = pem_path() };
	FILE *none = fopen("/dev/null", "w");
	enum config_update_status status, shown;

	write_file(name, str_of(replaced(text, "/new.pem", pem_path())));
	shown = config_update(&arena, name, &pem, none, &count, &why);
	fclose(none);
	status = config_update(&arena, name, &pem, NULL, &count, &why);
	/* Showing it changes nothing, and finds the same. */
	assert_int_equal(shown, status);
	return status;
}

static void
assert_file(const char *path, const char *expected)
{
	struct buf text = { 0 };
	char reason[FILE_WHY_MAX];

	assert_true(file_read(path, 65536, &text, reason));
	assert_string_equal(
	    replaced(buf_text(&text), pem_path(), "/new.pem"), expected);
	buf_fini(&text);
}

static void
becomes(const char *name, const char *text, size_t values, const char *expected)
{
	enum config_update_status status = update(name, text);

	if (status != CONFIG_UPDATED)
		fprintf(stderr, "%s\n", why ? why : "no reason");
	assert_int_equal(status, CONFIG_UPDATED);
	assert_int_equal(count, values);
	assert_file(name, expected);
	assert_int_equal(update(name, expected), CONFIG_NAMES_IT);
}

static void
stays(const char *name, const char *text, const char *reason)
{
	if (update(name, text) != CONFIG_NOT_UPDATED)
		fail_msg("updated: %s", text);
	if (!strstr(why, reason))
		fprintf(stderr, "%s\n", why);
	assert_non_null(strstr(why, reason));
	assert_file(name, text);
}

static void
test_terms(void **state)
{
	(void)state;
	becomes("x.cfg",
	    "%% mine\n{hosts, [\"a.example\", \"b.example\"]}.\n"
	    "{listen, [{5222, ejabberd_c2s, [{certfile , \"/old.pem\" }, "
	    "starttls]}, % \"/old.pem\"\n"
	    " {5269, ejabberd_s2s_in, []}]}.\n"
	    "{s2s_certfile,\t\"/o\\\\ther.pem\"}.   \n"
	    "{domain_certfile, \"b.example\", <<\"/b.pem\">>}.",
	    3,
	    "%% mine\n{hosts, [\"a.example\", \"b.example\"]}.\n"
	    "{listen, [{5222, ejabberd_c2s, [{certfile , \"/new.pem\" }, "
	    "starttls]}, % \"/old.pem\"\n"
	    " {5269, ejabberd_s2s_in, []}]}.\n"
	    "{s2s_certfile,\t\"/new.pem\"}.   \n"
	    "{domain_certfile, \"b.example\", <<\"/new.pem\">>}.");
}

static void
test_yaml(void **state)
{
	(void)state;
	becomes("x.yml",
	    "# mine\nhosts: [a.example, b.example]\nlisten:\n"
	    "  - port: 5222\n    module: ejabberd_c2s\n"
	    "    certfile:   /old.pem  # here\n    starttls: true\n"
	    "s2s_certfile: '/old.pem'\r\n"
	    "host_config:\n  b.example:\n    domain_certfile: \"/b.pem\"\n",
	    3,
	    "# mine\nhosts: [a.example, b.example]\nlisten:\n"
	    "  - port: 5222\n    module: ejabberd_c2s\n"
	    "    certfile:   /new.pem  # here\n    starttls: true\n"
	    "s2s_certfile: '/new.pem'\r\n"
	    "host_config:\n  b.example:\n    domain_certfile: \"/new.pem\"\n");
}

static void
test_lists(void **state)
{
	(void)state;
	becomes("x.yml", "hosts: [a.example]\ncertfiles:\n  - /old.pem\n", 1,
	    "hosts: [a.example]\ncertfiles:\n  - /new.pem\n");
	becomes("x.yml",
	    "hosts: [a.example]\ncertfiles:\n  - \"/full.pem\" # one\n"
	    "  # the key\n  - \"/key.pem\"\n  - /x.pem # three\nloglevel: 4\n",
	    1,
	    "hosts: [a.example]\ncertfiles:\n  - \"/new.pem\" # one\n"
	    "  # the key\n  # three\nloglevel: 4\n");
	becomes("x.yml",
	    "hosts: [a.example]\ncertfiles: [\"/full.pem\",\n  '/key.pem']\n",
	    1, "hosts: [a.example]\ncertfiles: [\"/new.pem\"]\n");
	stays("x.yml",
	    "hosts: [a.example]\n"
	    "certfiles: [\"/full.pem\", # one\n  '/key.pem']\n",
	    "x.yml:3: leave only one file in this list");
	becomes("x.yml", "hosts: [a.example]\ncertfiles: /old.pem\n", 1,
	    "hosts: [a.example]\ncertfiles: /new.pem\n");
}

/* Of a host that it isn't for, nothing changes. */
static void
test_hosts(void **state)
{
	(void)state;
	becomes("x.cfg",
	    "{hosts, [\"a.example\", \"c.example\"]}.\n"
	    "{s2s_certfile, \"/old.pem\"}.\n"
	    "{domain_certfile, \"c.example\", \"/c.pem\"}.\n",
	    1,
	    "{hosts, [\"a.example\", \"c.example\"]}.\n"
	    "{s2s_certfile, \"/new.pem\"}.\n"
	    "{domain_certfile, \"c.example\", \"/c.pem\"}.\n");
	becomes("x.cfg",
	    "{hosts, [\"a.example\", \"c.example\"]}.\n"
	    "{s2s_certfile, \"/old.pem\"}.\n"
	    "{domain_certfile, \"a.example\", \"/a.pem\"}.\n",
	    1,
	    "{hosts, [\"a.example\", \"c.example\"]}.\n"
	    "{s2s_certfile, \"/old.pem\"}.\n"
	    "{domain_certfile, \"a.example\", \"/new.pem\"}.\n");
	stays("x.cfg",
	    "{hosts, [\"a.example\", \"c.example\"]}.\n"
	    "{s2s_certfile, \"/old.pem\"}.\n",
	    "x.cfg:2: what is named here is for c.example too");
	assert_int_equal(update("x.cfg", "{hosts, [\"a.example\"]}.\n"),
	    CONFIG_NAMES_NOTHING);
	assert_int_equal(update("x.yml", "hosts: [a.example]\ncertfiles: []\n"),
	    CONFIG_NAMES_NOTHING);
}

static void
test_macros(void **state)
{
	(void)state;
	becomes("x.cfg",
	    "{define_macro, 'PEM', \"/old.pem\"}.\n{hosts, [\"a.example\"]}.\n"
	    "{s2s_certfile, 'PEM'}.\n"
	    "{domain_certfile, \"a.example\", 'PEM'}.\n",
	    2,
	    "{define_macro, 'PEM', \"/new.pem\"}.\n{hosts, [\"a.example\"]}.\n"
	    "{s2s_certfile, 'PEM'}.\n"
	    "{domain_certfile, \"a.example\", 'PEM'}.\n");
	stays("x.cfg",
	    "{define_macro, 'PEM', \"/old.pem\"}.\n{hosts, [\"a.example\"]}.\n"
	    "{s2s_certfile, 'PEM'}.\n{ldap_tls_cacertfile, 'PEM'}.\n",
	    "x.cfg:1: this macro is used at x.cfg:4 too");
	becomes("x.yml",
	    "define_macro:\n  PEM: /old.pem\nhosts: [a.example]\n"
	    "certfiles:\n  - PEM\n",
	    1,
	    "define_macro:\n  PEM: /new.pem\nhosts: [a.example]\n"
	    "certfiles:\n  - PEM\n");
	stays("x.yml",
	    "define_macro:\n  PLACE: \"/etc/certs\"\nhosts: [a.example]\n"
	    "certfiles:\n  - \"@PLACE@/old.pem\"\n",
	    "x.yml:5: this path is put together with a macro");
	stays("x.cfg",
	    "{define_macro, 'PEM', \"/old.pem\"}.\n{hosts, [\"a.example\"]}.\n"
	    "{s2s_certfile, 'PEMM'}.\n",
	    "can't be understood as a whole");
}

static void
test_includes(void **state)
{
	(void)state;
	write_file("more.cfg", STR("{s2s_certfile, \"/old.pem\"}. % here\n"));
	assert_int_equal(
	    update("x.cfg", "{hosts, [\"a.example\"]}.\n"
			    "{include_config_file, \"more.cfg\"}.\n"),
	    CONFIG_UPDATED);
	assert_file("more.cfg", "{s2s_certfile, \"/new.pem\"}. % here\n");
	/* Where nothing would be left of a list. */
	write_file("more.yml", STR("certfiles:\n  - /old.pem\n"));
	stays("x.yml",
	    "hosts: [a.example]\ninclude_config_file: more.yml\n"
	    "certfiles:\n  - /other.pem\n",
	    "left as it is");
	assert_file("more.yml", "certfiles:\n  - /old.pem\n");
}

static void
test_strange_writing(void **state)
{
	(void)state;
	becomes("x.cfg",
	    "{hosts, [\"a.example\"]}.\n"
	    "{s2s_certfile, \"/old\" % and\n  \".pem\"}.\n",
	    1, "{hosts, [\"a.example\"]}.\n{s2s_certfile, \"/new.pem\"}.\n");
}

/* A path that needs every kind of quoting. */
static void
test_strange_path(void **state)
{
	static const char name[] = "it's \"b\" \\ \xc3\xa9.pem";
	struct config_pem pem = { .path = arena_printf(
				      &arena, "%s/%s", home, name) };

	(void)state;
	assert_int_equal(link("new.pem", name), 0);
	write_file("x.yml", STR("hosts: [a.example]\ncertfiles: ['/old.pem']\n"
				"s2s_certfile: /old.pem\n"));
	write_file("x.cfg",
	    STR("{hosts, [\"a.example\"]}.\n{s2s_certfile, \"/old.pem\"}.\n"
		"{domain_certfile, \"a.example\", <<\"/old.pem\">>}.\n"));
	assert_int_equal(
	    config_update(&arena, "x.yml", &pem, NULL, &count, &why),
	    CONFIG_UPDATED);
	assert_int_equal(
	    config_update(&arena, "x.cfg", &pem, NULL, &count, &why),
	    CONFIG_UPDATED);
	assert_int_equal(
	    config_update(&arena, "x.cfg", &pem, NULL, &count, &why),
	    CONFIG_NAMES_IT);
	unlink(name);
}

static void
test_unreadable(void **state)
{
	struct config_pem pem = { .path = "/nonexistent.pem" };

	(void)state;
	stays("x.cfg", "{hosts, [\"a.example\"]\n", "can't be understood");
	write_file("x.cfg", STR("{hosts, [\"a.example\"]}.\n"));
	assert_int_equal(
	    config_update(&arena, "x.cfg", &pem, NULL, &count, &why),
	    CONFIG_NOT_UPDATED);
	assert_non_null(strstr(why, "holds no certificate"));
	pem.path = pem_path();
	assert_int_equal(
	    config_update(&arena, "none.cfg", &pem, NULL, &count, &why),
	    CONFIG_NOT_UPDATED);
	assert_non_null(strstr(why, "none.cfg can't be read: no such file"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_yaml),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_macros),
		cmocka_unit_test(test_includes),
		cmocka_unit_test(test_strange_writing),
		cmocka_unit_test(test_strange_path),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

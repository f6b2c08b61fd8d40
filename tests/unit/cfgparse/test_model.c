#include "cfgparse/model.h"
/* What a configuration says, whatever the order and form it is written in. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cfgparse/cfg.h"
#include "cfgparse/findings.h"
#include "cfgparse/lint.h"

/* --- a model to look at --- */

typedef void look(const struct model *model);

static void
on_model(void *context, struct lint *lint)
{
	look **looking = context;

	(*looking)(lint->model);
	*looking = NULL;
}

/* Loads the text as the file name and looks at its model. */
static void
with(const char *name, const char *text, look *looking)
{
	struct findings *findings = findings_create("test");
	struct cfg_load_options options = { .look = on_model,
		.look_context = &looking };
	const char *folder = getenv("TMPDIR");
	char path[256];

	snprintf(path, sizeof path, "%s/%s", folder ? folder : "/tmp", name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	cfg_load(path, &options, findings, NULL);
	remove(path);
	assert_null(looking);
	findings_destroy(&findings);
}

static const struct model_host *
host_of(const struct model *model, const char *name)
{
	const struct model_host *host = model_host(model, str_of(name));

	assert_non_null(host);
	return host;
}

/* The option's value as text, or "-". */
static const char *
value(const struct model *model, const char *name, const char *host)
{
	static char text[64];
	const struct model_setting *setting =
	    model_setting(model, name, host ? host_of(model, host) : NULL);
	struct str word;

	if (!setting || !model_word(setting->option.value, &word))
		return "-";
	snprintf(text, sizeof text, "%.*s", STR_ARG(word));
	return text;
}

/* --- order --- */

static void
look_at_order(const struct model *model)
{
	assert_string_equal(value(model, "language", NULL), "fr");
	/* Set before the global option: replaced by it. */
	assert_string_equal(value(model, "language", "a.example"), "fr");
	/* Set behind it: holds. */
	assert_string_equal(value(model, "language", "b.example"), "it");
	assert_string_equal(value(model, "language", "c.example"), "fr");
	assert_string_equal(value(model, "fqdn", "a.example"), "-");
	assert_true(host_of(model, "a.example")->served);
	assert_false(host_of(model, "d.example")->served);
	assert_int_equal(model->served_count, 3);
	assert_int_equal(model->host_count, 4);
	assert_int_equal(model_settings(model, "language")->count, 4);
}

static void
test_order(void **state)
{
	(void)state;
	with("order.cfg",
	    "{hosts, [\"a.example\", \"B.example\", \"c.example\"]}.\n"
	    "{language, \"en\"}.\n"
	    "{host_config, \"a.example\", [{language, \"de\"}]}.\n"
	    "{language, \"fr\"}.\n"
	    "{host_config, \"b.example\", [{language, \"it\"}]}.\n"
	    "{host_config, \"d.example\", []}.\n",
	    look_at_order);
}

static void
look_at_yaml_order(const struct model *model)
{
	assert_string_equal(value(model, "language", NULL), "fr");
	assert_string_equal(value(model, "language", "a.example"), "de");
}

static void
test_yaml_order(void **state)
{
	(void)state;
	with("order.yml",
	    "host_config:\n  a.example:\n    language: de\n"
	    "hosts: [a.example]\nlanguage: fr\n",
	    look_at_yaml_order);
}

/* More options of one host than are looked through one by one. */
static void
look_at_many(const struct model *model)
{
	const struct model_host *host = host_of(model, "a.example");
	const struct model_setting *last =
	    model_setting(model, "language", host);

	assert_true(host->setting_count > 100);
	assert_string_equal(value(model, "language", "a.example"), "l99");
	assert_ptr_equal(last->before->all, last->all);
	assert_string_equal(value(model, "fqdn", "a.example"), "f99");
	assert_ptr_equal(
	    model_access(model, STR("c2s"), host)->setting->host, host);
	assert_int_equal(
	    model_access(model, STR("c2s"), host)->lines[0].result.len, 4);
	assert_null(model_access(model, STR("c2s"), NULL));
}

static void
test_many(void **state)
{
	char text[16384] = "{hosts, [\"a.example\"]}.\n"
			   "{host_config, \"a.example\", [";
	size_t len = strlen(text);

	(void)state;
	for (int i = 0; i < 100; i++)
		len += (size_t)snprintf(text + len, sizeof text - len,
		    "{language, \"l%d\"}, {fqdn, \"f%d\"}, "
		    "{access, c2s, [{%s, all}]},\n",
		    i, i, i == 99 ? "deny" : "allow");
	snprintf(text + len, sizeof text - len, "{max_fsm_queue, 5}]}.\n");
	with("many.cfg", text, look_at_many);
}

/* --- modules --- */

static void
look_at_modules(const struct model *model)
{
	const struct model_host *a = host_of(model, "a.example");
	const struct model_host *b = host_of(model, "b.example");
	const struct model_module *module = model_module(model, "mod_a", a);
	struct str text;

	/* What is added stands before what there was. */
	assert_non_null(module);
	assert_true(model_text(&module->options, "x", &text));
	assert_true(str_is(text, "added"));
	assert_non_null(model_module(model, "mod_b", a));
	assert_non_null(model_module(model, "mod_c", a));
	assert_null(model_module(model, "mod_c", b));
	module = model_module(model, "mod_a", b);
	assert_true(model_flag(&module->options, "flag", false));
	assert_false(model_flag(&module->options, "none", false));
	assert_false(model_flag(&module->options, "off", true));
	assert_non_null(
	    model_before(model, model_setting(model, "modules", a)));
}

static void
test_modules(void **state)
{
	(void)state;
	with("modules.cfg",
	    "{hosts, [\"a.example\", \"b.example\"]}.\n"
	    "{modules, [{mod_a, [{x, 1}, flag, {off, false}]}, {mod_b, []}]}.\n"
	    "{host_config, \"a.example\", [{{add, modules}, [{mod_a, [{x, "
	    "added}]}, {mod_c, []}]}]}.\n",
	    look_at_modules);
}

/* --- listeners --- */

static void
expect_listener(const struct model *model, size_t i, int64_t port,
    const char *address, enum model_transport transport)
{
	const struct model_listener *listener = &model->listeners[i];

	assert_true(i < model->listener_count);
	assert_int_equal(listener->port, port);
	assert_int_equal(listener->address.len, strlen(address));
	assert_memory_equal(
	    listener->address.ptr, address, listener->address.len);
	assert_int_equal(listener->transport, transport);
	assert_true(str_is(listener->module, "ejabberd_c2s"));
	assert_non_null(listener->row);
}

static void
look_at_listeners(const struct model *model)
{
	expect_listener(model, 0, 5222, "0.0.0.0", MODEL_TCP);
	expect_listener(model, 1, 5223, "::", MODEL_TCP);
	expect_listener(model, 2, 5224, "192.0.2.1", MODEL_TCP);
	expect_listener(model, 3, 5225, "2001:db8::1", MODEL_UDP);
	expect_listener(model, 4, 5226, "127.0.0.1", MODEL_TCP);
	expect_listener(model, 5, 5227, "0.0.0.0", MODEL_UDP);
	expect_listener(model, 6, 0, "0.0.0.0", MODEL_TCP);
	expect_listener(model, 7, 5228, "", MODEL_TCP);
	expect_listener(model, 8, 5229, "0.0.0.0", MODEL_TCP);
	assert_int_equal(model->listener_count, 9);
}

static void
test_listeners(void **state)
{
	(void)state;
	with("listeners.cfg",
	    "{listen, [{1, ejabberd_c2s, []}]}.\n"
	    "{listen, [{5222, ejabberd_c2s, []},\n"
	    "{5223, ejabberd_c2s, [inet6]},\n"
	    "{{5224, \"192.0.2.1\"}, ejabberd_c2s, []},\n"
	    "{{5225, \"2001:DB8:0::1\", udp}, ejabberd_c2s, []},\n"
	    "{5226, ejabberd_c2s, [{ip, {127,0,0,1}}]},\n"
	    "{{5227, udp}, ejabberd_c2s, []},\n"
	    "{70000, ejabberd_c2s, []},\n"
	    "{{5228, \"nowhere\"}, ejabberd_c2s, []},\n"
	    "nothing,\n"
	    "{5229, {frontend, ejabberd_c2s}, []}]}.\n",
	    look_at_listeners);
}

/* --- names that are used --- */

static size_t
uses_of(const struct model *model, enum model_use_kind kind, const char *name)
{
	size_t count = 0;

	for (const struct model_use *use = model->uses; use; use = use->next) {
		if (use->kind != kind || !str_is(use->name, name))
			continue;
		for (const struct model_place *p = &use->place; p; p = p->next)
			count++;
	}
	return count;
}

static void
look_at_uses(const struct model *model)
{
	assert_int_equal(uses_of(model, USE_ACCESS, "c2s"), 1);
	assert_int_equal(uses_of(model, USE_ACCESS, "muc"), 1);
	assert_int_equal(uses_of(model, USE_ACCESS, "ctl"), 1);
	assert_int_equal(uses_of(model, USE_ACL, "admin"), 2);
	assert_int_equal(uses_of(model, USE_ACL, "all"), 0);
	assert_int_equal(uses_of(model, USE_SHAPER, "fast"), 1);
	assert_int_equal(uses_of(model, USE_SHAPER, "allow"), 0);
	assert_int_equal(uses_of(model, USE_SHAPER, "10"), 0);
	assert_non_null(model_acl(model, STR("admin"))->next);
	assert_int_equal(model_shaper(model, STR("fast"))->rate, 1000);
}

static void
test_uses(void **state)
{
	(void)state;
	with("uses.cfg",
	    "{acl, admin, {user, \"a\"}}.\n{acl, admin, {user, \"b\"}}.\n"
	    "{access, c2s, [{allow, admin}, {10, all}]}.\n"
	    "{access, rate, [{fast, admin}, {none, all}]}.\n"
	    "{shaper, fast, {maxrate, 1000}}.\n"
	    "{listen, [{5222, ejabberd_c2s, [{access, c2s}]}, {4560, "
	    "ejabberd_xmlrpc, [{access_commands, [{ctl, all, []}]}]}]}.\n"
	    "{modules, [{mod_muc, [{access, muc}]}]}.\n",
	    look_at_uses);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_yaml_order),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_listeners),
		cmocka_unit_test(test_uses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

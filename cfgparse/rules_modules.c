/*
 * Modules as a set: what one needs of another, which do the same work twice,
 * and what listeners, accounts and storage need of modules and options. Knows
 * nothing of a single option's value; that is rules_settings.c.
 */
#include "cfgparse/lint.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/rules_words.h"
#include "cfgparse/target.h"

enum module_rule {
	MODULE_NEEDS,
	MODULE_RECOMMENDS,
	MODULE_CONFLICT,
	HANDLER_WITHOUT_MODULE,
	MODULE_WITHOUT_HANDLER,
	LISTENER_WITHOUT_MODULE,
	SQL_WITHOUT_SERVER,
	AUTH_WITHOUT_OPTION,
	CAPTCHA_WITHOUT_COMMAND,
	NO_AUTH_METHOD,
	MODULE_RULE_COUNT
};

const struct rule module_rules[MODULE_RULE_COUNT + 1] = {
	[MODULE_NEEDS] = { "CFG280", SEVERITY_ERROR,
	    "module needs another module",
	    "A module builds on another one that the host doesn't run. "
	    "ejabberd refuses to start from 16.08 on; before, and here, the "
	    "module does not work as it should, and this is a warning." },
	[MODULE_RECOMMENDS] = { "CFG281", SEVERITY_INFO,
	    "module works better with another",
	    "A module does more when the host runs another one beside it. "
	    "ejabberd logs a warning and starts." },
	[MODULE_CONFLICT] = { "CFG282", SEVERITY_WARNING,
	    "two modules do the same",
	    "Two modules of one host answer the same requests, such as "
	    "mod_roster and mod_roster_odbc. Which of them answers is a matter "
	    "of their order, and each keeps data of its own." },
	[HANDLER_WITHOUT_MODULE] = { "CFG283", SEVERITY_WARNING,
	    "handler of a module that isn't run",
	    "A listener hands requests to a module that no host runs, so they "
	    "are answered with an error." },
	[MODULE_WITHOUT_HANDLER] = { "CFG284", SEVERITY_INFO,
	    "module that no request reaches",
	    "A module answers requests over HTTP, and no listener hands any "
	    "to it." },
	[LISTENER_WITHOUT_MODULE] = { "CFG285", SEVERITY_WARNING,
	    "listener of a module that isn't run",
	    "The service behind a port is only half without its module, which "
	    "no host runs." },
	[SQL_WITHOUT_SERVER] = { "CFG286", SEVERITY_ERROR,
	    "SQL without a database",
	    "Accounts or a module's data are to be kept in an SQL database, "
	    "and nothing says where it is. ejabberd then tries the local host "
	    "again and again and never gets ready." },
	[AUTH_WITHOUT_OPTION] = { "CFG287", SEVERITY_ERROR,
	    "method of authentication isn't set up",
	    "A method of auth_method can't work without an option that says "
	    "where to look accounts up, so nobody can log in by it." },
	[CAPTCHA_WITHOUT_COMMAND] = { "CFG288", SEVERITY_WARNING,
	    "CAPTCHA without a program",
	    "A CAPTCHA is asked for, and captcha_cmd, the program that draws "
	    "it, is not set. Whoever has to solve one is turned away." },
	[NO_AUTH_METHOD] = { "CFG289", SEVERITY_ERROR,
	    "nowhere to look accounts up",
	    "ejabberd 2.1 has no default for auth_method: without it there "
	    "are no accounts, and nobody can log in." },
};

/* What is looked up again and again while modules are checked. */
struct check {
	struct lint *lint;
	struct map handled; /* name of a module -> a handler of its */
};

static bool
some_host_runs(const struct check *check, const char *name)
{
	return model_modules(check->lint->model, name) != NULL;
}

/* --- one module needs another --- */

struct dependency {
	const char *module;
	const char *on;
	bool hard;
	unsigned since; /* first release where it holds; 0: 2.1 too */
};

/* Those of one module stand together. ejabberd's modules say it in depends/2;
 * what 2.1 needs without saying it is in the facts of its modules. */
static const struct dependency dependencies[] = {
	{ "mod_adhoc_api", "mod_adhoc", true, 2503 },
	{ "mod_announce", "mod_adhoc", true, 1608 },
	{ "mod_antispam", "mod_pubsub", false, 2507 },
	{ "mod_avatar", "mod_pubsub", true, 1709 },
	{ "mod_avatar", "mod_vcard", true, 1709 },
	{ "mod_avatar", "mod_vcard_xupdate", true, 1709 },
	{ "mod_blocking", "mod_privacy", true, 0 },
	{ "mod_configure", "mod_adhoc", true, 0 },
	{ "mod_configure", "mod_last", false, 1608 },
	{ "mod_host_meta", "mod_bosh", false, 2206 },
	{ "mod_http_upload_quota", "mod_http_upload", true, 1601 },
	{ "mod_mix", "mod_mam", true, 1609 },
	{ "mod_mqtt_bridge", "mod_mqtt", true, 2306 },
	{ "mod_muc", "mod_mam", false, 1608 },
	{ "mod_muc_admin", "mod_muc", true, 1608 },
	{ "mod_muc_log", "mod_muc", true, 0 },
	{ "mod_muc_rtbl", "mod_muc", true, 2306 },
	{ "mod_muc_rtbl", "mod_pubsub", false, 2306 },
	{ "mod_private", "mod_pubsub", false, 2310 },
	{ "mod_pubsub_serverinfo", "mod_pubsub", true, 2506 },
	{ "mod_push_keepalive", "mod_client_state", false, 1708 },
	{ "mod_push_keepalive", "mod_push", true, 1708 },
	{ "mod_push_keepalive", "mod_stream_mgmt", false, 1805 },
	{ "mod_register_web", "mod_register", true, 0 },
	{ "mod_shared_roster_ldap", "mod_roster", true, 1608 },
	{ "mod_vcard_xupdate", "mod_vcard", true, 0 },
	{ 0 },
};

/* The module, or its form of old that keeps its data in SQL. */
static bool
host_runs(struct lint *lint, const char *name, const struct model_host *host)
{
	return model_module(lint->model, name, host) ||
	       model_module(lint->model,
		   arena_printf(lint->arena, "%s_odbc", name), host);
}

static void
check_dependency(struct lint *lint, const struct model_module *module,
    const struct dependency *row)
{
	const struct model_host *host = module->setting->host;

	if (host_runs(lint, row->on, host))
		return;
	struct finding *finding;
	if (!row->hard) {
		finding = lint_report(lint, &module_rules[MODULE_RECOMMENDS],
		    module->key, "%s works better with %s, which isn't run%s",
		    row->module, row->on, lint_for_host(lint, host));
	} else {
		finding = lint_report(lint, &module_rules[MODULE_NEEDS],
		    module->key, "%s needs %s, which isn't run%s", row->module,
		    row->on, lint_for_host(lint, host));
		if (lint->for_xmppd || lint->target->release < 1608)
			finding_severity(finding, SEVERITY_WARNING);
	}
	finding_subject(finding, row->module);
	finding_hint(finding, "add %s to the modules",
	    lint_module(lint, module->key, row->on));
}

/* This server recommends nothing that it may not have. */
static bool
holds(const struct lint *lint, const struct dependency *row)
{
	if (!row->since)
		return true;
	return row->hard ? lint_release_from(lint, row->since)
			 : lint->target->release >= row->since;
}

static void
check_dependencies(struct lint *lint)
{
	const struct dependency *row = dependencies;

	for (; row->module; row++) {
		const struct model_modules *all =
		    holds(lint, row) ? model_modules(lint->model, row->module)
				     : NULL;
		const struct model_module *m = all ? all->first : NULL;
		for (; m; m = m->next_of_name)
			check_dependency(lint, m, row);
	}
}

/* Personal eventing needs to know what clients are interested in. */
static void
check_plugins(struct lint *lint, const struct model_module *module)
{
	const struct model_option *plugins =
	    model_option(&module->options, "plugins");
	if (!plugins || !plugins->value || plugins->value->kind != TERM_LIST ||
	    model_module(lint->model, "mod_caps", module->setting->host))
		return;
	for (size_t i = 0; i < plugins->value->count; i++) {
		const struct term *plugin = &plugins->value->items[i];
		struct str name;
		if (!lint_word(lint, plugin, &name) ||
		    (!str_is(name, "pep") && !str_is(name, "pep_odbc")))
			continue;
		struct finding *finding =
		    lint_report(lint, &module_rules[MODULE_NEEDS], plugin,
			"the plugin pep needs mod_caps, which isn't run%s",
			lint_for_host(lint, module->setting->host));
		if (!lint->target->release || lint->target->release < 1608)
			finding_severity(finding, SEVERITY_WARNING);
		finding_subject(finding, "mod_pubsub");
		finding_hint(finding, "add %s to the modules",
		    lint_module(lint, plugin, "mod_caps"));
	}
}

/* --- two that do the same --- */

/* A module of 2.1 that keeps its data in SQL. */
static bool
is_odbc(struct str name)
{
	return name.len > 5 && memcmp(name.ptr + name.len - 5, "_odbc", 5) == 0;
}

static const char *const twins[][2] = {
	{ "mod_vcard", "mod_vcard_ldap" },
};

static void
report_conflict(struct lint *lint, const struct model_module *module,
    const struct model_module *other)
{
	struct finding *finding = lint_report(lint,
	    &module_rules[MODULE_CONFLICT], module->key,
	    "%.*s and %.*s do the same%s", STR_ARG(module->name),
	    STR_ARG(other->name), lint_for_host(lint, module->setting->host));

	finding_subject(finding, arena_str(lint->arena, module->name).ptr);
	lint_related(finding, other->key, "the other one");
	finding_hint(finding, "leave one of them out");
}

static void
check_twins(
    struct lint *lint, const struct model_modules *all, const char *twin)
{
	const struct model_module *m = all ? all->first : NULL;

	for (; m; m = m->next_of_name) {
		const struct model_module *other =
		    model_module(lint->model, twin, m->setting->host);
		if (other)
			report_conflict(lint, m, other);
	}
}

static void
check_conflicts(struct lint *lint)
{
	const struct model_modules *all = lint->model->module_names;

	for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
		check_twins(
		    lint, model_modules(lint->model, twins[i][1]), twins[i][0]);
	for (; all; all = all->next) {
		struct str name = all->name;

		if (!is_odbc(name))
			continue;
		name.len -= strlen("_odbc");
		check_twins(lint, all, arena_str(lint->arena, name).ptr);
	}
}

/* --- listeners and modules --- */

static const char *const web_modules[] = { "mod_bosh", "mod_conversejs",
	"mod_http_bind", "mod_http_fileserver", "mod_http_upload", NULL };

static bool
is_web_module(struct str name)
{
	for (const char *const *row = web_modules; *row; row++) {
		if (str_is(name, *row))
			return true;
	}
	return false;
}

static void
report_handler(struct check *check, const struct term *at, const char *what,
    struct str needs)
{
	struct lint *lint = check->lint;
	const char *name = arena_str(lint->arena, needs).ptr;
	struct finding *finding =
	    lint_report(lint, &module_rules[HANDLER_WITHOUT_MODULE], at,
		"%s %s, which no host runs", what, name);

	finding_subject(finding, name);
	finding_hint(
	    finding, "add %s to the modules", lint_module(lint, at, name));
}

static void
check_handler(struct check *check, const struct term *at)
{
	struct str name;

	if (!lint_word(check->lint, at, &name) || !is_web_module(name))
		return;
	map_put(&check->handled, name, (void *)(uintptr_t)at);
	if (!map_get(&check->lint->model->modules_by_name, name))
		report_handler(check, at, "requests are handed to", name);
}

static void
check_handlers(struct check *check, const struct model_listener *listener)
{
	const struct model_option *option =
	    model_option(&listener->options, "request_handlers");
	const struct term *key, *value;

	if (!option || !option->value)
		return;
	for (size_t i = 0; i < lint_pairs(option->value); i++) {
		if (lint_pair(option->value, i, &key, &value))
			check_handler(check, value);
	}
}

/* Flags of ejabberd_http that need a module. */
static const char *const flags[][2] = {
	{ "http_bind", "mod_http_bind" },
	{ "register", "mod_register" },
};

static void
check_flags(struct check *check, const struct model_listener *listener)
{
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		struct str needs = str_of(flags[i][1]);
		const struct model_option *option =
		    model_option(&listener->options, flags[i][0]);
		if (!option ||
		    !model_flag(&listener->options, flags[i][0], false))
			continue;
		map_put(&check->handled, needs, (void *)(uintptr_t)option->key);
		/* From 17.11 on the flag means mod_bosh's handler. */
		if (i == 0 && some_host_runs(check, "mod_bosh"))
			continue;
		if (!some_host_runs(check, flags[i][1]))
			report_handler(check, option->key,
			    arena_printf(
				check->lint->arena, "%s needs", flags[i][0]),
			    needs);
	}
}

/* Services that are half of a module. */
static const char *const halves[][2] = {
	{ "ejabberd_sip", "mod_sip" },
	{ "mod_mqtt", "mod_mqtt" },
};

static void
check_half(struct check *check, const struct model_listener *listener)
{
	struct lint *lint = check->lint;

	for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
		const char *needs = halves[i][1];
		if (!str_is(listener->module, halves[i][0]) ||
		    some_host_runs(check, needs))
			continue;
		struct finding *finding = lint_report(lint,
		    &module_rules[LISTENER_WITHOUT_MODULE], listener->module_at,
		    "%s stands behind a port, and no host runs %s",
		    halves[i][0], needs);
		finding_subject(finding, needs);
		finding_hint(finding, "add %s to the modules",
		    lint_module(lint, listener->module_at, needs));
	}
}

static void
check_listeners(struct check *check)
{
	const struct model *model = check->lint->model;

	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *listener = &model->listeners[i];
		check_handlers(check, listener);
		check_flags(check, listener);
		check_half(check, listener);
	}
}

/* Modules that answer over HTTP only. */
static void
check_unreached(struct check *check)
{
	struct lint *lint = check->lint;

	for (const char *const *row = web_modules; *row; row++) {
		const struct model_modules *all =
		    model_modules(lint->model, *row);
		if (!all || map_get(&check->handled, str_of(*row)))
			continue;
		/* The old flag's name. */
		if (strcmp(*row, "mod_bosh") == 0 &&
		    map_get(&check->handled, STR("mod_http_bind")))
			continue;
		struct finding *finding = lint_report(lint,
		    &module_rules[MODULE_WITHOUT_HANDLER], all->last->key,
		    "no listener hands requests to %s", *row);
		finding_subject(finding, *row);
		finding_hint(finding,
		    "name it in the request_handlers of an ejabberd_http "
		    "listener");
	}
}

/* --- accounts and storage --- */

struct need {
	const char *method;
	const char *options[4]; /* one of them */
	const char *hint;
};

static const struct need needs[] = {
	{ "external", { "extauth_program" },
	    "set extauth_program to the command that checks passwords" },
	{ "jwt", { "jwt_key" }, "set jwt_key to the file of the key" },
	{ "ldap", { "ldap_base", "ldap_servers" },
	    "set ldap_servers, and ldap_base to the node that accounts stand "
	    "under" },
};

static const char *const sql_options[] = { "odbc_server", "sql_server",
	"sql_database", "sql_type", "sql_odbc_driver", "odbc_type",
	"odbc_database", NULL };

static bool
one_is_set(const struct lint *lint, const char *const *names)
{
	for (; *names; names++) {
		if (model_settings(lint->model, *names))
			return true;
	}
	return false;
}

static bool
is_sql(struct str name)
{
	return str_is(name, "sql") || str_is(name, "odbc");
}

static void
report_sql(struct lint *lint, const struct term *at, const char *what)
{
	struct finding *finding =
	    lint_report(lint, &module_rules[SQL_WITHOUT_SERVER], at,
		"%s to be kept in a database, and none is named", what);

	finding_hint(finding, "set %s",
	    at->file->yaml ? "sql_type, sql_server and what goes with them"
			   : "{odbc_server, {pgsql, \"HOST\", \"DATABASE\", "
			     "\"USER\", \"PASSWORD\"}}.");
}

/* True where there was something to say. */
static bool
check_method(struct lint *lint, const struct term *method, bool sql_set)
{
	bool said = false;
	struct str name;

	if (!lint_word(lint, method, &name))
		return false;
	if (is_sql(name) && !sql_set) {
		report_sql(lint, method, "accounts are");
		said = true;
	}
	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
		if (!str_is(name, needs[i].method) ||
		    one_is_set(lint, needs[i].options))
			continue;
		struct finding *finding =
		    lint_report(lint, &module_rules[AUTH_WITHOUT_OPTION],
			method, "%s accounts can't be looked up without %s",
			needs[i].method, needs[i].options[0]);
		finding_subject(finding, needs[i].options[0]);
		finding_hint(finding, "%s", needs[i].hint);
		said = true;
	}
	return said;
}

/* Once for each place where it is written, hosts being many. */
static void
check_methods(struct lint *lint, bool sql_set)
{
	const struct model_settings *all =
	    model_settings(lint->model, "auth_method");
	const struct model_setting *setting = all ? all->first : NULL;

	for (; setting; setting = setting->next) {
		const struct term *value = setting->option.value;
		if (!value)
			continue;
		if (value->kind != TERM_LIST) {
			if (!check_method(lint, value, sql_set) && all->uniform)
				return;
			continue;
		}
		for (size_t i = 0; i < value->count; i++)
			check_method(lint, &value->items[i], sql_set);
	}
}

static bool
some_is_odbc(const struct model *model)
{
	const struct model_modules *all = model->module_names;

	while (all && !is_odbc(all->name))
		all = all->next;
	return all != NULL;
}

static void
check_storage(struct lint *lint)
{
	const struct term *global = lint_global(lint, "default_db");
	const struct model_module *module = lint->model->modules;
	struct str type;

	if (global && lint_word(lint, global, &type) && is_sql(type))
		report_sql(lint, global, "data of modules is");
	if (!model_has_module_option(lint->model, "db_type") &&
	    !some_is_odbc(lint->model))
		return;
	for (; module; module = module->next) {
		const struct model_option *option =
		    model_option(&module->options, "db_type");
		if (is_odbc(module->name)) {
			report_sql(lint, module->key,
			    arena_printf(lint->arena, "data of %.*s is",
				STR_ARG(module->name)));
			return; /* one says it */
		}
		if (option && option->value &&
		    lint_word(lint, option->value, &type) && is_sql(type)) {
			report_sql(lint, option->value,
			    arena_printf(lint->arena, "data of %.*s is",
				STR_ARG(module->name)));
			return; /* one says it */
		}
	}
}

static void
check_auth_given(struct lint *lint)
{
	if (!lint->target->terms || model_settings(lint->model, "auth_method"))
		return;
	struct finding *finding =
	    lint_report(lint, &module_rules[NO_AUTH_METHOD], NULL,
		"nobody can log in without auth_method");
	finding_subject(finding, "auth_method");
	finding_hint(finding, "add {auth_method, internal}.");
}

/* --- CAPTCHA --- */

static void
report_captcha(struct lint *lint, const struct model_option *option)
{
	struct finding *finding =
	    lint_report(lint, &module_rules[CAPTCHA_WITHOUT_COMMAND],
		option->value ? option->value : option->key,
		"%.*s asks for a CAPTCHA, and captcha_cmd isn't set",
		STR_ARG(option->name));

	finding_subject(finding, "captcha_cmd");
	finding_hint(finding, "set captcha_cmd to the program that draws it");
}

static void
check_captcha(struct lint *lint)
{
	static const char *const asking[] = { "captcha_protected", "captcha" };
	const struct model_module *module = lint->model->modules;

	/* This server says elsewhere that it asks for none. */
	if (lint->for_xmppd || model_settings(lint->model, "captcha_cmd") ||
	    (!model_has_module_option(lint->model, asking[0]) &&
		!model_has_module_option(lint->model, asking[1])))
		return;
	for (; module; module = module->next) {
		for (size_t i = 0; i < 2; i++) {
			if (!model_flag(&module->options, asking[i], false))
				continue;
			report_captcha(
			    lint, model_option(&module->options, asking[i]));
			return;
		}
	}
}

/* --- */

void
rules_modules(struct lint *lint)
{
	static const char *const pubsub[] = { "mod_pubsub", "mod_pubsub_odbc" };
	bool sql_set = one_is_set(lint, sql_options);
	struct check check = { .lint = lint };

	if (lint->incomplete)
		return; /* what is missing may have been in a broken term */
	check_captcha(lint);
	check_auth_given(lint);
	check_dependencies(lint);
	check_conflicts(lint);
	for (size_t i = 0; i < 2; i++) {
		const struct model_modules *all =
		    model_modules(lint->model, pubsub[i]);
		const struct model_module *m = all ? all->first : NULL;
		for (; m; m = m->next_of_name)
			check_plugins(lint, m);
	}
	check_listeners(&check);
	check_unreached(&check);
	/* This server says elsewhere that it has internal accounts and
	 * storage only. */
	if (!lint->for_xmppd)
		check_methods(lint, sql_set);
	if (!lint->for_xmppd && !sql_set)
		check_storage(lint);
	map_fini(&check.handled);
}

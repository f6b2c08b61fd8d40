/*
 * Doors that stand open: registration, administration and commands for
 * everybody, relays, and settings that give away what should stay private.
 * Secrets themselves are in rules_secrets.c, encryption in rules_tls.c.
 */
#include "cfgparse/rules_security.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/listener.h"
#include "cfgparse/rules_admits.h"
#include "cfgparse/rules_words.h"

const struct rule security_rules[SECURITY_RULE_COUNT + 1] = {
	[OPEN_REGISTRATION] = { "CFG230", SEVERITY_WARNING,
	    "anybody can register accounts",
	    "In-band registration is open to every address and asks for "
	    "nothing. Robots find such servers within days and send spam from "
	    "them until other servers refuse to talk to them. An information "
	    "only where a CAPTCHA has to be solved." },
	[REGISTRATION_UNTHROTTLED] = { "CFG231", SEVERITY_WARNING,
	    "registrations aren't slowed down",
	    "Registration is open, and registration_timeout lets one address "
	    "register one account after the other." },
	[ADMIN_FOR_ALL] = { "CFG232", SEVERITY_ERROR,
	    "administration is open to users",
	    "The rule that guards administration admits every account of the "
	    "server, or everybody. Whoever logs in can change the "
	    "configuration, write to all users or delete accounts." },
	[COMMANDS_FOR_ALL] = { "CFG233", SEVERITY_ERROR,
	    "commands are open to everybody",
	    "Commands of administration can be called without a right to it, "
	    "such as by anybody who reaches the port." },
	[RELAY_FOR_ALL] = { "CFG234", SEVERITY_WARNING, "relay for everybody",
	    "The service relays the traffic of people who have no account "
	    "here. Others will use it for their own purposes." },
	[UPLOAD_FOR_ALL] = { "CFG235", SEVERITY_WARNING,
	    "upload without bounds",
	    "Files can be stored on this server by everybody, or files of any "
	    "size." },
	[ANONYMOUS_ABROAD] = { "CFG236", SEVERITY_WARNING,
	    "anonymous users write to other servers",
	    "A host lets users in without an account, and it talks to other "
	    "servers, so anybody can send spam in its name without a trace." },
	[ANONYMOUS_BESIDE] = { "CFG237", SEVERITY_WARNING,
	    "anonymous beside real accounts",
	    "A host lets anonymous users in next to real accounts. With "
	    "login_anon they may even take any name that is free, and pass "
	    "for somebody." },
	[PLAIN_PASSWORDS] = { "CFG238", SEVERITY_INFO,
	    "passwords are stored as they are",
	    "auth_password_format is plain, so whoever sees the database or a "
	    "backup knows all passwords. With scram only hashes are kept." },
	[DEBUG_LOG] = { "CFG239", SEVERITY_INFO, "log of everything",
	    "At this loglevel the log holds what users write to each other, "
	    "and it grows fast. Use it to find a fault, not to run a server." },
	[PROXIES_TRUSTED] = { "CFG240", SEVERITY_WARNING,
	    "every proxy is trusted",
	    "trusted_proxies is all, so everybody can claim to come from any "
	    "address, and rules about addresses mean nothing over HTTP." },
	[FILES_EXPOSED] = { "CFG241", SEVERITY_WARNING,
	    "private files over HTTP",
	    "The directory that is served over HTTP holds more than pages: "
	    "the whole file system, or the server's own configuration or "
	    "data." },
	[SECRET_WEAK] = { "CFG242", SEVERITY_WARNING, "weak password",
	    "A password of the configuration is empty, short or one of those "
	    "that are tried first. Whoever guesses it speaks for a whole "
	    "domain, or reads the database." },
	[SECRET_REUSED] = { "CFG243", SEVERITY_WARNING, "password used twice",
	    "Two different things are guarded by the same password: who "
	    "learns one has both." },
	[COMPONENT_PUBLIC] = { "CFG244", SEVERITY_WARNING,
	    "components over the open network",
	    "The port for components listens on every address without "
	    "encryption. Everything between server and component can be read "
	    "and changed on the way, and strangers can try passwords." },
};

/* --- registration --- */

/* True for {deny, "0.0.0.0/0"} and the like. */
static bool
denies_rest(struct lint *lint, const struct term *list)
{
	const struct term *key, *value;
	struct str result, network;

	for (size_t i = 0; i < lint_pairs(list); i++) {
		if (lint_pair(list, i, &key, &value) &&
		    lint_word(lint, key, &result) && str_is(result, "deny") &&
		    lint_word(lint, value, &network) && network.len > 2 &&
		    memcmp(network.ptr + network.len - 2, "/0", 2) == 0)
			return true;
	}
	return false;
}

/* True where ip_access keeps most of the world out. */
static bool
addresses_bounded(struct lint *lint, const struct model_module *module)
{
	const struct model_option *option =
	    model_option(&module->options, "ip_access");
	const struct term *value = option ? option->value : NULL;
	const struct term *because;

	if (!value)
		return false;
	if (value->kind == TERM_LIST && !value->file->yaml)
		return denies_rest(lint, value);
	return lint_admits(lint, value, module->setting->host, &because) !=
	       ADMITS_ALL;
}

static bool
registration_open(struct lint *lint, const struct model_module *module,
    const struct term **because)
{
	const struct model_option *access =
	    model_option(&module->options, "access");

	*because = module->key;
	if (addresses_bounded(lint, module))
		return false;
	return !access || !access->value ||
	       lint_admits(lint, access->value, module->setting->host,
		   because) != ADMITS_SOME;
}

static void
check_throttle(struct lint *lint, const struct model_module *module)
{
	const struct term *value = lint_global(lint, "registration_timeout");
	struct str text;

	if (!value || !lint_word(lint, value, &text) ||
	    (!str_is(text, "infinity") && !str_is(text, "0")))
		return;
	struct finding *finding =
	    lint_report(lint, &security_rules[REGISTRATION_UNTHROTTLED], value,
		"accounts can be registered without a pause");
	lint_related(finding, module->key, "registration is open here");
	finding_subject(finding, "registration_timeout");
	finding_hint(finding, "leave out registration_timeout: one account in "
			      "ten minutes and address is the default");
}

static void
check_registration(struct lint *lint, const struct model_module *module)
{
	const struct term *because;

	if (!registration_open(lint, module, &because))
		return;
	/* This server draws none. */
	bool captcha = !lint->for_xmppd &&
		       model_flag(&module->options, "captcha_protected", false);
	const struct model_option *access =
	    model_option(&module->options, "access");
	const struct term *at =
	    access && access->value ? access->value : module->key;
	struct finding *finding =
	    lint_report(lint, &security_rules[OPEN_REGISTRATION], at,
		captcha ? "everybody who solves a CAPTCHA can register an "
			  "account%s"
			: "everybody can register an account%s",
		lint_for_host(lint, module->setting->host));
	if (captcha)
		finding_severity(finding, SEVERITY_INFO);
	if (because != at)
		lint_related(finding, because, "because of this");
	finding_subject(finding, "mod_register");
	finding_hint(finding, "bound it by ip_access or access, or leave "
			      "mod_register out and make accounts with "
			      "'register'");
	check_throttle(lint, module);
}

/* --- administration --- */

struct guard {
	const char *module;
	const char *option;
	const char *does; /* "write to all users" */
};

static const struct guard guards[] = {
	{ "mod_announce", "access", "send announcements to all users" },
	{ "mod_muc", "access_admin", "administer all rooms" },
	{ "mod_http_upload", "access_admin", "see all uploaded files" },
	{ "mod_mam", "access_admin", "read all archives" },
	{ "mod_adhoc_api", "access", "call commands of the server" },
};

static void
report_admin(struct lint *lint, const struct term *at,
    const struct term *because, enum admits admits, const char *does)
{
	struct finding *finding =
	    lint_report(lint, &security_rules[ADMIN_FOR_ALL], at, "%s can %s",
		admits == ADMITS_ALL ? "everybody" : "every user", does);

	if (because && because != at)
		lint_related(finding, because, "because of this");
	finding_hint(finding, "admit administrators only, by an acl that names "
			      "their addresses");
}

static bool
is_guarded(const struct model_use *use, const struct guard *guard)
{
	return use->kind == USE_ACCESS && use->row && use->owner &&
	       !use->is_listener &&
	       strcmp(use->owner->name, guard->module) == 0 &&
	       strcmp(use->row->name, guard->option) == 0;
}

static bool
check_guard(struct lint *lint, const struct guard *guard,
    const struct term *value, const struct model_host *host)
{
	const struct term *because;
	enum admits admits = lint_admits(lint, value, host, &because);

	if (admits == ADMITS_SOME)
		return false;
	report_admin(lint, value, because, admits, guard->does);
	return true;
}

/* Hosts that have no rule of their own under the name differ in nothing. */
static void
check_guarded(
    struct lint *lint, const struct guard *guard, const struct model_use *use)
{
	const struct model_access *rule =
	    map_get(&lint->model->accesses, use->name);
	const struct model_place *place = &use->place;
	bool same = !rule || !rule->of_hosts;

	for (; place; place = place->next) {
		if (!check_guard(lint, guard, place->at, place->host) && same)
			return;
	}
}

static void
check_guards(struct lint *lint)
{
	const struct model_access *inlined = lint->model->inlines;
	const struct model_use *use = lint->model->uses;
	const size_t count = sizeof guards / sizeof *guards;

	for (; use; use = use->next) {
		for (size_t i = 0; i < count; i++) {
			if (is_guarded(use, &guards[i]))
				check_guarded(lint, &guards[i], use);
		}
	}
	for (; inlined; inlined = inlined->next) {
		for (size_t i = 0; i < count; i++) {
			if (is_guarded(inlined->use, &guards[i]))
				check_guard(lint, &guards[i], inlined->key,
				    inlined->host);
		}
	}
}

/* Rules whose names are built into ejabberd. */
static void
check_built_in(struct lint *lint, const char *name, const char *does)
{
	const struct model_access *rule =
	    model_access(lint->model, str_of(name), NULL);
	const struct term *because = NULL;

	if (!rule)
		return;
	enum admits admits =
	    lint_admits_name(lint, str_of(name), NULL, &because);
	if (admits != ADMITS_SOME)
		report_admin(lint, rule->key, because, admits, does);
}

/* --- commands --- */

/* {access_commands, []} and {access_commands, [{all, all, []}]}. */
static void
check_xmlrpc(struct lint *lint, const struct model_listener *listener)
{
	const struct model_option *option =
	    model_option(&listener->options, "access_commands");

	/* Since 16.11 api_permissions decide. */
	if (!str_is(listener->module, "ejabberd_xmlrpc") ||
	    (!lint->for_xmppd && lint->target->release >= 1611) ||
	    !listener_is_public(listener))
		return;
	if (option && option->value && lint_pairs(option->value) > 0)
		return;
	struct finding *finding =
	    lint_report(lint, &security_rules[COMMANDS_FOR_ALL],
		option ? option->key : listener->module_at,
		"everybody who reaches the port can call all commands");
	finding_subject(finding, "ejabberd_xmlrpc");
	finding_hint(finding, "set access_commands, or listen on 127.0.0.1 "
			      "only");
}

/* True where the item, or one of the list, is the word. */
static bool
has_word(struct lint *lint, const struct term *value, const char *word)
{
	struct str text;

	if (value->kind != TERM_LIST)
		return lint_word(lint, value, &text) && str_is(text, word);
	for (size_t i = 0; i < value->count; i++) {
		if (lint_word(lint, &value->items[i], &text) &&
		    str_is(text, word))
			return true;
	}
	return false;
}

static const struct term *
value_of(struct lint *lint, const struct term *list, const char *name)
{
	const struct term *key, *value;
	struct str text;

	for (size_t i = 0; i < lint_pairs(list); i++) {
		if (lint_pair(list, i, &key, &value) &&
		    lint_word(lint, key, &text) && str_is(text, name))
			return value;
	}
	return NULL;
}

/* Callers that need a shell on the machine, or an administrator's login. */
static bool
from_inside(struct lint *lint, const struct term *from)
{
	struct str name;
	bool one = from->kind != TERM_LIST;

	for (size_t i = 0; i < (one ? 1 : from->count); i++) {
		const struct term *item = one ? from : &from->items[i];
		if (!lint_word(lint, item, &name) ||
		    (!str_is(name, "ejabberd_ctl") &&
			!str_is(name, "ejabberd_web_admin")))
			return false;
	}
	return true;
}

/* One entry of api_permissions: NAME: {from, who, what}. */
static void
check_permission(struct lint *lint, const struct term *entry)
{
	const struct term *from = value_of(lint, entry, "from");
	const struct term *who = value_of(lint, entry, "who");
	const struct term *what = value_of(lint, entry, "what");

	if (!who || !what || !has_word(lint, who, "all") ||
	    !has_word(lint, what, "*") || (from && from_inside(lint, from)))
		return;
	struct finding *finding =
	    lint_report(lint, &security_rules[COMMANDS_FOR_ALL], who,
		"everybody can call all commands");
	finding_subject(finding, "api_permissions");
	finding_hint(finding, "name who may in `who`, such as an acl of "
			      "administrators, or the commands in `what`");
}

static void
check_permissions(struct lint *lint)
{
	const struct term *value = lint_global(lint, "api_permissions");
	const struct term *key, *entry;

	for (size_t i = 0; value && i < lint_pairs(value); i++) {
		if (lint_pair(value, i, &key, &entry))
			check_permission(lint, entry);
	}
	value = lint_global(lint, "commands_admin_access");
	if (value && lint_admits(lint, value, NULL, &key) != ADMITS_SOME)
		report_admin(lint, value, key, ADMITS_ALL,
		    "call commands of administration");
}

/* --- relays, uploads, files --- */

static void
check_turn(struct lint *lint, const struct model_listener *listener)
{
	const struct model_option *type =
	    model_option(&listener->options, "auth_type");

	if (!str_is(listener->module, "ejabberd_stun") ||
	    !model_flag(&listener->options, "use_turn", false) || !type ||
	    !type->value || !has_word(lint, type->value, "anonymous"))
		return;
	struct finding *finding =
	    lint_report(lint, &security_rules[RELAY_FOR_ALL], type->value,
		"the TURN relay asks nobody for a password");
	finding_subject(finding, "ejabberd_stun");
	finding_hint(finding, "leave out auth_type: user is the default");
}

static void
check_upload(struct lint *lint, const struct model_module *module)
{
	const struct model_option *access, *size;
	const struct term *because;
	struct finding *finding;

	access = model_option(&module->options, "access");
	if (access && access->value &&
	    lint_admits(lint, access->value, module->setting->host, &because) ==
		ADMITS_ALL) {
		finding = lint_report(lint, &security_rules[UPLOAD_FOR_ALL],
		    access->value,
		    "users of other servers can upload files here");
		finding_subject(finding, "mod_http_upload");
		finding_hint(finding, "leave out access: local is the default");
	}
	size = model_option(&module->options, "max_size");
	if (!size || !size->value || !has_word(lint, size->value, "infinity"))
		return;
	finding = lint_report(lint, &security_rules[UPLOAD_FOR_ALL],
	    size->value, "files of any size can be uploaded");
	finding_subject(finding, "mod_http_upload");
	finding_hint(finding, "set max_size in bytes, such as 104857600");
}

static void
check_docroot(struct lint *lint, const struct model_module *module)
{
	static const char *const bad[] = { "/", "/etc", "/etc/",
		"/etc/ejabberd", "/etc/ejabberd/", "/var", "/var/lib",
		"/var/lib/ejabberd", "/var/lib/ejabberd/", "/root", "/home",
		"/home/", NULL };
	struct str path;

	if (!model_text(&module->options, "docroot", &path))
		return;
	for (const char *const *row = bad; *row; row++) {
		if (!str_is(path, *row))
			continue;
		struct finding *finding =
		    lint_report(lint, &security_rules[FILES_EXPOSED],
			model_option(&module->options, "docroot")->value,
			"everything under %s can be fetched over HTTP", *row);
		finding_subject(finding, "mod_http_fileserver");
		finding_hint(finding, "serve a directory that holds nothing "
				      "but pages");
	}
}

/* --- accounts --- */

static bool
talks_to_servers(const struct lint *lint)
{
	for (size_t i = 0; i < lint->model->listener_count; i++) {
		if (str_is(lint->model->listeners[i].module, "ejabberd_s2s_in"))
			return true;
	}
	return false;
}

/* What keeps users from writing to other servers. */
static bool
abroad_bounded(const struct lint *lint)
{
	return model_settings(lint->model, "s2s_access") ||
	       model_settings(lint->model, "s2s_default_policy") ||
	       model_settings(lint->model, "s2s_host");
}

/* True where there was something to say. */
static bool
check_methods(struct lint *lint, const struct model_setting *setting)
{
	const struct term *value = setting->option.value;
	struct finding *finding;

	if (!value || !has_word(lint, value, "anonymous"))
		return false;
	if (value->kind == TERM_LIST && value->count > 1) {
		finding = lint_report(lint, &security_rules[ANONYMOUS_BESIDE],
		    value, "anonymous users stand beside real accounts%s",
		    lint_for_host(lint, setting->host));
		finding_subject(finding, "auth_method");
		finding_hint(finding, "give anonymous users a host of their "
				      "own");
	}
	if (!talks_to_servers(lint) || abroad_bounded(lint))
		return true;
	finding = lint_report(lint, &security_rules[ANONYMOUS_ABROAD], value,
	    "anonymous users%s can write to other servers",
	    lint_for_host(lint, setting->host));
	finding_subject(finding, "auth_method");
	finding_hint(finding, "keep the host to itself by s2s_access, or "
			      "leave out anonymous");
	return true;
}

/* --- the rest of the top level --- */

static void
check_word(struct lint *lint, const char *option, const char *word,
    enum security_rule rule, const char *message, const char *hint)
{
	const struct term *value = lint_global(lint, option);

	if (!value || !has_word(lint, value, word))
		return;
	struct finding *finding =
	    lint_report(lint, &security_rules[rule], value, "%s", message);
	finding_subject(finding, option);
	finding_hint(finding, "%s", hint);
}

static void
check_loglevel(struct lint *lint)
{
	static const char *const words[] = { "5", "debug" };

	for (size_t i = 0; i < 2; i++)
		check_word(lint, "loglevel", words[i], DEBUG_LOG,
		    "the log holds what users write",
		    "set loglevel to 4, or info, once the fault is found");
}

static void
check_component(struct lint *lint, const struct model_listener *listener)
{
	if (!str_is(listener->module, "ejabberd_service") ||
	    !listener_is_public(listener) ||
	    model_flag(&listener->options, "tls", false))
		return;
	struct finding *finding = lint_report(lint,
	    &security_rules[COMPONENT_PUBLIC], listener->module_at,
	    "components connect over the open network without encryption");
	finding_subject(finding, "ejabberd_service");
	finding_hint(finding, "listen on 127.0.0.1, unless components run on "
			      "other machines");
}

static const struct {
	const char *module;
	void (*check)(struct lint *lint, const struct model_module *module);
} guarded[] = {
	{ "mod_register", check_registration },
	{ "mod_http_upload", check_upload },
	{ "mod_http_fileserver", check_docroot },
};

void
rules_security(struct lint *lint)
{
	const struct model *model = lint->model;
	const struct model_settings *methods =
	    model_settings(model, "auth_method");

	check_guards(lint);
	for (size_t i = 0; i < sizeof guarded / sizeof *guarded; i++) {
		const struct model_modules *all =
		    model_modules(model, guarded[i].module);
		const struct model_module *m = all ? all->first : NULL;
		for (; m; m = m->next_of_name)
			guarded[i].check(lint, m);
	}
	for (size_t i = 0; i < model->listener_count; i++) {
		check_xmlrpc(lint, &model->listeners[i]);
		check_turn(lint, &model->listeners[i]);
		check_component(lint, &model->listeners[i]);
	}
	for (const struct model_setting *s = methods ? methods->first : NULL; s;
	     s = s->next) {
		if (!check_methods(lint, s) && methods->uniform)
			break;
	}
	check_built_in(lint, "configure", "change the configuration");
	check_built_in(lint, "webadmin_view", "look at the web admin");
	check_permissions(lint);
	check_loglevel(lint);
	/* This server keeps hashes only. */
	if (!lint->for_xmppd)
		check_word(lint, "auth_password_format", "plain",
		    PLAIN_PASSWORDS, "passwords are stored as they are",
		    "set auth_password_format to scram");
	check_word(lint, "trusted_proxies", "all", PROXIES_TRUSTED,
	    "everybody can claim to come from any address",
	    "list the addresses of your proxies");
	rules_secrets(lint);
}

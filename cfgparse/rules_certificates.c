#include "cfgparse/rules_tls.h"
/*
 * Whether what is to encrypt has a certificate: of the listener, of each host,
 * of all, or one that ejabberd asks an authority for (ACME, since 20.01).
 */
#include <arpa/inet.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/hostname.h"
#include "cfgparse/listener.h"
#include "cfgparse/rules_hosts.h"
#include "cfgparse/rules_words.h"
#include "cfgparse/target.h"

enum { NAMES_SHOWN = 3, RELATED_MAX = 8 };

struct certificates {
	struct lint *lint;
	struct map hosts; /* that have one of their own */
	bool for_clients; /* one for all hosts */
	bool for_servers;
	bool asked_for; /* by ACME */
	bool needed;	/* some host is more than this machine's */
	size_t bare;	/* hosts without one of their own */
	const char *bare_names;
};

/* --- what there is --- */

static bool
is_set(const struct model *model, const char *name)
{
	const struct model_settings *all = model_settings(model, name);

	if (!all || !all->last->option.value)
		return false;
	const struct term *value = all->last->option.value;
	return value->kind != TERM_LIST || value->count > 0;
}

/* The name of a host, or below one: of a room service, say. */
static bool
is_served(const struct model *model, struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (i && name.ptr[i - 1] != '.')
			continue;
		const struct model_host *host = model_host(
		    model, (struct str){ name.ptr + i, name.len - i });
		if (host && host->served)
			return true;
	}
	return false;
}

/* {domain_certfile, Host, File}: the host, or NULL where it is none. */
static const struct model_host *
host_of_file(struct lint *lint, const struct term *whole)
{
	char name[HOSTNAME_MAX + 1];
	struct str text;

	if (whole->count != 3) {
		lint_report(lint, &cfg_rules[CFG_VALUE], whole,
		    "domain_certfile is written {domain_certfile, \"HOST\", "
		    "\"FILE.pem\"}");
		return NULL;
	}
	if (!term_text(lint->arena, &whole->items[1], &text))
		text = STR("");
	if (!hostname_prepare(text, name)) {
		rules_bad_host(lint, &whole->items[1], text);
		return NULL;
	}
	if (!lint->incomplete && !is_served(lint->model, str_of(name))) {
		struct finding *finding = lint_report(lint,
		    &cfg_rules[CFG_HOST_UNSERVED], &whole->items[1],
		    "the host %s is not among the hosts", name);
		finding_subject(finding, name);
	}
	return model_host(lint->model, str_of(name));
}

/* In Erlang terms domain_certfile names its host, in YAML it stands there. */
static void
collect_own(struct certificates *certificates)
{
	struct lint *lint = certificates->lint;
	const struct model_settings *all =
	    model_settings(lint->model, "domain_certfile");
	const struct model_setting *setting = all ? all->first : NULL;

	for (; setting; setting = setting->next) {
		const struct term *whole = setting->option.whole;
		const struct model_host *host = setting->host;
		if (whole->kind == TERM_TUPLE)
			host = host_of_file(lint, whole);
		if (host)
			map_put(&certificates->hosts, host->name,
			    (void *)(uintptr_t)host);
	}
}

static bool
has_challenge(const struct model *model)
{
	const struct term *key, *module;
	struct str name;

	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_option *option = model_option(
		    &model->listeners[i].options, "request_handlers");
		for (size_t j = 0;
		     option && option->value && j < lint_pairs(option->value);
		     j++) {
			if (lint_pair(option->value, j, &key, &module) &&
			    model_word(module, &name) &&
			    str_is(name, "ejabberd_acme"))
				return true;
		}
	}
	return false;
}

/* acme: {auto: false} switches it off. */
static bool
asks_by_itself(const struct model *model)
{
	const struct model_setting *acme = model_setting(model, "acme", NULL);
	const struct term *key, *value;

	if (!acme || !acme->option.value)
		return true;
	for (size_t i = 0; i < lint_pairs(acme->option.value); i++) {
		if (lint_pair(acme->option.value, i, &key, &value) &&
		    term_is_atom(key, "auto") && term_is_atom(value, "false"))
			return false;
	}
	return true;
}

/* A domain that others know, for which an authority could speak. */
static bool
is_domain(struct str name)
{
	struct in_addr address;
	char copy[INET_ADDRSTRLEN];

	if (!memchr(name.ptr, '.', name.len) || name.ptr[0] == '[')
		return false;
	if (name.len >= sizeof copy)
		return true;
	memcpy(copy, name.ptr, name.len);
	copy[name.len] = '\0';
	return inet_pton(AF_INET, copy, &address) != 1;
}

static void
look_at_hosts(struct certificates *certificates)
{
	const struct model *model = certificates->lint->model;
	const char *names = "";

	for (size_t i = 0; i < model->host_count; i++) {
		const struct model_host *host = model->hosts[i];
		if (!host->served)
			continue;
		certificates->needed |= is_domain(host->name);
		if (map_get(&certificates->hosts, host->name))
			continue;
		if (++certificates->bare <= NAMES_SHOWN)
			names =
			    arena_printf(certificates->lint->arena, "%s%s%.*s",
				names, certificates->bare > 1 ? ", " : "",
				STR_ARG(host->name));
	}
	if (certificates->bare > NAMES_SHOWN)
		names = arena_printf(certificates->lint->arena,
		    "%s and %zu more", names, certificates->bare - NAMES_SHOWN);
	certificates->bare_names = names;
}

static void
collect(struct certificates *certificates)
{
	struct lint *lint = certificates->lint;
	const struct model *model = lint->model;
	bool all = is_set(model, "certfiles");

	collect_own(certificates);
	look_at_hosts(certificates);
	certificates->for_clients = all || is_set(model, "c2s_certfile");
	certificates->for_servers = all || is_set(model, "s2s_certfile");
	/* Since 17.11 all are taken for all. */
	if (model->yaml && lint_release_from(lint, 1711))
		certificates->for_clients = certificates->for_servers =
		    certificates->for_clients || certificates->for_servers;
	certificates->asked_for = lint->target->release >= 2001 &&
				  asks_by_itself(model) && has_challenge(model);
}

/* --- what needs one --- */

/* The option that asks for encryption, or NULL. */
static const struct model_option *
asks(const struct model_listener *listener)
{
	static const char *const names[] = { "tls", "starttls_required",
		"starttls" };

	if (listener->transport == MODEL_UDP ||
	    (!listener_is(listener, "ejabberd_c2s") &&
		!listener_is(listener, "ejabberd_http")))
		return NULL;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (model_flag(&listener->options, names[i], false))
			return model_option(&listener->options, names[i]);
	}
	return NULL;
}

static bool
has_own(const struct model_listener *listener)
{
	return model_option(&listener->options, "certfile") != NULL;
}

static void
hint_certificate(struct certificates *certificates, struct finding *finding,
    const struct term *near)
{
	bool list =
	    near->file->yaml && lint_release_from(certificates->lint, 1711);

	if (list)
		finding_hint(finding,
		    "add certfiles with the path of a certificate and its "
		    "key");
	else
		finding_hint(finding, "add %s",
		    lint_option(
			certificates->lint, near, "certfile", "\"FILE.pem\""));
}

static void
report_partly(struct certificates *certificates,
    const struct model_listener *listener, const struct model_option *option)
{
	struct lint *lint = certificates->lint;
	const char *name = listener_name(lint->arena, listener);
	struct finding *finding =
	    lint_report(lint, &cfg_rules[CFG_NO_CERTIFICATE], option->key,
		"%s shows another host's certificate for %s", name,
		certificates->bare_names);

	finding_severity(finding, SEVERITY_WARNING);
	finding_subject(finding, name);
	hint_certificate(certificates, finding, option->key);
}

/* The first listener without one, and the others beside it. */
static struct finding *
report_none(struct certificates *certificates,
    const struct model_listener *listener, const struct model_option *option)
{
	struct lint *lint = certificates->lint;
	const char *name = listener_name(lint->arena, listener);
	struct finding *finding =
	    lint_report(lint, &cfg_rules[CFG_NO_CERTIFICATE], option->key,
		"%s is to encrypt, but no certificate is named", name);

	/* On this machine alone, trying out is fine. */
	if (!certificates->needed)
		finding_severity(finding, SEVERITY_WARNING);
	finding_subject(finding, name);
	hint_certificate(certificates, finding, option->key);
	return finding;
}

static void
check_listeners(struct certificates *certificates)
{
	const struct model *model = certificates->lint->model;
	struct finding *finding = NULL;
	size_t related = 0;

	if (certificates->for_clients ||
	    (certificates->asked_for && certificates->needed) ||
	    !certificates->bare)
		return;
	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *listener = &model->listeners[i];
		const struct model_option *option = asks(listener);
		if (!option || has_own(listener) ||
		    !listener_is_sound(listener))
			continue;
		if (map_count(&certificates->hosts))
			report_partly(certificates, listener, option);
		else if (!finding)
			finding = report_none(certificates, listener, option);
		else if (related++ < RELATED_MAX)
			lint_related(finding, option->key, "nor for this one");
	}
}

static void
check_servers(struct certificates *certificates)
{
	struct lint *lint = certificates->lint;
	const struct model_setting *use =
	    model_setting(lint->model, "s2s_use_starttls", NULL);
	const struct term *value = use ? use->option.value : NULL;

	if (!value || lint->for_xmppd || term_is_atom(value, "false") ||
	    certificates->for_servers || !certificates->bare ||
	    (certificates->asked_for && certificates->needed))
		return;
	bool required = term_is_atom(value, "required") ||
			term_is_atom(value, "required_trusted");
	struct finding *finding = lint_report(lint, &tls_rules[TLS_SERVERS],
	    value,
	    required ? "connections with other servers need a certificate, "
		       "and none is named"
		     : "other servers are offered no encryption as long as no "
		       "certificate is named");
	if (!required || map_count(&certificates->hosts))
		finding_severity(finding, SEVERITY_INFO);
	else if (!certificates->needed)
		finding_severity(finding, SEVERITY_WARNING);
	bool list = value->file->yaml && lint_release_from(lint, 1711);
	finding_hint(finding, "add %s",
	    list ? "certfiles with the path of a certificate and its key"
		 : lint_option(lint, value, "s2s_certfile", "\"FILE.pem\""));
}

/* --- names of files --- */

static void
check_relative(struct lint *lint, const struct term *value)
{
	struct str text;

	if (lint->for_xmppd || !model_word(value, &text) || !text.len ||
	    text.ptr[0] == '/' || text.ptr[0] == '@')
		return;
	finding_hint(lint_report(lint, &tls_rules[TLS_RELATIVE], value,
			 "%s is looked for from where ejabberd is started",
			 lint_shown(lint, value)),
	    "write the whole path");
}

/* Files are named before anybody looks into them: see
 * frozen_default_certfile(). */
static void
check_only_first(struct lint *lint)
{
	const struct model_setting *setting =
	    model_setting(lint->model, "certfiles", NULL);
	const struct term *list = setting ? setting->option.value : NULL;

	if (!lint->for_xmppd || !list || list->kind != TERM_LIST ||
	    list->count < 2)
		return;
	struct finding *finding =
	    lint_report(lint, &cfg_rules[CFG_NOT_ACTED_ON], &list->items[1],
		"only the first of certfiles is served by this version");
	finding_subject(finding, "certfiles");
	lint_related(finding, &list->items[0], "this one");
	finding_hint(finding, "put certificate, chain and key of all hosts "
			      "into the first");
}

static void
check_paths(struct lint *lint)
{
	static const char *const names[] = { "certfiles", "s2s_certfile",
		"c2s_certfile", "domain_certfile" };
	const struct model *model = lint->model;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct model_settings *all =
		    model_settings(model, names[i]);
		const struct model_setting *setting = all ? all->first : NULL;
		for (; setting; setting = setting->next) {
			const struct term *value = setting->option.value;
			if (value && value->kind != TERM_LIST)
				check_relative(lint, value);
			for (size_t j = 0; value && value->kind == TERM_LIST &&
					   j < value->count;
			     j++)
				check_relative(lint, &value->items[j]);
		}
	}
	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_option *option =
		    model_option(&model->listeners[i].options, "certfile");
		if (option && option->value)
			check_relative(lint, option->value);
	}
}

void
rules_certificates(struct lint *lint)
{
	check_only_first(lint);
	struct certificates certificates = { .lint = lint };

	check_paths(lint);
	collect(&certificates);
	if (!lint->incomplete) {
		check_listeners(&certificates);
		check_servers(&certificates);
	}
	map_fini(&certificates.hosts);
}

#include "cfgparse/rules_hosts.h"
/*
 * Names of hosts: whether clients, other servers and certificates can use
 * them, and whether all parts of the configuration mean the same ones. Hosts
 * of modules and components are in rules_services.c.
 */
#include <arpa/inet.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/suggest.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/hostname_why.h"
#include "cfgparse/listener.h"
#include "cfgparse/target.h"
#include "cfgparse/lint_edit.h"

const struct rule host_rules[HOST_RULE_COUNT + 1] = {
	[HOST_LITERAL] = { "CFG150", SEVERITY_WARNING,
	    "name is not compared as it is written",
	    "The name has capital letters or a final dot where the release "
	    "compares it byte by byte with the prepared name of the host, so "
	    "it never fits. ejabberd up to 19.05 compares host_config so, and "
	    "no release takes the dot away." },
	[HOST_A_LABEL] = { "CFG151", SEVERITY_WARNING,
	    "host written as the DNS writes it",
	    "XMPP writes an internationalised name in its own letters; the "
	    "form xn-- is for the DNS and certificates. ejabberd before 25.08 "
	    "doesn't know that both are one name and turns away clients that "
	    "ask for the other." },
	[HOST_MIXED] = { "CFG154", SEVERITY_WARNING,
	    "name that looks like another one",
	    "One part of the name mixes letters of Latin, Greek or Cyrillic. "
	    "Some of them look alike, so nobody who reads the name can type "
	    "it." },
	[HOST_OF_SERVICE] = { "CFG152", SEVERITY_ERROR,
	    "host is also that of a module or component",
	    "A virtual host of hosts is also the address of a module or an "
	    "external component. Only one of them can answer there; ejabberd "
	    "since 19.08 refuses to start." },
	[SERVICE_HOST_TWICE] = { "CFG153", SEVERITY_ERROR,
	    "two modules at one address",
	    "Two modules, or a module and an external component, have the "
	    "same address. ejabberd sends each stanza to either of them, as "
	    "it happens." },
	[SERVICE_HOST_SHARED] = { "CFG155", SEVERITY_WARNING,
	    "all hosts share one address of a module",
	    "The address of a module is a fixed name, and there are several "
	    "hosts: every host starts the module at that one address, and "
	    "which of them answers is left to chance. @HOST@ stands for the "
	    "name of each host." },
	[SERVICE_HOST_OUTSIDE] = { "CFG156", SEVERITY_INFO,
	    "address of a module outside its host",
	    "The address of a module is not below a host that is served. It "
	    "works where DNS and certificate have the name too." },
	[HOST_ONLY_LOCAL] = { "CFG157", SEVERITY_INFO,
	    "localhost is the only host",
	    "Ports are open to other machines, but the only host is "
	    "localhost, which means another machine everywhere." },
	[HOST_OF_GUIDE] = { "CFG158", SEVERITY_INFO, "name of an example",
	    "The name is one that guides use; it belongs to nobody and can't "
	    "be reached." },
	[SERVICE_HOST_INVALID] = { "CFG159", SEVERITY_ERROR,
	    "invalid address of a module",
	    "The address of a module or component is no host name, with "
	    "@HOST@ replaced by the name of the host." },
	[HOST_ADDRESS] = { "CFG160", SEVERITY_INFO, "IP address as host",
	    "The host is an IP address. Accounts of it work in one network "
	    "at most: authorities certify no such names for XMPP, and other "
	    "servers look for a domain." },
	[HOST_UNDERSCORE] = { "CFG161", SEVERITY_WARNING,
	    "underscore in a host name",
	    "No host name has an underscore. Many clients and servers accept "
	    "it, authorities for certificates don't." },
};

/* The name as written, without what the readers take away. */
static bool
written(const struct term *at, struct str *name)
{
	return at && model_word(at, name);
}

void
rules_bad_host(struct lint *lint, const struct term *at, struct str name)
{
	char meant[HOSTNAME_MAX + 1];
	struct finding *finding = lint_report(lint,
	    &cfg_rules[CFG_HOST_INVALID], at, "%s is no host name: %s",
	    lint_shown(lint, at), hostname_why(name));

	if (!hostname_mend(name, meant)) {
		finding_hint(finding,
		    at->file->yaml ? "write a domain, such as example.org"
				   : "write a domain as a string, such as "
				     "\"example.org\"");
		return;
	}
	finding_hint(
	    finding, at->file->yaml ? "write %s" : "write \"%s\"", meant);
	struct span span = term_span(at);
	finding_edit(
	    finding, false, &span, arena_printf(lint->arena, "\"%s\"", meant));
}

/* --- one name --- */

/* At the macro's use: where it is defined nothing is wrong. */
static bool
check_macro(struct lint *lint, const struct term *at)
{
	if (!lint->target->terms || !at || !at->file->origin)
		return false;
	struct finding *finding = finding_add(lint->findings,
	    &cfg_rules[CFG_HOST_INVALID], at->file->origin,
	    "ejabberd 2.1 reads hosts before it knows macros, and stops here");
	lint_related(finding, at, "what the macro stands for");
	finding_hint(finding, "write the names themselves into hosts");
	return true;
}

static bool
ends_with_dot(struct str name)
{
	return name.len > 1 && name.ptr[name.len - 1] == '.';
}

static bool
has_capital(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] >= 'A' && name.ptr[i] <= 'Z')
			return true;
	}
	return false;
}

static void
propose(struct lint *lint, struct finding *finding, const struct term *at,
    struct str name, bool safe)
{
	struct span span = term_span(at);
	const char *text = arena_printf(lint->arena, "\"%.*s\"", STR_ARG(name));

	finding_subject(finding, lint_text(lint, name));
	finding_hint(finding, "write %s", text);
	if (!at->file->origin)
		finding_edit(finding, safe, &span, text);
}

static void
check_form(struct lint *lint, const struct model_host *host)
{
	struct str name;

	if (!written(host->at, &name))
		return;
	if (ends_with_dot(name) && !lint->for_xmppd) {
		propose(lint,
		    lint_report(lint, &host_rules[HOST_LITERAL], host->at,
			"the final dot is taken as part of the name, so that "
			"nobody asks for this host"),
		    host->at, host->name, true);
		return;
	}
	if (!hostname_has_a_label(name))
		return;
	if (!lint->for_xmppd && lint->target->release < 2508)
		propose(lint,
		    lint_report(lint, &host_rules[HOST_A_LABEL], host->at,
			"%.*s is the DNS's form of %.*s, for which clients "
			"ask",
			STR_ARG(name), STR_ARG(host->name)),
		    host->at, host->name, false);
}

static bool
ends_with(struct str name, const char *end)
{
	size_t len = strlen(end);

	return name.len >= len &&
	       memcmp(name.ptr + name.len - len, end, len) == 0 &&
	       (name.len == len || name.ptr[name.len - len - 1] == '.');
}

static bool
is_of_guide(struct str name)
{
	static const char *const names[] = { "example.com", "example.org",
		"example.net", "example", "domain.tld", "yourdomain.com",
		"yourdomain.tld", "mydomain.com", NULL };

	for (const char *const *row = names; *row; row++) {
		if (ends_with(name, *row))
			return true;
	}
	return false;
}

static bool
is_address(struct str name)
{
	char copy[INET_ADDRSTRLEN];
	struct in_addr address;

	if (name.len && name.ptr[0] == '[')
		return true;
	if (name.len >= sizeof copy)
		return false;
	memcpy(copy, name.ptr, name.len);
	copy[name.len] = '\0';
	return inet_pton(AF_INET, copy, &address) == 1;
}

static void
check_name(struct lint *lint, const struct model_host *host)
{
	struct str name = host->name;

	if (is_address(name)) {
		finding_hint(
		    lint_report(lint, &host_rules[HOST_ADDRESS], host->at,
			"the host %.*s is an IP address", STR_ARG(name)),
		    "use a domain that other servers can look up");
		return;
	}
	if (memchr(name.ptr, '_', name.len))
		finding_hint(
		    lint_report(lint, &host_rules[HOST_UNDERSCORE], host->at,
			"the host %.*s has an underscore, which no "
			"certificate can have",
			STR_ARG(name)),
		    "use a hyphen in its place");
	if (hostname_is_mixed(name))
		finding_hint(
		    lint_report(lint, &host_rules[HOST_MIXED], host->at,
			"%.*s mixes letters of several scripts, some of which "
			"look alike",
			STR_ARG(name)),
		    "type the name again in one script");
}

/* --- host_config --- */

/* Names are compared with each other as long as that is cheap. */
enum { SUGGESTIONS = 1 << 17 };

static void
suggest_host(struct lint *lint, struct finding *finding,
    const struct model_host *host, size_t *budget)
{
	const struct model *model = lint->model;
	struct suggest suggest = { .given = host->name };

	if (!finding_is_kept(finding) || model->host_count > *budget)
		return;
	*budget -= model->host_count;
	for (size_t i = 0; i < model->host_count; i++) {
		const struct model_host *other = model->hosts[i];
		if (other->served)
			suggest_offer(&suggest, lint_text(lint, other->name));
	}
	if (suggest.best)
		edit_meant(finding, host->at, suggest.best);
	else
		finding_hint(finding, "add the name to hosts, or take its "
				      "options away");
}

static void
check_unserved(struct lint *lint, const struct model_host *host, size_t *budget)
{
	struct finding *finding =
	    lint_report(lint, &cfg_rules[CFG_HOST_UNSERVED], host->at,
		"the host %.*s is not among the hosts", STR_ARG(host->name));

	/* Since then ejabberd doesn't start with it. */
	if (lint->target->release >= 1908)
		finding_severity(finding, SEVERITY_ERROR);
	finding_subject(finding, lint_text(lint, host->name));
	if (lint->model->hosts_at)
		lint_related(finding, lint->model->hosts_at, "the hosts");
	suggest_host(lint, finding, host, budget);
}

static void
check_config_form(struct lint *lint, const struct model_host *host)
{
	bool literal = lint->target->terms ||
		       (lint->target->release && lint->target->release < 1908);
	struct str name;

	if (!literal || lint->for_xmppd || !written(host->config_at, &name) ||
	    !has_capital(name) || hostname_has_a_label(name))
		return;
	propose(lint,
	    lint_report(lint, &host_rules[HOST_LITERAL], host->config_at,
		"host_config takes %.*s literally, but the host is %.*s",
		STR_ARG(name), STR_ARG(host->name)),
	    host->config_at, host->name, true);
}

/* --- all --- */

/* Beside names of one's own an example was left over. */
static void
check_of_guide(struct lint *lint)
{
	const struct model *model = lint->model;
	const struct model_host *example = NULL;
	bool own = false;

	for (size_t i = 0; i < model->host_count; i++) {
		const struct model_host *host = model->hosts[i];
		if (!host->served || str_is(host->name, "localhost"))
			continue;
		bool of_guide = is_of_guide(host->name);
		own |= !of_guide;
		if (of_guide && !example)
			example = host;
	}
	if (own && example)
		finding_hint(
		    lint_report(lint, &host_rules[HOST_OF_GUIDE], example->at,
			"%.*s is a name of an example", STR_ARG(example->name)),
		    "take it away, or write your own domain");
}

static void
check_only_local(struct lint *lint)
{
	const struct model *model = lint->model;

	if (model->served_count != 1)
		return;
	const struct model_host *host = NULL;
	for (size_t i = 0; i < model->host_count && !host; i++) {
		if (model->hosts[i]->served)
			host = model->hosts[i];
	}
	if (!host || !str_is(host->name, "localhost"))
		return;
	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *listener = &model->listeners[i];
		if (!listener_is(listener, "ejabberd_c2s") ||
		    !listener_is_public(listener))
			continue;
		struct finding *finding =
		    lint_report(lint, &host_rules[HOST_ONLY_LOCAL], host->at,
			"localhost is the only host, but clients of other "
			"machines are let in");
		lint_related(finding, listener->whole, "open to others");
		finding_hint(
		    finding, "write the domain of your server into hosts");
		return;
	}
}

static void
check_none(struct lint *lint)
{
	const struct model *model = lint->model;
	const struct term *hosts = model->hosts_at;

	/* Where names are given but none is sound, that was said. */
	if (model->served_count || lint->incomplete ||
	    (hosts && (hosts->kind != TERM_LIST || hosts->count)))
		return;
	finding_hint(lint_report(lint, &cfg_rules[CFG_NO_HOSTS], hosts,
			 "no host is configured"),
	    "add %s",
	    model->yaml ? "hosts: [example.org]"
			: "{hosts, [\"example.org\"]}.");
}

void
rules_hosts(struct lint *lint)
{
	const struct model *model = lint->model;
	size_t budget = SUGGESTIONS;
	bool from_macro = check_macro(lint, model->hosts_at);

	check_none(lint);

	for (size_t i = 0; i < model->host_count; i++) {
		const struct model_host *host = model->hosts[i];
		if (!host->served) {
			if (!lint->incomplete)
				check_unserved(lint, host, &budget);
			continue;
		}
		if (!from_macro)
			check_macro(lint, host->at);
		check_form(lint, host);
		check_name(lint, host);
		check_config_form(lint, host);
	}
	check_of_guide(lint);
	check_only_local(lint);
	rules_service_hosts(lint);
}

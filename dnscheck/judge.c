#include "dnscheck/judge.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/cfg.h"
#include "cfgparse/findings.h"
#include "dnscheck/address.h"
#include "dnscheck/rules.h"

/* One of the two sides that look for a domain. */
struct role {
	enum domain_service plain, direct;
	const char *who; /* "clients" */
	uint16_t port;	 /* of the fallback */
	uint16_t direct_port;
};

static const struct role roles[] = {
	{ SERVICE_CLIENT, SERVICE_CLIENT_TLS, "clients", 5222, 5223 },
	{ SERVICE_SERVER, SERVICE_SERVER_TLS, "servers", 5269, 5270 },
};

struct judging {
	const struct domain *domain;
	const struct expect *expect;
	struct findings *findings;
	struct arena arena;
};

/* --- helpers --- */

static bool
set_known(const struct domain_set *set)
{
	return dns_status_known(set->answer.status);
}

/* The set has a record that names somebody. */
static bool
set_offers(const struct domain_set *set)
{
	for (size_t i = 0; i < set->target_count; i++)
		if (strcmp(set->targets[i].srv.target, ".") != 0)
			return true;
	return false;
}

static bool
set_declines(const struct domain_set *set)
{
	return set->answer.count && !set_offers(set);
}

static bool
host_known(const struct domain_host *host)
{
	return !host->asked ||
	       (dns_status_known(host->v4.status) &&
		   dns_status_known(host->v6.status)) ||
	       domain_host_has_address(host);
}

static bool
expects(
    const struct judging *judging, enum domain_service service, uint16_t port)
{
	const struct expect_ports *ports = &judging->expect->services[service];

	for (size_t i = 0; i < ports->count; i++)
		if (ports->ports[i] == port)
			return true;
	return false;
}

/* True where the side is served, as far as is known. */
static bool
role_served(const struct judging *judging, const struct role *role)
{
	return !judging->expect->known ||
	       judging->expect->services[role->plain].count ||
	       judging->expect->services[role->direct].count;
}

static uint16_t
wanted_port(const struct judging *judging, enum domain_service service,
    uint16_t fallback)
{
	const struct expect_ports *ports = &judging->expect->services[service];

	if (ports->count == 0 || expects(judging, service, fallback))
		return fallback;
	return ports->ports[0];
}

/* The name to publish: a target that works already, or the domain itself, or
 * a proposal. */
static const char *
good_target(struct judging *judging)
{
	const struct domain *domain = judging->domain;

	for (enum domain_service s = 0; s < SERVICES; s++)
		for (size_t i = 0; i < domain->sets[s].target_count; i++) {
			const struct domain_host *host =
			    domain->sets[s].targets[i].host;

			if (domain_host_has_address(host) &&
			    host->v4.aliases == 0 && host->v6.aliases == 0)
				return host->name;
		}
	if (domain_host_has_address(domain->self))
		return domain->name;
	return arena_printf(&judging->arena, "xmpp.%s", domain->name);
}

/* The record to publish, as a line of a zone file. */
static const char *
record(struct judging *judging, enum domain_service service, uint16_t port,
    const char *target)
{
	return arena_printf(&judging->arena, "%s. 3600 IN SRV 5 0 %u %s.",
	    judging->domain->sets[service].owner, port, target);
}

static struct finding *
add(struct judging *judging, enum dnscheck_rule rule, const char *subject,
    const char *message)
{
	struct finding *finding = finding_add(
	    judging->findings, &dnscheck_rules[rule], NULL, "%s", message);

	finding_subject(finding, subject);
	return finding;
}

#define TEXT(...) arena_printf(&judging->arena, __VA_ARGS__)

/* --- single records --- */

/* A target that ends in the domain's name twice lacks its final dot. */
static bool
doubled(const struct judging *judging, const char *target)
{
	const char *domain = judging->domain->name;
	size_t len = strlen(domain), target_len = strlen(target);
	const char *tail;

	if (target_len < 2 * len + 1)
		return false;
	tail = target + target_len - 2 * len - 1;
	return strncmp(tail, domain, len) == 0 && tail[len] == '.' &&
	       strcmp(tail + len + 1, domain) == 0;
}

/* Where the aliases of a host end, or NULL where it's none. */
static const char *
alias_end(const struct domain_host *host)
{
	if (host->v4.aliases)
		return host->v4.canonical;
	return host->v6.aliases ? host->v6.canonical : NULL;
}

static void
judge_missing_address(struct judging *judging, const struct domain_set *set,
    const struct domain_target *target)
{
	const char *name = target->srv.target;
	const char *alias = alias_end(target->host);
	struct finding *finding =
	    add(judging, DNS_TARGET_NO_ADDRESS, set->owner,
		TEXT("the target %s of %s has no address (%s%s%s)", name,
		    set->owner, alias ? "an alias of " : "",
		    alias ? TEXT("%s: ", alias) : "",
		    dns_status_text(target->host->v4.status)));

	if (alias)
		finding_hint(finding,
		    "publish an address instead of the CNAME: %s. 3600 IN A "
		    "ADDRESS",
		    name);
	else if (doubled(judging, name))
		finding_hint(finding,
		    "the final dot is missing in the zone file: write "
		    "\"%.*s.\"",
		    (int)(strlen(name) - strlen(judging->domain->name) - 1),
		    name);
	else
		finding_hint(finding,
		    "publish the server's address: %s. 3600 IN A ADDRESS",
		    name);
}

static void
judge_alias(struct judging *judging, const struct domain_set *set,
    const struct domain_target *target)
{
	const char *canonical = alias_end(target->host);
	struct finding *finding = add(judging, DNS_TARGET_ALIAS, set->owner,
	    TEXT("the target %s of %s is an alias (CNAME) of %s",
		target->srv.target, set->owner, canonical));

	finding_hint(finding,
	    "name the host itself: %s. 3600 IN SRV %u %u %u %s.", set->owner,
	    target->srv.priority, target->srv.weight, target->srv.port,
	    canonical);
}

static void
judge_literal(struct judging *judging, enum domain_service service,
    const struct domain_target *target, enum domain_literal literal)
{
	const struct domain_set *set = &judging->domain->sets[service];
	const char *name = target->srv.target;
	const char *better = good_target(judging);
	struct finding *finding;

	if (literal == LITERAL_ADDRESS)
		finding = add(judging, DNS_TARGET_LITERAL, set->owner,
		    TEXT("the target of %s is the address %s, not a name",
			set->owner, name));
	else
		finding = add(judging, DNS_TARGET_LOCALHOST, set->owner,
		    TEXT("the target of %s is %s: whoever asks would connect "
			 "to its own machine",
			set->owner, name));
	finding_hint(finding, "publish a name that has the address: %s",
	    record(judging, service, target->srv.port, better));
}

static void
judge_target(struct judging *judging, enum domain_service service,
    const struct domain_target *target)
{
	const struct domain_set *set = &judging->domain->sets[service];
	const struct domain_host *host = target->host;
	enum domain_literal literal = domain_literal_kind(target->srv.target);

	if (literal != LITERAL_NONE) {
		judge_literal(judging, service, target, literal);
		return;
	}
	if (host_known(host) && !domain_host_has_address(host))
		judge_missing_address(judging, set, target);
	else if (alias_end(host))
		judge_alias(judging, set, target);
}

/* --- ports --- */

static const char *
ports_text(struct judging *judging, enum domain_service service)
{
	const struct expect_ports *ports = &judging->expect->services[service];
	const char *text = "none";

	for (size_t i = 0; i < ports->count; i++)
		text = i ? TEXT("%s, %u", text, ports->ports[i])
			 : TEXT("%u", ports->ports[i]);
	return text;
}

static void
judge_port(struct judging *judging, const struct role *role,
    enum domain_service service, const struct domain_target *target)
{
	const struct domain_set *set = &judging->domain->sets[service];
	uint16_t standard =
	    service == role->plain ? role->port : role->direct_port;
	uint16_t port = target->srv.port;
	struct finding *finding;

	if (port == 0)
		finding = add(judging, DNS_PORT_ZERO, set->owner,
		    TEXT("%s names port 0 of %s", set->owner,
			target->srv.target));
	else if (judging->expect->known && !expects(judging, service, port))
		finding = add(judging, DNS_PORT_MISMATCH, set->owner,
		    TEXT("%s sends %s to port %u, where the configuration has "
			 "no such listener (it has: %s)",
			set->owner, role->who, port,
			ports_text(judging, service)));
	else
		return;
	if (role_served(judging, role))
		finding_hint(finding, "publish: %s",
		    record(judging, service,
			wanted_port(judging, service, standard),
			target->srv.target));
	else
		finding_hint(finding,
		    "remove the record, or add a listener for %s", role->who);
}

/* --- sets --- */

static void
judge_set(struct judging *judging, const struct role *role,
    enum domain_service service)
{
	const struct domain_set *set = &judging->domain->sets[service];

	if (set->target_count < set->answer.count)
		add(judging, DNS_TOO_MANY_TARGETS, set->owner,
		    TEXT("%s has %zu records, the first %zu were looked at",
			set->owner, set->answer.count, set->target_count));
	for (size_t i = 0; i < set->target_count; i++) {
		const struct domain_target *target = &set->targets[i];

		if (strcmp(target->srv.target, ".") != 0) {
			judge_target(judging, service, target);
			judge_port(judging, role, service, target);
		} else if (set_offers(set)) {
			finding_hint(
			    add(judging, DNS_DECLINED_MIXED, set->owner,
				TEXT("%s has the target \".\" (not offered) "
				     "beside others",
				    set->owner)),
			    "remove the record with the target \".\"");
		}
	}
}

static void
judge_fallback(struct judging *judging, const struct role *role)
{
	const struct domain *domain = judging->domain;
	const char *publish = record(judging, role->plain,
	    wanted_port(judging, role->plain, role->port),
	    good_target(judging));
	struct finding *finding;

	if (judging->expect->known &&
	    !expects(judging, role->plain, role->port)) {
		finding = add(judging, DNS_FALLBACK_PORT, domain->name,
		    TEXT("there is no %s record, so %s try port %u of %s, "
			 "where the configuration has no listener",
			domain->sets[role->plain].owner, role->who, role->port,
			domain->name));
		finding_hint(finding, "publish: %s", publish);
		return;
	}
	finding = add(judging, DNS_FALLBACK, domain->name,
	    TEXT("there is no %s record: %s use the address of %s itself, "
		 "port %u, which works as long as the server runs there",
		domain->sets[role->plain].owner, role->who, domain->name,
		role->port));
	finding_hint(
	    finding, "nothing needs to be published; to say it: %s", publish);
}

static void
judge_declined(struct judging *judging, const struct role *role)
{
	const struct domain_set *set = &judging->domain->sets[role->plain];
	struct finding *finding = add(judging, DNS_DECLINED, set->owner,
	    TEXT("%s says that there is no service for %s (target \".\")",
		set->owner, role->who));

	if (judging->expect->known && role->plain == SERVICE_CLIENT)
		finding_severity(finding, SEVERITY_ERROR);
	finding_hint(finding, "if it is offered, publish instead: %s",
	    record(judging, role->plain,
		wanted_port(judging, role->plain, role->port),
		good_target(judging)));
}

static void
judge_unannounced(struct judging *judging, const struct role *role)
{
	const struct expect_ports *ports =
	    &judging->expect->services[role->direct];
	const struct domain_set *set = &judging->domain->sets[role->direct];

	if (!judging->expect->known || ports->count == 0 || !set_known(set) ||
	    set->answer.count)
		return;
	finding_hint(add(judging, DNS_UNANNOUNCED, set->owner,
			 TEXT("no %s record announces the listener with direct "
			      "TLS on port %u",
			     set->owner, ports->ports[0])),
	    "publish: %s",
	    record(
		judging, role->direct, ports->ports[0], good_target(judging)));
}

/* Can this side find the domain at all? */
static void
judge_role(struct judging *judging, const struct role *role)
{
	const struct domain *domain = judging->domain;
	const struct domain_set *plain = &domain->sets[role->plain];
	const struct domain_set *direct = &domain->sets[role->direct];

	judge_set(judging, role, role->plain);
	judge_set(judging, role, role->direct);
	judge_unannounced(judging, role);
	if (!role_served(judging, role) || !set_known(plain) ||
	    set_offers(plain))
		return;
	if (set_declines(plain)) {
		if (!set_offers(direct))
			judge_declined(judging, role);
	} else if (domain_host_has_address(domain->self)) {
		judge_fallback(judging, role);
	} else if (host_known(domain->self) && !set_offers(direct)) {
		finding_hint(
		    add(judging, DNS_NO_WAY, domain->name,
			TEXT("%s find no way to %s: no %s record and no "
			     "address of the domain",
			    role->who, domain->name, plain->owner)),
		    "publish: %s",
		    record(judging, role->plain,
			wanted_port(judging, role->plain, role->port),
			good_target(judging)));
	}
}

/* --- the whole domain
 * --------------------------------------------------------- */

static bool
nothing_resolves(const struct domain *domain)
{
	for (enum domain_service s = 0; s < SERVICES; s++)
		if (!set_known(&domain->sets[s]) ||
		    domain->sets[s].answer.count)
			return false;
	return host_known(domain->self) &&
	       !domain_host_has_address(domain->self);
}

static void
judge_nothing(struct judging *judging)
{
	const struct domain *domain = judging->domain;
	const char *target = good_target(judging);
	struct finding *finding =
	    add(judging, DNS_NOTHING_RESOLVES, domain->name,
		TEXT("nobody can find %s: it has neither SRV records nor an "
		     "address (%s)",
		    domain->name, dns_status_text(domain->self->v4.status)));

	finding_hint(finding,
	    "publish: %s and %s and the address of %s (or just an address of "
	    "%s)",
	    record(judging, SERVICE_CLIENT,
		wanted_port(judging, SERVICE_CLIENT, 5222), target),
	    record(judging, SERVICE_SERVER,
		wanted_port(judging, SERVICE_SERVER, 5269), target),
	    target, domain->name);
}

static void
judge_address(struct judging *judging, const struct domain_host *host,
    enum address_kind kind, const char *address)
{
	struct finding *finding;

	if (kind == ADDRESS_GLOBAL)
		return;
	finding = add(judging, DNS_UNUSUAL_ADDRESS, judging->domain->name,
	    TEXT("%s has the address %s, %s", host->name, address,
		address_kind_text(kind)));
	if (kind == ADDRESS_PRIVATE)
		finding_severity(finding, SEVERITY_INFO);
	finding_hint(finding, "%s",
	    kind == ADDRESS_PRIVATE
		? "right within one network; for the internet publish the "
		  "public address"
		: "publish the address that others reach the server by");
}

/* The domain's own address matters only where it is the way. */
static bool
address_matters(const struct judging *judging, const struct domain_host *host)
{
	for (enum domain_service s = 0; s < SERVICES; s++)
		for (size_t i = 0; i < judging->domain->sets[s].target_count;
		     i++)
			if (judging->domain->sets[s].targets[i].host == host)
				return true;
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (host == judging->domain->self &&
		    role_served(judging, &roles[i]) &&
		    judging->domain->sets[roles[i].plain].answer.count == 0)
			return true;
	return false;
}

static void
judge_addresses(struct judging *judging)
{
	char text[INET6_ADDRSTRLEN];

	for (const struct domain_host *host = judging->domain->hosts; host;
	     host = host->next) {
		if (!address_matters(judging, host))
			continue;
		for (size_t i = 0; i < host->v4.count; i++)
			judge_address(judging, host,
			    address_kind_v4(host->v4.records[i].a),
			    inet_ntop(AF_INET, &host->v4.records[i].a, text,
				sizeof(text)));
		for (size_t i = 0; i < host->v6.count; i++)
			judge_address(judging, host,
			    address_kind_v6(&host->v6.records[i].aaaa),
			    inet_ntop(AF_INET6, &host->v6.records[i].aaaa, text,
				sizeof(text)));
	}
}

/* One finding for a domain, however many questions stayed open. */
static bool
judge_open_questions(struct judging *judging)
{
	const struct domain *domain = judging->domain;
	const char *what = NULL;
	enum dns_status status = DNS_OK;

	for (const struct domain_host *host = domain->hosts; host;
	     host = host->next)
		if (!host_known(host)) {
			what = host->name;
			status = dns_status_known(host->v4.status)
				     ? host->v6.status
				     : host->v4.status;
		}
	for (enum domain_service s = SERVICES; s-- > 0;)
		if (!set_known(&domain->sets[s])) {
			what = domain->sets[s].owner;
			status = domain->sets[s].answer.status;
		}
	if (!what)
		return true;
	finding_hint(add(judging, DNS_CANNOT_ASK, domain->name,
			 TEXT("can't tell about %s: asked for %s, %s",
			     domain->name, what, dns_status_text(status))),
	    "check the network and /etc/resolv.conf, or name a name server "
	    "with --resolver");
	return false;
}

bool
domain_judge(const struct domain *domain, const struct expect *expect,
    struct findings *findings)
{
	struct judging judging = { domain, expect, findings, { 0 } };
	bool whole = judge_open_questions(&judging);

	if (nothing_resolves(domain)) {
		judge_nothing(&judging);
	} else {
		for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
			judge_role(&judging, &roles[i]);
		judge_addresses(&judging);
	}
	arena_fini(&judging.arena);
	return whole;
}

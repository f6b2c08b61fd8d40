#include "certgen/pem_trial.h"
/*
 * Whom the certificate is for: names that match nothing by their form, and the
 * domains that it has to cover.
 */
#include "certgen/hosts.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/map.h"
#include "cfgparse/hostname.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* --- their form --- */

static bool
is_ascii(struct str name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] <= ' ' ||
		    (unsigned char)name.ptr[i] >= 0x7f)
			return false;
	return name.len > 0;
}

static bool
has(struct str name, const char *text)
{
	return memmem(name.ptr, name.len, text, strlen(text)) != NULL;
}

static bool
is_ipv4(struct str name)
{
	char text[INET_ADDRSTRLEN];
	struct in_addr address;

	if (name.len >= sizeof(text))
		return false;
	memcpy(text, name.ptr, name.len);
	text[name.len] = '\0';
	return inet_pton(AF_INET, text, &address) == 1;
}

/* What is wrong with the name, or NULL. */
static const char *
dns_fault(struct str name)
{
	const char *star = name.len ? memchr(name.ptr, '*', name.len) : NULL;

	if (!is_ascii(name))
		return "it has to be in ASCII, that is in A-labels";
	if (name.ptr[name.len - 1] == '.')
		return "it ends in a dot";
	if (has(name, "_xmpp-"))
		return "that is an SRVName, which is of another form";
	if (has(name, "@") || has(name, "/") || has(name, ":"))
		return "that is no host name";
	if (is_ipv4(name))
		return "an address has to be an iPAddress";
	if (star && (star != name.ptr || name.len < 3 || name.ptr[1] != '.' ||
			memchr(name.ptr + 1, '*', name.len - 1)))
		return "an asterisk may only be the whole first label";
	return NULL;
}

static bool
starts(struct str name, const char *with)
{
	size_t len = strlen(with);

	return name.len >= len && strncasecmp(name.ptr, with, len) == 0;
}

static const char *
srv_fault(struct str name)
{
	if (!is_ascii(name))
		return "it has to be in ASCII, that is in A-labels";
	if (name.ptr[name.len - 1] == '.')
		return "it ends in a dot";
	if (name.ptr[0] != '_' || !memchr(name.ptr, '.', name.len))
		return "a service such as _xmpp-client. has to come first";
	if (starts(name, "_xmpp-client._tcp.") ||
	    starts(name, "_xmpp-server._tcp."))
		return "there is no _tcp in an SRVName";
	return NULL;
}

static const char *
xmpp_fault(struct str name)
{
	char prepared[HOSTNAME_MAX + 1];

	if (memchr(name.ptr, '@', name.len) || memchr(name.ptr, '/', name.len))
		return "a server's has neither a user nor a resource";
	if (!hostname_prepare(name, prepared))
		return "that is no domain";
	if (starts(name, "xn--") || has(name, ".xn--"))
		return "it has to be in its own alphabet, not in A-labels";
	return NULL;
}

/* One finding for all faulty names of a form. */
static void
judge_form(struct pem_trial *trial, enum cert_rule rule, const char *form,
    const struct pem_names *names, const char *(*fault)(struct str name))
{
	const char *first = NULL, *name = NULL, *found;
	size_t i, more = 0;

	for (i = 0; i < names->count; i++) {
		found = names->items[i].len ? fault(names->items[i])
					    : "it is empty";
		if (!found)
			continue;
		if (first) {
			more++;
			continue;
		}
		first = found;
		name = trial_shown(trial, names->items[i]);
	}
	if (!first)
		return;
	finding_hint(
	    trial_find(trial, rule, trial->leaf,
		"the certificate's %s \"%s\" matches nothing%s: %s", form, name,
		more == 0   ? ""
		: more == 1 ? ", like another one"
			    : ", like others",
		first),
	    "have it issued with names of the right form");
}

static void
judge_type(struct pem_trial *trial, enum cert_rule rule, const char *form,
    const char *type, size_t count)
{
	if (count > 0)
		finding_hint(
		    trial_find(trial, rule, trial->leaf,
			"%s of the certificate isn't of the type %s, so that "
			"nobody reads it",
			form, type),
		    "have it issued with names of the right type");
}

/* --- who is covered --- */

static const char *
hint_names(struct pem_trial *trial)
{
	const struct pem_names *dns = &trial->identity.dns;

	if (dns->count == 0)
		return NULL;
	return arena_printf(trial->scratch,
	    "have it issued for that name too; it is for %s%s",
	    trial_shown(trial, dns->items[0]),
	    dns->count == 1   ? " only"
	    : dns->count == 2 ? " and one other name"
			      : " and others");
}

static void
tell_host(struct pem_trial *trial, struct finding *finding,
    const struct cert_host *host, const char *hint)
{
	finding_subject(finding, host->name);
	if (hint)
		finding_hint(finding, "%s", hint);
	trial_soften(trial, finding);
}

/* True where the name is one that the server answers for itself. */
static bool
is_demanded(struct pem_trial *trial, struct str name)
{
	const struct pem_demand *demand = trial->demand;
	char prepared[HOSTNAME_MAX + 1];
	size_t i;

	if (map_count(&trial->demanded) == 0)
		for (i = 0; i < demand->host_count; i++)
			map_put(&trial->demanded, str_of(demand->hosts[i].name),
			    (void *)&demand->hosts[i]);
	return hostname_prepare(name, prepared) &&
	       map_get(&trial->demanded, str_of(prepared)) != NULL;
}

static void
miss_host(struct pem_trial *trial, const struct cert_host *host)
{
	const struct str *below =
	    pem_identity_below(&trial->identity, host->name);
	const char *name = trial_shown(trial, str_of(host->name));
	struct finding *finding;

	if (below && below->ptr[0] == '*')
		finding = trial_find(trial, CERT_WILDCARD_BELOW, trial->leaf,
		    "the certificate's %s doesn't cover %s itself",
		    trial_shown(trial, *below), name);
	else if (below && !is_demanded(trial, *below))
		finding = trial_find(trial, CERT_FOR_MACHINE, trial->leaf,
		    "the certificate is for %s; it must be for %s",
		    trial_shown(trial, *below), name);
	else {
		finding = trial_find(trial, CERT_HOST_NOT_COVERED, trial->leaf,
		    "the certificate doesn't cover %s", name);
		tell_host(trial, finding, host, hint_names(trial));
		return;
	}
	tell_host(trial, finding, host,
	    arena_printf(trial->scratch,
		"have %s put in: clients compare the domain of the account, "
		"not the machine's name",
		name));
}

static void
miss_service(struct pem_trial *trial, const struct cert_host *host)
{
	const char *name = trial_shown(trial, str_of(host->name));
	const char *hint = hint_names(trial);
	struct finding *finding;

	if (host->role == CFG_ROLE_HTTP)
		finding = trial_find(trial, CERT_SERVICE_NOT_COVERED,
		    trial->leaf,
		    "the certificate doesn't cover %s, which is in links that "
		    "clients follow",
		    name);
	else
		finding =
		    trial_find(trial, CERT_SERVICE_NOT_COVERED, trial->leaf,
			"the certificate doesn't cover %s, the address of %s",
			name, host->maker ? host->maker : "a component");
	finding_subject(finding, host->name);
	if (hint)
		finding_hint(finding, "%s", hint);
}

static void
miss_clients(
    struct pem_trial *trial, const struct cert_host *host, unsigned services)
{
	bool clients = services & PEM_FOR_CLIENTS;

	tell_host(trial,
	    trial_find(trial, CERT_HOST_NOT_COVERED, trial->leaf,
		"the certificate covers %s for %s only, not for %s",
		trial_shown(trial, str_of(host->name)),
		clients ? "clients" : "servers",
		clients ? "servers" : "clients"),
	    host, "add the other SRVName, or the domain as a dNSName");
}

static void
judge_host(struct pem_trial *trial, const struct cert_host *host, bool bare)
{
	unsigned services = pem_identity_covers(&trial->identity, host->name);

	if (services == PEM_FOR_BOTH ||
	    (bare &&
		pem_identity_common_name_matches(&trial->identity, host->name)))
		return;
	if (host->role != CFG_ROLE_ACCOUNTS) {
		if (!(services & PEM_FOR_SERVERS))
			miss_service(trial, host);
	} else if (services != 0) {
		miss_clients(trial, host, services);
	} else {
		miss_host(trial, host);
	}
}

static void
judge_hosts(struct pem_trial *trial, bool bare)
{
	const struct pem_demand *demand = trial->demand;
	size_t i;

	for (i = 0; i < demand->host_count; i++)
		if (!demand->hosts[i].optional)
			judge_host(trial, &demand->hosts[i], bare);
	map_fini(&trial->demanded);
}

void
judge_names(struct pem_trial *trial)
{
	const struct pem_identity *identity = &trial->identity;
	bool bare = !pem_identity_any(identity) && !identity->xmpp_mistyped &&
		    !identity->srv_mistyped;

	if (bare)
		finding_hint(
		    trial_find(trial, CERT_COMMON_NAME_ONLY, trial->leaf,
			"the certificate has no subjectAltName, only the "
			"common name \"%s\"",
			trial_shown(trial, identity->common_name)),
		    "make one with names that clients look at: xmpp-certgen "
		    "self-signed");
	judge_form(trial, CERT_DNS_NAME, "dNSName", &identity->dns, dns_fault);
	judge_form(trial, CERT_SRV_NAME, "SRVName", &identity->srv, srv_fault);
	judge_form(
	    trial, CERT_XMPP_ADDR, "xmppAddr", &identity->xmpp, xmpp_fault);
	judge_type(trial, CERT_SRV_NAME, "an SRVName", "IA5String",
	    identity->srv_mistyped);
	judge_type(trial, CERT_XMPP_ADDR, "an xmppAddr", "UTF8String",
	    identity->xmpp_mistyped);
	judge_hosts(trial, bare);
}

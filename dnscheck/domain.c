#include "dnscheck/domain.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cfgparse/base/mem.h"

static const char *const labels[SERVICES] = {
	[SERVICE_CLIENT] = "_xmpp-client",
	[SERVICE_SERVER] = "_xmpp-server",
	[SERVICE_CLIENT_TLS] = "_xmpps-client",
	[SERVICE_SERVER_TLS] = "_xmpps-server",
};

bool
domain_host_has_address(const struct domain_host *host)
{
	return host->v4.count || host->v6.count;
}

/* --- names that nobody is asked about --- */

/* Four numbers with dots at the start, as a whole or with a zone behind them:
 * a zone file makes the second of an address without its final dot. */
static bool
starts_with_address(const char *name)
{
	size_t len = 0, dots = 0;
	char copy[INET_ADDRSTRLEN];
	struct in_addr v4;

	while (name[len] && !(name[len] == '.' && dots == 3)) {
		dots += name[len] == '.';
		len++;
	}
	if (len >= sizeof(copy))
		return false;
	memcpy(copy, name, len);
	copy[len] = '\0';
	return inet_pton(AF_INET, copy, &v4) == 1;
}

static bool
ends_with(const char *name, const char *suffix)
{
	size_t len = strlen(name), tail = strlen(suffix);

	if (len < tail || strcasecmp(name + len - tail, suffix) != 0)
		return false;
	return len == tail || name[len - tail - 1] == '.';
}

enum domain_literal
domain_literal_kind(const char *name)
{
	struct in6_addr v6;

	if (starts_with_address(name) || inet_pton(AF_INET6, name, &v6) == 1)
		return LITERAL_ADDRESS;
	if (ends_with(name, "localhost") || strcmp(name, "localdomain") == 0 ||
	    strcasecmp(name, "localhost.localdomain") == 0)
		return LITERAL_LOCALHOST;
	return LITERAL_NONE;
}

const char *
domain_special_reason(const char *name)
{
	static const struct {
		const char *suffix, *reason;
	} special[] = {
		{ "localhost", "it always means this machine (RFC 6761)" },
		{ "invalid", "names under .invalid never exist (RFC 6761)" },
		{ "test", "names under .test are for tests and never in the "
			  "public DNS (RFC 6761)" },
		{ "example", "names under .example are for documentation "
			     "(RFC 2606)" },
		{ "example.com", "it is reserved for documentation "
				 "(RFC 2606)" },
		{ "example.net", "it is reserved for documentation "
				 "(RFC 2606)" },
		{ "example.org", "it is reserved for documentation "
				 "(RFC 2606)" },
		{ "local", "names under .local are found by multicast "
			   "(RFC 6762)" },
		{ "onion", "names under .onion are found by Tor only "
			   "(RFC 7686)" },
	};

	if (name[0] == '[' || domain_literal_kind(name) == LITERAL_ADDRESS)
		return "an address is connected to as it is";
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (ends_with(name, special[i].suffix))
			return special[i].reason;
	return NULL;
}

/* --- asking --- */

static void
done_one(struct domain *domain)
{
	if (--domain->pending == 0)
		domain->on_done(domain->arg, domain);
}

/* The answer's own memory ends with the callback. */
static void
keep_answer(struct domain *domain, const struct dns_answer *answer,
    struct dns_answer *out)
{
	*out = *answer;
	out->name = arena_strdup(&domain->arena, answer->name);
	out->canonical = arena_strdup(&domain->arena, answer->canonical);
	out->records =
	    arena_array(&domain->arena, answer->count, sizeof(*out->records));
	for (size_t i = 0; i < answer->count; i++) {
		out->records[i] = answer->records[i];
		if (answer->type == DNS_SRV)
			out->records[i].srv.target = arena_strdup(
			    &domain->arena, answer->records[i].srv.target);
	}
}

/* What a callback needs beside the answer. */
struct errand {
	struct domain *domain;
	struct domain_host *host;
	enum domain_service service;
};

static struct errand *
errand_new(struct domain *domain)
{
	struct errand *errand = arena_alloc(&domain->arena, sizeof(*errand));

	errand->domain = domain;
	domain->pending++;
	return errand;
}

static void
on_address(void *arg, const struct dns_answer *answer)
{
	struct errand *errand = arg;

	keep_answer(errand->domain, answer,
	    answer->type == DNS_A ? &errand->host->v4 : &errand->host->v6);
	done_one(errand->domain);
}

/* The host of that name; asks for its addresses where it's new. */
static struct domain_host *
host_for(struct domain *domain, const char *name)
{
	struct domain_host *host, **at = &domain->hosts;

	/* By name: the order of answers must not be that of the findings. */
	while (*at && strcmp((*at)->name, name) < 0)
		at = &(*at)->next;
	if (*at && strcmp((*at)->name, name) == 0)
		return *at;
	host = arena_alloc(&domain->arena, sizeof(*host));
	host->name = name;
	host->next = *at;
	*at = host;
	host->asked =
	    strcmp(name, ".") != 0 && domain_literal_kind(name) == LITERAL_NONE;
	for (int v6 = 0; host->asked && v6 < 2; v6++) {
		struct errand *errand = errand_new(domain);

		errand->host = host;
		resolver_ask(domain->resolver, name, v6 ? DNS_AAAA : DNS_A,
		    on_address, errand);
	}
	return host;
}

/* Servers turn their answers round: findings shall come in one order. */
static int
compare_records(const void *a, const void *b)
{
	const struct dns_srv *x = &((const struct dns_record *)a)->srv;
	const struct dns_srv *y = &((const struct dns_record *)b)->srv;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return strcmp(x->target, y->target);
}

static void
on_srv(void *arg, const struct dns_answer *answer)
{
	struct errand *errand = arg;
	struct domain *domain = errand->domain;
	struct domain_set *set = &domain->sets[errand->service];

	keep_answer(domain, answer, &set->answer);
	if (set->answer.count)
		qsort(set->answer.records, set->answer.count,
		    sizeof(*set->answer.records), compare_records);
	set->target_count = answer->count;
	if (set->target_count > DOMAIN_TARGETS_MAX)
		set->target_count = DOMAIN_TARGETS_MAX;
	set->targets = arena_array(
	    &domain->arena, set->target_count, sizeof(*set->targets));
	for (size_t i = 0; i < set->target_count; i++) {
		set->targets[i].srv = set->answer.records[i].srv;
		set->targets[i].host =
		    host_for(domain, set->targets[i].srv.target);
	}
	done_one(domain);
}

struct domain *
domain_look_up(struct resolver *resolver, const char *ascii,
    void (*on_done)(void *arg, struct domain *domain), void *arg)
{
	struct domain *domain = mem_alloc(1, sizeof(*domain));

	domain->resolver = resolver;
	domain->on_done = on_done;
	domain->arg = arg;
	domain->name = arena_strdup(&domain->arena, ascii);
	domain->self = host_for(domain, domain->name);
	for (enum domain_service i = 0; i < SERVICES; i++) {
		struct errand *errand = errand_new(domain);

		domain->sets[i].owner = arena_printf(
		    &domain->arena, "%s._tcp.%s", labels[i], ascii);
		errand->service = i;
		resolver_ask(
		    resolver, domain->sets[i].owner, DNS_SRV, on_srv, errand);
	}
	return domain;
}

void
domain_destroy(struct domain **domain)
{
	if (!*domain)
		return;
	arena_fini(&(*domain)->arena);
	free(*domain);
	*domain = NULL;
}

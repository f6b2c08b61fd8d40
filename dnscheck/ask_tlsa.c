#include "dnscheck/ask_tlsa.h"

#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/arena.h"
#include "dnscheck/poll_loop.h"
#include "dnscheck/resolver.h"

enum {
	SERVICES = 4,
	TARGETS_MAX = 16, /* of each service */
	PLACES_MAX = SERVICES * TARGETS_MAX,
	PORT_CLIENT = 5222,
	PORT_SERVER = 5269,
};

/* Of a domain's questions one for each service. */
static const char *const services[SERVICES] = { "_xmpp-client", "_xmpp-server",
	"_xmpps-client", "_xmpps-server" };

/* One question under way. */
struct errand {
	struct arena *arena;
	struct tlsa_domain *domain;
	struct tlsa_question *question;
	bool insecure; /* the answer wasn't validated */
};

/* --- SRV --- */

static bool
is_there(const struct tlsa_domain *domain, const char *host, uint16_t port)
{
	for (size_t i = 0; i < domain->count; i++)
		if (domain->places[i].port == port &&
		    strcmp(domain->places[i].host, host) == 0)
			return true;
	return false;
}

static void
add_place(struct errand *errand, const char *host, uint16_t port, bool secure)
{
	struct tlsa_domain *domain = errand->domain;

	if (!domain->places)
		domain->places = arena_array(
		    errand->arena, PLACES_MAX, sizeof(*domain->places));
	if (domain->count < PLACES_MAX && !is_there(domain, host, port))
		domain->places[domain->count++] =
		    (struct tlsa_place){ arena_strdup(errand->arena, host),
			    port, secure };
}

static void
on_srv(void *arg, const struct dns_answer *answer)
{
	struct errand *errand = arg;
	struct tlsa_domain *domain = errand->domain;

	if (!dns_status_known(answer->status)) {
		domain->reply = TLSA_UNKNOWN;
		domain->why = dns_status_text(answer->status);
		return;
	}
	errand->insecure = !answer->authentic;
	if (answer->count > 0 && domain->reply == TLSA_NOTHING)
		domain->reply = TLSA_FOUND;
	/* "." says that the service isn't there. */
	for (size_t i = 0; i < answer->count && i < TARGETS_MAX; i++)
		if (strcmp(answer->records[i].srv.target, ".") != 0)
			add_place(errand, answer->records[i].srv.target,
			    answer->records[i].srv.port, answer->authentic);
}

/* Not by whose answer came first. */
static int
by_place(const void *one, const void *other)
{
	const struct tlsa_place *a = one, *b = other;
	int order = strcmp(a->host, b->host);

	return order ? order : (int)a->port - (int)b->port;
}

/* --- TLSA --- */

static void
on_tlsa(void *arg, const struct dns_answer *answer)
{
	struct errand *errand = arg;
	struct tlsa_question *question = errand->question;
	struct tlsa_record *records;

	question->secure = answer->authentic;
	question->why = dns_status_text(answer->status);
	if (!dns_status_known(answer->status))
		return;
	question->reply = answer->count ? TLSA_FOUND : TLSA_NOTHING;
	records = arena_array(errand->arena, answer->count, sizeof(*records));
	for (size_t i = 0; i < answer->count; i++) {
		const struct dns_tlsa *tlsa = &answer->records[i].tlsa;

		records[i] = (struct tlsa_record){ tlsa->usage, tlsa->selector,
			tlsa->matching,
			arena_copy(errand->arena, tlsa->data, tlsa->len),
			tlsa->len };
		if (answer->records[i].ttl > question->ttl)
			question->ttl = answer->records[i].ttl;
	}
	question->records = records;
	question->count = answer->count;
}

/* --- the loop --- */

static struct resolver *
open_resolver(const struct ask_tlsa *ask, struct poll_loop *loop, size_t count)
{
	struct resolver_options options;

	resolver_options_init(&options);
	/* Without the file, the server is the one on this machine. */
	if (!resolver_options_read(&options, "/etc/resolv.conf"))
		resolver_options_parse(&options, STR(""));
	if (ask->server_count) {
		memcpy(options.servers, ask->servers, sizeof(ask->servers));
		options.server_count = ask->server_count;
	}
	/* All of them wait in its queue. */
	if (options.queue < count)
		options.queue = count;
	return resolver_create(poll_loop_io(loop), &options);
}

/* Without any record the domain itself is connected to (RFC 6120, section
 * 3.2.2). */
static void
finish_places(
    struct arena *arena, struct tlsa_domain *domain, const struct errand *asked)
{
	struct errand errand = { arena, domain };
	bool secure = true;

	if (domain->count > 0)
		qsort(domain->places, domain->count, sizeof(*domain->places),
		    by_place);
	if (domain->reply != TLSA_NOTHING)
		return;
	for (size_t i = 0; i < SERVICES; i++)
		secure = secure && !asked[i].insecure;
	if (domain->clients)
		add_place(&errand, domain->ascii, PORT_CLIENT, secure);
	add_place(&errand, domain->ascii, PORT_SERVER, secure);
}

static void
find_places(
    void *arg, struct arena *arena, struct tlsa_domain *domains, size_t count)
{
	struct poll_loop *loop = poll_loop_create();
	struct resolver *resolver = open_resolver(arg, loop, count * SERVICES);
	struct errand *errands =
	    arena_array(arena, count * SERVICES, sizeof(*errands));

	for (size_t i = 0; i < count * SERVICES; i++) {
		struct tlsa_domain *domain = &domains[i / SERVICES];

		domain->reply = TLSA_NOTHING;
		errands[i] = (struct errand){ arena, domain };
		resolver_ask(resolver,
		    arena_printf(arena, "%s._tcp.%s", services[i % SERVICES],
			domain->ascii),
		    DNS_SRV, on_srv, &errands[i]);
	}
	poll_loop_run(loop);
	resolver_destroy(&resolver);
	poll_loop_destroy(&loop);
	for (size_t i = 0; i < count; i++)
		finish_places(arena, &domains[i], &errands[i * SERVICES]);
}

static void
find_records(void *arg, struct arena *arena, struct tlsa_question *questions,
    size_t count)
{
	struct poll_loop *loop = poll_loop_create();
	struct resolver *resolver = open_resolver(arg, loop, count);
	struct errand *errands = arena_array(arena, count, sizeof(*errands));

	for (size_t i = 0; i < count; i++) {
		const struct tlsa_place *place = questions[i].place;

		errands[i] =
		    (struct errand){ arena, .question = &questions[i] };
		resolver_ask(resolver,
		    arena_printf(
			arena, "_%u._tcp.%s", place->port, place->host),
		    DNS_TLSA, on_tlsa, &errands[i]);
	}
	poll_loop_run(loop);
	resolver_destroy(&resolver);
	poll_loop_destroy(&loop);
}

static bool
add_server(void *arg, const char *text)
{
	struct ask_tlsa *ask = arg;

	if (ask->server_count == RESOLVER_SERVERS_MAX ||
	    !dns_server_parse(text, &ask->servers[ask->server_count]))
		return false;
	ask->server_count++;
	return true;
}

struct tlsa_dns
ask_tlsa_table(struct ask_tlsa *ask)
{
	return (struct tlsa_dns){ ask, add_server, find_places, find_records };
}

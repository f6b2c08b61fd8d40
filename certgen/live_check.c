#include "certgen/live_check.h"

#include "certgen/hosts.h"
#include "certgen/live_private.h"
#include "certgen/pem_check.h"
#include "certgen/probe.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/hostname.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { TLS_1_2 = 0x0303 };

/* --- one connection --- */

/* "192.0.2.1", "2001:db8::1" */
static const char *
address_text(const struct visit *visit, const struct addrinfo *address)
{
	char text[NI_MAXHOST];

	if (getnameinfo(address->ai_addr, address->ai_addrlen, text,
		sizeof(text), NULL, 0, NI_NUMERICHOST) != 0)
		return visit->target->host;
	return arena_strdup(visit->arena, text);
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for what it waits for until it is over; false where the time is. */
static bool
wait_through(struct probe *probe, unsigned timeout)
{
	int64_t left, end = now_ms() + (int64_t)timeout * 1000;
	struct pollfd watched;

	for (;;) {
		probe_step(probe);
		if (probe_facts(probe)->end != PROBE_GOES_ON)
			return true;
		left = end - now_ms();
		if (left <= 0)
			return false;
		watched =
		    (struct pollfd){ probe_fd(probe), probe_events(probe), 0 };
		if (poll(&watched, 1, (int)left) < 0 && errno != EINTR)
			return false;
	}
}

/* destroy it. *in_time is false where it wasn't over. */
static struct probe *
connect_to(const struct visit *visit, const struct addrinfo *address,
    bool only_old, bool *in_time)
{
	struct probe_order order = { .kind = visit->target->kind,
		.starttls = visit->target->starttls,
		.domain = visit->domain,
		.ascii = visit->ascii,
		.only_old = only_old };
	struct probe *probe;

	memcpy(&order.address, address->ai_addr, address->ai_addrlen);
	order.address_len = address->ai_addrlen;
	probe = probe_create(&order);
	*in_time = wait_through(probe, visit->target->timeout);
	return probe;
}

/* A server that can do TLS 1.2 may still take what is older. */
static void
try_old(struct visit *visit, const struct addrinfo *address)
{
	bool in_time;
	struct probe *probe = connect_to(visit, address, true, &in_time);

	if (in_time)
		live_judge_old(visit, probe);
	probe_destroy(&probe);
}

/* --- the way there --- */

static bool
is_dead(const struct probe_facts *facts)
{
	return facts->phase == PROBE_CONNECTING &&
	       facts->end != PROBE_TLS_FAILED;
}

/* Further addresses are judged under their own names, and those that give the
 * same chain as the first are passed over. */
static void
meet(struct visit *visit, const struct addrinfo *address,
    const struct probe *probe, bool in_time)
{
	const struct probe_facts *facts = probe_facts(probe);
	bool done = in_time && facts->end == PROBE_DONE;

	if (done && visit->chain.len &&
	    str_eq(visit->chain, buf_str(&facts->chain)))
		return;
	if (visit->met)
		visit->span.source = findings_source(visit->findings,
		    arena_printf(visit->arena, "%s at %s", visit->name,
			address_text(visit, address)),
		    STR(""));
	visit->met = true;
	visit->reached = visit->reached || in_time;
	if (!in_time)
		live_judge_silence(visit, probe);
	else
		live_judge_end(visit, probe);
	if (done && !visit->chain.len)
		visit->chain = arena_str(visit->arena, buf_str(&facts->chain));
	if (done && facts->version >= TLS_1_2)
		try_old(visit, address);
}

static void
try_address(struct visit *visit, const struct addrinfo *address)
{
	bool in_time;
	struct probe *probe = connect_to(visit, address, false, &in_time);
	const struct probe_facts *facts = probe_facts(probe);

	if (is_dead(facts))
		visit->dead[visit->dead_count++] =
		    (struct dead_address){ address_text(visit, address),
			    facts->error };
	else
		meet(visit, address, probe, in_time);
	probe_destroy(&probe);
}

/* The addresses in the system's order; NULL where there are none, and why. */
static struct addrinfo *
addresses_of(const struct live_target *target, const char **why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *out = NULL;
	char ascii[HOSTNAME_MAX + 1], port[8];
	const char *name = target->host;
	int error;

	if (!strchr(name, ':') && hostname_to_ascii(str_of(name), ascii))
		name = ascii;
	snprintf(port, sizeof(port), "%u", target->port);
	error = getaddrinfo(name, port, &hints, &out);
	*why = error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error);
	return error ? NULL : out;
}

/* Where this machine lacks the way, that says nothing of the server. */
static bool
no_way(int error)
{
	return error == ENETUNREACH || error == EADDRNOTAVAIL ||
	       error == EAFNOSUPPORT;
}

/* What didn't answer, beside somebody who did or not. */
static void
judge_dead(struct visit *visit)
{
	for (size_t i = 0; i < visit->dead_count; i++) {
		const struct dead_address *dead = &visit->dead[i];

		if (visit->met && no_way(dead->error))
			continue;
		FIND(visit, visit->met ? LIVE_ADDRESS_DEAD : LIVE_NO_ANSWER,
		    "port %u doesn't answer at %s: %s", visit->target->port,
		    dead->text,
		    dead->error ? strerror(dead->error) : "no answer in time");
	}
}

static void
visit_all(struct visit *visit)
{
	const char *why;
	struct addrinfo *all = addresses_of(visit->target, &why), *one;
	const struct span span = visit->span;
	size_t count = 0;

	for (one = all; one && count < LIVE_ADDRESSES_MAX;
	     one = one->ai_next, count++)
		try_address(visit, one);
	visit->span = span;
	if (!all)
		FIND(visit, LIVE_NO_ANSWER, "%s has no address: %s",
		    live_shown(visit, visit->target->host), why);
	else
		judge_dead(visit);
	if (all)
		freeaddrinfo(all);
}

bool
live_check(struct arena *arena, const struct live_target *target,
    const struct pem_demand *demand, struct findings *findings)
{
	bool literal = strchr(target->host, ':') != NULL;
	struct visit visit = { .arena = arena,
		.target = target,
		.demand = demand,
		.domain = demand->hosts[0].name,
		.ascii = demand->hosts[0].ascii,
		.findings = findings };

	visit.name = arena_printf(arena, "%s%s%s:%u", literal ? "[" : "",
	    live_shown(&visit, target->host), literal ? "]" : "", target->port);
	visit.span.source = findings_source(findings, visit.name, STR(""));
	visit_all(&visit);
	return visit.reached;
}

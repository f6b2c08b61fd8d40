#ifndef DNSCHECK_DOMAIN_H
#define DNSCHECK_DOMAIN_H
/*
 * What the DNS says about one XMPP domain: its four SRV sets, the addresses of
 * their targets and of the domain itself (RFC 6120 section 3.2, XEP-0368).
 * Gathers facts; judges nothing.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/arena.h"
#include "dnscheck/resolver.h"

enum domain_service {
	SERVICE_CLIENT,
	SERVICE_SERVER,
	SERVICE_CLIENT_TLS,
	SERVICE_SERVER_TLS,
	SERVICES,
};

enum { DOMAIN_TARGETS_MAX = 16 }; /* looked up, of one SRV set */

/* One name that should have addresses. */
struct domain_host {
	struct domain_host *next;
	const char *name;
	bool asked;	      /* false: no name to ask for */
	struct dns_answer v4; /* records in the domain's arena */
	struct dns_answer v6;
};

struct domain_target {
	struct dns_srv srv;
	const struct domain_host *host;
};

struct domain_set {
	const char *owner; /* "_xmpp-client._tcp.example.org" */
	struct dns_answer answer;
	struct domain_target *targets; /* target_count of answer.count */
	size_t target_count;
};

/* Complete when on_done runs. */
struct domain {
	const char *name; /* as DNS is asked: A-labels */
	struct domain_set sets[SERVICES];
	struct domain_host *hosts; /* every target once */
	struct domain_host *self;
	/* All that follow are private. */
	struct arena arena;
	struct resolver *resolver;
	size_t pending;
	void (*on_done)(void *arg, struct domain *domain);
	void *arg;
};

/*
 * Starts to ask. on_done runs on the loop, later, once; the domain is the
 * caller's from now on and must not be destroyed before. ascii is a name that
 * hostname_to_ascii gave.
 */
struct domain *domain_look_up(struct resolver *resolver, const char *ascii,
    void (*on_done)(void *arg, struct domain *domain), void *arg);
void domain_destroy(struct domain **domain);

/* True where there's an A or AAAA record. */
bool domain_host_has_address(const struct domain_host *host);
/* Targets that no name server is asked about. */
enum domain_literal { LITERAL_NONE, LITERAL_ADDRESS, LITERAL_LOCALHOST };
enum domain_literal domain_literal_kind(const char *name);

/*
 * Why a name of a configuration has no records in the DNS that could be
 * looked at (one sentence without final dot), or NULL where it can have.
 */
const char *domain_special_reason(const char *name);

#endif

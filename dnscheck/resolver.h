#ifndef DNSCHECK_RESOLVER_H
#define DNSCHECK_RESOLVER_H
/*
 * An asynchronous stub resolver: questions to the name servers of a list, with
 * random ports, ids and letter case (RFC 5452, 0x20), EDNS, TCP where an
 * answer doesn't fit (RFC 7766), retries that back off, and aliases followed.
 * Equal questions under way are asked once. It has no thread, never blocks,
 * and keeps no answer after its callback. Nothing is validated here: DNSSEC is
 * the name server's word (`authentic`).
 */
#include <stddef.h>

#include "dnscheck/dns.h"
#include "dnscheck/dns_io.h"
#include "dnscheck/resolv_conf.h"

struct resolver;
struct dns_ask;

/* answer is valid during the call only. */
typedef void dns_answer_fn(void *arg, const struct dns_answer *answer);

/* io is copied, its loop stays the caller's; options are copied and hold at
 * least one server. */
struct resolver *resolver_create(
    const struct dns_io *io, const struct resolver_options *options);
/* Calls what still waits with DNS_CANCELLED before it returns; no question
 * may be put from there. Not to be called from a callback of its own. */
void resolver_destroy(struct resolver **resolver);

/*
 * Asks for the records of one type. on_answer runs on the loop, later (never
 * before this returns), exactly once, unless the ask is cancelled. The name is
 * ASCII, whole, with or without final dot. What is returned is valid until
 * on_answer runs.
 */
struct dns_ask *resolver_ask(struct resolver *resolver, const char *name,
    enum dns_type type, dns_answer_fn *on_answer, void *arg);
/* on_answer won't run. Also from the callback of another ask. */
void resolver_cancel(struct dns_ask **ask);

#endif

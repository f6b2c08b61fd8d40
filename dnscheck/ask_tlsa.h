#ifndef DNSCHECK_ASK_TLSA_H
#define DNSCHECK_ASK_TLSA_H
/*
 * Answers xmpp-certgen's questions about SRV and TLSA records with the
 * resolver, on a loop of its own.
 */
#include <stddef.h>

#include "certgen/tlsa_dns.h"
#include "dnscheck/resolv_conf.h"

/* Zero-initialised: the name servers of resolv.conf are asked. */
struct ask_tlsa {
	struct dns_server servers[RESOLVER_SERVERS_MAX];
	size_t server_count;
};

/* The table; valid as long as ask. */
struct tlsa_dns ask_tlsa_table(struct ask_tlsa *ask);

#endif

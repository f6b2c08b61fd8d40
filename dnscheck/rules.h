#ifndef DNSCHECK_RULES_H
#define DNSCHECK_RULES_H
/*
 * The rules of this checker, DNS0xx on records and HOST0xx on the machine's
 * own names: one row each, with the page that --explain shows.
 */
#include "cfgparse/findings.h"

/* Ended by a row whose id is NULL. */
extern const struct rule dnscheck_rules[];

/* Places in the table. */
enum dnscheck_rule {
	DNS_CANNOT_ASK,
	DNS_NOTHING_RESOLVES,
	DNS_FALLBACK,
	DNS_FALLBACK_PORT,
	DNS_NO_WAY,
	DNS_DECLINED,
	DNS_DECLINED_MIXED,
	DNS_TARGET_ALIAS,
	DNS_TARGET_NO_ADDRESS,
	DNS_TARGET_LITERAL,
	DNS_TARGET_LOCALHOST,
	DNS_PORT_MISMATCH,
	DNS_PORT_ZERO,
	DNS_UNUSUAL_ADDRESS,
	DNS_SPECIAL_NAME,
	DNS_UNANNOUNCED,
	DNS_TOO_MANY_TARGETS,
	DNS_BAD_DOMAIN,
	HOST_NODE_NAME,
	HOST_BAD_ADDRESS,
	HOST_DUPLICATE,
	HOST_LOCALHOST,
	HOST_ORDER,
	HOST_UNRESOLVED,
	HOST_ELSEWHERE,
	HOST_BAD_NAME,
	HOST_FILE,
	HOST_NSSWITCH,
	HOST_NO_FQDN,
};

#endif

#ifndef DNSCHECK_LINT_DNS_H
#define DNSCHECK_LINT_DNS_H
/*
 * The DNS of the hosts and components that a configuration serves, judged for
 * the linter. Works on the model, so that it doesn't matter for which server
 * that is.
 */
#include <stdbool.h>
#include <stddef.h>

#include "dnscheck/resolv_conf.h"

struct lint;

struct lint_dns {
	/* Asked instead of those of resolv.conf, where there are any. */
	struct dns_server servers[RESOLVER_SERVERS_MAX];
	size_t server_count;
};

/* Asks and adds the findings, without a place. False where questions stayed
 * open, so that the verdict is not whole. */
bool lint_dns(struct lint *lint, const struct lint_dns *options);

#endif

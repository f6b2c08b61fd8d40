#ifndef DNSCHECK_SRV_H
#define DNSCHECK_SRV_H
/*
 * The order in which the targets of an SRV set are tried (RFC 2782, "Usage
 * rules"): by priority, and at random by weight within one priority.
 */
#include <stddef.h>
#include <stdint.h>

#include "dnscheck/dns.h"

/* An even random number from 0 to limit, both included. */
typedef uint32_t srv_random_fn(void *arg, uint32_t limit);

/* Sorts in place; count is at most 65,536. The drawing is the caller's, so
 * that an order can be repeated. */
void srv_order(
    struct dns_srv *srv, size_t count, srv_random_fn *random, void *arg);

#endif

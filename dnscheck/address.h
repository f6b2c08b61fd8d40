#ifndef DNSCHECK_ADDRESS_H
#define DNSCHECK_ADDRESS_H
/*
 * What kind of address it is, by the registries of RFC 6890: whether others
 * can reach it. Knows nothing of this machine.
 */
#include <netinet/in.h>
#include <stdbool.h>

enum address_kind {
	ADDRESS_GLOBAL,
	ADDRESS_PRIVATE, /* RFC 1918, ULA */
	ADDRESS_SHARED,	 /* carrier-grade NAT, RFC 6598 */
	ADDRESS_LOOPBACK,
	ADDRESS_LINK_LOCAL,
	ADDRESS_DOCUMENTATION,
	ADDRESS_UNUSABLE, /* unspecified, multicast, reserved */
};

/* Whether strangers could reach it, and if not, why. */
enum address_kind address_kind_v4(struct in_addr address);
/* Mapped IPv4 addresses count as what they map. */
enum address_kind address_kind_v6(const struct in6_addr *address);
/* "a private address" */
const char *address_kind_text(enum address_kind kind);

#endif

#ifndef CFGPARSE_ADDRESS_H
#define CFGPARSE_ADDRESS_H
/*
 * IP addresses and networks as configurations write them.
 */
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "cfgparse/base/str.h"
#include "cfgparse/term.h"

struct arena;

/* The text of {127,0,0,1}, {0,0,0,0,0,0,0,1} or "127.0.0.1/8" (what follows
 * the slash is dropped); whether it is an address is not checked for texts.
 * False for everything else. */
bool address_text(
    struct arena *arena, const struct term *term, char out[INET6_ADDRSTRLEN]);
/* True for four or eight numbers in range. */
bool address_is_tuple(const struct term *term);

struct network {
	uint8_t address[16]; /* IPv4 as ::ffff:a.b.c.d */
	unsigned bits;	     /* of the 128 */
};

/* Reads "192.0.2.0/24", "2001:db8::/32" or an address alone. */
bool network_parse(struct str text, struct network *network);
/* False where the address is of neither family or outside. */
bool network_has(const struct network *network, const struct sockaddr *address);

#endif

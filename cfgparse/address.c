#include "cfgparse/address.h"
/*
 * Networks are compared as 128 bits; IPv4 takes its mapped form (RFC 4291
 * section 2.5.5.2), so that it matches clients of a dual-stack socket too.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

bool
address_is_tuple(const struct term *term)
{
	int64_t part;

	if (term->kind != TERM_TUPLE || (term->count != 4 && term->count != 8))
		return false;
	for (size_t i = 0; i < term->count; i++) {
		if (!term_int(&term->items[i], &part) || part < 0 ||
		    part > (term->count == 8 ? 65535 : 255))
			return false;
	}
	return true;
}

static void
tuple_text(const struct term *term, char out[INET6_ADDRSTRLEN])
{
	bool v6 = term->count == 8;
	int64_t part;
	int at = 0;

	for (size_t i = 0; i < term->count; i++) {
		term_int(&term->items[i], &part);
		at += snprintf(out + at, (size_t)(INET6_ADDRSTRLEN - at),
		    v6 ? "%s%x" : "%s%u",
		    i == 0 ? ""
		    : v6   ? ":"
			   : ".",
		    (unsigned)part);
	}
}

bool
address_text(
    struct arena *arena, const struct term *term, char out[INET6_ADDRSTRLEN])
{
	struct str text;

	if (address_is_tuple(term)) {
		tuple_text(term, out);
		return true;
	}
	if (!term_text(arena, term, &text) || text.len == 0)
		return false;
	const char *slash = memchr(text.ptr, '/', text.len);
	if (slash)
		text.len = (size_t)(slash - text.ptr);
	if (text.len >= INET6_ADDRSTRLEN || memchr(text.ptr, '\0', text.len))
		return false;
	memcpy(out, text.ptr, text.len);
	out[text.len] = '\0';
	return true;
}

bool
network_parse(struct str text, struct network *network)
{
	char copy[INET6_ADDRSTRLEN + 4];
	unsigned most = 128, shift = 0;
	char *end = NULL;

	*network = (struct network){ 0 };
	if (text.len == 0 || text.len >= sizeof copy)
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	char *slash = strchr(copy, '/');
	if (slash)
		*slash++ = '\0';
	if (inet_pton(AF_INET, copy, network->address + 12) == 1) {
		memcpy(network->address, mapped, sizeof mapped);
		most = 32;
		shift = 96;
	} else if (inet_pton(AF_INET6, copy, network->address) != 1) {
		return false;
	}
	if (slash && (*slash < '0' || *slash > '9'))
		return false;
	unsigned long bits = slash ? strtoul(slash, &end, 10) : most;
	network->bits = (unsigned)bits + shift;
	return bits <= most && (!end || !*end);
}

bool
network_has(const struct network *network, const struct sockaddr *address)
{
	uint8_t bytes[16];
	unsigned whole = network->bits / 8, rest = network->bits % 8;
	uint8_t mask = (uint8_t)(0xff00 >> rest);

	if (address->sa_family == AF_INET) {
		memcpy(bytes, mapped, sizeof mapped);
		memcpy(bytes + 12,
		    &((const struct sockaddr_in *)address)->sin_addr, 4);
	} else if (address->sa_family == AF_INET6) {
		memcpy(bytes,
		    &((const struct sockaddr_in6 *)address)->sin6_addr, 16);
	} else {
		return false;
	}
	if (memcmp(bytes, network->address, whole) != 0)
		return false;
	return rest == 0 ||
	       ((bytes[whole] ^ network->address[whole]) & mask) == 0;
}

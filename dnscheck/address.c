#include "dnscheck/address.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

struct range4 {
	uint32_t base;
	unsigned bits;
	enum address_kind kind;
};

static const struct range4 ranges4[] = {
	{ 0x00000000, 8, ADDRESS_UNUSABLE },
	{ 0x0A000000, 8, ADDRESS_PRIVATE },
	{ 0x64400000, 10, ADDRESS_SHARED },
	{ 0x7F000000, 8, ADDRESS_LOOPBACK },
	{ 0xA9FE0000, 16, ADDRESS_LINK_LOCAL },
	{ 0xAC100000, 12, ADDRESS_PRIVATE },
	{ 0xC0000200, 24, ADDRESS_DOCUMENTATION },
	{ 0xC0A80000, 16, ADDRESS_PRIVATE },
	{ 0xC6336400, 24, ADDRESS_DOCUMENTATION },
	{ 0xCB007100, 24, ADDRESS_DOCUMENTATION },
	{ 0xE0000000, 3, ADDRESS_UNUSABLE },
};

struct range6 {
	uint8_t base[4];
	unsigned bits; /* at most 32 */
	enum address_kind kind;
};

static const struct range6 ranges6[] = {
	{ { 0x20, 0x01, 0x0D, 0xB8 }, 32, ADDRESS_DOCUMENTATION },
	{ { 0x3F, 0xFF, 0x00, 0x00 }, 20, ADDRESS_DOCUMENTATION },
	{ { 0xFC, 0x00, 0x00, 0x00 }, 7, ADDRESS_PRIVATE },
	{ { 0xFE, 0x80, 0x00, 0x00 }, 10, ADDRESS_LINK_LOCAL },
	{ { 0xFF, 0x00, 0x00, 0x00 }, 8, ADDRESS_UNUSABLE },
};

static uint32_t
first_bits(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	       (uint32_t)bytes[2] << 8 | bytes[3];
}

enum address_kind
address_kind_v4(struct in_addr address)
{
	uint32_t host = ntohl(address.s_addr);

	for (size_t i = 0; i < sizeof(ranges4) / sizeof(ranges4[0]); i++)
		if ((host ^ ranges4[i].base) >> (32 - ranges4[i].bits) == 0)
			return ranges4[i].kind;
	return ADDRESS_GLOBAL;
}

enum address_kind
address_kind_v6(const struct in6_addr *address)
{
	const uint8_t *bytes = address->s6_addr;
	struct in_addr mapped;

	if (IN6_IS_ADDR_LOOPBACK(address))
		return ADDRESS_LOOPBACK;
	if (IN6_IS_ADDR_UNSPECIFIED(address))
		return ADDRESS_UNUSABLE;
	if (IN6_IS_ADDR_V4MAPPED(address)) {
		memcpy(&mapped, bytes + 12, sizeof(mapped));
		return address_kind_v4(mapped);
	}
	for (size_t i = 0; i < sizeof(ranges6) / sizeof(ranges6[0]); i++)
		if ((first_bits(bytes) ^ first_bits(ranges6[i].base)) >>
			(32 - ranges6[i].bits) ==
		    0)
			return ranges6[i].kind;
	return ADDRESS_GLOBAL;
}

const char *
address_kind_text(enum address_kind kind)
{
	switch (kind) {
	case ADDRESS_GLOBAL: return "a global address";
	case ADDRESS_PRIVATE: return "a private address";
	case ADDRESS_SHARED: return "a shared address of a provider's NAT";
	case ADDRESS_LOOPBACK: return "a loopback address";
	case ADDRESS_LINK_LOCAL: return "a link-local address";
	case ADDRESS_DOCUMENTATION: return "an address for documentation";
	case ADDRESS_UNUSABLE: return "no address of a machine";
	}
	return "an address";
}

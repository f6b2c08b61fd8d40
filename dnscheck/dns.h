#ifndef DNSCHECK_DNS_H
#define DNSCHECK_DNS_H
/*
 * What an answer of the DNS is to the rest of the suite: plain values. Knows
 * no wire format and no network.
 */
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dns_type {
	DNS_A = 1,
	DNS_CNAME = 5,
	DNS_AAAA = 28,
	DNS_SRV = 33,
	DNS_TLSA = 52,
};

enum dns_status {
	DNS_OK,		 /* at least one record */
	DNS_NXDOMAIN,	 /* the name doesn't exist */
	DNS_NODATA,	 /* it exists, without records of this type */
	DNS_SERVFAIL,	 /* the servers answered with a failure */
	DNS_REFUSED,	 /* the servers refused to answer */
	DNS_TIMEOUT,	 /* no server answered in time */
	DNS_UNREACHABLE, /* no server could be reached at all */
	DNS_BAD_REPLY,	 /* what came was malformed or not to be believed */
	DNS_TOO_LARGE,	 /* over the limit on records or bytes */
	DNS_ALIAS_LOOP,	 /* a CNAME chain without end, or too long */
	DNS_BAD_NAME,	 /* the name can't be asked */
	DNS_BUSY,	 /* too many questions wait already */
	DNS_CANCELLED,	 /* the resolver was destroyed meanwhile */
};

enum {
	DNS_NAME_MAX = 255,  /* octets of a name on the wire */
	DNS_ALIASES_MAX = 8, /* CNAMEs followed for one question */
};

/* RFC 2782. target is lower case, without final dot; "." for the root. */
struct dns_srv {
	uint16_t priority;
	uint16_t weight;
	uint16_t port;
	const char *target;
};

/* RFC 6698, section 2.1. */
struct dns_tlsa {
	uint8_t usage;
	uint8_t selector;
	uint8_t matching;
	const uint8_t *data; /* len of them */
	size_t len;
};

struct dns_record {
	uint32_t ttl; /* seconds */
	union {
		struct in_addr a;
		struct in6_addr aaaa;
		struct dns_srv srv;
		struct dns_tlsa tlsa;
		const char *cname;
	};
};

/* Names are lower case, without final dot. */
struct dns_answer {
	enum dns_status status;
	enum dns_type type;	    /* of the question and every record */
	const char *name;	    /* as asked */
	const char *canonical;	    /* where the chain of aliases ended */
	size_t aliases;		    /* CNAMEs on the way: 0 is none */
	bool authentic;		    /* the server says it was validated (AD) */
	struct dns_record *records; /* count of them */
	size_t count;
};

/* A few words for people: "no such name". */
const char *dns_status_text(enum dns_status status);
/* True where the DNS itself said what there is: a verdict can be built on
 * it. False where the question couldn't be put or wasn't answered. */
bool dns_status_known(enum dns_status status);

#endif

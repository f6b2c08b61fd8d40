#ifndef CERTGEN_TLSA_DNS_H
#define CERTGEN_TLSA_DNS_H
/*
 * What the TLSA commands ask of the DNS, as a table: the resolver stands above
 * this room (dnscheck), so the program that stands on both hands it in.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certgen/tlsa.h"

struct arena;

enum tlsa_reply {
	TLSA_UNKNOWN, /* nobody answered: why says in words */
	TLSA_NOTHING, /* the DNS says that there is nothing */
	TLSA_FOUND,
};

/* Where a server is met. */
struct tlsa_place {
	const char *host; /* A-labels, without final dot */
	uint16_t port;
	/* What leads there was validated, as far as the name server says; true
	 * where nobody asked. */
	bool secure;
};

/* A domain, and where its servers are as its SRV records have it. */
struct tlsa_domain {
	const char *ascii; /* asked for */
	bool clients;	   /* clients connect to it, not only servers */
	/* TLSA_NOTHING: there are no SRV records, and the places are those
	 * that are tried then. */
	enum tlsa_reply reply;
	const char *why;
	struct tlsa_place *places;
	size_t count;
};

/* The TLSA records at one place. */
struct tlsa_question {
	const struct tlsa_place *place; /* asked for */
	enum tlsa_reply reply;
	const char *why;
	bool secure; /* the name server says it validated the answer */
	const struct tlsa_record *records;
	size_t count;
	uint32_t ttl; /* seconds */
};

struct tlsa_dns {
	void *arg;
	/* Adds a name server to ask instead of the system's: ADDR[@PORT].
	 * False where it is none, or one too many. */
	bool (*add_server)(void *arg, const char *text);
	/* Both fill in the answers, with memory of the arena. They wait. */
	void (*find_places)(void *arg, struct arena *arena,
	    struct tlsa_domain *domains, size_t count);
	void (*find_records)(void *arg, struct arena *arena,
	    struct tlsa_question *questions, size_t count);
};

#endif

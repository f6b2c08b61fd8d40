#ifndef CERTGEN_LIVE_CHECK_H
#define CERTGEN_LIVE_CHECK_H
/*
 * The judge of a server's certificate as a connection shows it: reaches the
 * server at one of its addresses, hands the chain to the judge of PEM files
 * (pem_check.h), and judges what only a connection has. It waits, with limits,
 * and starts neither a thread nor a process.
 */
#include <stdbool.h>
#include <stdint.h>

#include "certgen/opening.h"

struct arena;
struct findings;
struct pem_demand;

enum { LIVE_ADDRESSES_MAX = 8, LIVE_TIMEOUT_DEFAULT = 10 };

/* As the command line says it; NULL where it doesn't. */
struct live_wanted {
	const char *connect;  /* HOST, HOST:PORT, [IPV6] or [IPV6]:PORT */
	const char *starttls; /* c2s or s2s */
	const char *tls;      /* the same, with TLS from the first byte on */
	const char *timeout;  /* seconds */
};

struct live_target {
	char host[256];	  /* an IPv6 address without its brackets */
	char domain[258]; /* the same with them, as a domain to ask for */
	uint16_t port;
	enum opening_kind kind;
	bool starttls;
	unsigned timeout; /* seconds for each address */
};

/* Reads HOST, HOST:PORT, [IPV6] or [IPV6]:PORT into host, domain and port (0
 * where there is none); false where it is none of them. */
bool live_place_read(const char *text, struct live_target *out);
/* Reads what is wanted; what isn't said follows from the port, and that from
 * what is said. False where it makes no sense, and *why says so. */
bool live_target_read(const struct live_wanted *wanted, struct live_target *out,
    const char **why);

/*
 * Connects and judges. demand->hosts has the one domain that is asked for.
 * False where no verdict could be reached: that is a finding too.
 */
bool live_check(struct arena *arena, const struct live_target *target,
    const struct pem_demand *demand, struct findings *findings);

#endif

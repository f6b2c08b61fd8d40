#ifndef DNSCHECK_RESOLV_CONF_H
#define DNSCHECK_RESOLV_CONF_H
/*
 * Which name servers to ask, and how patiently: from resolv.conf(5) or from
 * what the user wrote. Asks nobody.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/str.h"
#include "dnscheck/exchange.h"

enum { RESOLVER_SERVERS_MAX = 8 };

struct resolver_options {
	struct dns_server servers[RESOLVER_SERVERS_MAX];
	size_t server_count;
	unsigned timeout_ms; /* first wait for one server; then doubled */
	unsigned attempts;   /* rounds through all servers */
	size_t window;	     /* questions under way at once */
	size_t queue;	     /* further questions that may wait */
	size_t records_max;  /* of one answer */
	/* First search domain, or "". Never applied by the resolver itself. */
	char search[256];
};

/* The defaults, without any server. */
void resolver_options_init(struct resolver_options *options);
/*
 * Takes nameserver lines and "options timeout:, attempts:" of the text of a
 * resolv.conf, and notes the search domain: all names asked are whole, so it
 * is for those who ask about this machine's own short name. Lines that can't be
 * read are skipped, as every resolver does. Without any server: the one on this
 * machine.
 */
void resolver_options_parse(struct resolver_options *options, struct str text);
/* The same from a file; false (errno) where it can't be read. */
bool resolver_options_read(struct resolver_options *options, const char *path);
/* ADDR, ADDR@PORT; IPv6 also with %zone. False where it's neither. */
bool dns_server_parse(const char *text, struct dns_server *out);

#endif

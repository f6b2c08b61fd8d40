#ifndef CERTGEN_TLSA_SCOPE_H
#define CERTGEN_TLSA_SCOPE_H
/*
 * Where the TLSA records of a PEM have to stand: at each target and port where
 * its domains are served. That is said on the command line, by the SRV records,
 * or by a configuration's listeners; without any of them, by the ports that
 * RFC 6120 falls back to.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certgen/hosts.h"
#include "certgen/tlsa_dns.h"

struct arena;
struct cfg;
struct pem;

enum { SCOPE_PORTS_MAX = 32 };

/* Zero-initialised: no target is named and nobody is asked. */
struct tlsa_scope {
	const struct tlsa_dns *dns; /* asked for SRV records; NULL: not */
	/* Of --target: these alone then. */
	struct tlsa_place *targets;
	size_t target_count;
	/* Of a configuration; 0 of both: the usual ones. */
	uint16_t client_ports[SCOPE_PORTS_MAX];
	size_t client_count;
	uint16_t server_ports[SCOPE_PORTS_MAX];
	size_t server_count;
};

/* Takes HOST or HOST:PORT (without a port: both usual ones); false where it is
 * neither. */
bool tlsa_scope_target(
    struct tlsa_scope *scope, struct arena *arena, const char *text);
/* Takes the ports of the configuration's listeners. */
void tlsa_scope_ports(struct tlsa_scope *scope, const struct cfg *cfg);

/* The places of the domains. */
struct tlsa_places {
	struct tlsa_place *items;
	size_t count;
	/* A domain whose SRV records nobody could tell, and why; or NULL. */
	const char *unknown;
	const char *why;
};

/* Each place once. Everything is in the arena. */
void tlsa_scope_places(const struct tlsa_scope *scope, struct arena *arena,
    const struct cert_hosts *hosts, struct tlsa_places *out);

/* Of the hosts those that the PEM's certificate covers; where none are given,
 * the names in the certificate, without wildcards. */
void tlsa_scope_hosts(struct arena *arena, const struct pem *pem,
    const struct cert_hosts *hosts, struct cert_hosts *out);

#endif

#ifndef CERTGEN_HOSTS_H
#define CERTGEN_HOSTS_H
/*
 * The domains that a certificate is made for, and the names that each gets in
 * it (RFC 6120, section 13.7.1.2; RFC 4985): dNSName and id-on-dnsSRV hold
 * A-labels, id-on-xmppAddr holds U-labels.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certgen/pem_identity.h"
#include "cfgparse/cfg.h"

struct arena;
struct stack_st_GENERAL_NAME;

/* More names make the certificate too large for some peers' limit on the
 * handshake's certificate message. */
enum { CERT_HOSTS_MAX = 500 };

/* A domain that a certificate is for, or has to be. */
struct cert_host {
	const char *name;   /* as hostname_prepare gives it */
	const char *ascii;  /* the A-label form; NULL for an address */
	enum cfg_role role; /* what for: one of hosts, a component, ... */
	const char *maker;  /* what has it ("mod_muc"), or NULL */
	/* It is put into certificates, but nobody is known to miss it: what is
	 * judged is not judged for it. */
	bool optional;
};

/* Zero-initialised is a valid empty list. Lives in the arena that hosts are
 * added with. */
struct cert_hosts {
	struct cert_host *items;
	size_t count;
	/* Private: where each name stands in items, from 1. */
	uint32_t *slots;
	size_t slot_count;
};

/* Adds a host in whatever form of its name, which is not kept. One that is
 * there already keeps the role that comes first in enum cfg_role. False, and
 * nothing is added, where it is no host name; wildcards are none. */
bool cert_hosts_add(struct arena *arena, struct cert_hosts *hosts,
    const char *name, enum cfg_role role);
/* The same with all that is known of it; as->ascii is not read. */
bool cert_hosts_add_as(
    struct arena *arena, struct cert_hosts *hosts, const struct cert_host *as);

/* The host of that name as hostname_prepare gives it, or NULL. */
const struct cert_host *cert_hosts_find(
    const struct cert_hosts *hosts, const char *name);
/* The nearest host that this one is below, or NULL. */
const struct cert_host *cert_hosts_above(
    const struct cert_hosts *hosts, const struct cert_host *host);
/* The 4 or 16 bytes of a host that is an address; 0: it's none. */
size_t cert_host_address(const struct cert_host *host, unsigned char bytes[16]);

/* Which names of the hosts; a set of bits, 0 for all that XMPP knows. */
enum cert_names {
	/* Those that public authorities sign: dNSName and iPAddress. They may
	 * not sign otherName (CA/Browser Forum, Baseline Requirements, section
	 * 7.1.2.7.12). */
	CERT_NAMES_PUBLIC = 1,
	/* A wildcard below each virtual host, and no names for components that
	 * it covers. */
	CERT_NAMES_WILDCARD = 2,
};

/* How many hosts have a name of their own among these. */
size_t cert_hosts_named(const struct cert_hosts *hosts, enum cert_names which);

/* The names for a subjectAltName; NULL where OpenSSL fails. The caller frees
 * it with GENERAL_NAMES_free. */
struct stack_st_GENERAL_NAME *cert_hosts_names(
    const struct cert_hosts *hosts, enum cert_names which);

#endif

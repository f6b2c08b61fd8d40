#ifndef CERTGEN_HOSTS_H
#define CERTGEN_HOSTS_H
/*
 * The domains that a certificate is made for, and the names that each gets in
 * it (RFC 6120, section 13.7.1.2; RFC 4985): dNSName and id-on-dnsSRV hold
 * A-labels, id-on-xmppAddr holds U-labels.
 */
#include <stddef.h>

#include "certgen/pem_identity.h"

struct arena;
struct stack_st_GENERAL_NAME;

/* More names make the certificate too large for some peers' limit on the
 * handshake's certificate message. */
enum { CERT_HOSTS_MAX = 500 };

struct cert_host {
	const char *name;  /* as hostname_prepare gives it */
	const char *ascii; /* the A-label form; NULL for an address */
	unsigned services; /* a set of enum pem_service */
};

/* Zero-initialised is a valid empty list. Lives in the arena. */
struct cert_hosts {
	struct cert_host *items;
	size_t count;
};

enum cert_hosts_status { HOST_ADDED, HOST_INVALID, HOST_TOO_MANY };

/* Adds a host in whatever form; one that is there already only gains the
 * services. Wildcards are invalid. Nothing is kept of name. */
enum cert_hosts_status cert_hosts_add(struct arena *arena,
    struct cert_hosts *hosts, const char *name, unsigned services);

/* All names for a subjectAltName; NULL where OpenSSL fails. The caller frees
 * it with GENERAL_NAMES_free. */
struct stack_st_GENERAL_NAME *cert_hosts_names(const struct cert_hosts *hosts);

#endif

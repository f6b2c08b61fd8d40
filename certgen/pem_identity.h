#ifndef CERTGEN_PEM_IDENTITY_H
#define CERTGEN_PEM_IDENTITY_H
/*
 * Whom a certificate speaks for: the names in its subjectAltName that XMPP
 * uses (RFC 6120, section 13.7.1.2; RFC 4985), and how they match a domain
 * (RFC 9525, section 6.3). Knows nothing of trust or of dates.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/str.h"

struct arena;
struct name_key;
struct x509_st;

/* Object identifiers of the otherName forms, for OBJ_txt2obj. */
#define OID_XMPP_ADDR "1.3.6.1.5.5.7.8.5"
#define OID_SRV_NAME "1.3.6.1.5.5.7.8.7"

/* What a domain is there for; a set of bits. */
enum pem_service {
	PEM_FOR_CLIENTS = 1, /* _xmpp-client */
	PEM_FOR_SERVERS = 2, /* _xmpp-server */
	PEM_FOR_BOTH = 3,
};

struct pem_names {
	const struct str *items; /* foreign bytes, as in the certificate */
	size_t count;
};

/* Everything is owned by the arena that it was read into. */
struct pem_identity {
	struct pem_names dns;	/* dNSName: A-labels, perhaps a wildcard */
	struct pem_names xmpp;	/* id-on-xmppAddr: U-labels */
	struct pem_names srv;	/* id-on-dnsSRV: _xmpp-client.example.org */
	struct pem_names ip;	/* iPAddress, in text; IPv6 in brackets */
	struct str common_name; /* the last one of the subject, or empty */
	/* Names of these forms whose ASN.1 type isn't what it has to be, so
	 * that nobody reads them: UTF8String and IA5String. */
	size_t xmpp_mistyped;
	size_t srv_mistyped;
	/* Private: all of them, sorted for lookup. */
	struct name_key *keys;
	size_t key_count;
};

/* Reads the names; names of other forms are left out. */
void pem_identity_read(
    struct arena *arena, const struct x509_st *cert, struct pem_identity *out);

/* Makes names that were put together by hand ready for the questions below. */
void pem_identity_index(struct arena *arena, struct pem_identity *identity);

/* True where the certificate has any name that RFC 6120 looks at. */
bool pem_identity_any(const struct pem_identity *identity);

/* For which services the certificate proves the host (any form of its name):
 * a set of enum pem_service, 0 for none. The common name never counts. */
unsigned pem_identity_covers(
    const struct pem_identity *identity, const char *host);

/* A dNSName that has exactly one label before the host's name, as that of the
 * machine that serves the host would (or a wildcard); NULL: there is none. */
const struct str *pem_identity_below(
    const struct pem_identity *identity, const char *host);

/* True where the common name alone would match. */
bool pem_identity_common_name_matches(
    const struct pem_identity *identity, const char *host);

#endif

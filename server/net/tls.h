#ifndef NET_TLS_H
#define NET_TLS_H
/*
 * TLS settings of a listener: certificates by host name (SNI), protocol
 * versions and ciphers. Shared by all threads; only replaced as a whole.
 * TLS 1.2 and 1.3 only, no renegotiation, no compression (RFC 7590, RFC 9325).
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/str.h"

/* Which combined PEM serves a host. */
struct tls_identity {
	const char
	    *host; /* prepared name; NULL: whoever asks for no known one */
	const char *pem; /* path */
};

struct tls_settings {
	bool no_tlsv1_2;
	bool no_tlsv1_3;
	/* OpenSSL's list for TLS 1.2; NULL: those of RFC 9325 */
	const char *ciphers;
};

struct tls_context;

/* Loads every PEM; the first identity is the default too. NULL: *why (free it)
 * names the file and the fault. destroy it when no connection uses it. */
struct tls_context *tls_context_create(const struct tls_identity *identities,
    size_t count, const struct tls_settings *settings, char **why);
void tls_context_destroy(struct tls_context **context);
/* Handshakes that begin from now on use what fresh has loaded; it is gone then.
 * Those under way, and connections, keep what they began with. Any thread. */
void tls_context_replace(
    struct tls_context *context, struct tls_context **fresh);

#endif

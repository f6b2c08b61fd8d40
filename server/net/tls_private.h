#ifndef NET_TLS_PRIVATE_H
#define NET_TLS_PRIVATE_H
/* What conn.c needs of a TLS context; included inside net/ only. */
#include <openssl/ssl.h>
#include <stdbool.h>

struct tls_context;

/* A server-side connection object; NULL where OpenSSL refuses. It keeps what
 * the context has now for as long as it lives. */
SSL *tls_context_accept(const struct tls_context *context);
/* True where its handshake may sign with a large RSA key, which takes
 * milliseconds and therefore must not run on an event loop. */
bool tls_is_slow(const SSL *ssl);

#endif

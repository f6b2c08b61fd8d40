#ifndef NET_TLS_PRIVATE_H
#define NET_TLS_PRIVATE_H
/* What conn.c needs of a TLS context; included inside net/ only. */
#include <openssl/ssl.h>
#include <stdbool.h>

struct tls_context;

/* A server-side connection object; NULL where OpenSSL refuses. It keeps what
 * the context has now for as long as it lives. */
SSL *tls_context_accept(const struct tls_context *context);
/* tls_context_is_slow of what the connection began with. */
bool tls_is_slow(const SSL *ssl);

#endif

#ifndef NET_TLS_PRIVATE_H
#define NET_TLS_PRIVATE_H
/* What conn.c needs of a TLS context; included inside net/ only. */
#include <openssl/ssl.h>

struct tls_context;

/* A server-side connection object; NULL where OpenSSL refuses. */
SSL *tls_context_accept(const struct tls_context *context);

#endif

#ifndef SUPPORT_SASL_CLIENT_H
#define SUPPORT_SASL_CLIENT_H
/*
 * The client's side of SCRAM (RFC 5802) for tests, written without the
 * server's own primitives, so that an error there can't cancel itself out.
 */
#include <stdbool.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/str.h"

struct sasl_client {
	bool sha256;
	const char *user; /* as it is put into n= */
	const char *password;
	const char *gs2; /* "n,,", "p=tls-exporter,," ... */
	struct str binding;
	const char *nonce;
	struct buf first_bare;
	struct buf auth_message;
	unsigned char salted[32];
};

void sasl_client_first(struct sasl_client *client, struct buf *out);
/* False where the challenge makes no sense to a client. */
bool sasl_client_final(
    struct sasl_client *client, struct str challenge, struct buf *out);
/* True where the server proved that it knows the keys. */
bool sasl_client_verify(struct sasl_client *client, struct str success);
void sasl_client_fini(struct sasl_client *client);

#endif

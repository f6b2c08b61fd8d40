#ifndef CORE_ROUTER_H
#define CORE_ROUTER_H
/*
 * Where a stanza goes (RFC 6120 section 10, RFC 6121 section 8): to the home
 * shard of its bare `to`, or back as an error.
 */
#include "server/xmpp/error.h"

struct shard;
struct stanza;

/* Takes a stanza with from and to set. The answer to an undeliverable one
 * goes the same way. */
void router_route(struct shard *shard, struct stanza **stanza);
/* Turns it into the error, where it may be answered, and routes that; takes
 * it in any case. */
void router_bounce(struct shard *shard, struct stanza **stanza,
    enum stanza_error error, const char *text);

#endif

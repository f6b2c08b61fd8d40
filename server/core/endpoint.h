#ifndef CORE_ENDPOINT_H
#define CORE_ENDPOINT_H
/*
 * How the core reaches whatever carries a session, without knowing ports.
 * All calls are made on the session's home shard.
 */
#include <stdbool.h>

#include "server/xmpp/error.h"
#include "server/xmpp/jid.h"

struct endpoint;
struct stanza;
struct wire;

struct endpoint_ops {
	/* Queues the stanza; it stays the caller's. */
	void (*send)(struct endpoint *endpoint, const struct stanza *stanza);
	void (*send_wire)(
	    struct endpoint *endpoint, const struct wire *wire, struct jid to);
	/* Ends it with a stream error. The session is closed already and the
	 * endpoint must not touch it again. */
	void (*fail)(struct endpoint *endpoint, enum stream_error error,
	    const char *text);
	/* Stops or continues reading what the client sends. */
	void (*hold)(struct endpoint *endpoint, bool held);
	/* The client's address, for lists. */
	const char *(*peer)(struct endpoint *endpoint);
};

struct endpoint {
	const struct endpoint_ops *ops;
};

#endif

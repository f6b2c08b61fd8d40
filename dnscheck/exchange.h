#ifndef DNSCHECK_EXCHANGE_H
#define DNSCHECK_EXCHANGE_H
/*
 * One try: a query to one server over UDP or TCP (RFC 1035 4.2, RFC 7766),
 * and the bytes that come back. Knows nothing of what they mean, of names, of
 * retries or of time limits.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "cfgparse/base/buf.h"
#include "dnscheck/dns_io.h"

struct dns_server {
	struct sockaddr_storage address; /* with the port */
	socklen_t address_len;
};

/*
 * A message came in (bytes valid during the call), or with NULL: this try
 * failed (refused, closed, unreachable) and nothing more will come. Over UDP
 * there may be several messages. exchange_stop may be called from here.
 */
typedef void exchange_fn(void *arg, const uint8_t *bytes, size_t len);

/* Zero-initialised is a valid stopped exchange. Fields are private. */
struct exchange {
	const struct dns_io *io;
	void *watch;
	exchange_fn *on_message;
	void *arg;
	int fd; /* valid while watch is set */
	bool tcp;
	uint32_t starts; /* tells one start from the next */
	struct buf out;	 /* TCP: what is still to be written */
	struct buf in;	 /* TCP: length and message so far */
};

/*
 * Opens a socket of its own, bound to a random port, connected to the server,
 * and sends the query. False where that fails at once: on_message won't be
 * called. on_message never runs before this returns.
 */
bool exchange_start(struct exchange *exchange, const struct dns_io *io,
    const struct dns_server *server, bool tcp, const uint8_t *query, size_t len,
    exchange_fn *on_message, void *arg);
/* Ends it; no callback runs afterwards. Harmless when stopped already. */
void exchange_stop(struct exchange *exchange);

#endif

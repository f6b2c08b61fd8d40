#ifndef CERTGEN_OPENING_H
#define CERTGEN_OPENING_H
/*
 * How a connection begins, seen from the side that opens it: the stream
 * header, what the server offers, and STARTTLS (RFC 6120, sections 4 and 5).
 * Bytes in, bytes out: it knows nothing of sockets, of time or of TLS itself,
 * so that whoever asks a server something before or after TLS can use it.
 */
#include <stdbool.h>
#include <stddef.h>

#include "certgen/stream_scan.h"
#include "cfgparse/base/buf.h"

/* No server needs more to come to the point. Bytes. */
enum { OPENING_BYTES_MAX = 64 * 1024 };

enum opening_kind { OPENING_CLIENT, OPENING_SERVER };

enum opening_end {
	OPENING_GOES_ON,
	OPENING_TLS,	     /* <proceed/>: TLS begins with the next byte */
	OPENING_INJECTED,    /* the same, with bytes behind it in clear text */
	OPENING_NO_STARTTLS, /* it isn't among the features */
	OPENING_REFUSED,     /* <failure/> in answer to <starttls/> */
	OPENING_ERROR,	     /* a stream error: see condition */
	OPENING_OVER,	     /* the server ended the stream */
	OPENING_NOT_XMPP,    /* no stream header came */
	OPENING_BROKEN,	     /* a stream, but not what has to come next */
	OPENING_TOO_LARGE,   /* over OPENING_BYTES_MAX */
};

/* What the server said; texts are its own, foreign and cut to their size. */
struct opening {
	enum opening_end end;
	bool stream;	      /* its stream header came */
	bool features;	      /* its features came, as a whole */
	bool starttls;	      /* among them, */
	bool required;	      /* and with <required/> */
	char condition[64];   /* of OPENING_ERROR: "host-unknown" */
	char text[256];	      /* what it said about it, or "" */
	char mechanisms[512]; /* SASL mechanisms, with blanks between */
	struct buf out;	      /* to be sent: the caller takes it off */
	/* All that follow are private. */
	struct stream_scan scan;
	enum opening_kind kind;
	int within;
	bool mechanism;
	size_t bytes;
};

/* Begins a stream to the domain, which hostname_prepare gave. opening stays
 * where it is from now on; fini it. */
void opening_init(
    struct opening *opening, enum opening_kind kind, const char *domain);
void opening_fini(struct opening *opening);
/* Takes what the server sent; opening->end is the outcome. To be called while
 * it is OPENING_GOES_ON. */
void opening_feed(struct opening *opening, const char *bytes, size_t len);

#endif

#ifndef CERTGEN_PROBE_H
#define CERTGEN_PROBE_H
/*
 * One connection to a server, as far as its TLS goes: TCP, STARTTLS or direct
 * TLS, the handshake, and what that shows: the chain, version, cipher, whether
 * this system trusts it, the stapled OCSP response. It judges nothing and
 * never waits: the caller watches the descriptor, in a loop of its own, and
 * the time. The only file pair of certgen that knows OpenSSL's SSL.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "certgen/opening.h"
#include "cfgparse/base/buf.h"

enum {
	PROBE_CHAIN_MAX = 64,		  /* certificates taken of one chain */
	PROBE_HANDSHAKE_MAX = 256 * 1024, /* bytes of TLS read */
};

struct probe_order {
	struct sockaddr_storage address; /* with the port */
	socklen_t address_len;
	enum opening_kind kind;
	bool starttls;	    /* otherwise TLS from the first byte */
	const char *domain; /* as hostname_prepare gives it; for `to` */
	const char *ascii;  /* its A-label form, for SNI; NULL: no SNI */
	bool only_old;	    /* offer nothing newer than TLS 1.1 */
};

enum probe_end {
	PROBE_GOES_ON,
	PROBE_DONE,	     /* the handshake is through */
	PROBE_NOT_CONNECTED, /* error says why */
	PROBE_CLOSED,	     /* the server closed; see phase */
	PROBE_OPENING,	     /* what came before TLS: opening.end */
	PROBE_TLS_FAILED,    /* tls_error says why */
	PROBE_TLS_TOO_LARGE,
};

enum probe_phase { PROBE_CONNECTING, PROBE_BEFORE_TLS, PROBE_HANDSHAKE };

/* What the stapled response says about the certificate. */
enum probe_staple {
	STAPLE_NONE,
	STAPLE_GOOD,
	STAPLE_REVOKED,
	STAPLE_UNKNOWN, /* the responder doesn't know the certificate */
	STAPLE_STALE,	/* outside its dates */
	STAPLE_BROKEN,	/* can't be read, or isn't about it */
};

struct probe_facts {
	enum probe_end end;
	enum probe_phase phase; /* that was reached */
	int error;		/* errno of PROBE_NOT_CONNECTED */
	char tls_error[128];	/* OpenSSL's words */
	bool other_protocol;	/* the server refused XMPP by ALPN */
	/* All that follow with PROBE_DONE only. */
	struct buf chain; /* PEM, as sent */
	int version;	  /* 0x0303 is TLS 1.2 */
	const char *version_text;
	const char *cipher; /* OpenSSL's name */
	int cipher_bits;
	bool forward_secret;
	bool authenticated; /* the cipher proves the certificate's key */
	long verify_error;  /* X509_V_OK: this system trusts the chain */
	const char *verify_text;
	bool must_staple; /* the certificate demands a response */
	enum probe_staple staple;
};

struct probe;

/* Starts to connect. order is copied but for its texts, which stay. destroy
 * it. It may be over at once: look at its facts. */
struct probe *probe_create(const struct probe_order *order);
void probe_destroy(struct probe **probe);
/* Valid while it goes on. */
int probe_fd(const struct probe *probe);
/* Which events of poll(2) it waits for. */
short probe_events(const struct probe *probe);
/* Goes on as far as it can without waiting. */
void probe_step(struct probe *probe);
/* Valid until it is destroyed. */
const struct probe_facts *probe_facts(const struct probe *probe);
/* What was said before TLS, likewise. */
const struct opening *probe_opening(const struct probe *probe);

#endif

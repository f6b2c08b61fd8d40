#ifndef AUTH_SASL_H
#define AUTH_SASL_H
/*
 * SASL as a pure state machine (RFC 6120 section 6, RFC 4422; SCRAM RFC 5802,
 * 7677, 9266; PLAIN RFC 4616). It never waits: where it needs the account's
 * keys or slow work it says so, and its owner comes back with them. Knows
 * nothing of streams, stores or TLS.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/str.h"
#include "server/auth/scram.h"

enum sasl_mechanism {
	SASL_SCRAM_SHA_256_PLUS,
	SASL_SCRAM_SHA_1_PLUS,
	SASL_SCRAM_SHA_256,
	SASL_SCRAM_SHA_1,
	SASL_PLAIN,
	SASL_MECHANISMS,
};

/* "SCRAM-SHA-256-PLUS". Static text. */
const char *sasl_mechanism_name(enum sasl_mechanism mechanism);
/* SASL_MECHANISMS where there is none such. */
enum sasl_mechanism sasl_mechanism_find(struct str name);

/* Conditions of RFC 6120 6.5. */
enum sasl_failure {
	SASL_ABORTED,
	SASL_ACCOUNT_DISABLED,
	SASL_ENCRYPTION_REQUIRED,
	SASL_INCORRECT_ENCODING,
	SASL_INVALID_AUTHZID,
	SASL_INVALID_MECHANISM,
	SASL_MALFORMED_REQUEST,
	SASL_NOT_AUTHORIZED,
	SASL_TEMPORARY_AUTH_FAILURE,
};
const char *sasl_failure_name(enum sasl_failure failure);

enum sasl_verdict {
	SASL_CHALLENGE, /* send out as <challenge/> */
	SASL_WANT_KEYS, /* fetch sasl_username's record, then sasl_keys */
	SASL_WANT_SLOW, /* run sasl_slow on a helper thread, then sasl_slow_done
			 */
	SASL_SUCCESS,	/* send out (may be empty) as <success/> */
	SASL_FAILED,	/* sasl_why tells */
};

/* What the connection offers; copied (the binding data too). */
struct sasl_offer {
	struct str host;      /* prepared virtual host */
	unsigned mechanisms;  /* bit (1u << enum sasl_mechanism) */
	struct str exporter;  /* tls-exporter data, empty: not available */
	struct str end_point; /* tls-server-end-point data, likewise */
};

struct sasl;

/* Starts an exchange; initial is the decoded initial response (ptr NULL where
 * there was none at all). Returns the state; *verdict says what next. destroy
 * it. */
struct sasl *sasl_start(const struct sasl_offer *offer,
    enum sasl_mechanism mechanism, struct str initial, struct buf *out,
    enum sasl_verdict *verdict);
void sasl_destroy(struct sasl **sasl);
/* A decoded <response/>. */
enum sasl_verdict sasl_response(
    struct sasl *sasl, struct str message, struct buf *out);
/* record NULL: no such account (the exchange goes on and fails as late and
 * as slowly as with a wrong password). */
enum sasl_verdict sasl_keys(
    struct sasl *sasl, const struct scram_record *record, struct buf *out);
/* On a helper thread; touches nothing but the sasl. */
void sasl_slow(struct sasl *sasl);
enum sasl_verdict sasl_slow_done(struct sasl *sasl, struct buf *out);
/* The prepared localpart (nodeprep), once known, else empty. */
struct str sasl_username(const struct sasl *sasl);
enum sasl_failure sasl_why(const struct sasl *sasl);
/* For the log: what exactly was wrong, "" where nothing more is known. For a
 * SCRAM client that says `y` although -PLUS was offered it names the client
 * library's problem and disable_sasl_mechanisms. */
const char *sasl_detail(const struct sasl *sasl);

#endif

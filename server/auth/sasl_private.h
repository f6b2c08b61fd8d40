#ifndef AUTH_SASL_PRIVATE_H
#define AUTH_SASL_PRIVATE_H
/*
 * The state of one exchange, shared by the mechanisms of this room, and the
 * one thing a test may decide: the server's nonce.
 */
#include "cfgparse/base/arena.h"
#include "server/auth/sasl.h"
#include "server/xmpp/jid.h"

enum sasl_step {
	STEP_FIRST, /* the client's first message is still to come */
	STEP_KEYS,
	STEP_SLOW,  /* PLAIN: the password is being checked */
	STEP_PROOF, /* SCRAM: the client's second message */
	STEP_OVER,
};

enum { SASL_NONCE_TEXT = 24, SASL_DETAIL_MAX = 400 };

struct sasl {
	enum sasl_mechanism mechanism;
	enum sasl_step step;
	enum sasl_verdict verdict; /* once STEP_OVER */
	enum sasl_failure why;
	char detail[SASL_DETAIL_MAX];
	struct arena arena; /* the offer's copies and decoded names */
	struct sasl_offer offer;
	char username[JID_PART_MAX + 1];
	size_t username_len;
	bool known; /* there is such an account */
	struct scram_record record;

	/* PLAIN; the two fields sasl_slow touches, with record. */
	struct buf password;
	bool matches;

	/* SCRAM */
	struct str gs2;
	struct str binding_data;
	struct buf auth_message; /* client-first-bare "," server-first */
	struct str nonce;	 /* both halves, in the arena */
	char server_nonce[SASL_NONCE_TEXT + 1];
};

/* For tests of published exchanges: used instead of random bytes by every
 * exchange that starts afterwards; NULL ends it. Not thread-safe. */
void sasl_fix_nonce(const char *nonce);

/* Ends the exchange; the format tells the log what was wrong. */
enum sasl_verdict sasl_fail(struct sasl *sasl, enum sasl_failure why,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The first message names the account: prepares both identities. False, with
 * the exchange ended, where it can't go on as that user. */
bool sasl_name_user(struct sasl *sasl, struct str user, struct str authzid);

enum sasl_verdict plain_first(struct sasl *sasl, struct str message);
enum sasl_verdict scram_first(struct sasl *sasl, struct str message);
/* The record is there: appends the server's first message. */
enum sasl_verdict scram_challenge(struct sasl *sasl, struct buf *out);
enum sasl_verdict scram_proof(
    struct sasl *sasl, struct str message, struct buf *out);

#endif

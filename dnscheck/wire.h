#ifndef DNSCHECK_WIRE_H
#define DNSCHECK_WIRE_H
/*
 * DNS messages as bytes: one question out, one reply in (RFC 1035 section 4,
 * EDNS of RFC 6891, the case of the question's name as a second secret).
 * The only file pair that knows ldns; does no I/O and has no state.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/arena.h"
#include "dnscheck/dns.h"

enum {
	WIRE_QUERY_MAX = 512,
	WIRE_EDNS_SIZE = 1232,	 /* fits every path without fragments */
	WIRE_RECORDS_MAX = 1024, /* in the answer section of one reply */
};

/* What makes one query hard to forge an answer to: all of it random. */
struct wire_salt {
	uint16_t id;
	uint8_t letters[32]; /* a bit for each letter's case */
};

struct wire_query {
	uint8_t bytes[WIRE_QUERY_MAX];
	size_t len;
	size_t question_len; /* the bytes behind the header */
	enum dns_type type;
};

/*
 * The query for a name (with or without final dot). edns: offer
 * WIRE_EDNS_SIZE. False where the name can't be on the wire.
 */
bool wire_query_make(const char *name, enum dns_type type,
    const struct wire_salt *salt, bool edns, struct wire_query *out);

enum wire_verdict {
	WIRE_ANSWER,	 /* out->answer holds; see out->follow */
	WIRE_FOREIGN,	 /* not an answer to this query: ignore it */
	WIRE_OTHER_CASE, /* it would be ours but for the letters' case */
	WIRE_TRUNCATED,	 /* ask again over TCP */
	WIRE_NO_EDNS,	 /* the server stumbles over EDNS: ask without */
	WIRE_BROKEN,	 /* ours, but malformed */
};

struct wire_reply {
	struct dns_answer answer; /* in the arena */
	/* The chain of aliases ended at answer.canonical and this server
	 * has nothing about it: it has to be asked for. */
	bool follow;
};

/*
 * Reads the len bytes as the reply to query. exact: the question must come
 * back in the very letters that were sent (UDP). aliases: how many were
 * followed already. Only records that the question or its aliases own are
 * believed. *out is set for WIRE_ANSWER only.
 */
enum wire_verdict wire_reply_read(const struct wire_query *query, bool exact,
    size_t aliases, const uint8_t *bytes, size_t len, struct arena *arena,
    struct wire_reply *out);

#endif

#ifndef XMPP_JID_H
#define XMPP_JID_H
/*
 * Addresses (RFC 6122/7622): parsed, prepared (nodeprep, hostname,
 * resourceprep) and immutable. Pure values, no I/O.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/str.h"
#include "cfgparse/prepare.h"

enum { JID_PART_MAX = PREPARE_MAX, JID_MAX = 3 * JID_PART_MAX + 2 };

/*
 * Prepared text "local@domain/resource"; parts that are missing have length
 * 0 and no separator. Zero-initialised is "no address". The memory behind
 * text belongs to the arena it was parsed into.
 */
struct jid {
	const char *text;
	uint16_t local_len;
	uint16_t domain_len;
	uint16_t resource_len;
};

/* False where text is no valid address; *jid is then zero. */
bool jid_parse(struct arena *arena, struct str text, struct jid *jid);
/* From parts, each prepared again; empty local and resource mean none. */
bool jid_make(struct arena *arena, struct str local, struct str domain,
    struct str resource, struct jid *jid);
/* A copy of jid in the arena. */
struct jid jid_copy(struct arena *arena, struct jid jid);
/* The bare form; shares the text. */
struct jid jid_to_bare(struct jid jid);

static inline bool
jid_is_set(struct jid jid)
{
	return jid.domain_len != 0;
}
/* The parts, within the JID's own text; empty where it has none. */
struct str jid_local(struct jid jid);
struct str jid_domain(struct jid jid);
struct str jid_resource(struct jid jid);
/* "local@domain" or "domain". */
struct str jid_bare(struct jid jid);
/* The whole text. */
struct str jid_full(struct jid jid);
bool jid_eq(struct jid a, struct jid b);
bool jid_bare_eq(struct jid a, struct jid b);

#endif

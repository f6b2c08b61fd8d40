#ifndef MODULES_ROSTER_ITEM_H
#define MODULES_ROSTER_ITEM_H
/*
 * One roster item as a value (RFC 6121 section 2.1.2): what a client may ask
 * for, how it is stored, and how it is shown. No I/O.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/str.h"
#include "server/xml/xml.h"
#include "server/xmpp/error.h"
#include "server/xmpp/jid.h"

#define NS_ROSTER STR("jabber:iq:roster")

enum {
	ROSTER_TEXT_MAX = 1023, /* bytes of a name or group */
	ROSTER_GROUPS_MAX = 32,
	/* Of a stored item: version line, then a key, a blank, the text with
	 * every byte escaped at worst, and a line end each. */
	ROSTER_STORED_MAX =
	    2 + (1 + ROSTER_GROUPS_MAX) * (2 * ROSTER_TEXT_MAX + 3),
};

/* The strings belong to whatever it was read from or its arena. */
struct roster_item {
	struct str name; /* empty: none */
	struct str groups[ROSTER_GROUPS_MAX];
	size_t group_count;
};

/* What a roster set asks for. */
struct roster_wish {
	struct jid contact; /* bare */
	bool remove;
	struct roster_item item; /* unless remove */
};

/*
 * Reads the <query/> of a roster set. False: *error is what to answer and *why
 * (static text) says more. The wish lives as long as arena and query.
 */
bool roster_wish_read(struct arena *arena, const struct xml_node *query,
    struct roster_wish *wish, enum stanza_error *error, const char **why);
/* Appends the form that is stored. */
void roster_item_write(const struct roster_item *item, struct buf *out);
/* Reads the stored form; false where it isn't exactly that. */
bool roster_item_read(
    struct arena *arena, struct str stored, struct roster_item *item);
/* Adds <item/> to a <query/>; subscription is "none" or "remove". */
void roster_item_show(struct arena *arena, struct xml_node *query,
    struct str contact, const char *subscription,
    const struct roster_item *item);

#endif

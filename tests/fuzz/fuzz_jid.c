/* Addresses: what is accepted is stable, and so are its parts alone. */
#include "server/xmpp/jid.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
check_part(struct str part, bool (*prepare)(struct str, char *, size_t *))
{
	char out[JID_PART_MAX + 1];
	size_t len;

	if (part.len == 0)
		return;
	require(prepare(part, out, &len));
	require(str_eq(part, (struct str){ out, len }));
}

static void
check_sasl(struct str in)
{
	char out[JID_PART_MAX + 1];
	size_t len;

	if (prepare_sasl(in, out, &len)) {
		require(out[len] == '\0');
		check_part((struct str){ out, len }, prepare_sasl);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct arena arena = { 0 };
	struct jid jid, again;

	check_sasl(in);
	if (jid_parse(&arena, in, &jid)) {
		require(jid_parse(&arena, jid_full(jid), &again));
		require(jid_eq(jid, again));
		require(jid_make(&arena, jid_local(jid), jid_domain(jid),
		    jid_resource(jid), &again));
		require(jid_eq(jid, again));
		check_part(jid_local(jid), prepare_local);
		check_part(jid_resource(jid), prepare_resource);
		require(jid_bare_eq(jid, jid_to_bare(again)));
	} else
		require(!jid_is_set(jid));
	arena_fini(&arena);
	return 0;
}

/*
 * Routing by domain and by home shard. A stanza travels in a parcel of its own
 * arena: nothing is copied and nothing allocated.
 */
#include "server/core/router.h"
#include "server/core/core_private.h"

struct routed {
	struct parcel parcel;
	struct stanza *stanza;
};

static void
deliver(struct shard *shard, struct parcel *parcel)
{
	struct stanza *stanza = ((struct routed *)parcel)->stanza;
	const struct vhost *host =
	    node_host(shard->node, jid_domain(stanza->to));
	struct user *user = user_obtain(shard, stanza->to, host);

	user_handle(shard, user, false, (struct session_ref){ 0 }, &stanza);
}

static void
discard(struct parcel *parcel)
{
	stanza_drop(&((struct routed *)parcel)->stanza);
}

static size_t
weight_of(const struct stanza *stanza)
{
	return stanza->tree->arena.total;
}

void
router_bounce(struct shard *shard, struct stanza **stanza,
    enum stanza_error error, const char *text)
{
	if (stanza_make_error(*stanza, error, text))
		router_route(shard, stanza);
	else
		stanza_drop(stanza);
}

void
router_route(struct shard *shard, struct stanza **stanza)
{
	struct stanza *moved = *stanza;
	struct routed *routed;

	if (!jid_is_set(moved->to)) {
		stanza_drop(stanza);
		return;
	}
	if (!node_host(shard->node, jid_domain(moved->to))) {
		/* An error to a foreign address ends here too: it is dropped
		 * by router_bounce, never bounced twice. */
		router_bounce(shard, stanza, ERROR_REMOTE_SERVER_NOT_FOUND,
		    "this server does not talk to other servers yet");
		return;
	}
	if (moved->to.local_len == 0) { /* the server itself */
		router_bounce(shard, stanza, ERROR_SERVICE_UNAVAILABLE, NULL);
		return;
	}
	*stanza = NULL;
	routed = arena_alloc(stanza_arena(moved), sizeof(*routed));
	routed->parcel.deliver = deliver;
	routed->parcel.discard = discard;
	routed->parcel.weight = weight_of(moved);
	routed->stanza = moved;
	shard_post(shard, node_home(shard->node, jid_bare(moved->to)),
	    &routed->parcel);
}

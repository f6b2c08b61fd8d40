/*
 * Resource binding (RFC 6120 section 7) and the legacy session request
 * (RFC 3921 section 3), which old clients still send.
 */
#include "server/stream/stream_private.h"

#include <stdlib.h>

static bool
is_bind(const struct stanza *stanza)
{
	return stanza->kind == STANZA_IQ && stanza->type == TYPE_SET &&
	       stanza->payload && xml_is(stanza->payload, STR(NS_BIND), "bind");
}

void
stream_bind_stanza(struct stream *stream, struct stanza **stanza)
{
	struct xml_node *resource;
	struct str wanted = { "", 0 };

	if (!is_bind(*stanza)) {
		stream_fail(
		    stream, STREAM_NOT_AUTHORIZED, "bind a resource first");
		return;
	}
	resource = xml_child((*stanza)->payload, STR(NS_BIND), "resource");
	if (resource)
		wanted = xml_text(stanza_arena(*stanza), resource);
	stream->bind_id = arena_str(&stream->arena, (*stanza)->id);
	stream->state = STATE_BINDING;
	stream_pause(stream, PAUSE_WAITING);
	stream->ops->on_bind(stream->arg, wanted);
}

void
stream_bound(struct stream *stream, struct jid full)
{
	struct stanza *answer;
	struct xml_node *bind, *jid;

	if (stream->state != STATE_BINDING)
		return;
	answer = stanza_new(STANZA_IQ, TYPE_RESULT, (struct jid){ 0 },
	    (struct jid){ 0 }, stream->bind_id);
	bind = xml_add(stanza_arena(answer), answer->tree->root, STR(NS_BIND),
	    STR("bind"));
	jid = xml_add(stanza_arena(answer), bind, STR(NS_BIND), STR("jid"));
	xml_add_text(stanza_arena(answer), jid, jid_full(full));
	stream->account = jid_copy(&stream->arena, full);
	stream->state = STATE_BOUND;
	timer_close(&stream->auth_timer);
	stream_send(stream, answer);
	stanza_drop(&answer);
	stream_unpause(stream, PAUSE_WAITING);
}

void
stream_bind_refused(
    struct stream *stream, enum stanza_error error, const char *text)
{
	struct stanza *answer;

	if (stream->state != STATE_BINDING)
		return;
	answer = stanza_new(STANZA_IQ, TYPE_SET, stream->account,
	    (struct jid){ 0 }, stream->bind_id);
	xml_add(stanza_arena(answer), answer->tree->root, STR(NS_BIND),
	    STR("bind"));
	stream->state = STATE_BIND;
	if (stanza_make_error(answer, error, text))
		stream_send(stream, answer);
	stanza_drop(&answer);
	stream_unpause(stream, PAUSE_WAITING);
}

bool
stream_bound_iq(struct stream *stream, struct stanza **stanza)
{
	struct stanza *iq = *stanza;

	if (iq->type != TYPE_SET || !iq->payload)
		return false;
	if (is_bind(iq)) {
		if (stanza_make_error(
			iq, ERROR_NOT_ALLOWED, "a stream binds one resource"))
			stream_send(stream, iq);
	} else if (xml_is(iq->payload, STR(NS_SESSION), "session")) {
		stanza_make_result(iq);
		stream_send(stream, iq);
	} else {
		return false;
	}
	stanza_drop(stanza);
	return true;
}

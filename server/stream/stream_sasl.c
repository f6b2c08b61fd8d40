/*
 * SASL in the stream (RFC 6120 section 6): base64 and XML around the pure
 * state machine of auth/, and waiting for what that machine asks.
 */
#include "server/stream/stream_private.h"

#include <stdlib.h>

#include "cfgparse/base/base64.h"

enum { SASL_TRIES = 3, SASL_TEXT_MAX = 8 * 1024 };

#define MASK(mechanism) (1u << (mechanism))
#define MASK_PLUS (MASK(SASL_SCRAM_SHA_1_PLUS) | MASK(SASL_SCRAM_SHA_256_PLUS))

void
stream_sasl_drop(struct stream *stream)
{
	sasl_destroy(&stream->sasl);
}

/* What this connection can offer of what the host allows. */
static unsigned
usable_mechanisms(struct stream *stream)
{
	uint8_t binding[CONN_BINDING_MAX];
	unsigned mechanisms = stream->sasl_allowed;

	if (!conn_is_tls(stream->conn)) /* never a password in clear */
		return mechanisms & ~(MASK_PLUS | MASK(SASL_PLAIN));
	if (!conn_tls_exporter(stream->conn, binding) &&
	    !conn_tls_end_point(stream->conn, binding))
		mechanisms &= ~MASK_PLUS;
	return mechanisms;
}

/* XEP-0440: which bindings a -PLUS client may choose from. */
static void
offer_bindings(struct stream *stream, struct buf *out)
{
	uint8_t binding[CONN_BINDING_MAX];

	buf_puts(out, "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>");
	if (conn_tls_exporter(stream->conn, binding))
		buf_puts(out, "<channel-binding type='tls-exporter'/>");
	if (conn_tls_end_point(stream->conn, binding))
		buf_puts(out, "<channel-binding type='tls-server-end-point'/>");
	buf_puts(out, "</sasl-channel-binding>");
}

void
stream_offer_sasl(struct stream *stream, struct buf *out)
{
	unsigned mechanisms = usable_mechanisms(stream);

	stream->sasl_offered = mechanisms;
	if (!mechanisms)
		return;
	buf_puts(out, "<mechanisms xmlns='" NS_SASL "'>");
	for (int i = 0; i < SASL_MECHANISMS; i++)
		if (mechanisms & MASK(i))
			buf_printf(out, "<mechanism>%s</mechanism>",
			    sasl_mechanism_name(i));
	buf_puts(out, "</mechanisms>");
	if (mechanisms & MASK_PLUS)
		offer_bindings(stream, out);
}

static void
fail(struct stream *stream, enum sasl_failure why, const char *detail)
{
	struct str user =
	    stream->sasl ? sasl_username(stream->sasl) : (struct str){ 0 };

	buf_printf(stream_output(stream),
	    "<failure xmlns='" NS_SASL "'><%s/></failure>",
	    sasl_failure_name(why));
	stream->ops->on_login_failed(stream->arg,
	    stream->mechanism < SASL_MECHANISMS
		? sasl_mechanism_name(stream->mechanism)
		: "unknown mechanism",
	    user, detail && *detail ? detail : sasl_failure_name(why));
	stream_sasl_drop(stream);
	stream->state = STATE_NEGOTIATE;
	stream->pauses &= ~(unsigned)PAUSE_WAITING;
	if (++stream->failures >= SASL_TRIES)
		stream_fail(
		    stream, STREAM_POLICY_VIOLATION, "too many failed logins");
	else
		stream_unpause(stream, PAUSE_WAITING);
}

static void
send_message(
    struct stream *stream, const char *element, const struct buf *message)
{
	struct buf *out = stream_output(stream);

	buf_printf(out, "<%s xmlns='" NS_SASL "'>", element);
	base64_encode(out, message->data, message->len);
	buf_printf(out, "</%s>", element);
}

static void
succeed(struct stream *stream, const struct buf *message)
{
	struct str user = sasl_username(stream->sasl);

	if (!jid_make(&stream->arena, user, stream->host, (struct str){ 0 },
		&stream->account)) {
		fail(stream, SASL_NOT_AUTHORIZED, "no valid user name");
		return;
	}
	send_message(stream, "success", message);
	stream->state = STATE_MOVING;
	stream_pause(stream, PAUSE_WAITING);
	stream->ops->on_login(stream->arg, stream->account);
}

static void on_verdict(
    struct stream *stream, enum sasl_verdict verdict, struct buf *message);

static void
run_slow(void *arg)
{
	struct stream *stream = arg;

	sasl_slow(stream->sasl);
}

static void
on_slow_done(void *arg)
{
	struct stream *stream = arg;
	struct buf message = { 0 };

	stream->zombie = false;
	if (stream->state == STATE_ENDED) {
		stream_destroy(&stream);
		return;
	}
	if (stream->state != STATE_SLOW)
		return;
	on_verdict(stream, sasl_slow_done(stream->sasl, &message), &message);
	buf_wipe(&message);
}

static void
start_slow(struct stream *stream)
{
	stream->state = STATE_SLOW;
	stream_pause(stream, PAUSE_WAITING);
	stream->zombie = true;
	if (offload(stream->loop, run_slow, on_slow_done, stream))
		return;
	stream->zombie = false;
	fail(stream, SASL_TEMPORARY_AUTH_FAILURE,
	    "too many password checks at once");
}

static void
ask_keys(struct stream *stream)
{
	struct arena scratch = { 0 };
	struct jid account;

	stream->state = STATE_KEYS;
	stream_pause(stream, PAUSE_WAITING);
	if (jid_make(&scratch, sasl_username(stream->sasl), stream->host,
		(struct str){ 0 }, &account))
		stream->ops->on_want_keys(stream->arg, account);
	else
		stream_keys(stream, NULL);
	arena_fini(&scratch);
}

static void
on_verdict(
    struct stream *stream, enum sasl_verdict verdict, struct buf *message)
{
	switch (verdict) {
	case SASL_CHALLENGE:
		send_message(stream, "challenge", message);
		stream->state = STATE_SASL;
		stream_unpause(stream, PAUSE_WAITING);
		break;
	case SASL_WANT_KEYS: ask_keys(stream); break;
	case SASL_WANT_SLOW: start_slow(stream); break;
	case SASL_SUCCESS: succeed(stream, message); break;
	case SASL_FAILED:
		fail(stream, sasl_why(stream->sasl), sasl_detail(stream->sasl));
		break;
	}
}

void
stream_keys(struct stream *stream, const struct scram_record *record)
{
	struct buf message = { 0 };

	if (stream->state != STATE_KEYS)
		return;
	on_verdict(stream, sasl_keys(stream->sasl, record, &message), &message);
	buf_wipe(&message);
}

void
stream_keys_failed(struct stream *stream)
{
	if (stream->state == STATE_KEYS)
		fail(stream, SASL_TEMPORARY_AUTH_FAILURE,
		    "the account could not be read");
}

/* Decodes an element's base64; "=" alone is an empty message. */
static bool
decode(struct arena *arena, const struct xml_node *root, struct buf *out,
    bool *present)
{
	struct str text = xml_text(arena, root);

	*present = text.len > 0;
	if (text.len > SASL_TEXT_MAX)
		return false;
	return text.len == 0 || str_is(text, "=") ||
	       base64_decode(text, SASL_TEXT_MAX, out);
}

static void
begin(struct stream *stream, const struct xml_node *root,
    const struct buf *initial, bool present)
{
	uint8_t exporter[CONN_BINDING_MAX], end_point[CONN_BINDING_MAX];
	struct sasl_offer offer = {
		.host = stream->host,
		.mechanisms = stream->sasl_offered,
	};
	struct buf message = { 0 };
	enum sasl_verdict verdict;

	stream->mechanism = sasl_mechanism_find(xml_get(root, "mechanism"));
	if (stream->mechanism == SASL_MECHANISMS ||
	    !(stream->sasl_offered & MASK(stream->mechanism))) {
		fail(stream, SASL_INVALID_MECHANISM, NULL);
		return;
	}
	offer.exporter = (struct str){ (const char *)exporter,
		conn_tls_exporter(stream->conn, exporter) };
	offer.end_point = (struct str){ (const char *)end_point,
		conn_tls_end_point(stream->conn, end_point) };
	stream->sasl = sasl_start(&offer, stream->mechanism,
	    present ? buf_str(initial) : (struct str){ 0 }, &message, &verdict);
	on_verdict(stream, verdict, &message);
	buf_wipe(&message);
}

static void
handle_auth(struct stream *stream, const struct xml_node *root)
{
	struct arena scratch = { 0 };
	struct buf initial = { 0 };
	bool present;

	stream->mechanism = sasl_mechanism_find(xml_get(root, "mechanism"));
	if (stream->settings->tls_required && !conn_is_tls(stream->conn))
		fail(stream, SASL_ENCRYPTION_REQUIRED, NULL);
	else if (!decode(&scratch, root, &initial, &present))
		fail(stream, SASL_INCORRECT_ENCODING, NULL);
	else
		begin(stream, root, &initial, present);
	buf_wipe(&initial);
	arena_fini(&scratch);
}

static void
handle_response(struct stream *stream, const struct xml_node *root)
{
	struct arena scratch = { 0 };
	struct buf answer = { 0 }, message = { 0 };
	bool present;

	if (!decode(&scratch, root, &answer, &present))
		fail(stream, SASL_INCORRECT_ENCODING, NULL);
	else
		on_verdict(stream,
		    sasl_response(stream->sasl, buf_str(&answer), &message),
		    &message);
	buf_wipe(&answer);
	buf_wipe(&message);
	arena_fini(&scratch);
}

void
stream_sasl_element(struct stream *stream, struct xml_node *root)
{
	struct str ns = STR(NS_SASL);

	if (stream->state == STATE_NEGOTIATE && xml_is(root, ns, "auth"))
		handle_auth(stream, root);
	else if (stream->state == STATE_SASL && xml_is(root, ns, "response"))
		handle_response(stream, root);
	else if (stream->state == STATE_SASL && xml_is(root, ns, "abort"))
		fail(stream, SASL_ABORTED, NULL);
	else
		stream_fail(stream, STREAM_NOT_AUTHORIZED, "SASL out of order");
}

/*
 * The negotiation of one client, driven by the first-level elements that the
 * framing scanner cuts out.
 */
#include "tools/bench/client.h"

#include "cfgparse/base/base64.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

enum { BENCH_SASL_MAX = 4096 };

static const char *
host_of(const struct bench_client *client)
{
	return client->account->host != NULL ? client->account->host
					     : client->shared->options->host;
}

void
bench_client_send(struct bench_client *client, struct str bytes)
{
	if (client->link != NULL)
		bench_link_send(client->link, bytes.ptr, bytes.len);
}

static void
send_text(struct bench_client *client, const char *text)
{
	bench_client_send(client, str_of(text));
}

static void
give_up(struct bench_client *client, const char *why, struct str detail)
{
	snprintf(client->why, sizeof(client->why), "%s%s%.*s", why,
	    detail.len > 0 ? ": " : "",
	    (int)(detail.len > 150 ? 150 : detail.len),
	    detail.len > 0 ? detail.ptr : "");
	client->events->on_end(client);
}

static void
send_header(struct bench_client *client)
{
	struct buf out = { 0 };

	client->scanner = (struct bench_scanner){ 0 };
	client->step = BENCH_STEP_FEATURES;
	buf_printf(&out,
	    "<?xml version='1.0'?><stream:stream to='%s' version='1.0' "
	    "xmlns='jabber:client' "
	    "xmlns:stream='http://etherx.jabber.org/streams'>",
	    host_of(client));
	bench_client_send(client, buf_str(&out));
	buf_fini(&out);
}

static void
send_auth(struct bench_client *client)
{
	enum bench_mechanism mechanism = client->shared->options->mechanism;
	struct buf message = { 0 }, out = { 0 };

	if (mechanism == BENCH_SASL_PLAIN) {
		buf_putc(&message, '\0');
		buf_puts(&message, client->account->user);
		buf_putc(&message, '\0');
		buf_puts(&message, client->account->password);
	} else {
		bench_scram_fini(&client->scram);
		bench_scram_start(&client->scram,
		    mechanism == BENCH_SASL_SCRAM_SHA_1 ? BENCH_SHA1
							: BENCH_SHA256,
		    client->account->user, client->account->password, NULL,
		    &message);
	}
	buf_printf(&out,
	    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='%s'>",
	    bench_mechanism_name(mechanism));
	base64_encode(&out, message.data, message.len);
	buf_puts(&out, "</auth>");
	client->step = BENCH_STEP_SASL;
	bench_client_send(client, buf_str(&out));
	buf_wipe(&message);
	buf_wipe(&out);
}

static void
send_bind(struct bench_client *client)
{
	unsigned char random[8];
	struct buf out = { 0 };

	if (RAND_bytes(random, sizeof(random)) != 1)
		abort();
	buf_puts(&out,
	    "<iq type='set' id='bind'>"
	    "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>");
	for (size_t i = 0; i < sizeof(random); i++)
		buf_printf(&out, "%02x", random[i]);
	buf_puts(&out, "</resource></bind></iq>");
	client->step = BENCH_STEP_BIND;
	bench_client_send(client, buf_str(&out));
	buf_fini(&out);
}

static void
on_features(struct bench_client *client, struct str piece)
{
	if (!str_is(bench_frame_name(piece), "stream:features")) {
		give_up(client, "no stream features", piece);
	} else if (client->shared->options->tls == BENCH_STARTTLS &&
		   !client->secure) {
		client->step = BENCH_STEP_PROCEED;
		send_text(client,
		    "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
	} else if (!client->authenticated) {
		send_auth(client);
	} else {
		client->wants_session = bench_frame_has(piece, "<session ") &&
					!bench_frame_has(piece, "<optional");
		send_bind(client);
	}
}

static void
on_proceed(struct bench_client *client, struct str piece)
{
	if (!str_is(bench_frame_name(piece), "proceed"))
		give_up(client, "STARTTLS refused", piece);
	else if (!bench_link_secure(
		     client->link, client->shared->ctx, host_of(client)))
		give_up(client, "no TLS", (struct str){ 0 });
}

/* Decodes the element's text and lets scram work on it. */
static bool
scram_step(struct bench_client *client, struct str piece, struct buf *answer)
{
	bool last = str_is(bench_frame_name(piece), "success");
	struct buf message = { 0 };
	struct str text = { 0 };
	bool ok;

	bench_frame_text(piece, last ? "success" : "challenge", &text);
	ok = base64_decode(text, BENCH_SASL_MAX, &message);
	if (ok && last)
		ok = bench_scram_finish(&client->scram, buf_str(&message));
	else if (ok)
		ok = bench_scram_answer(&client->scram, &client->shared->cache,
		    buf_str(&message), answer);
	buf_fini(&message);
	return ok;
}

static void
on_sasl(struct bench_client *client, struct str piece)
{
	bool plain = client->shared->options->mechanism == BENCH_SASL_PLAIN;
	struct str name = bench_frame_name(piece);
	struct buf answer = { 0 }, out = { 0 };

	if (str_is(name, "success")) {
		if (!plain && !scram_step(client, piece, &answer)) {
			give_up(client, "server's SCRAM proof is wrong", piece);
			return;
		}
		bench_scram_fini(&client->scram);
		client->authenticated = true;
		send_header(client);
		return;
	}
	if (plain || !str_is(name, "challenge") ||
	    !scram_step(client, piece, &answer)) {
		give_up(client, "authentication failed", piece);
		buf_fini(&answer);
		return;
	}
	buf_puts(&out, "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>");
	base64_encode(&out, answer.data, answer.len);
	buf_puts(&out, "</response>");
	bench_client_send(client, buf_str(&out));
	buf_fini(&answer);
	buf_fini(&out);
}

static void
ready(struct bench_client *client)
{
	client->step = BENCH_STEP_READY;
	if (client->account != NULL && client->shared->options->presence)
		send_text(client, "<presence/>");
	client->events->on_ready(client);
}

static void
on_bound(struct bench_client *client, struct str piece)
{
	struct str type = { 0 }, jid;

	if (!bench_frame_attr(piece, "type", &type) ||
	    !str_is(type, "result") || !bench_frame_text(piece, "jid", &jid)) {
		give_up(client, "no resource bound", piece);
		return;
	}
	buf_add(&client->jid, jid);
	if (!client->wants_session) {
		ready(client);
		return;
	}
	client->step = BENCH_STEP_SESSION;
	send_text(client,
	    "<iq type='set' id='session'>"
	    "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>");
}

static void
on_element(struct bench_client *client, struct str piece)
{
	if (str_is(bench_frame_name(piece), "stream:error")) {
		give_up(client, "stream error", piece);
		return;
	}
	switch (client->step) {
	case BENCH_STEP_FEATURES: on_features(client, piece); break;
	case BENCH_STEP_PROCEED: on_proceed(client, piece); break;
	case BENCH_STEP_SASL: on_sasl(client, piece); break;
	case BENCH_STEP_BIND: on_bound(client, piece); break;
	case BENCH_STEP_SESSION: ready(client); break;
	case BENCH_STEP_READY: client->events->on_piece(client, piece); break;
	case BENCH_STEP_CLOSING:
	case BENCH_STEP_CONNECT: break;
	}
}

/* The relay's lines: the first one says that the name is known. */
static bool
next_line(struct bench_client *client, struct buf *in)
{
	const char *end = in->len > 0 ? memchr(in->data, '\n', in->len) : NULL;
	size_t len;

	if (end == NULL)
		return false;
	len = (size_t)(end - in->data);
	if (client->step == BENCH_STEP_READY)
		client->events->on_piece(client, (struct str){ in->data, len });
	else
		ready(client);
	buf_consume(in, len + 1);
	return client->link != NULL;
}

static bool
next_piece(struct bench_client *client, struct buf *in)
{
	struct str piece;
	size_t used;

	switch (
	    bench_frame_next(&client->scanner, buf_str(in), &piece, &used)) {
	case BENCH_FRAME_MORE: return false;
	case BENCH_FRAME_ELEMENT: on_element(client, piece); break;
	case BENCH_FRAME_OPEN: break;
	case BENCH_FRAME_CLOSE:
		give_up(
		    client, "stream closed by the server", (struct str){ 0 });
		return false;
	case BENCH_FRAME_BAD:
		give_up(client, "not a stream of XMPP", buf_str(in));
		return false;
	}
	buf_consume(in, used);
	return client->link != NULL;
}

static void
on_data(void *arg, struct buf *in)
{
	struct bench_client *client = arg;

	if (client->account == NULL)
		while (next_line(client, in))
			;
	else
		while (next_piece(client, in))
			;
}

static void
send_first(struct bench_client *client)
{
	char line[64];

	if (client->account != NULL) {
		send_header(client);
		return;
	}
	/* Even numbers talk to the odd one above, and the other way round. */
	snprintf(line, sizeof(line), "c%zu c%zu\n", client->index,
	    client->index ^ 1);
	client->step = BENCH_STEP_BIND;
	send_text(client, line);
}

static void
on_open(void *arg)
{
	struct bench_client *client = arg;

	if (client->shared->options->tls != BENCH_DIRECT_TLS) {
		send_first(client);
		return;
	}
	if (!bench_link_secure(client->link, client->shared->ctx,
		client->account != NULL ? host_of(client) : "localhost"))
		give_up(client, "no TLS", (struct str){ 0 });
}

static void
on_secure(void *arg)
{
	struct bench_client *client = arg;

	client->secure = true;
	send_first(client);
}

static void
on_end(void *arg, const char *why)
{
	give_up(arg, why, (struct str){ 0 });
}

static const struct bench_link_events link_events = { on_open, on_secure,
	on_data, on_end };

bool
bench_client_open(struct bench_client *client, struct bench_shared *shared,
    const struct bench_client_events *events,
    const struct bench_account *account, size_t index)
{
	const struct bench_options *options = shared->options;

	client->shared = shared;
	client->events = events;
	client->account = account;
	client->index = index;
	client->link = bench_link_connect(&shared->loop,
	    (const struct sockaddr *)&options->addr, options->addr_len,
	    &link_events, client);
	if (client->link == NULL)
		snprintf(client->why, sizeof(client->why), "no socket");
	return client->link != NULL;
}

void
bench_client_leave(struct bench_client *client)
{
	client->step = BENCH_STEP_CLOSING;
	if (client->account != NULL)
		send_text(client, "</stream:stream>");
}

void
bench_client_close(struct bench_client *client)
{
	bench_link_close(&client->link);
	bench_scram_fini(&client->scram);
	buf_fini(&client->jid);
}

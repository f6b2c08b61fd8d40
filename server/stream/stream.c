/*
 * The stream's life: headers, features, TLS, what a first-level element means
 * in which state, and the end. SASL and binding have files of their own.
 */
#include "server/stream/stream.h"
#include "server/stream/stream_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/hostname.h"
#include "server/net/tls.h"

enum {
	STREAM_ID_BYTES = 16,
	LANG_MAX = 64,
	/* How many times the queue's limit may be queued within a turn. */
	BURST_FACTOR = 4,
};

struct buf *
stream_output(struct stream *stream)
{
	return conn_output(stream->conn);
}

void
stream_stop_parser(struct stream *stream)
{
	if (stream->feeding)
		xml_parser_stop(stream->parser);
}

void
stream_shut(struct stream *stream, const char *reason)
{
	if (stream->state >= STATE_CLOSING)
		return;
	stream->state = STATE_CLOSING;
	if (!stream->end_reason)
		stream->end_reason = arena_strdup(&stream->arena, reason);
	stream_stop_parser(stream);
	loop_cancel_turn_end(stream->loop, &stream->overflow);
	conn_finish(stream->conn);
	stream->ops->on_closing(stream->arg);
}

/* --- headers and errors --- */

static void
write_stream_id(struct buf *out)
{
	uint8_t bytes[STREAM_ID_BYTES];

	if (getentropy(bytes, sizeof(bytes)) != 0)
		abort();
	for (size_t i = 0; i < sizeof(bytes); i++)
		buf_printf(out, "%02x", bytes[i]);
}

/* RFC 6120 4.7.2: a client that says who it is reads that in the answer. */
static void
write_to(struct stream *stream, struct buf *out)
{
	if (!stream->header_from.len)
		return;
	buf_puts(out, "' to='");
	xml_escape(out, stream->header_from);
	stream->header_from = (struct str){ 0 };
}

static void
write_header(struct stream *stream)
{
	struct buf *out = stream_output(stream);

	buf_puts(out,
	    "<?xml version='1.0'?><stream:stream "
	    "xmlns='jabber:client' xmlns:stream='" NS_STREAM "' id='");
	write_stream_id(out);
	if (stream->host.len) {
		buf_puts(out, "' from='");
		xml_escape(out, stream->host);
	}
	write_to(stream, out);
	buf_puts(out, "' version='1.0' xml:lang='");
	xml_escape(out, str_of(stream->settings->lang));
	buf_puts(out, "'>");
	stream->header_sent = true;
}

void
stream_fail(struct stream *stream, enum stream_error error, const char *text)
{
	struct buf *out;

	if (stream->state >= STATE_CLOSING)
		return;
	if (!stream->header_sent)
		write_header(stream);
	out = stream_output(stream);
	buf_printf(out, "<stream:error><%s xmlns='" NS_STREAM_ERRORS "'/>",
	    stream_error_name(error));
	if (text) {
		buf_puts(
		    out, "<text xmlns='" NS_STREAM_ERRORS "' xml:lang='en'>");
		xml_escape(out, str_of(text));
		buf_puts(out, "</text>");
	}
	buf_puts(out, "</stream:error></stream:stream>");
	stream_shut(stream, text ? text : stream_error_name(error));
}

/* --- features --- */

static bool
may_start_tls(const struct stream *stream)
{
	return stream->settings->tls && !stream->settings->tls_direct &&
	       !conn_is_tls(stream->conn);
}

static bool
needs_tls_first(const struct stream *stream)
{
	return stream->settings->tls_required && !conn_is_tls(stream->conn);
}

static void
send_features(struct stream *stream)
{
	struct buf *out = stream_output(stream);

	buf_puts(out, "<stream:features>");
	if (stream->logged_in) {
		buf_puts(out,
		    "<bind xmlns='" NS_BIND "'/>"
		    "<session xmlns='" NS_SESSION "'><optional/></session>");
	} else {
		if (may_start_tls(stream))
			buf_puts(out, stream->settings->tls_required
					  ? "<starttls xmlns='" NS_TLS
					    "'><required/></starttls>"
					  : "<starttls xmlns='" NS_TLS "'/>");
		if (!needs_tls_first(stream)) {
			stream_offer_sasl(stream, out);
			stream->ops->on_features(stream->arg, out);
		}
	}
	buf_puts(out, "</stream:features>");
}

static bool
check_header(
    struct stream *stream, const struct xml_node *root, struct str default_ns)
{
	struct str version = xml_get(root, "version");

	if (!xml_is(root, STR(NS_STREAM), "stream")) {
		stream_fail(stream,
		    str_is(root->name, "stream") ? STREAM_INVALID_NAMESPACE
						 : STREAM_BAD_FORMAT,
		    NULL);
		return false;
	}
	if (!str_eq(default_ns, NS_CLIENT)) {
		stream_fail(stream, STREAM_INVALID_NAMESPACE,
		    "this port is for clients (jabber:client)");
		return false;
	}
	if (version.len < 3 || version.ptr[0] < '1' || version.ptr[0] > '9') {
		stream_fail(stream, STREAM_UNSUPPORTED_VERSION, NULL);
		return false;
	}
	return true;
}

/* The domain of the header, where it may be served now. */
static bool
check_domain(struct stream *stream, const struct xml_node *root)
{
	struct str to = xml_get(root, "to");
	char host[HOSTNAME_MAX + 1];

	if (!to.ptr || !hostname_prepare(to, host)) {
		stream_fail(stream, STREAM_HOST_UNKNOWN, NULL);
		return false;
	}
	if (stream->logged_in) {
		/* Nobody walks over to another host after logging in. */
		if (str_is(stream->host, host))
			return true;
		stream_fail(stream, STREAM_HOST_UNKNOWN, NULL);
		return false;
	}
	if (!stream->ops->on_host(
		stream->arg, str_of(host), &stream->sasl_allowed)) {
		stream_fail(stream, STREAM_HOST_UNKNOWN, NULL);
		return false;
	}
	if (!str_is(stream->host, host))
		stream->host = arena_str(&stream->arena, str_of(host));
	return true;
}

static bool
check_from(
    struct stream *stream, const struct xml_node *root, struct arena *scratch)
{
	struct str from = xml_get(root, "from");
	struct jid jid;
	bool fine;

	if (!from.ptr)
		return true;
	fine = jid_parse(scratch, from, &jid);
	if (fine)
		stream->header_from = jid_bare(jid);
	if (!stream->logged_in || (fine && jid_bare_eq(jid, stream->account)))
		return true;
	stream_fail(stream, STREAM_INVALID_FROM, NULL);
	return false;
}

/* RFC 6120 4.7.4: the language of what the client sends without saying. */
static void
keep_lang(struct stream *stream, const struct xml_node *root)
{
	const struct xml_attr *a = root->attrs;

	stream->lang = (struct str){ 0 };
	while (a && !(str_is(a->name, "lang") && str_eq(a->ns, XML_NS_XML)))
		a = a->next;
	if (a && a->value.len <= LANG_MAX)
		stream->lang = arena_str(&stream->arena, a->value);
}

static void
on_open(void *arg, const struct xml_node *root, struct str default_ns)
{
	struct stream *stream = arg;
	struct arena scratch = { 0 };

	if (stream->state != STATE_HEADER)
		return;
	if (check_header(stream, root, default_ns) &&
	    check_from(stream, root, &scratch) && check_domain(stream, root)) {
		write_header(stream);
		if (stream->logged_in)
			keep_lang(stream, root);
		stream->state =
		    stream->logged_in ? STATE_BIND : STATE_NEGOTIATE;
		send_features(stream);
	}
	stream->header_from = (struct str){ 0 };
	arena_fini(&scratch);
}

/* --- elements --- */

static void
start_tls(struct stream *stream)
{
	if (!may_start_tls(stream)) {
		buf_puts(stream_output(stream),
		    "<failure xmlns='" NS_TLS "'/></stream:stream>");
		stream_shut(stream, "STARTTLS is not offered here");
		return;
	}
	buf_puts(stream_output(stream), "<proceed xmlns='" NS_TLS "'/>");
	stream_stop_parser(stream);
	stream->state = STATE_HEADER;
	stream->header_sent = false;
	if (!conn_start_tls(stream->conn, stream->settings->tls)) {
		stream->header_sent = true;
		stream_shut(stream, "STARTTLS failed");
	}
}

static void
reply_error(struct stream *stream, struct stanza *stanza,
    enum stanza_error error, const char *text)
{
	if (stanza_make_error(stanza, error, text))
		stream_send(stream, stanza);
}

static void
early_stanza(struct stream *stream, struct stanza **stanza)
{
	if ((*stanza)->kind != STANZA_IQ) {
		stream_fail(stream, STREAM_NOT_AUTHORIZED, NULL);
		return;
	}
	if (needs_tls_first(stream)) {
		stream_fail(stream, STREAM_POLICY_VIOLATION,
		    "STARTTLS is required first");
		return;
	}
	stream->ops->on_early_iq(stream->arg, stanza);
	if (*stanza)
		reply_error(stream, *stanza, ERROR_NOT_AUTHORIZED, NULL);
}

/* True where the stanza may pass: no foreign from (RFC 6120 8.1.2.1). */
static bool
stamp_from(struct stream *stream, struct stanza *stanza)
{
	if (jid_is_set(stanza->from) &&
	    !jid_eq(stanza->from, stream->account) &&
	    (stanza->from.resource_len ||
		!jid_bare_eq(stanza->from, stream->account))) {
		stream_fail(stream, STREAM_INVALID_FROM, NULL);
		return false;
	}
	stanza_set_from(stanza, stream->account);
	return true;
}

static void
bound_stanza(struct stream *stream, struct stanza **stanza)
{
	if (!stamp_from(stream, *stanza))
		return;
	if (!(*stanza)->lang.ptr && stream->lang.len)
		(*stanza)->lang =
		    arena_str(stanza_arena(*stanza), stream->lang);
	if ((*stanza)->kind == STANZA_IQ && stream_bound_iq(stream, stanza))
		return;
	stream->ops->on_stanza(stream->arg, stanza);
}

static void
take_stanza(struct stream *stream, struct stanza **stanza)
{
	switch (stream->state) {
	case STATE_NEGOTIATE: early_stanza(stream, stanza); break;
	case STATE_BIND: stream_bind_stanza(stream, stanza); break;
	case STATE_BOUND: bound_stanza(stream, stanza); break;
	default: stream_fail(stream, STREAM_NOT_AUTHORIZED, NULL); break;
	}
}

static void
refuse_stanza(
    struct stream *stream, struct stanza *stanza, enum stanza_parse fault)
{
	if (fault == STANZA_BAD_FROM) {
		stream_fail(stream, STREAM_INVALID_FROM, NULL);
		return;
	}
	if (stream->state != STATE_BOUND) {
		stream_fail(stream, STREAM_NOT_AUTHORIZED, NULL);
		return;
	}
	stanza_set_from(stanza, stream->account);
	reply_error(stream, stanza,
	    fault == STANZA_BAD_TO ? ERROR_JID_MALFORMED : ERROR_BAD_REQUEST,
	    NULL);
}

static void
on_element(void *arg, struct xml_tree **tree)
{
	struct stream *stream = arg;
	struct xml_node *root = (*tree)->root;
	struct stanza *stanza = NULL;
	enum stanza_parse fault;

	if (stream->state >= STATE_CLOSING)
		return;
	if (str_is(root->ns, NS_SASL)) {
		stream_sasl_element(stream, root);
		return;
	}
	if (xml_is(root, STR(NS_TLS), "starttls") &&
	    stream->state == STATE_NEGOTIATE) {
		start_tls(stream);
		return;
	}
	fault = stanza_parse(tree, &stanza);
	if (fault == STANZA_OK)
		take_stanza(stream, &stanza);
	else if (fault == STANZA_NOT_A_STANZA)
		stream_fail(stream,
		    stream->state == STATE_BOUND
			? STREAM_UNSUPPORTED_STANZA_TYPE
			: STREAM_NOT_AUTHORIZED,
		    NULL);
	else
		refuse_stanza(stream, stanza, fault);
	stanza_drop(&stanza);
}

static void
on_close(void *arg)
{
	struct stream *stream = arg;

	if (stream->state >= STATE_CLOSING)
		return;
	buf_puts(stream_output(stream), "</stream:stream>");
	stream_shut(stream, "closed by the client");
}

static void
on_xml_error(void *arg, enum xml_error error, const char *where)
{
	static const enum stream_error conditions[] = {
		[XML_ERROR_NOT_WELL_FORMED] = STREAM_NOT_WELL_FORMED,
		[XML_ERROR_RESTRICTED] = STREAM_RESTRICTED_XML,
		[XML_ERROR_BAD_PREFIX] = STREAM_BAD_NAMESPACE_PREFIX,
		[XML_ERROR_ENCODING] = STREAM_UNSUPPORTED_ENCODING,
		[XML_ERROR_TOO_LARGE] = STREAM_POLICY_VIOLATION,
		[XML_ERROR_INVALID] = STREAM_BAD_FORMAT,
	};

	stream_fail(arg, conditions[error],
	    error == XML_ERROR_TOO_LARGE ? where : NULL);
}

static const struct xml_events xml_events = {
	.on_open = on_open,
	.on_element = on_element,
	.on_close = on_close,
	.on_error = on_xml_error,
};

/* --- the connection --- */

static size_t
on_bytes(void *arg, const char *bytes, size_t len)
{
	struct stream *stream = arg;

	size_t used;

	if (stream->state >= STATE_CLOSING)
		return len;
	stream->quiet = false;
	stream->feeding = true;
	used = xml_parser_feed(stream->parser, bytes, len);
	stream->feeding = false;
	stream->ops->on_traffic(stream->arg, used);
	return used;
}

static void
on_secure(void *arg)
{
	struct stream *stream = arg;

	xml_parser_reset(stream->parser);
	/* A handshake can't be paused, but what follows it can. */
	if (stream->pauses)
		conn_pause(stream->conn, true);
}

static void
on_conn_end(void *arg, enum conn_end end)
{
	struct stream *stream = arg;
	static const char *const reasons[] = {
		[CONN_EOF] = "the client closed the connection",
		[CONN_ERROR] = "connection lost",
		[CONN_FINISHED] = "closed",
	};
	char reason[256];
	/* The owner may destroy the stream: conn outlives that. */
	const char *peer = conn_peer(stream->conn);

	if (end == CONN_TLS_FAILED)
		snprintf(reason, sizeof(reason), "TLS failed: %s",
		    conn_why(stream->conn));
	else
		snprintf(reason, sizeof(reason), "%s",
		    stream->end_reason ? stream->end_reason : reasons[end]);
	stream->conn = NULL;
	stream->state = STATE_ENDED;
	loop_cancel_turn_end(stream->loop, &stream->overflow);
	timer_close(&stream->auth_timer);
	stream->ops->on_end(stream->arg, peer, reason);
}

static const struct conn_events conn_events = {
	.on_bytes = on_bytes,
	.on_secure = on_secure,
	.on_end = on_conn_end,
};

static void
on_auth_timeout(void *arg)
{
	stream_fail(arg, STREAM_CONNECTION_TIMEOUT,
	    "no session within the time allowed");
}

/* A receiver that doesn't read loses its own connection only. One that got
 * much in one turn may have taken it by now. */
static void
on_overflow(struct turn_end *work)
{
	struct stream *stream = (struct stream *)work;

	if (!stream->overrun &&
	    conn_queued(stream->conn) <= stream->settings->queue_limit)
		return;
	stream_fail(stream, STREAM_RESOURCE_CONSTRAINT,
	    "too much is waiting to be read");
}

static void
start_login_timer(struct stream *stream)
{
	if (!stream->auth_timer)
		stream->auth_timer =
		    timer_open(stream->loop, on_auth_timeout, stream);
	if (stream->settings->auth_timeout_ms)
		timer_set(
		    stream->auth_timer, stream->settings->auth_timeout_ms);
}

struct stream *
stream_create(struct loop *loop, struct net *net, int fd,
    const struct stream_settings *settings, const struct stream_ops *ops,
    void *arg)
{
	struct stream *stream = mem_alloc(1, sizeof(*stream));

	stream->overflow.run = on_overflow;
	stream->loop = loop;
	stream->settings = settings;
	stream->ops = ops;
	stream->arg = arg;
	stream->state = STATE_HEADER;
	stream->parser =
	    xml_parser_create(&settings->before_auth, &xml_events, stream);
	stream->conn = conn_open(net, fd, &conn_events, stream);
	start_login_timer(stream);
	if (settings->tls_direct &&
	    !conn_start_tls(stream->conn, settings->tls))
		stream_shut(stream, "TLS could not be started");
	return stream;
}

void
stream_destroy(struct stream **stream)
{
	struct stream *gone = *stream;

	if (!gone)
		return;
	*stream = NULL;
	if (gone->conn) {
		loop_cancel_turn_end(gone->loop, &gone->overflow);
		timer_close(&gone->auth_timer);
		conn_close(&gone->conn);
	}
	gone->state = STATE_ENDED;
	if (gone->zombie)
		return; /* freed when its helper thread is done */
	stream_sasl_drop(gone);
	xml_parser_destroy(&gone->parser);
	arena_fini(&gone->arena);
	free(gone);
}

/* --- sending --- */

static void
check_queue(struct stream *stream)
{
	size_t queued = conn_queued(stream->conn);

	if (queued > stream->settings->queue_limit)
		loop_at_turn_end(stream->loop, &stream->overflow);
	if (queued > BURST_FACTOR * stream->settings->queue_limit)
		stream->overrun = true;
}

static bool
may_send(const struct stream *stream)
{
	/* Once something had to be left out, the stream has to end. */
	return stream->state < STATE_CLOSING && !stream->overrun;
}

void
stream_send(struct stream *stream, const struct stanza *stanza)
{
	if (!may_send(stream))
		return;
	stanza_write(stanza, NS_CLIENT, stream_output(stream));
	check_queue(stream);
}

void
stream_send_wire(struct stream *stream, const struct wire *wire, struct jid to)
{
	if (!may_send(stream))
		return;
	wire_write(wire, to, stream_output(stream));
	check_queue(stream);
}

/* --- pausing and moving --- */

void
stream_pause(struct stream *stream, enum stream_pause reason)
{
	stream->pauses |= reason;
	if (stream->state >= STATE_CLOSING)
		return;
	conn_pause(stream->conn, true);
	/* What was read already waits too, at the next stanza border. */
	stream_stop_parser(stream);
}

void
stream_unpause(struct stream *stream, enum stream_pause reason)
{
	stream->pauses &= ~(unsigned)reason;
	if (stream->state < STATE_CLOSING && !stream->pauses)
		conn_pause(stream->conn, false);
}

void
stream_detach(struct stream *stream)
{
	loop_cancel_turn_end(stream->loop, &stream->overflow);
	timer_close(&stream->auth_timer);
	conn_detach(stream->conn);
	stream->loop = NULL;
}

void
stream_attach(struct stream *stream, struct loop *loop, struct net *net)
{
	stream->loop = loop;
	conn_attach(stream->conn, net, &conn_events, stream);
}

bool
stream_is_open(const struct stream *stream)
{
	return stream->state < STATE_CLOSING;
}

void
stream_go_on(struct stream *stream)
{
	if (stream->state != STATE_MOVING)
		return;
	start_login_timer(stream); /* now for binding */
	stream_sasl_drop(stream);
	stream->logged_in = true;
	stream->header_sent = false;
	stream->state = STATE_HEADER;
	xml_parser_reset(stream->parser);
	xml_parser_set_limits(stream->parser, &stream->settings->after_auth);
	stream_unpause(stream, PAUSE_WAITING);
}

void
stream_rest(struct stream *stream)
{
	if (stream->state == STATE_BOUND)
		xml_parser_rest(stream->parser);
}

bool
stream_was_quiet(struct stream *stream)
{
	bool quiet = stream->quiet;

	stream->quiet = true;
	return quiet;
}

const char *
stream_peer(const struct stream *stream)
{
	return conn_peer(stream->conn);
}

void
stream_copy_address(
    const struct stream *stream, struct sockaddr_storage *address)
{
	conn_copy_address(stream->conn, address);
}

bool
stream_is_tls(const struct stream *stream)
{
	return conn_is_tls(stream->conn);
}

const char *
stream_mechanism(const struct stream *stream)
{
	return sasl_mechanism_name(stream->mechanism);
}

struct str
stream_host(const struct stream *stream)
{
	return stream->host;
}

/*
 * One client connection between its stream and the core: see c2s.h. Callbacks
 * that are still to come keep it alive after the stream has ended.
 */
#include "server/ports/c2s_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"
#include "server/auth/sasl.h"
#include "server/base/log.h"
#include "server/core/account.h"
#include "server/net/conn.h"

/* Bytes a second; more is no limit. */
#define RATE_MAX INT64_C(1000000000000)

static const struct endpoint_ops endpoint_ops;
static const struct stream_ops stream_ops;

static void
link_to(struct c2s *c2s, struct c2s_shard *home)
{
	c2s->home = home;
	c2s->next = home->connections;
	c2s->link = &home->connections;
	if (c2s->next)
		c2s->next->link = &c2s->next;
	home->connections = c2s;
}

static void
unlink_c2s(struct c2s *c2s)
{
	if (!c2s->link)
		return;
	*c2s->link = c2s->next;
	if (c2s->next)
		c2s->next->link = c2s->link;
	c2s->link = NULL;
}

static struct loop *
loop_of(const struct c2s *c2s)
{
	return shard_loop(c2s->home->shard);
}

/* Frees what has ended and nobody will call back. */
static void
release(struct c2s *c2s)
{
	if (!c2s->ended || c2s->pending)
		return;
	unlink_c2s(c2s);
	stream_destroy(&c2s->stream);
	free((void *)c2s->account.text);
	free(c2s);
}

static void go_on_after_move(struct turn_end *work);
static void on_clear(struct shard_waiter *waiter);

void
c2s_accept(void *arg, int fd)
{
	struct c2s_acceptor *acceptor = arg;
	struct c2s *c2s = mem_alloc(1, sizeof(*c2s));
	struct shard *shard = acceptor->home->shard;

	c2s->endpoint.ops = &endpoint_ops;
	c2s->listener = acceptor->listener;
	c2s->move.run = go_on_after_move;
	c2s->backlog.run = on_clear;
	link_to(c2s, acceptor->home);
	c2s->stream = stream_create(shard_loop(shard), shard_net(shard), fd,
	    &acceptor->listener->settings, &stream_ops, c2s);
	log_info("%s: accepted on %s (%s)", stream_peer(c2s->stream),
	    acceptor->listener->cfg->name, acceptor->listener->cfg->module);
}

/* --- before login --- */

static unsigned
mechanisms_of(const struct cfg_host *host)
{
	static const enum cfg_mechanism bits[SASL_MECHANISMS] = {
		[SASL_SCRAM_SHA_256_PLUS] = CFG_SCRAM_SHA_256_PLUS,
		[SASL_SCRAM_SHA_1_PLUS] = CFG_SCRAM_SHA_1_PLUS,
		[SASL_SCRAM_SHA_256] = CFG_SCRAM_SHA_256,
		[SASL_SCRAM_SHA_1] = CFG_SCRAM_SHA_1,
		[SASL_PLAIN] = CFG_PLAIN,
	};
	unsigned mask = 0;

	for (unsigned i = 0; i < SASL_MECHANISMS; i++)
		if (!(host->disabled_mechanisms & bits[i]))
			mask |= 1u << i;
	return mask;
}

static bool
on_host(void *arg, struct str domain, unsigned *mechanisms)
{
	struct c2s *c2s = arg;
	const struct vhost *host =
	    node_host(shard_node(c2s->home->shard), domain);

	if (!host)
		return false;
	c2s->host = host;
	*mechanisms = mechanisms_of(host->cfg);
	return true;
}

static void
on_features(void *arg, struct buf *out)
{
	struct c2s *c2s = arg;
	const struct hook *hook;
	size_t at = 0;

	while ((hook = module_next_hook(c2s->host, POINT_STREAM_FEATURES, &at)))
		hook->run.features(c2s->host, out);
}

static void
on_record(
    void *arg, enum account_result result, const struct scram_record *record)
{
	struct c2s *c2s = arg;

	c2s->pending--;
	if (!c2s->ended) {
		if (result == ACCOUNT_OK || result == ACCOUNT_NOT_FOUND)
			stream_keys(c2s->stream, record);
		else
			stream_keys_failed(c2s->stream);
	}
	release(c2s);
}

static void
on_want_keys(void *arg, struct jid account)
{
	struct c2s *c2s = arg;

	c2s->pending++;
	account_read(c2s->home->shard, account, on_record, c2s);
}

static void
on_login_failed(
    void *arg, const char *mechanism, struct str user, const char *reason)
{
	struct c2s *c2s = arg;

	log_info("%s: failed login by %s as \"%.*s\" at %.*s: %s",
	    stream_peer(c2s->stream), mechanism, STR_ARG(user),
	    STR_ARG(stream_host(c2s->stream)), reason);
}

/* A client before login, as a hook sees it; outlives its connection until the
 * hook has answered. */
struct early {
	struct early_client client; /* must stay first */
	struct c2s *c2s;
	struct sockaddr_storage address;
	char peer[];
};

static void
end_early(struct early *early)
{
	struct c2s *c2s = early->c2s;

	c2s->pending--;
	if (!c2s->ended)
		stream_unpause(c2s->stream, PAUSE_ACTOR);
	free(early);
}

static void
answer_early(struct early_client *client, struct stanza **answer)
{
	struct early *early = (struct early *)client;
	struct c2s *c2s = early->c2s;

	if (!c2s->ended)
		stream_send(c2s->stream, *answer);
	stanza_drop(answer);
	end_early(early);
	release(c2s);
}

/* The next stanza waits until this one is answered. */
static struct early *
begin_early(struct c2s *c2s)
{
	const char *peer = stream_peer(c2s->stream);
	struct early *early = mem_alloc(1, sizeof(*early) + strlen(peer) + 1);

	strcpy(early->peer, peer);
	stream_copy_address(c2s->stream, &early->address);
	early->c2s = c2s;
	early->client = (struct early_client){
		.shard = c2s->home->shard,
		.host = c2s->host,
		.address = (struct sockaddr *)&early->address,
		.peer = early->peer,
		.answer = answer_early,
	};
	c2s->pending++;
	stream_pause(c2s->stream, PAUSE_ACTOR);
	return early;
}

static void
on_early_iq(void *arg, struct stanza **iq)
{
	struct c2s *c2s = arg;
	const struct hook *hook;
	size_t at = 0;

	while ((hook = module_next_hook(c2s->host, POINT_EARLY_IQ, &at))) {
		struct early *early = begin_early(c2s);

		if (hook->run.early_iq(&early->client, iq) != VERDICT_PASS)
			return;
		end_early(early);
	}
}

/* --- login and the move home --- */

static void
on_login(void *arg, struct jid account)
{
	struct c2s *c2s = arg;
	struct str text = jid_bare(account);

	log_info("%s: %.*s logged in by %s%s", stream_peer(c2s->stream),
	    STR_ARG(text), stream_mechanism(c2s->stream),
	    stream_is_tls(c2s->stream) ? ", TLS" : ", in clear");
	c2s->account = jid_to_bare(account);
	c2s->account.text = mem_strndup(text.ptr, text.len);
	loop_at_turn_end(loop_of(c2s), &c2s->move);
}

static void
arrive(struct c2s *c2s)
{
	stream_go_on(c2s->stream);
	if (c2s->home->phase >= C2S_HELD)
		c2s_hold(c2s);
	if (c2s->home->phase < C2S_CLOSED)
		return;
	/* Its shard may have reported that all is closed: not yet. */
	c2s->late = true;
	node_work_begins(shard_node(c2s->home->shard));
	c2s_shut(c2s);
}

static struct c2s *
of_parcel(struct parcel *parcel)
{
	return (struct c2s *)((char *)parcel - offsetof(struct c2s, parcel));
}

static void
deliver_moved(struct shard *shard, struct parcel *parcel)
{
	struct c2s *c2s = of_parcel(parcel);

	link_to(c2s, &c2s->home->service->shards[shard_index(shard)]);
	stream_attach(c2s->stream, shard_loop(shard), shard_net(shard));
	arrive(c2s);
}

static void
discard_moved(struct parcel *parcel)
{
	struct c2s *c2s = of_parcel(parcel);

	c2s->ended = true;
	release(c2s);
}

static void
go_on_after_move(struct turn_end *work)
{
	struct c2s *c2s =
	    (struct c2s *)((char *)work - offsetof(struct c2s, move));
	struct shard *shard = c2s->home->shard;
	unsigned home = node_home(shard_node(shard), jid_bare(c2s->account));

	if (!stream_is_open(c2s->stream))
		return; /* on_end is on its way */
	if (home == shard_index(shard)) {
		arrive(c2s);
		return;
	}
	unlink_c2s(c2s);
	stream_detach(c2s->stream);
	c2s->parcel.deliver = deliver_moved;
	c2s->parcel.discard = discard_moved;
	shard_post(shard, home, &c2s->parcel);
}

/* --- binding --- */

static void
start_shaper(struct c2s *c2s, struct jid full)
{
	struct sockaddr_storage address;
	struct cfg_subject subject = {
		.user = jid_local(full),
		.server = jid_domain(full),
		.resource = jid_resource(full),
		.address = (const struct sockaddr *)&address,
	};

	stream_copy_address(c2s->stream, &address);
	c2s->rate = cfg_shaper_rate(node_cfg(shard_node(c2s->home->shard)),
	    c2s->host->cfg, c2s->listener->cfg->shaper, &subject);
	if (c2s->rate > RATE_MAX)
		c2s->rate = RATE_MAX;
	c2s->allowance = c2s->rate;
	c2s->allowance_at = loop_now(loop_of(c2s));
}

static void
on_bind(void *arg, struct str resource)
{
	struct c2s *c2s = arg;
	struct sockaddr_storage address;
	struct session_door door = { .access = c2s->listener->cfg->access,
		.address = (const struct sockaddr *)&address };
	struct jid full;

	stream_copy_address(c2s->stream, &address);
	switch (session_open(c2s->home->shard, c2s->account, resource, &door,
	    &c2s->endpoint, &c2s->session, &full)) {
	case SESSION_OPENED:
		start_shaper(c2s, full);
		log_info("%s: session %.*s opened on shard %u",
		    stream_peer(c2s->stream), STR_ARG(jid_full(full)),
		    shard_index(c2s->home->shard));
		stream_bound(c2s->stream, full);
		break;
	case SESSION_CONFLICT:
		stream_bind_refused(
		    c2s->stream, ERROR_CONFLICT, "the resource is in use");
		break;
	case SESSION_BAD_RESOURCE:
		stream_bind_refused(
		    c2s->stream, ERROR_BAD_REQUEST, "no valid resource");
		break;
	case SESSION_NOT_ALLOWED:
		log_info("%s: %.*s refused by the access rule %s",
		    stream_peer(c2s->stream), STR_ARG(jid_bare(c2s->account)),
		    c2s->listener->cfg->access);
		stream_bind_refused(c2s->stream, ERROR_NOT_ALLOWED,
		    "this account may not use this service");
		break;
	}
}

/* --- traffic --- */

static void
on_clear(struct shard_waiter *waiter)
{
	struct c2s *c2s =
	    (struct c2s *)((char *)waiter - offsetof(struct c2s, backlog));

	stream_unpause(c2s->stream, PAUSE_BACKLOG);
}

static void
on_stanza(void *arg, struct stanza **stanza)
{
	struct c2s *c2s = arg;
	struct shard *shard = c2s->home->shard;

	session_receive(shard, c2s->session, stanza);
	if (shard_is_backlogged(shard) && !c2s->ended) {
		stream_pause(c2s->stream, PAUSE_BACKLOG);
		shard_when_clear(shard, &c2s->backlog);
	}
}

static void
on_shaper_time(void *arg)
{
	struct c2s *c2s = arg;

	stream_unpause(c2s->stream, PAUSE_SHAPER);
}

/* A bucket of one second's bytes. Full after a long silence: multiplying that
 * by the rate would overflow. */
static void
refill(struct c2s *c2s, uint64_t ms)
{
	int64_t missing = c2s->rate - c2s->allowance;

	if (ms > (uint64_t)(missing * 1000 / c2s->rate))
		c2s->allowance = c2s->rate;
	else
		c2s->allowance += (int64_t)ms * c2s->rate / 1000;
}

static void
on_traffic(void *arg, size_t bytes)
{
	struct c2s *c2s = arg;
	uint64_t now;

	if (c2s->rate <= 0)
		return;
	now = loop_now(loop_of(c2s));
	refill(c2s, now - c2s->allowance_at);
	c2s->allowance_at = now;
	c2s->allowance -= (int64_t)bytes;
	if (c2s->allowance >= 0)
		return;
	if (!c2s->shaper)
		c2s->shaper = timer_open(loop_of(c2s), on_shaper_time, c2s);
	timer_set(
	    c2s->shaper, (uint64_t)(-c2s->allowance * 1000 / c2s->rate + 1));
	stream_pause(c2s->stream, PAUSE_SHAPER);
}

/* --- the end --- */

/* What is sent to this session from now on is another session's, or goes back
 * to its sender. */
static void
on_closing(void *arg)
{
	struct c2s *c2s = arg;

	session_close(c2s->home->shard, c2s->session);
}

static void
on_end(void *arg, const char *peer, const char *reason)
{
	struct c2s *c2s = arg;
	struct shard *shard = c2s->home->shard;

	if (c2s->account.text)
		log_info("%s: %.*s: connection ended: %s", peer,
		    STR_ARG(jid_full(c2s->account)), reason);
	else
		log_info("%s: connection ended before login: %s", peer, reason);
	c2s->ended = true;
	if (c2s->late)
		node_work_ends(shard_node(shard));
	loop_cancel_turn_end(shard_loop(shard), &c2s->move);
	shard_cancel_waiter(shard, &c2s->backlog);
	timer_close(&c2s->shaper);
	session_close(shard, c2s->session);
	release(c2s);
}

void
c2s_hold(struct c2s *c2s)
{
	if (!c2s->ended)
		stream_pause(c2s->stream, PAUSE_STOP);
}

void
c2s_shut(struct c2s *c2s)
{
	if (!c2s->ended)
		stream_fail(c2s->stream, STREAM_SYSTEM_SHUTDOWN, NULL);
}

void
c2s_sweep(struct c2s_shard *home)
{
	for (struct c2s *c2s = home->connections; c2s; c2s = c2s->next)
		if (!c2s->ended && stream_was_quiet(c2s->stream))
			stream_rest(c2s->stream);
}

static const struct stream_ops stream_ops = {
	.on_host = on_host,
	.on_features = on_features,
	.on_want_keys = on_want_keys,
	.on_login = on_login,
	.on_login_failed = on_login_failed,
	.on_bind = on_bind,
	.on_stanza = on_stanza,
	.on_early_iq = on_early_iq,
	.on_traffic = on_traffic,
	.on_closing = on_closing,
	.on_end = on_end,
};

/* --- the session's side --- */

static struct c2s *
of_endpoint(struct endpoint *endpoint)
{
	return (struct c2s *)endpoint;
}

static void
endpoint_send(struct endpoint *endpoint, const struct stanza *stanza)
{
	stream_send(of_endpoint(endpoint)->stream, stanza);
}

static void
endpoint_send_wire(
    struct endpoint *endpoint, const struct wire *wire, struct jid to)
{
	stream_send_wire(of_endpoint(endpoint)->stream, wire, to);
}

static void
endpoint_fail(
    struct endpoint *endpoint, enum stream_error error, const char *text)
{
	of_endpoint(endpoint)->session = (struct session_ref){ 0 };
	stream_fail(of_endpoint(endpoint)->stream, error, text);
}

static void
endpoint_hold(struct endpoint *endpoint, bool held)
{
	struct stream *stream = of_endpoint(endpoint)->stream;

	if (held)
		stream_pause(stream, PAUSE_ACTOR);
	else
		stream_unpause(stream, PAUSE_ACTOR);
}

static const char *
endpoint_peer(struct endpoint *endpoint)
{
	return stream_peer(of_endpoint(endpoint)->stream);
}

static const struct endpoint_ops endpoint_ops = {
	.send = endpoint_send,
	.send_wire = endpoint_send_wire,
	.fail = endpoint_fail,
	.hold = endpoint_hold,
	.peer = endpoint_peer,
};

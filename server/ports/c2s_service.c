/*
 * The c2s service as a whole: what it listens on, with which certificates, on
 * every shard, and how it stops.
 */
#include "server/ports/c2s.h"
#include "server/ports/c2s_private.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certgen/config_files.h"
#include "certgen/pem_check.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/findings.h"
#include "server/base/log.h"
#include "server/net/listener.h"
#include "server/net/tls.h"
#include "server/ports/port_holder.h"

enum {
	SWEEP_MS = 1000,
	AUTH_TIMEOUT_MS = 60 * 1000,
	QUEUE_LIMIT = 1024 * 1024,
	STANZA_BYTES = 256 * 1024,
	EARLY_BYTES = 10 * 1024,
};

/* --- certificates --- */

/* NULL: *why says why. */
static struct tls_context *
load_tls(const struct cfg_listener *wanted, const struct cfg *cfg, char **why)
{
	struct tls_identity *identities =
	    mem_alloc(cfg->host_count + 1, sizeof(*identities));
	struct tls_settings settings = {
		.no_tlsv1_2 = wanted->tls_options.no_tlsv1_2,
		.no_tlsv1_3 = wanted->tls_options.no_tlsv1_3,
		.ciphers = wanted->tls_options.ciphers,
	};
	struct tls_context *tls = NULL;
	size_t count = 0;

	if (wanted->certfile)
		identities[count++] =
		    (struct tls_identity){ NULL, wanted->certfile };
	for (size_t i = 0; i < cfg->host_count; i++)
		if (cfg->hosts[i].certfile)
			identities[count++] =
			    (struct tls_identity){ cfg->hosts[i].name,
				    cfg->hosts[i].certfile };
	if (count == 0)
		*why = mem_strdup("TLS is asked for, but no certfile is named");
	else
		tls = tls_context_create(identities, count, &settings, why);
	free(identities);
	return tls;
}

/* Whether the files are what a server may start with, as at its start. */
static bool
judge_files(const struct cfg *cfg, struct buf *said)
{
	struct findings_options how = { .format = FORMAT_GCC };
	struct findings *findings = findings_create("xmppd");
	struct arena arena = { 0 };
	const struct pem_demand demand = { .starting = true };
	bool good = config_files_check(&arena, cfg, &demand, findings);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (out) {
		findings_finish(findings);
		findings_sort(findings);
		findings_render(findings, &how, out);
		fclose(out);
		buf_append(said, text, len);
	}
	free(text);
	findings_destroy(&findings);
	arena_fini(&arena);
	return good;
}

/* Loads all of them before the first one is served. */
static bool
reload_contexts(struct c2s_service *service, struct buf *said)
{
	struct tls_context **fresh =
	    mem_alloc(service->listener_count + 1, sizeof(*fresh));
	char *why = NULL;
	size_t i;

	for (i = 0; i < service->listener_count && !why; i++)
		if (service->listeners[i].tls)
			fresh[i] = load_tls(
			    service->listeners[i].cfg, service->cfg, &why);
	for (i = 0; i < service->listener_count; i++) {
		if (!why && fresh[i])
			tls_context_replace(
			    service->listeners[i].tls, &fresh[i]);
		tls_context_destroy(&fresh[i]);
	}
	free(fresh);
	if (!why)
		return true;
	buf_puts(said, why);
	buf_putc(said, '\n');
	free(why);
	return false;
}

static bool
reload(void *arg, struct buf *said)
{
	struct c2s_service *service = arg;
	struct buf found = { 0 };
	bool done = judge_files(service->cfg, &found) &&
		    reload_contexts(service, &found);

	buf_puts(said, done ? "certificates reloaded"
			    : "certificates not reloaded, the old ones stay "
			      "in use");
	if (found.len) {
		buf_puts(said, ":\n");
		/* Without the last line feed. */
		buf_append(said, found.data, found.len - 1);
	}
	buf_fini(&found);
	return done;
}

static bool
prepare(struct c2s_listener *listener, const struct cfg *cfg, char **why)
{
	const struct cfg_listener *wanted = listener->cfg;

	listener->settings = (struct stream_settings){
		.tls_direct = wanted->tls == CFG_TLS_DIRECT,
		.tls_required = wanted->tls == CFG_TLS_STARTTLS_REQUIRED,
		.before_auth = { EARLY_BYTES, 8, 16, 32 },
		.after_auth = { wanted->max_stanza_size
				    ? wanted->max_stanza_size
				    : STANZA_BYTES,
		    100, 128, 10000 },
		.queue_limit = QUEUE_LIMIT,
		.auth_timeout_ms = AUTH_TIMEOUT_MS,
		.lang = cfg->language,
	};
	if (wanted->tls == CFG_TLS_NONE)
		return true;
	listener->tls = load_tls(wanted, cfg, why);
	if (!listener->tls)
		return false;
	listener->settings.tls = listener->tls;
	return true;
}

/* --- ports --- */

static uint16_t
port_of(const struct cfg_listener *listener)
{
	const struct sockaddr_storage *address = &listener->address;

	return ntohs(address->ss_family == AF_INET6
			 ? ((const struct sockaddr_in6 *)address)->sin6_port
			 : ((const struct sockaddr_in *)address)->sin_port);
}

static char *
explain_bind(const struct cfg_listener *listener, int error)
{
	struct buf text = { 0 };

	buf_printf(&text, "%s:%u:%u: can't listen on %s: %s",
	    listener->place.file, listener->place.line, listener->place.column,
	    listener->name, strerror(error));
	if (error == EADDRINUSE) {
		buf_puts(&text, ", it is held by ");
		if (!port_holder(port_of(listener), &text))
			buf_puts(&text, "another process");
	} else if (error == EACCES) {
		buf_puts(&text, "; ports below 1024 need root");
	}
	return buf_take(&text);
}

/* An IPv6 wildcard leaves IPv4 to an entry of its own. */
static bool
has_ipv4_twin(const struct cfg *cfg, const struct cfg_listener *listener)
{
	for (size_t i = 0; i < cfg->listener_count; i++)
		if (cfg->listeners[i].service == CFG_C2S &&
		    cfg->listeners[i].address.ss_family == AF_INET &&
		    port_of(&cfg->listeners[i]) == port_of(listener))
			return true;
	return false;
}

static void
bind_ports(
    struct c2s_service *service, struct c2s_listener *listener, char **why)
{
	const struct cfg_listener *wanted = listener->cfg;
	int *fds = mem_alloc(service->shard_count, sizeof(int));

	if (!listen_sockets((const struct sockaddr *)&wanted->address,
		wanted->address_len, has_ipv4_twin(service->cfg, wanted),
		wanted->backlog, service->shard_count, fds)) {
		*why = explain_bind(wanted, errno);
		free(fds);
		return;
	}
	listener->fds = fds;
}

/* --- life --- */

static size_t
count_c2s(const struct cfg *cfg)
{
	size_t count = 0;

	for (size_t i = 0; i < cfg->listener_count; i++)
		count += cfg->listeners[i].service == CFG_C2S;
	return count;
}

struct c2s_service *
c2s_service_create(const struct cfg *cfg, unsigned shards, char **why)
{
	struct c2s_service *service = mem_alloc(1, sizeof(*service));

	*why = NULL;
	service->cfg = cfg;
	service->shard_count = shards;
	service->listeners =
	    mem_alloc(count_c2s(cfg), sizeof(struct c2s_listener));
	service->shards = mem_alloc(shards, sizeof(struct c2s_shard));
	for (size_t i = 0; i < cfg->listener_count && !*why; i++) {
		struct c2s_listener *listener;

		if (cfg->listeners[i].service != CFG_C2S)
			continue;
		listener = &service->listeners[service->listener_count++];
		listener->cfg = &cfg->listeners[i];
		if (prepare(listener, cfg, why))
			bind_ports(service, listener, why);
	}
	if (*why)
		c2s_service_destroy(&service);
	return service;
}

void
c2s_service_destroy(struct c2s_service **service)
{
	struct c2s_service *gone = *service;

	if (!gone)
		return;
	*service = NULL;
	for (size_t i = 0; i < gone->listener_count; i++) {
		struct c2s_listener *listener = &gone->listeners[i];

		for (unsigned s = 0; listener->fds && s < gone->shard_count;
		     s++)
			if (listener->fds[s] >= 0)
				close(listener->fds[s]);
		free(listener->fds);
		tls_context_destroy(&listener->tls);
	}
	free(gone->listeners);
	free(gone->shards);
	free(gone);
}

static void
on_sweep(void *arg)
{
	struct c2s_shard *home = arg;

	c2s_sweep(home);
	timer_set(home->sweep, SWEEP_MS);
}

static void
start(void *arg, struct shard *shard)
{
	struct c2s_service *service = arg;
	unsigned index = shard_index(shard);
	struct c2s_shard *home = &service->shards[index];

	home->service = service;
	home->shard = shard;
	home->sweep = timer_open(shard_loop(shard), on_sweep, home);
	timer_set(home->sweep, SWEEP_MS);
	home->acceptors =
	    mem_alloc(service->listener_count, sizeof(struct c2s_acceptor));
	for (size_t i = 0; i < service->listener_count; i++) {
		struct c2s_acceptor *acceptor = &home->acceptors[i];
		struct c2s_listener *listener = &service->listeners[i];

		acceptor->home = home;
		acceptor->listener = listener;
		acceptor->socket = listener_open(shard_loop(shard),
		    listener->fds[index], c2s_accept, acceptor);
		listener->fds[index] = -1;
		if (index == 0) /* once, and the log is open by now */
			log_info("listening on %s (%s)", listener->cfg->name,
			    listener->cfg->module);
	}
}

static void
hold(void *arg, struct shard *shard)
{
	struct c2s_service *service = arg;
	struct c2s_shard *home = &service->shards[shard_index(shard)];

	home->phase = C2S_HELD;
	for (size_t i = 0; i < service->listener_count; i++)
		listener_close(&home->acceptors[i].socket);
	for (struct c2s *c2s = home->connections; c2s; c2s = c2s->next)
		c2s_hold(c2s);
}

static void
close_all(void *arg, struct shard *shard)
{
	struct c2s_service *service = arg;
	struct c2s_shard *home = &service->shards[shard_index(shard)];

	home->phase = C2S_CLOSED;
	timer_close(&home->sweep);
	free(home->acceptors);
	home->acceptors = NULL;
	for (struct c2s *c2s = home->connections; c2s; c2s = c2s->next)
		c2s_shut(c2s);
}

static bool
is_empty(void *arg, struct shard *shard)
{
	struct c2s_service *service = arg;

	return !service->shards[shard_index(shard)].connections;
}

struct node_ports
c2s_service_ports(struct c2s_service *service)
{
	return (struct node_ports){
		.arg = service,
		.start = start,
		.hold = hold,
		.close = close_all,
		.is_empty = is_empty,
		.reload = reload,
	};
}

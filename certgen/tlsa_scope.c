#include "certgen/tlsa_scope.h"

#include "certgen/live_check.h"
#include "certgen/pem.h"
#include "certgen/pem_identity.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/map.h"
#include "cfgparse/cfg.h"
#include "cfgparse/hostname.h"

#include <netinet/in.h>
#include <string.h>

enum { PORT_CLIENT = 5222, PORT_SERVER = 5269 };

/* --- what is said --- */

static void
add_target(struct tlsa_scope *scope, struct arena *arena, const char *host,
    uint16_t port)
{
	struct tlsa_place *grown = arena_array(
	    arena, scope->target_count + 1, sizeof(*scope->targets));

	if (scope->target_count > 0)
		memcpy(grown, scope->targets,
		    scope->target_count * sizeof(*grown));
	grown[scope->target_count++] = (struct tlsa_place){ host, port, true };
	scope->targets = grown;
}

bool
tlsa_scope_target(
    struct tlsa_scope *scope, struct arena *arena, const char *text)
{
	char ascii[HOSTNAME_MAX + 1];
	struct live_target target;
	const char *host;

	if (!live_place_read(text, &target) ||
	    !hostname_to_ascii(str_of(target.host), ascii))
		return false;
	host = arena_strdup(arena, ascii);
	if (target.port) {
		add_target(scope, arena, host, target.port);
	} else {
		add_target(scope, arena, host, PORT_CLIENT);
		add_target(scope, arena, host, PORT_SERVER);
	}
	return true;
}

static uint16_t
listener_port(const struct cfg_listener *listener)
{
	const void *address = &listener->address;

	if (listener->address.ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
	return ntohs(((const struct sockaddr_in *)address)->sin_port);
}

static void
add_port(uint16_t *ports, size_t *count, uint16_t port)
{
	for (size_t i = 0; i < *count; i++)
		if (ports[i] == port)
			return;
	if (*count < SCOPE_PORTS_MAX)
		ports[(*count)++] = port;
}

void
tlsa_scope_ports(struct tlsa_scope *scope, const struct cfg *cfg)
{
	for (size_t i = 0; i < cfg->listener_count; i++) {
		const struct cfg_listener *listener = &cfg->listeners[i];

		if (strcmp(listener->module, "ejabberd_c2s") == 0)
			add_port(scope->client_ports, &scope->client_count,
			    listener_port(listener));
		else if (strcmp(listener->module, "ejabberd_s2s_in") == 0)
			add_port(scope->server_ports, &scope->server_count,
			    listener_port(listener));
	}
}

/* --- places --- */

struct gathering {
	struct arena *arena;
	struct map known; /* "5222 host" to the place in out, from 1 */
	struct tlsa_places *out;
	size_t room;
};

static void
add_place(struct gathering *gathering, const struct tlsa_place *place)
{
	struct tlsa_places *out = gathering->out;
	const char *key =
	    arena_printf(gathering->arena, "%u %s", place->port, place->host);
	uintptr_t at = (uintptr_t)map_get(&gathering->known, str_of(key));
	struct tlsa_place *grown;

	if (at > 0) {
		out->items[at - 1].secure &= place->secure;
		return;
	}
	if (out->count == gathering->room) {
		gathering->room = gathering->room ? gathering->room * 2 : 16;
		grown = arena_array(
		    gathering->arena, gathering->room, sizeof(*grown));
		if (out->count > 0)
			memcpy(grown, out->items, out->count * sizeof(*grown));
		out->items = grown;
	}
	out->items[out->count++] = *place;
	map_put(&gathering->known, str_of(key), (void *)(uintptr_t)out->count);
}

static void
add_ports(struct gathering *gathering, const char *host, const uint16_t *ports,
    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct tlsa_place place = { host, ports[i], true };

		add_place(gathering, &place);
	}
}

/* The hosts themselves, at the ports that are listened to. */
static void
add_hosts(struct gathering *gathering, const struct tlsa_scope *scope,
    const struct cert_hosts *hosts)
{
	static const uint16_t client = PORT_CLIENT, server = PORT_SERVER;
	bool usual = scope->client_count + scope->server_count == 0;

	for (size_t i = 0; i < hosts->count; i++) {
		const struct cert_host *host = &hosts->items[i];

		if (!host->ascii || host->role == CFG_ROLE_HTTP)
			continue;
		if (host->role == CFG_ROLE_ACCOUNTS)
			add_ports(gathering, host->ascii,
			    usual ? &client : scope->client_ports,
			    usual ? 1 : scope->client_count);
		add_ports(gathering, host->ascii,
		    usual ? &server : scope->server_ports,
		    usual ? 1 : scope->server_count);
	}
}

/* Where the SRV records lead. */
static void
ask_hosts(struct gathering *gathering, const struct tlsa_scope *scope,
    const struct cert_hosts *hosts)
{
	struct tlsa_domain *domains =
	    arena_array(gathering->arena, hosts->count, sizeof(*domains));
	size_t count = 0;

	for (size_t i = 0; i < hosts->count; i++) {
		const struct cert_host *host = &hosts->items[i];

		if (host->ascii && host->role != CFG_ROLE_HTTP)
			domains[count++] =
			    (struct tlsa_domain){ .ascii = host->ascii,
				    .clients =
					host->role == CFG_ROLE_ACCOUNTS };
	}
	scope->dns->find_places(
	    scope->dns->arg, gathering->arena, domains, count);
	for (size_t i = 0; i < count; i++) {
		if (domains[i].reply == TLSA_UNKNOWN) {
			gathering->out->unknown = domains[i].ascii;
			gathering->out->why = domains[i].why;
		}
		for (size_t j = 0; j < domains[i].count; j++)
			add_place(gathering, &domains[i].places[j]);
	}
}

void
tlsa_scope_places(const struct tlsa_scope *scope, struct arena *arena,
    const struct cert_hosts *hosts, struct tlsa_places *out)
{
	struct gathering gathering = { .arena = arena, .out = out };

	*out = (struct tlsa_places){ 0 };
	if (scope->target_count > 0)
		for (size_t i = 0; i < scope->target_count; i++)
			add_place(&gathering, &scope->targets[i]);
	else if (scope->dns)
		ask_hosts(&gathering, scope, hosts);
	else
		add_hosts(&gathering, scope, hosts);
	map_fini(&gathering.known);
}

/* --- hosts --- */

/* The names are prepared as hosts are; what isn't a host name, such as a
 * wildcard, is left out. */
static void
add_names(struct arena *arena, const struct pem_names *names,
    const struct cert_hosts *known, struct cert_hosts *out)
{
	char prepared[HOSTNAME_MAX + 1];

	for (size_t i = 0; i < names->count; i++) {
		struct cert_host host = { .name = prepared,
			.role = CFG_ROLE_ACCOUNTS };
		const struct cert_host *same;

		if (!hostname_prepare(names->items[i], prepared))
			continue;
		same = known ? cert_hosts_find(known, prepared) : &host;
		if (same)
			(void)cert_hosts_add_as(arena, out, same);
	}
}

static bool
has_wildcard(const struct pem_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (names->items[i].len > 0 && names->items[i].ptr[0] == '*')
			return true;
	return false;
}

void
tlsa_scope_hosts(struct arena *arena, const struct pem *pem,
    const struct cert_hosts *hosts, struct cert_hosts *out)
{
	const struct pem_block *leaf = pem_first(pem, PEM_CERTIFICATE);
	struct pem_identity identity;

	*out = (struct cert_hosts){ 0 };
	if (!leaf || !leaf->cert)
		return;
	pem_identity_read(arena, leaf->cert, &identity);
	if (hosts->count == 0) {
		add_names(arena, &identity.dns, NULL, out);
	} else if (hosts->count > CERT_HOSTS_MAX &&
		   !has_wildcard(&identity.dns)) {
		/* Of many hosts with a file each, not all for each file. */
		add_names(arena, &identity.dns, hosts, out);
		add_names(arena, &identity.xmpp, hosts, out);
	} else {
		for (size_t i = 0; i < hosts->count; i++)
			if (pem_identity_covers(
				&identity, hosts->items[i].name))
				cert_hosts_add_as(arena, out, &hosts->items[i]);
	}
}

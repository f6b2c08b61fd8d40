#include "cfgparse/rules_listeners.h"
/*
 * Ports and addresses of all listeners beside each other. They are found by
 * maps of addresses and ports, never by comparing all with all.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/listener.h"
#include "cfgparse/target.h"

enum { PORT_CLIENTS = 5222, PORT_CLIENTS_TLS = 5223, PORT_SERVERS = 5269 };

struct ports {
	struct lint *lint;
	struct map exact; /* address, port, transport -> listener */
	struct map all;	  /* family, port, transport -> its wildcard */
	struct map some;  /* port, transport -> first one of IPv4 */
};

static bool
is_v6(const struct model_listener *listener)
{
	return listener->address.len &&
	       memchr(listener->address.ptr, ':', listener->address.len);
}

/* Where a finding about address and port belongs. */
static const struct term *
place(const struct model_listener *listener)
{
	return listener->port_at ? listener->port_at : listener->whole;
}

static struct str
key(struct ports *ports, const char *first, size_t len,
    const struct model_listener *listener)
{
	return str_of(arena_printf(ports->lint->arena, "%.*s %d %d", (int)len,
	    first, (int)listener->port, (int)listener->transport));
}

static struct str
family_key(struct ports *ports, bool v6, const struct model_listener *listener)
{
	return key(ports, v6 ? "6" : "4", 1, listener);
}

static struct str
exact_key(struct ports *ports, const struct model_listener *listener)
{
	return key(
	    ports, listener->address.ptr, listener->address.len, listener);
}

static void
add(struct ports *ports, struct model_listener *listener)
{
	struct lint *lint = ports->lint;
	struct str name =
	    key(ports, listener->address.ptr, listener->address.len, listener);
	const struct model_listener *before = map_get(&ports->exact, name);

	if (before) {
		const char *shown = listener_name(lint->arena, listener);
		struct finding *finding =
		    lint_report(lint, &cfg_rules[CFG_LISTENER_TWICE],
			place(listener), "%s is listened on twice", shown);
		finding_subject(finding, shown);
		lint_related(finding, place(before), "first here");
		finding_hint(finding, "take one away, or give it another port");
		return;
	}
	map_put(&ports->exact, name, listener);
	if (listener_is_wildcard(listener))
		map_put(&ports->all,
		    family_key(ports, is_v6(listener), listener), listener);
	if (!is_v6(listener) && listener->transport != MODEL_UNIX &&
	    !map_get(&ports->some, key(ports, "", 0, listener)))
		map_put(&ports->some, key(ports, "", 0, listener), listener);
}

static void
check_overlap(struct ports *ports, const struct model_listener *listener)
{
	struct lint *lint = ports->lint;

	if (listener_is_wildcard(listener) || listener->transport == MODEL_UNIX)
		return;
	const struct model_listener *all =
	    map_get(&ports->all, family_key(ports, is_v6(listener), listener));
	if (!all)
		return;
	struct finding *finding = lint_report(lint,
	    &listener_rules[LISTENER_OVERLAP], place(listener),
	    "%s is part of %s", listener_name(lint->arena, listener),
	    listener_name(lint->arena, all));
	if (lint->target->release >= 1908 && all < listener)
		finding_severity(finding, SEVERITY_ERROR);
	lint_related(finding, place(all), "open on all addresses here");
	finding_hint(finding, "take one away, or give it another port");
}

static void
check_dual(struct ports *ports, const struct model_listener *listener)
{
	struct lint *lint = ports->lint;

	if (lint->for_xmppd || !listener_is_wildcard(listener) ||
	    !is_v6(listener))
		return;
	const struct model_listener *v4 =
	    map_get(&ports->some, key(ports, "", 0, listener));
	if (!v4)
		return;
	const struct model_listener *later = v4 > listener ? v4 : listener;
	struct finding *finding =
	    lint_report(lint, &listener_rules[LISTENER_DUAL], place(later),
		"%s takes IPv4 too, so that %s can't be opened beside it",
		listener_name(lint->arena, listener),
		listener_name(lint->arena, v4));
	lint_related(
	    finding, place(v4 > listener ? listener : v4), "the other one");
	finding_hint(finding, "keep the one on :: alone");
}

/* --- what is expected on a port --- */

static void
check_customs(struct lint *lint, const struct model_listener *listener)
{
	bool c2s = listener_is(listener, "ejabberd_c2s");
	bool s2s = listener_is(listener, "ejabberd_s2s_in");
	bool tls = listener_is_tls(listener);
	int port = (int)listener->port;
	struct finding *finding;

	if (listener->transport != MODEL_TCP || (!c2s && !s2s))
		return;
	if ((c2s && port == PORT_SERVERS) ||
	    (s2s && (port == PORT_CLIENTS || port == PORT_CLIENTS_TLS))) {
		finding = lint_report(lint, &listener_rules[LISTENER_SWAPPED],
		    listener->port_at, "%d is the port of %s, not of %s", port,
		    c2s ? "other servers" : "clients",
		    c2s ? "clients" : "other servers");
		finding_hint(finding, "write %d here",
		    c2s ? PORT_CLIENTS : PORT_SERVERS);
		return;
	}
	if (tls && (port == PORT_CLIENTS || port == PORT_SERVERS)) {
		finding = lint_report(lint, &listener_rules[LISTENER_TLS_PORT],
		    listener->port_at,
		    "%s begin on %d without TLS, but this port is TLS "
		    "from the first byte",
		    c2s ? "clients" : "other servers", port);
		finding_hint(finding, "use %s here, or another port for tls",
		    c2s ? "starttls_required" : "s2s_use_starttls");
	} else if (c2s && port == PORT_CLIENTS_TLS && !tls &&
		   listener_offers_starttls(listener)) {
		finding = lint_report(lint, &listener_rules[LISTENER_TLS_PORT],
		    listener->port_at,
		    "clients begin on 5223 with TLS, but this port waits "
		    "for starttls");
		finding_hint(finding, "use tls here, or another port");
	}
}

/* --- what is missing --- */

struct seen {
	const struct model_listener *clients, *servers, *web;
	bool client_port, server_port, v4, v6, public_clients;
	bool some_v6;  /* any listener at all */
	bool some_odd; /* one whose service isn't known */
};

static bool
serves_web_clients(const struct model_listener *listener)
{
	static const char *const flags[] = { "http_bind", "http_poll" };
	static const char *const names[] = { "mod_bosh", "mod_http_bind",
		"ejabberd_http_ws", "ejabberd_http_poll", "mod_websocket" };
	const struct model_option *handlers =
	    model_option(&listener->options, "request_handlers");
	struct str name;

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (model_flag(&listener->options, flags[i], false))
			return true;
	}
	/* MongooseIM's services for web clients. */
	if (listener_is(listener, "ejabberd_cowboy") ||
	    listener_is(listener, "mod_bosh") ||
	    listener_is(listener, "mod_websockets"))
		return true;
	if (!handlers || !handlers->value)
		return false;
	const struct term *value = handlers->value;
	for (size_t i = 0;
	     (value->kind == TERM_LIST || value->kind == TERM_MAP) &&
	     i < value->count;
	     i++) {
		const struct term *item = &value->items[i];
		if (item->kind == TERM_TUPLE && item->count >= 2)
			item = &item->items[1];
		for (size_t j = 0; j < sizeof names / sizeof *names; j++) {
			if (model_word(item, &name) && str_is(name, names[j]))
				return true;
		}
	}
	return false;
}

static void
see(struct seen *seen, const struct model_listener *listener)
{
	seen->some_v6 |= is_v6(listener);
	seen->some_odd |= !listener->row;
	if (listener_is(listener, "ejabberd_c2s")) {
		if (!seen->clients)
			seen->clients = listener;
		seen->client_port |= listener->port == PORT_CLIENTS;
		if (!listener_is_sound(listener) ||
		    !listener_is_public(listener))
			return;
		seen->public_clients = true;
		seen->v6 |= is_v6(listener);
		seen->v4 |= !is_v6(listener) || listener_is_wildcard(listener);
	} else if (listener_is(listener, "ejabberd_s2s_in")) {
		if (!seen->servers)
			seen->servers = listener;
		seen->server_port |= listener->port == PORT_SERVERS;
	} else if (!seen->web && serves_web_clients(listener)) {
		seen->web = listener;
	}
}

/* Some host that other servers could look up. */
static bool
has_public_host(const struct model *model)
{
	for (size_t i = 0; i < model->host_count; i++) {
		const struct str name = model->hosts[i]->name;
		if (model->hosts[i]->served && memchr(name.ptr, '.', name.len))
			return true;
	}
	return false;
}

static bool
refuses_servers(const struct model *model)
{
	const struct model_setting *policy =
	    model_setting(model, "s2s_default_policy", NULL);
	const struct model_setting *access =
	    model_setting(model, "s2s_access", NULL);
	struct str text;

	return (policy && policy->option.value &&
		   term_is_atom(policy->option.value, "deny")) ||
	       (access && access->option.value &&
		   (access->option.value->kind != TERM_ATOM ||
		       (model_word(access->option.value, &text) &&
			   !str_is(text, "all"))));
}

static void
check_missing(struct lint *lint, const struct seen *seen)
{
	const struct model *model = lint->model;
	const struct model_setting *listen =
	    model_setting(model, "listen", NULL);
	const struct term *list = listen ? listen->option.value : NULL;
	const struct term *at = listen ? listen->option.key : NULL;
	struct finding *finding;

	if (lint->incomplete)
		return;
	if (!seen->clients) {
		/* One that is ill-formed may be meant for them. */
		if (seen->web || seen->some_odd ||
		    (list && list->kind == TERM_LIST &&
			list->count > model->listener_count))
			return;
		finding = lint_report(lint, &cfg_rules[CFG_NO_CLIENTS], list,
		    "no port is open for clients");
		finding_hint(finding,
		    model->yaml
			? "add a listener with port: 5222 and module: "
			  "ejabberd_c2s"
			: "add {listen, [{5222, ejabberd_c2s, [...]}]}.");
		return;
	}
	if (!has_public_host(model))
		return;
	if (!seen->client_port)
		finding_hint(
		    lint_report(lint, &listener_rules[LISTENER_UNUSUAL], at,
			"no listener for clients has the port 5222"),
		    "publish the port that clients shall use in SRV records");
	if (!lint->for_xmppd &&
	    (seen->servers ? !seen->server_port : !refuses_servers(model)))
		finding_hint(
		    lint_report(lint, &listener_rules[LISTENER_UNUSUAL], at,
			seen->servers ? "no listener for other servers has "
					"the port 5269"
				      : "no port is open for other servers"),
		    seen->servers
			? "publish the port that servers shall use in SRV "
			  "records"
			: "add ejabberd_s2s_in on 5269 where accounts of "
			  "other servers shall be reached");
	/* Without any sign of IPv6 the machine may not have it. */
	if (seen->public_clients && seen->v4 != seen->v6 && seen->some_v6)
		finding_hint(
		    lint_report(lint, &listener_rules[LISTENER_ONE_FAMILY],
			place(seen->clients), "clients are let in over %s only",
			seen->v4 ? "IPv4" : "IPv6"),
		    seen->v4 ? "listen on :: too where the machine has IPv6"
			     : "listen on 0.0.0.0 too");
}

void
rules_ports(struct lint *lint)
{
	const struct model *model = lint->model;
	struct ports ports = { .lint = lint };
	struct seen seen = { 0 };

	for (size_t i = 0; i < model->listener_count; i++) {
		if (listener_is_sound(&model->listeners[i]))
			add(&ports, &model->listeners[i]);
	}
	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *listener = &model->listeners[i];
		see(&seen, listener);
		/* A double has its finding. */
		if (!listener_is_sound(listener) ||
		    map_get(&ports.exact, exact_key(&ports, listener)) !=
			listener)
			continue;
		check_overlap(&ports, listener);
		check_dual(&ports, listener);
		check_customs(lint, listener);
		if (listener->transport != MODEL_UNIX && listener->port < 1024)
			finding_hint(
			    lint_report(lint,
				&listener_rules[LISTENER_PRIVILEGED],
				listener->port_at,
				"only root may open %d on most systems",
				(int)listener->port),
			    "give the server the right to (as systemd's "
			    "AmbientCapabilities=CAP_NET_BIND_SERVICE does)");
	}
	check_missing(lint, &seen);
	map_fini(&ports.exact);
	map_fini(&ports.all);
	map_fini(&ports.some);
}

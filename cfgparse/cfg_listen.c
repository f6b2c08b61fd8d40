#include "cfgparse/cfg_private.h"
/*
 * {listen, [{Port, Module, Options}, ...]}: addresses, TLS and the rest of
 * what a listener needs. Ports are {Port, Address, Transport} in several
 * shorter forms.
 */
#include <arpa/inet.h>
#include <stdio.h>

enum { BACKLOG_DEFAULT = 128, BACKLOG_MAX = 65535, LISTENERS_MAX = 1024 };

/* A port as written. */
struct port {
	int64_t number;
	const struct term *address; /* or NULL */
	bool udp;
};

static bool
read_transport(const struct term *term, bool *udp)
{
	*udp = term_is_atom(term, "udp");
	return *udp || term_is_atom(term, "tcp");
}

static bool
read_port(const struct term *term, struct port *port)
{
	const struct term *number = term;
	bool ok = true;

	*port = (struct port){ 0 };
	if (term->kind == TERM_TUPLE && term->count >= 2 && term->count <= 3) {
		number = &term->items[0];
		if (term->count == 3) {
			port->address = &term->items[1];
			ok = read_transport(&term->items[2], &port->udp);
		} else if (!read_transport(&term->items[1], &port->udp)) {
			port->address = &term->items[1];
		}
	}
	return ok && term_int(number, &port->number) && port->number > 0 &&
	       port->number <= 65535;
}

static bool
fill_address(struct loader *loader, struct cfg_listener *listener,
    const struct term *term, bool inet6, uint16_t port)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&listener->address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&listener->address;
	char text[INET6_ADDRSTRLEN] = "0.0.0.0";

	if (inet6)
		memcpy(text, "::", 3);
	if (term && !address_text(&loader->arena, term, text))
		return false;
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		listener->address_len = sizeof *v4;
		listener->name =
		    arena_printf(&loader->frozen->arena, "%s:%u", text, port);
		return true;
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
		return false;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	listener->address_len = sizeof *v6;
	inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
	listener->name =
	    arena_printf(&loader->frozen->arena, "[%s]:%u", text, port);
	return true;
}

static bool
read_address(struct loader *loader, const struct term *entry,
    struct cfg_listener *listener, struct port *port)
{
	const struct term *options = &entry->items[2];

	if (!read_port(&entry->items[0], port)) {
		struct finding *finding =
		    finding_at(loader, CFG_LISTENER_FORM, &entry->items[0],
			"%s is no port", term_shown(loader, &entry->items[0]));
		finding_hint(finding,
		    "write 5222, {5222, \"192.0.2.1\"} or {5222, tcp}");
		return false;
	}
	const struct term *address = port->address;
	if (!address)
		address = option_value(options, "ip");
	if (fill_address(loader, listener, address,
		option_flag(options, "inet6"), (uint16_t)port->number))
		return true;
	finding_at(loader, CFG_LISTENER_FORM, address, "%s is no IP address",
	    term_shown(loader, address));
	return false;
}

static enum cfg_tls
read_tls(
    struct loader *loader, const struct term *options, const struct term *entry)
{
	bool direct = option_flag(options, "tls");
	bool required = option_flag(options, "starttls_required");
	bool offered = required || option_flag(options, "starttls");

	if (direct && offered) {
		struct finding *finding = finding_at(loader, CFG_TLS_CONFLICT,
		    entry, "a port has either tls or starttls");
		finding_hint(finding,
		    "use starttls on 5222, and tls on a port of its own, "
		    "such as 5223");
	}
	return direct	  ? CFG_TLS_DIRECT
	       : required ? CFG_TLS_STARTTLS_REQUIRED
	       : offered  ? CFG_TLS_STARTTLS
			  : CFG_TLS_NONE;
}

static void
read_protocols(struct loader *loader, const struct term *options,
    struct cfg_tls_options *tls)
{
	const struct term *ciphers = option_value(options, "ciphers");
	const struct term *list = option_value(options, "protocol_options");
	struct str text;

	if (ciphers && term_text(&loader->arena, ciphers, &text) && text.len)
		tls->ciphers =
		    arena_memdup(&loader->frozen->arena, text.ptr, text.len);
	for (size_t i = 0; list && list->kind == TERM_LIST && i < list->count;
	     i++) {
		if (!term_word(loader, &list->items[i], &text))
			continue;
		tls->no_tlsv1_2 |= str_is(text, "no_tlsv1_2");
		tls->no_tlsv1_3 |= str_is(text, "no_tlsv1_3");
	}
}

static const char *
option_word(struct loader *loader, const struct term *options, const char *name,
    const char *fallback)
{
	const struct term *value = option_value(options, name);
	struct str text;

	if (!value || !term_word(loader, value, &text))
		return fallback;
	return arena_memdup(&loader->frozen->arena, text.ptr, text.len);
}

static void
read_client_options(struct loader *loader, const struct term *entry,
    struct cfg_listener *listener)
{
	const struct term *options = &entry->items[2];
	const struct term *certfile = option_value(options, "certfile");
	const struct term *number = option_value(options, "max_stanza_size");
	int64_t value;

	listener->tls = read_tls(loader, options, &entry->items[1]);
	listener->access = option_word(loader, options, "access", "all");
	listener->shaper = option_word(loader, options, "shaper", "none");
	if (number && term_int(number, &value) && value > 0)
		listener->max_stanza_size = (size_t)value;
	read_protocols(loader, options, &listener->tls_options);
	if (certfile)
		listener->certfile =
		    cfg_certfile(loader, certfile, listener->name);
	if (listener->tls == CFG_TLS_NONE) {
		struct finding *finding =
		    finding_at(loader, CFG_CLEAR_TEXT, &entry->items[1],
			"clients of %s can't encrypt what they send",
			listener->name);
		finding_subject(finding, listener->name);
		finding_hint(finding,
		    "add {certfile, \"FILE.pem\"} and starttls_required");
	}
}

static const struct service *
find_service(struct loader *loader, const struct term *term)
{
	const struct term *name = term;

	if (term_is_tagged(term, "frontend", 2))
		name = &term->items[1];
	if (name->kind != TERM_ATOM) {
		finding_at(loader, CFG_LISTENER_FORM, term,
		    "expected the name of a service, got %s",
		    term_shown(loader, term));
		return NULL;
	}
	const struct service *service = catalogue_listener(name->text);
	if (service)
		return service;
	const char *near = catalogue_suggest_listener(name->text);
	struct finding *finding = finding_at(loader, CFG_SERVICE_UNKNOWN, name,
	    "there is no service %s", term_shown(loader, name));
	if (near)
		finding_hint(finding, "did you mean %s?", near);
	else
		finding_severity(finding, SEVERITY_WARNING);
	return NULL;
}

static void
check_duplicate(struct loader *loader, const struct cfg_listener *listeners,
    const struct term *const *entries, size_t count)
{
	const struct cfg_listener *now = &listeners[count];

	for (size_t i = 0; i < count; i++) {
		if (strcmp(listeners[i].name, now->name) != 0)
			continue;
		struct finding *finding = finding_at(loader, CFG_LISTENER_TWICE,
		    &entries[count]->items[0], "%s is listened on twice",
		    now->name);
		finding_subject(finding, now->name);
		finding_related_at(
		    finding, &entries[i]->items[0], "first here");
		return;
	}
}

/* True where the entry became *listener. */
static bool
read_listener(struct loader *loader, const struct term *entry,
    struct cfg_listener *listener)
{
	const struct service *service;
	struct port port;

	if (entry->kind != TERM_TUPLE || entry->count != 3) {
		struct finding *finding = finding_at(loader, CFG_LISTENER_FORM,
		    entry, "%s is no listener", term_shown(loader, entry));
		finding_hint(finding,
		    "write {Port, Service, [Option, ...]}, such as "
		    "{5222, ejabberd_c2s, []}");
		return false;
	}
	if (!read_address(loader, entry, listener, &port))
		return false;
	listener->place = place_of(loader, entry);
	service = find_service(loader, &entry->items[1]);
	if (!service)
		return false;
	cfg_check_options(loader, service, &entry->items[2], true);
	listener->module = service->name;
	listener->service = CFG_IGNORED;
	const struct term *backlog = option_value(&entry->items[2], "backlog");
	int64_t value = 0;
	listener->backlog = BACKLOG_DEFAULT;
	/* ejabberd's 5 was too short for any server; larger ones count. */
	if (backlog && term_int(backlog, &value) && value > BACKLOG_DEFAULT &&
	    value <= BACKLOG_MAX)
		listener->backlog = (int)value;
	if (!service->acts) {
		struct finding *finding = finding_at(loader,
		    CFG_SERVICE_NOT_OFFERED, &entry->items[1],
		    "%s is not offered by this version; %s stays closed",
		    service->name, listener->name);
		finding_subject(finding, service->name);
		/* UDP has ports of its own. */
		return !port.udp;
	}
	if (port.udp) {
		finding_at(loader, CFG_LISTENER_FORM, &entry->items[0],
		    "%s is offered over tcp only", service->name);
		return false;
	}
	listener->service = CFG_C2S;
	read_client_options(loader, entry, listener);
	return true;
}

void
cfg_freeze_listeners(struct loader *loader)
{
	const struct term *list = setting_value(loader, "listen", NULL);
	struct cfg *cfg = &loader->frozen->cfg;
	bool clients = false;

	if (list && list->kind == TERM_LIST && list->count <= LISTENERS_MAX) {
		struct cfg_listener *listeners = arena_array(
		    &loader->frozen->arena, list->count + 1, sizeof *listeners);
		const struct term **entries = arena_array(
		    &loader->arena, list->count + 1, sizeof(struct term *));
		size_t count = 0;
		for (size_t i = 0; i < list->count; i++) {
			listeners[count] = (struct cfg_listener){ 0 };
			if (!read_listener(
				loader, &list->items[i], &listeners[count]))
				continue;
			entries[count] = &list->items[i];
			check_duplicate(loader, listeners, entries, count);
			clients |= listeners[count].service == CFG_C2S;
			count++;
		}
		loader->listeners = entries;
		cfg->listeners = listeners;
		cfg->listener_count = count;
	} else if (list && list->kind == TERM_LIST) {
		finding_at(loader, CFG_LISTENER_FORM, list,
		    "more than %d listeners are given", LISTENERS_MAX);
	}
	if (clients)
		return;
	struct finding *finding = finding_at(
	    loader, CFG_NO_CLIENTS, list, "no port is open for clients");
	finding_hint(finding, "add {listen, [{5222, ejabberd_c2s, [...]}]}.");
}

/* --- certificates --- */

enum { NAMES_SHOWN = 3 };

/* "a, b and 5 more": the hosts without a certificate of their own. */
static const char *
bare_hosts(struct loader *loader, size_t *count)
{
	const struct cfg *cfg = &loader->frozen->cfg;
	const char *text = "";

	*count = 0;
	for (size_t i = 0; i < cfg->host_count; i++) {
		if (cfg->hosts[i].certfile)
			continue;
		if (++*count <= NAMES_SHOWN)
			text = arena_printf(&loader->arena, "%s%s%s", text,
			    *count > 1 ? ", " : "", cfg->hosts[i].name);
	}
	if (*count > NAMES_SHOWN)
		text = arena_printf(&loader->arena, "%s and %zu more", text,
		    *count - NAMES_SHOWN);
	return text;
}

void
cfg_check_listener_certificates(struct loader *loader)
{
	const struct cfg *cfg = &loader->frozen->cfg;
	size_t bare;
	const char *names = bare_hosts(loader, &bare);

	for (size_t i = 0; i < cfg->listener_count && bare; i++) {
		const struct cfg_listener *listener = &cfg->listeners[i];
		const struct term *entry = loader->listeners[i];
		struct finding *finding;

		if (listener->service != CFG_C2S ||
		    listener->tls == CFG_TLS_NONE ||
		    option_value(&entry->items[2], "certfile"))
			continue;
		if (bare == cfg->host_count) {
			finding = finding_at(loader, CFG_NO_CERTIFICATE,
			    &entry->items[1],
			    "%s is to encrypt, but no certificate is named",
			    listener->name);
		} else {
			finding = finding_at(loader, CFG_NO_CERTIFICATE,
			    &entry->items[1],
			    "%s shows another host's certificate for %s",
			    listener->name, names);
			finding_severity(finding, SEVERITY_WARNING);
		}
		finding_subject(finding, listener->name);
		finding_hint(finding, "add {certfile, \"FILE.pem\"}");
	}
}

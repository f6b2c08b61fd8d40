#include "cfgparse/model_terms.h"
/*
 * {listen, [{Port, Service, Options}, ...]} and {modules, [{Module, Options},
 * ...]}. A port is a number, or {Port, Address}, {Port, Transport} or {Port,
 * Address, Transport}.
 */
#include <arpa/inet.h>

#include "cfgparse/address.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/rules_listeners.h"

/* Options of a service: {Name, Value} and bare names. What is neither keeps
 * its place with an empty name. */
static bool
read_options(struct model_builder *builder, const struct term *list,
    struct str owner, struct model_options *options)
{
	*options = (struct model_options){ .list = list };
	if (list->kind != TERM_LIST) {
		build_report(builder, CFG_VALUE, list,
		    "%.*s expects a list of options, got %s", STR_ARG(owner),
		    lint_shown(builder->lint, list));
		return false;
	}
	if (list->count == 0)
		return true;
	struct model_option *items =
	    arena_array(builder->lint->arena, list->count, sizeof *items);
	for (size_t i = 0; i < list->count; i++) {
		const struct term *item = &list->items[i];
		bool pair = item->kind == TERM_TUPLE && item->count >= 2;

		items[i].key = pair ? &item->items[0] : item;
		items[i].value = pair ? &item->items[1] : NULL;
		items[i].whole = item;
		if (items[i].key->kind == TERM_ATOM)
			items[i].name = items[i].key->text;
	}
	options->items = items;
	options->count = list->count;
	return true;
}

/* --- listen --- */

static bool
read_transport(const struct term *term, enum model_transport *transport)
{
	if (term_is_atom(term, "udp"))
		*transport = MODEL_UDP;
	return *transport == MODEL_UDP || term_is_atom(term, "tcp");
}

static bool
read_port(const struct term *term, struct model_listener *listener)
{
	const struct term *number = term;
	bool ok = true;

	if (term->kind == TERM_TUPLE && term->count >= 2 && term->count <= 3) {
		number = &term->items[0];
		if (term->count == 3) {
			listener->address_at = &term->items[1];
			ok = read_transport(
			    &term->items[2], &listener->transport);
		} else if (!read_transport(
			       &term->items[1], &listener->transport)) {
			listener->address_at = &term->items[1];
		}
	}
	listener->port_at = number;
	ok = ok && term_int(number, &listener->port) && listener->port > 0 &&
	     listener->port <= 65535;
	if (!ok)
		listener->port = 0;
	return ok;
}

/* The address in the one form that its text has; false where it is none. */
static bool
canonical(
    struct model_builder *builder, const struct term *term, struct str *address)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr bytes;
	int family = AF_INET;

	if (!address_text(builder->lint->arena, term, text))
		return false;
	if (inet_pton(AF_INET, text, &bytes) != 1) {
		family = AF_INET6;
		if (inet_pton(AF_INET6, text, &bytes) != 1)
			return false;
	}
	inet_ntop(family, &bytes, text, sizeof text);
	*address = arena_str(builder->lint->arena, str_of(text));
	return true;
}

static void
read_address(struct model_builder *builder, struct model_listener *listener)
{
	const struct model_option *ip = model_option(&listener->options, "ip");

	if (!listener->address_at && ip)
		listener->address_at = ip->value;
	if (!listener->address_at) {
		listener->address =
		    model_flag(&listener->options, "inet6", false)
			? STR("::")
			: STR("0.0.0.0");
		return;
	}
	if (!canonical(builder, listener->address_at, &listener->address))
		rules_bad_address(builder->lint, listener->address_at);
}

static void
read_service(struct model_builder *builder, const struct term *term,
    struct model_listener *listener)
{
	listener->module_at = term;
	if (term_is_tagged(term, "frontend", 2))
		listener->module_at = &term->items[1];
	if (listener->module_at->kind == TERM_ATOM)
		listener->module = listener->module_at->text;
	else
		build_report(builder, CFG_LISTENER_FORM, term,
		    "expected the name of a service, got %s",
		    lint_shown(builder->lint, term));
}

static void
read_listener(struct model_builder *builder, const struct term *entry)
{
	struct model_listener listener = { .whole = entry };
	struct finding *finding;

	if (entry->kind != TERM_TUPLE || entry->count != 3) {
		finding = build_report(builder, CFG_LISTENER_FORM, entry,
		    "%s is no listener", lint_shown(builder->lint, entry));
		finding_hint(finding,
		    "write {Port, Service, [Option, ...]}, such as "
		    "{5222, ejabberd_c2s, []}");
		return;
	}
	if (!read_port(&entry->items[0], &listener)) {
		finding = build_report(builder, CFG_LISTENER_FORM,
		    &entry->items[0], "%s is no port",
		    lint_shown(builder->lint, &entry->items[0]));
		finding_hint(finding,
		    "write 5222, {5222, \"192.0.2.1\"} or {5222, tcp}");
	}
	read_service(builder, &entry->items[1], &listener);
	read_options(
	    builder, &entry->items[2], listener.module, &listener.options);
	read_address(builder, &listener);
	model_add_listener(builder, &listener);
}

void
model_terms_listen(
    struct model_builder *builder, const struct model_setting *setting)
{
	const struct term *list = setting->option.value;

	/* That it is a list is a matter of its type. */
	if (list->kind != TERM_LIST)
		return;
	for (size_t i = 0; i < list->count; i++)
		read_listener(builder, &list->items[i]);
}

/* --- modules --- */

static void
read_module(struct model_builder *builder, const struct term *entry,
    struct model_setting *setting)
{
	struct model_module module = { .whole = entry };

	if (entry->kind != TERM_TUPLE || entry->count != 2 ||
	    entry->items[0].kind != TERM_ATOM) {
		struct finding *finding = build_report(builder, CFG_VALUE,
		    entry, "%s is no module", lint_shown(builder->lint, entry));
		finding_hint(finding,
		    "write {Module, [Option, ...]}, such as {mod_disco, []}");
		return;
	}
	module.key = &entry->items[0];
	module.name = module.key->text;
	read_options(builder, &entry->items[1], module.name, &module.options);
	model_add_module(builder, &module, setting);
}

void
model_terms_modules(
    struct model_builder *builder, struct model_setting *setting)
{
	const struct term *list = setting->option.value;

	if (list->kind != TERM_LIST)
		return;
	for (size_t i = 0; i < list->count; i++)
		read_module(builder, &list->items[i], setting);
}

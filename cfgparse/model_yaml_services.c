#include "cfgparse/model_yaml.h"
/*
 * listen, a list of maps with port, ip, transport and module beside the
 * options of what listens there, and modules, a map of maps.
 */
#include <arpa/inet.h>

#include "cfgparse/cfg_rules.h"
#include "cfgparse/rules_listeners.h"
#include "cfgparse/yaml.h"

static void
add_options(const struct term *map, struct model_option *items, size_t *count)
{
	struct pairs pairs = { .of = map };

	while (pairs_next(&pairs)) {
		struct model_option *option = &items[*count];

		option->key = option->whole = pairs.key;
		option->value = pairs.value;
		yaml_text(pairs.key, &option->name);
		++*count;
	}
}

/* A map, or the list of maps that old releases took. */
static void
read_options(struct model_builder *builder, const struct term *map,
    struct model_options *options)
{
	size_t room = pairs_count(map);

	*options = (struct model_options){ .list = map };
	if (map->kind == TERM_MAP)
		yaml_twins(builder, map);
	if (room == 0)
		return;
	struct model_option *items =
	    arena_array(builder->lint->arena, room, sizeof *items);
	add_options(map, items, &options->count);
	options->items = items;
}

/* --- listen --- */

static const struct term *
value_of(const struct model_options *options, const char *name)
{
	const struct model_option *option = model_option(options, name);

	return option ? option->value : NULL;
}

static void
refuse_port(struct model_builder *builder, const struct term *port)
{
	struct finding *finding = build_report(builder, CFG_LISTENER_FORM, port,
	    "%s is no port", lint_shown(builder->lint, port));

	finding_hint(finding,
	    "write a number from 1 to 65535, or \"unix:PATH\" in quotes");
}

static void
read_port(struct model_builder *builder, struct model_listener *listener)
{
	static const struct str unix_prefix = { "unix:", 5 };
	const struct term *port = value_of(&listener->options, "port");
	struct str text;

	listener->port_at = port;
	if (!port) {
		struct finding *finding =
		    build_report(builder, CFG_LISTENER_FORM, listener->whole,
			"this listener has no port");
		finding_hint(finding, "add port: and its number");
		return;
	}
	if (port->kind == TERM_INTEGER) {
		if (term_int(port, &listener->port) && listener->port > 0 &&
		    listener->port <= 65535)
			return;
		listener->port = 0;
	} else if (yaml_text(port, &text) && text.len > unix_prefix.len &&
		   memcmp(text.ptr, unix_prefix.ptr, unix_prefix.len) == 0) {
		listener->transport = MODEL_UNIX;
		listener->address = (struct str){ text.ptr + unix_prefix.len,
			text.len - unix_prefix.len };
		return;
	}
	refuse_port(builder, port);
}

/* The address in the one form that its text has. */
static bool
canonical(struct model_builder *builder, struct str text, struct str *address)
{
	char copy[INET6_ADDRSTRLEN], out[INET6_ADDRSTRLEN];
	struct in6_addr bytes;
	int family = AF_INET;

	if (text.len >= sizeof copy)
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	if (inet_pton(AF_INET, copy, &bytes) != 1) {
		family = AF_INET6;
		if (inet_pton(AF_INET6, copy, &bytes) != 1)
			return false;
	}
	inet_ntop(family, &bytes, out, sizeof out);
	*address = arena_str(builder->lint->arena, str_of(out));
	return true;
}

static void
read_address(struct model_builder *builder, struct model_listener *listener)
{
	const struct term *ip = value_of(&listener->options, "ip");
	struct str text;

	if (listener->transport == MODEL_UNIX)
		return;
	listener->address_at = ip;
	listener->address = model_flag(&listener->options, "inet6", false)
				? STR("::")
				: STR("0.0.0.0");
	if (!ip || (yaml_text(ip, &text) &&
		       canonical(builder, text, &listener->address)))
		return;
	listener->address = (struct str){ 0 };
	rules_bad_address(builder->lint, ip);
}

static void
read_transport(struct model_builder *builder, struct model_listener *listener)
{
	const struct term *transport =
	    value_of(&listener->options, "transport");
	struct str text;

	if (!transport || listener->transport == MODEL_UNIX)
		return;
	if (yaml_text(transport, &text) && str_is(text, "udp"))
		listener->transport = MODEL_UDP;
	else if (!yaml_text(transport, &text) || !str_is(text, "tcp"))
		build_report(builder, CFG_LISTENER_FORM, transport,
		    "transport is tcp or udp, not %s",
		    lint_shown(builder->lint, transport));
}

static void
read_module_name(struct model_builder *builder, struct model_listener *listener)
{
	const struct term *module = value_of(&listener->options, "module");

	listener->module_at = module;
	if (!module) {
		struct finding *finding =
		    build_report(builder, CFG_LISTENER_FORM, listener->whole,
			"this listener has no module");
		finding_hint(finding,
		    "add module: and what listens here, such as "
		    "ejabberd_c2s");
	} else if (!yaml_text(module, &listener->module)) {
		build_report(builder, CFG_LISTENER_FORM, module,
		    "expected the name of a module, got %s",
		    lint_shown(builder->lint, module));
	}
}

/* What says where it listens is no option of what listens there. */
static bool
is_place(struct str name)
{
	return str_is(name, "port") || str_is(name, "ip") ||
	       str_is(name, "transport") || str_is(name, "module");
}

static void
drop_places(struct model_options *options)
{
	struct model_option *items =
	    (struct model_option *)(uintptr_t)options->items;
	size_t kept = 0;

	for (size_t i = 0; i < options->count; i++) {
		if (!is_place(items[i].name))
			items[kept++] = items[i];
	}
	options->count = kept;
}

static void
read_listener(struct model_builder *builder, const struct term *entry)
{
	struct model_listener listener = { .whole = entry };

	if (entry->kind != TERM_MAP) {
		struct finding *finding =
		    build_report(builder, CFG_LISTENER_FORM, entry,
			"%s is no listener", lint_shown(builder->lint, entry));
		finding_hint(finding, "write port: and module: behind a dash");
		return;
	}
	read_options(builder, entry, &listener.options);
	read_port(builder, &listener);
	read_transport(builder, &listener);
	read_address(builder, &listener);
	read_module_name(builder, &listener);
	drop_places(&listener.options);
	model_add_listener(builder, &listener);
}

void
model_yaml_listen(
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
read_module(struct model_builder *builder, const struct term *key,
    const struct term *value, struct model_setting *setting)
{
	struct model_module module = { .key = key, .whole = key };
	struct finding *finding;

	if (!value || !yaml_text(key, &module.name)) {
		finding = build_report(builder, CFG_VALUE, key,
		    "%s is no module", lint_shown(builder->lint, key));
		finding_hint(finding,
		    "write MODULE: and its options below, or MODULE: {}");
		return;
	}
	if (yaml_is_nothing(value)) {
		finding = build_report(builder, CFG_VALUE, value,
		    "%.*s has nothing below it, which is not the same as no "
		    "options",
		    STR_ARG(module.name));
		finding_hint(finding, "write %.*s: {}", STR_ARG(module.name));
	} else if (value->kind != TERM_MAP &&
		   !(value->kind == TERM_LIST && !value->count)) {
		build_report(builder, CFG_VALUE, value,
		    "%.*s expects options, got %s", STR_ARG(module.name),
		    lint_shown(builder->lint, value));
	}
	read_options(builder, value, &module.options);
	model_add_module(builder, &module, setting);
}

void
model_yaml_modules(struct model_builder *builder, struct model_setting *setting)
{
	struct pairs pairs = { .of = setting->option.value };

	while (pairs_next(&pairs))
		read_module(builder, pairs.key, pairs.value, setting);
}

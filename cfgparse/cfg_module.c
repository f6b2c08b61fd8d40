#include "cfgparse/cfg_private.h"
/*
 * {modules, [{Module, Options}, ...]} of each host, and reading a module's
 * options. Values became text and numbers when they were frozen.
 */
#include "cfgparse/address.h"

enum { MODULES_MAX = 1000 };

static const char *
frozen_text(struct loader *loader, struct str text)
{
	return arena_memdup(&loader->frozen->arena, text.ptr, text.len);
}

static void
freeze_option(struct loader *loader, const struct term *item,
    struct module_option *option)
{
	bool pair = item->kind == TERM_TUPLE && item->count == 2;
	const struct term *key = pair ? &item->items[0] : item;
	const struct term *value = pair ? &item->items[1] : NULL;
	struct str text;

	option->name =
	    key->kind == TERM_ATOM ? frozen_text(loader, key->text) : "";
	if (!value) {
		option->text = "true";
		return;
	}
	option->is_number = term_int(value, &option->number);
	if (value->kind == TERM_INTEGER)
		option->text = frozen_text(loader, value->text);
	else if (term_word(loader, value, &text))
		option->text = frozen_text(loader, text);
	if (value->kind == TERM_FLOAT) {
		option->is_number =
		    value->number > -1e15 && value->number < 1e15;
		if (option->is_number)
			option->number = (int64_t)value->number;
	}
	if (value->kind != TERM_TUPLE || value->count != 2)
		return;
	if (term_word(loader, &value->items[0], &text))
		option->text = frozen_text(loader, text);
	if (term_word(loader, &value->items[1], &text))
		option->second = frozen_text(loader, text);
}

static void
freeze_ip_access(
    struct loader *loader, const struct term *list, struct cfg_module *module)
{
	struct ip_rule *rules =
	    arena_array(&loader->frozen->arena, list->count + 1, sizeof *rules);
	struct str text;

	/* What is ill-formed was reported when types were checked. */
	for (size_t i = 0; i < list->count; i++) {
		const struct term *item = &list->items[i];
		struct ip_rule *rule = &rules[module->ip_rule_count];
		if (item->kind != TERM_TUPLE || item->count != 2 ||
		    !term_word(loader, &item->items[1], &text))
			continue;
		rule->allow = term_is_atom(&item->items[0], "allow");
		if (network_parse(text, &rule->network))
			module->ip_rule_count++;
	}
	module->ip_rules = rules;
}

static const struct service *
find_module(struct loader *loader, const struct term *entry)
{
	if (entry->kind != TERM_TUPLE || entry->count != 2 ||
	    entry->items[0].kind != TERM_ATOM) {
		struct finding *finding = finding_at(loader, CFG_VALUE, entry,
		    "%s is no module", term_shown(loader, entry));
		finding_hint(finding,
		    "write {Module, [Option, ...]}, such as {mod_disco, []}");
		return NULL;
	}
	const struct term *name = &entry->items[0];
	const struct service *service = catalogue_module(name->text);
	struct finding *finding;
	if (!service) {
		const char *near = catalogue_suggest_module(name->text);
		finding = finding_at(loader, CFG_MODULE_UNKNOWN, name,
		    "there is no module %s", term_shown(loader, name));
		if (near)
			finding_hint(finding, "did you mean %s?", near);
		else
			finding_severity(finding, SEVERITY_WARNING);
		return NULL;
	}
	if (service->foreign)
		finding = finding_at(loader, CFG_FOREIGN, name,
		    "%s is not part of ejabberd and is not run", service->name);
	else if (!service->acts)
		finding = finding_at(loader, CFG_MODULE_NOT_RUN, name,
		    "%s is known but not run by this version", service->name);
	else
		return service;
	finding_subject(finding, service->name);
	return service;
}

static struct cfg_module *
freeze_module(struct loader *loader, const struct service *service,
    const struct term *list)
{
	struct cfg_module *module =
	    arena_alloc(&loader->frozen->arena, sizeof *module);
	struct module_option *options = arena_array(
	    &loader->frozen->arena, list->count + 1, sizeof *options);
	const struct term *networks = option_value(list, "ip_access");

	module->name = service->name;
	for (size_t i = 0; i < list->count; i++)
		freeze_option(loader, &list->items[i], &options[i]);
	module->options = options;
	module->option_count = list->count;
	if (networks && networks->kind == TERM_LIST)
		freeze_ip_access(loader, networks, module);
	return module;
}

static void
check_listed_before(struct loader *loader, const struct term *list, size_t at)
{
	const struct term *name = &list->items[at].items[0];

	for (size_t i = 0; i < at; i++) {
		const struct term *entry = &list->items[i];
		if (entry->kind != TERM_TUPLE || entry->count != 2 ||
		    entry->items[0].kind != TERM_ATOM ||
		    !str_eq(entry->items[0].text, name->text))
			continue;
		struct finding *finding = finding_at(loader, CFG_MODULE_TWICE,
		    name, "%s is listed twice; the first entry holds",
		    term_shown(loader, name));
		finding_related_at(
		    finding, &entry->items[0], "first listed here");
		return;
	}
}

static void
check_modules(struct loader *loader, const struct term *list)
{
	if (list->kind != TERM_LIST)
		return;
	if (list->count > MODULES_MAX) {
		finding_at(loader, CFG_VALUE, list,
		    "more than %d modules are listed", MODULES_MAX);
		return;
	}
	for (size_t i = 0; i < list->count; i++) {
		const struct service *service =
		    find_module(loader, &list->items[i]);
		if (!service)
			continue;
		check_listed_before(loader, list, i);
		cfg_check_options(
		    loader, service, &list->items[i].items[1], false);
	}
}

void
cfg_check_modules(struct loader *loader)
{
	struct setting *setting = setting_first(loader, "modules");

	for (; setting; setting = setting->next)
		check_modules(loader, setting->value);
}

/* The service that the entry runs, or NULL. */
static const struct service *
running(const struct term *entry)
{
	if (entry->kind != TERM_TUPLE || entry->count != 2 ||
	    entry->items[0].kind != TERM_ATOM ||
	    entry->items[1].kind != TERM_LIST)
		return NULL;
	const struct service *service = catalogue_module(entry->items[0].text);
	return service && service->acts ? service : NULL;
}

const struct cfg_module *const *
cfg_freeze_modules(
    struct loader *loader, const struct term *list, size_t *count)
{
	struct cfg_host host = { 0 };

	*count = 0;
	if (!list || list->kind != TERM_LIST)
		return NULL;
	const struct cfg_module **modules = arena_array(&loader->frozen->arena,
	    list->count + 1, sizeof(struct cfg_module *));
	host.modules = modules;
	for (size_t i = 0; i < list->count; i++) {
		const struct service *service = running(&list->items[i]);
		if (!service || cfg_module(&host, service->name))
			continue;
		modules[host.module_count++] =
		    freeze_module(loader, service, &list->items[i].items[1]);
	}
	*count = host.module_count;
	return modules;
}

const struct cfg_module *
cfg_module(const struct cfg_host *host, const char *name)
{
	for (size_t i = 0; i < host->module_count; i++) {
		if (strcmp(host->modules[i]->name, name) == 0)
			return host->modules[i];
	}
	return NULL;
}

static const struct module_option *
find_option(const struct cfg_module *module, const char *name)
{
	for (size_t i = 0; i < module->option_count; i++) {
		if (strcmp(module->options[i].name, name) == 0)
			return &module->options[i];
	}
	return NULL;
}

bool
cfg_module_bool(
    const struct cfg_module *module, const char *name, bool fallback)
{
	const struct module_option *option = find_option(module, name);

	if (!option || !option->text)
		return fallback;
	return strcmp(option->text, "true") == 0;
}

int64_t
cfg_module_int(
    const struct cfg_module *module, const char *name, int64_t fallback)
{
	const struct module_option *option = find_option(module, name);

	return option && option->is_number ? option->number : fallback;
}

const char *
cfg_module_text(
    const struct cfg_module *module, const char *name, const char *fallback)
{
	const struct module_option *option = find_option(module, name);

	return option && option->text ? option->text : fallback;
}

bool
cfg_module_pair(const struct cfg_module *module, const char *name,
    const char **first, const char **second)
{
	const struct module_option *option = find_option(module, name);

	if (!option || !option->text || !option->second)
		return false;
	*first = option->text;
	*second = option->second;
	return true;
}

bool
cfg_register_address_allowed(const struct cfg *cfg, const struct cfg_host *host,
    const struct sockaddr *address)
{
	const struct cfg_module *module = cfg_module(host, "mod_register");

	(void)cfg;
	if (!module)
		return false;
	for (size_t i = 0; i < module->ip_rule_count; i++) {
		if (network_has(&module->ip_rules[i].network, address))
			return module->ip_rules[i].allow;
	}
	return true;
}

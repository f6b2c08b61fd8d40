#include "cfgparse/cfg_frozen.h"
/*
 * Freezing the modules of a host, and reading a module's options. Values
 * become text and numbers when they are frozen.
 */
#include <string.h>

/* The name of an access rule, also of one that is written in place; a rule
 * that can't be read admits nobody. */
static const char *
rule_name(struct freezer *freezer, const struct term *value)
{
	const char *name;
	struct str text;

	if (frozen_word(freezer, value, &text))
		return frozen_text(freezer, text);
	name = policy_inline(freezer->frozen->policy, value);
	return name ? name : "none";
}

static void
freeze_option(struct freezer *freezer, const struct model_option *from,
    struct module_option *option)
{
	const struct term *value = from->value;
	struct str text;

	option->name = frozen_text(freezer, from->name);
	if (!value) {
		option->text = "true";
		return;
	}
	option->is_number = term_int(value, &option->number);
	if (frozen_word(freezer, value, &text))
		option->text = frozen_text(freezer, text);
	if (value->kind == TERM_FLOAT) {
		option->is_number =
		    value->number > -1e15 && value->number < 1e15;
		if (option->is_number)
			option->number = (int64_t)value->number;
	}
	if (!option->text && from->row &&
	    option_kind(from->row, value->file->yaml) == TYPE_ACCESS)
		option->text = rule_name(freezer, value);
	if (value->kind != TERM_TUPLE || value->count != 2)
		return;
	if (frozen_word(freezer, &value->items[0], &text))
		option->text = frozen_text(freezer, text);
	if (frozen_word(freezer, &value->items[1], &text))
		option->second = frozen_text(freezer, text);
}

/* {ip_access, [{allow, "NETWORK"}, ...]} */
static void
freeze_ip_access(
    struct freezer *freezer, const struct term *list, struct cfg_module *module)
{
	struct ip_rule *rules = arena_array(
	    &freezer->frozen->arena, list->count + 1, sizeof *rules);
	struct str text;

	for (size_t i = 0; i < list->count; i++) {
		const struct term *item = &list->items[i];
		struct ip_rule *rule = &rules[module->ip_rule_count];

		if (item->kind != TERM_TUPLE || item->count != 2 ||
		    !frozen_word(freezer, &item->items[1], &text))
			continue;
		rule->allow = term_is_atom(&item->items[0], "allow");
		if (network_parse(text, &rule->network))
			module->ip_rule_count++;
	}
	module->ip_rules = rules;
}

static struct cfg_module *
freeze_module(struct freezer *freezer, const struct model_module *from)
{
	struct arena *arena = &freezer->frozen->arena;
	struct cfg_module *module = arena_alloc(arena, sizeof *module);
	const struct model_option *networks =
	    model_option(&from->options, "ip_access");
	size_t count = from->options.count;
	struct module_option *options =
	    arena_array(arena, count + 1, sizeof *options);

	module->name = from->row->name;
	for (size_t i = 0; i < count; i++)
		freeze_option(freezer, &from->options.items[i], &options[i]);
	module->options = options;
	module->option_count = count;
	if (networks && networks->value && networks->value->file->yaml)
		module->ip_access = rule_name(freezer, networks->value);
	else if (networks && networks->value &&
		 networks->value->kind == TERM_LIST)
		freeze_ip_access(freezer, networks->value, module);
	return module;
}

/* Of one name the first entry holds; what was added stands before what there
 * was. */
const struct cfg_module *const *
freeze_modules(
    struct freezer *freezer, const struct model_host *host, size_t *count)
{
	const struct model_setting *setting =
	    model_setting(freezer->model, "modules", host);
	struct cfg_host found = { 0 };
	size_t most = 0;

	for (const struct model_setting *s = setting; s;
	     s = s->add ? s->before : NULL)
		for (const struct model_module *m = s->modules;
		     m && m->setting == s; m = m->next)
			most++;
	const struct cfg_module **modules = arena_array(
	    &freezer->frozen->arena, most + 1, sizeof(struct cfg_module *));
	found.modules = modules;
	for (; setting; setting = setting->add ? setting->before : NULL) {
		for (const struct model_module *m = setting->modules;
		     m && m->setting == setting; m = m->next) {
			if (!m->row || !m->row->acts ||
			    cfg_module(&found, m->row->name))
				continue;
			modules[found.module_count++] =
			    freeze_module(freezer, m);
		}
	}
	*count = found.module_count;
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
	struct cfg_subject subject = { .address = address };

	if (!module)
		return false;
	if (module->ip_access)
		return cfg_allowed(cfg, host, module->ip_access, &subject);
	for (size_t i = 0; i < module->ip_rule_count; i++) {
		if (network_has(&module->ip_rules[i].network, address))
			return module->ip_rules[i].allow;
	}
	return true;
}

#include "cfgparse/cfg_private.h"
/*
 * Every setting against its row of the catalogue: is the name known, does the
 * value have its type, and does this server follow it.
 */
#include "cfgparse/hostname.h"

static void
report_unknown(struct loader *loader, const struct setting *setting)
{
	struct finding *finding;

	if (catalogue_foreign_option(setting->name)) {
		finding = finding_at(loader, CFG_FOREIGN, setting->key,
		    "%s belongs to another server and is not acted on",
		    term_shown(loader, setting->key));
		return;
	}
	finding = finding_at(loader, CFG_UNKNOWN_OPTION, setting->key,
	    "there is no option %s", term_shown(loader, setting->key));
	const char *near = catalogue_suggest_option(setting->name);
	if (near)
		finding_hint(finding, "did you mean %s?", near);
}

static void
report_inactive(struct loader *loader, const struct option *option,
    const struct term *key, const struct term *value, const char *name)
{
	if (option->anyway && value && term_is_atom(value, option->anyway))
		return;
	struct finding *finding = finding_at(loader, CFG_NOT_ACTED_ON, key,
	    "%s is known but not acted on by this version", name);

	finding_subject(finding, name);
	if (option->anyway)
		finding_hint(
		    finding, "it works as if %s were written", option->anyway);
}

static void
check_value(struct loader *loader, const struct option *option,
    const struct term *value, const struct term *key)
{
	struct mismatch mismatch;

	if (option->type == TYPE_REFUSED)
		return;
	if (!value) {
		finding_at(loader, CFG_VALUE, key, "%s expects %s",
		    option->name,
		    catalogue_expected(option, false, &loader->arena));
		return;
	}
	if (catalogue_check(
		option, &target_default, value, &loader->arena, &mismatch))
		return;
	struct finding *finding = finding_at(loader, CFG_VALUE, mismatch.at,
	    "%s expects %s, got %s", option->name, mismatch.expected,
	    term_shown(loader, mismatch.at));
	finding_subject(finding, option->name);
	/* A value that nobody reads stops nobody. */
	if (!option->acts)
		finding_severity(finding, SEVERITY_WARNING);
}

static void
check_setting(struct loader *loader, const struct setting *setting)
{
	const struct option *option = catalogue_option(setting->name);
	const struct term *value = setting->value;

	if (!option) {
		report_unknown(loader, setting);
		return;
	}
	if (setting->host && !(option->scope & SCOPE_HOST)) {
		finding_at(loader, CFG_HOST_SCOPE, setting->key,
		    "%s has no effect inside host_config", option->name);
		return;
	}
	/* {domain_certfile, Host, File}; names of acl and the like stand at
	 * this place too and are read with their rules. */
	if (setting->whole->count == 3)
		value = &setting->whole->items[2];
	if (str_is(setting->name, "hosts") || str_is(setting->name, "host"))
		return; /* read and checked before */
	if (setting->add && value->kind != TERM_LIST)
		finding_at(loader, CFG_VALUE, value,
		    "{add, %s} expects a list, got %s", option->name,
		    term_shown(loader, value));
	else
		check_value(loader, option, value, setting->key);
	if (!option->acts)
		report_inactive(
		    loader, option, setting->key, value, option->name);
	else if (setting->host && option->idle & SCOPE_HOST)
		report_inactive(loader, option, setting->key, NULL,
		    arena_printf(
			&loader->arena, "%s inside host_config", option->name));
}

/* Accumulates, or is one of several by its second element. */
static bool
may_repeat(const struct setting *setting)
{
	return setting->add || setting->whole->count == 3 ||
	       str_is(setting->name, "s2s_host") ||
	       str_is(setting->name, "hosts") || str_is(setting->name, "host");
}

static bool
same_host(const struct setting *a, const struct setting *b)
{
	return a->host == b->host ||
	       (a->host && b->host && str_is(str_of(a->host), b->host));
}

static void
check_repeats(struct loader *loader, const struct setting_list *list)
{
	const struct setting *before = NULL;

	for (const struct setting *now = list->first; now; now = now->next) {
		if (may_repeat(now))
			continue;
		if (before && same_host(before, now)) {
			struct finding *finding =
			    finding_at(loader, CFG_SET_TWICE, now->key,
				"%s is set again; this value replaces the "
				"earlier one",
				term_shown(loader, now->key));
			finding_related_at(
			    finding, before->key, "the earlier one");
		}
		before = now;
	}
}

static void
check_adds(struct loader *loader, const struct setting *setting)
{
	const struct setting *before = setting;

	if (!setting->add)
		return;
	before =
	    ((struct setting_list *)map_get(&loader->settings, setting->name))
		->first;
	for (; before != setting; before = before->next) {
		if (!before->host || same_host(before, setting))
			return;
	}
	finding_at(loader, CFG_ADD_NOTHING, setting->key,
	    "{add, %s} stands before any value that it could add to",
	    term_shown(loader, setting->key));
}

void
cfg_check_settings(struct loader *loader)
{
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	while (map_next(&loader->settings, &walk, &name, &value)) {
		const struct setting_list *list = value;
		for (const struct setting *setting = list->first; setting;
		     setting = setting->next) {
			check_setting(loader, setting);
			check_adds(loader, setting);
		}
		check_repeats(loader, list);
	}
}

static void
report_unknown_service_option(struct loader *loader,
    const struct service *service, const struct term *key, bool listener)
{
	enum cfg_rule rule = listener ? CFG_LISTENER_OPTION : CFG_MODULE_OPTION;
	struct finding *finding = finding_at(loader, rule, key,
	    "%s has no option %s", service->name, term_shown(loader, key));
	const char *near =
	    key->kind == TERM_ATOM
		? catalogue_suggest_service_option(service, key->text)
		: NULL;

	if (near)
		finding_hint(finding, "did you mean %s?", near);
	if (!service->acts)
		finding_severity(finding, SEVERITY_WARNING);
}

static void
check_service_option(struct loader *loader, const struct service *service,
    const struct term *item, bool listener)
{
	bool pair = item->kind == TERM_TUPLE && item->count >= 2;
	const struct term *key = pair ? &item->items[0] : item;
	const struct option *option =
	    key->kind == TERM_ATOM
		? catalogue_service_option(service, key->text)
		: NULL;

	if (!option) {
		report_unknown_service_option(loader, service, key, listener);
		return;
	}
	if (option->type == TYPE_REFUSED) {
		struct finding *finding = finding_at(loader, CFG_OPTION_GONE,
		    key, "%s is no longer available", option->name);
		finding_hint(finding, "write tls instead");
	}
	/* A bare atom stands for {Name, true}. */
	if (pair)
		check_value(loader, option, &item->items[1], key);
	else if (option->type != TYPE_FLAG && option->type != TYPE_BOOL)
		check_value(loader, option, NULL, key);
	if (!option->acts && service->acts)
		report_inactive(loader, option, key,
		    pair ? &item->items[1] : NULL,
		    arena_printf(&loader->arena, "%s's %s", service->name,
			option->name));
	/* An unknown rule for shapers limits nobody; for access it admits
	 * nobody. */
	if (pair && option->type == TYPE_ACCESS)
		cfg_check_access_name(loader, &item->items[1],
		    service->acts && option->acts &&
			str_is(key->text, "access"));
	if (pair && option->type == TYPE_SHAPER)
		cfg_check_shaper_name(loader, &item->items[1]);
}

void
cfg_check_options(struct loader *loader, const struct service *service,
    const struct term *options, bool listener)
{
	if (options->kind != TERM_LIST) {
		finding_at(loader, CFG_VALUE, options,
		    "%s expects a list of options, got %s", service->name,
		    term_shown(loader, options));
		return;
	}
	if (service->foreign)
		return;
	for (size_t i = 0; i < options->count; i++)
		check_service_option(
		    loader, service, &options->items[i], listener);
}

#include "cfgparse/model.h"
/*
 * Looking things up in a model that is built. Every answer takes one or two
 * steps of a map; a host's modules take one for each.
 */
#include "cfgparse/model_build.h"

struct model_host *
model_host(const struct model *model, struct str name)
{
	return map_get(&model->hosts_by_name, name);
}

const struct model_host *
model_host_above(const struct model *model, struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (i && name.ptr[i - 1] != '.')
			continue;
		const struct model_host *host = model_host(
		    model, (struct str){ name.ptr + i, name.len - i });
		if (host && host->served)
			return host;
	}
	return NULL;
}

const struct model_settings *
model_settings(const struct model *model, const char *name)
{
	return map_get(&model->settings, str_of(name));
}

const struct model_setting *
model_setting(
    const struct model *model, const char *name, const struct model_host *host)
{
	const struct model_settings *all = model_settings(model, name);

	return all ? model_last(model, all, host) : NULL;
}

struct model_setting *
model_own_setting(const struct model *model, const struct model_settings *all,
    const struct model_host *host)
{
	struct model_setting *last = NULL;

	if (host->setting_count > MODEL_FEW)
		return pair_map_get(&model->own, host, all);
	for (struct model_setting *s = host->first; s; s = s->next_of_host) {
		if (s->all == all)
			last = s;
	}
	return last;
}

const struct model_setting *
model_last(const struct model *model, const struct model_settings *all,
    const struct model_host *host)
{
	const struct model_setting *own =
	    host ? model_own_setting(model, all, host) : NULL;

	/* In Erlang terms a global option replaces what hosts were given
	 * before it; in YAML the order doesn't matter. */
	if (own && !model->yaml && all->last_global &&
	    all->last_global->order > own->order)
		own = NULL;
	return own ? own : all->last_global;
}

const struct model_setting *
model_before(const struct model *model, const struct model_setting *setting)
{
	(void)model;
	return setting->before;
}

const struct model_option *
model_option(const struct model_options *options, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < options->count; i++) {
		const struct model_option *option = &options->items[i];

		if (str_eq(option->name, (struct str){ name, len }))
			return option;
	}
	return NULL;
}

/* What YAML's readers take for true became that before (model_plain_bool);
 * where a release doesn't, it is wrong, and still meant so. */
static bool
is_true(const struct term *value)
{
	if (!value)
		return true;
	return value->kind == TERM_ATOM &&
	       (str_is(value->text, "true") ||
		   (value->file->yaml && (str_is(value->text, "yes") ||
					     str_is(value->text, "on"))));
}

bool
model_flag(const struct model_options *options, const char *name, bool fallback)
{
	const struct model_option *option = model_option(options, name);

	return option ? is_true(option->value) : fallback;
}

bool
model_text(
    const struct model_options *options, const char *name, struct str *text)
{
	const struct model_option *option = model_option(options, name);

	return option && option->value && model_word(option->value, text);
}

bool
model_word(const struct term *term, struct str *text)
{
	switch (term->kind) {
	case TERM_ATOM:
	case TERM_STRING:
	case TERM_INTEGER: *text = term->text; return true;
	case TERM_LIST: /* the empty one is an empty string in Erlang */
		*text = (struct str){ "", 0 };
		return term->count == 0 && !term->improper;
	case TERM_BINARY:
		*text =
		    (struct str){ (const char *)term->bytes, term->bits / 8 };
		return term->bits % 8 == 0;
	default: return false;
	}
}

bool
model_is_secret(struct str name)
{
	static const char *const ends[] = { "password", "secret", "passwd" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t len = strlen(ends[i]);
		if (name.len >= len &&
		    memcmp(name.ptr + name.len - len, ends[i], len) == 0)
			return true;
	}
	return false;
}

const struct model_modules *
model_modules(const struct model *model, const char *name)
{
	return map_get(&model->modules_by_name, str_of(name));
}

bool
model_has_module_option(const struct model *model, const char *name)
{
	return map_get(&model->module_options, str_of(name)) != NULL;
}

static const struct model_module *
module_of(const struct model_setting *setting, const char *name)
{
	const struct model_module *module = setting->modules;

	for (; module && module->setting == setting; module = module->next) {
		if (str_is(module->name, name))
			return module;
	}
	return NULL;
}

const struct model_module *
model_module(
    const struct model *model, const char *name, const struct model_host *host)
{
	const struct model_setting *setting =
	    model_setting(model, "modules", host);

	/* What was added stands before what there was. */
	for (; setting; setting = setting->add ? setting->before : NULL) {
		const struct model_module *module = module_of(setting, name);

		if (module)
			return module;
	}
	return NULL;
}

const struct model_acl *
model_acl(const struct model *model, struct str name)
{
	return map_get(&model->acls, name);
}

struct model_access *
model_own_access(const struct model *model, const struct model_access *first,
    const struct model_host *host)
{
	struct model_access *last = NULL;

	if (host->access_count > MODEL_FEW)
		return pair_map_get(&model->own, host, first);
	for (struct model_access *a = host->first_access; a;
	     a = a->next_of_host) {
		if (a->first == first)
			last = a;
	}
	return last;
}

const struct model_access *
model_access(
    const struct model *model, struct str name, const struct model_host *host)
{
	const struct model_access *first = map_get(&model->accesses, name);
	const struct model_access *own = NULL;

	if (first && host)
		own = model_own_access(model, first, host);
	return own || !first ? own : first->last_global;
}

const struct model_shaper *
model_shaper(const struct model *model, struct str name)
{
	return map_get(&model->shapers, name);
}

const struct model_access *
model_inline(const struct model *model, const struct term *value)
{
	return pair_map_get(&model->own, value, NULL);
}

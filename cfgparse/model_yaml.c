#include "cfgparse/model_yaml.h"
/*
 * Walks through the top-level options in order: hosts, options, host_config
 * and append_host_config with what they hold. The order says nothing in YAML
 * but for what is given twice.
 */
#include "cfgparse/base/map.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/rules_hosts.h"
#include "cfgparse/yaml.h"
#include "cfgparse/yaml_rules.h"
#include "cfgparse/lint_edit.h"
#include "cfgparse/terms_order.h"

/* --- looking at terms --- */

bool
pairs_next(struct pairs *pairs)
{
	const struct term *of = pairs->of, *map = of;

	while (of->kind == TERM_LIST) {
		if (pairs->item == of->count)
			return false;
		map = &of->items[pairs->item];
		if (map->kind != TERM_MAP) {
			pairs->item++;
			pairs->key = map;
			pairs->value = NULL;
			return true;
		}
		if (pairs->pair < map->count)
			break;
		pairs->item++;
		pairs->pair = 0;
	}
	if (map->kind != TERM_MAP || pairs->pair == map->count)
		return false;
	pairs->key = &map->items[pairs->pair];
	pairs->value = &map->items[pairs->pair + 1];
	pairs->pair += 2;
	return true;
}

size_t
pairs_count(const struct term *term)
{
	size_t count = 0;

	if (term->kind == TERM_MAP)
		return term->count / 2;
	for (size_t i = 0; term->kind == TERM_LIST && i < term->count; i++)
		count += term->items[i].kind == TERM_MAP
			     ? term->items[i].count / 2
			     : 1;
	return count;
}

bool
yaml_text(const struct term *term, struct str *text)
{
	if (term->kind != TERM_ATOM && term->kind != TERM_STRING &&
	    term->kind != TERM_INTEGER)
		return false;
	*text = term->text;
	return true;
}

enum { FEW = 8 }; /* keys that are compared one by one */

static const struct term *
twin_of(const struct term *map, size_t before, struct str text)
{
	struct str other;

	for (size_t i = 0; i < before; i += 2) {
		if (yaml_text(&map->items[i], &other) && str_eq(text, other))
			return &map->items[i];
	}
	return NULL;
}

/* 19.09 refuses what older releases read, whichever of the two it was. */
static void
report_twin(struct model_builder *builder, const struct term *key,
    const struct term *first)
{
	const struct target *target = builder->lint->target;
	struct finding *finding =
	    lint_report(builder->lint, &yaml_rules[YAML_DUPLICATE], key,
		"%.*s is given twice here", STR_ARG(key->text));

	lint_related(finding, first, "first given here");
	finding_hint(finding, "keep one of the two");
	if (terms_compare(key + 1, first + 1) == 0)
		edit_remove(finding, true, key, key + 1);
	if (pairs_count(key + 1) && pairs_count(first + 1))
		finding_severity(finding, SEVERITY_INFO); /* put together */
	else if (target && target->release && target->release < 1909)
		finding_severity(finding, SEVERITY_WARNING);
}

void
yaml_twins(struct model_builder *builder, const struct term *map)
{
	struct map seen = { 0 };
	bool few = map->count <= 2 * FEW;
	struct str text;

	if (map->kind != TERM_MAP)
		return;
	for (size_t i = 0; i < map->count; i += 2) {
		const struct term *key = &map->items[i];
		if (!yaml_text(key, &text))
			continue;
		const struct term *first =
		    few ? twin_of(map, i, text)
			: map_put(&seen, text, &map->items[i]);
		if (first)
			report_twin(builder, key, first);
	}
	map_fini(&seen);
}

/* --- hosts --- */

static void
refuse_host(struct model_builder *builder, const struct term *term)
{
	struct str text;

	if (model_word(term, &text)) {
		rules_bad_host(builder->lint, term, text);
		return;
	}
	struct finding *finding = build_report(builder, CFG_HOST_INVALID, term,
	    "%s is no host name", lint_shown(builder->lint, term));
	finding_hint(finding, "write a domain, such as example.org");
}

static void
add_served(struct model_builder *builder, const struct term *term)
{
	struct model_host *host = NULL;
	struct str text;

	if (yaml_text(term, &text))
		host = model_add_host(builder, term, text, true);
	if (!host) {
		refuse_host(builder, term);
		return;
	}
	if (host->at == term)
		return;
	struct finding *finding = build_report(builder, CFG_HOST_TWICE, term,
	    "the host %.*s is listed twice", STR_ARG(host->name));
	finding_subject(finding, lint_text(builder->lint, host->name));
	lint_related(finding, host->at, "first listed here");
	edit_remove(finding, true, term, term);
}

static void
read_hosts(struct model_builder *builder, const struct term *value)
{
	if (value->kind != TERM_LIST) {
		struct finding *finding = build_report(builder, CFG_VALUE,
		    value, "hosts expects a list of host names, got %s",
		    lint_shown(builder->lint, value));
		finding_hint(finding,
		    "write each name on a line of its own, behind a dash");
		return;
	}
	for (size_t i = 0; i < value->count; i++)
		add_served(builder, &value->items[i]);
}

static void
find_hosts(struct model_builder *builder, struct term *items, size_t count)
{
	for (size_t i = 0; i < count; i += 2) {
		if (term_is_atom(&items[i], "hosts") ||
		    (items[i].kind == TERM_STRING &&
			str_is(items[i].text, "hosts"))) {
			builder->model->hosts_at = &items[i + 1];
			read_hosts(builder, &items[i + 1]);
		}
	}
}

/* --- options --- */

/* What an option's value is made of. */
static void
read_parts(struct model_builder *builder, struct model_setting *setting)
{
	struct str name = setting->option.name;

	if (str_is(name, "modules"))
		model_yaml_modules(builder, setting);
	else if (str_is(name, "acl"))
		model_yaml_acl(builder, setting);
	else if (str_is(name, "access"))
		model_yaml_access(builder, setting);
	else if (str_is(name, "access_rules"))
		model_yaml_rules(builder, setting, ACCESS_RULES);
	else if (str_is(name, "shaper_rules"))
		model_yaml_rules(builder, setting, SHAPER_RULES);
	else if (str_is(name, "shaper"))
		model_yaml_shaper(builder, setting);
	else
		model_add_uses(builder, setting);
}

static void
add(struct model_builder *builder, const struct term *key,
    const struct term *value, struct model_host *host, bool adds)
{
	struct model_option option = {
		.key = key, .value = value, .whole = key
	};

	if (!yaml_text(key, &option.name)) {
		struct finding *finding = build_report(builder, CFG_FORM, key,
		    "%s is not the name of an option",
		    lint_shown(builder->lint, key));
		finding_hint(finding, "options are written NAME: VALUE");
		return;
	}
	struct model_setting *setting =
	    model_add_setting(builder, &option, host, adds);
	read_parts(builder, setting);
	model_end_setting(builder, setting);
}

static void
read_host_config(struct model_builder *builder, const struct term *name,
    const struct term *map, bool adds)
{
	struct model_host *host = NULL;
	struct str text;

	if (yaml_text(name, &text))
		host = model_add_host(builder, name, text, false);
	if (!host) {
		refuse_host(builder, name);
		return;
	}
	if (map->kind != TERM_MAP && map->kind != TERM_LIST) {
		build_report(builder, CFG_VALUE, map,
		    "expected options for %.*s, got %s", STR_ARG(text),
		    lint_shown(builder->lint, map));
		return;
	}
	yaml_twins(builder, map);
	struct pairs pairs = { .of = map };
	while (pairs_next(&pairs))
		add(builder, pairs.key, pairs.value, host, adds);
}

static void
read_host_configs(struct model_builder *builder, const struct term *key,
    const struct term *value, bool adds)
{
	struct pairs pairs = { .of = value };

	if (value->kind != TERM_MAP && value->kind != TERM_LIST) {
		struct finding *finding = build_report(builder, CFG_VALUE,
		    value, "%.*s expects hosts with their options, got %s",
		    STR_ARG(key->text), lint_shown(builder->lint, value));
		finding_hint(finding, "write HOST: below it, and the options "
				      "below that");
		return;
	}
	while (pairs_next(&pairs)) {
		if (pairs.value)
			read_host_config(builder, pairs.key, pairs.value, adds);
		else
			refuse_host(builder, pairs.key);
	}
}

static void
collect(struct model_builder *builder, const struct term *key,
    const struct term *value)
{
	struct str name = { 0 };

	yaml_text(key, &name);
	if (str_is(name, "host_config"))
		read_host_configs(builder, key, value, false);
	else if (str_is(name, "append_host_config"))
		read_host_configs(builder, key, value, true);
	else
		add(builder, key, value, NULL, false);
}

void
model_yaml(struct model_builder *builder, struct term *items, size_t count)
{
	const struct model_setting *listen;

	builder->read_inline = model_yaml_inline;
	find_hosts(builder, items, count);
	for (size_t i = 0; i < count; i += 2)
		collect(builder, &items[i], &items[i + 1]);
	listen = model_setting(builder->model, "listen", NULL);
	if (listen)
		model_yaml_listen(builder, listen);
}

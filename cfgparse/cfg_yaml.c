#include "cfgparse/cfg_yaml.h"
/*
 * From YAML files to one flat list of options: includes with their filters,
 * and what is given more than once, which ejabberd puts together where it is
 * lists or maps. Knows no option but include_config_file.
 */
#include <string.h>

#include "cfgparse/base/map.h"
#include "cfgparse/model_yaml.h"
#include "cfgparse/source_lines.h"
#include "cfgparse/yaml.h"
#include "cfgparse/yaml_rules.h"
#include "cfgparse/lint_edit.h"
#include "cfgparse/terms_order.h"

/* --- includes --- */

/* What disallow and allow_only of an include say. */
struct filter {
	const struct term *disallow;
	const struct term *allow_only;
};

static bool
list_has(const struct term *list, const struct term *name)
{
	struct str text, other;

	if (!yaml_text(name, &text))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (yaml_text(&list->items[i], &other) && str_eq(text, other))
			return true;
	}
	return false;
}

/* With allow_only, ejabberd doesn't look at disallow. */
static bool
passes(const struct filter *filter, const struct term *key)
{
	if (filter->allow_only && filter->allow_only->count)
		return list_has(filter->allow_only, key);
	return !filter->disallow || !list_has(filter->disallow, key);
}

static bool
read_filter(
    struct loader *loader, const struct term *options, struct filter *filter)
{
	struct pairs pairs = { .of = options };

	*filter = (struct filter){ 0 };
	if (yaml_is_nothing(options))
		return true;
	while (pairs_next(&pairs)) {
		bool disallow = term_is_atom(pairs.key, "disallow");

		if (pairs.value && pairs.value->kind == TERM_LIST &&
		    (disallow || term_is_atom(pairs.key, "allow_only"))) {
			if (disallow)
				filter->disallow = pairs.value;
			else
				filter->allow_only = pairs.value;
			continue;
		}
		struct finding *finding =
		    finding_at(loader, CFG_INCLUDE_FORM, pairs.key,
			"an include knows lists of disallow and of "
			"allow_only only");
		finding_hint(finding,
		    "write allow_only: and the names below it, each behind a "
		    "dash");
		return false;
	}
	return options->kind == TERM_MAP || options->kind == TERM_LIST;
}

static bool
is_yaml(
    struct loader *loader, const struct source *source, const struct term *from)
{
	switch (cfg_dialect(loader, source)) {
	case CFG_DIALECT_YAML: return true;
	case CFG_DIALECT_TERMS:
		finding_hint(finding_at(loader, CFG_YAML, from,
				 "a file in YAML can't include one in Erlang "
				 "terms"),
		    "write both in the same language");
		return false;
	case CFG_DIALECT_NONE: break;
	}
	return false;
}

static void
include(struct loader *loader, const struct chain *above,
    const struct term *name, const struct term *options, struct term_list *out)
{
	struct term_list included = { 0 };
	const struct source *source;
	struct filter filter = { 0 };
	struct chain chain;
	struct str text;

	if (!yaml_text(name, &text)) {
		finding_at(loader, CFG_INCLUDE_FORM, name,
		    "expected the name of a file, got %s",
		    lint_shown(&loader->lint, name));
		loader->lint.incomplete = true;
		return;
	}
	if ((options && !read_filter(loader, options, &filter)) ||
	    !cfg_include(loader, above, name, text, &chain, &source) ||
	    !is_yaml(loader, source, name) ||
	    !cfg_read_yaml(loader, &chain, source, &included)) {
		loader->lint.incomplete = true;
		return;
	}
	for (size_t i = 0; i + 1 < included.count; i += 2) {
		if (!passes(&filter, &included.items[i]))
			continue;
		term_list_add(&loader->arena, out, &included.items[i]);
		term_list_add(&loader->arena, out, &included.items[i + 1]);
	}
}

/* A name, a list of names, or a map from names to filters. */
static void
include_all(struct loader *loader, const struct chain *chain,
    const struct term *value, struct term_list *out)
{
	struct pairs pairs = { .of = value };

	if (value->kind != TERM_LIST && value->kind != TERM_MAP) {
		include(loader, chain, value, NULL, out);
		return;
	}
	while (pairs_next(&pairs))
		include(loader, chain, pairs.key, pairs.value, out);
}

bool
cfg_read_yaml(struct loader *loader, const struct chain *chain,
    const struct source *source, struct term_list *out)
{
	struct term *root;
	bool aliases;

	source_comments(source, COMMENTS_HASH);
	if (!yaml_parse(&loader->arena, source, loader->findings, &root))
		loader->lint.incomplete = true;
	yaml_look(&loader->arena, source, loader->findings, root, &aliases);
	if (aliases)
		loader->lint.incomplete = true;
	for (size_t i = 0; i + 1 < root->count; i += 2) {
		const struct term *key = &root->items[i];
		struct str name = { 0 };

		yaml_text(key, &name);
		if (name.len > YAML_ATOM_MAX)
			continue; /* that was reported */
		if (str_is(name, "include_config_file")) {
			include_all(loader, chain, key + 1, out);
			continue;
		}
		term_list_add(&loader->arena, out, key);
		term_list_add(&loader->arena, out, key + 1);
	}
	return true;
}

/* --- what is given more than once --- */

/* The options of one name. */
struct group {
	struct term key; /* the first one */
	struct term value;
	size_t kept; /* its index, of what is kept */
	size_t last;
	bool begun;
	size_t times, items;
	bool lists; /* all are lists or maps */
	bool maps;  /* all are maps */
};

static bool
is_collection(const struct term *term)
{
	return term->kind == TERM_LIST || term->kind == TERM_MAP;
}

static void
count_one(struct loader *loader, struct map *groups, const struct term *key,
    size_t index)
{
	const struct term *value = key + 1;
	struct group *group;
	struct str name;

	if (!yaml_text(key, &name))
		return;
	group = map_get(groups, name);
	if (!group) {
		group = arena_alloc(&loader->arena, sizeof *group);
		group->key = *key;
		group->value = *value;
		group->lists = group->maps = true;
		map_put(groups, name, group);
	}
	group->last = index;
	group->times++;
	group->lists = group->lists && is_collection(value);
	group->maps = group->maps && value->kind == TERM_MAP;
	if (is_collection(value))
		group->items += value->count + 1;
}

static void
report_group(struct loader *loader, const struct term *key,
    const struct group *group, bool merged)
{
	const struct term *first = &group->key;
	const struct target *target = loader->lint.target;
	struct finding *finding;

	/* Files are often made to add to each other. */
	if (merged && key->file != first->file)
		return;
	finding = lint_report(&loader->lint, &yaml_rules[YAML_DUPLICATE], key,
	    merged ? "%.*s is given twice, and what is below both is read as "
		     "one"
		   : "%.*s is given twice",
	    STR_ARG(key->text));
	lint_related(finding, first, "first given here");
	finding_hint(finding, merged ? "move all of it below one of the two"
				     : "keep one of the two");
	if (terms_compare(key + 1, &group->value) == 0)
		edit_remove(finding, true, key, key + 1);
	if (merged)
		finding_severity(finding, SEVERITY_INFO);
	else if (target && target->release && target->release < 1909)
		finding_severity(finding, SEVERITY_WARNING);
}

/* Puts what follows into the first one's value, which has the room. A map
 * among lists becomes an item of theirs. */
static void
append(const struct group *group, struct term *into, const struct term *more)
{
	if (more->count == 0)
		return;
	if (!group->maps && more->kind == TERM_MAP) {
		into->items[into->count++] = *more;
		return;
	}
	memcpy(into->items + into->count, more->items,
	    more->count * sizeof *more->items);
	into->count += more->count;
}

static void
start_merging(
    struct loader *loader, const struct group *group, struct term *value)
{
	struct term first = *value;

	value->items =
	    arena_array(&loader->arena, group->items + 1, sizeof first);
	value->count = 0;
	value->kind = group->maps ? TERM_MAP : TERM_LIST;
	append(group, value, &first);
}

/* True where the option at the index is to be kept. */
static bool
keeps(struct loader *loader, struct group *group, size_t index)
{
	struct term *items = loader->terms.items;
	struct term *value = &items[index + 1];

	if (group->begun)
		report_group(loader, &items[index], group, group->lists);
	if (!group->lists) {
		group->begun = true;
		return index == group->last;
	}
	if (group->begun) {
		append(group, &items[group->kept + 1], value);
		return false;
	}
	start_merging(loader, group, value);
	return true;
}

void
cfg_merge_yaml(struct loader *loader)
{
	struct term *items = loader->terms.items;
	size_t count = loader->terms.count, kept = 0;
	struct map groups = { 0 };

	for (size_t i = 0; i < count; i += 2)
		count_one(loader, &groups, &items[i], i);
	for (size_t i = 0; i < count; i += 2) {
		struct group *group = NULL;
		struct str name;

		if (yaml_text(&items[i], &name))
			group = map_get(&groups, name);
		if (group && group->times > 1 && !keeps(loader, group, i))
			continue;
		if (group) {
			group->kept = kept;
			group->begun = true;
		}
		items[kept] = items[i];
		items[kept + 1] = items[i + 1];
		kept += 2;
	}
	loader->terms.count = kept;
	map_fini(&groups);
}

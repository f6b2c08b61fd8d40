#ifndef CFGPARSE_MODEL_YAML_H
#define CFGPARSE_MODEL_YAML_H
/*
 * From the flattened options of YAML to the model. Private to the loader.
 */
#include "cfgparse/model_build.h"

/* Fills the builder's model from count terms, key, value, key, ..., whose
 * macros are replaced. */
void model_yaml(
    struct model_builder *builder, struct term *items, size_t count);

/* model_yaml_services.c: what listen and modules hold. */
void model_yaml_listen(
    struct model_builder *builder, const struct model_setting *setting);
void model_yaml_modules(
    struct model_builder *builder, struct model_setting *setting);

/* model_yaml_access.c: acl, access (before 16.06), access_rules,
 * shaper_rules and shaper. */
void model_yaml_acl(
    struct model_builder *builder, const struct model_setting *setting);
void model_yaml_access(
    struct model_builder *builder, const struct model_setting *setting);
void model_yaml_rules(struct model_builder *builder,
    const struct model_setting *setting, enum model_access_kind kind);
void model_yaml_shaper(
    struct model_builder *builder, const struct model_setting *setting);
/* A rule in the place of its name; false where it is none. */
bool model_yaml_inline(struct model_builder *builder, const struct term *value,
    const struct model_use *use);

/* A walk through the pairs of a map, or of the maps in a list, in the order
 * of the text. Starts with { .of = term }. */
struct pairs {
	const struct term *of;
	size_t item, pair;
	/* What was found: a key with its value, or, in a list, an item that
	 * is no map (value NULL). */
	const struct term *key;
	const struct term *value;
};
bool pairs_next(struct pairs *pairs);
/* How many there are at most. */
size_t pairs_count(const struct term *term);

/* The text of a plain or quoted scalar, a number's digits too. */
bool yaml_text(const struct term *term, struct str *text);
/* Reports keys that are given twice in a map of options. */
void yaml_twins(struct model_builder *builder, const struct term *map);

#endif

#ifndef CFGPARSE_MODEL_BUILD_H
#define CFGPARSE_MODEL_BUILD_H
/*
 * Building the model: what the readers of both dialects (model_terms.c,
 * model_yaml.c) call while they walk through the flattened options. What a
 * dialect can't make sense of it reports under the rules of form (CFG035,
 * CFG039, CFG043 to CFG047, CFG052, CFG065, CFG068, CFG072) and leaves out;
 * names, types and meaning are judged by the rules once the model is whole.
 * Private to the loader.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/base/map.h"
#include "cfgparse/lint.h"

enum {
	MODEL_FEW = 16,	    /* of a host's settings, to look through them */
	MODEL_NAMES = 1024, /* remembered */
};

/* A name of owner's that was looked up, and what was found. */
struct model_name {
	const void *owner;
	struct str name;
	void *value; /* NULL: not looked up yet */
	const void *shape; /* a setting's, see model_terms.c; or NULL */
	bool secret; /* an option's, by its name */
};

struct model_builder {
	struct lint *lint; /* its arena keeps the model */
	struct model *model;
	uint32_t order;
	/* Reads a rule written where its name could stand (YAML), by
	 * model_add_inline; NULL: there are none. False: it is no rule. */
	bool (*read_inline)(struct model_builder *builder,
	    const struct term *value, const struct model_use *use);
	/* Are told of each once it is whole; or NULL. */
	void (*setting_added)(
	    struct lint *lint, const struct model_setting *setting);
	void (*module_added)(
	    struct lint *lint, const struct model_module *module);
	struct model_name *latest; /* that was looked up */
	struct model_name *names;  /* MODEL_NAMES that were looked up last */
	struct map uses;	  /* what makes them differ -> model_use */
	size_t next_host;	  /* that a host_config is likely for */
	size_t listener_room, host_room, setting_room, secret_room;
};

/* Fills lint->model with an empty model. */
void model_build_start(
    struct model_builder *builder, struct lint *lint, bool yaml);
/* Frees what only building needed. */
void model_build_end(struct model_builder *builder);

/* Where what is found under a name is remembered. */
struct model_name *model_known(
    struct model_builder *builder, const void *owner, struct str name);
/* What the host has of its own, its last of the name; or NULL. */
struct model_setting *model_own_setting(const struct model *model,
    const struct model_settings *all, const struct model_host *host);
struct model_access *model_own_access(const struct model *model,
    const struct model_access *first, const struct model_host *host);
/* The host of that name as written; NULL where it is no host name. A name of
 * `hosts` (served) may have been there already: host->at isn't `at` then. */
struct model_host *model_add_host(struct model_builder *builder,
    const struct term *at, struct str name, bool served);
/* Adds an option; the builder finds its row. host: NULL for all hosts. Comes
 * before what the setting is made of is added, and model_end_setting behind
 * it. */
struct model_setting *model_add_setting(struct model_builder *builder,
    const struct model_option *option, struct model_host *host, bool add);
void model_end_setting(
    struct model_builder *builder, const struct model_setting *setting);
/* The uses in the value of a setting by its row's type. */
void model_add_uses(
    struct model_builder *builder, const struct model_setting *setting);

/* yes, on and the like become true or false in YAML, where the target takes
 * them for that. */
void model_plain_bool(
    struct model_builder *builder, struct model_option *option);
void model_add_secret(
    struct model_builder *builder, const struct model_option *option);
/* Adds one use; model_add_uses and the adders below do it for what they are
 * given. */
void model_add_use(struct model_builder *builder, const struct model_use *use);
/* Finds the rows of options and adds the uses in their values. service: NULL
 * for a module that isn't known. */
void model_use_options(struct model_builder *builder,
    const struct model_options *options, const struct service *service,
    bool listener, struct model_host *host);

/* A copy of the listener; row, and the uses in its options, are found here. */
void model_add_listener(
    struct model_builder *builder, const struct model_listener *listener);
/* The same for a module; name, key, whole and options are the caller's. */
struct model_module *model_add_module(struct model_builder *builder,
    const struct model_module *module, struct model_setting *setting);

/* setting: the acl, access, access_rules, shaper_rules or shaper that it
 * stands in; its host is taken from there. All are copied. */
void model_add_acl(struct model_builder *builder, const struct model_acl *acl,
    const struct model_setting *setting);
/* Adds the uses of acls and shapers in the lines too. */
void model_add_access(struct model_builder *builder,
    const struct model_access *access, const struct model_setting *setting);
void model_add_shaper(struct model_builder *builder,
    const struct model_shaper *shaper, const struct model_setting *setting);
/* A rule without a name, of what uses it. */
void model_add_inline(struct model_builder *builder,
    const struct model_access *access, const struct model_use *use);

/* Adds a finding under a rule of the loader's own (cfg_rules.h). */
#define build_report(builder, rule, ...) \
	lint_report((builder)->lint, &cfg_rules[rule], __VA_ARGS__)

#endif

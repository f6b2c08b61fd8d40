#ifndef CFGPARSE_CFG_FROZEN_H
#define CFGPARSE_CFG_FROZEN_H
/*
 * The frozen configuration behind cfg.h, and the steps that make it from a
 * model without errors. They report nothing. Included by cfgparse/cfg*.c
 * only.
 */
#include "cfgparse/address.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/map.h"
#include "cfgparse/cfg.h"
#include "cfgparse/lint.h"
#include "cfgparse/policy.h"

struct module_option {
	const char *name;
	const char *text;   /* atom or string, integer's digits; or NULL */
	const char *second; /* of a pair of texts */
	int64_t number;
	bool is_number;
	bool is_flag;
};

struct ip_rule {
	bool allow;
	struct network network;
};

struct cfg_module {
	const char *name;
	const struct module_option *options;
	size_t option_count;
	const struct ip_rule *ip_rules;
	size_t ip_rule_count;
	const char *ip_access; /* YAML: an access rule; or NULL */
};

/* The configuration and all that it points to. */
struct frozen {
	struct cfg cfg; /* first: cfg_destroy casts back */
	struct arena arena;
	struct map hosts; /* name -> struct cfg_host */
	struct policy *policy;
};

struct freezer {
	const struct model *model;
	const struct lint *lint; /* its arena is for what isn't kept */
	struct frozen *frozen;
	struct map certfiles; /* path -> itself */
	size_t certfile_room;
};

/* A NUL-terminated copy in frozen memory. */
const char *frozen_text(struct freezer *freezer, struct str text);
/* The text of an atom, a string, a list of character codes or an integer;
 * false for everything else. */
bool frozen_word(
    struct freezer *freezer, const struct term *term, struct str *word);
/* The path that a relative name of the file means, in frozen memory; NULL
 * where it names none. The list of certificates remembers it. */
const char *frozen_certfile(struct freezer *freezer, const struct term *name);
/* The first of certfiles, or NULL. */
const char *frozen_default_certfile(struct freezer *freezer);

/* One step each, in this order; certificates are listed by the first. */
void freeze_globals(struct freezer *freezer);
/* Hosts, with their modules and certificates. */
void freeze_hosts(struct freezer *freezer);
/* Rates by name. */
void freeze_shapers(struct freezer *freezer);
/* What can be opened, and ports that stay closed. */
void freeze_listeners(struct freezer *freezer);
/* Certificates of what this server doesn't offer, behind the others. */
void freeze_idle_certfiles(struct freezer *freezer);
/* The modules that a host without (NULL) or with options of its own runs. */
const struct cfg_module *const *freeze_modules(
    struct freezer *freezer, const struct model_host *host, size_t *count);

#endif

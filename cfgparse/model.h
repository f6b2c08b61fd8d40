#ifndef CFGPARSE_MODEL_H
#define CFGPARSE_MODEL_H
/*
 * What a configuration says, in one shape for both dialects: the options in
 * the order of the file, with macros and includes expanded, and beside them
 * what options such as listen, modules, acl and access_rules are made of.
 * Rules, --effective, the access questions and the server's own configuration
 * are all read from here. Nothing is judged here, and defaults are not filled
 * in. Immutable once built; everything lives as long as the loader.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/map.h"
#include "cfgparse/base/pair_map.h"
#include "cfgparse/base/str.h"
#include "cfgparse/catalogue.h"
#include "cfgparse/term.h"

/* {Name, Value}, a bare flag, or NAME: VALUE. */
struct model_option {
	struct str name;
	const struct term *key;	  /* where the name stands */
	const struct term *value; /* NULL: a bare flag */
	const struct term *whole; /* the tuple; in YAML the key */
	/* Of a listener's or module's option; NULL: unknown. */
	const struct option *row;
};

struct model_options {
	const struct model_option *items;
	size_t count;
	const struct term *list; /* that they stand in, or NULL */
};

struct model_setting;
struct model_settings;
struct model_module;

/* A host of `hosts`, or one that only host_config names. */
struct model_host {
	struct str name;	      /* prepared */
	const struct term *at;	      /* where it is named first */
	const struct term *config_at; /* in its first host_config, or NULL */
	bool served;		      /* stands in hosts */
	size_t index;		      /* in model->hosts */
	struct model_setting *first;  /* of its host_config, by next_of_host */
	struct model_setting *last;
	struct model_access *first_access; /* by next_of_host */
	struct model_access *last_access;
	struct model_acl *first_acl, *last_acl; /* by next_of_host */
	uint32_t setting_count, access_count, acl_count;
};

/* One option given at the top level or for one host. */
struct model_setting {
	struct model_option option;
	struct model_host *host;    /* NULL: for all hosts */
	bool add;		    /* {add, Option}, append_host_config */
	uint32_t order;		    /* rises through the configuration */
	const struct option *row;   /* NULL: unknown */
	struct model_setting *next; /* of the same name, any host */
	struct model_setting *next_of_host; /* of the same host */
	/* What held for the host where it stands; or NULL. */
	struct model_setting *before;
	const struct model_settings *all; /* of its name */
	struct model_module *modules;	  /* of `modules`: its first */
};

/* All settings of one name. */
struct model_settings {
	struct model_setting *first;
	struct model_setting *last;
	struct model_setting *last_global; /* for all hosts, or NULL */
	size_t count;
	const struct option *row; /* NULL: unknown */
	bool secret;		  /* by its name */
	/* All have the same atom for a value, and what is said of one of them
	 * is true of all but for the host. */
	bool uniform;
};

struct model_module {
	struct str name;
	const struct term *key;
	const struct term *whole;
	struct model_options options;
	const struct model_setting *setting; /* the `modules` it stands in */
	const struct service *row;	     /* NULL: unknown */
	const struct model_modules *all;     /* of its name */
	struct model_module *next_of_name;
	/* Of the whole configuration; those of one setting follow each other,
	 * in the order of the file. */
	struct model_module *next;
};

/* All modules of one name. */
struct model_modules {
	struct str name;
	const struct service *row; /* NULL: unknown */
	struct model_module *first, *last;
	bool repeated;		    /* some setting has it twice */
	struct model_modules *next; /* in the order in which names come */
};

enum model_transport { MODEL_TCP, MODEL_UDP, MODEL_UNIX };

struct model_listener {
	const struct term *whole;
	const struct term *port_at;    /* or NULL */
	int64_t port;		       /* 1 to 65535; 0: none that is valid */
	const struct term *address_at; /* or NULL: all of one family */
	/* Canonical text, "0.0.0.0", "::"; a path; empty: none that is valid */
	struct str address;
	enum model_transport transport;
	struct str module; /* ejabberd_c2s; empty: not given */
	const struct term *module_at;
	struct model_options options;
	const struct service *row; /* NULL: unknown */
};

/* Who an acl, or an inline condition of a rule, means. */
enum model_form {
	FORM_ALL,
	FORM_NONE,
	FORM_ACL, /* inline only: the acl of that name */
	FORM_USER,
	FORM_SERVER,
	FORM_RESOURCE,
	FORM_SHARED_GROUP,
	FORM_USER_REGEXP,
	FORM_SERVER_REGEXP,
	FORM_RESOURCE_REGEXP,
	FORM_NODE_REGEXP,
	FORM_USER_GLOB,
	FORM_SERVER_GLOB,
	FORM_RESOURCE_GLOB,
	FORM_NODE_GLOB,
	FORM_IP, /* YAML */
	FORM_UNKNOWN,
};

struct model_condition {
	enum model_form form;
	const struct term *whole;
	const struct term *first_at, *second_at; /* or NULL */
	struct str first, second; /* as written; second: the server */
};

/* acl: entries of one name accumulate; one matching entry is enough. */
struct model_acl {
	struct str name;
	const struct term *key;
	struct model_host *host; /* NULL: for all hosts */
	struct model_condition condition;
	const struct model_setting *setting;
	struct model_acl *next; /* of the same name */
	struct model_acl *next_of_host;
	struct model_acl *last; /* of the first one: the last of the name */
	/* Those for all hosts: of the first one the first and the last, of
	 * each the next. A name may have entries of thousands of hosts. */
	struct model_acl *global;
	struct model_acl *global_last;
	struct model_acl *global_next;
	/* Of the first one: what a rule found out about all of the name, so
	 * that it isn't asked again for each line; 0 at first. */
	int *note;
};

/* A line: the result where ALL its conditions match. */
struct model_line {
	const struct term *whole;
	const struct term *result_at;
	struct str result; /* allow, deny, a shaper's name, digits, infinity */
	const struct model_condition *conditions;
	size_t count;
};

enum model_access_kind {
	ACCESS_OLD,
	ACCESS_RULES,
	SHAPER_RULES,
	ACCESS_INLINE
};

/* access, access_rules, shaper_rules, or a rule written where its name could
 * stand. The first line that matches decides; none: deny (none for shapers). */
struct model_access {
	enum model_access_kind kind;
	struct str name; /* empty: inline */
	const struct term *key;
	struct model_host *host; /* NULL: for all hosts */
	const struct model_line *lines;
	size_t count;
	bool broken;			     /* its lines couldn't be read */
	const struct model_setting *setting; /* NULL: inline */
	const struct model_use *use;	     /* of an inline one: where */
	struct model_access *next; /* of the same name; the last one holds */
	struct model_access *next_of_host;
	struct model_access *first; /* of the same name */
	/* Of the first one: the last of the name, the last for all hosts. */
	struct model_access *last, *last_global;
	bool of_hosts; /* of the first one: some host has its own */
};

struct model_shaper {
	struct str name;
	const struct term *key;
	struct model_host *host; /* NULL: for all hosts */
	const struct term *value;
	int64_t rate; /* bytes a second; 0: no limit; -1: ill-formed */
	struct model_shaper *next; /* of the same name */
	struct model_shaper *last; /* of the first one: the last of the name */
};

/* A name of an access rule, shaper or acl that something uses. */
enum model_use_kind { USE_ACCESS, USE_SHAPER, USE_ACL };

struct model_place {
	const struct term *at;
	struct model_host *host; /* whose host_config; NULL: for all */
	struct model_place *next;
};

/* One name as one option uses it, wherever that is. */
struct model_use {
	enum model_use_kind kind : 8;
	bool is_listener : 1;
	bool shaper_rule : 1; /* YAML: of a rule that chooses a shaper */
	struct str name;
	const struct option *row;    /* of the option; NULL: in a rule */
	const struct service *owner; /* listener or module, or NULL */
	struct model_place place;    /* the first, and by next the others */
	struct model_place *last;
	struct model_use *next;
};

struct model {
	bool yaml;		     /* the main file's dialect */
	const struct term *hosts_at; /* the value of hosts, or NULL */
	/* Served ones and others, as they are named first. */
	struct model_host **hosts;
	size_t host_count;
	size_t served_count;
	struct map hosts_by_name; /* -> struct model_host */
	struct map settings;	  /* name -> struct model_settings */
	struct model_setting **in_order;
	size_t setting_count;
	struct model_listener *listeners;
	size_t listener_count;
	struct model_module *modules, *last_module;
	struct model_modules *module_names, *last_module_name;
	struct map modules_by_name; /* -> struct model_modules */
	struct map module_options;  /* names of options that some module has */
	/* Settings and modules' options whose names are those of secrets. */
	const struct model_option **secrets;
	size_t secret_count;
	struct map acls;     /* name -> struct model_acl, the first */
	struct map accesses; /* name -> struct model_access, the first */
	struct map shapers;  /* name -> struct model_shaper, the first */
	struct model_access *inlines,
	    *last_inline; /* without a name, by next */
	/* Of hosts with many of them. host, model_settings: its last setting;
	 * host, first model_access of a name: its last one. And the term of a
	 * rule without a name, NULL: the rule. */
	struct pair_map own;
	struct model_use *uses, *last_use;
};

/* Frees what the model keeps outside the arena. */
void model_fini(struct model *model);
/* The host of that prepared name, or NULL. */
struct model_host *model_host(const struct model *model, struct str name);
/* The served host that the prepared name is, or is below; or NULL. */
const struct model_host *model_host_above(
    const struct model *model, struct str name);
/* All settings of an option, or NULL. */
const struct model_settings *model_settings(
    const struct model *model, const char *name);
/* The setting that holds for a host (NULL: globally), as ejabberd applies
 * them in order, or NULL. Of one that adds, what it adds to is found by
 * model_before. O(1). */
const struct model_setting *model_setting(
    const struct model *model, const char *name, const struct model_host *host);
/* The same for settings that are at hand. */
const struct model_setting *model_last(const struct model *model,
    const struct model_settings *all, const struct model_host *host);
/* The setting that an adding one adds to, or NULL. */
const struct model_setting *model_before(
    const struct model *model, const struct model_setting *setting);
/* The first option of that name in the list, or NULL. */
const struct model_option *model_option(
    const struct model_options *options, const char *name);
/* True where the flag or the true value is given; fallback where nothing. */
bool model_flag(
    const struct model_options *options, const char *name, bool fallback);
/* The text of an option's value as either dialect writes it (string, atom,
 * digits); false where it isn't given or no text. */
bool model_text(
    const struct model_options *options, const char *name, struct str *text);
/* The text of a term that is a string, an atom or an integer. */
bool model_word(const struct term *term, struct str *text);
/* All modules of a name, or NULL. */
const struct model_modules *model_modules(
    const struct model *model, const char *name);
/* True for names such as password and turn_secret, whose values ought to be
 * hard to guess. What is kept out of messages is more: secret_is_name. */
bool model_is_secret(struct str name);
/* True where an option of some module has the name. */
bool model_has_module_option(const struct model *model, const char *name);
/* The module that the host runs, with its options, or NULL; the first entry
 * of one name holds. O(modules of the host + 1). */
const struct model_module *model_module(
    const struct model *model, const char *name, const struct model_host *host);
/* The first of that name, by next; or NULL. */
const struct model_acl *model_acl(const struct model *model, struct str name);
/* The rule that holds for a host (NULL: globally), or NULL. */
const struct model_access *model_access(
    const struct model *model, struct str name, const struct model_host *host);
/* The rule that is written in the place of its name, or NULL. */
const struct model_access *model_inline(
    const struct model *model, const struct term *value);
const struct model_shaper *model_shaper(
    const struct model *model, struct str name);

#endif

#ifndef CFGPARSE_CFG_PRIVATE_H
#define CFGPARSE_CFG_PRIVATE_H
/*
 * What the files of the loader share: the loader, which dies when loading is
 * done, and the frozen configuration behind cfg.h. Included by
 * cfgparse/cfg*.c only.
 */
#include <regex.h>

#include "cfgparse/address.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/file.h"
#include "cfgparse/base/map.h"
#include "cfgparse/catalogue.h"
#include "cfgparse/cfg.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/findings.h"
#include "cfgparse/term.h"

/* A growing list of terms in an arena. */
struct term_list {
	struct term *items;
	size_t count;
	size_t cap;
};

/* One value given to one option, in the order of the file. */
struct setting {
	struct str name;	  /* of the option */
	const struct term *key;	  /* where the name stands */
	const struct term *value; /* the element behind the key */
	const struct term *whole; /* the tuple */
	const char *host;	  /* NULL: for all hosts */
	bool add;		  /* {add, Option}: put before what there is */
	struct setting *next;	  /* the next one of the same name */
};

/* All settings of one name. */
struct setting_list {
	struct setting *first;
	struct setting *last;
};

struct loader {
	struct arena arena; /* trees and settings; dies with the loader */
	struct findings *findings;
	const struct cfg_load_options *options;
	bool may_read;		     /* files beside the main one */
	const struct source *source; /* the main file, once it was read */
	const char *path;	     /* of the main file */
	struct str directory;	/* of the main file, with its slash, or "" */
	struct term_list terms; /* flattened */
	struct map settings;	/* name -> struct setting_list */
	struct map acl_names;	/* -> struct term that defines it first */
	struct map access_names;
	struct map shaper_names;
	const struct term **listeners; /* entry of each frozen listener */
	struct frozen *frozen;
	size_t files; /* read so far */
};

enum acl_form {
	ACL_ALL,
	ACL_NONE,
	ACL_USER,
	ACL_SERVER,
	ACL_RESOURCE,
	ACL_USER_REGEXP,
	ACL_SERVER_REGEXP,
	ACL_RESOURCE_REGEXP,
	ACL_NODE_REGEXP,
	ACL_USER_GLOB,
	ACL_SERVER_GLOB,
	ACL_RESOURCE_GLOB,
	ACL_NODE_GLOB,
	ACL_NEVER, /* what can match nobody here */
};

struct acl {
	enum acl_form form;
	const char *host; /* NULL: for all hosts */
	/* What must match; server NULL: the host's own users. */
	const char *first;
	const char *server;
	regex_t *first_re;
	regex_t *server_re;
	struct acl *next; /* of the same name */
};

struct acl_group {
	struct acl *first;
	struct acl **end;
};

struct access_line {
	const char *result;
	const char *acl;
};

struct access_rule {
	const char *host; /* NULL: for all hosts */
	const struct access_line *lines;
	size_t count;
	struct access_rule *next; /* of the same name */
};

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
};

/* The configuration and all that it points to. */
struct frozen {
	struct cfg cfg; /* first: cfg_destroy casts back */
	struct arena arena;
	struct map hosts;  /* name -> struct cfg_host */
	struct map acls;   /* name -> struct acl_group */
	struct map access; /* name -> struct access_rule */
	regex_t **regexps;
	size_t regexp_count;
	size_t regexp_cap;
};

void term_list_add(
    struct arena *arena, struct term_list *list, const struct term *term);

/* Adds a finding at a term; says where a macro brought it in. */
struct finding *finding_at(struct loader *loader, enum cfg_rule rule,
    const struct term *term, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
/* A further place that explains the finding. */
void finding_related_at(
    struct finding *finding, const struct term *term, const char *message);
/* The term as the user would write it, cut short, for messages. Valid until
 * the loader is destroyed. */
const char *term_shown(struct loader *loader, const struct term *term);
/* Text of an atom or a string; false for everything else. */
bool term_word(
    struct loader *loader, const struct term *term, struct str *word);
/* Where the term was written, in memory of the frozen configuration. */
struct cfg_place place_of(struct loader *loader, const struct term *term);
/* The path that a relative name of the file means, in frozen memory. */
const char *path_of(struct loader *loader, struct str name);

/* cfg_read.c: reads, parses and flattens; false where nothing can be said
 * about the rest. */
bool cfg_read_main(struct loader *loader);
bool cfg_read_text(struct loader *loader, const char *name, struct str text);

/* cfg_dialect.c: false where the text is no file of terms; says what it is. */
bool cfg_is_terms(struct loader *loader, const struct source *source);

/* cfg_macro.c: takes define_macro terms away and puts their values in. */
void cfg_expand_macros(struct loader *loader);

/* cfg_settings.c */
void cfg_collect_hosts(struct loader *loader);
void cfg_collect_settings(struct loader *loader);
/* The settings of that name, or NULL. */
struct setting *setting_first(struct loader *loader, const char *name);
/* The value of an option for a host (NULL: global), with all {add, ...}
 * done, or NULL where it isn't set. */
const struct term *setting_value(
    struct loader *loader, const char *name, const char *host);

/* cfg_check.c: names and types of all settings, by the catalogue. */
void cfg_check_settings(struct loader *loader);
/* Names and types of the options of a listener or module. */
void cfg_check_options(struct loader *loader, const struct service *service,
    const struct term *options, bool listener);
/* The value of an option in a list: {name, Value}, or the flag itself. */
const struct term *option_value(const struct term *list, const char *name);
bool option_flag(const struct term *list, const char *name);

/* cfg_acl.c, cfg_access.c */
void cfg_freeze_acls(struct loader *loader);
void cfg_freeze_access(struct loader *loader);
void cfg_freeze_shapers(struct loader *loader);
/* Reports a name that no acl, access rule or shaper has. */
void cfg_check_access_name(
    struct loader *loader, const struct term *name, bool acted_on);
void cfg_check_shaper_name(struct loader *loader, const struct term *name);

/* cfg_listen.c, cfg_module.c, cfg_hosts.c */
void cfg_freeze_listeners(struct loader *loader);
void cfg_check_modules(struct loader *loader);
/* The modules of one value of the option, or NULL. Reports nothing. */
const struct cfg_module *const *cfg_freeze_modules(
    struct loader *loader, const struct term *list, size_t *count);
void cfg_freeze_hosts(struct loader *loader);
/* Which hosts a port that encrypts has no certificate for; after the hosts
 * were frozen. */
void cfg_check_listener_certificates(struct loader *loader);
void cfg_freeze_globals(struct loader *loader);
/* Remembers a PEM file that the configuration names, and checks it where
 * that is wanted. Returns its path in frozen memory. */
const char *cfg_certfile(
    struct loader *loader, const struct term *name, const char *subject);

#endif

#ifndef CFGPARSE_CATALOGUE_H
#define CFGPARSE_CATALOGUE_H
/*
 * What ejabberd's configuration can say: one row per option, as data. Linter,
 * server, --explain and docs/options.md all read these rows; a row that
 * `acts` is one that this server follows.
 */
#include <stdbool.h>
#include <stdio.h>

#include "cfgparse/base/str.h"
#include "cfgparse/term.h"

enum option_scope {
	SCOPE_GLOBAL = 1,
	SCOPE_HOST = 2, /* host_config */
	SCOPE_LISTENER = 4,
	SCOPE_MODULE = 8,
};

/* Kinds of values; catalogue_types.c has a checker for each. */
enum option_type {
	TYPE_ANY,
	TYPE_FLAG, /* a bare atom; its presence switches it on */
	TYPE_CHOICE,
	TYPE_ATOM,
	TYPE_BOOL,
	TYPE_INTEGER,
	TYPE_NONNEG,
	TYPE_POSITIVE,
	TYPE_PORT,
	TYPE_NUMBER,
	TYPE_STRING,
	TYPE_STRING_PAIR,
	TYPE_PATH,
	TYPE_CERTFILE,
	TYPE_HOST,
	TYPE_ACCESS, /* name of an access rule */
	TYPE_SHAPER, /* name of a shaper */
	TYPE_IP,
	TYPE_LIST,
	TYPE_STRINGS,
	TYPE_ATOMS,
	TYPE_HOSTS,
	TYPE_JIDS,
	TYPE_OPTIONS, /* list of {name, value} and flags */
	TYPE_LOGLEVEL,
	TYPE_IQDISC,
	TYPE_METHODS,
	TYPE_MECHANISMS,
	TYPE_IP_ACCESS,
	TYPE_LISTEN,
	TYPE_MODULES,
	TYPE_REFUSED,
};

/* A row; tables end with a zero row. NULL where nothing is to say. */
struct option {
	const char *name;
	unsigned scope; /* enum option_scope, or-ed */
	enum option_type type;
	const char *values;   /* atoms accepted beside the type's, by spaces */
	const char *fallback; /* the default, in words or as written */
	const char *since;    /* ejabberd's release, where not all of 2.1 */
	const char *later;    /* what became of it in later releases */
	bool acts;
	const char *help;
	/* Where it doesn't act: the atom that says what is done anyway. */
	const char *anyway;
	unsigned idle; /* enum option_scope, or-ed: where it has no effect,
			* though it acts elsewhere */
};

/* A module, or what listens behind a port. */
struct service {
	const char *name;
	const char *does;
	const struct option *options; /* or NULL: it takes none */
	bool acts;
	const char *since;
	const char *later;
	bool foreign; /* not ejabberd's own; its options aren't known */
};

/* The row, or NULL: at the top level or in host_config; of a listener
 * (its own or those common to all); of a module. */
const struct option *catalogue_option(struct str name);
const struct option *catalogue_service_option(
    const struct service *service, struct str name);
const struct service *catalogue_listener(struct str name);
const struct service *catalogue_module(struct str name);
/* True for top-level names that ejabberd's relatives know. */
bool catalogue_foreign_option(struct str name);

/* The nearest known name, or NULL where none is near. */
const char *catalogue_suggest_option(struct str name);
const char *catalogue_suggest_service_option(
    const struct service *service, struct str name);
const char *catalogue_suggest_listener(struct str name);
const char *catalogue_suggest_module(struct str name);

/* True where the value has the option's type. Otherwise *at is the part
 * that hasn't, and *expected says what should be there ("true or false"). */
bool catalogue_check(const struct option *option, const struct term *value,
    const struct term **at, const char **expected);
/* What the type accepts, in words. */
const char *catalogue_expected(const struct option *option);

/* Prints what is known of an option ("loglevel", "mod_ping.send_pings") or a
 * service; false where nothing is. */
bool catalogue_explain(const char *name, FILE *out);
/* docs/options.md. */
void catalogue_document(FILE *out);

#endif

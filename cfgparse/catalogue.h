#ifndef CFGPARSE_CATALOGUE_H
#define CFGPARSE_CATALOGUE_H
/*
 * What ejabberd's configuration can say: one row per option, as data. Linter,
 * server, --explain and docs/options.md all read these rows; a row that
 * `acts` is one that this server follows.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "cfgparse/base/str.h"
#include "cfgparse/target.h"
#include "cfgparse/term.h"

enum option_scope {
	SCOPE_GLOBAL = 1,
	SCOPE_HOST = 2, /* host_config of Erlang terms */
	SCOPE_LISTENER = 4,
	SCOPE_MODULE = 8,
	SCOPE_YAML_HOST = 16, /* host_config of YAML */
};

/* Kinds of values; catalogue_types.c has a checker for each. */
enum option_type {
	TYPE_NONE, /* the dialect doesn't have the option */
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
	TYPE_SECRET, /* a string that nobody should read */
	TYPE_PATH,
	TYPE_CERTFILE,
	TYPE_HOST,
	TYPE_ACCESS, /* name of an access rule; in YAML also the rule itself */
	TYPE_SHAPER, /* name of a shaper */
	TYPE_SHAPER_RULE, /* YAML: name of a rule that chooses a shaper or a
			   * number, or the rule itself */
	TYPE_ACL,	  /* name of an acl */
	TYPE_IP,
	TYPE_LIST,
	TYPE_STRINGS,
	TYPE_ATOMS,
	TYPE_HOSTS,
	TYPE_JIDS,
	TYPE_OPTIONS, /* list of {name, value} and flags; YAML: mapping */
	TYPE_LOGLEVEL,
	TYPE_IQDISC,
	TYPE_METHODS,
	TYPE_MECHANISMS,
	TYPE_IP_ACCESS,
	TYPE_LISTEN,
	TYPE_MODULES,
	TYPE_REFUSED,
	/* Of YAML only. */
	TYPE_TIMEOUT, /* a number of units, or such as "5 minutes" */
	TYPE_OCTAL,
	TYPE_URL,
	TYPE_IPV4,
	TYPE_IPV6,
	TYPE_IP_MASK,
	TYPE_JID,
	TYPE_REGEXP,
	TYPE_GLOB,
	TYPE_LANGUAGE,
	TYPE_BASE64,
	TYPE_LDAP_FILTER,
	TYPE_UNIX_SOCKET,
	TYPE_ACCESS_RULES, /* what stands below a name in access_rules */
	TYPE_ACL_RULES,	   /* what stands below a name in acl */
	TYPE_MODULE,	   /* name of a module of code */
	TYPE_LIST_OF,	   /* sequence */
	TYPE_ONE_OR_LIST,
	TYPE_MAP,
	TYPE_EITHER,
};

/* The shape of a value in YAML. */
struct type {
	enum option_type kind;
	int64_t least; /* of numbers; of a timeout in milliseconds */
	int64_t most;
	/* Words accepted, by spaces: beside the type's own values, or for
	 * TYPE_CHOICE at all; of a URL its schemes. */
	const char *values;
	const struct type *key;	 /* of a mapping */
	const struct type *item; /* of a list or mapping; either of two */
	const struct type *other;
	const struct type_field *fields; /* of TYPE_OPTIONS, name NULL last */
};

struct type_field {
	const char *name;
	const struct type *type;
	bool required;
};

/* What became of an option or module behind its last release. */
enum option_end {
	END_NONE,      /* it is unknown there, and nothing replaces it */
	END_RENAMED,   /* unknown there: instead says what to write */
	END_CONVERTED, /* still read: rewritten as instead, with a warning */
	END_IGNORED,   /* still read: dropped with a warning */
};

/* A row; tables end with a zero row. NULL where nothing is to say. */
struct option {
	const char *name;
	unsigned scope;	       /* enum option_scope, or-ed */
	enum option_type type; /* in Erlang terms */
	const char *values;    /* atoms accepted beside the type's, by spaces */
	const char *fallback;  /* the default, in words or as written */
	const char *since;     /* ejabberd's release, where not all of 2.1 */
	bool acts;
	const char *help;
	/* Where it doesn't act: the atom that says what is done anyway. */
	const char *anyway;
	unsigned idle; /* enum option_scope, or-ed: where it has no effect,
			* though it acts elsewhere */
	/* In YAML: NULL where no release had it there. */
	const struct type *yaml;
	unsigned first;	     /* release, such as 1506 for 15.06 and earlier */
	unsigned last;	     /* or 0: the newest one still has it */
	unsigned deprecated; /* release from which instead is preferred */
	enum option_end end;
	const char *instead;	   /* what to write: a name, or in words */
	const char *yaml_fallback; /* the default in YAML, where another */
};

/* A module, or what listens behind a port. */
struct service {
	const char *name;
	const char *does;
	const struct option *options; /* or NULL: it takes none */
	const struct option *more;    /* options that it shares, or NULL */
	bool acts;
	bool listener;
	bool terms;	   /* ejabberd 2.1 had it */
	const char *since; /* of 2.1, where not all of it */
	bool foreign;	   /* not ejabberd's own in 2.1: its options in Erlang
			    * terms aren't known */
	unsigned first;	   /* release in YAML, or 0: none */
	unsigned last;	   /* or 0 */
	unsigned deprecated;
	enum option_end end;
	const char *instead;
};

/* What an option, module or listener is to a target. */
enum option_state {
	OPTION_UNKNOWN,
	OPTION_VALID,
	OPTION_VALID_SINCE, /* only in a later release: option_since() */
	OPTION_DEPRECATED,  /* read, but ->instead is to be preferred */
	OPTION_REMOVED,	    /* the last that had it: option_last() */
};

/* The row, or NULL: at the top level or in host_config; of a listener
 * (its own or those common to all); of a module. A lookup costs the same
 * however many rows there are. */
const struct option *catalogue_option(struct str name);
const struct option *catalogue_service_option(
    const struct service *service, struct str name);
const struct service *catalogue_listener(struct str name);
const struct service *catalogue_module(struct str name);
/* True for top-level names that ejabberd's relatives know. */
bool catalogue_foreign_option(struct str name);

/* What the row (NULL: OPTION_UNKNOWN) is to a target, in a file of YAML or of
 * Erlang terms. For xmppd that is what the newest release of the dialect
 * knows. A release of ejabberd reads Erlang terms too, by rewriting them. */
enum option_state option_state(
    const struct option *option, const struct target *target, bool yaml);
enum option_state service_state(
    const struct service *service, const struct target *target, bool yaml);
/* The first and last release that have it, for messages: "2.1", "2.1.9",
 * "15.06"; in static memory, as release_name(). */
const char *option_since(const struct option *option);
const char *option_last(const struct option *option);
const char *service_since(const struct service *service);
const char *service_last(const struct service *service);
/* The release from which instead is preferred or put in its place, or NULL. */
const char *option_deprecated(const struct option *option);
const char *service_deprecated(const struct service *service);
/* True where a target that is strict still starts with a name that is
 * OPTION_REMOVED: it drops it with a warning. */
bool option_is_dropped(const struct option *option, bool yaml);
bool service_is_dropped(const struct service *service, bool yaml);
/* The module whose options count: of one that is rewritten (OPTION_DEPRECATED,
 * END_CONVERTED), such as mod_last_odbc, the one that takes its place. */
const struct service *service_read_as(const struct service *service, bool yaml);
/* True where it has a meaning inside host_config. */
bool option_is_per_host(const struct option *option, bool yaml);
/* The kind of value in that dialect, TYPE_NONE where it isn't there. What a
 * list or mapping holds, catalogue_visit() tells. */
enum option_type option_kind(const struct option *option, bool yaml);

/* The default, in words or as written; NULL where none is known. */
const char *option_fallback(const struct option *option, bool yaml);

/* Calls each for every row of the top level. */
void catalogue_each(
    void (*each)(void *ctx, const struct option *row), void *ctx);

/* The nearest known name, or NULL where none is near. */
const char *catalogue_suggest_option(struct str name);
const char *catalogue_suggest_service_option(
    const struct service *service, struct str name);
const char *catalogue_suggest_listener(struct str name);
const char *catalogue_suggest_module(struct str name);

/* Which part of a value is wrong, and what should stand there, with all
 * choices ("true or false", "one of tcp, udp"). */
struct mismatch {
	const struct term *at;
	const char *expected;
};

struct arena;

/* True where the value has the option's type in the dialect of its file and
 * for the target. Otherwise *mismatch; its text lives in the arena. */
bool catalogue_check(const struct option *option, const struct target *target,
    const struct term *value, struct arena *arena, struct mismatch *mismatch);
/* What the option accepts, in words; allocated in the arena. */
const char *catalogue_expected(
    const struct option *option, bool yaml, struct arena *arena);
/* Calls visit for each part of a value whose kind is one that rules ask for:
 * ACCESS, SHAPER, SHAPER_RULE, ACL, CERTFILE, PATH, HOST, SECRET. A list or
 * mapping of them is walked; an access rule or shaper rule that is written in
 * place is handed over whole. */
void catalogue_visit(const struct option *option, const struct term *value,
    void (*visit)(void *ctx, enum option_type kind, const struct term *part),
    void *ctx);

/* Prints what is known of an option ("loglevel", "mod_ping.send_pings") or a
 * service; false where nothing is. */
bool catalogue_explain(const char *name, FILE *out);
/* docs/options.md. */
void catalogue_document(FILE *out);

#endif

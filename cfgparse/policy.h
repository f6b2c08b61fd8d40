#ifndef CFGPARSE_POLICY_H
#define CFGPARSE_POLICY_H
/*
 * Who may do what: acls and access rules made ready for asking. The server
 * asks here for every login, and xmpp-cfglint where an operator wants to know
 * beforehand. Knows no listeners and no modules.
 *
 * ejabberd read its rules in three ways over the years, see policy_flavour.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/address.h"
#include "cfgparse/base/str.h"
#include "cfgparse/model.h"

struct cfg_subject;
struct regexp;
struct target;

enum policy_flavour {
	/* All values of an acl are prepared like user names, patterns too; a
	 * form without a server means users of the host that is asked for; a
	 * host's lines come behind the global ones and before their final
	 * {allow, all}. */
	POLICY_2_1,
	/* 13.10 to 19.05: patterns stand as written; a form without a server
	 * means users of any host served; a host's lines come last. */
	POLICY_13_10,
	/* 19.08 on: what host_config says of acl, access_rules or
	 * shaper_rules replaces all that is said of it globally, and
	 * append_host_config what has the same name. */
	POLICY_19_08,
};

enum policy_fault {
	POLICY_NEVER,	/* the condition can match nobody */
	POLICY_PATTERN, /* no regular expression or shell pattern */
};

/* A user, server, ... or network to compare with; prepared. */
struct policy_condition {
	enum model_form form;
	bool never; /* matches nobody: ill-formed, or none */
	struct str first;
	struct str second; /* the server; empty: see policy_flavour */
	const struct regexp *first_re, *second_re;
	struct network network;
	/* Valid as long as the model. */
	const struct model_condition *source;
};

/* One entry of an acl. */
struct policy_entry {
	struct policy_condition condition;
	struct policy_entry *next;
	const struct model_acl *source; /* valid as long as the model */
};

struct policy_line {
	const char *result;
	const struct policy_condition *conditions;
	size_t count;
	const struct model_line *source; /* valid as long as the model, or
					  * NULL: it stands in no file */
};

/* The lines of a rule as they are tried for a host. */
struct policy_plan {
	struct {
		const struct policy_line *lines;
		size_t count;
	} parts[3];
	size_t part_count;
	bool defined;
};

/* Entries of an acl for a host: those of first, then those of second. */
struct policy_entries {
	const struct policy_entry *first;
	const struct policy_entry *second;
};

struct policy;
struct policy_host;
struct policy_name;

/* Is told what doesn't work while a policy is made. */
struct policy_report {
	void *context;
	void (*fault)(void *context, enum policy_fault fault,
	    const struct model_condition *condition, const struct term *at,
	    const char *why);
};

/* How the target reads the rules. */
enum policy_flavour policy_flavour(
    const struct model *model, const struct target *target);
/* report may be NULL. What was made keeps nothing of the model but what says
 * so. Destroy it with policy_destroy. */
struct policy *policy_create(const struct model *model,
    const struct target *target, const struct policy_report *report);
void policy_destroy(struct policy **policy);
/* Makes it ready for all below that take a host by its name; a second time it
 * does nothing. */
void policy_index(struct policy *policy);

/* A rule is asked for by its name, or by the name that policy_inline gives to
 * one that is written in place. The lines that `host` (NULL: no host) tries.
 * shaper: the rule yields a shaper or a number, rather than allow or deny. */
struct policy_plan policy_plan(const struct policy *policy,
    const struct policy_host *host, struct str rule, bool shaper);
struct policy_entries policy_entries(const struct policy *policy,
    const struct policy_host *host, struct str acl);
/* The same for who asks about many hosts: the name of a rule or an acl is
 * looked up once. NULL: there's none of that name for any host. */
const struct policy_name *policy_rule_name(
    const struct policy *policy, struct str rule, bool shaper);
const struct policy_name *policy_acl_name(
    const struct policy *policy, struct str acl);
struct policy_plan policy_plan_named(const struct policy *policy,
    const struct policy_host *host, const struct policy_name *rule,
    bool shaper);
struct policy_entries policy_entries_named(const struct policy *policy,
    const struct policy_host *host, const struct policy_name *acl);
/* The host of that prepared name; NULL: the configuration has none. */
const struct policy_host *policy_host(
    const struct policy *policy, struct str name);
/* That of model->hosts[index]. */
const struct policy_host *policy_host_at(
    const struct policy *policy, size_t index);
/* The name of the rule that is written at that place; NULL: none is. */
const char *policy_inline(
    const struct policy *policy, const struct term *value);
bool policy_serves(const struct policy *policy, struct str host);
/* True where a form without a server means users of the host that is asked
 * for, rather than those of any host served. */
bool policy_is_host_bound(const struct policy *policy);

/* Who looks on while a rule is evaluated; each may be NULL. */
struct policy_watch {
	void *context;
	/* Of an acl (entry) or a line of the rule (entry NULL). */
	void (*condition)(void *context,
	    const struct policy_condition *condition,
	    const struct policy_entry *entry, bool matched);
	void (*line)(
	    void *context, const struct policy_line *line, bool matched);
};

struct policy_answer {
	const char *result;		/* NULL: no line matched */
	const struct policy_line *line; /* that decided, or NULL */
	bool defined;			/* the rule is, or it is built in */
	/* A condition was asked that the subject says nothing about (no
	 * address, no resource) or that only a running server knows. */
	bool uncertain;
};

/* The first line whose conditions all match. The text is the policy's.
 * watch may be NULL. Any thread may call it. */
struct policy_answer policy_ask(const struct policy *policy, struct str host,
    struct str rule, bool shaper, const struct cfg_subject *subject,
    const struct policy_watch *watch);

#endif

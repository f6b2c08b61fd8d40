#ifndef CFGPARSE_RULES_ACCESS_H
#define CFGPARSE_RULES_ACCESS_H
/*
 * What the checks of acls, access rules and shapers share. Included by
 * cfgparse/rules_access*.c only.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/lint.h"
#include "cfgparse/policy.h"

/* Rows of access_rules. */
enum access_rule_id {
	ACL_UNUSED,
	ACCESS_UNUSED,
	SHAPER_UNUSED,
	ACL_HOST_UNSERVED,
	ACL_BY_EVERY_HOST,
	ACL_MATCHES_MORE,
	ACL_EVERYBODY_ADMIN,
	ACL_TWICE,
	NAME_RESERVED,
	ACL_OTHER_HOST,
	ACL_EVERY_ADDRESS,
	ACL_HOST_BITS,
	ACL_COVERED,
	RULE_TWICE,
	LINE_SHADOWED,
	LINES_CONTRADICT,
	RULE_ADMITS_NOBODY,
	SHAPER_LEFT_OUT,
	RESULT_ODD,
	LINE_TURNED,
	LINE_NEVER,
	ACL_CASE,
	HOST_RULE_IDLE,
	HOST_HIDES_GLOBAL,
	SHAPER_RATE,
	RULE_EMPTY,
	ACL_EMPTY,
	ACL_OLD_REGEXP,
	ACCESS_RULE_COUNT,
};

/* What a name is used for, or-ed. */
enum access_role {
	ROLE_USED = 1,
	ROLE_ACCESS = 2, /* allow or deny is expected */
	ROLE_SHAPER = 4, /* a shaper's name is expected */
	ROLE_NUMBER = 8,
	ROLE_ADMIN = 16,   /* who passes is an administrator */
	ROLE_GUARDED = 64, /* the rules about security look at it */
	ROLE_CLIENTS = 32, /* who doesn't pass can't log in */
};

struct access_check {
	struct lint *lint;
	const struct model *model;
	const struct policy *policy; /* NULL among rules_acls */
	enum policy_flavour flavour;
	struct map acl_roles; /* name -> const unsigned of access_role */
	struct map rule_roles;
	struct map shaper_roles;
	struct map missing; /* names of acls that were told of */
	/* The acl that was asked for last: rules of thousands of hosts name
	 * the same one. */
	struct str acl;
	const struct policy_name *acl_name;
	unsigned suggestions; /* left: each walks through all names */
};

/* Adds a finding of the rule, as lint_report. */
struct finding *access_report(struct access_check *check,
    enum access_rule_id id, const struct term *at, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
/* enum access_role of a name, or-ed. */
unsigned role_of(const struct map *roles, struct str name);
/* Adds roles, and ROLE_USED, to a name. */
void add_role(struct access_check *check, struct map *roles, struct str name,
    unsigned role);
/* The nearest of the map's keys in the lint's arena, or NULL. */
const char *access_suggest(
    struct access_check *check, const struct map *names, struct str given);
bool access_is_builtin(struct str name); /* all, none */
/* Digits only, and at least one. */
bool access_is_number(struct str text);

/* The entries of an acl for the host. */
struct policy_entries access_entries(
    struct access_check *check, const struct policy_host *host, struct str acl);
bool access_serves(const struct access_check *check, struct str host);

/* The entries of acls. */
void check_acls(struct access_check *check);
/* The lines of rules, one by one and together. */
void check_rule_lines(struct access_check *check);
/* Rules and acls of hosts beside the global ones. */
void check_host_rules(struct access_check *check);
/* Names and rates of shapers. */
void check_shapers(struct access_check *check);

#endif

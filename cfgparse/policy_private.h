#ifndef CFGPARSE_POLICY_PRIVATE_H
#define CFGPARSE_POLICY_PRIVATE_H
/*
 * What making a policy and asking it share. Included by cfgparse/policy*.c
 * only.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/base/map.h"
#include "cfgparse/base/pair_map.h"
#include "cfgparse/policy.h"

/* What the names of rules without a name begin with; no file can write it. */
enum { INLINE_MARK = 1 };

struct policy_host {
	bool served;
	/* POLICY_19_08: what is said globally doesn't hold. */
	bool own_acls, own_rules, own_shaper_rules;
};

struct policy_rule {
	const struct policy_line *lines;
	size_t count;
	bool added;  /* by append_host_config */
	bool closed; /* nothing follows: 16.06 to 19.05 deny the rest */
};

/* The entries of an acl for one host or for all. */
struct policy_group {
	struct policy_entry *first;
	struct policy_entry **end;
	bool added;
};

/* What has a name; what it is for a host stands in policy.own. */
struct policy_name {
	struct str text;
};

struct policy {
	struct arena arena;
	enum policy_flavour flavour;
	bool old_rules_closed;
	struct map hosts;	 /* -> policy_host */
	struct map acls;	 /* -> policy_name */
	struct map rules;	 /* -> policy_name */
	struct map shaper_rules; /* the same as rules before 19.08 */
	/* policy_host (NULL: all), policy_name -> rule or group */
	struct pair_map own;
	struct map inlines;  /* bytes of a pointer to a term -> its name */
	struct map patterns; /* r or g and the pattern -> regexp */
	size_t pattern_bytes;
};

#endif

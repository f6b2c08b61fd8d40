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

/* What one host has under a name: a rule or a group. */
struct policy_own {
	const struct policy_name *name;
	void *value;
	struct policy_own *next;
};

struct policy_host {
	struct str name;
	struct policy_own *own; /* the latest first */
	uint32_t own_count;
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

/* What has a name; what it is for a host is the host's own. */
struct policy_name {
	struct str text;
	void *global; /* rule or group, or NULL */
};

/* Of a host's own are looked through, up to: */
enum { POLICY_FEW = 16 };

struct policy {
	struct arena arena;
	enum policy_flavour flavour;
	bool old_rules_closed;
	struct policy_host *host_items; /* as the model's */
	size_t host_count;
	struct map hosts;	 /* -> policy_host, by policy_index */
	struct map acls;	 /* -> policy_name */
	struct map rules;	 /* -> policy_name */
	struct map shaper_rules; /* the same as rules before 19.08 */
	/* policy_host, policy_name -> rule or group, of hosts that have more
	 * than POLICY_FEW. */
	struct pair_map own;
	struct map inlines;  /* bytes of a pointer to a term -> its name */
	struct map patterns; /* r or g and the pattern -> regexp */
	size_t pattern_bytes;
};

/* The rule or group that the host (NULL: all) has under the name, or NULL. */
void *policy_own(const struct policy *policy, const struct policy_host *host,
    const struct policy_name *name);

#endif

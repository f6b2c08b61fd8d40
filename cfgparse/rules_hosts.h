#ifndef CFGPARSE_RULES_HOSTS_H
#define CFGPARSE_RULES_HOSTS_H
/*
 * The rules about hosts (CFG150 to CFG169), and what the readers of both
 * dialects say of a name that is none.
 */
#include "cfgparse/lint.h"

enum host_rule {
	HOST_LITERAL,
	HOST_A_LABEL,
	HOST_MIXED,
	HOST_OF_SERVICE,
	SERVICE_HOST_TWICE,
	SERVICE_HOST_SHARED,
	SERVICE_HOST_OUTSIDE,
	HOST_ONLY_LOCAL,
	HOST_OF_GUIDE,
	SERVICE_HOST_INVALID,
	HOST_ADDRESS,
	HOST_UNDERSCORE,
	HOST_RULE_COUNT
};

/* CFG045 at a name that hostname_prepare refuses: why, and what was probably
 * meant. */
void rules_bad_host(struct lint *lint, const struct term *at, struct str name);
/* The part of rules_hosts that is about hosts of modules and components. */
void rules_service_hosts(struct lint *lint);

#endif

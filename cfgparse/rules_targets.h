#ifndef CFGPARSE_RULES_TARGETS_H
#define CFGPARSE_RULES_TARGETS_H
/*
 * The rules about what a release knows (CFG310 to CFG329), which the rules
 * about options and services ask on their way.
 */
#include "cfgparse/lint.h"

enum target_rule {
	TARGET_DEPRECATED,
	TARGET_OPTION_REMOVED,
	TARGET_OPTION_LATER,
	TARGET_SERVICE_REMOVED,
	TARGET_SERVICE_LATER,
	TARGET_DIALECT,
	TARGET_RULE_COUNT
};

/* What the target makes of an option that has a row, named at key: reports
 * what it doesn't take as it is. True where its value is read there, so that
 * it should be checked. */
bool target_takes_option(
    struct lint *lint, const struct option *row, const struct term *key);
/* The same for a module or what listens behind a port. */
bool target_takes_service(
    struct lint *lint, const struct service *row, const struct term *key);

#endif

#ifndef CFGPARSE_CFG_CHECKS_H
#define CFGPARSE_CFG_CHECKS_H
/*
 * Checks of the server's first version that read the model; each goes to the
 * family that it belongs to.
 */
#include "cfgparse/lint.h"

/* Adds a finding under a rule of cfg_rules.h. */
#define check_report(lint, rule, ...) \
	lint_report(lint, &cfg_rules[rule], __VA_ARGS__)

/* Each adds the findings of the rules behind it. */
void check_accounts(struct lint *lint); /* CFG073, 074, 076, 077 */
void check_modules(struct lint *lint);	/* CFG038, 061, 062, 064 */

#endif

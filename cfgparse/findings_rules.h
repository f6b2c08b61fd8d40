#ifndef CFGPARSE_FINDINGS_RULES_H
#define CFGPARSE_FINDINGS_RULES_H
/*
 * Rules about findings themselves: the comments that suppress them. CFG400 to
 * CFG409.
 */
#include "cfgparse/findings.h"

enum findings_rule {
	SUPPRESSION_FORM,
	SUPPRESSION_REASON,
	SUPPRESSION_UNKNOWN,
	SUPPRESSION_UNUSED,
	FINDINGS_RULES,
};

/* Indexed by enum findings_rule; a zero row follows the last. */
extern const struct rule findings_rules[FINDINGS_RULES + 1];

#endif

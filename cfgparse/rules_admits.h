#ifndef CFGPARSE_RULES_ADMITS_H
#define CFGPARSE_RULES_ADMITS_H
/*
 * Whether a rule of access lets strangers in: what the rules about security
 * ask of every option that guards something.
 */
#include "cfgparse/lint.h"

/* Who is admitted, widest last. */
enum admits {
	ADMITS_SOME,  /* named accounts, groups or networks at most */
	ADMITS_LOCAL, /* every account of this server */
	ADMITS_ALL,   /* everybody */
};

/*
 * Who the value of an option that takes an access rule admits on the host
 * (NULL: all hosts): a name, or in YAML a rule written in its place. What is
 * undefined or can't be told counts as ADMITS_SOME. *because is the line or
 * name that admits the most, or NULL.
 */
enum admits lint_admits(struct lint *lint, const struct term *value,
    const struct model_host *host, const struct term **because);
/* The same for the rule of that name; ADMITS_SOME where there's none. */
enum admits lint_admits_name(struct lint *lint, struct str name,
    const struct model_host *host, const struct term **because);

#endif

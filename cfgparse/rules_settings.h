#ifndef CFGPARSE_RULES_SETTINGS_H
#define CFGPARSE_RULES_SETTINGS_H
/*
 * What the files of the family rules_settings share.
 */
#include "cfgparse/lint.h"

/* Has the value the type of its row? */
void rules_value(struct lint *lint, const struct option *row,
    const struct model_option *option);
/* Says that this server, for which the file is, doesn't act on the option,
 * called name. */
void rules_inactive(struct lint *lint, const struct option *row,
    const struct model_option *option, const char *name);
/* rules_options.c: options of listeners. */
void rules_options(struct lint *lint);

#endif

#ifndef CFGPARSE_VALUE_MEND_H
#define CFGPARSE_VALUE_MEND_H
/*
 * Values of the wrong kind that say the right thing: yes for true, "5" for 5.
 */
#include "cfgparse/catalogue.h"
#include "cfgparse/lint.h"

/* Where the option's value would do once what doesn't fit were written
 * otherwise, gives the finding an edit that does it. */
void value_mend(struct lint *lint, const struct option *row,
    const struct model_option *option, const struct mismatch *mismatch,
    struct finding *finding);

#endif

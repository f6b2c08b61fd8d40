#ifndef CFGPARSE_CFG_YAML_H
#define CFGPARSE_CFG_YAML_H
/*
 * Reading configurations in YAML. Private to the loader.
 */
#include "cfgparse/cfg_private.h"

/* Adds key, value, key, ... of the file and of what it includes. False where
 * nothing can be said about the rest. */
bool cfg_read_yaml(struct loader *loader, const struct chain *chain,
    const struct source *source, struct term_list *out);
/* cfg_yaml_macro.c: takes define_macro and define_keyword away and puts their
 * values in. */
void cfg_expand_yaml(struct loader *loader);
/* Makes one of the options that are given more than once. */
void cfg_merge_yaml(struct loader *loader);

#endif

#ifndef CFGPARSE_QUESTION_MERGE_H
#define CFGPARSE_QUESTION_MERGE_H
/*
 * What one host has of an option: its own value in the place of the global
 * one, with what append_host_config and {add, ...} bring.
 */
#include "cfgparse/lint.h"

/* Whether the setting, which holds, is the one that gives the option's value to
 * the host; *value is that, NULL for a bare flag, made in the lint's arena
 * where it was put together. False where another setting of the name gives it.
 */
bool question_merge(struct lint *lint, const struct model_setting *setting,
    const struct model_host *host,
    bool (*holds)(const void *context, const struct model_setting *setting),
    const void *context, const struct term **value);

#endif

#ifndef CFGPARSE_SECRET_H
#define CFGPARSE_SECRET_H
/*
 * Which parts of a configuration's text are passwords: findings end up in logs
 * that others read. It goes by names, quotes and columns alone, so that it also
 * works where nothing can be parsed; it rather takes too much than too little.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/map.h"
#include "cfgparse/base/str.h"

/* True for what holds a password or the like by its name, in capitals too. */
bool secret_is_name(struct str name);

/* Finds the next password in some lines, or parts of lines, from a byte on: the
 * bytes of its value, without quotes. macros: names whose values are passwords
 * too, or NULL. */
bool secret_find(struct str text, const struct map *macros, size_t from,
    size_t *begin, size_t *end);

/* Adds the names of macros that stand where passwords do; for a text that
 * defines no macros, a quick look. Their values stay the caller's. */
void secret_find_macros(struct str text, struct map *macros);

#endif

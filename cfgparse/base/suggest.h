#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H
/*
 * "Did you mean": the nearest of the names on offer, by how many letters must
 * be inserted, dropped, changed or swapped.
 */
#include <stddef.h>

#include "cfgparse/base/str.h"

/* Set given, zero the rest, then offer names. */
struct suggest {
	struct str given;
	const char *best; /* the nearest so far, or NULL: none is near */
	size_t distance;
};

/* Remembers name where it is nearer than what was offered before and near
 * enough to be meant. Not copied. */
void suggest_offer(struct suggest *suggest, const char *name);

#endif

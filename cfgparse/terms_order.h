#ifndef CFGPARSE_TERMS_ORDER_H
#define CFGPARSE_TERMS_ORDER_H
/*
 * Erlang's order of map keys: the standard order of terms, with every integer
 * before every float. Private to the terms reader.
 */
#include "cfgparse/term.h"

/* Negative, 0 or positive as a comes before b, is the same key, or comes
 * after. Calls itself as deep as the terms are. */
int terms_compare(const struct term *a, const struct term *b);
/* Sorts the pairs (key, value, key, ...) of a map and drops all but the last
 * of equal keys; returns how many terms are left. */
size_t terms_sort_pairs(struct term *items, size_t count);

#endif

#ifndef BASE_MAP_H
#define BASE_MAP_H
/*
 * A map from byte strings to pointers. Keys are copied; values stay the
 * caller's. Not ordered. Changing a map while walking it is allowed only for
 * removing the entry at hand.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/str.h"

struct map_entry;

/* Zero-initialised is a valid empty map. Fields are private. */
struct map {
	struct map_entry **slots;
	size_t slot_count;
	size_t count;
};

/* Frees the map's own memory and keys; never the values. */
void map_fini(struct map *map);
/* The value, or NULL where the key isn't there. */
void *map_get(const struct map *map, struct str key);
/* Sets the value (not NULL); returns the value it replaces, or NULL. */
void *map_put(struct map *map, struct str key, void *value);
/* Removes the key; returns its value, or NULL where it wasn't there. */
void *map_remove(struct map *map, struct str key);
/* How many keys there are. */
size_t map_count(const struct map *map);

/* A walk: start with { 0 }; false at the end. */
struct map_walk {
	size_t slot;
	struct map_entry *next;
	bool started;
};
bool map_next(const struct map *map, struct map_walk *walk, struct str *key,
    void **value);

#endif

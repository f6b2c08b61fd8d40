#ifndef BASE_MAP_H
#define BASE_MAP_H
/*
 * A map from byte strings to pointers, walked in the order in which the keys
 * came. Values stay the caller's. Changing a map while walking it is allowed
 * only for removing the entry at hand.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/str.h"

struct map_entry;

struct map_slot {
	uint32_t tag;
	int32_t place;
};

/* Zero-initialised is a valid empty map. Fields are private. */
struct map {
	struct map_entry *entries;
	struct map_slot *slots; /* twice as many as there is room for entries */
	size_t room;		/* a power of two */
	size_t used;		/* entries, with those that were removed */
	size_t count;
	bool owned; /* some key is the map's */
};

/* Frees the map's own memory and keys; never the values. */
void map_fini(struct map *map);
/* The value, or NULL where the key isn't there. */
void *map_get(const struct map *map, struct str key);
/* Sets the value (not NULL) under a copy of the key; returns the value it
 * replaces, or NULL. */
void *map_put(struct map *map, struct str key, void *value);
/* Sets the value (not NULL) where the key isn't there yet; returns the one that
 * stays, or NULL. The key isn't copied: its bytes outlive the map. */
void *map_add(struct map *map, struct str key, void *value);
/* The same two for who asks more than once: hash is map_hash of the key. */
uint64_t map_hash(struct str key);
void *map_get_hashed(const struct map *map, struct str key, uint64_t hash);
void *map_add_hashed(
    struct map *map, struct str key, uint64_t hash, void *value);
/* Removes the key; returns its value, or NULL where it wasn't there. */
void *map_remove(struct map *map, struct str key);
/* How many keys there are. */
size_t map_count(const struct map *map);

/* A walk: start with { 0 }; false at the end. */
struct map_walk {
	size_t next;
};
bool map_next(const struct map *map, struct map_walk *walk, struct str *key,
    void **value);

#endif

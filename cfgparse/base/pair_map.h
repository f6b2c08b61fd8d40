#ifndef BASE_PAIR_MAP_H
#define BASE_PAIR_MAP_H
/*
 * A map from two pointers to a third: what one object is to another. Looks at
 * the pointers only. Entries aren't removed.
 */
#include <stddef.h>

struct pair_entry;

/* Zero-initialised is a valid empty map. Fields are private. */
struct pair_map {
	struct pair_entry *slots;
	size_t slot_count; /* a power of two */
	size_t count;
};

/* Frees the map's own memory. */
void pair_map_fini(struct pair_map *map);
/* The value, or NULL where there is none. */
void *pair_map_get(
    const struct pair_map *map, const void *first, const void *second);
/* Sets the value (not NULL); returns the value it replaces, or NULL. */
void *pair_map_put(
    struct pair_map *map, const void *first, const void *second, void *value);

#endif

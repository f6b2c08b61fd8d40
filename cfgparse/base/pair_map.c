#include "cfgparse/base/pair_map.h"
/*
 * Open addressing with linear probing, at most half full. Addresses aren't
 * chosen by strangers, so mixing them by multiplication does.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/mem.h"

enum { MANY = 64 * 1024 }; /* slots, which are megabytes */

struct pair_entry {
	const void *first;
	const void *second;
	void *value; /* NULL: free */
};

void
pair_map_fini(struct pair_map *map)
{
	free(map->slots);
	*map = (struct pair_map){ 0 };
}

/* The pair's slot, or the free one where it would stand. */
static struct pair_entry *
find(const struct pair_map *map, const void *first, const void *second)
{
	uint64_t mix = (uint64_t)(uintptr_t)first * 0x9E3779B97F4A7C15ULL;

	mix = (mix ^ (uint64_t)(uintptr_t)second) * 0xD6E8FEB86659FD93ULL;
	mix ^= mix >> 32;
	for (;; mix++) {
		struct pair_entry *slot =
		    &map->slots[mix & (map->slot_count - 1)];

		if (!slot->value ||
		    (slot->first == first && slot->second == second))
			return slot;
	}
}

static void
grow(struct pair_map *map)
{
	struct pair_map larger = { .count = map->count };

	larger.slot_count = map->slot_count ? map->slot_count * 2 : 16;
	if (larger.slot_count < MANY) {
		larger.slots =
		    mem_alloc(larger.slot_count, sizeof(struct pair_entry));
	} else {
		larger.slots =
		    mem_large(larger.slot_count, sizeof(struct pair_entry));
		memset(larger.slots, 0,
		    larger.slot_count * sizeof(struct pair_entry));
	}
	for (size_t i = 0; i < map->slot_count; i++) {
		const struct pair_entry *old = &map->slots[i];

		if (old->value)
			*find(&larger, old->first, old->second) = *old;
	}
	free(map->slots);
	*map = larger;
}

void *
pair_map_get(const struct pair_map *map, const void *first, const void *second)
{
	return map->count ? find(map, first, second)->value : NULL;
}

void *
pair_map_put(
    struct pair_map *map, const void *first, const void *second, void *value)
{
	if (map->count * 2 >= map->slot_count)
		grow(map);
	struct pair_entry *slot = find(map, first, second);
	void *old = slot->value;

	if (!old)
		map->count++;
	*slot = (struct pair_entry){ first, second, value };
	return old;
}

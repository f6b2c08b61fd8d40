#include "cfgparse/base/map.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/hash.h"
#include "cfgparse/base/mem.h"

struct map_entry {
	struct map_entry *next;
	uint64_t hash;
	void *value;
	size_t len;
	char key[];
};

void
map_fini(struct map *map)
{
	for (size_t i = 0; i < map->slot_count; i++) {
		struct map_entry *entry = map->slots[i];

		while (entry) {
			struct map_entry *next = entry->next;

			free(entry);
			entry = next;
		}
	}
	free(map->slots);
	*map = (struct map){ 0 };
}

/* Where the pointer to the key's entry is, or where it would be hung. */
static struct map_entry **
find(const struct map *map, struct str key, uint64_t hash)
{
	struct map_entry **at = &map->slots[hash & (map->slot_count - 1)];

	while (*at &&
	       !((*at)->hash == hash && (*at)->len == key.len &&
		   (key.len == 0 || memcmp((*at)->key, key.ptr, key.len) == 0)))
		at = &(*at)->next;
	return at;
}

static void
grow(struct map *map)
{
	size_t count = map->slot_count ? map->slot_count * 2 : 8;
	struct map_entry **slots = mem_alloc(count, sizeof(struct map_entry *));

	for (size_t i = 0; i < map->slot_count; i++) {
		struct map_entry *entry = map->slots[i];

		while (entry) {
			struct map_entry *next = entry->next;
			size_t slot = entry->hash & (count - 1);

			entry->next = slots[slot];
			slots[slot] = entry;
			entry = next;
		}
	}
	free(map->slots);
	map->slots = slots;
	map->slot_count = count;
}

void *
map_get(const struct map *map, struct str key)
{
	struct map_entry *entry;

	if (map->count == 0)
		return NULL;
	entry = *find(map, key, hash_bytes(key.ptr, key.len));
	return entry ? entry->value : NULL;
}

void *
map_put(struct map *map, struct str key, void *value)
{
	uint64_t hash = hash_bytes(key.ptr, key.len);
	struct map_entry *entry, **at;

	if (map->count >= map->slot_count)
		grow(map);
	at = find(map, key, hash);
	if (*at) {
		void *old = (*at)->value;

		(*at)->value = value;
		return old;
	}
	entry = mem_alloc(1, sizeof(*entry) + key.len + 1);
	entry->hash = hash;
	entry->value = value;
	entry->len = key.len;
	if (key.len)
		memcpy(entry->key, key.ptr, key.len);
	*at = entry;
	map->count++;
	return NULL;
}

void *
map_remove(struct map *map, struct str key)
{
	struct map_entry *entry, **at;
	void *value;

	if (map->count == 0)
		return NULL;
	at = find(map, key, hash_bytes(key.ptr, key.len));
	entry = *at;
	if (!entry)
		return NULL;
	value = entry->value;
	*at = entry->next;
	free(entry);
	map->count--;
	return value;
}

size_t
map_count(const struct map *map)
{
	return map->count;
}

bool
map_next(
    const struct map *map, struct map_walk *walk, struct str *key, void **value)
{
	struct map_entry *entry;

	if (!walk->started) {
		walk->started = true;
		walk->next = map->slot_count ? map->slots[0] : NULL;
	}
	while (!walk->next) {
		if (walk->slot + 1 >= map->slot_count)
			return false;
		walk->next = map->slots[++walk->slot];
	}
	entry = walk->next;
	walk->next = entry->next;
	*key = (struct str){ entry->key, entry->len };
	*value = entry->value;
	return true;
}

#include "cfgparse/base/map.h"
/*
 * The entries stand in one array in the order in which they came, and a table
 * of open addressing has their places beside a part of their hash. So a key
 * that isn't there costs one look, and a map of many keys no allocation for
 * each that is kept by its owner.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/hash.h"
#include "cfgparse/base/mem.h"

struct map_entry {
	uint64_t hash;
	const char *key;
	size_t len : 63;
	bool owned : 1;
	void *value; /* NULL: the key was removed */
};

enum {
	FEW = 8,	   /* entries at first */
	LARGE = 64 * 1024, /* entries, from which on they fill huge pages */
	REMOVED = -1,	   /* a slot's place */
};

/* Frees nothing but what is the map's. */
static void
drop_key(const struct map_entry *entry)
{
	if (entry->owned)
		free((void *)(uintptr_t)entry->key);
}

void
map_fini(struct map *map)
{
	for (size_t i = 0; map->owned && i < map->used; i++)
		drop_key(&map->entries[i]);
	free(map->entries);
	free(map->slots);
	*map = (struct map){ 0 };
}

static struct map_slot *
slot_of(const struct map *map, uint64_t hash)
{
	return &map->slots[hash & (map->room * 2 - 1)];
}

static struct map_slot *
next_slot(const struct map *map, struct map_slot *slot)
{
	return ++slot == map->slots + map->room * 2 ? map->slots : slot;
}

/* The slot of the key, or the free one where the search ended. */
static struct map_slot *
find(const struct map *map, struct str key, uint64_t hash)
{
	struct map_slot *slot = slot_of(map, hash);

	for (; slot->place; slot = next_slot(map, slot)) {
		if (slot->tag != (uint32_t)(hash >> 32) ||
		    slot->place == REMOVED)
			continue;
		const struct map_entry *entry = &map->entries[slot->place - 1];
		if (entry->hash == hash && entry->len == key.len &&
		    (!key.len || memcmp(entry->key, key.ptr, key.len) == 0))
			break;
	}
	return slot;
}

static void
hang(struct map *map, const struct map_entry *entry)
{
	struct map_slot *slot = slot_of(map, entry->hash);

	while (slot->place)
		slot = next_slot(map, slot);
	slot->tag = (uint32_t)(entry->hash >> 32);
	slot->place = (int32_t)(entry - map->entries) + 1;
}

static void *
get_memory(size_t count, size_t size)
{
	return count < LARGE ? mem_grow(NULL, count, size)
			     : mem_large(count, size);
}

/* Room for one more at least; what was removed goes. */
static void
make_room(struct map *map)
{
	struct map old = *map;

	if (map->count >= map->room / 2)
		map->room = map->room ? map->room * 2 : FEW;
	if (map->room > INT32_MAX / 2)
		abort();
	map->entries = get_memory(map->room, sizeof *map->entries);
	map->slots = get_memory(map->room * 2, sizeof *map->slots);
	memset(map->slots, 0, map->room * 2 * sizeof *map->slots);
	map->used = 0;
	for (size_t i = 0; i < old.used; i++) {
		if (!old.entries[i].value)
			continue;
		map->entries[map->used] = old.entries[i];
		hang(map, &map->entries[map->used++]);
	}
	free(old.entries);
	free(old.slots);
}

uint64_t
map_hash(struct str key)
{
	return hash_bytes(key.ptr, key.len);
}

void *
map_get_hashed(const struct map *map, struct str key, uint64_t hash)
{
	if (map->count == 0)
		return NULL;
	const struct map_slot *slot = find(map, key, hash);
	return slot->place ? map->entries[slot->place - 1].value : NULL;
}

void *
map_get(const struct map *map, struct str key)
{
	return map->count ? map_get_hashed(map, key, map_hash(key)) : NULL;
}

/* The key's entry; a new one has no value yet. */
static struct map_entry *
entry_of(struct map *map, struct str key, uint64_t hash, bool copy)
{
	struct map_slot *slot;

	if (map->used == map->room)
		make_room(map);
	slot = find(map, key, hash);
	if (slot->place)
		return &map->entries[slot->place - 1];
	struct map_entry *entry = &map->entries[map->used++];
	*entry = (struct map_entry){
		.hash = hash, .key = key.ptr, .len = key.len, .owned = copy
	};
	if (copy)
		entry->key = mem_strndup(key.ptr, key.len);
	slot->tag = (uint32_t)(hash >> 32);
	slot->place = (int32_t)map->used;
	map->count++;
	map->owned |= copy;
	return entry;
}

void *
map_put(struct map *map, struct str key, void *value)
{
	struct map_entry *entry = entry_of(map, key, map_hash(key), true);
	void *old = entry->value;

	entry->value = value;
	return old;
}

void *
map_add(struct map *map, struct str key, void *value)
{
	return map_add_hashed(map, key, map_hash(key), value);
}

void *
map_add_hashed(struct map *map, struct str key, uint64_t hash, void *value)
{
	struct map_entry *entry = entry_of(map, key, hash, false);

	if (entry->value)
		return entry->value;
	entry->value = value;
	return NULL;
}

void *
map_remove(struct map *map, struct str key)
{
	struct map_slot *slot;
	void *value;

	if (map->count == 0)
		return NULL;
	slot = find(map, key, hash_bytes(key.ptr, key.len));
	if (!slot->place)
		return NULL;
	struct map_entry *entry = &map->entries[slot->place - 1];
	value = entry->value;
	drop_key(entry);
	*entry = (struct map_entry){ 0 };
	slot->place = REMOVED;
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
	const struct map_entry *entry;

	do {
		if (walk->next == map->used)
			return false;
		entry = &map->entries[walk->next++];
	} while (!entry->value);
	*key = (struct str){ entry->key, entry->len };
	*value = entry->value;
	return true;
}

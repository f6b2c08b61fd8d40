/*
 * As the span is the same for all, the order of noting is the order of running
 * out: one list, whose old end is cut on each call.
 */
#include "server/modules/address_limit.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cfgparse/base/mem.h"

struct address_entry {
	struct address_entry *older, *newer;
	struct address_key key;
	uint64_t since;
};

static struct address_key
make_key(char family, const void *bytes, size_t len)
{
	struct address_key key = { .len = 1 + len };

	key.bytes[0] = family;
	memcpy(key.bytes + 1, bytes, len);
	return key;
}

struct address_key
address_key_of(const struct sockaddr *address)
{
	const struct in6_addr *v6;

	if (address->sa_family == AF_INET)
		return make_key(
		    '4', &((const struct sockaddr_in *)address)->sin_addr, 4);
	if (address->sa_family != AF_INET6)
		return make_key('-', "", 0);
	v6 = &((const struct sockaddr_in6 *)address)->sin6_addr;
	if (IN6_IS_ADDR_V4MAPPED(v6))
		return make_key('4', v6->s6_addr + 12, 4);
	return make_key('6', v6->s6_addr, 8);
}

static struct str
text_of(const struct address_key *key)
{
	return (struct str){ key->bytes, key->len };
}

static void
forget(struct address_limit *limit, struct address_entry *entry)
{
	*(entry->older ? &entry->older->newer : &limit->oldest) = entry->newer;
	*(entry->newer ? &entry->newer->older : &limit->newest) = entry->older;
	map_remove(&limit->entries, text_of(&entry->key));
	free(entry);
}

static void
note(struct address_limit *limit, const struct address_key *key, uint64_t now)
{
	struct address_entry *entry = mem_alloc(1, sizeof(*entry));

	entry->key = *key;
	entry->since = now;
	entry->older = limit->newest;
	*(entry->older ? &entry->older->newer : &limit->oldest) = entry;
	limit->newest = entry;
	map_put(&limit->entries, text_of(key), entry);
}

/* Shards' clocks may differ by a turn: never below zero. */
static bool
has_run_out(const struct address_entry *entry, uint64_t now, uint64_t span)
{
	return now >= entry->since && now - entry->since >= span;
}

enum address_taken
address_limit_take(struct address_limit *limit, const struct address_key *key,
    uint64_t now, uint64_t span)
{
	enum address_taken taken = ADDRESS_TAKEN;

	pthread_mutex_lock(&limit->lock);
	while (limit->oldest && has_run_out(limit->oldest, now, span))
		forget(limit, limit->oldest);
	if (map_get(&limit->entries, text_of(key)))
		taken = ADDRESS_TOO_SOON;
	else if (map_count(&limit->entries) >= limit->max)
		taken = ADDRESS_FULL;
	else
		note(limit, key, now);
	pthread_mutex_unlock(&limit->lock);
	return taken;
}

void
address_limit_give_back(
    struct address_limit *limit, const struct address_key *key)
{
	struct address_entry *entry;

	pthread_mutex_lock(&limit->lock);
	entry = map_get(&limit->entries, text_of(key));
	if (entry)
		forget(limit, entry);
	pthread_mutex_unlock(&limit->lock);
}

void
address_limit_clear(struct address_limit *limit)
{
	while (limit->oldest)
		forget(limit, limit->oldest);
	map_fini(&limit->entries);
}

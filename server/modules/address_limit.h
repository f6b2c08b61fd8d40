#ifndef MODULES_ADDRESS_LIMIT_H
#define MODULES_ADDRESS_LIMIT_H
/*
 * Who did something lately, by network address: IPv4 addresses as they are,
 * IPv6 by /64, as one line has all of that. Shared by all shards behind a
 * mutex: it is touched once for each registration, never in the flow of
 * stanzas. Bounded: a full table refuses, rather than forget.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/map.h"

struct sockaddr;

enum { ADDRESS_KEY_MAX = 9 };

struct address_key {
	char bytes[ADDRESS_KEY_MAX];
	size_t len;
};

struct address_entry;

/* Initialise with ADDRESS_LIMIT_INIT. Fields are private. */
struct address_limit {
	pthread_mutex_t lock;
	size_t max;
	struct map entries;
	struct address_entry *oldest, *newest;
};
#define ADDRESS_LIMIT_INIT(most)                                  \
	{                                                         \
		.lock = PTHREAD_MUTEX_INITIALIZER, .max = (most), \
	}

enum address_taken {
	ADDRESS_TAKEN,
	ADDRESS_TOO_SOON, /* the same address, less than span ago */
	ADDRESS_FULL,	  /* too many addresses within span */
};

/* What stands for an address; every other family shares one key. */
struct address_key address_key_of(const struct sockaddr *address);
/* Notes the address at `now` (monotonic ms), unless it is noted already since
 * less than span ms; span is the same in every call. Any thread. */
enum address_taken address_limit_take(struct address_limit *limit,
    const struct address_key *key, uint64_t now, uint64_t span);
/* It didn't happen after all: forgets the address. Any thread. */
void address_limit_give_back(
    struct address_limit *limit, const struct address_key *key);
/* Forgets all. No other thread may use it. */
void address_limit_clear(struct address_limit *limit);

#endif

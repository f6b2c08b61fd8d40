#ifndef DNSCHECK_HOSTS_H
#define DNSCHECK_HOSTS_H
/*
 * A hosts file (hosts(5)): read and judged line by line. Knows nothing of the
 * machine that it belongs to.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/findings.h"

enum { HOSTS_SIZE_MAX = 8 * 1024 * 1024 };

struct hosts_name {
	struct str name;
	struct span span;
	const char *address; /* as inet_ntop writes it */
	int family;
	bool loopback;
	size_t line; /* from 1 */
};

/* Names in the file's order; those of lines without a proper address are left
 * out, as the C library does. */
struct hosts {
	struct hosts_name *names;
	size_t count;
	size_t cap;
};

/* source and its text must outlive what is given out; all memory is the
 * arena's. findings may be NULL. */
void hosts_read(struct arena *arena, const struct source *source,
    struct findings *findings, struct hosts *out);
/* The first entry of the name (case ignored), or NULL. */
const struct hosts_name *hosts_find(const struct hosts *hosts, struct str name);
/* The first name on the line of an entry: the canonical one. */
const struct hosts_name *hosts_canonical(
    const struct hosts *hosts, const struct hosts_name *name);

#endif

#ifndef CERTGEN_PER_HOST_H
#define CERTGEN_PER_HOST_H
/*
 * One file for each host with its components, for more hosts than fit into one
 * certificate. Takes memory for one host at a time.
 */
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct cert_hosts;
struct cfg_domain;

/* The domains of one file. */
struct host_group {
	const struct cfg_domain *domains;
	size_t count;
};

/* Every host with what belongs to it, in their order. Lives in the arena. */
struct host_groups {
	struct host_group *items;
	size_t count;
};

/* Groups domains of which those of one host follow each other, as in
 * cfg->domains. */
void host_groups_list(struct arena *arena, const struct cfg_domain *domains,
    size_t count, struct host_groups *out);
/* Hosts as --host and the like name them: a component goes with the nearest
 * virtual host above it. */
void host_groups_sort(struct arena *arena, const struct cert_hosts *hosts,
    struct host_groups *out);
/* Adds the group's domains to a list. */
void host_group_add(struct arena *arena, const struct host_group *group,
    struct cert_hosts *hosts);

#endif

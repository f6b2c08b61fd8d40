#include "certgen/per_host.h"

#include "certgen/hosts.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/cfg.h"

#include <string.h>

void
host_groups_list(struct arena *arena, const struct cfg_domain *domains,
    size_t count, struct host_groups *out)
{
	struct host_group *last = NULL;
	size_t i;

	out->items = arena_array(arena, count, sizeof(*out->items));
	out->count = 0;
	for (i = 0; i < count; i++) {
		if (last && domains[i].host &&
		    domains[i].host == last->domains[0].host) {
			last->count++;
			continue;
		}
		last = &out->items[out->count++];
		*last = (struct host_group){ &domains[i], 1 };
	}
}

/* Whose the host is: itself, the nearest virtual host above it, or nobody's.
 * A position in hosts, or hosts->count. */
static size_t
owner_of(const struct cert_hosts *hosts, size_t at)
{
	const struct cert_host *host = &hosts->items[at], *above;
	const char *dot = host->ascii ? strchr(host->name, '.') : NULL;

	if (host->role == CFG_ROLE_ACCOUNTS)
		return at;
	for (; dot; dot = strchr(dot + 1, '.')) {
		above = cert_hosts_find(hosts, dot + 1);
		if (above && above->role == CFG_ROLE_ACCOUNTS)
			return (size_t)(above - hosts->items);
	}
	return hosts->count;
}

void
host_groups_sort(struct arena *arena, const struct cert_hosts *hosts,
    struct host_groups *out)
{
	size_t count = hosts->count, i;
	size_t *owners = arena_array(arena, count, sizeof(*owners));
	size_t *places = arena_array(arena, count + 2, sizeof(*places));
	struct cfg_host *named = arena_array(arena, count, sizeof(*named));
	struct cfg_domain *domains =
	    arena_array(arena, count, sizeof(*domains));

	for (i = 0; i < count; i++) {
		owners[i] = owner_of(hosts, i);
		places[owners[i] + 1]++;
	}
	for (i = 1; i <= count; i++)
		places[i] += places[i - 1];
	/* Each host before its components, however they were given. */
	for (i = 0; i < 2 * count; i++) {
		const struct cert_host *host = &hosts->items[i % count];
		size_t owner = owners[i % count];

		if ((owner == i % count) != (i < count))
			continue;
		if (owner < count)
			named[owner].name = hosts->items[owner].name;
		domains[places[owner]++] = (struct cfg_domain){
			.name = host->name,
			.role = host->role,
			.host = owner < count ? &named[owner] : NULL,
		};
	}
	host_groups_list(arena, domains, count, out);
}

void
host_group_add(struct arena *arena, const struct host_group *group,
    struct cert_hosts *hosts)
{
	size_t i;

	for (i = 0; i < group->count; i++)
		cert_hosts_add(arena, hosts, group->domains[i].name,
		    group->domains[i].role);
}

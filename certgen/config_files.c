#include "certgen/config_files.h"

#include "certgen/pem_check.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/map.h"
#include "cfgparse/cfg.h"
#include "cfgparse/findings.h"

static void
hosts_add(struct arena *arena, struct cert_hosts *hosts,
    const struct cfg_domain *from)
{
	const struct cert_host host = {
		.name = from->name,
		.role = from->role,
		.maker = from->maker,
		.optional = !from->shown,
	};

	cert_hosts_add_as(arena, hosts, &host);
}

/* What has no certificate of its own; all, where each host has one. */
static void
list_rest(struct arena *arena, const struct cfg *cfg, struct cert_hosts *rest)
{
	bool all = true;
	size_t i;

	for (i = 0; i < cfg->host_count; i++)
		all = all && cfg->hosts[i].certfile;
	for (i = 0; i < cfg->domain_count; i++) {
		const struct cfg_host *host = cfg->domains[i].host;

		if (all || !host || !host->certfile)
			hosts_add(arena, rest, &cfg->domains[i]);
	}
}

/* Files for nothing else share the one list. */
static void
file_add_rest(struct arena *arena, struct config_file *file,
    const struct cert_hosts *rest)
{
	size_t i;

	if (file->hosts.count == 0)
		file->hosts = *rest;
	else if (file->hosts.items != rest->items)
		for (i = 0; i < rest->count; i++)
			cert_hosts_add_as(arena, &file->hosts, &rest->items[i]);
}

static struct config_file *
file_find(const struct map *by_path, const char *path)
{
	return path ? map_get(by_path, str_of(path)) : NULL;
}

/* The domain_certfiles; hosts that share one share it whole. */
static void
add_own(struct arena *arena, const struct cfg *cfg, const struct map *by_path)
{
	size_t i;

	for (i = 0; i < cfg->domain_count; i++) {
		const struct cfg_host *host = cfg->domains[i].host;
		struct config_file *file =
		    host ? file_find(by_path, host->certfile) : NULL;

		if (file)
			hosts_add(arena, &file->hosts, &cfg->domains[i]);
	}
}

static void
add_listeners(struct arena *arena, const struct cfg *cfg,
    const struct map *by_path, const struct cert_hosts *rest)
{
	struct config_file *file, *last = NULL;
	size_t i;

	for (i = 0; i < cfg->listener_count; i++) {
		file = file_find(by_path, cfg->listeners[i].certfile);
		if (file && file != last)
			file_add_rest(arena, file, rest);
		last = file;
	}
}

/* What is left is named for all: ejabberd takes the one that fits. */
static void
add_others(struct arena *arena, struct config_files *files,
    const struct cert_hosts *rest)
{
	size_t i, others = 0;

	for (i = 0; i < files->count; i++) {
		struct config_file *file = &files->items[i];

		file->shared = file->hosts.count == 0 && !file->idle;
		others += file->shared;
	}
	for (i = 0; i < files->count; i++) {
		struct config_file *file = &files->items[i];

		if (file->shared || file->idle)
			file_add_rest(arena, file, rest);
		file->shared = file->shared && others > 1;
	}
}

static void
list_files(struct arena *arena, const struct cfg *cfg, size_t count,
    struct config_files *out)
{
	struct cert_hosts rest = { 0 };
	struct map by_path = { 0 };
	size_t i;

	out->count = count;
	out->items = arena_array(arena, out->count, sizeof(*out->items));
	for (i = 0; i < out->count; i++) {
		out->items[i].path = cfg->certfiles[i];
		out->items[i].idle = i >= cfg->certfile_count;
		if (cfg->certfile_spans)
			out->items[i].named = &cfg->certfile_spans[i];
		map_put(&by_path, str_of(cfg->certfiles[i]), &out->items[i]);
	}
	list_rest(arena, cfg, &rest);
	add_own(arena, cfg, &by_path);
	add_listeners(arena, cfg, &by_path, &rest);
	add_others(arena, out, &rest);
	map_fini(&by_path);
}

void
config_files_list(
    struct arena *arena, const struct cfg *cfg, struct config_files *out)
{
	list_files(arena, cfg, cfg->certfile_count, out);
}

void
config_files_list_all(
    struct arena *arena, const struct cfg *cfg, struct config_files *out)
{
	list_files(
	    arena, cfg, cfg->certfile_count + cfg->idle_certfile_count, out);
}

static bool
file_check(struct arena *arena, const struct config_file *file,
    struct pem_demand demand, struct findings *findings)
{
	demand.hosts = file->hosts.items;
	demand.host_count = file->shared ? 0 : file->hosts.count;
	demand.named = file->named;
	return pem_check(arena, file->path, &demand, findings);
}

bool
config_file_check(struct arena *arena, const struct config_file *file,
    bool starting, struct findings *findings)
{
	const struct pem_demand demand = { .starting = starting };

	return file_check(arena, file, demand, findings);
}

bool
config_files_check(struct arena *arena, const struct cfg *cfg,
    const struct pem_demand *demand, struct findings *findings)
{
	struct config_files files;
	bool good = true;
	size_t i;

	config_files_list(arena, cfg, &files);
	for (i = 0; i < files.count; i++)
		if (!file_check(arena, &files.items[i], *demand, findings))
			good = false;
	return good;
}

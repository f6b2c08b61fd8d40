#include "certgen/config_files.h"

#include "certgen/pem_check.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/map.h"
#include "cfgparse/cfg.h"
#include "cfgparse/findings.h"

static void
file_add_host(struct arena *arena, struct config_file *file, const char *name)
{
	if (cert_hosts_add(arena, &file->hosts, name, PEM_FOR_BOTH) ==
	    HOST_TOO_MANY)
		file->too_many = true;
}

/* The hosts without a certificate of their own; all, where each has one. */
static void
file_add_rest(
    struct arena *arena, struct config_file *file, const struct cfg *cfg)
{
	bool all = true;
	size_t i;

	for (i = 0; i < cfg->host_count; i++)
		all = all && cfg->hosts[i].certfile;
	for (i = 0; i < cfg->host_count; i++)
		if (all || !cfg->hosts[i].certfile)
			file_add_host(arena, file, cfg->hosts[i].name);
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
	struct config_file *file;
	size_t i;

	for (i = 0; i < cfg->host_count; i++) {
		file = file_find(by_path, cfg->hosts[i].certfile);
		if (file)
			file_add_host(arena, file, cfg->hosts[i].name);
	}
}

static void
add_listeners(
    struct arena *arena, const struct cfg *cfg, const struct map *by_path)
{
	struct config_file *file, *last = NULL;
	size_t i;

	for (i = 0; i < cfg->listener_count; i++) {
		file = file_find(by_path, cfg->listeners[i].certfile);
		if (file && file != last)
			file_add_rest(arena, file, cfg);
		last = file;
	}
}

/* What is left is named for all: ejabberd takes the one that fits. */
static void
add_others(
    struct arena *arena, const struct cfg *cfg, struct config_files *files)
{
	size_t i, others = 0;

	for (i = 0; i < files->count; i++) {
		struct config_file *file = &files->items[i];

		file->shared = file->hosts.count == 0;
		others += file->shared;
	}
	for (i = 0; i < files->count; i++) {
		struct config_file *file = &files->items[i];

		if (file->shared)
			file_add_rest(arena, file, cfg);
		file->shared = file->shared && others > 1;
	}
}

void
config_files_list(
    struct arena *arena, const struct cfg *cfg, struct config_files *out)
{
	struct map by_path = { 0 };
	size_t i;

	out->count = cfg->certfile_count;
	out->items = arena_array(arena, out->count, sizeof(*out->items));
	for (i = 0; i < out->count; i++) {
		out->items[i].path = cfg->certfiles[i];
		if (cfg->certfile_spans)
			out->items[i].named = &cfg->certfile_spans[i];
		map_put(&by_path, str_of(cfg->certfiles[i]), &out->items[i]);
	}
	add_own(arena, cfg, &by_path);
	add_listeners(arena, cfg, &by_path);
	add_others(arena, cfg, out);
	map_fini(&by_path);
}

bool
config_file_check(struct arena *arena, const struct config_file *file,
    bool starting, struct findings *findings)
{
	struct pem_demand demand = { .starting = starting,
		.named = file->named };
	const char **names =
	    arena_array(arena, file->hosts.count, sizeof(*names));
	size_t i;

	for (i = 0; i < file->hosts.count; i++)
		names[i] = file->hosts.items[i].name;
	demand.hosts = names;
	demand.host_count = file->shared ? 0 : file->hosts.count;
	return pem_check(arena, file->path, &demand, findings);
}

bool
config_files_check(struct arena *arena, const struct cfg *cfg, bool starting,
    struct findings *findings)
{
	struct config_files files;
	bool good = true;
	size_t i;

	config_files_list(arena, cfg, &files);
	for (i = 0; i < files.count; i++)
		if (!config_file_check(
			arena, &files.items[i], starting, findings))
			good = false;
	return good;
}

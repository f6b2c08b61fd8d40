#include "cfgparse/cfg.h"
/*
 * Loading, in order: read and flatten, macros, hosts, settings, the checks of
 * names and types, and freezing, whose steps check what they read. All steps
 * run even after errors, so that one run shows them all; only a file that
 * can't be read as terms ends it early.
 */
#include <stdlib.h>

#include "cfgparse/cfg_private.h"
#include "cfgparse/model_terms.h"

static void
loader_init(struct loader *loader, const char *path,
    const struct cfg_load_options *options, struct findings *findings)
{
	const char *slash = strrchr(path, '/');

	*loader = (struct loader){
		.findings = findings,
		.options = options,
		.path = path,
		.directory = { path, slash ? (size_t)(slash - path) + 1 : 0 },
	};
	loader->frozen = calloc(1, sizeof *loader->frozen);
	if (!loader->frozen)
		abort();
	loader->frozen->cfg.path = arena_strdup(&loader->frozen->arena, path);
}

static void
loader_fini(struct loader *loader)
{
	map_fini(&loader->settings);
	map_fini(&loader->acl_names);
	map_fini(&loader->access_names);
	map_fini(&loader->shaper_names);
	arena_fini(&loader->arena);
}

/* The rules of each family, in the order of lint.h. */
static void
run_rules(struct lint *lint)
{
	(void)lint;
}

static void
check_model(struct loader *loader)
{
	struct findings *scratch = findings_create("");
	struct lint lint = {
		.arena = &loader->arena,
		.findings = scratch,
		.for_xmppd = true,
		.check_files = loader->options->check_files,
		.path = loader->path,
		.directory = loader->directory,
		.source = loader->source,
	};
	struct model_builder builder;

	/* Until freezing reads the model, it reports what is ill-formed. */
	model_build_start(&builder, &lint, false);
	model_terms(&builder, loader->terms.items, loader->terms.count);
	model_build_end(&builder);
	lint.findings = loader->findings;
	run_rules(&lint);
	model_fini(builder.model);
	findings_destroy(&scratch);
}

static void
freeze(struct loader *loader)
{
	cfg_expand_macros(loader);
	check_model(loader);
	cfg_collect_hosts(loader);
	cfg_collect_settings(loader);
	cfg_check_settings(loader);
	cfg_freeze_acls(loader);
	cfg_freeze_access(loader);
	cfg_freeze_shapers(loader);
	cfg_freeze_globals(loader);
	cfg_freeze_listeners(loader);
	cfg_freeze_hosts(loader);
	cfg_check_listener_certificates(loader);
}

static bool
finish(struct loader *loader, bool readable, size_t errors_before,
    struct cfg **out)
{
	struct cfg *cfg = &loader->frozen->cfg;

	/* Half a file would be full of errors that it doesn't have. */
	if (readable)
		freeze(loader);
	bool ok = readable && findings_count(loader->findings,
				  SEVERITY_ERROR) == errors_before;
	loader_fini(loader);
	if (!ok)
		cfg_destroy(&cfg);
	*out = cfg;
	return ok;
}

bool
cfg_load(const char *path, const struct cfg_load_options *options,
    struct findings *findings, struct cfg **out)
{
	size_t before = findings_count(findings, SEVERITY_ERROR);
	struct loader loader;

	loader_init(&loader, path, options, findings);
	loader.may_read = true;
	return finish(&loader, cfg_read_main(&loader), before, out);
}

bool
cfg_load_text(const char *name, struct str text, struct findings *findings,
    struct cfg **out)
{
	static const struct cfg_load_options options;
	size_t before = findings_count(findings, SEVERITY_ERROR);
	struct loader loader;

	loader_init(&loader, name, &options, findings);
	return finish(&loader, cfg_read_text(&loader, name, text), before, out);
}

void
cfg_destroy(struct cfg **cfg)
{
	struct frozen *frozen = (struct frozen *)*cfg;

	if (!frozen)
		return;
	for (size_t i = 0; i < frozen->regexp_count; i++) {
		regfree(frozen->regexps[i]);
		free(frozen->regexps[i]);
	}
	free(frozen->regexps);
	map_fini(&frozen->hosts);
	map_fini(&frozen->acls);
	map_fini(&frozen->access);
	arena_fini(&frozen->arena);
	free(frozen);
	*cfg = NULL;
}

const struct cfg_host *
cfg_host(const struct cfg *cfg, struct str name)
{
	return map_get(&((const struct frozen *)cfg)->hosts, name);
}

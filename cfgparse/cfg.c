#include "cfgparse/cfg.h"
/*
 * Loading, in order: read and flatten, macros, the model, the rules, and
 * freezing what they found nothing wrong with. All of it but the last runs
 * even after errors, so that one run shows them all; only a file that is in no
 * dialect ends it early.
 */
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/warm.h"
#include "cfgparse/cfg_checks.h"
#include "cfgparse/cfg_frozen.h"
#include "cfgparse/cfg_private.h"
#include "cfgparse/cfg_yaml.h"
#include "cfgparse/lint_aside.h"
#include "cfgparse/model_terms.h"
#include "cfgparse/model_yaml.h"

/* Bytes of text from which on the model is worth preparing for, and how many
 * times the text it takes at most. */
enum { LARGE = 4 << 20, MODEL_TIMES = 5 };

static void
loader_init(struct loader *loader, const char *path,
    const struct cfg_load_options *options, struct findings *findings)
{
	const char *slash = strrchr(path, '/');

	*loader = (struct loader){ .findings = findings,
		.options = options,
		.dialect = options->dialect };
	loader->lint = (struct lint){
		.arena = &loader->arena,
		.findings = findings,
		.target = options->target ? options->target : &target_default,
		.check_files = options->check_files,
		.path = path,
		.directory = { path, slash ? (size_t)(slash - path) + 1 : 0 },
	};
	loader->lint.for_xmppd = loader->lint.target->xmppd;
}

/* The rules of each family, in the order of lint.h. */
static void
run_rules(struct lint *lint)
{
	struct lint_aside access;
	bool aside;

	rules_settings(lint);
	aside = aside_start(&access, lint, rules_access);
	if (!aside)
		rules_access(lint);
	rules_acls(lint);
	rules_hosts(lint);
	rules_listeners(lint);
	rules_tls(lint);
	check_accounts(lint);
	check_modules(lint);
	rules_security(lint);
	rules_modules(lint);
	rules_migration(lint);
	if (aside)
		aside_finish(&access, lint);
}

/* --- freezing --- */

static struct cfg *
freeze(struct lint *lint)
{
	struct frozen *frozen = calloc(1, sizeof *frozen);
	struct freezer freezer = {
		.model = lint->model, .lint = lint, .frozen = frozen
	};

	if (!frozen)
		abort();
	policy_index(lint->policy);
	frozen->policy = lint->policy;
	lint->policy = NULL;
	frozen->cfg.path = arena_strdup(&frozen->arena, lint->path);
	freeze_globals(&freezer);
	freeze_shapers(&freezer);
	freeze_listeners(&freezer);
	freeze_hosts(&freezer);
	freeze_idle_certfiles(&freezer);
	map_fini(&freezer.certfiles);
	return &frozen->cfg;
}

static void
module_added(struct lint *lint, const struct model_module *module)
{
	rules_module(lint, module);
	rules_service_host(lint, module);
}

/* Most of a large file is judged right where it is read: later it would have
 * to be fetched from memory again. */
static void
start_model(struct loader *loader, struct model_builder *builder)
{
	model_build_start(builder, &loader->lint, loader->yaml);
	builder->setting_added = rules_setting;
	builder->module_added = module_added;
}

static void
build_model(struct loader *loader, struct model_builder *builder)
{
	struct term_list *terms = &loader->terms;

	if (loader->yaml) {
		cfg_expand_yaml(loader);
		cfg_merge_yaml(loader);
		start_model(loader, builder);
		model_yaml(builder, terms->items, terms->count);
	} else {
		cfg_expand_macros(loader);
		start_model(loader, builder);
		model_terms(builder, terms->items, terms->count);
	}
	model_build_end(builder);
}

/* The rest behind reading: true, and *out where it is wanted, if no error was
 * found since there were errors_before. */
static bool
finish(struct loader *loader, bool readable, size_t errors_before,
    struct cfg **out)
{
	struct model_builder builder;
	bool ok = readable;

	if (out)
		*out = NULL;
	if (readable) {
		size_t size = loader->lint.source->text.len;
		if (size >= LARGE)
			warm_start(size * MODEL_TIMES);
		build_model(loader, &builder);
		run_rules(&loader->lint);
		if (loader->options->look)
			loader->options->look(
			    loader->options->look_context, &loader->lint);
		ok = findings_count(loader->findings, SEVERITY_ERROR) ==
		     errors_before;
		ok =
		    ok || (loader->options->anyway && !loader->lint.incomplete);
		if (ok && out)
			*out = freeze(&loader->lint);
		policy_destroy(&loader->lint.policy);
		model_fini(builder.model);
		warm_stop();
	}
	arena_fini(&loader->arena);
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
cfg_load_text(const char *name, struct str text,
    const struct cfg_load_options *options, struct findings *findings,
    struct cfg **out)
{
	static const struct cfg_load_options none;
	size_t before = findings_count(findings, SEVERITY_ERROR);
	struct loader loader;

	loader_init(&loader, name, options ? options : &none, findings);
	return finish(&loader, cfg_read_text(&loader, name, text), before, out);
}

bool
cfg_check_syntax(const char *path, const struct cfg_load_options *options,
    struct findings *findings)
{
	struct loader loader;

	loader_init(&loader, path, options, findings);
	bool ok = cfg_read_syntax(&loader);
	arena_fini(&loader.arena);
	return ok;
}

void
cfg_destroy(struct cfg **cfg)
{
	struct frozen *frozen = (struct frozen *)*cfg;

	if (!frozen)
		return;
	map_fini(&frozen->hosts);
	policy_destroy(&frozen->policy);
	arena_fini(&frozen->arena);
	free(frozen);
	*cfg = NULL;
}

const struct cfg_host *
cfg_host(const struct cfg *cfg, struct str name)
{
	return map_get(&((const struct frozen *)cfg)->hosts, name);
}

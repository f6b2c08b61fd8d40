#include "cfgparse/cfg_checks.h"
/*
 * Modules: unknown ones, those that the server doesn't run, and doubles.
 */
#include "cfgparse/base/pair_map.h"
#include "cfgparse/cfg_rules.h"

static void
report_unknown(struct lint *lint, const struct model_module *module)
{
	const char *near = catalogue_suggest_module(module->name);
	struct finding *finding =
	    check_report(lint, CFG_MODULE_UNKNOWN, module->key,
		"there is no module %s", lint_shown(lint, module->key));

	if (near)
		finding_hint(finding, "did you mean %s?", near);
	else
		finding_severity(finding, SEVERITY_WARNING);
}

static void
check_known(struct lint *lint, const struct model_module *module)
{
	const struct service *row = module->row;

	/* One of somebody else is told as such by its target. */
	if (row->acts || !lint->for_xmppd || (row->foreign && !row->first))
		return;
	struct finding *finding =
	    check_report(lint, CFG_MODULE_NOT_RUN, module->key,
		"%s is known but not run by this version", row->name);
	finding_subject(finding, row->name);
}

void
check_modules(struct lint *lint)
{
	struct pair_map seen = { 0 }; /* row, NULL: the latest module */

	for (struct model_module *m = lint->model->modules; m; m = m->next) {
		if (!m->row) {
			report_unknown(lint, m);
			continue;
		}
		/* Modules of one setting stand side by side. */
		const struct model_module *first =
		    pair_map_get(&seen, m->row, NULL);
		if (!first || first->setting != m->setting) {
			pair_map_put(&seen, m->row, NULL, m);
			check_known(lint, m);
			continue;
		}
		struct finding *finding = check_report(lint, CFG_MODULE_TWICE,
		    m->key, "%s is listed twice; the first entry holds",
		    lint_shown(lint, m->key));
		lint_related(finding, first->key, "first listed here");
	}
	pair_map_fini(&seen);
}

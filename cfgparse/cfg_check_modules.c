#include "cfgparse/cfg_checks.h"
/*
 * Modules: unknown ones, those that the server doesn't run, and doubles.
 */
#include "cfgparse/cfg_rules.h"
#include "cfgparse/lint_edit.h"

static void
report_unknown(struct lint *lint, const struct model_module *module)
{
	const char *near = catalogue_suggest_module(module->name);
	struct finding *finding =
	    check_report(lint, CFG_MODULE_UNKNOWN, module->key,
		"there is no module %s", lint_shown(lint, module->key));

	if (near)
		edit_meant(finding, module->key, near);
	else
		finding_severity(finding, SEVERITY_WARNING);
}

/* One of somebody else is told as such by its target. */
static bool
is_run(const struct lint *lint, const struct service *row)
{
	return row->acts || !lint->for_xmppd || (row->foreign && !row->first);
}

static void
check_known(struct lint *lint, const struct model_module *module)
{
	const struct service *row = module->row;

	if (is_run(lint, row))
		return;
	struct finding *finding = check_report(lint, CFG_MODULE_NOT_RUN,
	    module->key, "%s is known but not run by this version", row->name);
	finding_subject(finding, row->name);
}

/* Modules of one setting and one name follow each other. */
static void
check_repeated(struct lint *lint, const struct model_modules *all)
{
	const struct model_module *first = all->first, *m = first->next_of_name;

	for (; m; m = m->next_of_name) {
		if (m->setting != first->setting) {
			first = m;
			continue;
		}
		struct finding *finding = check_report(lint, CFG_MODULE_TWICE,
		    m->key, "%s is listed twice; the first entry holds",
		    lint_shown(lint, m->key));
		lint_related(finding, first->key, "first listed here");
		edit_remove(finding, true, m->whole, m->whole);
	}
}

void
check_modules(struct lint *lint)
{
	const struct model_modules *all = lint->model->module_names;
	const struct model_module *m, *before;

	for (; all; all = all->next) {
		if (all->row && is_run(lint, all->row) && !all->repeated)
			continue;
		for (before = NULL, m = all->first; m; m = m->next_of_name) {
			if (!m->row)
				report_unknown(lint, m);
			else if (!before || before->setting != m->setting)
				check_known(lint, m);
			before = m;
		}
		if (all->row && all->repeated)
			check_repeated(lint, all);
	}
}

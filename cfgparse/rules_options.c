#include "cfgparse/rules_settings.h"
/*
 * The options of listeners and modules against their rows of the catalogue.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/cfg_rules.h"

#define report(lint, rule, ...) lint_report(lint, &cfg_rules[rule], __VA_ARGS__)

static void
report_unknown(struct lint *lint, const struct service *service,
    const struct model_option *option, bool listener)
{
	enum cfg_rule rule = listener ? CFG_LISTENER_OPTION : CFG_MODULE_OPTION;
	struct finding *finding =
	    report(lint, rule, option->key, "%s has no option %s",
		service->name, lint_shown(lint, option->key));
	const char *near = option->name.len ? catalogue_suggest_service_option(
						  service, option->name)
					    : NULL;

	if (near)
		finding_hint(finding, "did you mean %s?", near);
	if (lint->for_xmppd && !service->acts)
		finding_severity(finding, SEVERITY_WARNING);
}

static void
check_option(struct lint *lint, const struct service *service,
    const struct model_option *option, bool listener)
{
	const struct option *row = option->row;

	if (!row) {
		report_unknown(lint, service, option, listener);
		return;
	}
	if (row->type == TYPE_REFUSED) {
		struct finding *finding = report(lint, CFG_OPTION_GONE,
		    option->key, "%s is no longer available", row->name);
		finding_hint(finding, "write tls instead");
	}
	/* A bare atom stands for {Name, true}. */
	if (option->value || (row->type != TYPE_FLAG && row->type != TYPE_BOOL))
		rules_value(lint, row, option);
	if (!row->acts && service->acts)
		rules_inactive(lint, row, option,
		    arena_printf(
			lint->arena, "%s's %s", service->name, row->name));
}

static void
check_options(struct lint *lint, const struct service *service,
    const struct model_options *options, bool listener)
{
	if (!service || service->foreign)
		return;
	for (size_t i = 0; i < options->count; i++)
		check_option(lint, service, &options->items[i], listener);
}

void
rules_options(struct lint *lint)
{
	const struct model *model = lint->model;

	for (size_t i = 0; i < model->listener_count; i++)
		check_options(lint, model->listeners[i].row,
		    &model->listeners[i].options, true);
	for (const struct model_module *m = model->modules; m; m = m->next)
		check_options(lint, m->row, &m->options, false);
}

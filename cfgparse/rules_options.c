#include "cfgparse/rules_settings.h"
/*
 * The options of listeners and modules against their rows of the catalogue.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/rules_targets.h"
#include "cfgparse/lint_edit.h"

#define report(lint, rule, ...) lint_report(lint, &cfg_rules[rule], __VA_ARGS__)

static void
report_unknown(struct lint *lint, const struct service *service,
    const struct model_option *option, bool listener)
{
	enum cfg_rule rule = listener ? CFG_LISTENER_OPTION : CFG_MODULE_OPTION;
	struct finding *finding =
	    report(lint, rule, option->key, "%s has no option %s",
		service->name, lint_shown(lint, option->key));
	const char *near =
	    option->name.len && finding_is_kept(finding)
		? catalogue_suggest_service_option(service, option->name)
		: NULL;

	if (near)
		edit_meant(finding, option->key, near);
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
	if (!target_takes_option(lint, row, option->key))
		return;
	if (!option->key->file->yaml && row->type == TYPE_REFUSED) {
		struct finding *finding = report(lint, CFG_OPTION_GONE,
		    option->key, "%s is no longer available", row->name);
		finding_hint(finding, "write tls instead");
	}
	/* A bare atom stands for {Name, true}. */
	if (option->value || (row->type != TYPE_FLAG && row->type != TYPE_BOOL))
		rules_value(lint, row, option);
	if (lint->for_xmppd && !row->acts && service->acts)
		rules_inactive(lint, row, option,
		    arena_printf(
			lint->arena, "%s's %s", service->name, row->name));
}

static void
check_options(struct lint *lint, const struct service *service,
    const struct model_options *options, bool listener)
{
	bool yaml = options->list && options->list->file->yaml;

	/* Of modules of others only releases with YAML tell the options. */
	if (service->foreign && (!yaml || !service->first))
		return;
	for (size_t i = 0; i < options->count; i++)
		check_option(lint, service, &options->items[i], listener);
}

void
rules_options(struct lint *lint)
{
	const struct model *model = lint->model;

	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_listener *listener = &model->listeners[i];

		if (listener->row && target_takes_service(lint, listener->row,
					 listener->module_at))
			check_options(
			    lint, listener->row, &listener->options, true);
	}
}

void
rules_module(struct lint *lint, const struct model_module *module)
{
	if (module->row && target_takes_service(lint, module->row, module->key))
		check_options(lint, module->row, &module->options, false);
}

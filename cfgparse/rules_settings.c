#include "cfgparse/rules_settings.h"
/*
 * Every setting against its row of the catalogue: is the name known, does the
 * value have its type, does this server follow it; and what repeats and
 * additions mean. Options of listeners and modules: rules_options.c.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/rules_targets.h"
#include "cfgparse/lint_edit.h"
#include "cfgparse/value_mend.h"

/* CFG030 to CFG099 stand in one table. */
#define report(lint, rule, ...) lint_report(lint, &cfg_rules[rule], __VA_ARGS__)

static void
report_unknown(struct lint *lint, const struct model_option *option)
{
	struct finding *finding;

	if (catalogue_foreign_option(option->name)) {
		report(lint, CFG_FOREIGN, option->key,
		    "%s belongs to another server and is not acted on",
		    lint_shown(lint, option->key));
		return;
	}
	finding = report(lint, CFG_UNKNOWN_OPTION, option->key,
	    "there is no option %s", lint_shown(lint, option->key));
	if (!finding_is_kept(finding))
		return;
	const char *near = catalogue_suggest_option(option->name);
	if (near)
		edit_meant(finding, option->key, near);
	else if (option->key->file->yaml && catalogue_module(option->name))
		finding_hint(finding,
		    "it is a module: indent it below modules, as much as its "
		    "neighbours there");
}

void
rules_inactive(struct lint *lint, const struct option *row,
    const struct model_option *option, const char *name)
{
	if (row->anyway && option->value &&
	    term_is_atom(option->value, row->anyway))
		return;
	struct finding *finding = report(lint, CFG_NOT_ACTED_ON, option->key,
	    "%s is known but not acted on by this version", name);

	finding_subject(finding, name);
	if (row->anyway)
		finding_hint(
		    finding, "it works as if %s were written", row->anyway);
}

/* True for rates that the model's reader told of. */
static bool
is_told(
    const struct lint *lint, const struct option *row, const struct term *at)
{
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	if (strcmp(row->name, "shaper") != 0)
		return false;
	while (map_next(&lint->model->shapers, &walk, &name, &value)) {
		const struct model_shaper *shaper = value;
		for (; shaper; shaper = shaper->next) {
			if (shaper->value == at && shaper->rate < 0)
				return true;
		}
	}
	return false;
}

/* What acls and access rules say is read with the model and judged by the
 * rules of access, value by value. */
static bool
is_of_access(const struct option *row, const struct term *value)
{
	static const char *const names[] = { "acl", "access_rules",
		"shaper_rules" };
	enum option_type kind = option_kind(row, true);

	if (!value->file->yaml ||
	    (value->kind != TERM_MAP && value->kind != TERM_LIST))
		return false;
	if (kind == TYPE_ACCESS || kind == TYPE_SHAPER_RULE)
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(row->name, names[i]) == 0)
			return value->kind == TERM_MAP &&
			       row->scope & SCOPE_GLOBAL;
	}
	return false;
}

void
rules_value(struct lint *lint, const struct option *row,
    const struct model_option *option)
{
	bool yaml = option->key->file->yaml;
	struct mismatch mismatch;

	if (option_kind(row, yaml) == TYPE_REFUSED ||
	    (option->value && is_of_access(row, option->value)))
		return;
	if (!option->value) {
		report(lint, CFG_VALUE, option->key, "%s expects %s", row->name,
		    catalogue_expected(row, yaml, lint->arena));
		return;
	}
	if (catalogue_check(
		row, lint->target, option->value, lint->arena, &mismatch) ||
	    is_told(lint, row, mismatch.at))
		return;
	/* What stands there may be a password that lacks its quotes. */
	bool secret = option_kind(row, yaml) == TYPE_SECRET;
	struct finding *finding =
	    report(lint, CFG_VALUE, mismatch.at, "%s expects %s%s%s", row->name,
		mismatch.expected, secret ? "" : ", got ",
		secret ? "" : lint_shown(lint, mismatch.at));
	finding_subject(finding, row->name);
	if (!secret)
		value_mend(lint, row, option, &mismatch, finding);
	/* A value that nobody reads stops nobody. */
	if (lint->for_xmppd && !row->acts)
		finding_severity(finding, SEVERITY_WARNING);
}

static void
check_value(struct lint *lint, const struct model_setting *setting)
{
	const struct option *row = setting->row;
	const struct model_option *option = &setting->option;

	if (setting->add && !option->key->file->yaml &&
	    option->value->kind != TERM_LIST)
		report(lint, CFG_VALUE, option->value,
		    "{add, %s} expects a list, got %s", row->name,
		    lint_shown(lint, option->value));
	else if (option->value || row->type != TYPE_FLAG)
		rules_value(lint, row, option);
}

static void
check_setting(struct lint *lint, const struct model_setting *setting)
{
	const struct option *row = setting->row;
	const struct model_option *option = &setting->option;

	if (!row) {
		report_unknown(lint, option);
		return;
	}
	if (!target_takes_option(lint, row, option->key))
		return;
	/* ejabberd 2.x stores shapers of hosts and never reads them. */
	if (setting->host &&
	    (!option_is_per_host(row, option->key->file->yaml) ||
		str_eq(option->name, STR("shaper")))) {
		struct finding *finding =
		    report(lint, CFG_HOST_SCOPE, option->key,
			"%s has no effect inside host_config", row->name);
		edit_remove(finding, true, option->whole,
		    option->key->file->yaml ? option->value : option->whole);
		return;
	}
	if (str_eq(option->name, STR("hosts")) ||
	    str_eq(option->name, STR("host")))
		return; /* read with the model */
	check_value(lint, setting);
	if (!lint->for_xmppd)
		return;
	if (!row->acts) {
		rules_inactive(lint, row, option, row->name);
	} else if (setting->host && row->idle & SCOPE_HOST) {
		struct model_option bare = { .key = option->key };

		rules_inactive(lint, row, &bare,
		    arena_printf(
			lint->arena, "%s inside host_config", row->name));
	}
}

/* Accumulates, or is one of several by its second element. */
static bool
may_repeat(const struct model_setting *setting)
{
	const struct term *whole = setting->option.whole;
	struct str name = setting->option.name;

	/* Of keys that stand in one mapping twice their rule tells. */
	return setting->add || whole->file->yaml ||
	       (whole->kind == TERM_TUPLE && whole->count == 3) ||
	       str_eq(name, STR("s2s_host")) || str_eq(name, STR("hosts")) ||
	       str_eq(name, STR("host"));
}

static void
check_repeat(struct lint *lint, const struct model_setting *setting)
{
	const struct model_setting *before = setting->before;

	if (!before || before->host != setting->host || may_repeat(before) ||
	    may_repeat(setting))
		return;
	struct finding *finding =
	    report(lint, CFG_SET_TWICE, setting->option.key,
		"%s is set again; this value replaces the earlier one",
		lint_shown(lint, setting->option.key));
	lint_related(finding, before->option.key, "the earlier one");
	edit_remove(finding, true, before->option.whole, before->option.whole);
}

/* What a host was given before the global option counts for nothing. */
static void
check_overwritten(struct lint *lint, const struct model_setting *setting)
{
	const struct model_setting *global = setting->all->last_global;

	/* Names of two parts don't replace each other. */
	if (!setting->host || !setting->row ||
	    !(setting->row->scope & SCOPE_HOST) || may_repeat(global) ||
	    (setting->option.whole->count == 3 && !setting->add) ||
	    (setting->add && !setting->before)) /* CFG050 says it */
		return;
	struct finding *finding =
	    report(lint, CFG_OVERWRITTEN, setting->option.key,
		"%s of %.*s is replaced by the global value that follows",
		lint_shown(lint, setting->option.key),
		STR_ARG(setting->host->name));
	lint_related(finding, global->option.key, "this one holds");
	finding_hint(finding, "put host_config behind the global options");
}

void
rules_setting(struct lint *lint, const struct model_setting *setting)
{
	check_setting(lint, setting);
	check_repeat(lint, setting);
	if (setting->add && !setting->before && !lint->incomplete)
		report(lint, CFG_ADD_NOTHING, setting->option.key,
		    "{add, %s} stands before any value that it could add to",
		    lint_shown(lint, setting->option.key));
}

void
rules_settings(struct lint *lint)
{
	const struct model *model = lint->model;
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	while (map_next(&model->settings, &walk, &name, &value)) {
		const struct model_settings *all = value;
		const struct model_setting *setting = all->first;

		if (model->yaml || !all->last_global)
			continue;
		for (; setting && setting->order < all->last_global->order;
		     setting = setting->next)
			check_overwritten(lint, setting);
	}
	rules_options(lint);
}

#include "cfgparse/cfg_checks.h"
/*
 * Where accounts are looked up and how they can log in.
 */
#include "cfgparse/cfg.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/mechanisms.h"

/* --- auth_method --- */

/* What internal accounts need: no method at all means them too. */
static bool
has_internal(const struct term *value)
{
	if (!value || term_is_atom(value, "internal"))
		return true;
	if (value->kind != TERM_LIST)
		return false;
	for (size_t i = 0; i < value->count; i++) {
		if (term_is_atom(&value->items[i], "internal"))
			return true;
	}
	return false;
}

static bool
some_host_has_internal(const struct model *model)
{
	const struct model_settings *all = model_settings(model, "auth_method");

	for (size_t i = 0; i < model->host_count; i++) {
		const struct model_setting *setting =
		    all ? model_last(model, all, model->hosts[i]) : NULL;

		if (model->hosts[i]->served &&
		    has_internal(setting ? setting->option.value : NULL))
			return true;
	}
	return false;
}

static void
check_method(struct lint *lint, const struct term *method)
{
	if (method->kind == TERM_ATOM && !term_is_atom(method, "internal"))
		check_report(lint, CFG_OTHER_AUTH, method,
		    "accounts are looked up internally only; %s is left out",
		    lint_shown(lint, method));
}

static void
check_methods(
    struct lint *lint, const struct model_setting *setting, bool others)
{
	const struct term *value = setting->option.value;

	if (has_internal(value)) {
		for (size_t i = 0; value->kind == TERM_LIST && i < value->count;
		     i++)
			check_method(lint, &value->items[i]);
		return;
	}
	struct finding *finding = check_report(lint, CFG_NO_INTERNAL_AUTH,
	    value,
	    "nobody could log in: this version knows internal accounts only");
	finding_hint(finding, "write %s",
	    lint_option(lint, value, "auth_method", "internal"));
	if (others)
		finding_severity(finding, SEVERITY_WARNING);
	if (setting->host)
		finding_subject(finding, lint_text(lint, setting->host->name));
}

/* --- disable_sasl_mechanisms --- */

/* The bits that the value withholds. */
static unsigned
check_mechanisms(struct lint *lint, const struct term *value)
{
	bool list = value->kind == TERM_LIST;
	size_t count = list ? value->count : 1;
	unsigned bits = 0;
	struct str text;

	for (size_t i = 0; i < count; i++) {
		const struct term *item = list ? &value->items[i] : value;
		const struct mechanism *row = mechanism_find(item);

		bits |= row ? row->bit : 0;
		if (row || !model_word(item, &text))
			continue;
		struct finding *finding = check_report(lint,
		    CFG_MECHANISM_UNKNOWN, item,
		    "there is no login mechanism %s", lint_shown(lint, item));
		finding_hint(finding, "write \"PLAIN\", \"SCRAM-SHA-1\", "
				      "\"SCRAM-SHA-256\" or one of these "
				      "with -PLUS");
	}
	return bits;
}

/* Whom the setting is for: one host, or all that have none of their own. */
static const char *
who(struct lint *lint, const struct model_setting *setting)
{
	const struct model *model = lint->model;

	if (setting->host)
		return lint_text(lint, setting->host->name);
	for (size_t i = 0; i < model->host_count; i++) {
		if (model->hosts[i]->served)
			return model->served_count == 1
				   ? lint_text(lint, model->hosts[i]->name)
				   : "any host";
	}
	return "any host";
}

static void
check_withheld(struct lint *lint, const struct model_setting *setting)
{
	unsigned bits = check_mechanisms(lint, setting->option.value);
	unsigned left = CFG_MECHANISMS_ALL & ~bits;
	const char *host = who(lint, setting);
	struct finding *finding;

	if (left & ~(unsigned)CFG_MECHANISMS_PLUS)
		return;
	if (left == 0) {
		finding =
		    check_report(lint, CFG_NO_MECHANISM, setting->option.value,
			"no login mechanism is left for %s", host);
	} else {
		finding = check_report(lint, CFG_NO_MECHANISM,
		    setting->option.value,
		    "only -PLUS mechanisms are left for %s, which many clients "
		    "do not have",
		    host);
		finding_severity(finding, SEVERITY_WARNING);
	}
	finding_subject(finding, host);
}

void
check_accounts(struct lint *lint)
{
	const struct model *model = lint->model;
	const struct model_settings *methods =
	    model_settings(model, "auth_method");
	const struct model_settings *off =
	    model_settings(model, "disable_sasl_mechanisms");

	if (!lint->for_xmppd)
		return;
	bool others = methods && some_host_has_internal(model);
	for (const struct model_setting *s = methods ? methods->first : NULL; s;
	     s = s->next)
		check_methods(lint, s, others);
	for (const struct model_setting *s = off ? off->first : NULL; s;
	     s = s->next)
		check_withheld(lint, s);
}

#include "cfgparse/rules_access.h"
/*
 * Shapers: their names and rates.
 */

enum { RATE_LEAST = 100, RATE_MOST = 1000000000 };

static void
check_rate(struct access_check *check, const struct model_shaper *shaper)
{
	struct finding *finding;

	/* Others may count messages, not bytes. */
	if (!(role_of(&check->shaper_roles, shaper->name) & ROLE_SHAPER))
		return;
	if (shaper->rate > 0 && shaper->rate < RATE_LEAST) {
		finding = access_report(check, SHAPER_RATE, shaper->value,
		    "%s lets only %lld bytes a second through",
		    lint_shown(check->lint, shaper->key),
		    (long long)shaper->rate);
		finding_hint(finding, "write bytes, such as 1000 or 50000");
	} else if (shaper->rate > RATE_MOST) {
		finding = access_report(check, SHAPER_RATE, shaper->value,
		    "%s limits nothing: no connection reaches %lld bytes a "
		    "second",
		    lint_shown(check->lint, shaper->key),
		    (long long)shaper->rate);
		finding_severity(finding, SEVERITY_INFO);
	}
}

static bool
is_reserved(const struct access_check *check, struct str name)
{
	if (str_is(name, "none"))
		return true;
	return check->flavour == POLICY_19_08 &&
	       (str_is(name, "infinity") || str_is(name, "infinite") ||
		   str_is(name, "unlimited"));
}

void
check_shapers(struct access_check *check)
{
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	while (map_next(&check->model->shapers, &walk, &name, &value)) {
		const struct model_shaper *shaper = value;
		const struct model_shaper *before = NULL;
		struct finding *finding;
		if (is_reserved(check, name)) {
			finding = access_report(check, NAME_RESERVED,
			    shaper->key,
			    "the shaper %.*s is built in, and this one is not "
			    "read",
			    STR_ARG(name));
			if (check->flavour == POLICY_19_08)
				finding_severity(finding, SEVERITY_ERROR);
			continue;
		}
		for (; shaper; shaper = shaper->next) {
			check_rate(check, shaper);
			if (shaper->host || shaper->key->file->yaml)
				continue;
			if (before) {
				finding = access_report(check, RULE_TWICE,
				    shaper->key,
				    "the shaper %.*s is defined again; this "
				    "one replaces the earlier one",
				    STR_ARG(name));
				lint_related(
				    finding, before->key, "the earlier one");
			}
			before = shaper;
		}
	}
}

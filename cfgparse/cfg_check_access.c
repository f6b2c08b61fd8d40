#include "cfgparse/cfg_checks.h"
/*
 * Acls that match nobody, and names of acls, access rules and shapers that
 * nothing defines.
 */
#include <stdlib.h>
#include <string.h>

#include "cfgparse/acl_value.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/cfg_rules.h"

static void
report_never(struct lint *lint, const struct term *term, const char *why)
{
	check_report(lint, CFG_ACL_NEVER, term, "%s matches nobody: %s",
	    lint_shown(lint, term), why);
}

/* One value of an acl; false where it can't match. */
static bool
check_value(
    struct lint *lint, const struct term *at, struct str text, bool regexp)
{
	char *copy = arena_memdup(lint->arena, text.ptr, text.len);
	char why[ACL_WHY_MAX];

	if (!acl_prepare(copy, text.len)) {
		report_never(
		    lint, at, "no name has spaces or one of \"&'/:<>@");
		return false;
	}
	if (!regexp)
		return true;
	regex_t *compiled = acl_compile(copy, why);
	if (!compiled) {
		check_report(lint, CFG_ACL_REGEXP, at,
		    "%s is no regular expression: %s", lint_shown(lint, at),
		    why);
		return false;
	}
	regfree(compiled);
	free(compiled);
	return true;
}

static void
check_acl(struct lint *lint, const struct model_acl *acl)
{
	const struct model_condition *what = &acl->condition;

	if (what->form == FORM_SHARED_GROUP) {
		report_never(lint, what->whole,
		    "shared roster groups are not kept by this version");
		return;
	}
	if (what->form == FORM_UNKNOWN || !what->first_at)
		return;
	if (check_value(
		lint, what->first_at, what->first, acl_is_regexp(what->form)) &&
	    what->second_at)
		check_value(lint, what->second_at, what->second,
		    what->form == FORM_NODE_REGEXP);
}

static void
check_acls(struct lint *lint)
{
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	while (map_next(&lint->model->acls, &walk, &name, &value)) {
		for (const struct model_acl *acl = value; acl; acl = acl->next)
			check_acl(lint, acl);
	}
}

static void
check_access_name(struct lint *lint, const struct model_use *use)
{
	const struct service *owner = use->owner;
	bool acted_on = owner && owner->acts && use->row && use->row->acts &&
			strcmp(use->row->name, "access") == 0;

	if (str_is(use->name, "all") || str_is(use->name, "none") ||
	    map_get(&lint->model->accesses, use->name))
		return;
	struct finding *finding = check_report(lint, CFG_ACCESS_UNDEFINED,
	    use->at, "no access rule is named %s%s", lint_shown(lint, use->at),
	    acted_on ? ", so everybody is denied" : "");
	if (!acted_on)
		finding_severity(finding, SEVERITY_WARNING);
	finding_hint(finding, "define {access, %s, [{allow, all}]}.",
	    lint_shown(lint, use->at));
}

static void
check_use(struct lint *lint, const struct model_use *use)
{
	if (use->kind == USE_ACCESS) {
		check_access_name(lint, use);
		return;
	}
	if (use->kind == USE_ACL && !model_acl(lint->model, use->name))
		check_report(lint, CFG_ACL_UNDEFINED, use->at,
		    "no acl is named %s, so nobody matches it",
		    lint_shown(lint, use->at));
	if (use->kind == USE_SHAPER && use->row && !str_is(use->name, "none") &&
	    !model_shaper(lint->model, use->name))
		check_report(lint, CFG_SHAPER_UNDEFINED, use->at,
		    "no shaper is named %s, so nothing is limited",
		    lint_shown(lint, use->at));
}

void
check_access(struct lint *lint)
{
	check_acls(lint);
	if (lint->incomplete)
		return;
	for (const struct model_use *use = lint->model->uses; use;
	     use = use->next)
		check_use(lint, use);
}

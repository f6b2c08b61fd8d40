#include "cfgparse/rules_access.h"
/*
 * Acls, access rules and shapers: what names what, and what is named in vain.
 * A list or chain is walked once; names are looked up in maps.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cfgparse/base/suggest.h"
#include "cfgparse/lint_edit.h"

enum { SUGGESTIONS_MAX = 32, SUGGEST_NAMES_MAX = 20000 };

struct finding *
access_report(struct access_check *check, enum access_rule_id id,
    const struct term *at, const char *message, ...)
{
	va_list args;
	char *text;

	va_start(args, message);
	if (vasprintf(&text, message, args) < 0)
		abort();
	va_end(args);
	struct finding *finding =
	    lint_report(check->lint, &access_rules[id], at, "%s", text);
	free(text);
	return finding;
}

struct policy_entries
access_entries(
    struct access_check *check, const struct policy_host *host, struct str acl)
{
	if (!check->acl.ptr || !str_eq(check->acl, acl)) {
		check->acl = acl;
		check->acl_name = policy_acl_name(check->policy, acl);
	}
	if (!check->acl_name)
		return (struct policy_entries){ 0 };
	return policy_entries_named(check->policy, host, check->acl_name);
}

bool
access_serves(const struct access_check *check, struct str host)
{
	const struct model_host *known = model_host(check->model, host);

	return known && known->served;
}

bool
access_is_builtin(struct str name)
{
	return str_is(name, "all") || str_is(name, "none");
}

bool
access_is_number(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	}
	return text.len > 0;
}

const char *
access_suggest(
    struct access_check *check, const struct map *names, struct str given)
{
	struct suggest suggest = { .given = given };
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	if (!check->suggestions || map_count(names) > SUGGEST_NAMES_MAX)
		return NULL;
	check->suggestions--;
	while (map_next(names, &walk, &name, &value)) {
		const char *text = lint_text(check->lint, name);
		size_t before = suggest.distance;
		const char *best = suggest.best;
		suggest_offer(&suggest, text);
		/* Of two as near the same one, whatever the map's order. */
		if (best && suggest.best == best &&
		    strlen(text) == strlen(best) && strcmp(text, best) < 0) {
			struct suggest other = { .given = given };
			suggest_offer(&other, text);
			if (other.best && other.distance == before)
				suggest.best = text;
		}
	}
	return suggest.best;
}

/* --- what names are used for --- */

unsigned
role_of(const struct map *roles, struct str name)
{
	const unsigned *role = map_get(roles, name);

	return role ? *role : 0;
}

void
add_role(struct access_check *check, struct map *roles, struct str name,
    unsigned role)
{
	unsigned *known = map_get(roles, name);

	if (!known) {
		known = arena_alloc(check->lint->arena, sizeof *known);
		map_put(roles, name, known);
	}
	*known |= role | ROLE_USED;
}

/* Rules that ejabberd asks by name. */
static const struct {
	const char *name;
	unsigned role;
} built_in[] = {
	{ "configure", ROLE_ACCESS | ROLE_ADMIN | ROLE_GUARDED },
	{ "webadmin_view", ROLE_ACCESS | ROLE_ADMIN | ROLE_GUARDED },
	{ "muc_admin", ROLE_ACCESS },
	{ "max_user_sessions", ROLE_NUMBER },
	{ "max_user_offline_messages", ROLE_NUMBER },
	{ "max_s2s_connections", ROLE_NUMBER },
	{ "max_s2s_connections_per_node", ROLE_NUMBER },
	{ "soft_upload_quota", ROLE_NUMBER },
	{ "hard_upload_quota", ROLE_NUMBER },
};

static bool
holds(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

/* By the option that names the rule. */
static unsigned
role_of_use(const struct model_use *use)
{
	const char *option = use->row ? use->row->name : "";
	const char *owner = use->owner ? use->owner->name : "";

	if (holds(option, "max_user") || holds(option, "quota"))
		return ROLE_NUMBER;
	if (use->shaper_rule || holds(option, "shaper"))
		return ROLE_SHAPER;
	if (strcmp(option, "access_admin") == 0)
		return ROLE_ACCESS | ROLE_ADMIN | ROLE_GUARDED;
	if (strcmp(option, "access_commands") == 0 ||
	    strcmp(option, "ejabberdctl_access_commands") == 0 ||
	    strcmp(owner, "mod_configure") == 0)
		return ROLE_ACCESS | ROLE_ADMIN;
	if (use->is_listener && strcmp(owner, "ejabberd_c2s") == 0 &&
	    strcmp(option, "access") == 0)
		return ROLE_ACCESS | ROLE_CLIENTS;
	return ROLE_ACCESS;
}

static void
collect_uses(struct access_check *check)
{
	const struct model_use *use = check->model->uses;

	for (size_t i = 0; i < sizeof built_in / sizeof *built_in; i++)
		add_role(check, &check->rule_roles, str_of(built_in[i].name),
		    built_in[i].role);
	for (; use; use = use->next) {
		if (use->kind == USE_ACL)
			add_role(check, &check->acl_roles, use->name, 0);
		else if (use->kind == USE_SHAPER)
			add_role(check, &check->shaper_roles, use->name,
			    use->row ? ROLE_SHAPER : 0);
		else
			add_role(check, &check->rule_roles, use->name,
			    role_of_use(use));
	}
	/* api_permissions has these without being told. */
	add_role(check, &check->acl_roles, STR("admin"), 0);
	add_role(check, &check->acl_roles, STR("loopback"), 0);
}

static bool
named_like_admins(struct str name)
{
	return str_is(name, "admin") || str_is(name, "admins") ||
	       str_is(name, "administrator") || str_is(name, "administrators");
}

/* The acls that the allowing lines of rules for administrators name. */
static void
collect_admins(struct access_check *check)
{
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	while (map_next(&check->model->accesses, &walk, &name, &value)) {
		const struct model_access *access = value;
		unsigned role = role_of(&check->rule_roles, name);
		struct str last = { 0 };
		if (!(role & ROLE_ADMIN))
			continue;
		role &= ROLE_ADMIN | ROLE_GUARDED;
		for (; access; access = access->next) {
			for (size_t i = 0; i < access->count; i++) {
				const struct model_line *line =
				    &access->lines[i];
				if (!str_is(line->result, "allow") ||
				    line->count != 1 ||
				    line->conditions[0].form != FORM_ACL ||
				    str_eq(line->conditions[0].first, last))
					continue;
				last = line->conditions[0].first;
				add_role(check, &check->acl_roles, last, role);
			}
		}
	}
	memset(&walk, 0, sizeof walk);
	while (map_next(&check->model->acls, &walk, &name, &value)) {
		if (named_like_admins(name))
			add_role(check, &check->acl_roles, name,
			    ROLE_ADMIN |
				(role_of(&check->acl_roles, name) & ROLE_USED));
	}
}

/* --- undefined --- */

/* The lines of the use: "used by ejabberd_c2s's access". */
static const char *
used_by(struct access_check *check, const struct model_use *use)
{
	if (!use->row)
		return "a rule";
	if (!use->owner)
		return use->row->name;
	return arena_printf(
	    check->lint->arena, "%s's %s", use->owner->name, use->row->name);
}

/* How a rule of that name that admits all is defined. */
static const char *
definition(
    struct access_check *check, const struct term *near, const char *name)
{
	if (near->file->yaml)
		return arena_printf(check->lint->arena,
		    "access_rules: {%s: [{allow: all}]}", name);
	return arena_printf(
	    check->lint->arena, "{access, %s, [{allow, all}]}.", name);
}

static void
hint_rule(struct access_check *check, struct finding *finding,
    const struct model_use *use, const struct term *at, const char *near,
    unsigned role)
{
	const char *name = lint_text(check->lint, use->name);
	const struct model_acl *acl = model_acl(check->model, use->name);
	const struct model_shaper *shaper =
	    model_shaper(check->model, use->name);

	if (acl) {
		lint_related(finding, acl->key, "the acl of that name");
		finding_hint(finding,
		    "%s is an acl: write a rule that allows it, and its name "
		    "here",
		    name);
	} else if (shaper && role & ROLE_SHAPER) {
		lint_related(finding, shaper->key, "the shaper of that name");
		finding_hint(finding,
		    "%s is a shaper: write a rule that gives it to all, and "
		    "its name here",
		    name);
	} else if (near) {
		edit_meant(finding, at, near);
	} else if (!(role & (ROLE_SHAPER | ROLE_NUMBER))) {
		finding_hint(finding, "define %s",
		    definition(check, use->place.at, name));
	}
}

static bool
is_acted_on(const struct access_check *check, const struct model_use *use)
{
	if (!check->lint->for_xmppd)
		return true;
	return use->row && use->row->acts && (!use->owner || use->owner->acts);
}

static void
check_rule_use(struct access_check *check, const struct model_use *use)
{
	const struct model_place *place = &use->place;
	unsigned role = role_of_use(use);
	bool shaper = role & (ROLE_SHAPER | ROLE_NUMBER);

	if (access_is_builtin(use->name) ||
	    map_get(&check->model->accesses, use->name) ||
	    (shaper &&
		(str_is(use->name, "infinity") || access_is_number(use->name))))
		return;
	bool denies = !shaper && is_acted_on(check, use);
	const char *near =
	    access_suggest(check, &check->model->accesses, use->name);
	for (; place; place = place->next) {
		struct finding *finding =
		    lint_report(check->lint, &cfg_rules[CFG_ACCESS_UNDEFINED],
			place->at, "no access rule is named %s%s",
			lint_shown(check->lint, place->at),
			denies	 ? ", so everybody is denied"
			: shaper ? ", so nothing is limited"
				 : "");
		if (!denies)
			finding_severity(finding, SEVERITY_WARNING);
		finding_subject(finding, used_by(check, use));
		hint_rule(check, finding, use, place->at, near, role);
	}
}

static void
check_shaper_use(struct access_check *check, const struct model_use *use)
{
	const struct model_place *place = &use->place;
	const struct model_access *rule;

	if (!use->row || str_is(use->name, "none") ||
	    model_shaper(check->model, use->name))
		return;
	/* Newer releases take a rule in its place. */
	rule = map_get(&check->model->accesses, use->name);
	if (rule && check->flavour == POLICY_19_08)
		return;
	const char *near =
	    access_suggest(check, &check->model->shapers, use->name);
	for (; place; place = place->next) {
		struct finding *finding = lint_report(check->lint,
		    &cfg_rules[CFG_SHAPER_UNDEFINED], place->at,
		    "no shaper is named %s, so nothing is limited",
		    lint_shown(check->lint, place->at));
		finding_subject(finding, used_by(check, use));
		if (rule) {
			lint_related(
			    finding, rule->key, "the rule of that name");
			finding_hint(finding,
			    "%s takes the name of a shaper, and not of an "
			    "access rule",
			    use->row->name);
		} else if (near) {
			edit_meant(finding, place->at, near);
		}
	}
}

static void
check_uses(struct access_check *check)
{
	const struct model_use *use = check->model->uses;

	/* What is missing may have stood where the syntax is broken. */
	if (check->lint->incomplete)
		return;
	for (; use; use = use->next) {
		if (use->kind == USE_ACCESS)
			check_rule_use(check, use);
		else if (use->kind == USE_SHAPER)
			check_shaper_use(check, use);
	}
}

/* --- unused --- */

static void
check_unused(struct access_check *check)
{
	const struct model *model = check->model;
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	if (check->lint->incomplete)
		return;
	while (map_next(&model->acls, &walk, &name, &value)) {
		const struct model_acl *acl = value;
		if (!role_of(&check->acl_roles, name) &&
		    !access_is_builtin(name))
			access_report(check, ACL_UNUSED, acl->key,
			    "nothing uses the acl %s",
			    lint_shown(check->lint, acl->key));
	}
	memset(&walk, 0, sizeof walk);
	while (map_next(&model->accesses, &walk, &name, &value)) {
		const struct model_access *access = value;
		if (!role_of(&check->rule_roles, name) &&
		    !access_is_builtin(name))
			access_report(check, ACCESS_UNUSED, access->key,
			    "nothing uses the access rule %s",
			    lint_shown(check->lint, access->key));
	}
	memset(&walk, 0, sizeof walk);
	while (map_next(&model->shapers, &walk, &name, &value)) {
		const struct model_shaper *shaper = value;
		if (!role_of(&check->shaper_roles, name) &&
		    !str_is(name, "none"))
			access_report(check, SHAPER_UNUSED, shaper->key,
			    "nothing uses the shaper %s",
			    lint_shown(check->lint, shaper->key));
	}
}

static void
check_names(struct access_check *check)
{
	check_uses(check);
	check_unused(check);
}

/* --- values that don't work --- */

/* Somebody's name with @ and server in the place of the name alone. */
static bool
is_address(const struct model_condition *condition, const struct term *at)
{
	return condition->form == FORM_USER && at == condition->first_at &&
	       !condition->second_at && condition->first.len &&
	       memchr(condition->first.ptr, '@', condition->first.len);
}

static void
report_fault(void *context, enum policy_fault fault,
    const struct model_condition *condition, const struct term *at,
    const char *why)
{
	struct access_check *check = context;
	struct lint *lint = check->lint;

	if (!at)
		at = condition->whole;
	if (fault == POLICY_PATTERN) {
		lint_report(lint, &cfg_rules[CFG_ACL_REGEXP], at,
		    "%s is no pattern: %s", lint_shown(lint, at), why);
		return;
	}
	struct finding *finding = lint_report(lint, &cfg_rules[CFG_ACL_NEVER],
	    at, "%s matches nobody: %s", lint_shown(lint, at), why);
	/* Its readers refuse what can't be. */
	if (check->flavour == POLICY_19_08)
		finding_severity(finding, SEVERITY_ERROR);
	if (is_address(condition, at) && !at->file->yaml) {
		struct str first = condition->first;
		const char *server = memchr(first.ptr, '@', first.len);
		int len = (int)(server - first.ptr);
		finding_hint(finding, "write {user, \"%.*s\", \"%.*s\"}", len,
		    first.ptr, (int)first.len - len - 1, server + 1);
	}
}

static void
check_start(struct access_check *check, struct lint *lint)
{
	*check = (struct access_check){ .lint = lint,
		.model = lint->model,
		.flavour = policy_flavour(lint->model, lint->target),
		.suggestions = SUGGESTIONS_MAX };
	collect_uses(check);
	collect_admins(check);
}

static void
check_end(struct access_check *check)
{
	map_fini(&check->acl_roles);
	map_fini(&check->rule_roles);
	map_fini(&check->shaper_roles);
	map_fini(&check->missing);
}

void
rules_access(struct lint *lint)
{
	struct access_check check;
	struct policy_report report = { &check, report_fault };

	check_start(&check, lint);
	lint->policy = policy_create(lint->model, lint->target, &report);
	check.policy = lint->policy;
	check_rule_lines(&check);
	check_host_rules(&check);
	check_shapers(&check);
	check_end(&check);
}

void
rules_acls(struct lint *lint)
{
	struct access_check check;

	check_start(&check, lint);
	check_names(&check);
	check_acls(&check);
	check_end(&check);
}

#include "cfgparse/rules_access.h"
/*
 * The lines of access rules: their results, and which of them can decide.
 */
#include "cfgparse/base/buf.h"
#include "cfgparse/base/pair_map.h"
#include "cfgparse/lint_edit.h"

enum { LINES_MAX = 64, ENTRIES_MAX = 16 };

/* A rule and how it is looked at. */
struct subject {
	struct access_check *check;
	const struct model_access *access;
	unsigned roles;
	bool guessed; /* nothing uses it: roles are by its lines */
	const struct policy_host *host; /* NULL: all */
	const struct policy_name *name; /* or NULL */
};

/* --- who covers whom --- */

/* The same people, as far as their words tell. */
static bool
same_people(const struct policy_condition *a, const struct policy_condition *b)
{
	return a->form == b->form && str_eq(a->first, b->first) &&
	       str_eq(a->second, b->second) && a->first_re == b->first_re &&
	       a->second_re == b->second_re && a->never == b->never &&
	       a->network.bits == b->network.bits &&
	       memcmp(a->network.address, b->network.address,
		   sizeof a->network.address) == 0;
}

/* Accounts of one server, or those without one of their own. */
static bool
entry_covers(const struct access_check *check, const struct policy_condition *a,
    const struct policy_condition *b)
{
	struct str pattern = a->source->first;
	bool every = a->form == FORM_USER_GLOB
			 ? str_is(pattern, "*")
			 : pattern.len == 0 || str_is(pattern, ".*");

	if (a->never || b->never)
		return false;
	if (a->form == FORM_ALL || same_people(a, b))
		return true;
	bool of_user = b->form == FORM_USER || b->form == FORM_USER_REGEXP ||
		       b->form == FORM_USER_GLOB;
	if (a->form == FORM_SERVER)
		return of_user && str_eq(a->first, b->second);
	if (!every || !of_user ||
	    (a->form != FORM_USER_REGEXP && a->form != FORM_USER_GLOB))
		return false;
	/* In 2.1 it depends on who asks what no server means. */
	return str_eq(a->second, b->second) ||
	       (!a->second.len && check->flavour != POLICY_2_1 &&
		   access_serves(check, b->second));
}

/* The entries of an acl for the host, at most ENTRIES_MAX + 1. */
static size_t
list_entries(struct access_check *check, const struct policy_host *host,
    struct str acl, const struct policy_condition *out[ENTRIES_MAX + 1])
{
	struct policy_entries entries = access_entries(check, host, acl);
	const struct policy_entry *parts[2] = { entries.first, entries.second };
	size_t count = 0;

	for (size_t p = 0; p < 2; p++) {
		for (const struct policy_entry *entry = parts[p];
		     entry && count <= ENTRIES_MAX; entry = entry->next)
			out[count++] = &entry->condition;
	}
	return count;
}

static bool
any_covers(const struct access_check *check,
    const struct policy_condition *const *list, size_t count,
    const struct policy_condition *one)
{
	for (size_t i = 0; i < count; i++) {
		if (entry_covers(check, list[i], one))
			return true;
	}
	return false;
}

static bool
condition_covers(struct access_check *check, const struct policy_host *host,
    const struct policy_condition *first, const struct policy_condition *second)
{
	const struct policy_condition *a[ENTRIES_MAX + 1], *b[ENTRIES_MAX + 1];
	size_t a_count = 1, b_count = 1;

	if (first->form == FORM_ALL || same_people(first, second))
		return true;
	a[0] = first;
	b[0] = second;
	if (first->form == FORM_ACL)
		a_count = list_entries(check, host, first->first, a);
	if (second->form == FORM_ACL)
		b_count = list_entries(check, host, second->first, b);
	if (a_count > ENTRIES_MAX || b_count > ENTRIES_MAX || !b_count)
		return false;
	for (size_t i = 0; i < b_count; i++) {
		if (!any_covers(check, a, a_count, b[i]))
			return false;
	}
	return true;
}

static bool
condition_is_everybody(struct access_check *check,
    const struct policy_host *host, const struct policy_condition *condition)
{
	static const struct policy_condition all = { .form = FORM_ALL };

	return !condition->never &&
	       condition_covers(check, host, condition, &all);
}

/* Whom b names, a named before. */
static bool
line_covers(const struct subject *subject, const struct policy_line *a,
    const struct policy_line *b)
{
	if (!a->count || !b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		bool found = a->conditions[i].form == FORM_ALL;
		for (size_t j = 0; j < b->count && !found; j++)
			found = condition_covers(subject->check, subject->host,
			    &a->conditions[i], &b->conditions[j]);
		if (!found)
			return false;
	}
	return true;
}

/* An acl that is empty or undefined matches nobody: that is told elsewhere. */
static bool
line_is_idle(const struct subject *subject, const struct policy_line *line)
{
	for (size_t i = 0; i < line->count; i++) {
		const struct policy_condition *condition = &line->conditions[i];
		if (condition->never)
			return true;
		if (condition->form != FORM_ACL)
			continue;
		struct policy_entries entries = access_entries(
		    subject->check, subject->host, condition->first);
		if (!entries.first && !entries.second)
			return true;
	}
	return line->count == 0;
}

static void
report_shadow(const struct subject *subject, const struct policy_line *first,
    const struct policy_line *second)
{
	struct access_check *check = subject->check;
	bool same = strcmp(first->result, second->result) == 0;
	bool contradict = !same && line_covers(subject, second, first);
	const struct term *at = second->source->whole;
	struct finding *finding;

	if (same && line_covers(subject, second, first)) {
		finding = access_report(check, LINE_SHADOWED, at,
		    "the same line stands here a second time");
		lint_related(finding, first->source->whole, "the first time");
		finding_hint(finding, "remove one of them");
		edit_remove(finding, true, at, at);
		return;
	}
	if (contradict) {
		finding = access_report(check, LINES_CONTRADICT, at,
		    "an earlier line says %s of the same people, and it holds",
		    first->result);
		lint_related(finding, first->source->whole, "the earlier line");
		finding_hint(finding, "remove one of the lines");
		return;
	}
	bool all = first->count == 1 && first->conditions[0].form == FORM_ALL;
	finding = access_report(check, LINE_SHADOWED, at,
	    "this line is never reached: an earlier one matches %s",
	    all ? "everybody" : "all of these people");
	lint_related(finding, first->source->whole,
	    all ? "this line already matches everybody"
		: "this line already matches them");
	if (same)
		finding_severity(finding, SEVERITY_INFO);
	else
		finding_hint(finding, "move this line before the other one");
}

static void
check_shadows(
    const struct subject *subject, const struct policy_plan *plan, size_t part)
{
	const struct policy_line *lines = plan->parts[part].lines;
	size_t count = plan->parts[part].count;

	count = count > LINES_MAX ? LINES_MAX : count;
	for (size_t j = 1; j < count; j++) {
		if (line_is_idle(subject, &lines[j]))
			continue;
		for (size_t i = 0; i < j; i++) {
			if (!line_covers(subject, &lines[i], &lines[j]))
				continue;
			report_shadow(subject, &lines[i], &lines[j]);
			break;
		}
	}
}

/* --- results --- */

static bool
is_verdict(struct str result)
{
	return str_is(result, "allow") || str_is(result, "deny");
}

/* {admin, allow}, or admin: allow. */
static bool
is_turned(const struct model_line *line)
{
	return !is_verdict(line->result) && line->count == 1 &&
	       line->conditions[0].form == FORM_ACL &&
	       is_verdict(line->conditions[0].first);
}

static void
report_turned(const struct subject *subject, const struct model_line *line)
{
	struct finding *finding = access_report(subject->check, LINE_TURNED,
	    line->whole, "result and acl have changed places in this line");
	const char *result =
	    lint_text(subject->check->lint, line->conditions[0].first);
	bool yaml = line->whole->file->yaml;
	bool old = subject->access->kind == ACCESS_OLD;

	if (!yaml && line->result_at && line->conditions[0].first_at) {
		edit_replace(finding, false, line->result_at, result);
		edit_replace(finding, false, line->conditions[0].first_at,
		    lint_text(subject->check->lint, line->result));
	}
	if (!yaml)
		finding_hint(
		    finding, "write {%s, %.*s}", result, STR_ARG(line->result));
	else if (old)
		finding_hint(
		    finding, "write %.*s: %s", STR_ARG(line->result), result);
	else
		finding_hint(
		    finding, "write %s: %.*s", result, STR_ARG(line->result));
}

static void
report_odd(const struct subject *subject, const struct model_line *line,
    const char *meaning, const char *hint)
{
	struct finding *finding = access_report(subject->check, RESULT_ODD,
	    line->result_at, "%s is %s",
	    lint_shown(subject->check->lint, line->result_at), meaning);

	finding_hint(finding, "%s", hint);
	if (subject->check->flavour == POLICY_19_08 &&
	    subject->access->kind == ACCESS_RULES)
		finding_severity(finding, SEVERITY_ERROR);
}

static bool
is_unlimited(struct str result)
{
	return str_is(result, "none") || str_is(result, "infinity") ||
	       str_is(result, "unlimited") || str_is(result, "infinite");
}

static void
check_shaper_result(
    const struct subject *subject, const struct model_line *line)
{
	struct access_check *check = subject->check;
	struct str result = line->result;

	if (is_verdict(result)) {
		report_odd(subject, line, "no shaper, so nothing is limited",
		    "write a shaper's name, or none");
		return;
	}
	/* The reader told of one that is empty. */
	if (!result.len || is_unlimited(result) || check->lint->incomplete)
		return;
	if (access_is_number(result)) {
		if (check->flavour != POLICY_19_08)
			report_odd(subject, line,
			    "no shaper's name, so nothing is limited",
			    "define a shaper of that rate and write its name");
		return;
	}
	if (model_shaper(check->model, result)) {
		if (!subject->guessed)
			add_role(
			    check, &check->shaper_roles, result, ROLE_SHAPER);
		return;
	}
	struct finding *finding =
	    lint_report(check->lint, &cfg_rules[CFG_SHAPER_UNDEFINED],
		line->result_at, "no shaper is named %s, so nothing is limited",
		lint_shown(check->lint, line->result_at));
	const char *near =
	    access_suggest(check, &check->model->shapers, result);
	if (near)
		edit_meant(finding, line->result_at, near);
	else if (subject->guessed)
		finding_severity(finding, SEVERITY_INFO);
}

/* What the rule is for where nobody uses it: by what it gives. */
static unsigned
guess_roles(const struct subject *subject)
{
	const struct model_access *access = subject->access;
	unsigned verdicts = 0, others = 0;

	if (access->kind == ACCESS_RULES)
		return ROLE_ACCESS;
	if (access->use)
		return access->use->shaper_rule ? ROLE_SHAPER : ROLE_ACCESS;
	for (size_t i = 0; i < access->count; i++) {
		struct str result = access->lines[i].result;
		if (access_is_number(result))
			return ROLE_NUMBER;
		verdicts += is_verdict(result);
		others += !is_verdict(result);
	}
	if (access->kind == SHAPER_RULES)
		return ROLE_SHAPER;
	return verdicts >= others ? ROLE_ACCESS : ROLE_SHAPER;
}

static void
check_result(const struct subject *subject, const struct model_line *line)
{
	if (is_turned(line)) {
		report_turned(subject, line);
		return;
	}
	if (subject->roles & ROLE_ACCESS) {
		if (!is_verdict(line->result))
			report_odd(subject, line,
			    "neither allow nor deny, so it denies",
			    "write allow or deny");
	} else if (subject->roles & ROLE_NUMBER) {
		if (is_verdict(line->result))
			report_odd(subject, line,
			    "no number, so the default holds",
			    "write a number or infinity");
	} else if (subject->roles & ROLE_SHAPER) {
		check_shaper_result(subject, line);
	}
}

/* --- conditions --- */

static void
report_acl_undefined(const struct subject *subject,
    const struct model_line *line, const struct model_condition *condition)
{
	struct access_check *check = subject->check;
	const struct model_access *rule =
	    map_get(&check->model->accesses, condition->first);
	const char *near =
	    access_suggest(check, &check->model->acls, condition->first);
	struct finding *finding =
	    lint_report(check->lint, &cfg_rules[CFG_ACL_UNDEFINED],
		condition->first_at, "no acl is named %s, so nobody matches it",
		lint_shown(check->lint, condition->first_at));

	/* Once is enough; and to deny whoever an acl may hold some day is a
	 * placeholder of ejabberd's own examples. */
	if (map_put(&check->missing, condition->first, check) ||
	    (!near && !rule && str_is(line->result, "deny")))
		finding_severity(finding, SEVERITY_INFO);
	if (near) {
		edit_meant(finding, condition->first_at, near);
	} else if (rule) {
		lint_related(finding, rule->key, "the rule of that name");
		finding_hint(finding,
		    "name an acl here: %.*s is an access "
		    "rule",
		    STR_ARG(condition->first));
	}
}

/* The acl is there, and none of its entries can match. */
static bool
is_empty(const struct subject *subject, const struct model_condition *condition)
{
	struct policy_entries entries =
	    access_entries(subject->check, subject->host, condition->first);
	const struct policy_entry *parts[2] = { entries.first, entries.second };

	for (size_t p = 0; p < 2; p++) {
		for (const struct policy_entry *entry = parts[p]; entry;
		     entry = entry->next) {
			if (!entry->condition.never ||
			    entry->condition.form != FORM_NONE)
				return false;
		}
	}
	return entries.first || entries.second;
}

static void
check_empty(const struct subject *subject, const struct model_line *line)
{
	const struct model_condition *condition = line->conditions;

	if (!(subject->roles & ROLE_ADMIN) || line->count != 1 ||
	    condition->form != FORM_ACL || !str_is(line->result, "allow") ||
	    !is_empty(subject, condition))
		return;
	struct finding *finding = access_report(subject->check, ACL_EMPTY,
	    condition->whole, "nobody is in the acl %s",
	    lint_shown(subject->check->lint, condition->first_at));
	lint_related(finding,
	    model_acl(subject->check->model, condition->first)->key, "the acl");
	finding_hint(finding, "name the accounts of administrators");
}

static bool
excludes(const struct model_condition *a, const struct model_condition *b)
{
	if (a->form != b->form || str_eq(a->first, b->first))
		return false;
	return a->form == FORM_USER || a->form == FORM_SERVER ||
	       a->form == FORM_RESOURCE;
}

static void
check_conditions(const struct subject *subject, const struct model_line *line)
{
	struct access_check *check = subject->check;
	size_t count = line->count > LINES_MAX ? LINES_MAX : line->count;

	for (size_t i = 0; i < line->count; i++) {
		const struct model_condition *condition = &line->conditions[i];
		if (condition->form == FORM_ACL && !check->lint->incomplete &&
		    !access_is_builtin(condition->first) &&
		    !model_acl(check->model, condition->first))
			report_acl_undefined(subject, line, condition);
	}
	for (size_t i = 1; i < count; i++) {
		const struct model_condition *first = &line->conditions[i - 1];
		const struct model_condition *second = &line->conditions[i];
		if (!excludes(first, second))
			continue;
		struct finding *finding = access_report(check, LINE_NEVER,
		    second->whole, "nobody is %s and this at once",
		    lint_shown(check->lint,
			first->first_at ? first->first_at : first->whole));
		lint_related(finding, first->whole, "the other condition");
		finding_hint(
		    finding, "write a line for each, or put both into an acl");
		break;
	}
}

/* --- the rule as a whole --- */

/* Everybody whom no line matches goes unlimited. */
static void
check_rest(const struct subject *subject, const struct policy_plan *plan)
{
	const struct policy_line *last = NULL;

	if (!(subject->roles & ROLE_SHAPER) || subject->guessed ||
	    subject->access->broken)
		return;
	for (size_t p = 0; p < plan->part_count; p++) {
		for (size_t i = 0; i < plan->parts[p].count; i++) {
			last = &plan->parts[p].lines[i];
			if (is_unlimited(str_of(last->result)) ||
			    is_verdict(str_of(last->result)))
				return;
			if (last->count == 1 &&
			    condition_is_everybody(subject->check,
				subject->host, &last->conditions[0]))
				return;
		}
	}
	if (!last || !last->source)
		return;
	struct finding *finding =
	    access_report(subject->check, SHAPER_LEFT_OUT, subject->access->key,
		"%s limits nobody whom none of its lines matches",
		lint_shown(subject->check->lint, subject->access->key));
	finding_hint(
	    finding, last->source->whole->file->yaml
			 ? "add a last line for all: a shaper, or none"
			 : "add a last line {SHAPER, all}, or {none, all}");
}

static void
check_admits(const struct subject *subject)
{
	const struct model_access *access = subject->access;

	if (access->broken)
		return;
	if (!access->count) {
		struct finding *finding = access_report(subject->check,
		    RULE_EMPTY, access->key, "the rule has no lines, so it %s",
		    subject->roles & ROLE_SHAPER ? "limits nobody"
						 : "denies everybody");
		finding_hint(finding, "write a line, or remove the rule");
		return;
	}
	if (!(subject->roles & ROLE_CLIENTS) || access->host)
		return;
	for (size_t i = 0; i < access->count; i++) {
		if (str_is(access->lines[i].result, "allow") ||
		    is_turned(&access->lines[i]))
			return;
	}
	struct finding *finding =
	    access_report(subject->check, RULE_ADMITS_NOBODY, access->key,
		"the rule allows nobody, so nobody can log in");
	finding_hint(finding, "add a line that allows somebody");
}

static void
check_rule(const struct subject *subject)
{
	const struct model_access *access = subject->access;
	struct policy_plan plan = policy_plan_named(subject->check->policy,
	    subject->host, subject->name, access->kind == SHAPER_RULES);

	for (size_t i = 0; i < access->count; i++) {
		check_result(subject, &access->lines[i]);
		if (is_turned(&access->lines[i]))
			continue;
		check_conditions(subject, &access->lines[i]);
		check_empty(subject, &access->lines[i]);
	}
	check_admits(subject);
	/* Of several definitions the last holds, the others have no plan. */
	for (size_t p = 0; p < plan.part_count; p++) {
		if (plan.parts[p].count == access->count && access->count &&
		    plan.parts[p].lines[0].source == &access->lines[0])
			check_shadows(subject, &plan, p);
		else if (plan.part_count == 3 && p == 0 && !access->host &&
			 plan.parts[p].count &&
			 plan.parts[p].lines[0].source == &access->lines[0])
			check_shadows(subject, &plan, p);
	}
	if (!access->host)
		check_rest(subject, &plan);
}

/* The latest before it that is for the same host. */
static const struct model_access *
earlier(struct pair_map *seen, const struct model_access *access,
    const struct model_access *first)
{
	const struct model_access *other, *latest = NULL;

	if (!access->host || access->host->access_count > ENTRIES_MAX)
		return pair_map_put(seen, access->host, first, (void *)access);
	for (other = access->host->first_access; other != access;
	     other = other->next_of_host) {
		if (other->first == first)
			latest = other;
	}
	return latest;
}

static void
check_again(struct access_check *check, struct pair_map *seen,
    const struct model_access *access, const struct model_access *first)
{
	const struct model_access *before = earlier(seen, access, first);

	/* A mapping with the same key twice is told of by its reader. */
	if (!before || access->key->file->yaml)
		return;
	struct finding *finding = access_report(check, RULE_TWICE, access->key,
	    "the rule %s is defined again; this one replaces the earlier one",
	    lint_shown(check->lint, access->key));
	lint_related(finding, before->key, "the earlier one");
	if (before->setting)
		edit_remove(finding, true, before->setting->option.whole,
		    before->setting->option.whole);
}

void
check_rule_lines(struct access_check *check)
{
	const struct model_access *access = check->model->inlines;
	struct pair_map seen = { 0 };
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	for (; access; access = access->next) {
		struct subject subject = { .check = check, .access = access };
		const char *inlined = policy_inline(check->policy, access->key);
		subject.roles = guess_roles(&subject);
		subject.name =
		    policy_rule_name(check->policy, str_of(inlined), false);
		check_rule(&subject);
	}
	while (map_next(&check->model->accesses, &walk, &name, &value)) {
		const struct model_access *first = access = value;
		const struct policy_name *rule =
		    policy_rule_name(check->policy, name, false);
		const struct policy_name *shaper =
		    policy_rule_name(check->policy, name, true);
		unsigned roles = role_of(&check->rule_roles, name);
		if (access_is_builtin(name)) {
			struct finding *finding = access_report(check,
			    NAME_RESERVED, access->key,
			    "the rule %.*s is built in, and this one is not "
			    "read",
			    STR_ARG(name));
			if (check->flavour == POLICY_19_08)
				finding_severity(finding, SEVERITY_ERROR);
			continue;
		}
		for (; access; access = access->next) {
			struct subject subject = { .check = check,
				.access = access,
				.roles = roles,
				.name = access->kind == SHAPER_RULES ? shaper
								     : rule };
			if (access->host)
				subject.host = policy_host_at(
				    check->policy, access->host->index);
			if (!(subject.roles &
				(ROLE_ACCESS | ROLE_SHAPER | ROLE_NUMBER))) {
				subject.roles |= guess_roles(&subject);
				subject.guessed = true;
			}
			check_again(check, &seen, access, first);
			check_rule(&subject);
		}
	}
	pair_map_fini(&seen);
}

#include "cfgparse/rules_access.h"
/*
 * Rules and acls of single hosts beside the global ones: which of them are
 * never asked, and what they hide.
 */

enum { HIDDEN_SHOWN_MAX = 16 };

/* --- a global line that leaves nothing for the host's --- */

/* The line of a global rule behind which no host's line comes, or NULL. */
static const struct policy_line *
last_word(const struct access_check *check, struct str name)
{
	struct policy_plan plan = policy_plan(check->policy, NULL, name, false);

	if (!plan.part_count)
		return NULL;
	for (size_t i = 0; i < plan.parts[0].count; i++) {
		const struct policy_line *line = &plan.parts[0].lines[i];
		bool gives_way = check->flavour == POLICY_2_1 &&
				 i + 1 == plan.parts[0].count &&
				 strcmp(line->result, "allow") == 0;
		if (line->count == 1 && line->conditions[0].form == FORM_ALL &&
		    !gives_way)
			return line;
	}
	return NULL;
}

static void
check_idle(struct access_check *check)
{
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	while (map_next(&check->model->accesses, &walk, &name, &value)) {
		const struct model_access *access = value;
		const struct policy_line *last = last_word(check, name);
		for (; last && access; access = access->next) {
			if (!access->host)
				continue;
			struct finding *finding = access_report(check,
			    HOST_RULE_IDLE, access->key,
			    "the global rule decides before this one of %.*s "
			    "is asked",
			    STR_ARG(access->host->name));
			lint_related(finding, last->source->whole,
			    "this line matches everybody");
			finding_hint(finding, "remove that line, or write it "
					      "into the rules of the hosts");
		}
	}
}

/* --- what a host's own hides --- */

/* The global names of one option, and how many of them each host has. */
struct hidden {
	struct access_check *check;
	const char *option;
	size_t global; /* names that are used */
	const char **names;
	size_t *own; /* by the host's index */
};

static void
count_name(struct hidden *hidden, struct str name, bool global)
{
	if (!global)
		return;
	if (hidden->global < HIDDEN_SHOWN_MAX)
		hidden->names[hidden->global] =
		    lint_text(hidden->check->lint, name);
	hidden->global++;
}

static void
count_host(struct hidden *hidden, struct pair_map *seen,
    const struct model_host *host, const void *first)
{
	if (host && !pair_map_put(seen, host, first, (void *)host))
		hidden->own[host->index]++;
}

static void
count_acls(struct hidden *hidden, struct pair_map *seen)
{
	struct access_check *check = hidden->check;
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	while (map_next(&check->model->acls, &walk, &name, &value)) {
		bool global = false;
		if (!role_of(&check->acl_roles, name))
			continue;
		for (const struct model_acl *acl = value; acl; acl = acl->next)
			global |= !acl->host;
		count_name(hidden, name, global);
		for (const struct model_acl *acl = value; acl && global;
		     acl = acl->next)
			count_host(hidden, seen, acl->host, value);
	}
}

static void
count_rules(
    struct hidden *hidden, struct pair_map *seen, enum model_access_kind kind)
{
	struct access_check *check = hidden->check;
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	while (map_next(&check->model->accesses, &walk, &name, &value)) {
		const struct model_access *access = value;
		bool global = false;
		if (!role_of(&check->rule_roles, name))
			continue;
		for (; access; access = access->next)
			global |= !access->host && access->kind == kind;
		count_name(hidden, name, global);
		for (access = value; access && global; access = access->next) {
			if (access->kind == kind)
				count_host(hidden, seen, access->host, value);
		}
	}
}

/* One of the names that the host doesn't have. */
static const char *
missing_name(const struct hidden *hidden, const struct model_host *host)
{
	struct access_check *check = hidden->check;
	const struct policy_host *own =
	    policy_host_at(check->policy, host->index);

	for (size_t i = 0; i < hidden->global && i < HIDDEN_SHOWN_MAX; i++) {
		struct str name = str_of(hidden->names[i]);
		bool found;
		if (strcmp(hidden->option, "acl") == 0) {
			struct policy_entries entries =
			    policy_entries(check->policy, own, name);
			found = entries.first || entries.second;
		} else {
			found = policy_plan(check->policy, own, name,
			    strcmp(hidden->option, "shaper_rules") == 0)
				    .defined;
		}
		if (!found)
			return hidden->names[i];
	}
	return NULL;
}

static void
report_hidden(struct hidden *hidden)
{
	const struct model_settings *settings =
	    model_settings(hidden->check->model, hidden->option);
	const struct model_setting *setting = settings ? settings->first : NULL;

	for (; setting; setting = setting->next) {
		const struct model_host *host = setting->host;
		if (!host || setting->add ||
		    hidden->own[host->index] >= hidden->global)
			continue;
		const char *name = missing_name(hidden, host);
		struct finding *finding = access_report(hidden->check,
		    HOST_HIDES_GLOBAL, setting->option.key,
		    "%s of %.*s replaces all that is global%s%s",
		    hidden->option, STR_ARG(host->name), name ? ", also " : "",
		    name ? name : "");
		lint_related(
		    finding, settings->first->option.key, "what is said first");
		finding_hint(finding, "put it into append_host_config");
	}
}

static void
check_hidden(struct access_check *check, const char *option)
{
	const struct model_settings *settings =
	    model_settings(check->model, option);
	struct arena *arena = check->lint->arena;
	struct pair_map seen = { 0 };
	struct hidden hidden = { .check = check, .option = option };

	if (!settings || !settings->last_global || settings->count == 1)
		return;
	hidden.names =
	    arena_array(arena, HIDDEN_SHOWN_MAX, sizeof *hidden.names);
	hidden.own = arena_array(
	    arena, check->model->host_count + 1, sizeof *hidden.own);
	if (strcmp(option, "acl") == 0)
		count_acls(&hidden, &seen);
	else
		count_rules(&hidden, &seen,
		    strcmp(option, "access_rules") == 0 ? ACCESS_RULES
							: SHAPER_RULES);
	report_hidden(&hidden);
	pair_map_fini(&seen);
}

void
check_host_rules(struct access_check *check)
{
	if (check->flavour != POLICY_19_08) {
		check_idle(check);
		return;
	}
	check_hidden(check, "acl");
	check_hidden(check, "access_rules");
	check_hidden(check, "shaper_rules");
}

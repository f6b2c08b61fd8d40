#include "cfgparse/policy_private.h"
/*
 * Asking a policy. Runs on every thread over frozen data.
 */
#include "cfgparse/cfg.h"
#include "cfgparse/regexp.h"

struct asker {
	const struct policy *policy;
	struct str host;
	const struct policy_host *known; /* of that name, or NULL */
	const struct cfg_subject *who;
	const struct policy_watch *watch;
	bool uncertain;
};

const struct policy_host *
policy_host(const struct policy *policy, struct str name)
{
	return map_get(&policy->hosts, name);
}

const struct policy_host *
policy_host_at(const struct policy *policy, size_t index)
{
	return &policy->host_items[index];
}

bool
policy_serves(const struct policy *policy, struct str host)
{
	const struct policy_host *known = map_get(&policy->hosts, host);

	return known && known->served;
}

bool
policy_is_host_bound(const struct policy *policy)
{
	return policy->flavour == POLICY_2_1;
}

/* --- what holds for a host --- */

void *
policy_own(const struct policy *policy, const struct policy_host *host,
    const struct policy_name *name)
{
	if (!host)
		return name->global;
	if (host->own_count > POLICY_FEW)
		return pair_map_get(&policy->own, host, name);
	for (const struct policy_own *own = host->own; own; own = own->next) {
		if (own->name == name)
			return own->value;
	}
	return NULL;
}

const struct policy_name *
policy_acl_name(const struct policy *policy, struct str acl)
{
	return map_get(&policy->acls, acl);
}

struct policy_entries
policy_entries(
    const struct policy *policy, const struct policy_host *host, struct str acl)
{
	return policy_entries_named(policy, host, policy_acl_name(policy, acl));
}

struct policy_entries
policy_entries_named(const struct policy *policy,
    const struct policy_host *host, const struct policy_name *name)
{
	const struct policy_group *global, *own = NULL;

	if (!name)
		return (struct policy_entries){ 0 };
	global = name->global;
	if (host)
		own = policy_own(policy, host, name);
	if (policy->flavour == POLICY_19_08 &&
	    (own || (host && host->own_acls)))
		global = NULL;
	return (struct policy_entries){ global ? global->first : NULL,
		own ? own->first : NULL };
}

static void
add_part(
    struct policy_plan *plan, const struct policy_line *lines, size_t count)
{
	plan->parts[plan->part_count].lines = lines;
	plan->parts[plan->part_count++].count = count;
}

static bool
ends_with_allow_all(const struct policy_rule *rule)
{
	const struct policy_line *last = rule->lines + rule->count - 1;

	return rule->count && strcmp(last->result, "allow") == 0 &&
	       last->count == 1 && last->conditions[0].form == FORM_ALL;
}

const struct policy_name *
policy_rule_name(const struct policy *policy, struct str rule, bool shaper)
{
	return map_get(shaper && policy->flavour == POLICY_19_08
			   ? &policy->shaper_rules
			   : &policy->rules,
	    rule);
}

struct policy_plan
policy_plan(const struct policy *policy, const struct policy_host *host,
    struct str rule, bool shaper)
{
	return policy_plan_named(
	    policy, host, policy_rule_name(policy, rule, shaper), shaper);
}

struct policy_plan
policy_plan_named(const struct policy *policy, const struct policy_host *host,
    const struct policy_name *name, bool shaper)
{
	const struct policy_rule *global, *own = NULL;
	struct policy_plan plan = { 0 };

	if (!name)
		return plan;
	if (name->text.len && *name->text.ptr == INLINE_MARK)
		host = NULL; /* written in place, whoever asks */
	global = name->global;
	if (host)
		own = policy_own(policy, host, name);
	if (policy->flavour == POLICY_19_08 &&
	    (own ||
		(host && (shaper ? host->own_shaper_rules : host->own_rules))))
		global = NULL;
	plan.defined = global || own;
	if (global && global->closed)
		own = NULL;
	/* A host's lines come between the global ones and their final
	 * {allow, all}. */
	bool moved = policy->flavour == POLICY_2_1 && global && own &&
		     ends_with_allow_all(global);
	if (global)
		add_part(&plan, global->lines, global->count - moved);
	if (own)
		add_part(&plan, own->lines, own->count);
	if (moved)
		add_part(&plan, global->lines + global->count - 1, 1);
	return plan;
}

const char *
policy_inline(const struct policy *policy, const struct term *value)
{
	return map_get(&policy->inlines,
	    (struct str){ (const char *)&value, sizeof(const void *) });
}

/* --- one condition --- */

/* Without a server of its own a form means the host's users, or those of all
 * hosts served. */
static bool
server_matches(
    const struct asker *asker, const struct policy_condition *condition)
{
	if (condition->second.len)
		return str_eq(asker->who->server, condition->second);
	if (asker->policy->flavour == POLICY_2_1 && asker->host.len)
		return str_eq(asker->who->server, asker->host);
	return policy_serves(asker->policy, asker->who->server);
}

static bool
address_matches(struct asker *asker, const struct policy_condition *condition)
{
	if (!asker->who->address) {
		asker->uncertain = true;
		return false;
	}
	return network_has(&condition->network, asker->who->address);
}

static bool
resource_matches(struct asker *asker, const struct policy_condition *condition)
{
	struct str resource = asker->who->resource;

	if (!resource.len)
		asker->uncertain = true;
	return condition->first_re
		   ? regexp_matches(condition->first_re, resource)
		   : str_eq(resource, condition->first);
}

static bool acl_matches(
    struct asker *asker, const struct policy_condition *condition);

static bool
condition_matches(struct asker *asker, const struct policy_condition *condition)
{
	const struct cfg_subject *who = asker->who;

	if (condition->never)
		return false;
	switch (condition->form) {
	case FORM_ALL: return true;
	case FORM_ACL: return acl_matches(asker, condition);
	case FORM_USER:
		return str_eq(who->user, condition->first) &&
		       server_matches(asker, condition);
	case FORM_SERVER: return str_eq(who->server, condition->first);
	case FORM_RESOURCE:
	case FORM_RESOURCE_REGEXP:
	case FORM_RESOURCE_GLOB: return resource_matches(asker, condition);
	case FORM_USER_REGEXP:
	case FORM_USER_GLOB:
		return server_matches(asker, condition) &&
		       regexp_matches(condition->first_re, who->user);
	case FORM_SERVER_REGEXP:
	case FORM_SERVER_GLOB:
		return regexp_matches(condition->first_re, who->server);
	case FORM_NODE_REGEXP:
	case FORM_NODE_GLOB:
		return regexp_matches(condition->second_re, who->server) &&
		       regexp_matches(condition->first_re, who->user);
	case FORM_IP: return address_matches(asker, condition);
	case FORM_SHARED_GROUP: asker->uncertain = true; return false;
	case FORM_NONE:
	case FORM_UNKNOWN: break;
	}
	return false;
}

static bool
any_matches(struct asker *asker, const struct policy_entry *entry)
{
	const struct policy_watch *watch = asker->watch;

	for (; entry; entry = entry->next) {
		bool matched = condition_matches(asker, &entry->condition);
		if (watch && watch->condition)
			watch->condition(
			    watch->context, &entry->condition, entry, matched);
		if (matched)
			return true;
	}
	return false;
}

/* An acl's own entries name no acls, so that this doesn't go deeper. */
static bool
acl_matches(struct asker *asker, const struct policy_condition *condition)
{
	struct policy_entries entries =
	    policy_entries(asker->policy, asker->known, condition->first);

	return any_matches(asker, entries.first) ||
	       any_matches(asker, entries.second);
}

/* --- a rule --- */

static bool
line_matches(struct asker *asker, const struct policy_line *line)
{
	const struct policy_watch *watch = asker->watch;
	bool matched = line->count > 0;

	for (size_t i = 0; i < line->count && matched; i++) {
		matched = condition_matches(asker, &line->conditions[i]);
		if (watch && watch->condition)
			watch->condition(watch->context, &line->conditions[i],
			    NULL, matched);
	}
	if (watch && watch->line)
		watch->line(watch->context, line, matched);
	return matched;
}

struct policy_answer
policy_ask(const struct policy *policy, struct str host, struct str rule,
    bool shaper, const struct cfg_subject *subject,
    const struct policy_watch *watch)
{
	struct asker asker = { policy, host, policy_host(policy, host), subject,
		watch, false };
	struct policy_answer answer = { .defined = true };

	if (str_is(rule, "none"))
		answer.result = shaper ? "none" : "deny";
	else if (str_is(rule, "all"))
		answer.result = "allow";
	if (answer.result)
		return answer;
	struct policy_plan plan =
	    policy_plan(policy, asker.known, rule, shaper);
	answer.defined = plan.defined;
	for (size_t p = 0; p < plan.part_count && !answer.line; p++) {
		for (size_t i = 0; i < plan.parts[p].count; i++) {
			const struct policy_line *line =
			    &plan.parts[p].lines[i];
			if (!line_matches(&asker, line))
				continue;
			answer.line = line;
			answer.result = line->result;
			break;
		}
	}
	answer.uncertain = asker.uncertain;
	return answer;
}

#include "cfgparse/policy_private.h"
/*
 * From the model to a policy: values are prepared for comparing, patterns
 * compiled once each.
 */
#include <stdlib.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/hostname.h"
#include "cfgparse/prepare.h"
#include "cfgparse/regexp.h"
#include "cfgparse/target.h"

enum { PATTERN_BYTES_MAX = 32 * 1024 * 1024, UNICODE_SINCE = 1812 };

struct maker {
	struct policy *policy;
	const struct model *model;
	const struct policy_report *report;
	const struct model_condition *condition; /* at hand */
	const struct policy_host *host;		 /* whose it is; NULL: all */
	bool unicode;				 /* patterns are */
};

enum policy_flavour
policy_flavour(const struct model *model, const struct target *target)
{
	if (target && target->terms)
		return POLICY_2_1;
	if (target && target->release)
		return target->release < 1908 ? POLICY_13_10 : POLICY_19_08;
	return model->yaml ? POLICY_19_08 : POLICY_2_1;
}

/* --- values of conditions --- */

static bool
refuse(struct maker *maker, enum policy_fault fault, const struct term *at,
    const char *why)
{
	const struct policy_report *report = maker->report;

	if (report && report->fault)
		report->fault(
		    report->context, fault, maker->condition, at, why);
	return false;
}

static bool
keep(struct maker *maker, const char *text, size_t len, struct str *out)
{
	*out = arena_str(&maker->policy->arena, (struct str){ text, len });
	return true;
}

static bool
read_user(struct maker *maker, const struct term *at, struct str text,
    struct str *out)
{
	char prepared[PREPARE_MAX + 1];
	size_t len;

	if (prepare_local(text, prepared, &len))
		return keep(maker, prepared, len, out);
	if (!text.len)
		return refuse(
		    maker, POLICY_NEVER, at, "no account has an empty name");
	if (memchr(text.ptr, '@', text.len))
		return refuse(maker, POLICY_NEVER, at,
		    "it is the name before the @ that is compared");
	return refuse(maker, POLICY_NEVER, at,
	    text.len > PREPARE_MAX ? "no name is that long"
				   : "no name has spaces or one of \"&'/:<>@");
}

static bool
read_server(struct maker *maker, const struct term *at, struct str text,
    struct str *out)
{
	char prepared[HOSTNAME_MAX + 1];

	if (maker->host && str_eq(text, maker->host->name)) {
		*out = maker->host->name;
		return true;
	}
	if (hostname_prepare(text, prepared))
		return keep(maker, prepared, strlen(prepared), out);
	return refuse(maker, POLICY_NEVER, at, "it is no host name");
}

static bool
read_resource(struct maker *maker, const struct term *at, struct str text,
    struct str *out)
{
	char prepared[PREPARE_MAX + 1];
	size_t len;

	/* 2.1 prepares resources like user names, of all things. */
	if (maker->policy->flavour == POLICY_2_1)
		return read_user(maker, at, text, out);
	if (prepare_resource(text, prepared, &len))
		return keep(maker, prepared, len, out);
	return refuse(maker, POLICY_NEVER, at, "it can't be a resource");
}

static const struct regexp *
compile(
    struct maker *maker, const struct term *at, struct str pattern, bool glob)
{
	struct policy *policy = maker->policy;
	bool unicode = maker->unicode;
	struct regexp_error error = { 0 };
	struct buf key = { 0 };

	buf_putc(&key, glob ? 'g' : 'r');
	buf_add(&key, pattern);
	struct regexp *regexp = map_get(&policy->patterns, buf_str(&key));
	if (!regexp && policy->pattern_bytes > PATTERN_BYTES_MAX) {
		refuse(maker, POLICY_PATTERN, at,
		    "all patterns together take too much memory");
	} else if (!regexp) {
		regexp = glob ? regexp_create_glob(pattern, unicode, &error)
			      : regexp_create(pattern, unicode, &error);
		if (regexp) {
			policy->pattern_bytes += regexp_size(regexp);
			map_put(&policy->patterns, buf_str(&key), regexp);
		} else {
			refuse(maker, POLICY_PATTERN, at, error.why);
		}
	}
	buf_fini(&key);
	return regexp;
}

static bool
read_pattern(struct maker *maker, const struct term *at, struct str text,
    bool glob, const struct regexp **out)
{
	struct str pattern = text;

	if (maker->policy->flavour == POLICY_2_1 && text.len &&
	    !read_user(maker, at, text, &pattern))
		return false;
	*out = compile(maker, at, pattern, glob);
	return *out != NULL;
}

/* user@server in one, as YAML has it. */
static bool
split(struct maker *maker, struct str *first, struct str *second)
{
	const char *at = memchr(first->ptr, '@', first->len);

	if (maker->policy->flavour == POLICY_2_1 || second->len || !at)
		return false;
	*second =
	    (struct str){ at + 1, first->len - (size_t)(at + 1 - first->ptr) };
	first->len = (size_t)(at - first->ptr);
	return true;
}

static bool
read_values(struct maker *maker, struct policy_condition *out)
{
	const struct model_condition *in = out->source;
	struct str first = in->first, second = in->second;
	const struct term *at = in->first_at, *server_at = in->second_at;
	bool glob = false, paired = in->second_at != NULL;

	switch (in->form) {
	case FORM_ALL:
	case FORM_NONE: return in->form == FORM_ALL;
	case FORM_SERVER: return read_server(maker, at, first, &out->first);
	case FORM_RESOURCE: return read_resource(maker, at, first, &out->first);
	case FORM_ACL: return keep(maker, first.ptr, first.len, &out->first);
	case FORM_IP:
		return network_parse(first, &out->network) ||
		       refuse(maker, POLICY_NEVER, at, "it is no IP network");
	case FORM_SERVER_GLOB:
	case FORM_RESOURCE_GLOB:
		return read_pattern(maker, at, first, true, &out->first_re);
	case FORM_SERVER_REGEXP:
	case FORM_RESOURCE_REGEXP:
		return read_pattern(maker, at, first, false, &out->first_re);
	case FORM_NODE_GLOB: glob = true; /* fallthrough */
	case FORM_NODE_REGEXP:
		return read_pattern(maker, at, first, glob, &out->first_re) &&
		       read_pattern(
			   maker, server_at, second, glob, &out->second_re);
	case FORM_UNKNOWN: return false;
	case FORM_USER:
	case FORM_USER_REGEXP:
	case FORM_USER_GLOB:
	case FORM_SHARED_GROUP: break;
	}
	if (split(maker, &first, &second)) {
		paired = true;
		server_at = at;
	}
	if (paired && !read_server(maker, server_at, second, &out->second))
		return false;
	if (in->form == FORM_USER)
		return read_user(maker, at, first, &out->first);
	if (in->form == FORM_SHARED_GROUP)
		return keep(maker, first.ptr, first.len, &out->first);
	return read_pattern(
	    maker, at, first, in->form == FORM_USER_GLOB, &out->first_re);
}

static void
make_condition(struct maker *maker, const struct model_condition *in,
    struct policy_condition *out)
{
	*out = (struct policy_condition){ .form = in->form, .source = in };
	maker->condition = in;
	if (in->form == FORM_ACL && str_is(in->first, "all"))
		out->form = FORM_ALL;
	else if (in->form == FORM_ACL && str_is(in->first, "none"))
		out->never = true;
	else
		out->never = !read_values(maker, out);
}

/* --- what has names --- */

static struct policy_name *
name_of(struct maker *maker, struct map *names, struct str text)
{
	struct policy_name *name = map_get(names, text);

	if (name)
		return name;
	name = arena_alloc(&maker->policy->arena, sizeof *name);
	name->text = arena_str(&maker->policy->arena, text);
	map_add(names, name->text, name);
	return name;
}

static struct policy_host *
host_of(const struct maker *maker, const struct model_host *host)
{
	return host ? &maker->policy->host_items[host->index] : NULL;
}

static void
make_hosts(struct maker *maker)
{
	const struct model *model = maker->model;
	struct policy *policy = maker->policy;

	policy->host_count = model->host_count;
	policy->host_items = arena_array(
	    &policy->arena, model->host_count, sizeof *policy->host_items);
	for (size_t i = 0; i < model->host_count; i++) {
		const struct model_host *host = model->hosts[i];
		struct policy_host *made = &policy->host_items[i];

		made->name = arena_str(&policy->arena, host->name);
		made->served = host->served;
	}
}

/* Puts a rule or group in the place of what was there. */
static void
put_own(struct maker *maker, struct policy_host *host, struct policy_name *name,
    void *value)
{
	struct policy *policy = maker->policy;
	struct policy_own *own;

	if (!host) {
		name->global = value;
		return;
	}
	for (own = host->own_count > POLICY_FEW ? NULL : host->own; own;
	     own = own->next) {
		if (own->name == name) {
			own->value = value;
			return;
		}
	}
	own = arena_alloc(&policy->arena, sizeof *own);
	*own = (struct policy_own){ name, value, host->own };
	host->own = own;
	if (++host->own_count <= POLICY_FEW)
		return;
	if (host->own_count > POLICY_FEW + 1) {
		pair_map_put(&policy->own, host, name, value);
		return;
	}
	for (; own; own = own->next)
		pair_map_put(&policy->own, host, own->name, own->value);
}

static struct policy_group *
group_of(
    struct maker *maker, struct policy_name *name, const struct model_acl *acl)
{
	struct policy *policy = maker->policy;
	struct policy_host *host = host_of(maker, acl->host);
	struct policy_group *group = policy_own(policy, host, name);
	bool add = acl->setting && acl->setting->add;
	bool replaces = policy->flavour == POLICY_19_08 && host;

	if (host && !add)
		host->own_acls = true;
	if (group && replaces && group->added && !add)
		return NULL;
	if (!group || (replaces && add && !group->added)) {
		group = arena_alloc(&policy->arena, sizeof *group);
		group->end = &group->first;
		group->added = add;
		put_own(maker, host, name, group);
	}
	return group;
}

static void
make_acls(struct maker *maker)
{
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	while (map_next(&maker->model->acls, &walk, &name, &value)) {
		const struct model_acl *acl = value;
		struct policy_name *acls =
		    name_of(maker, &maker->policy->acls, name);
		for (; acl; acl = acl->next) {
			struct policy_group *group = group_of(maker, acls, acl);
			if (!group)
				continue;
			struct policy_entry *entry =
			    arena_alloc(&maker->policy->arena, sizeof *entry);
			entry->source = acl;
			maker->host = host_of(maker, acl->host);
			make_condition(
			    maker, &acl->condition, &entry->condition);
			*group->end = entry;
			group->end = &entry->next;
		}
	}
}

static struct policy_rule *
make_rule(struct maker *maker, const struct model_access *access)
{
	struct arena *arena = &maker->policy->arena;
	struct policy_rule *rule = arena_alloc(arena, sizeof *rule);
	struct policy_line *lines =
	    arena_array(arena, access->count, sizeof *lines);

	maker->host = host_of(maker, access->host);
	for (size_t i = 0; i < access->count; i++) {
		const struct model_line *in = &access->lines[i];
		struct policy_condition *conditions =
		    arena_array(arena, in->count, sizeof *conditions);
		for (size_t c = 0; c < in->count; c++)
			make_condition(
			    maker, &in->conditions[c], &conditions[c]);
		lines[i] = (struct policy_line){
			arena_memdup(arena, in->result.ptr, in->result.len),
			conditions, in->count, in
		};
	}
	rule->lines = lines;
	rule->count = access->count;
	rule->added = access->setting && access->setting->add;
	rule->closed =
	    maker->policy->old_rules_closed && access->kind == ACCESS_OLD;
	return rule;
}

static void
put_rule(struct maker *maker, struct policy_name *name, bool shapes,
    const struct model_access *access, struct policy_rule *rule)
{
	struct policy *policy = maker->policy;
	struct policy_host *host = host_of(maker, access->host);
	const struct policy_rule *before = policy_own(policy, host, name);

	/* append_host_config comes last, wherever it stands. */
	if (before && before->added && !rule->added &&
	    policy->flavour == POLICY_19_08)
		return;
	put_own(maker, host, name, rule);
	if (!host || rule->added)
		return;
	if (shapes)
		host->own_shaper_rules = true;
	else
		host->own_rules = true;
}

static void
make_rules(struct maker *maker)
{
	struct policy *policy = maker->policy;
	bool apart = policy->flavour == POLICY_19_08;
	struct map_walk walk = { 0 };
	struct str text;
	void *value;

	while (map_next(&maker->model->accesses, &walk, &text, &value)) {
		const struct model_access *access = value;
		struct policy_name *name = NULL, *shaper = NULL;
		for (; access; access = access->next) {
			struct policy_rule *rule = make_rule(maker, access);
			/* An old rule may be for either. */
			if (!apart || access->kind != SHAPER_RULES) {
				if (!name)
					name = name_of(
					    maker, &policy->rules, text);
				put_rule(maker, name, false, access, rule);
			}
			if (apart && access->kind != ACCESS_RULES) {
				if (!shaper)
					shaper = name_of(
					    maker, &policy->shaper_rules, text);
				put_rule(maker, shaper, true, access, rule);
			}
		}
	}
}

static void
make_inlines(struct maker *maker)
{
	struct policy *policy = maker->policy;
	const struct model_access *access = maker->model->inlines;

	for (size_t i = 0; access; access = access->next, i++) {
		char *name =
		    arena_printf(&policy->arena, "%c%zu", INLINE_MARK, i);
		struct policy_rule *rule = make_rule(maker, access);

		map_put(&policy->inlines,
		    (struct str){
			(const char *)&access->key, sizeof(const void *) },
		    name);
		name_of(maker, &policy->rules, str_of(name))->global = rule;
		name_of(maker, &policy->shaper_rules, str_of(name))->global =
		    rule;
	}
}

struct policy *
policy_create(const struct model *model, const struct target *target,
    const struct policy_report *report)
{
	struct policy *policy = mem_alloc(1, sizeof *policy);
	struct maker maker = {
		.policy = policy, .model = model, .report = report
	};

	policy->flavour = policy_flavour(model, target);
	/* Before, patterns were matched byte by byte. */
	maker.unicode =
	    !target || target->xmppd || target->release >= UNICODE_SINCE;
	/* From 16.06 on a rule of `access` denied whom none of its lines
	 * matches, so that no host's rule was asked after it. */
	policy->old_rules_closed = policy->flavour == POLICY_13_10 && target &&
				   target->release >= 1606;
	make_hosts(&maker);
	make_acls(&maker);
	make_rules(&maker);
	make_inlines(&maker);
	return policy;
}

void
policy_index(struct policy *policy)
{
	if (map_count(&policy->hosts))
		return;
	for (size_t i = 0; i < policy->host_count; i++)
		map_add(&policy->hosts, policy->host_items[i].name,
		    &policy->host_items[i]);
}

void
policy_destroy(struct policy **policy)
{
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	if (!*policy)
		return;
	while (map_next(&(*policy)->patterns, &walk, &name, &value)) {
		struct regexp *regexp = value;
		regexp_destroy(&regexp);
	}
	map_fini(&(*policy)->patterns);
	map_fini(&(*policy)->hosts);
	map_fini(&(*policy)->acls);
	map_fini(&(*policy)->rules);
	map_fini(&(*policy)->shaper_rules);
	map_fini(&(*policy)->inlines);
	pair_map_fini(&(*policy)->own);
	arena_fini(&(*policy)->arena);
	free(*policy);
	*policy = NULL;
}

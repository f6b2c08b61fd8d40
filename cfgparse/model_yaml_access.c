#include "cfgparse/model_yaml.h"
/*
 * Who may do what, in YAML: acl with its forms, the rules of access_rules and
 * shaper_rules, the older access, and rules written in the place of a name.
 * All conditions of one line must match; one entry of an acl is enough.
 */
#include "cfgparse/cfg_rules.h"
#include "cfgparse/yaml.h"

/* Conditions that grow. */
struct conditions {
	struct model_condition *items;
	size_t count, room;
};

static struct model_condition *
add_condition(struct model_builder *builder, struct conditions *list)
{
	if (list->count == list->room) {
		size_t room = list->room * 2 + 2;
		struct model_condition *items =
		    arena_array(builder->lint->arena, room, sizeof *items);
		if (list->count)
			memcpy(items, list->items, list->count * sizeof *items);
		list->items = items;
		list->room = room;
	}
	struct model_condition *condition = &list->items[list->count++];
	*condition = (struct model_condition){ .form = FORM_UNKNOWN };
	return condition;
}

/* --- forms --- */

static const struct form_row {
	const char *name;
	enum model_form form;
	bool paired;  /* a name with a server, "a@b" or {a: b} */
	bool pattern; /* an @ is a part of it */
} forms[] = {
	{ "user", FORM_USER, true, false },
	{ "server", FORM_SERVER, false, false },
	{ "resource", FORM_RESOURCE, false, false },
	{ "shared_group", FORM_SHARED_GROUP, true, false },
	{ "user_regexp", FORM_USER_REGEXP, true, false },
	{ "server_regexp", FORM_SERVER_REGEXP, false, false },
	{ "resource_regexp", FORM_RESOURCE_REGEXP, false, false },
	{ "node_regexp", FORM_NODE_REGEXP, true, true },
	{ "user_glob", FORM_USER_GLOB, true, false },
	{ "server_glob", FORM_SERVER_GLOB, false, false },
	{ "resource_glob", FORM_RESOURCE_GLOB, false, false },
	{ "node_glob", FORM_NODE_GLOB, true, true },
	{ "ip", FORM_IP, false, false },
};

static const struct form_row *
find_form(struct str name)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (str_is(name, forms[i].name))
			return &forms[i];
	}
	return NULL;
}

static void
refuse_form(struct model_builder *builder, const struct term *term)
{
	struct finding *finding = build_report(builder, CFG_ACL_FORM, term,
	    "an acl has no form %s", lint_shown(builder->lint, term));

	finding_hint(finding, "write user: name@host, server: host or "
			      "ip: 192.0.2.0/24, for example");
}

/* "name@host" as two texts. */
static void
split(struct model_condition *condition, const struct form_row *row)
{
	struct str text = condition->first;
	const char *at = text.len ? memchr(text.ptr, '@', text.len) : NULL;

	if (!row->paired || row->pattern || !at)
		return;
	condition->second_at = condition->first_at;
	condition->first.len = (size_t)(at - text.ptr);
	condition->second =
	    (struct str){ at + 1, text.len - condition->first.len - 1 };
}

/* One value of a form: a text, or a pair where the form knows these. */
static void
add_value(struct model_builder *builder, struct conditions *list,
    const struct form_row *row, const struct term *whole,
    const struct term *first, const struct term *second)
{
	struct model_condition *condition = add_condition(builder, list);

	condition->whole = whole;
	condition->first_at = first;
	condition->second_at = second;
	if (!yaml_text(first, &condition->first) ||
	    (second &&
		(!row->paired || !yaml_text(second, &condition->second)))) {
		build_report(builder, CFG_ACL_FORM, second ? second : first,
		    "%s expects a text, got %s", row->name,
		    lint_shown(builder->lint, second ? second : first));
		return;
	}
	condition->form = row->form;
	if (!second)
		split(condition, row);
}

static void
add_values(struct model_builder *builder, struct conditions *list,
    const struct form_row *row, const struct term *value)
{
	struct pairs pairs = { .of = value };

	if (value->kind != TERM_LIST && value->kind != TERM_MAP) {
		add_value(builder, list, row, value, value, NULL);
		return;
	}
	while (pairs_next(&pairs))
		add_value(
		    builder, list, row, pairs.key, pairs.key, pairs.value);
}

static void
add_named(struct model_builder *builder, struct conditions *list,
    const struct term *name)
{
	struct model_condition *condition = add_condition(builder, list);

	condition->whole = condition->first_at = name;
	if (!yaml_text(name, &condition->first)) {
		build_report(builder, CFG_ACCESS_FORM, name,
		    "expected the name of an acl, got %s",
		    lint_shown(builder->lint, name));
		return;
	}
	condition->form = str_is(condition->first, "all")    ? FORM_ALL
			  : str_is(condition->first, "none") ? FORM_NONE
							     : FORM_ACL;
}

/* acl: NAME, or acl: [NAME, ...], in a rule. */
static void
add_acls(struct model_builder *builder, struct conditions *list,
    const struct term *value)
{
	if (value->kind != TERM_LIST) {
		add_named(builder, list, value);
		return;
	}
	for (size_t i = 0; i < value->count; i++)
		add_named(builder, list, &value->items[i]);
}

/* What stands behind allow: or below the name of an acl. */
static void
read_conditions(struct model_builder *builder, const struct term *value,
    bool in_rule, struct conditions *list)
{
	struct pairs pairs = { .of = value };

	if (value->kind != TERM_LIST && value->kind != TERM_MAP) {
		if (in_rule)
			add_named(builder, list, value);
		else
			refuse_form(builder, value);
		return;
	}
	while (pairs_next(&pairs)) {
		const struct form_row *row = NULL;
		struct str name = { 0 };

		if (pairs.value && yaml_text(pairs.key, &name))
			row = find_form(name);
		if (row)
			add_values(builder, list, row, pairs.value);
		else if (in_rule && pairs.value && str_is(name, "acl"))
			add_acls(builder, list, pairs.value);
		else if (in_rule && !pairs.value)
			add_named(builder, list, pairs.key);
		else
			refuse_form(builder, pairs.key);
	}
}

/* --- acl --- */

static bool
is_map(struct model_builder *builder, const struct model_setting *setting)
{
	const struct term *value = setting->option.value;

	/* That it should be one is a matter of its type. */
	if (value->kind == TERM_MAP)
		yaml_twins(builder, value);
	return value->kind == TERM_MAP || value->kind == TERM_LIST;
}

static void
add_acl(struct model_builder *builder, const struct term *key,
    const struct term *value, const struct model_setting *setting)
{
	struct conditions list = { 0 };
	struct model_acl acl = { .key = key };

	if (!yaml_text(key, &acl.name))
		return;
	/* Old releases knew acl: NAME: all. */
	if (term_is_atom(value, "all") || term_is_atom(value, "none"))
		add_named(builder, &list, value);
	else
		read_conditions(builder, value, false, &list);
	if (list.count == 0) {
		/* The name is there all the same. */
		acl.condition =
		    (struct model_condition){ FORM_UNKNOWN, .whole = value };
		model_add_acl(builder, &acl, setting);
	}
	for (size_t i = 0; i < list.count; i++) {
		acl.condition = list.items[i];
		model_add_acl(builder, &acl, setting);
	}
}

void
model_yaml_acl(
    struct model_builder *builder, const struct model_setting *setting)
{
	struct pairs pairs = { .of = setting->option.value };

	if (!is_map(builder, setting))
		return;
	while (pairs_next(&pairs)) {
		if (pairs.value)
			add_acl(builder, pairs.key, pairs.value, setting);
		else
			refuse_form(builder, pairs.key);
	}
}

/* --- rules --- */

static void
refuse_rule(struct model_builder *builder, const struct term *term, bool shaper)
{
	struct finding *finding = build_report(builder, CFG_ACCESS_FORM, term,
	    "%s is no line of %s", lint_shown(builder->lint, term),
	    shaper ? "a shaper rule" : "an access rule");

	finding_hint(finding, shaper ? "write SHAPER: ACL, such as normal: all"
				     : "write allow: ACL or deny: ACL, such as "
				       "allow: all");
}

/* KEY: VALUE as one term, for its place. */
static const struct term *
pair_of(struct model_builder *builder, const struct term *key,
    const struct term *value)
{
	if (!value || value->file != key->file || value->end < key->end)
		return key;
	struct term *pair = arena_alloc(builder->lint->arena, sizeof *pair);
	*pair = *key;
	pair->end = value->end;
	return pair;
}

/* The pair that was found, or the item of the list that is nothing else. */
static const struct term *
line_of(struct model_builder *builder, const struct pairs *pairs)
{
	const struct term *of = pairs->of;

	if (of->kind == TERM_LIST && pairs->value &&
	    of->items[pairs->item].count == 2)
		return &of->items[pairs->item];
	return pair_of(builder, pairs->key, pairs->value);
}

/* A result with its conditions; without any it is for all. */
static bool
read_line(struct model_builder *builder, const struct term *whole,
    const struct term *result, const struct term *value, bool shaper,
    struct model_line *line)
{
	struct conditions list = { 0 };

	*line = (struct model_line){ .whole = whole, .result_at = result };
	if (!yaml_text(result, &line->result) ||
	    (!shaper && !str_is(line->result, "allow") &&
		!str_is(line->result, "deny"))) {
		refuse_rule(builder, result, shaper);
		return false;
	}
	if (value) {
		read_conditions(builder, value, true, &list);
	} else {
		struct model_condition *all = add_condition(builder, &list);
		all->form = FORM_ALL;
		all->whole = all->first_at = result;
		all->first = STR("all");
	}
	line->conditions = list.items;
	line->count = list.count;
	return list.count > 0;
}

static void
read_lines(struct model_builder *builder, const struct term *value,
    struct model_access *access, bool shaper)
{
	struct pairs pairs = { .of = value };
	size_t room = pairs_count(value);

	if (shaper && value->kind != TERM_MAP && value->kind != TERM_LIST)
		room = 1;
	if (room == 0) {
		access->broken = true;
		refuse_rule(builder, value, shaper);
		return;
	}
	struct model_line *lines =
	    arena_array(builder->lint->arena, room, sizeof *lines);
	access->lines = lines;
	if (value->kind != TERM_MAP && value->kind != TERM_LIST) {
		access->count =
		    read_line(builder, value, value, NULL, shaper, lines);
		access->broken = access->count == 0;
		return;
	}
	while (pairs_next(&pairs)) {
		if (read_line(builder, line_of(builder, &pairs), pairs.key,
			pairs.value, shaper, &lines[access->count]))
			access->count++;
		else
			access->broken = true;
	}
}

void
model_yaml_rules(struct model_builder *builder,
    const struct model_setting *setting, enum model_access_kind kind)
{
	struct pairs pairs = { .of = setting->option.value };

	if (!is_map(builder, setting))
		return;
	while (pairs_next(&pairs)) {
		struct model_access access = { kind, .key = pairs.key };

		if (!pairs.value || !yaml_text(pairs.key, &access.name)) {
			refuse_rule(builder, pairs.key, kind == SHAPER_RULES);
			continue;
		}
		read_lines(builder, pairs.value, &access, kind == SHAPER_RULES);
		model_add_access(builder, &access, setting);
	}
}

/* NAME: {ACL: RESULT, ...} of the releases before access_rules. */
static void
read_old_lines(struct model_builder *builder, const struct term *value,
    struct model_access *access)
{
	struct pairs pairs = { .of = value };
	size_t room = pairs_count(value);

	if (room == 0) {
		access->broken = true;
		return;
	}
	struct model_line *lines =
	    arena_array(builder->lint->arena, room, sizeof *lines);
	access->lines = lines;
	while (pairs_next(&pairs)) {
		struct model_line *line = &lines[access->count];
		struct conditions list = { 0 };

		*line = (struct model_line){ .result_at = pairs.value };
		line->whole = line_of(builder, &pairs);
		if (!pairs.value || !yaml_text(pairs.value, &line->result)) {
			build_report(builder, CFG_ACCESS_FORM,
			    pairs.value ? pairs.value : pairs.key,
			    "a line of an access rule is written ACL: RESULT, "
			    "such as all: allow");
			access->broken = true;
			continue;
		}
		add_named(builder, &list, pairs.key);
		line->conditions = list.items;
		line->count = list.count;
		access->count++;
	}
}

void
model_yaml_access(
    struct model_builder *builder, const struct model_setting *setting)
{
	struct pairs pairs = { .of = setting->option.value };

	if (!is_map(builder, setting))
		return;
	while (pairs_next(&pairs)) {
		struct model_access access = { ACCESS_OLD, .key = pairs.key };

		if (!pairs.value || !yaml_text(pairs.key, &access.name))
			continue;
		read_old_lines(builder, pairs.value, &access);
		model_add_access(builder, &access, setting);
	}
}

bool
model_yaml_inline(struct model_builder *builder, const struct term *value,
    const struct model_use *use)
{
	struct model_access access = { ACCESS_INLINE, .key = value };

	if (value->kind != TERM_MAP && value->kind != TERM_LIST)
		return false;
	read_lines(builder, value, &access, use->shaper_rule);
	model_add_inline(builder, &access, use);
	return !access.broken;
}

/* --- shaper --- */

/* NUMBER, none, or {rate: NUMBER, burst_size: NUMBER}. */
static int64_t
read_rate(struct model_builder *builder, const struct term *value)
{
	const struct term *number = value;
	struct pairs pairs = { .of = value };
	int64_t rate = 0;
	struct str text;

	while (value->kind == TERM_MAP && pairs_next(&pairs)) {
		if (yaml_text(pairs.key, &text) &&
		    (str_is(text, "rate") || str_is(text, "maxrate")))
			number = pairs.value;
	}
	if (yaml_text(number, &text) &&
	    (str_is(text, "none") || str_is(text, "infinity") ||
		str_is(text, "infinite") || str_is(text, "unlimited")))
		return 0;
	if (term_int(number, &rate) && rate > 0)
		return rate;
	struct finding *finding = build_report(builder, CFG_SHAPER_FORM, value,
	    "a shaper is a number of bytes a second or none, not %s",
	    lint_shown(builder->lint, value));
	finding_hint(finding, "write the number behind the name, such as "
			      "normal: 3000");
	return -1;
}

void
model_yaml_shaper(
    struct model_builder *builder, const struct model_setting *setting)
{
	struct pairs pairs = { .of = setting->option.value };

	if (!is_map(builder, setting))
		return;
	while (pairs_next(&pairs)) {
		struct model_shaper shaper = { .key = pairs.key };

		if (!pairs.value || !yaml_text(pairs.key, &shaper.name))
			continue;
		shaper.value = pairs.value;
		shaper.rate = read_rate(builder, pairs.value);
		model_add_shaper(builder, &shaper, setting);
	}
}

#include "cfgparse/model_terms.h"
/*
 * {acl, Name, Form}, {access, Name, [{Result, Acl}, ...]} and {shaper, Name,
 * {maxrate, N}}. What has a name but no sound form is kept by that name, so
 * that what refers to it isn't reported too.
 */
#include "cfgparse/cfg_rules.h"

/* --- acl --- */

static const struct form_row {
	const char *name;
	enum model_form form;
	bool alone, paired; /* {name, A}, {name, A, B} */
} forms[] = {
	{ "user", FORM_USER, true, true },
	{ "server", FORM_SERVER, true, false },
	{ "resource", FORM_RESOURCE, true, false },
	{ "shared_group", FORM_SHARED_GROUP, true, true },
	{ "user_regexp", FORM_USER_REGEXP, true, true },
	{ "server_regexp", FORM_SERVER_REGEXP, true, false },
	{ "resource_regexp", FORM_RESOURCE_REGEXP, true, false },
	{ "node_regexp", FORM_NODE_REGEXP, false, true },
	{ "user_glob", FORM_USER_GLOB, true, true },
	{ "server_glob", FORM_SERVER_GLOB, true, false },
	{ "resource_glob", FORM_RESOURCE_GLOB, true, false },
	{ "node_glob", FORM_NODE_GLOB, false, true },
};

/* The form of a tuple; FORM_UNKNOWN where it has none. */
static enum model_form
find_form(const struct term *spec)
{
	if (spec->kind != TERM_TUPLE || spec->count < 2 || spec->count > 3 ||
	    spec->items[0].kind != TERM_ATOM)
		return FORM_UNKNOWN;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (term_is_atom(&spec->items[0], forms[i].name))
			return (spec->count == 2 ? forms[i].alone
						 : forms[i].paired)
				   ? forms[i].form
				   : FORM_UNKNOWN;
	}
	return FORM_UNKNOWN;
}

static bool
read_value(
    struct model_builder *builder, const struct term *term, struct str *text)
{
	if (build_word(builder, term, text))
		return true;
	build_report(builder, CFG_ACL_FORM, term, "expected a string, got %s",
	    lint_shown(builder->lint, term));
	return false;
}

static void
read_form(struct model_builder *builder, const struct term *spec,
    struct model_condition *condition)
{
	*condition = (struct model_condition){ FORM_UNKNOWN, .whole = spec };
	if (term_is_atom(spec, "all") || term_is_atom(spec, "none")) {
		condition->form =
		    term_is_atom(spec, "all") ? FORM_ALL : FORM_NONE;
		return;
	}
	enum model_form form = find_form(spec);
	if (form == FORM_UNKNOWN) {
		struct finding *finding = build_report(builder, CFG_ACL_FORM,
		    spec, "an acl has no form %s",
		    lint_shown(builder->lint, spec));
		finding_hint(finding,
		    "write {user, \"name\", \"host\"}, {user_regexp, \"\"}, "
		    "{server, \"host\"}, all or none, for example");
		return;
	}
	condition->first_at = &spec->items[1];
	if (!read_value(builder, condition->first_at, &condition->first))
		return;
	if (spec->count == 3) {
		condition->second_at = &spec->items[2];
		if (!read_value(
			builder, condition->second_at, &condition->second))
			return;
	}
	condition->form = form;
}

void
model_terms_acl(struct model_builder *builder, struct model_setting *setting)
{
	const struct term *whole = setting->option.whole;
	struct model_acl acl = { 0 };

	if (whole->count != 3 || whole->items[1].kind != TERM_ATOM) {
		struct finding *finding = build_report(builder, CFG_ACL_FORM,
		    whole, "an acl is written {acl, Name, Form}");
		finding_hint(finding,
		    "such as {acl, admin, {user, \"name\", \"host\"}}");
		return;
	}
	acl.key = &whole->items[1];
	acl.name = acl.key->text;
	read_form(builder, &whole->items[2], &acl.condition);
	model_add_acl(builder, &acl, setting);
}

/* --- access --- */

/* "allow", a shaper's name, a number's digits. */
static bool
read_result(
    struct model_builder *builder, const struct term *term, struct str *result)
{
	if (term->kind == TERM_INTEGER) {
		*result = term->text;
		return true;
	}
	if (build_word(builder, term, result))
		return true;
	build_report(builder, CFG_ACCESS_FORM, term,
	    "expected allow, deny, a shaper's name or a number, got %s",
	    lint_shown(builder->lint, term));
	return false;
}

static bool
read_line(struct model_builder *builder, const struct term *term,
    struct model_line *line, struct model_condition *condition)
{
	if (term->kind != TERM_TUPLE || term->count != 2 ||
	    term->items[1].kind != TERM_ATOM) {
		struct finding *finding = build_report(builder, CFG_ACCESS_FORM,
		    term, "%s is no line of an access rule",
		    lint_shown(builder->lint, term));
		finding_hint(
		    finding, "write {Result, Acl}, such as {allow, all}");
		return false;
	}
	line->whole = term;
	line->result_at = &term->items[0];
	line->conditions = condition;
	line->count = 1;
	condition->whole = condition->first_at = &term->items[1];
	condition->first = condition->first_at->text;
	condition->form = str_is(condition->first, "all")    ? FORM_ALL
			  : str_is(condition->first, "none") ? FORM_NONE
							     : FORM_ACL;
	return read_result(builder, line->result_at, &line->result);
}

static void
read_lines(struct model_builder *builder, const struct term *list,
    struct model_access *access)
{
	struct arena *arena = builder->lint->arena;
	struct model_line *lines =
	    arena_array(arena, list->count, sizeof *lines);
	struct model_condition *conditions =
	    arena_array(arena, list->count, sizeof *conditions);

	for (size_t i = 0; i < list->count; i++) {
		struct model_line line = { 0 };

		if (!read_line(
			builder, &list->items[i], &line, &conditions[i])) {
			access->broken = true;
			continue;
		}
		lines[access->count++] = line;
	}
	access->lines = lines;
}

void
model_terms_access(struct model_builder *builder, struct model_setting *setting)
{
	const struct term *whole = setting->option.whole;
	struct model_access access = { ACCESS_OLD, .key = setting->option.key };
	bool named = whole->count == 3 && whole->items[1].kind == TERM_ATOM;

	if (named) {
		access.key = &whole->items[1];
		access.name = access.key->text;
	}
	if (named && whole->items[2].kind == TERM_LIST) {
		read_lines(builder, &whole->items[2], &access);
	} else {
		struct finding *finding =
		    build_report(builder, CFG_ACCESS_FORM, whole,
			"an access rule is written {access, Name, "
			"[{Result, Acl}, ...]}");
		finding_hint(finding, "such as {access, c2s, [{allow, all}]}");
		access.broken = true;
	}
	if (named)
		model_add_access(builder, &access, setting);
}

/* --- shaper --- */

static int64_t
read_rate(struct model_builder *builder, const struct term *value)
{
	int64_t rate = 0;

	if (term_is_atom(value, "none"))
		return 0;
	if (term_is_tagged(value, "maxrate", 2) &&
	    term_int(&value->items[1], &rate) && rate > 0)
		return rate;
	struct finding *finding = build_report(builder, CFG_SHAPER_FORM, value,
	    "a shaper is {maxrate, BYTES} or none, not %s",
	    lint_shown(builder->lint, value));
	finding_hint(finding, "such as {shaper, normal, {maxrate, 1000}}");
	return -1;
}

void
model_terms_shaper(struct model_builder *builder, struct model_setting *setting)
{
	const struct term *whole = setting->option.whole;
	struct model_shaper shaper = { 0 };

	if (whole->count != 3 || whole->items[1].kind != TERM_ATOM) {
		build_report(builder, CFG_SHAPER_FORM, whole,
		    "a shaper is written {shaper, Name, {maxrate, BYTES}}");
		return;
	}
	shaper.key = &whole->items[1];
	shaper.name = shaper.key->text;
	shaper.value = &whole->items[2];
	shaper.rate = read_rate(builder, shaper.value);
	model_add_shaper(builder, &shaper, setting);
}

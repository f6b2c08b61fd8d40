#include "cfgparse/model_build.h"
/*
 * Which options name an access rule, a shaper or an acl: found by the type
 * that an option's row has, in settings and in the options of listeners and
 * modules.
 */
#include "cfgparse/base/buf.h"

/* Whose names are known that rules use. */
static const char in_rules;

static bool
same_use(const struct model_use *a, const struct model_use *b)
{
	return a->kind == b->kind && a->is_listener == b->is_listener &&
	       a->shaper_rule == b->shaper_rule && a->row == b->row &&
	       a->owner == b->owner && str_eq(a->name, b->name);
}

static struct model_use *
find_use(struct model_builder *builder, const struct model_use *use)
{
	struct model *model = builder->model;
	struct arena *arena = builder->lint->arena;
	struct buf key = { 0 };

	buf_putc(&key, (char)('0' + use->kind));
	buf_putc(&key, (char)('0' + use->is_listener + use->shaper_rule * 2));
	buf_append(&key, &use->row, sizeof use->row);
	buf_append(&key, &use->owner, sizeof use->owner);
	buf_add(&key, use->name);
	struct model_use *found = map_get(&builder->uses, buf_str(&key));
	if (!found) {
		found = arena_alloc(arena, sizeof *found);
		*found = *use;
		found->place = (struct model_place){ 0 };
		found->last = NULL;
		found->next = NULL;
		if (model->last_use)
			model->last_use->next = found;
		else
			model->uses = found;
		model->last_use = found;
		map_put(&builder->uses, buf_str(&key), found);
	}
	buf_fini(&key);
	return found;
}

void
model_add_use(struct model_builder *builder, const struct model_use *use)
{
	const void *owner = use->row ? (const void *)use->row : &in_rules;
	struct model_name *known = model_known(builder, owner, use->name);
	struct model_use *found = known->value;

	if (!found || !same_use(found, use))
		known->value = found = find_use(builder, use);
	if (!found->last) {
		found->place = use->place;
		found->last = &found->place;
		return;
	}
	struct model_place *place =
	    arena_alloc(builder->lint->arena, sizeof *place);
	*place = use->place;
	found->last->next = place;
	found->last = place;
}

/* The value of an option that expects a name. */
static void
add_named(struct model_builder *builder, const struct term *value,
    struct model_use *use)
{
	use->place.at = value;
	if (value->kind == TERM_ATOM || value->kind == TERM_STRING) {
		use->name = value->text;
		model_add_use(builder, use);
	} else if (builder->read_inline && use->kind != USE_ACL) {
		/* What uses it lives as long as the rule. */
		struct model_use *kept =
		    arena_alloc(builder->lint->arena, sizeof *kept);
		*kept = *use;
		builder->read_inline(builder, value, kept);
	}
}

/* {access_commands, [{Access, Commands, Arguments}]} of ejabberd 2.x. */
static void
add_commands(struct model_builder *builder, const struct term *list,
    struct model_use *use)
{
	if (list->kind != TERM_LIST)
		return;
	for (size_t i = 0; i < list->count; i++) {
		const struct term *item = &list->items[i];

		if (item->kind == TERM_TUPLE && item->count >= 2 &&
		    item->items[0].kind == TERM_ATOM)
			add_named(builder, &item->items[0], use);
	}
}

/* --- YAML: by the shapes of the catalogue --- */

struct visit {
	struct model_builder *builder;
	struct model_use *use;
};

/* What a shaper option says instead of a rule's name. */
static bool
is_unlimited(const struct term *term)
{
	return term_is_atom(term, "none") || term_is_atom(term, "infinity") ||
	       term_is_atom(term, "infinite") ||
	       term_is_atom(term, "unlimited");
}

static void
add_part(void *arg, enum option_type kind, const struct term *part)
{
	struct visit *visit = arg;

	visit->use->shaper_rule = kind == TYPE_SHAPER_RULE;
	switch (kind) {
	case TYPE_SHAPER_RULE:
		if (is_unlimited(part))
			return;
		visit->use->kind = USE_ACCESS;
		break;
	case TYPE_ACCESS: visit->use->kind = USE_ACCESS; break;
	case TYPE_SHAPER: visit->use->kind = USE_SHAPER; break;
	case TYPE_ACL: visit->use->kind = USE_ACL; break;
	default: return;
	}
	add_named(visit->builder, part, visit->use);
}

static void
add_typed(struct model_builder *builder, const struct option *row,
    const struct term *value, struct model_use *use)
{
	use->row = row;
	if (value->file->yaml) {
		struct visit visit = { builder, use };
		catalogue_visit(row, value, add_part, &visit);
		return;
	}
	if (row->type == TYPE_ACCESS || row->type == TYPE_SHAPER) {
		use->kind = row->type == TYPE_SHAPER ? USE_SHAPER : USE_ACCESS;
		add_named(builder, value, use);
	} else if (value->kind != TERM_LIST) {
		return;
	} else if (strcmp(row->name, "access_commands") == 0 ||
		   strcmp(row->name, "ejabberdctl_access_commands") == 0) {
		use->kind = USE_ACCESS;
		add_commands(builder, value, use);
	}
}

void
model_add_uses(
    struct model_builder *builder, const struct model_setting *setting)
{
	struct model_use use = { .place = { .host = setting->host } };

	if (setting->row && setting->option.value)
		add_typed(builder, setting->row, setting->option.value, &use);
}

static const struct option none;

/* Most options of one name stand in many hosts. */
static const struct model_name *
named(struct model_builder *builder, const struct service *service,
    bool listener, struct str name)
{
	struct model_name *known = model_known(builder, service, name);

	if (!known->value) {
		const struct option *row =
		    service ? catalogue_service_option(service, name) : NULL;
		known->value = (void *)(uintptr_t)(row ? row : &none);
		if (!listener)
			map_add(&builder->model->module_options, name,
			    builder->model);
		known->secret = model_is_secret(name);
	}
	return known;
}

void
model_plain_bool(struct model_builder *builder, struct model_option *option)
{
	static const char *const words[] = { "yes", "on", "y", "no", "off",
		"n" };
	const struct term *value = option->value;
	size_t i = 0, count = sizeof words / sizeof *words;
	struct mismatch mismatch;

	if (!option->row || !value || !value->file->yaml ||
	    (value->kind != TERM_ATOM && value->kind != TERM_STRING) ||
	    option_kind(option->row, true) != TYPE_BOOL)
		return;
	while (i < count && !str_is(value->text, words[i]))
		i++;
	if (i == count || !catalogue_check(option->row, builder->lint->target,
			      value, builder->lint->arena, &mismatch))
		return;
	struct term *plain = arena_alloc(builder->lint->arena, sizeof *plain);
	*plain = *value;
	plain->kind = TERM_ATOM;
	plain->text = i < count / 2 ? STR("true") : STR("false");
	option->value = plain;
}

void
model_use_options(struct model_builder *builder,
    const struct model_options *options, const struct service *service,
    bool listener, struct model_host *host)
{
	for (size_t i = 0; i < options->count; i++) {
		struct model_option *option =
		    (struct model_option *)(uintptr_t)&options->items[i];
		struct model_use use = { .owner = service,
			.is_listener = listener,
			.place = { .host = host } };

		/* Of a module that is rewritten the other one's count. */
		const struct model_name *known = named(builder,
		    service ? service_read_as(service, option->key->file->yaml)
			    : NULL,
		    listener, option->name);
		option->row = known->value == &none ? NULL : known->value;
		model_plain_bool(builder, option);
		if (known->secret && !listener)
			model_add_secret(builder, option);
		if (option->row && option->value)
			add_typed(builder, option->row, option->value, &use);
	}
}

#include "cfgparse/catalogue_private.h"
/*
 * Which parts of a value name something, such as an access rule or a file, or
 * are secrets. For the rules that follow names, and for output that masks.
 */

typedef void visitor(void *ctx, enum option_type kind, const struct term *part);

/* Terms nest deeper than any option does. */
enum { DEPTH_MAX = 16 };

static const struct target any_target = { .xmppd = true };

static bool
is_wanted(enum option_type kind)
{
	switch (kind) {
	case TYPE_ACCESS:
	case TYPE_SHAPER:
	case TYPE_SHAPER_RULE:
	case TYPE_ACL:
	case TYPE_CERTFILE:
	case TYPE_PATH:
	case TYPE_HOST:
	case TYPE_SECRET: return true;
	default: return false;
	}
}

static const struct type_field *
find_field(const struct type *type, const struct term *key)
{
	if (key->kind != TERM_ATOM && key->kind != TERM_STRING)
		return NULL;
	for (const struct type_field *f = type->fields; f->name; f++) {
		if (str_is(key->text, f->name))
			return f;
	}
	return NULL;
}

static void walk_shape(const struct type *type, const struct term *value,
    visitor *visit, void *ctx);

static void
walk_map(const struct type *type, const struct term *value, visitor *visit,
    void *ctx)
{
	for (size_t i = 0; i + 1 < value->count; i += 2) {
		const struct type *item = type->item;
		if (type->kind == TYPE_OPTIONS) {
			const struct type_field *field =
			    find_field(type, &value->items[i]);
			if (!field)
				continue;
			item = field->type;
		} else {
			walk_shape(type->key, &value->items[i], visit, ctx);
		}
		walk_shape(item, &value->items[i + 1], visit, ctx);
	}
}

/* As deep as the shape is. */
static void
walk_shape(const struct type *type, const struct term *value, visitor *visit,
    void *ctx)
{
	struct misfit misfit;

	switch (type->kind) {
	case TYPE_EITHER:
		if (!catalogue_fits(type->item, &any_target, value, &misfit))
			type = type->other;
		else
			type = type->item;
		walk_shape(type, value, visit, ctx);
		return;
	case TYPE_ONE_OR_LIST:
		if (value->kind != TERM_LIST) {
			walk_shape(type->item, value, visit, ctx);
			return;
		}
		/* fallthrough */
	case TYPE_LIST_OF:
		for (size_t i = 0; value->kind == TERM_LIST && i < value->count;
		     i++)
			walk_shape(type->item, &value->items[i], visit, ctx);
		return;
	case TYPE_MAP:
	case TYPE_OPTIONS:
		if (value->kind == TERM_MAP)
			walk_map(type, value, visit, ctx);
		return;
	default:
		if (is_wanted(type->kind))
			visit(ctx, type->kind, value);
	}
}

/* {password, Text}, wherever it stands. */
static void
walk_secrets(
    const struct term *value, unsigned depth, visitor *visit, void *ctx)
{
	if (depth == DEPTH_MAX ||
	    (value->kind != TERM_LIST && value->kind != TERM_TUPLE))
		return;
	if (term_is_tagged(value, "password", 2)) {
		visit(ctx, TYPE_SECRET, &value->items[1]);
		return;
	}
	for (size_t i = 0; i < value->count; i++)
		walk_secrets(&value->items[i], depth + 1, visit, ctx);
}

static void
walk_terms(const struct option *option, const struct term *value,
    visitor *visit, void *ctx)
{
	if (is_wanted(option->type)) {
		visit(ctx, option->type, value);
	} else if (option->type == TYPE_HOSTS) {
		for (size_t i = 0; value->kind == TERM_LIST && i < value->count;
		     i++)
			visit(ctx, TYPE_HOST, &value->items[i]);
	} else if (value->kind == TERM_TUPLE && value->count > 4 &&
		   str_is(str_of(option->name), "odbc_server")) {
		/* {Kind, Server, [Port,] Database, User, Password} */
		visit(ctx, TYPE_SECRET, &value->items[value->count - 1]);
	} else {
		walk_secrets(value, 0, visit, ctx);
	}
}

void
catalogue_visit(const struct option *option, const struct term *value,
    void (*visit)(void *ctx, enum option_type kind, const struct term *part),
    void *ctx)
{
	if (!value->file || !value->file->yaml)
		walk_terms(option, value, visit, ctx);
	else if (option->yaml)
		walk_shape(option->yaml, value, visit, ctx);
}

#include "cfgparse/catalogue_private.h"
/*
 * Access rules, shaper rules and acls of YAML, as they are written: below
 * their names at the top level, or in place of a name. Knows the forms; what
 * names exist, the rules of acl and access know.
 */
#include "cfgparse/catalogue_shapes.h"

/* Lists may hold lists, which count as one; deeper ones are let through. */
enum { DEPTH_MAX = 32 };

/* A user, or a mapping from it to its server. */
#define USERS(shape) ONE_OR_LIST(EITHER(shape, MAP(shape, DOMAIN)))

static const struct type_field acl_fields[] = {
	{ "user", USERS(STRING), false },
	{ "user_regexp", USERS(REGEXP), false },
	{ "user_glob", USERS(GLOB), false },
	{ "server", ONE_OR_LIST(DOMAIN), false },
	{ "server_regexp", ONE_OR_LIST(REGEXP), false },
	{ "server_glob", ONE_OR_LIST(GLOB), false },
	{ "resource", ONE_OR_LIST(STRING), false },
	{ "resource_regexp", ONE_OR_LIST(REGEXP), false },
	{ "resource_glob", ONE_OR_LIST(GLOB), false },
	{ "node_regexp", ONE_OR_LIST(MAP(REGEXP, REGEXP)), false },
	{ "node_glob", ONE_OR_LIST(MAP(GLOB, GLOB)), false },
	{ "shared_group", USERS(STRING), false },
	{ "ip", ONE_OR_LIST(IP_MASK), false },
	{ 0 },
};

/* What an access rule holds for: these, or an acl by name. */
static const struct type_field match_fields[] = {
	{ "acl", ATOM, false },
	{ "user", USERS(STRING), false },
	{ "user_regexp", USERS(REGEXP), false },
	{ "user_glob", USERS(GLOB), false },
	{ "server", ONE_OR_LIST(DOMAIN), false },
	{ "server_regexp", ONE_OR_LIST(REGEXP), false },
	{ "server_glob", ONE_OR_LIST(GLOB), false },
	{ "resource", ONE_OR_LIST(STRING), false },
	{ "resource_regexp", ONE_OR_LIST(REGEXP), false },
	{ "resource_glob", ONE_OR_LIST(GLOB), false },
	{ "node_regexp", ONE_OR_LIST(MAP(REGEXP, REGEXP)), false },
	{ "node_glob", ONE_OR_LIST(MAP(GLOB, GLOB)), false },
	{ "shared_group", USERS(STRING), false },
	{ "ip", ONE_OR_LIST(IP_MASK), false },
	{ 0 },
};

static const struct type acl_forms = { .kind = TYPE_OPTIONS,
	.fields = acl_fields };
static const struct type matches = { .kind = TYPE_OPTIONS,
	.fields = match_fields };
static const struct type verdicts = { .kind = TYPE_CHOICE,
	.values = "allow deny" };
static const struct type acl_rules = { .kind = TYPE_ACL_RULES };
static const struct type acl_name = { .kind = TYPE_ACL };
static const struct type shaper_name = { .kind = TYPE_SHAPER };
static const struct type access_rules = { .kind = TYPE_ACCESS_RULES };

static bool
is_word(const struct term *value)
{
	return value->kind == TERM_ATOM || value->kind == TERM_STRING;
}

/* Calls one for each element of a list, of the lists in it too. */
static bool
each(const struct target *target, const struct term *value,
    struct misfit *misfit, unsigned depth,
    bool (*one)(const struct target *, const struct term *, struct misfit *))
{
	if (value->kind != TERM_LIST || (value->count == 0 && depth == 0))
		return one(target, value, misfit);
	for (size_t i = 0; depth < DEPTH_MAX && i < value->count; i++) {
		if (!each(target, &value->items[i], misfit, depth + 1, one))
			return false;
	}
	return true;
}

static bool
match_fits(const struct target *target, const struct term *value,
    struct misfit *misfit)
{
	if (is_word(value))
		return true;
	if (value->kind == TERM_MAP && value->count > 0)
		return catalogue_fits(&matches, target, value, misfit);
	*misfit = (struct misfit){ value, &acl_name, false };
	return false;
}

static bool
verdict_fits(const struct target *target, const struct term *value,
    struct misfit *misfit)
{
	if (value->kind != TERM_MAP)
		return catalogue_fits(&verdicts, target, value, misfit);
	for (size_t i = 0; i + 1 < value->count; i += 2) {
		if (!catalogue_fits(
			&verdicts, target, &value->items[i], misfit) ||
		    !each(target, &value->items[i + 1], misfit, 0, match_fits))
			return false;
	}
	return true;
}

bool
catalogue_access_fits(const struct target *target, const struct term *value,
    struct misfit *misfit)
{
	if (value->count > 0)
		return each(target, value, misfit, 0, verdict_fits);
	*misfit = (struct misfit){ value, &access_rules, false };
	return false;
}

static bool
is_shaper_name(const struct term *value)
{
	int64_t number;

	return is_word(value) || (term_int(value, &number) && number > 0);
}

static bool
choice_fits(const struct target *target, const struct term *value,
    struct misfit *misfit)
{
	if (value->kind != TERM_MAP) {
		if (is_shaper_name(value))
			return true;
		*misfit = (struct misfit){ value, &shaper_name, false };
		return false;
	}
	for (size_t i = 0; i + 1 < value->count; i += 2) {
		if (!is_shaper_name(&value->items[i])) {
			*misfit = (struct misfit){ &value->items[i],
				&shaper_name, false };
			return false;
		}
		if (!each(target, &value->items[i + 1], misfit, 0, match_fits))
			return false;
	}
	return true;
}

bool
catalogue_shaper_fits(const struct target *target, const struct term *value,
    struct misfit *misfit)
{
	/* No rule limits nobody. */
	if (value->kind == TERM_LIST && value->count == 0)
		return true;
	return each(target, value, misfit, 0, choice_fits);
}

static bool
form_fits(const struct target *target, const struct term *value,
    struct misfit *misfit)
{
	if (value->kind == TERM_MAP && value->count > 0)
		return catalogue_fits(&acl_forms, target, value, misfit);
	/* Old releases knew these two as forms. */
	if (is_word(value) && !target->xmppd && target->release < 1908 &&
	    (str_is(value->text, "all") || str_is(value->text, "none")))
		return true;
	if (is_word(value) && target->xmppd &&
	    (str_is(value->text, "all") || str_is(value->text, "none")))
		return true;
	*misfit = (struct misfit){ value, &acl_rules, false };
	return false;
}

bool
catalogue_acl_fits(const struct target *target, const struct term *value,
    struct misfit *misfit)
{
	return each(target, value, misfit, 0, form_fits);
}

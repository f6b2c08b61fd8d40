#include "cfgparse/catalogue_private.h"
/*
 * The types that option values have in Erlang terms: one checker each. A
 * checker that walks into a list points at the element that is wrong.
 */
#include "cfgparse/address.h"
#include "cfgparse/base/arena.h"

/* One check: what it looks at, and where it found something wrong. */
struct check {
	const struct option *option;
	struct arena *arena;
	const struct term *at;
};

static bool
number_from(const struct term *term, int64_t least, int64_t most)
{
	int64_t value;

	return term_int(term, &value) && value >= least && value <= most;
}

static bool
is_text(struct check *check, const struct term *term, struct str *text)
{
	return term_text(check->arena, term, text) &&
	       (text->len == 0 || !memchr(text->ptr, '\0', text->len));
}

static bool
check_string(struct check *check, const struct term *term)
{
	struct str text;

	return is_text(check, term, &text);
}

static bool
check_filled(struct check *check, const struct term *term)
{
	struct str text;

	return is_text(check, term, &text) && text.len > 0;
}

static bool
check_jid(struct check *check, const struct term *term)
{
	struct str text;

	return is_text(check, term, &text) && text.len > 2 &&
	       memchr(text.ptr + 1, '@', text.len - 2);
}

static bool
check_atom(struct check *check, const struct term *term)
{
	(void)check;
	return term->kind == TERM_ATOM;
}

/* Every element of a list. */
static bool
check_each(struct check *check, const struct term *list,
    bool (*one)(struct check *, const struct term *))
{
	if (list->kind != TERM_LIST)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (!one(check, &list->items[i])) {
			check->at = &list->items[i];
			return false;
		}
	}
	return true;
}

static bool
check_pair(struct check *check, const struct term *term)
{
	/* {""} is an old way to say none. */
	return term->kind == TERM_TUPLE && term->count >= 1 &&
	       term->count <= 2 && check_string(check, &term->items[0]) &&
	       (term->count == 1 || check_string(check, &term->items[1]));
}

static bool
check_option(struct check *check, const struct term *term)
{
	if (term->kind == TERM_TUPLE && term->count == 2)
		term = &term->items[0];
	return check_atom(check, term);
}

static bool
check_loglevel(const struct term *term)
{
	/* {Level, [{Module, Level}]} */
	if (term->kind == TERM_TUPLE && term->count == 2)
		term = &term->items[0];
	return number_from(term, 0, 5);
}

static bool
check_iqdisc(const struct term *term)
{
	return term_is_tagged(term, "queues", 2) &&
	       number_from(&term->items[1], 1, INT64_MAX);
}

static bool
check_methods(struct check *check, const struct term *term)
{
	return check_atom(check, term) || check_each(check, term, check_atom);
}

static bool
check_mechanism(struct check *check, const struct term *term)
{
	return check_atom(check, term) || check_filled(check, term);
}

static bool
check_mechanisms(struct check *check, const struct term *term)
{
	return check_mechanism(check, term) ||
	       check_each(check, term, check_mechanism);
}

static bool
check_ip_rule(struct check *check, const struct term *term)
{
	struct network network;
	struct str text;

	if (term->kind != TERM_TUPLE || term->count != 2)
		return false;
	if (!term_is_atom(&term->items[0], "allow") &&
	    !term_is_atom(&term->items[0], "deny"))
		return false;
	return is_text(check, &term->items[1], &text) &&
	       network_parse(text, &network);
}

static bool
has_type(struct check *check, const struct term *value)
{
	switch (check->option->type) {
	case TYPE_ANY: return true;
	/* Known to YAML alone. Releases that read both took it in terms too;
	 * how, nobody checked. */
	case TYPE_NONE: return true;
	case TYPE_CHOICE:
	case TYPE_REFUSED: return false;
	case TYPE_FLAG:
	case TYPE_BOOL:
		return term_is_atom(value, "true") ||
		       term_is_atom(value, "false");
	case TYPE_ATOM:
	case TYPE_ACL:
	case TYPE_ACCESS:
	case TYPE_SHAPER: return check_atom(check, value);
	case TYPE_INTEGER: return value->kind == TERM_INTEGER;
	case TYPE_NONNEG: return number_from(value, 0, INT64_MAX);
	case TYPE_POSITIVE: return number_from(value, 1, INT64_MAX);
	case TYPE_PORT: return number_from(value, 1, 65535);
	case TYPE_NUMBER:
		return value->kind == TERM_FLOAT
			   ? value->number >= 0
			   : number_from(value, 0, INT64_MAX);
	case TYPE_STRING:
	case TYPE_SECRET: return check_string(check, value);
	case TYPE_STRING_PAIR: return check_pair(check, value);
	case TYPE_PATH:
	case TYPE_CERTFILE:
	case TYPE_HOST: return check_filled(check, value);
	case TYPE_IP: return address_is_tuple(value);
	case TYPE_LIST:
	case TYPE_LISTEN:
	case TYPE_MODULES: return value->kind == TERM_LIST;
	case TYPE_STRINGS: return check_each(check, value, check_string);
	case TYPE_ATOMS: return check_each(check, value, check_atom);
	case TYPE_HOSTS: return check_each(check, value, check_filled);
	case TYPE_JIDS: return check_each(check, value, check_jid);
	case TYPE_OPTIONS: return check_each(check, value, check_option);
	case TYPE_LOGLEVEL: return check_loglevel(value);
	case TYPE_IQDISC: return check_iqdisc(value);
	case TYPE_METHODS: return check_methods(check, value);
	case TYPE_MECHANISMS: return check_mechanisms(check, value);
	case TYPE_IP_ACCESS: return check_each(check, value, check_ip_rule);
	default: return false; /* of YAML only */
	}
}

/* True where the atom is among the names that spaces separate. */
static bool
among(const char *values, const struct term *term)
{
	if (!values || term->kind != TERM_ATOM || term->text.len == 0)
		return false;
	while (*values) {
		size_t len = strcspn(values, " ");
		if (str_eq((struct str){ values, len }, term->text))
			return true;
		values += len + (values[len] == ' ');
	}
	return false;
}

static const char *const expectations[] = {
	[TYPE_NONE] = "any term",
	[TYPE_ANY] = "any term",
	[TYPE_FLAG] = "the bare name, or true or false",
	[TYPE_CHOICE] = "",
	[TYPE_ATOM] = "an atom",
	[TYPE_BOOL] = "true or false",
	[TYPE_INTEGER] = "a whole number",
	[TYPE_NONNEG] = "a whole number from 0",
	[TYPE_POSITIVE] = "a whole number from 1",
	[TYPE_PORT] = "a port number from 1 to 65535",
	[TYPE_NUMBER] = "a number from 0",
	[TYPE_STRING] = "a string in double quotes",
	[TYPE_SECRET] = "a string in double quotes",
	[TYPE_STRING_PAIR] = "two strings, {\"...\", \"...\"}",
	[TYPE_PATH] = "a file name in double quotes",
	[TYPE_CERTFILE] = "the name of a PEM file in double quotes",
	[TYPE_HOST] = "a host name in double quotes",
	[TYPE_ACCESS] = "the name of an access rule",
	[TYPE_SHAPER] = "the name of a shaper",
	[TYPE_ACL] = "the name of an acl",
	[TYPE_IP] = "an IP address as a tuple, such as {127,0,0,1}",
	[TYPE_LIST] = "a list",
	[TYPE_STRINGS] = "a list of strings",
	[TYPE_ATOMS] = "a list of atoms",
	[TYPE_HOSTS] = "a list of host names in double quotes",
	[TYPE_JIDS] = "a list of addresses such as \"user@host\"",
	[TYPE_OPTIONS] = "a list of options, [{Name, Value}, ...]",
	[TYPE_LOGLEVEL] = "a level from 0 to 5",
	[TYPE_IQDISC] = "{queues, N}",
	[TYPE_METHODS] = "a method such as internal, or a list of them",
	[TYPE_MECHANISMS] = "the name of a login mechanism, or a list of them",
	[TYPE_IP_ACCESS] =
	    "a list of {allow, \"ADDRESS/BITS\"} and {deny, ...}",
	[TYPE_LISTEN] = "a list of {Port, Service, [Option, ...]}",
	[TYPE_MODULES] = "a list of {Module, [Option, ...]}",
	[TYPE_REFUSED] = "nothing: it is no longer available",
};

/* "TYPE, or one of A, B". */
static const char *
term_words(const struct option *option, struct arena *arena)
{
	const char *text = expectations[option->type];
	const char *p = option->values;

	if (!p)
		return text;
	text = arena_printf(arena, "%s%s%s", text, *text ? ", or " : "",
	    strchr(p, ' ') ? "one of " : "");
	while (*p) {
		size_t len = strcspn(p, " ");
		text = arena_printf(
		    arena, "%s%.*s%s", text, (int)len, p, p[len] ? ", " : "");
		p += len + (p[len] == ' ');
	}
	return text;
}

const char *
catalogue_expected(const struct option *option, bool yaml, struct arena *arena)
{
	if (yaml && option->yaml)
		return catalogue_shape_words(
		    option->yaml, false, &target_default, arena);
	return term_words(option, arena);
}

bool
catalogue_check(const struct option *option, const struct target *target,
    const struct term *value, struct arena *arena, struct mismatch *mismatch)
{
	struct arena scratch = { 0 };
	struct check check = { option, &scratch, value };
	struct misfit misfit = { 0 };

	if (value->file && value->file->yaml) {
		if (!option->yaml ||
		    catalogue_fits(option->yaml, target, value, &misfit))
			return true;
		mismatch->at = misfit.at;
		mismatch->expected = catalogue_shape_words(
		    misfit.wanted, misfit.key, target, arena);
		return false;
	}
	bool ok = among(option->values, value) || has_type(&check, value);
	arena_fini(&scratch);
	if (ok)
		return true;
	mismatch->at = check.at;
	mismatch->expected = catalogue_expected(option, false, arena);
	return false;
}

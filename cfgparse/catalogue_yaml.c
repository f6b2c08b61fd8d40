#include "cfgparse/catalogue_private.h"
/*
 * Values of YAML against the shapes of the catalogue, as ejabberd's own
 * checks would take them: a quoted text is as good as a bare word, a number
 * is no text, and an empty list is an empty mapping.
 */

/* From here on yes, no, on and off are booleans and "5 minutes" is a time. */
enum { WORDS_SINCE = 1908 };

static bool
knows_words(const struct target *target)
{
	return target->xmppd || target->release >= WORDS_SINCE;
}

/* The text of a word or a quoted scalar. */
static bool
scalar(const struct term *value, struct str *text)
{
	if (value->kind != TERM_ATOM && value->kind != TERM_STRING)
		return false;
	*text = value->text;
	return true;
}

static bool
digits(const struct term *value, struct str *text)
{
	*text = value->text;
	return value->kind == TERM_INTEGER;
}

static bool
is_empty(const struct term *value)
{
	return (value->kind == TERM_LIST || value->kind == TERM_MAP) &&
	       value->count == 0;
}

bool
catalogue_word(const char **list, struct word *word)
{
	const char *p = *list;

	if (!p || !*p)
		return false;
	*word = (struct word){ { p, strcspn(p, " @") }, 0, 0 };
	p += word->text.len;
	if (*p == '@') {
		for (p++; *p >= '0' && *p <= '9'; p++)
			word->first = word->first * 10 + (unsigned)(*p - '0');
		if (*p == '-')
			p++;
		for (; *p >= '0' && *p <= '9'; p++)
			word->last = word->last * 10 + (unsigned)(*p - '0');
	}
	*list = p + (*p == ' ');
	return true;
}

bool
catalogue_word_counts(const struct word *word, const struct target *target)
{
	if (target->xmppd || target->terms)
		return true;
	return target->release >= word->first &&
	       (!word->last || target->release <= word->last);
}

static bool
is_one_of(const char *values, const struct target *target, struct str text)
{
	struct word word;

	while (catalogue_word(&values, &word)) {
		if (str_eq(word.text, text))
			return catalogue_word_counts(&word, target);
	}
	return false;
}

static bool
is_bool(const struct target *target, struct str text)
{
	return is_one_of("true false", target, text) ||
	       (knows_words(target) &&
		   is_one_of("yes no on off y n", target, text));
}

/* A number with a unit, in milliseconds; a bare one is of seconds. */
static bool
read_time(struct str text, int64_t *time)
{
	static const struct {
		const char *names;
		int64_t factor;
	} units[] = { { "ms msec msecs millisec millisecs millisecond "
			"milliseconds",
			  1 },
		{ "s sec secs second seconds", 1000 },
		{ "m min mins minute minutes", 60000 },
		{ "h hour hours", 3600000 }, { "d day days", 86400000 } };
	static const struct target any = { .xmppd = true };
	char unit[16] = { 0 };
	size_t i = 0, len = 0;
	int64_t number = 0;

	for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
		if (number > INT32_MAX)
			return false;
		number = number * 10 + (text.ptr[i] - '0');
	}
	if (i == 0 || number == 0)
		return false;
	while (i < text.len && text.ptr[i] == ' ')
		i++;
	while (text.len > i && text.ptr[text.len - 1] == ' ')
		text.len--;
	for (; i < text.len && len < sizeof unit - 1; i++)
		unit[len++] = (char)(text.ptr[i] | 0x20);
	if (i < text.len)
		return false;
	if (len == 0)
		*time = number * 1000;
	for (size_t u = 0; len && u < sizeof units / sizeof *units; u++) {
		if (is_one_of(
			units[u].names, &any, (struct str){ unit, len })) {
			*time = number * units[u].factor;
			return true;
		}
	}
	return len == 0;
}

static bool
is_time(const struct type *type, const struct target *target,
    const struct term *value)
{
	struct str text;
	int64_t number;

	if (term_int(value, &number))
		return number > 0 || (number == 0 && is_one_of(type->values,
							 target, STR("0")));
	return scalar(value, &text) &&
	       (is_one_of(type->values, target, text) ||
		   (knows_words(target) && read_time(text, &number) &&
		       number >= type->least));
}

static bool
is_number(const struct type *type, const struct term *value)
{
	int64_t number;

	if (type->kind == TYPE_NUMBER && value->kind == TERM_FLOAT)
		return value->number >= (double)type->least;
	if (!term_int(value, &number))
		return false;
	return number >= type->least &&
	       (type->kind == TYPE_NUMBER || number <= type->most);
}

static bool
is_loglevel(const struct target *target, const struct term *value)
{
	struct str text;
	int64_t level;

	if (term_int(value, &level))
		return level >= 0 && level <= 5;
	return scalar(value, &text) &&
	       is_one_of("none@1908 emergency@1908 alert@1908 critical@1908 "
			 "error@1908 warning@1908 notice@1908 info@1908 "
			 "debug@1908",
		   target, text);
}

/* @NAME@ stands for what a keyword was given, which may be anything. */
static bool
is_keyword(const struct term *value)
{
	struct str text;

	if (!scalar(value, &text) || text.len < 3 || text.ptr[0] != '@' ||
	    text.ptr[text.len - 1] != '@')
		return false;
	for (size_t i = 1; i + 1 < text.len; i++) {
		char c = text.ptr[i];
		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '_')
			return false;
	}
	return true;
}

/* True where the value may be right for it: what is wrong is then in it. */
static bool
is_container_of(const struct type *type, const struct term *value)
{
	switch (type->kind) {
	case TYPE_LIST_OF: return value->kind == TERM_LIST;
	case TYPE_ONE_OR_LIST:
		return value->kind == TERM_LIST ||
		       is_container_of(type->item, value);
	case TYPE_MAP:
	case TYPE_OPTIONS: return value->kind == TERM_MAP;
	case TYPE_ACCESS:
	case TYPE_ACCESS_RULES:
	case TYPE_ACL_RULES:
	case TYPE_SHAPER_RULE:
		return value->kind == TERM_LIST || value->kind == TERM_MAP;
	case TYPE_EITHER:
		return is_container_of(type->item, value) ||
		       is_container_of(type->other, value);
	default: return false;
	}
}

static bool
is_misfit(struct misfit *misfit, const struct term *at,
    const struct type *wanted, bool key)
{
	*misfit = (struct misfit){ at, wanted, key };
	return false;
}

static bool
fits_either(const struct type *type, const struct target *target,
    const struct term *value, struct misfit *misfit)
{
	if (catalogue_fits(type->item, target, value, misfit))
		return true;
	struct misfit first = *misfit;
	if (catalogue_fits(type->other, target, value, misfit))
		return true;
	if (is_container_of(type->other, value))
		return false;
	if (is_container_of(type->item, value)) {
		*misfit = first;
		return false;
	}
	return is_misfit(misfit, value, type, false);
}

static bool
fits_list(const struct type *type, const struct target *target,
    const struct term *value, struct misfit *misfit)
{
	if (is_empty(value))
		return type->least == 0 ||
		       is_misfit(misfit, value, type, false);
	if (value->kind != TERM_LIST)
		return is_misfit(misfit, value, type, false);
	for (size_t i = 0; i < value->count; i++) {
		if (!catalogue_fits(
			type->item, target, &value->items[i], misfit))
			return false;
	}
	return true;
}

static bool
fits_map(const struct type *type, const struct target *target,
    const struct term *value, struct misfit *misfit)
{
	if (is_empty(value))
		return type->least == 0 ||
		       is_misfit(misfit, value, type, false);
	if (value->kind != TERM_MAP)
		return is_misfit(misfit, value, type, false);
	for (size_t i = 0; i + 1 < value->count; i += 2) {
		if (!catalogue_fits(
			type->key, target, &value->items[i], misfit) ||
		    !catalogue_fits(
			type->item, target, &value->items[i + 1], misfit))
			return false;
	}
	return true;
}

static const struct type_field *
find_field(const struct type *type, const struct term *key)
{
	struct str name;

	if (!scalar(key, &name))
		return NULL;
	for (const struct type_field *f = type->fields; f->name; f++) {
		if (str_is(name, f->name))
			return f;
	}
	return NULL;
}

static bool
has_required(const struct type *type, const struct term *value)
{
	for (const struct type_field *f = type->fields; f->name; f++) {
		bool found = !f->required;
		for (size_t i = 0; !found && i + 1 < value->count; i += 2)
			found = find_field(type, &value->items[i]) == f;
		if (!found)
			return false;
	}
	return true;
}

static bool
fits_options(const struct type *type, const struct target *target,
    const struct term *value, struct misfit *misfit)
{
	if (value->kind != TERM_MAP && !is_empty(value))
		return is_misfit(misfit, value, type, false);
	for (size_t i = 0; i + 1 < value->count; i += 2) {
		const struct type_field *field =
		    find_field(type, &value->items[i]);
		if (!field)
			return is_misfit(misfit, &value->items[i], type, true);
		if (!catalogue_fits(
			field->type, target, &value->items[i + 1], misfit))
			return false;
	}
	return has_required(type, value) ||
	       is_misfit(misfit, value, type, false);
}

static bool
fits_scalar(const struct type *type, const struct target *target,
    const struct term *value)
{
	struct str text;

	switch (type->kind) {
	case TYPE_BOOL: return scalar(value, &text) && is_bool(target, text);
	case TYPE_INTEGER:
		return is_number(type, value) ||
		       ((scalar(value, &text) || digits(value, &text)) &&
			   is_one_of(type->values, target, text));
	case TYPE_NUMBER: return is_number(type, value);
	case TYPE_TIMEOUT: return is_time(type, target, value);
	case TYPE_LOGLEVEL: return is_loglevel(target, value);
	case TYPE_LISTEN: return value->kind == TERM_LIST || is_empty(value);
	case TYPE_CHOICE:
		return scalar(value, &text) &&
		       is_one_of(type->values, target, text);
	default:
		return scalar(value, &text) &&
		       catalogue_text_fits(type, target, text);
	}
}

bool
catalogue_fits(const struct type *type, const struct target *target,
    const struct term *value, struct misfit *misfit)
{
	if (is_keyword(value))
		return true;
	switch (type->kind) {
	case TYPE_ANY: return true;
	case TYPE_EITHER: return fits_either(type, target, value, misfit);
	case TYPE_LIST_OF: return fits_list(type, target, value, misfit);
	case TYPE_ONE_OR_LIST:
		return value->kind == TERM_LIST || is_empty(value)
			   ? fits_list(type, target, value, misfit)
			   : catalogue_fits(type->item, target, value, misfit);
	case TYPE_MAP: return fits_map(type, target, value, misfit);
	case TYPE_OPTIONS: return fits_options(type, target, value, misfit);
	case TYPE_ACL_RULES: return catalogue_acl_fits(target, value, misfit);
	case TYPE_ACCESS:
	case TYPE_SHAPER_RULE:
		if (value->kind == TERM_ATOM || value->kind == TERM_STRING)
			return true;
		if (value->kind != TERM_LIST && value->kind != TERM_MAP &&
		    !(type->kind == TYPE_SHAPER_RULE &&
			value->kind == TERM_INTEGER))
			return is_misfit(misfit, value, type, false);
		return type->kind == TYPE_ACCESS
			   ? catalogue_access_fits(target, value, misfit)
			   : catalogue_shaper_fits(target, value, misfit);
	case TYPE_ACCESS_RULES:
		if (value->kind != TERM_LIST && value->kind != TERM_MAP)
			return is_misfit(misfit, value, type, false);
		return catalogue_access_fits(target, value, misfit);
	default:
		return fits_scalar(type, target, value) ||
		       is_misfit(misfit, value, type, false);
	}
}

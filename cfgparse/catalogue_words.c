#include "cfgparse/catalogue_private.h"
/*
 * What a shape of YAML accepts, in words for findings and pages: "a port
 * number from 1 to 65535", "one of tcp, udp".
 */
#include <inttypes.h>

#include "cfgparse/base/arena.h"

static const struct target any_target = { .xmppd = true };

static const char *const kinds[] = {
	[TYPE_ANY] = "any value",
	[TYPE_ATOM] = "a name",
	[TYPE_BOOL] = "true or false",
	[TYPE_NUMBER] = "a number from 0",
	[TYPE_STRING] = "a text (a number needs quotes)",
	[TYPE_SECRET] = "a text (a number needs quotes)",
	[TYPE_PATH] = "a file name",
	[TYPE_CERTFILE] = "the name of a PEM file",
	[TYPE_HOST] = "a host name",
	[TYPE_ACCESS] =
	    "the name of an access rule, or a list of allow: and deny:",
	[TYPE_ACCESS_RULES] = "a list of allow: and deny: with the names of "
			      "acls",
	[TYPE_ACL_RULES] = "a mapping such as user: NAME@HOST or ip: ADDRESS",
	[TYPE_ACL] = "the name of an acl",
	[TYPE_SHAPER] = "the name of a shaper",
	[TYPE_SHAPER_RULE] =
	    "the name of a shaper rule, a number, or a list of NAME: ACL",
	[TYPE_IP] = "an IP address",
	[TYPE_IPV4] = "an IPv4 address",
	[TYPE_IPV6] = "an IPv6 address",
	[TYPE_IP_MASK] = "an IP address or network such as 192.0.2.0/24",
	[TYPE_JID] = "an address such as user@host",
	[TYPE_REGEXP] = "a regular expression",
	[TYPE_GLOB] = "a pattern with * and ?",
	[TYPE_LANGUAGE] = "a language tag such as en or pt-br",
	[TYPE_BASE64] = "Base64",
	[TYPE_LDAP_FILTER] = "an LDAP filter in parentheses, such as (a=b)",
	[TYPE_LOGLEVEL] = "one of none, emergency, alert, critical, error, "
			  "warning, notice, info, debug, or a number from 0 "
			  "to 5",
	[TYPE_MODULE] = "the name of a module",
	[TYPE_OCTAL] = "an octal number in quotes, such as \"0644\"",
	[TYPE_UNIX_SOCKET] = "unix: and the path of a socket",
	[TYPE_LISTEN] = "a list of mappings with port and module",
};

/* Where all words count, those are left out that are gone. */
static bool
is_shown(const struct word *word, const struct target *target)
{
	return catalogue_word_counts(word, target) &&
	       !(target->xmppd && word->last);
}

/* The words that the target knows, as "a, b or c". */
static const char *
choices(const char *values, const struct target *target, struct arena *arena,
    const char *text)
{
	struct word word;

	for (bool first = true; catalogue_word(&values, &word);) {
		if (!is_shown(&word, target))
			continue;
		text = arena_printf(arena, "%s%s%.*s", text, first ? "" : ", ",
		    STR_ARG(word.text));
		first = false;
	}
	return text;
}

static const char *
number(const struct type *type, struct arena *arena)
{
	const char *text;

	if (type->least == 1 && type->most == 65535)
		text = "a port number from 1 to 65535";
	else if (type->least == INT64_MIN)
		text = "a whole number";
	else if (type->most == INT64_MAX)
		text = arena_printf(
		    arena, "a whole number from %" PRId64, type->least);
	else
		text = arena_printf(arena,
		    "a whole number from %" PRId64 " to %" PRId64, type->least,
		    type->most);
	return text;
}

static const char *
fields(const struct type *type, bool as_key, struct arena *arena)
{
	const char *text = as_key ? "one of " : "a mapping with ";

	for (const struct type_field *f = type->fields; f->name; f++)
		text = arena_printf(arena, "%s%s%s", text,
		    f == type->fields ? "" : ", ", f->name);
	return text;
}

/* The words beside a number: "infinity", which has other spellings, or 0. */
static const char *
with_infinity(const struct type *type, const struct target *target,
    const char *text, struct arena *arena)
{
	const char *values = type->values;
	struct word word;

	while (catalogue_word(&values, &word)) {
		if (!is_shown(&word, target) ||
		    str_is(word.text, "infinite") ||
		    str_is(word.text, "unlimited"))
			continue;
		text = arena_printf(
		    arena, "%s, or %.*s", text, STR_ARG(word.text));
	}
	return text;
}

static const char *
time_words(
    const struct type *type, const struct target *target, struct arena *arena)
{
	bool words = target->xmppd || target->release >= 1908;

	return with_infinity(type, target,
	    words ? "a number of seconds from 1, or such as \"5 minutes\""
		  : "a number of seconds from 1",
	    arena);
}

static const char *
url(const struct type *type, struct arena *arena)
{
	return choices(type->values, &any_target, arena,
	    "an address (URL) that begins with one of ");
}

/* True for a choice of which the target has no word any longer. */
static bool
is_nothing(const struct type *type, const struct target *target)
{
	const char *values = type->values;
	struct word word;

	if (type->kind != TYPE_CHOICE)
		return false;
	while (catalogue_word(&values, &word)) {
		if (is_shown(&word, target))
			return false;
	}
	return true;
}

static const char *
either(
    const struct type *type, const struct target *target, struct arena *arena)
{
	const char *other =
	    catalogue_shape_words(type->other, false, target, arena);

	if (is_nothing(type->item, target))
		return other;
	return arena_printf(arena, "%s, or %s",
	    catalogue_shape_words(type->item, false, target, arena), other);
}

const char *
catalogue_shape_words(const struct type *type, bool as_key,
    const struct target *target, struct arena *arena)
{
	switch (type->kind) {
	case TYPE_CHOICE:
		return choices(type->values, target, arena,
		    strchr(type->values, ' ') ? "one of " : "");
	case TYPE_INTEGER:
		return with_infinity(type, target, number(type, arena), arena);
	case TYPE_TIMEOUT: return time_words(type, target, arena);
	case TYPE_URL: return url(type, arena);
	case TYPE_LIST_OF:
		return arena_printf(arena, "a list%s, each element %s",
		    type->least ? " that isn't empty" : "",
		    catalogue_shape_words(type->item, false, target, arena));
	case TYPE_ONE_OR_LIST:
		return arena_printf(arena, "%s, or a list of such",
		    catalogue_shape_words(type->item, false, target, arena));
	case TYPE_MAP: return "a mapping (NAME: VALUE)";
	case TYPE_EITHER: return either(type, target, arena);
	case TYPE_OPTIONS: return fields(type, as_key, arena);
	default: return kinds[type->kind];
	}
}

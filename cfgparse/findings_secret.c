#include "cfgparse/secret.h"
/*
 * Passwords in a text by the look of it: a name, what separates it, and a value
 * behind it or on the lines below. A database's address of Erlang terms has its
 * password at its end. Knows no findings.
 */

#include <string.h>
#include <strings.h>

#include "cfgparse/base/bytes.h"

enum {
	TUPLE_MAX = 600,  /* bytes of a database's address */
	LINES_MAX = 1024, /* bytes of a value of several lines */
};

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static struct str
last_word(struct str name)
{
	size_t at = name.len;

	while (at > 0 && name.ptr[at - 1] != '_')
		at--;
	return (struct str){ name.ptr + at, name.len - at };
}

/* Also where it is misspelt: somebody who looks for that shows it. */
static bool
begins_like_one(struct str word)
{
	static const char *const starts[] = { "passw", "passp", "pasw", "psw",
		"pwd", "secr" };

	if (word.len < 3 || !strchr("pPsS", word.ptr[0]))
		return false;
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		size_t len = strlen(starts[i]);
		if (word.len >= len && !strncasecmp(word.ptr, starts[i], len))
			return true;
	}
	return word.len == 4 && !strncasecmp(word.ptr, "pass", 4);
}

bool
secret_is_name(struct str name)
{
	static const char *const ends[] = { "password", "passwd", "passphrase",
		"pwd", "secret", "cookie", "token", "api_key", "apikey",
		"shared_key", "basic_auth", "authorization", "ext_api_headers",
		"must_authenticate_with" };
	static const char *const others[] = { "mod_", "max_" };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		size_t len = strlen(others[i]);
		if (name.len > len && !memcmp(name.ptr, others[i], len))
			return false;
	}
	if (begins_like_one(last_word(name)))
		return true;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t len = strlen(ends[i]);
		/* This is asked for every word near a finding. */
		if (name.len >= len &&
		    (name.ptr[name.len - 1] | 0x20) == ends[i][len - 1] &&
		    !strncasecmp(name.ptr + name.len - len, ends[i], len))
			return true;
	}
	return false;
}

static bool
is_server_name(struct str name)
{
	return str_is(name, "odbc_server") || str_is(name, "sql_server");
}

/* --- the value behind a name --- */

/* A name in a text, and what follows it. */
struct place {
	struct str text;
	size_t name; /* where it begins */
	size_t at;
	bool yaml;
	bool list; /* the value is in one of Erlang's */
};

static char
char_at(const struct place *place, size_t at)
{
	return at < place->text.len ? place->text.ptr[at] : '\0';
}

static void
skip(struct place *place, const char *set)
{
	while (place->at < place->text.len &&
	       strchr(set, place->text.ptr[place->at]))
		place->at++;
}

static size_t
line_end(const struct place *place, size_t at)
{
	while (at < place->text.len && place->text.ptr[at] != '\n')
		at++;
	return at;
}

/* The columns of blanks and dashes that the line of a byte begins with. */
static size_t
indent_of(const struct place *place, size_t at)
{
	size_t begin = at, indent = 0;

	while (begin > 0 && place->text.ptr[begin - 1] != '\n')
		begin--;
	while (begin + indent < place->text.len &&
	       strchr(" \t-", place->text.ptr[begin + indent]))
		indent++;
	return indent;
}

/* Blanks, line ends and comments. */
static void
skip_void(struct place *place)
{
	for (;;) {
		skip(place, " \t\r\n");
		if (char_at(place, place->at) != (place->yaml ? '#' : '%'))
			return;
		place->at = line_end(place, place->at);
	}
}

static bool
begins_line(const struct place *place)
{
	size_t at = place->name;

	while (at > 0 && strchr(" \t-{\"'", place->text.ptr[at - 1]))
		at--;
	return at == 0 || place->text.ptr[at - 1] == '\n';
}

/* Goes to where the value begins; false where there is none. */
static bool
go_to_value(struct place *place)
{
	bool tuple = place->name > 0 && place->text.ptr[place->name - 1] == '{';
	size_t indent;
	char c;

	/* The name's own quote; what separates it may be missing. */
	skip(place, "\"'");
	skip(place, " \t");
	c = char_at(place, place->at);
	if (c == '\0' ||
	    (!strchr(",:=\"'", c) && !tuple && !begins_line(place)))
		return false;
	place->yaml = c == ':';
	skip(place, tuple ? ",:=>.;" : ",:=>");
	if (!place->yaml) {
		skip_void(place);
		skip(place, "<");
		/* A list or tuple is one of others, but for a lone text. */
		while (strchr("[{(", char_at(place, place->at)) &&
		       char_at(place, place->at) &&
		       strchr("[{(\"<", char_at(place, place->at + 1)))
			place->list |= char_at(place, place->at++) == '[';
		skip(place, "<");
		return place->at < place->text.len;
	}
	skip(place, " \t");
	indent = indent_of(place, place->name);
	/* An anchor or tag before it. */
	while (strchr("&!", char_at(place, place->at)) &&
	       place->at < place->text.len) {
		while (place->at < place->text.len &&
		       !strchr(" \t\r\n", char_at(place, place->at)))
			place->at++;
		skip(place, " \t");
	}
	if (!strchr("\r\n#|>", char_at(place, place->at)))
		return true;
	if (strchr("|>", char_at(place, place->at)))
		place->at = line_end(place, place->at);
	skip_void(place);
	return place->at < place->text.len &&
	       indent_of(place, place->at) > indent;
}

/* Further lines that are indented more than the name's belong to it. */
static size_t
end_of_lines(const struct place *place, size_t end)
{
	size_t indent = indent_of(place, place->name), first = end;

	while (end + 1 < place->text.len && end - first < LINES_MAX) {
		size_t next = end + 1;
		if (line_end(place, next) == next ||
		    indent_of(place, next) <= indent)
			break;
		end = line_end(place, next);
	}
	return end;
}

static size_t
end_of_quoted(const struct place *place, size_t at, char quote)
{
	size_t line = line_end(place, at), last = end_of_lines(place, line);

	for (; at < last; at++) {
		if (place->text.ptr[at] == '\\' && at + 1 < last)
			at++;
		else if (place->text.ptr[at] == quote)
			return at;
	}
	/* It isn't closed: on its line at least it is all a part of it. */
	return line < place->text.len ? line : place->text.len;
}

/* *begin is where the value begins then. */
static size_t
end_of_value(const struct place *place, size_t *begin)
{
	size_t at = place->at, end = line_end(place, at);
	const char *text = place->text.ptr;
	char c = char_at(place, at);

	if (place->list) {
		*begin = at;
		while (at < end && text[at] != ']')
			at++;
		return at;
	}
	if (c == '"' || c == '\'') {
		*begin = at + 1;
		return end_of_quoted(place, at + 1, c);
	}
	*begin = at;
	if (place->yaml) {
		if (indent_of(place, at) > indent_of(place, place->name))
			end = end_of_lines(place, end);
		while (end > at && strchr(" \t\r\n", text[end - 1]))
			end--;
		return end;
	}
	while (at < end && !strchr(",]};\"'", text[at]))
		at++;
	return at;
}

/* {Kind, Host, Database, User, "Password"}: its last text, and all of them
 * where it doesn't look like that. */
static bool
find_in_tuple(struct place *place, size_t *begin, size_t *end)
{
	size_t depth = 0, at, stop = place->at + TUPLE_MAX;
	const char *text = place->text.ptr;
	size_t first = 0, last = 0, last_end = 0;

	skip(place, "\"' \t\r\n,:");
	if (char_at(place, place->at) != '{')
		return false;
	if (stop > place->text.len)
		stop = place->text.len;
	for (at = place->at; at < stop; at++) {
		if (text[at] == '"') {
			last = at + 1;
			first = first ? first : last;
			at = end_of_quoted(place, last, '"');
			last_end = at;
			if (char_at(place, at) != '"')
				break;
		} else if (text[at] == '{') {
			depth++;
		} else if (text[at] == '}' && --depth == 0) {
			break;
		}
	}
	bool whole = at < stop && text[at] == '}' && last && at - last_end < 4;
	*begin = whole ? last : first;
	*end = last_end;
	return *end > *begin;
}

bool
secret_find(struct str text, const struct map *macros, size_t from,
    size_t *begin, size_t *end)
{
	size_t at = from;

	while (at < text.len) {
		struct place place = { .text = text, .name = at };
		struct str name = { text.ptr + at, 0 };
		while (at < text.len && is_word(text.ptr[at]))
			at++;
		name.len = at - place.name;
		if (!name.len) {
			at++;
			continue;
		}
		place.at = at;
		if (is_server_name(name)) {
			if (find_in_tuple(&place, begin, end))
				return true;
			continue;
		}
		if (!secret_is_name(name) &&
		    !(macros && map_count(macros) && map_get(macros, name)))
			continue;
		if (!go_to_value(&place)) {
			at = place.at;
			continue;
		}
		*end = end_of_value(&place, begin);
		if (*end > *begin && *begin >= from)
			return true;
	}
	return false;
}

/* --- macros --- */

/* A name in capitals; without the marks around it. */
static bool
is_macro(struct str *name)
{
	struct str text = *name;

	while (text.len && strchr("'@", text.ptr[0])) {
		text.ptr++;
		text.len--;
	}
	while (text.len && strchr("'@", text.ptr[text.len - 1]))
		text.len--;
	*name = text;
	for (size_t i = 0; i < text.len; i++) {
		if (!is_word(text.ptr[i]) ||
		    (text.ptr[i] >= 'a' && text.ptr[i] <= 'z'))
			return false;
	}
	return text.len > 0;
}

void
secret_find_macros(struct str text, struct map *macros)
{
	size_t from = 0, begin, end;

	/* The beginning is looked for first, which takes little time. */
	if (!bytes_have(text, STR("def"), false) ||
	    (!memmem(text.ptr, text.len, "define_macro", 12) &&
		!memmem(text.ptr, text.len, "define_keyword", 14)))
		return;
	while (secret_find(text, macros, from, &begin, &end)) {
		struct str value = { text.ptr + begin, end - begin };
		if (is_macro(&value))
			map_put(macros, value, macros);
		from = end;
	}
}

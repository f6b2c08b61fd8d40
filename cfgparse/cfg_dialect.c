#include "cfgparse/cfg_private.h"
/*
 * What a file is, by its text: terms, YAML, or a template that has not been
 * filled in. What is no file of terms gets one finding here rather than a
 * hundred from the parser. Knows nothing of ejabberd's options.
 */
#include <string.h>

#include "cfgparse/source_lines.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '"' ||
	       c == '\'';
}

static bool
begins_with(struct str text, struct str start)
{
	return text.len >= start.len &&
	       memcmp(text.ptr, start.ptr, start.len) == 0;
}

/* Past blank lines and those that begin with #, which is no comment of
 * Erlang's but is taken for one there too. */
static size_t
skip_hash_comments(struct str text, size_t at)
{
	for (;;) {
		while (at < text.len && is_blank(text.ptr[at]))
			at++;
		if (at == text.len || text.ptr[at] != '#' ||
		    (at + 1 < text.len && text.ptr[at + 1] == '{'))
			return at;
		while (at < text.len && text.ptr[at] != '\n')
			at++;
	}
}

/* YAML begins with "---", "%YAML", "- " or "key:"; no file of terms does. */
static bool
looks_like_yaml(struct str text)
{
	size_t at = begins_with(text, STR("\xef\xbb\xbf")) ? 3 : 0;

	at = skip_hash_comments(text, at);
	struct str rest = { text.ptr + at, text.len - at };
	if (begins_with(rest, STR("---")) || begins_with(rest, STR("%YAML")) ||
	    begins_with(rest, STR("- ")))
		return true;
	size_t end = 0;
	while (end < rest.len && is_key_char(rest.ptr[end]))
		end++;
	return end > 0 && end < rest.len && rest.ptr[end] == ':' &&
	       (end + 1 == rest.len || is_blank(rest.ptr[end + 1]));
}

static bool
is_name_char(char c)
{
	return is_key_char(c) && c != '"' && c != '\'';
}

enum { MARK_MAX = 200 }; /* bytes that are looked through for its end */

/* The bytes of the line from at on that hold both texts, in this order. */
static size_t
between(struct str line, size_t at, struct str open, struct str close)
{
	struct str rest = { line.ptr + at, line.len - at };

	if (!begins_with(rest, open))
		return 0;
	if (rest.len > MARK_MAX)
		rest.len = MARK_MAX;
	for (size_t i = open.len; i + close.len <= rest.len; i++) {
		struct str tail = { rest.ptr + i, rest.len - i };
		if (begins_with(tail, close))
			return i + close.len;
	}
	return 0;
}

/* {{name}} or {{{name}}} alone, or {{name["key"]...}}: no term is. */
static size_t
placeholder(struct str line, size_t at, bool alone)
{
	struct str rest = { line.ptr + at, line.len - at };
	size_t end = 0, braces = 0;

	while (end < rest.len && rest.ptr[end] == '{' && braces < 4)
		end++, braces++;
	if (braces < 2 || braces > 3)
		return 0;
	while (end < rest.len && is_blank(rest.ptr[end]))
		end++;
	size_t name = end;
	while (end < rest.len && is_name_char(rest.ptr[end]))
		end++;
	if (end == name)
		return 0;
	if (end + 1 < rest.len && rest.ptr[end] == '[' &&
	    (rest.ptr[end + 1] == '"' || rest.ptr[end + 1] == '\''))
		return between(rest, 0, STR("{{"), STR("}}"));
	while (end < rest.len && is_blank(rest.ptr[end]))
		end++;
	for (size_t i = 0; i < braces; i++) {
		if (end == rest.len || rest.ptr[end++] != '}')
			return 0;
	}
	return alone && end == rest.len ? end : 0;
}

/* Finds a template's mark in a line without its outer blanks. */
static size_t
find_mark(struct str line, size_t *at)
{
	size_t len = 0;

	for (*at = 0; *at < line.len && !len; ++*at) {
		if (line.ptr[*at] == '%')
			return 0; /* a comment, or in a text: never mind */
		if (line.ptr[*at] == '<' &&
		    (*at == 0 || line.ptr[*at - 1] != '<'))
			len = between(line, *at, STR("<%"), STR("%>"));
		else if (line.ptr[*at] == '{')
			len = between(line, *at, STR("{% "), STR(" %}"));
		if (!len)
			len = placeholder(line, *at, *at == 0);
		if (len)
			return len;
	}
	return 0;
}

static struct str
trim(struct str line)
{
	while (line.len && is_blank(line.ptr[0]))
		line.ptr++, line.len--;
	while (line.len && is_blank(line.ptr[line.len - 1]))
		line.len--;
	return line;
}

/* The first byte from at on that is such a pair's first; len where there's
 * none. */
static size_t
find_pair(struct str text, size_t at, char first, const char *seconds)
{
	while (at + 1 < text.len) {
		const char *found =
		    memchr(text.ptr + at, first, text.len - at - 1);

		if (!found)
			break;
		if (found[1] == seconds[0] || found[1] == seconds[1])
			return (size_t)(found - text.ptr);
		at = (size_t)(found - text.ptr) + 1;
	}
	return text.len;
}

/* The whole line that the byte is in. */
static struct str
line_around(struct str text, size_t at)
{
	const char *feed = memchr(text.ptr + at, '\n', text.len - at);
	const char *to = feed ? feed : text.ptr + text.len;
	const char *from = text.ptr + at;

	while (from > text.ptr && from[-1] != '\n')
		from--;
	return (struct str){ from, (size_t)(to - from) };
}

/* The first mark of a template, as a span. Only lines that have what every
 * mark begins with are looked at. */
static bool
find_template(const struct source *source, struct span *span)
{
	struct str text = source->text;
	size_t brace = 0, angle = 0;

	for (size_t at = 0; at < text.len;) {
		struct str line;
		size_t mark, len;

		if (brace <= at)
			brace = find_pair(text, at, '{', "{%");
		if (angle <= at)
			angle = find_pair(text, at, '<', "%%");
		at = brace < angle ? brace : angle;
		if (at == text.len)
			break;
		line = line_around(text, at);
		at = (size_t)(line.ptr - text.ptr) + line.len + 1;
		line = trim(line);
		len = find_mark(line, &mark);
		if (len) {
			size_t begin = (size_t)(line.ptr - text.ptr) + mark;

			*span = source_span(
			    source, (uint32_t)begin, (uint32_t)(begin + len));
			return true;
		}
	}
	return false;
}

bool
cfg_is_terms(struct loader *loader, const struct source *source)
{
	struct span span = { source, { 1, 1 }, { 1, 2 } };
	struct finding *finding;

	if (looks_like_yaml(source->text)) {
		finding = finding_add(loader->findings, &cfg_rules[CFG_YAML],
		    &span, "YAML is not read yet");
		finding_hint(finding,
		    "write it in Erlang terms, as ejabberd 2.x reads them");
		return false;
	}
	if (!find_template(source, &span))
		return true;
	finding = finding_add(loader->findings, &cfg_rules[CFG_TEMPLATE], &span,
	    "this is a template: nothing has been filled in here");
	finding_hint(finding, "check the file that is made from it");
	return false;
}

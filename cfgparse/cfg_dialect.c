#include "cfgparse/cfg_private.h"
/*
 * What a file is, by its text: terms, YAML, or a template that has not been
 * filled in. What is no file of terms gets one finding here rather than a
 * hundred from the parser. Knows nothing of ejabberd's options.
 */
#include <string.h>

#include "cfgparse/base/bytes.h"
#include "cfgparse/source_lines.h"
#include "cfgparse/yaml_rules.h"

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

/* Past blank lines and comments of either dialect; # begins none in Erlang,
 * but is taken for one there too. */
static size_t
skip_comments(struct str text)
{
	size_t at = begins_with(text, STR("\xef\xbb\xbf")) ? 3 : 0;

	for (;;) {
		while (at < text.len && is_blank(text.ptr[at]))
			at++;
		struct str rest = { text.ptr + at, text.len - at };
		if (!(begins_with(rest, STR("#")) &&
			!begins_with(rest, STR("#{"))) &&
		    !(begins_with(rest, STR("%")) &&
			!begins_with(rest, STR("%YAML")) &&
			!begins_with(rest, STR("%TAG"))))
			return at;
		while (at < text.len && text.ptr[at] != '\n')
			at++;
	}
}

static bool
ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), tail = strlen(end);

	return len >= tail && strcmp(name + len - tail, end) == 0;
}

bool
cfg_is_named_yaml(const char *name)
{
	return ends_with(name, ".yml") || ends_with(name, ".yaml");
}

/* YAML begins with "---", "%YAML", "- ", "key:" or "{key:"; no file of terms
 * does, which begins with a bracket otherwise. */
static enum cfg_dialect
dialect_of(const struct source *source)
{
	struct str text = source->text;
	size_t at = skip_comments(text), end = 0;
	struct str rest = { text.ptr + at, text.len - at };
	bool brace = begins_with(rest, STR("{"));

	if (begins_with(rest, STR("---")) || begins_with(rest, STR("%")) ||
	    begins_with(rest, STR("- ")))
		return CFG_DIALECT_YAML;
	if (begins_with(rest, STR("\xff\xfe")) ||
	    begins_with(rest, STR("\xfe\xff")))
		rest.len = 0; /* the name has to tell */
	if (brace || begins_with(rest, STR("["))) {
		rest.ptr++;
		rest.len--;
		while (rest.len && is_blank(rest.ptr[0]))
			rest.ptr++, rest.len--;
	}
	while (end < rest.len && is_key_char(rest.ptr[end]))
		end++;
	if (end > 0 && end < rest.len && rest.ptr[end] == ':' &&
	    (end + 1 == rest.len || is_blank(rest.ptr[end + 1])))
		return CFG_DIALECT_YAML;
	if (brace)
		return CFG_DIALECT_TERMS;
	return cfg_is_named_yaml(source->name) ? CFG_DIALECT_YAML
					       : CFG_DIALECT_TERMS;
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

/* Finds a template's mark in a line of terms without its outer blanks. */
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

/* The same in a line of YAML, outside quotes and comments. */
static size_t
find_yaml_mark(struct str line, size_t *at)
{
	char quote = 0, before = ' ';
	size_t len = 0;

	for (*at = 0; *at < line.len; ++*at) {
		char c = line.ptr[*at];

		if (quote) {
			quote = c == quote ? 0 : quote;
		} else if (c == '#' && is_blank(before)) {
			return 0;
		} else if ((c == '"' || c == '\'') && !is_key_char(before)) {
			quote = c;
		} else {
			len = between(line, *at, STR("{%"), STR("%}"));
			if (!len)
				len = between(line, *at, STR("{{"), STR("}}"));
			if (!len)
				len = between(line, *at, STR("<%"), STR("%>"));
			if (!len)
				len = between(line, *at, STR("@@"), STR("@@"));
			if (len)
				return len;
		}
		before = c;
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

/* {{add, Option} and the like: in terms, what no placeholder begins with. */
static bool
is_tuple(struct str text, size_t at)
{
	for (at += 2; at < text.len && is_name_char(text.ptr[at]); at++) {
	}
	return at < text.len && text.ptr[at] == ',';
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
find_template(const struct source *source, bool yaml, struct span *span)
{
	struct str text = source->text;
	size_t brace = 0, angle = 0, at_sign = 0;

	for (size_t at = 0; at < text.len;) {
		struct str line;
		size_t mark, len;

		if (brace <= at)
			brace = bytes_pair(text, at, '{', "{%");
		if (angle <= at)
			angle = bytes_rare_pair(text, at, '<', "%%");
		if (at_sign <= at)
			at_sign = yaml ? bytes_rare_pair(text, at, '@', "@@")
				       : text.len;
		at = brace < angle ? brace : angle;
		at = at < at_sign ? at : at_sign;
		if (at == text.len)
			break;
		if (!yaml && text.ptr[at + 1] == '{' && is_tuple(text, at)) {
			at += 2;
			continue;
		}
		line = line_around(text, at);
		at = (size_t)(line.ptr - text.ptr) + line.len + 1;
		line = trim(line);
		len =
		    yaml ? find_yaml_mark(line, &mark) : find_mark(line, &mark);
		if (len) {
			size_t begin = (size_t)(line.ptr - text.ptr) + mark;

			*span = source_span(
			    source, (uint32_t)begin, (uint32_t)(begin + len));
			return true;
		}
	}
	return false;
}

/* ejabberd goes by the name alone; this server, by what the file holds. */
static void
check_name(struct loader *loader, const struct source *source, bool yaml)
{
	struct span span = { .source = source };
	struct finding *finding;

	if (!loader->lint.target->release ||
	    cfg_is_named_yaml(source->name) == yaml ||
	    strcmp(source->name, "-") == 0)
		return;
	finding = finding_add(loader->findings, &yaml_rules[YAML_NAME], &span,
	    yaml ? "the file holds YAML, but ejabberd reads it as Erlang terms "
		   "by its name"
		 : "the file holds Erlang terms, but ejabberd reads it as YAML "
		   "by its name");
	finding_hint(finding, yaml ? "give it a name that ends in .yml"
				   : "give it a name that ends in .cfg");
}

bool
cfg_may_be_terms(const struct loader *loader, const struct source *source)
{
	enum cfg_dialect dialect =
	    loader->dialect ? loader->dialect : dialect_of(source);

	return dialect == CFG_DIALECT_TERMS;
}

enum cfg_dialect
cfg_dialect(struct loader *loader, const struct source *source)
{
	enum cfg_dialect dialect =
	    loader->dialect ? loader->dialect : dialect_of(source);
	struct span span = { source, { 1, 1 }, { 1, 2 } };
	bool yaml = dialect == CFG_DIALECT_YAML;
	struct finding *finding;

	if (!find_template(source, yaml, &span)) {
		if (!loader->dialect)
			check_name(loader, source, yaml);
		return dialect;
	}
	finding = finding_add(loader->findings, &cfg_rules[CFG_TEMPLATE], &span,
	    "this is a template: nothing has been filled in here");
	finding_hint(finding, "check the file that is made from it");
	return CFG_DIALECT_NONE;
}

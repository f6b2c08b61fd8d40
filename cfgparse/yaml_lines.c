/*
 * Looking at YAML line by line, as a person does: what recovery and the
 * search for traps need beside the tree.
 */
#include "cfgparse/yaml_private.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct str
yaml_line(const struct yaml_parser *parser, uint32_t at, uint32_t *begin)
{
	struct str text = parser->text;
	size_t from = at < text.len ? at : text.len, end = from;

	while (from > parser->start && text.ptr[from - 1] != '\n')
		from--;
	while (end < text.len && text.ptr[end] != '\n')
		end++;
	if (end > from && text.ptr[end - 1] == '\r')
		end--;
	*begin = (uint32_t)from;
	return (struct str){ text.ptr + from, end - from };
}

uint32_t
yaml_next_line(const struct yaml_parser *parser, uint32_t at)
{
	struct str text = parser->text;
	const char *feed =
	    at < text.len ? memchr(text.ptr + at, '\n', text.len - at) : NULL;

	return (uint32_t)(feed ? (size_t)(feed - text.ptr) + 1 : text.len);
}

size_t
yaml_indent(struct str line)
{
	size_t len = 0;

	while (len < line.len && is_blank(line.ptr[len]))
		len++;
	return len;
}

bool
yaml_is_void(struct str line)
{
	size_t indent = yaml_indent(line);

	return indent == line.len || line.ptr[indent] == '#';
}

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

size_t
yaml_word(struct str text)
{
	size_t len = 0;

	while (len < text.len && is_word_char(text.ptr[len]))
		len++;
	return len;
}

bool
yaml_is_lone_word(struct str text)
{
	size_t len = yaml_word(text);

	return len &&
	       yaml_is_void((struct str){ text.ptr + len, text.len - len }) &&
	       (len == text.len || is_blank(text.ptr[len]));
}

static size_t
quoted_end(struct str text)
{
	for (size_t i = 1; i < text.len; i++) {
		if (text.ptr[i] == text.ptr[0])
			return i + 1;
	}
	return 0;
}

static bool
is_name_char(char c)
{
	return is_word_char(c) || c == '-' || c == '.' || c == '/' ||
	       c == '@' || c == '+' || c == '*';
}

size_t
yaml_key(struct str text)
{
	size_t len = 0, end;

	if (text.len && (text.ptr[0] == '"' || text.ptr[0] == '\''))
		len = quoted_end(text);
	else
		while (len < text.len && is_name_char(text.ptr[len]))
			len++;
	end = len;
	while (end < text.len && is_blank(text.ptr[end]))
		end++;
	if (len == 0 || end == text.len || text.ptr[end] != ':' ||
	    yaml_is_item(text))
		return 0;
	return end + 1 == text.len || is_blank(text.ptr[end + 1]) ||
		       text.ptr[end + 1] == '\n'
		   ? len
		   : 0;
}

bool
yaml_is_item(struct str text)
{
	return text.len && text.ptr[0] == '-' &&
	       (text.len == 1 || is_blank(text.ptr[1]) || text.ptr[1] == '\n');
}

/* Behind the closing quote, or 0 where there's none. */
static size_t
close_quote(struct str line, size_t at)
{
	char quote = line.ptr[at];

	for (size_t i = at + 1; i < line.len; i++) {
		if (quote == '"' && line.ptr[i] == '\\')
			i++;
		else if (line.ptr[i] == quote && quote == '\'' &&
			 i + 1 < line.len && line.ptr[i + 1] == quote)
			i++;
		else if (line.ptr[i] == quote)
			return i + 1;
	}
	return 0;
}

bool
yaml_open_quote(struct str line, size_t *at)
{
	bool fresh = true, blank = true; /* may a value, a comment begin? */

	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];

		if (c == '#' && blank)
			return false;
		if (fresh && (c == '"' || c == '\'')) {
			size_t end = close_quote(line, i);
			*at = i;
			if (end == 0)
				return true;
			i = end - 1;
			fresh = false;
		} else if (is_blank(c)) {
			char before = i ? line.ptr[i - 1] : ' ';
			fresh = fresh || before == ':' || before == ',' ||
				before == '-';
		} else {
			fresh = c == '[' || c == '{';
		}
		blank = is_blank(c);
	}
	return false;
}

bool
yaml_is_odd_blank(uint32_t code)
{
	return code == 0xA0 || (code >= 0x2000 && code <= 0x200F) ||
	       code == 0x202F || code == 0x205F || code == 0x2060 ||
	       code == 0x3000 || code == 0xFEFF || code == 0xAD;
}

#include "cfgparse/hostname_why.h"
/*
 * The reasons are asked in the order in which a person would notice them.
 */
#include "cfgparse/base/utf8.h"

enum { LABEL_MAX = 63, NAME_MAX_LEN = 253 };

static bool
has(struct str text, char c)
{
	return text.len && memchr(text.ptr, c, text.len);
}

static bool
has_scheme(struct str name)
{
	for (size_t i = 0; i + 2 < name.len; i++) {
		if (memcmp(name.ptr + i, "://", 3) == 0)
			return true;
	}
	return false;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
has_port(struct str name)
{
	const char *colon = name.len ? memchr(name.ptr, ':', name.len) : NULL;

	if (!colon || colon + 1 == name.ptr + name.len)
		return false;
	for (colon++; colon < name.ptr + name.len; colon++) {
		if (!is_digit(*colon))
			return false;
	}
	return true;
}

static const char *
label_why(const char *label, size_t len, bool last)
{
	if (len == 0)
		return last ? "it ends with two dots"
			    : "it has two dots in a row";
	if (len > LABEL_MAX)
		return "a part between dots is longer than 63 characters";
	if (label[0] == '-')
		return "a part between dots begins with a hyphen";
	if (label[len - 1] == '-')
		return "a part between dots ends with a hyphen";
	return NULL;
}

static const char *
labels_why(struct str name)
{
	size_t start = 0;

	if (name.ptr[0] == '.')
		return "it begins with a dot";
	if (name.len > 1 && name.ptr[name.len - 1] == '.')
		name.len--;
	for (size_t i = 0; i <= name.len; i++) {
		if (i < name.len && name.ptr[i] != '.')
			continue;
		const char *why =
		    label_why(name.ptr + start, i - start, i == name.len);
		if (why)
			return why;
		start = i + 1;
	}
	return NULL;
}

const char *
hostname_why(struct str name)
{
	static const char *const marks[] = { "*", "a wildcard stands in it",
		"/", "a slash stands in it", "#", "a # stands in it", "\"",
		"a quote stands in it", ",", "a comma stands in it", ";",
		"a semicolon stands in it", "{",
		"a mark of a template stands in it", "<",
		"a mark of a template stands in it", "%",
		"a mark of a template stands in it", "$",
		"a mark of a template stands in it", NULL };

	if (name.len == 0)
		return "it is empty";
	if (!utf8_valid(name.ptr, name.len))
		return "it is not written in UTF-8";
	if (has_scheme(name))
		return "it is a URL";
	if (has(name, '@'))
		return "it is the address of an account, with an @";
	if (has(name, ' ') || has(name, '\t') || has(name, '\n'))
		return "a space stands in it";
	if (has_port(name))
		return "a port stands behind it";
	for (const char *const *mark = marks; *mark; mark += 2) {
		if (has(name, **mark))
			return mark[1];
	}
	const char *why = labels_why(name);
	if (why)
		return why;
	if (name.len > NAME_MAX_LEN)
		return "it is longer than 253 characters";
	if (hostname_has_a_label(name))
		return "its part xn-- does not decode to a name";
	return "only letters, digits, hyphens and dots may stand in it";
}

static struct str
behind(struct str name, const char *mark)
{
	size_t len = strlen(mark);

	for (size_t i = 0; i + len <= name.len; i++) {
		if (memcmp(name.ptr + i, mark, len) == 0)
			return (struct str){ name.ptr + i + len,
				name.len - i - len };
	}
	return name;
}

static bool
is_edge(char c)
{
	return c == '.' || c == '-' || c == ' ' || c == '\t' || c == '\n' ||
	       c == '"' || c == ',' || c == ';' || c == '\'';
}

bool
hostname_mend(struct str name, char out[HOSTNAME_MAX + 1])
{
	size_t len = 0;

	name = behind(name, "://");
	name = behind(name, "@");
	while (len < name.len && name.ptr[len] != '/' && name.ptr[len] != ':')
		len++;
	name.len = len;
	while (name.len && is_edge(name.ptr[0])) {
		name.ptr++;
		name.len--;
	}
	while (name.len && is_edge(name.ptr[name.len - 1]))
		name.len--;
	return name.len && hostname_prepare(name, out);
}

bool
hostname_has_a_label(struct str name)
{
	for (size_t i = 0; i + 4 <= name.len; i++) {
		if (i && name.ptr[i - 1] != '.')
			continue;
		if ((name.ptr[i] | 32) == 'x' &&
		    (name.ptr[i + 1] | 32) == 'n' && name.ptr[i + 2] == '-' &&
		    name.ptr[i + 3] == '-')
			return true;
	}
	return false;
}

/* Letters of the three scripts whose letters look alike, as bits. */
static unsigned
script(uint32_t code)
{
	if ((code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
	    (code >= 0xc0 && code <= 0x24f))
		return 1;
	if ((code >= 0x370 && code <= 0x3ff) ||
	    (code >= 0x1f00 && code <= 0x1fff))
		return 2;
	return code >= 0x400 && code <= 0x52f ? 4 : 0;
}

bool
hostname_is_mixed(struct str name)
{
	unsigned scripts = 0;

	if (str_is_ascii(name))
		return false;
	for (size_t i = 0; i < name.len;) {
		uint32_t code;
		size_t len = utf8_decode(name.ptr + i, name.len - i, &code);
		if (len == 0)
			return false;
		if (code == '.')
			scripts = 0;
		scripts |= script(code);
		if (scripts & (scripts - 1))
			return true;
		i += len;
	}
	return false;
}

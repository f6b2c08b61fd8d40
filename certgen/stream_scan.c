#include "certgen/stream_scan.h"

#include <string.h>

enum {
	IN_TEXT,
	BEHIND_OPEN,	 /* < */
	IN_INSTRUCTION,	 /* <? */
	INSTRUCTION_END, /* a ? in it */
	IN_NAME,
	IN_TAG, /* between attributes */
	IN_ATTRIBUTE,
	BEHIND_ATTRIBUTE, /* its = is still to come */
	BEFORE_VALUE,
	IN_VALUE,
	BEHIND_VALUE,
	BEHIND_SLASH, /* of an empty tag */
	IN_CLOSE,
	CLOSE_END, /* blanks behind the name */
};

void
stream_scan_init(
    struct stream_scan *scan, const struct scan_events *events, void *arg)
{
	*scan = (struct stream_scan){ .events = events, .arg = arg };
}

void
stream_scan_stop(struct stream_scan *scan)
{
	scan->stopped = true;
}

const char *
scan_value(
    const struct scan_attribute *attributes, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(attributes[i].name, name) == 0)
			return attributes[i].value;
	return NULL;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Bytes over 127 are letters as far as this goes. */
static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("_:.-", c)) ||
	       (unsigned char)c > 127;
}

/* --- namespaces --- */

static bool
declare(struct stream_scan *scan, const char *prefix, const char *uri)
{
	struct scan_namespace *namespace;

	if (scan->namespace_count == SCAN_NAMESPACES_MAX)
		return false;
	namespace = &scan->namespaces[scan->namespace_count++];
	namespace->depth = scan->depth;
	strcpy(namespace->prefix, prefix);
	strcpy(namespace->uri, uri);
	return true;
}

static const char *
uri_of(const struct stream_scan *scan, const char *prefix)
{
	for (size_t i = scan->namespace_count; i > 0; i--)
		if (strcmp(scan->namespaces[i - 1].prefix, prefix) == 0)
			return scan->namespaces[i - 1].uri;
	return "";
}

static bool
declare_all(struct stream_scan *scan)
{
	for (size_t i = 0; i < scan->attribute_count; i++) {
		const struct scan_attribute *one = &scan->attributes[i];

		if (strcmp(one->name, "xmlns") == 0) {
			if (!declare(scan, "", one->value))
				return false;
		} else if (strncmp(one->name, "xmlns:", 6) == 0) {
			if (!declare(scan, one->name + 6, one->value))
				return false;
		}
	}
	return true;
}

/* --- tags --- */

static bool
tag_opens(struct stream_scan *scan)
{
	char *colon = strchr(scan->name, ':');
	const char *uri, *local = colon ? colon + 1 : scan->name;

	if (scan->depth == SCAN_DEPTH_MAX)
		return false;
	scan->depth++;
	scan->started = true;
	if (!declare_all(scan))
		return false;
	if (colon)
		*colon = '\0';
	uri = uri_of(scan, colon ? scan->name : "");
	scan->events->on_open(scan->arg, scan->depth, uri, local,
	    scan->attributes, scan->attribute_count);
	return true;
}

static bool
tag_closes(struct stream_scan *scan)
{
	if (scan->depth == 0)
		return false;
	scan->events->on_close(scan->arg, scan->depth);
	while (scan->namespace_count > 0 &&
	       scan->namespaces[scan->namespace_count - 1].depth == scan->depth)
		scan->namespace_count--;
	scan->depth--;
	return true;
}

/* --- the characters --- */

static bool
add_name(struct stream_scan *scan, char *name, char c)
{
	if (scan->name_len == SCAN_NAME_MAX)
		return false;
	name[scan->name_len++] = c;
	name[scan->name_len] = '\0';
	return true;
}

static bool
begin_attribute(struct stream_scan *scan, char c)
{
	struct scan_attribute *one = &scan->attributes[scan->attribute_count];

	scan->state = IN_ATTRIBUTE;
	*one = (struct scan_attribute){ 0 };
	scan->name_len = scan->value_len = 0;
	return add_name(scan, one->name, c);
}

static void
end_value(struct stream_scan *scan)
{
	scan->state = BEHIND_VALUE;
	/* What is beyond the limit is read into the last place and lost. */
	if (scan->attribute_count < SCAN_ATTRIBUTES_MAX)
		scan->attribute_count++;
}

static void
add_value(struct stream_scan *scan, char c)
{
	struct scan_attribute *one = &scan->attributes[scan->attribute_count];

	if (scan->value_len < SCAN_VALUE_MAX)
		one->value[scan->value_len++] = c;
}

/* Inside a tag, behind its name or an attribute. */
static bool
step_tag(struct stream_scan *scan, char c)
{
	if (is_blank(c)) {
		scan->state = IN_TAG;
	} else if (c == '/') {
		scan->state = BEHIND_SLASH;
	} else if (c == '>') {
		scan->state = IN_TEXT;
		return tag_opens(scan);
	} else {
		return scan->state == IN_TAG && is_name(c) &&
		       begin_attribute(scan, c);
	}
	return true;
}

static bool
step_attribute(struct stream_scan *scan, char c)
{
	struct scan_attribute *one = &scan->attributes[scan->attribute_count];

	if (scan->state == IN_ATTRIBUTE && is_name(c))
		return add_name(scan, one->name, c);
	if (is_blank(c))
		scan->state = BEHIND_ATTRIBUTE;
	else if (c == '=')
		scan->state = BEFORE_VALUE;
	else
		return false;
	return true;
}

static bool
step_value(struct stream_scan *scan, char c)
{
	if (scan->state == BEFORE_VALUE) {
		if (is_blank(c))
			return true;
		scan->state = IN_VALUE;
		scan->quote = c;
		return c == '\'' || c == '"';
	}
	if (c == scan->quote)
		end_value(scan);
	else if (c == '<')
		return false;
	else
		add_value(scan, c);
	return true;
}

static bool
step_open(struct stream_scan *scan, char c)
{
	scan->name_len = 0;
	scan->attribute_count = 0;
	if (c == '?' && !scan->started) {
		scan->state = IN_INSTRUCTION;
		return true;
	}
	if (c == '/') {
		scan->state = IN_CLOSE;
		return true;
	}
	scan->state = IN_NAME;
	return is_name(c) && add_name(scan, scan->name, c);
}

static bool
step_close(struct stream_scan *scan, char c)
{
	if (c == '>') {
		scan->state = IN_TEXT;
		return tag_closes(scan);
	}
	if (is_blank(c)) {
		scan->state = CLOSE_END;
		return true;
	}
	return scan->state == IN_CLOSE && is_name(c);
}

static bool
step(struct stream_scan *scan, char c)
{
	if (!c)
		return false;
	switch (scan->state) {
	case BEHIND_OPEN: return step_open(scan, c);
	case IN_INSTRUCTION:
		if (c == '?')
			scan->state = INSTRUCTION_END;
		return true;
	case INSTRUCTION_END:
		if (c != '?')
			scan->state = c == '>' ? IN_TEXT : IN_INSTRUCTION;
		return true;
	case IN_NAME:
		if (is_name(c))
			return add_name(scan, scan->name, c);
		return step_tag(scan, c);
	case IN_TAG:
	case BEHIND_VALUE: return step_tag(scan, c);
	case IN_ATTRIBUTE:
	case BEHIND_ATTRIBUTE: return step_attribute(scan, c);
	case BEFORE_VALUE:
	case IN_VALUE: return step_value(scan, c);
	case BEHIND_SLASH:
		scan->state = IN_TEXT;
		return c == '>' && tag_opens(scan) && tag_closes(scan);
	default: return step_close(scan, c);
	}
}

/* Text up to the next tag; its length, or 0 where there is none. Outside the
 * stream's own tag only blanks are allowed. */
static bool
take_text(struct stream_scan *scan, const char *bytes, size_t len, size_t *used)
{
	const char *tag = memchr(bytes, '<', len);
	size_t count = tag ? (size_t)(tag - bytes) : len;

	*used = count;
	/* No XML has NUL, and it would end the texts that are kept. */
	if (memchr(bytes, '\0', count))
		return false;
	if (scan->depth == 0) {
		for (size_t i = 0; i < count; i++)
			if (!is_blank(bytes[i]))
				return false;
	} else if (count > 0) {
		scan->events->on_text(
		    scan->arg, scan->depth, (struct str){ bytes, count });
	}
	if (tag) {
		scan->state = BEHIND_OPEN;
		++*used;
	}
	return true;
}

bool
stream_scan_feed(
    struct stream_scan *scan, const char *bytes, size_t len, size_t *used)
{
	size_t text;

	*used = 0;
	while (*used < len && !scan->stopped) {
		if (scan->state == IN_TEXT) {
			if (!take_text(scan, bytes + *used, len - *used, &text))
				return false;
			*used += text;
		} else if (!step(scan, bytes[(*used)++])) {
			return false;
		}
	}
	return true;
}

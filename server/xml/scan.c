/*
 * The end of a tag, byte by byte: quotes and ">" (XML 1.0 sections 3.1 and
 * 2.4). Says nothing about whether the tag is well-formed.
 */
#include "server/xml/scan.h"

static enum xml_scan_state
step_tag(char c)
{
	if (c == '\'')
		return SCAN_SINGLE;
	if (c == '"')
		return SCAN_DOUBLE;
	return c == '>' ? SCAN_COMPLETE : SCAN_TAG;
}

static enum xml_scan_state
step(enum xml_scan_state state, char c)
{
	switch (state) {
	case SCAN_OPEN:
		if (c == '?')
			return SCAN_RESTRICTED;
		return c == '!' ? SCAN_BANG : step_tag(c);
	case SCAN_BANG: return c == '[' ? SCAN_NONE : SCAN_RESTRICTED;
	case SCAN_TAG: return step_tag(c);
	case SCAN_SINGLE: return c == '\'' ? SCAN_TAG : state;
	case SCAN_DOUBLE: return c == '"' ? SCAN_TAG : state;
	default: return state;
	}
}

void
xml_scan_start(struct xml_scan *scan, const char *bytes, size_t len)
{
	scan->state = SCAN_NONE;
	if (len == 0)
		return;
	if (bytes[0] == '&')
		scan->state = SCAN_REFERENCE;
	else if (bytes[0] == '<')
		scan->state = SCAN_OPEN;
	xml_scan_more(scan, bytes + 1, len - 1);
}

void
xml_scan_more(struct xml_scan *scan, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (scan->state == SCAN_NONE || scan->state == SCAN_COMPLETE)
			return;
		scan->state = step(scan->state, bytes[i]);
	}
}

bool
xml_scan_in_tag(const struct xml_scan *scan)
{
	return scan->state == SCAN_OPEN || scan->state == SCAN_TAG ||
	       scan->state == SCAN_SINGLE || scan->state == SCAN_DOUBLE;
}

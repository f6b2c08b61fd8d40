/*
 * What a scalar means to ejabberd, which is not what YAML's own rules would
 * make of it: fast_yaml knows decimal integers and floats, and takes
 * everything else for text. A leading zero is no octal number, and true, yes
 * or null are words that each option understands for itself.
 */
#include <errno.h>
#include <stdlib.h>

#include "cfgparse/yaml_private.h"

/* Longer ones would be text anyway where they have a byte that no number
 * has, and no number of the configuration needs as many. */
enum { NUMBER_MAX = 400 };

static bool
may_be_number(struct str text)
{
	char c = text.len ? text.ptr[0] : 'x';

	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' ||
	       c == ' ' || c == '\t' || c == '\n';
}

/* strtol(), which is what fast_yaml asks, cuts what doesn't fit. */
static bool
read_integer(struct yaml_parser *parser, const char *text, struct term *term)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*end != '\0' || end == text)
		return false;
	term->kind = TERM_INTEGER;
	term->text = str_of(arena_printf(parser->arena, "%ld", value));
	return true;
}

static bool
read_float(const char *text, struct term *term)
{
	char *end;

	(void)strtol(text, &end, 10);
	if (*end != '.')
		return false;
	double value = strtod(text, &end);
	if (*end != '\0' || value - value != 0)
		return false;
	term->kind = TERM_FLOAT;
	term->number = value;
	return true;
}

static bool
read_number(struct yaml_parser *parser, struct str text, struct term *term)
{
	char copy[NUMBER_MAX + 1];

	if (!may_be_number(text) || text.len > NUMBER_MAX ||
	    memchr(text.ptr, '\0', text.len))
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return read_integer(parser, copy, term) || read_float(copy, term);
}

/* The text without what covers bytes that may not stand in YAML, so that
 * these aren't reported again as a part of a value. */
static struct str
uncover(struct yaml_parser *parser, struct str text, size_t begin)
{
	const char *source = parser->source->text.ptr;
	char *copy = arena_memdup(parser->arena, text.ptr, text.len);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (source[begin + i] == parser->text.ptr[begin + i])
			copy[len++] = text.ptr[i];
	}
	copy[len] = '\0';
	return (struct str){ copy, len };
}

/* A view of the source where the text stands there as it is. */
static struct str
keep(struct yaml_parser *parser, struct str text, const struct term *term)
{
	const char *source = parser->source->text.ptr;
	size_t room = term->end - term->begin;

	for (size_t skip = 0; skip < 2 && text.len && skip + text.len <= room;
	     skip++) {
		size_t begin = term->begin + skip;
		if (memcmp(parser->text.ptr + begin, text.ptr, text.len) != 0)
			continue;
		if (memcmp(source + begin, text.ptr, text.len) != 0)
			return uncover(parser, text, begin);
		return (struct str){ source + begin, text.len };
	}
	return arena_str(parser->arena, text);
}

void
yaml_scalar(struct yaml_parser *parser, const struct yaml_event *event,
    struct term *term)
{
	bool plain = event->style == STYLE_PLAIN;

	if ((plain || event->style == STYLE_BLOCK) &&
	    read_number(parser, event->text, term))
		return;
	term->kind = plain && event->text.len ? TERM_ATOM : TERM_STRING;
	term->quoted = event->style == STYLE_SINGLE;
	term->text = keep(parser, event->text, term);
}

bool
yaml_is_nothing(const struct term *term)
{
	return term->kind == TERM_STRING && term->text.len == 0 &&
	       term->begin == term->end;
}

bool
yaml_is_plain(const struct term *term)
{
	return term->kind == TERM_ATOM || term->kind == TERM_INTEGER ||
	       term->kind == TERM_FLOAT;
}

#include "cfgparse/yaml_reader.h"

#include <stdlib.h>
#include <yaml.h>

#include "cfgparse/base/mem.h"

/* libyaml counts characters; the place of one of them in bytes. */
struct cursor {
	size_t chars;
	size_t bytes;
};

struct yaml_reader {
	yaml_parser_t parser;
	yaml_event_t event;
	bool has_event;
	bool ascii; /* a character is a byte */
	struct str text;
	uint32_t base;
	struct cursor cursor;
};

static bool
is_ascii(struct str text)
{
	unsigned char all = 0;

	for (size_t i = 0; i < text.len; i++)
		all |= (unsigned char)text.ptr[i];
	return all < 0x80;
}

struct yaml_reader *
yaml_reader_create(struct str text, uint32_t base)
{
	struct yaml_reader *reader = mem_alloc(1, sizeof *reader);

	if (!yaml_parser_initialize(&reader->parser))
		abort();
	yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
	    &reader->parser, (const unsigned char *)text.ptr, text.len);
	reader->text = text;
	reader->base = base;
	reader->ascii = is_ascii(text);
	return reader;
}

static void
drop_event(struct yaml_reader *reader)
{
	if (reader->has_event)
		yaml_event_delete(&reader->event);
	reader->has_event = false;
}

void
yaml_reader_destroy(struct yaml_reader **reader)
{
	if (!*reader)
		return;
	drop_event(*reader);
	yaml_parser_delete(&(*reader)->parser);
	free(*reader);
	*reader = NULL;
}

static bool
is_continuation(struct str text, size_t at)
{
	return at < text.len && ((unsigned char)text.ptr[at] & 0xC0) == 0x80;
}

/* Events come almost in order, so the cursor moves little. */
static uint32_t
byte_of(struct yaml_reader *reader, size_t index)
{
	struct cursor *cursor = &reader->cursor;
	struct str text = reader->text;

	if (reader->ascii) {
		cursor->bytes = index < text.len ? index : text.len;
		return reader->base + (uint32_t)cursor->bytes;
	}
	while (cursor->chars < index && cursor->bytes < text.len) {
		cursor->bytes++;
		while (is_continuation(text, cursor->bytes))
			cursor->bytes++;
		cursor->chars++;
	}
	while (cursor->chars > index && cursor->bytes > 0) {
		cursor->bytes--;
		while (
		    cursor->bytes > 0 && is_continuation(text, cursor->bytes))
			cursor->bytes--;
		cursor->chars--;
	}
	return reader->base + (uint32_t)cursor->bytes;
}

static enum yaml_style
scalar_style(yaml_scalar_style_t style)
{
	switch (style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE: return STYLE_SINGLE;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return STYLE_DOUBLE;
	case YAML_LITERAL_SCALAR_STYLE:
	case YAML_FOLDED_SCALAR_STYLE: return STYLE_BLOCK;
	default: return STYLE_PLAIN;
	}
}

static struct str
text_of(const yaml_char_t *text, size_t len)
{
	return (struct str){ (const char *)text, len };
}

static void
take_scalar(const yaml_event_t *from, struct yaml_event *event)
{
	event->part = PART_SCALAR;
	event->style = scalar_style(from->data.scalar.style);
	event->text =
	    text_of(from->data.scalar.value, from->data.scalar.length);
	event->anchored = from->data.scalar.anchor;
	event->tagged = from->data.scalar.tag;
}

static void
take_list(const yaml_event_t *from, struct yaml_event *event)
{
	event->part = PART_LIST;
	event->anchored = from->data.sequence_start.anchor;
	event->tagged = from->data.sequence_start.tag;
	if (from->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE)
		event->style = STYLE_FLOW;
}

static void
take_map(const yaml_event_t *from, struct yaml_event *event)
{
	event->part = PART_MAP;
	event->anchored = from->data.mapping_start.anchor;
	event->tagged = from->data.mapping_start.tag;
	if (from->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE)
		event->style = STYLE_FLOW;
}

/* False for events that say nothing. */
static bool
take(const yaml_event_t *from, struct yaml_event *event)
{
	*event = (struct yaml_event){ 0 };
	switch (from->type) {
	case YAML_SCALAR_EVENT: take_scalar(from, event); return true;
	case YAML_SEQUENCE_START_EVENT: take_list(from, event); return true;
	case YAML_MAPPING_START_EVENT: take_map(from, event); return true;
	case YAML_SEQUENCE_END_EVENT: event->part = PART_LIST_END; return true;
	case YAML_MAPPING_END_EVENT: event->part = PART_MAP_END; return true;
	case YAML_DOCUMENT_START_EVENT:
		event->part = PART_DOCUMENT;
		return true;
	case YAML_STREAM_END_EVENT: event->part = PART_OVER; return true;
	case YAML_ALIAS_EVENT:
		event->part = PART_ALIAS;
		event->text = str_of((const char *)from->data.alias.anchor);
		return true;
	default: return false;
	}
}

bool
yaml_reader_next(struct yaml_reader *reader, struct yaml_event *event)
{
	do {
		drop_event(reader);
		if (!yaml_parser_parse(&reader->parser, &reader->event))
			return false;
		reader->has_event = true;
	} while (!take(&reader->event, event));
	event->begin = byte_of(reader, reader->event.start_mark.index);
	event->end = byte_of(reader, reader->event.end_mark.index);
	return true;
}

static const struct {
	const char *problem;
	enum yaml_fault fault;
	const char *context; /* a part of it, or NULL: any */
} faults[] = {
	{ "could not find expected ':'", FAULT_COLON, NULL },
	{ "found character that cannot start any token", FAULT_CHARACTER,
	    NULL },
	{ "block sequence entries are not allowed in this context", FAULT_DASH,
	    NULL },
	{ "mapping values are not allowed in this context", FAULT_VALUE, NULL },
	{ "did not find expected alphabetic or numeric character", FAULT_ALIAS,
	    NULL },
	{ "found unexpected end of stream", FAULT_QUOTE, NULL },
	{ "found unexpected document indicator", FAULT_QUOTE, NULL },
	{ "found unknown escape character", FAULT_ESCAPE, NULL },
	{ "did not find expected hexdecimal number", FAULT_ESCAPE, NULL },
	{ "found invalid Unicode character escape code", FAULT_ESCAPE, NULL },
	{ "found an indentation indicator equal to 0", FAULT_HEADER, NULL },
	{ "did not find expected comment or line break", FAULT_HEADER,
	    "block scalar" },
	{ "found a tab character where an indentation space is expected",
	    FAULT_TAB, NULL },
	{ "found a tab character that violates indentation", FAULT_TAB, NULL },
	{ "did not find expected key", FAULT_INDENT, NULL },
	{ "did not find expected '-' indicator", FAULT_INDENT, NULL },
	{ "did not find expected ',' or ']'", FAULT_FLOW, NULL },
	{ "did not find expected ',' or '}'", FAULT_FLOW, NULL },
	{ "did not find expected node content", FAULT_NODE, NULL },
	{ "did not find expected <document start>", FAULT_DOCUMENT, NULL },
	{ "found undefined tag handle", FAULT_TAG, NULL },
	{ NULL, FAULT_TAG, "tag" },
	{ NULL, FAULT_DIRECTIVE, "directive" },
};

static enum yaml_fault
fault_of(const yaml_parser_t *parser)
{
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		const char *context = faults[i].context;

		if (faults[i].problem &&
		    (!parser->problem ||
			strcmp(faults[i].problem, parser->problem) != 0))
			continue;
		if (context &&
		    (!parser->context || !strstr(parser->context, context)))
			continue;
		return faults[i].fault;
	}
	return FAULT_OTHER;
}

void
yaml_reader_problem(struct yaml_reader *reader, struct yaml_problem *problem)
{
	const yaml_parser_t *parser = &reader->parser;

	if (parser->error == YAML_MEMORY_ERROR)
		abort();
	problem->fault = fault_of(parser);
	problem->text = parser->problem ? parser->problem : "syntax error";
	if (parser->error == YAML_READER_ERROR)
		problem->at = reader->base + (uint32_t)parser->problem_offset;
	else
		problem->at = byte_of(reader, parser->problem_mark.index);
	problem->context = parser->context
			       ? byte_of(reader, parser->context_mark.index)
			       : problem->at;
}

#ifndef CFGPARSE_YAML_READER_H
#define CFGPARSE_YAML_READER_H
/*
 * libyaml behind a seam: events with the bytes that they were written at,
 * and what it stumbled over as one of a few kinds of fault. Knows the syntax
 * of YAML only through the library; knows nothing of terms.
 */
#include <stdbool.h>
#include <stdint.h>

#include "cfgparse/base/str.h"

struct yaml_reader;

enum yaml_part {
	PART_SCALAR,
	PART_ALIAS,
	PART_LIST,
	PART_LIST_END,
	PART_MAP,
	PART_MAP_END,
	PART_DOCUMENT, /* begins */
	PART_OVER,     /* nothing follows */
};

enum yaml_style {
	STYLE_PLAIN,
	STYLE_SINGLE,
	STYLE_DOUBLE,
	STYLE_BLOCK, /* | or > */
	STYLE_FLOW,  /* list, map: in brackets */
};

struct yaml_event {
	enum yaml_part part;
	enum yaml_style style;
	struct str text; /* scalar; alias: its name. Until the next event */
	bool anchored;	 /* an anchor stands before it */
	bool tagged;
	uint32_t begin; /* bytes, as of the base given at the start */
	uint32_t end;
};

enum yaml_fault {
	FAULT_OTHER,
	FAULT_COLON,	 /* at context: a key without a colon */
	FAULT_CHARACTER, /* no value can begin with it */
	FAULT_DASH,	 /* no list item may stand here */
	FAULT_VALUE,	 /* no colon may stand here */
	FAULT_ALIAS,	 /* at context: a star that names nothing */
	FAULT_TAG,	 /* at context */
	FAULT_QUOTE,	 /* at context: no closing quote */
	FAULT_ESCAPE,
	FAULT_HEADER, /* behind | or > */
	FAULT_TAB,
	FAULT_INDENT, /* neither a sibling nor a child */
	FAULT_FLOW,   /* neither comma nor bracket; context: the bracket */
	FAULT_NODE,   /* no value */
	FAULT_DOCUMENT,
	FAULT_DIRECTIVE,
	FAULT_DEPTH, /* found by yaml_tree.c */
};

struct yaml_problem {
	enum yaml_fault fault;
	const char *text; /* the library's words */
	uint32_t at;
	uint32_t context; /* equals at where there's none */
};

/* Reads the text, whose first byte is at base of its source. The text is UTF-8
 * without a byte order mark and must outlive the reader. */
struct yaml_reader *yaml_reader_create(struct str text, uint32_t base);
void yaml_reader_destroy(struct yaml_reader **reader);
/* False at a fault, which ends it. */
bool yaml_reader_next(struct yaml_reader *reader, struct yaml_event *event);
/* What it was, after that. */
void yaml_reader_problem(
    struct yaml_reader *reader, struct yaml_problem *problem);

#endif

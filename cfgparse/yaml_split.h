#ifndef CFGPARSE_YAML_SPLIT_H
#define CFGPARSE_YAML_SPLIT_H
/*
 * Where the entries of a list or map begin, told by the columns of its lines.
 * Included by cfgparse/yaml_*.c only.
 */
#include "cfgparse/yaml_private.h"

struct yaml_entry {
	uint32_t begin;	  /* of its first line, or of what is before it */
	uint32_t content; /* the first byte that isn't blank or a comment */
	bool misplaced;	  /* begins left of the column of the others */
};

struct yaml_split {
	bool list; /* items behind dashes; else keys */
	size_t column;
	struct yaml_entry *entries; /* one more than count: the end */
	size_t count;
};

/* The top-level options. Whoever calls this or yaml_split ends it with
 * yaml_split_fini. */
void yaml_split_file(
    const struct yaml_parser *parser, struct yaml_split *split);
/* The entries in the lines from begin to end, which begin and end with lines.
 * False where these hold neither items nor keys. */
bool yaml_split(const struct yaml_parser *parser, uint32_t begin, uint32_t end,
    struct yaml_split *split);
void yaml_split_fini(struct yaml_split *split);

/* The rest of the first line that isn't blank or a comment, without its
 * indentation. */
bool yaml_first_content(const struct yaml_parser *parser, uint32_t begin,
    uint32_t end, uint32_t *content, struct str *text);

#endif

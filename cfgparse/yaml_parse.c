/*
 * Reading a YAML file: the sound one in one go, one with a fault block by
 * block. Reports findings and counts them; the tree itself is made in
 * yaml_tree.c.
 */
#include "cfgparse/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/source_lines.h"
#include "cfgparse/yaml_private.h"

struct finding *
yaml_report(struct yaml_parser *parser, enum yaml_rule rule, uint32_t begin,
    uint32_t end, const char *message, ...)
{
	struct span span = source_span(parser->source, begin, end);
	va_list list;
	char *text = NULL;

	va_start(list, message);
	if (vasprintf(&text, message, list) < 0)
		abort();
	va_end(list);
	struct finding *finding =
	    finding_add(parser->findings, &yaml_rules[rule], &span, "%s", text);
	free(text);
	if (yaml_rules[rule].severity == SEVERITY_ERROR)
		parser->errors++;
	return finding;
}

void
yaml_edit(struct yaml_parser *parser, struct finding *finding, bool safe,
    uint32_t begin, uint32_t end, const char *text)
{
	struct span span = source_span(parser->source, begin, end);

	finding_edit(finding, safe, &span, text);
}

void
yaml_edit_quotes(struct yaml_parser *parser, struct finding *finding, bool safe,
    uint32_t begin, uint32_t end)
{
	const char *text = parser->text.ptr;

	for (uint32_t i = begin; i < end; i++) {
		if (strchr("\"\\\n", text[i]))
			return;
	}
	yaml_edit(parser, finding, safe, begin, begin, "\"");
	yaml_edit(parser, finding, safe, end, end, "\"");
}

void
yaml_report_huge(const struct source *source, struct findings *findings)
{
	struct span span = { .source = source };

	finding_add(findings, &yaml_rules[YAML_HUGE], &span,
	    "the file has more than %d MiB", YAML_BYTES_MAX >> 20);
}

static struct term *
empty_map(struct yaml_parser *parser)
{
	struct term *map = arena_alloc(parser->arena, sizeof *map);

	map->kind = TERM_MAP;
	map->file = parser->file;
	map->begin = map->end = parser->start;
	return map;
}

/* The root is a map, or it is reported and taken for an empty one. */
static struct term *
checked_root(struct yaml_parser *parser, struct term *root)
{
	struct finding *finding;

	if (!root || yaml_is_nothing(root))
		return empty_map(parser);
	if (root->kind == TERM_MAP)
		return root;
	finding = yaml_report(parser, YAML_NOT_MAP, root->begin,
	    yaml_next_line(parser, root->begin) < root->end
		? yaml_next_line(parser, root->begin) - 1
		: root->end,
	    root->kind == TERM_LIST
		? "the file is a list, but it must hold options"
		: "the file holds no options");
	finding_hint(finding, "write each option as NAME: VALUE, with NAME in "
			      "the first column");
	return empty_map(parser);
}

bool
yaml_parse(struct arena *arena, const struct source *source,
    struct findings *findings, struct term **root)
{
	struct term_file *file = arena_alloc(arena, sizeof *file);
	struct yaml_parser parser = { arena, source, findings, file,
		.text = source->text };
	struct yaml_problem problem;

	*file = (struct term_file){ .source = source, .yaml = true };
	*root = empty_map(&parser);
	if (source->text.len > YAML_BYTES_MAX) {
		yaml_report_huge(source, findings);
		return false;
	}
	if (!yaml_encoding(&parser))
		return false;
	if (yaml_tree(&parser, parser.start, (uint32_t)source->text.len, root,
		&problem))
		*root = checked_root(&parser, *root);
	else
		yaml_recover(&parser, &problem, root);
	return parser.errors == 0;
}

bool
yaml_look(struct arena *arena, const struct source *source,
    struct findings *findings, struct term *root, bool *aliases)
{
	struct yaml_parser parser = { arena, source, findings, root->file,
		.text = source->text };

	yaml_traps(&parser, root);
	*aliases = parser.aliases;
	return parser.errors == 0;
}

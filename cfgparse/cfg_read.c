#include "cfgparse/cfg_private.h"
/*
 * Reading files into one flat list of top-level terms: dialect, includes and
 * their filters. Included names start from the directory of the main file,
 * as ejabberd does it.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/cfg_yaml.h"
#include "cfgparse/source_lines.h"
#include "cfgparse/terms.h"
#include "cfgparse/yaml.h"

enum { INCLUDE_DEPTH_MAX = 16, FILES_MAX = 256 };

/* What {disallow, ...} and {allow_only, ...} of an include say. */
struct filter {
	const struct term *disallow;
	const struct term *allow_only;
};

void
term_list_add(
    struct arena *arena, struct term_list *list, const struct term *term)
{
	if (list->count == list->cap) {
		size_t cap = list->cap ? list->cap * 2 : 32;
		struct term *items =
		    arena_array(arena, cap, sizeof(struct term));
		if (list->count)
			memcpy(items, list->items,
			    list->count * sizeof(struct term));
		list->items = items;
		list->cap = cap;
	}
	list->items[list->count++] = *term;
}

/* The path that a name in the configuration means. */
static const char *
path_of(struct loader *loader, struct str name)
{
	struct str directory = loader->lint.directory;

	if (name.len && name.ptr[0] == '/')
		directory.len = 0;
	return arena_printf(
	    &loader->arena, "%.*s%.*s", STR_ARG(directory), STR_ARG(name));
}

static bool flatten(struct loader *loader, const struct chain *chain,
    const struct source *source, struct term_list *out);

static bool
read_source(struct loader *loader, const char *path, const struct term *from,
    const struct source **source)
{
	const struct cfg_load_options *options = loader->options;
	struct buf text = { 0 };
	char why[FILE_WHY_MAX];
	struct str instead;

	if (options->text_of &&
	    options->text_of(options->text_context, path, &instead)) {
		*source = findings_source(loader->findings, path, instead);
		return true;
	}
	/* Which limit holds is known once its dialect is. */
	if (!from && options->standard_input
		? file_read_fd(STDIN_FILENO, YAML_BYTES_MAX, &text, why)
		: file_read(path, YAML_BYTES_MAX, &text, why)) {
		*source = findings_source_take(loader->findings, path, &text);
		return true;
	}
	bool huge = errno == EFBIG;
	buf_fini(&text);
	if (from) {
		struct finding *finding =
		    finding_at(loader, CFG_INCLUDE_UNREADABLE, from,
			"the included file can't be read: %s", why);
		finding_subject(finding, path);
		return false;
	}
	struct span span = { .source = findings_source(
				 loader->findings, path, STR("")) };
	if (huge && cfg_is_named_yaml(path))
		yaml_report_huge(span.source, loader->findings);
	else if (huge)
		terms_report_huge(span.source, loader->findings);
	else
		finding_add(loader->findings, &cfg_rules[CFG_UNREADABLE], &span,
		    "the configuration can't be read: %s", why);
	return false;
}

/* The name that the filters of an include look at. */
static const struct term *
name_of(const struct term *term)
{
	if (term->kind != TERM_TUPLE || term->count == 0)
		return term;
	const struct term *first = &term->items[0];
	if (first->kind == TERM_TUPLE && first->count == 2)
		return &first->items[0];
	return first;
}

static bool
list_has(const struct term *list, const struct term *name)
{
	if (name->kind != TERM_ATOM)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].kind == TERM_ATOM &&
		    str_eq(list->items[i].text, name->text))
			return true;
	}
	return false;
}

static bool
passes(const struct filter *filter, const struct term *term)
{
	const struct term *name = name_of(term);

	if (filter->disallow && list_has(filter->disallow, name))
		return false;
	return !filter->allow_only || list_has(filter->allow_only, name);
}

static bool
read_filter(
    struct loader *loader, const struct term *options, struct filter *filter)
{
	filter->disallow = filter->allow_only = NULL;
	if (options && options->kind != TERM_LIST) {
		finding_at(loader, CFG_INCLUDE_FORM, options,
		    "expected a list of disallow and allow_only");
		return false;
	}
	for (size_t i = 0; options && i < options->count; i++) {
		const struct term *item = &options->items[i];
		bool disallow = term_is_tagged(item, "disallow", 2);
		if ((!disallow && !term_is_tagged(item, "allow_only", 2)) ||
		    item->items[1].kind != TERM_LIST) {
			finding_at(loader, CFG_INCLUDE_FORM, item,
			    "an include knows {disallow, [Name, ...]} and "
			    "{allow_only, [Name, ...]} only");
			return false;
		}
		if (disallow)
			filter->disallow = &item->items[1];
		else
			filter->allow_only = &item->items[1];
	}
	return true;
}

static bool
in_chain(const struct chain *chain, const char *path)
{
	for (; chain; chain = chain->above) {
		if (strcmp(chain->path, path) == 0)
			return true;
	}
	return false;
}

/* May the file be read here? Says why not. */
static bool
include_allowed(struct loader *loader, const struct chain *chain,
    const char *path, const struct term *from)
{
	if (!loader->may_read) {
		finding_at(loader, CFG_INCLUDE_UNREADABLE, from,
		    "files can't be included here");
		return false;
	}
	if (in_chain(chain, path)) {
		finding_at(loader, CFG_INCLUDE_CYCLE, from,
		    "the file includes itself");
		return false;
	}
	if (chain->depth >= INCLUDE_DEPTH_MAX) {
		finding_at(loader, CFG_INCLUDE_CYCLE, from,
		    "files include each other more than %d deep",
		    INCLUDE_DEPTH_MAX);
		return false;
	}
	if (++loader->files > FILES_MAX) {
		finding_at(loader, CFG_INCLUDE_CYCLE, from,
		    "more than %d files are included", FILES_MAX);
		return false;
	}
	return true;
}

bool
cfg_include(struct loader *loader, const struct chain *above,
    const struct term *from, struct str name, struct chain *chain,
    const struct source **source)
{
	if (!name.len || memchr(name.ptr, '\0', name.len)) {
		finding_at(loader, CFG_INCLUDE_FORM, from,
		    "expected the name of a file, got %s",
		    lint_shown(&loader->lint, from));
		return false;
	}
	*chain =
	    (struct chain){ path_of(loader, name), above, above->depth + 1 };
	return include_allowed(loader, above, chain->path, from) &&
	       read_source(loader, chain->path, from, source);
}

/* What can't be included may have held anything. */
static void
include(struct loader *loader, const struct chain *above,
    const struct term *term, struct term_list *out)
{
	const struct term *from = &term->items[1];
	struct term_list included = { 0 };
	const struct source *source;
	struct filter filter;
	struct chain chain;
	struct str name;

	if (!term_text(&loader->arena, from, &name)) {
		finding_at(loader, CFG_INCLUDE_FORM, from,
		    "expected the name of a file as a string, got %s",
		    lint_shown(&loader->lint, from));
		loader->lint.incomplete = true;
		return;
	}
	if (!read_filter(
		loader, term->count == 3 ? &term->items[2] : NULL, &filter) ||
	    !cfg_include(loader, above, from, name, &chain, &source) ||
	    !flatten(loader, &chain, source, &included)) {
		loader->lint.incomplete = true;
		return;
	}
	for (size_t i = 0; i < included.count; i++) {
		if (passes(&filter, &included.items[i]))
			term_list_add(&loader->arena, out, &included.items[i]);
	}
}

static bool
refuse_yaml(struct loader *loader, const struct source *source)
{
	struct span span = { source, { 1, 1 }, { 1, 2 } };
	struct finding *finding =
	    finding_add(loader->findings, &cfg_rules[CFG_YAML], &span,
		"a file in Erlang terms can't include one in YAML");

	finding_hint(finding, "write both in the same language");
	return false;
}

static bool
has_include(const struct term *terms, size_t count)
{
	static const struct str include = { "include_config_file", 19 };

	for (size_t i = 0; i < count; i++) {
		if (terms[i].kind == TERM_TUPLE && terms[i].count > 1 &&
		    terms[i].items[0].kind == TERM_ATOM &&
		    str_eq(terms[i].items[0].text, include))
			return true;
	}
	return false;
}

static bool
flatten(struct loader *loader, const struct chain *chain,
    const struct source *source, struct term_list *out)
{
	struct terms_options options = { 0 };
	struct term *terms;
	size_t count;

	enum cfg_dialect dialect;

	if (cfg_may_be_terms(loader, source))
		options.ahead = terms_begin(&loader->arena, source);
	dialect = cfg_dialect(loader, source);
	if (dialect != CFG_DIALECT_TERMS)
		terms_forget(&options.ahead);
	switch (dialect) {
	case CFG_DIALECT_NONE: return false;
	case CFG_DIALECT_YAML:
		if (!chain->above)
			loader->yaml = true;
		else if (!loader->yaml)
			return refuse_yaml(loader, source);
		return cfg_read_yaml(loader, chain, source, out);
	case CFG_DIALECT_TERMS: break;
	}
	source_comments(source, COMMENTS_PERCENT);
	if (!terms_parse(&loader->arena, source, &options, loader->findings,
		&terms, &count))
		loader->lint.incomplete = true;
	if (!out->count && !has_include(terms, count)) {
		*out = (struct term_list){ terms, count, count };
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		struct term *term = &terms[i];
		if (term_is_tagged(term, "include_config_file", 2) ||
		    term_is_tagged(term, "include_config_file", 3))
			include(loader, chain, term, out);
		else
			term_list_add(&loader->arena, out, term);
	}
	return true;
}

bool
cfg_read_text(struct loader *loader, const char *name, struct str text)
{
	struct chain chain = { name, NULL, 0 };
	const struct source *source =
	    findings_source(loader->findings, name, text);

	loader->lint.source = source;
	return flatten(loader, &chain, source, &loader->terms);
}

bool
cfg_read_main(struct loader *loader)
{
	struct chain chain = { loader->lint.path, NULL, 0 };
	const struct source *source;

	if (!read_source(loader, loader->lint.path, NULL, &source))
		return false;
	loader->lint.source = source;
	return flatten(loader, &chain, source, &loader->terms);
}

bool
cfg_read_syntax(struct loader *loader)
{
	struct terms_options options = { 0 };
	const struct source *source;
	struct term *root;
	bool good, aliases;

	if (!read_source(loader, loader->lint.path, NULL, &source))
		return false;
	switch (cfg_dialect(loader, source)) {
	case CFG_DIALECT_NONE: return false;
	case CFG_DIALECT_YAML:
		source_comments(source, COMMENTS_HASH);
		good =
		    yaml_parse(&loader->arena, source, loader->findings, &root);
		return yaml_look(&loader->arena, source, loader->findings, root,
			   &aliases) &&
		       good;
	case CFG_DIALECT_TERMS: break;
	}
	source_comments(source, COMMENTS_PERCENT);
	return terms_check(source, &options, loader->findings);
}

#include "cfgparse/cfg_private.h"
#include "cfgparse/lint_edit.h"
/*
 * define_macro and its uses. An atom without a letter a..z is taken as the
 * use of a macro, wherever it stands; the first definition holds; a value is
 * put in once, so macros inside values stay as they are.
 */
#include <string.h>

#include "cfgparse/base/bytes.h"

struct macros {
	struct loader *loader;
	struct map values;  /* name -> the items of its define_macro tuple */
	struct map missing; /* names that were reported */
	bool parts_missing; /* of the text, that may have defined them */
};

static bool
is_macro_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] >= 'a' && name.ptr[i] <= 'z')
			return false;
	}
	return true;
}

static void
define(struct macros *macros, struct term *term)
{
	struct loader *loader = macros->loader;
	const struct term *name = &term->items[1];

	if (name->kind != TERM_ATOM || !is_macro_name(name->text)) {
		struct finding *finding = finding_at(loader, CFG_MACRO_FORM,
		    name, "%s can't name a macro",
		    lint_shown(&loader->lint, name));
		finding_hint(finding,
		    "write an atom of capitals in single quotes, such as "
		    "'MY_VALUE'");
		return;
	}
	const struct term *first = map_get(&macros->values, name->text);
	if (!first) {
		map_put(&macros->values, name->text, term->items);
		return;
	}
	struct finding *finding = finding_at(loader, CFG_MACRO_TWICE, name,
	    "the macro %s is defined already, and the first definition holds",
	    lint_shown(&loader->lint, name));
	lint_related(finding, &first[1], "first defined here");
	edit_remove(finding, true, term, term);
}

/* Makes the term a copy of the value that remembers where it was used. */
static void
put_in(struct macros *macros, const struct term *value, struct term *use)
{
	struct arena *arena = &macros->loader->arena;
	struct term_file *file = arena_alloc(arena, sizeof *file);
	struct span *origin = arena_alloc(arena, sizeof *origin);

	*origin = term_span(use);
	*file = *value->file;
	file->origin = origin;
	*use = *value;
	use->file = file;
}

static void
report_missing(struct macros *macros, struct term *use)
{
	struct loader *loader = macros->loader;

	loader->lint.incomplete = true;
	if (macros->parts_missing ||
	    map_put(&macros->missing, use->text, use)) {
		use->unknown = true;
		return;
	}
	struct finding *finding = finding_at(loader, CFG_MACRO_UNDEFINED, use,
	    "the macro %s is not defined", lint_shown(&loader->lint, use));
	finding_hint(finding,
	    "define it with {define_macro, %s, Value}; an atom without small "
	    "letters is always a macro, so write other names as strings",
	    lint_shown(&loader->lint, use));
	use->unknown = true;
}

static void
replace_use(struct macros *macros, struct term *term)
{
	const struct term *name = &term->items[1];
	const struct term *found = name->kind == TERM_ATOM
				       ? map_get(&macros->values, name->text)
				       : NULL;

	put_in(macros, found ? &found[2] : &term->items[2], term);
}

static void
replace(struct macros *macros, struct term *term)
{
	if (term->kind == TERM_ATOM) {
		if (!is_macro_name(term->text))
			return;
		const struct term *found = map_get(&macros->values, term->text);
		if (found)
			put_in(macros, &found[2], term);
		else
			report_missing(macros, term);
		return;
	}
	if (term_is_tagged(term, "use_macro", 3)) {
		replace_use(macros, term);
		return;
	}
	if (term->kind != TERM_LIST && term->kind != TERM_TUPLE)
		return;
	for (size_t i = 0; i < term->count; i++)
		replace(macros, &term->items[i]);
}

/* Where macros may be used, as far as the text tells: their names stand in
 * single quotes, but for that of use_macro, which may be any. Most of a large
 * file has neither, and isn't walked through. */
struct look {
	const struct source *source; /* the last one that was looked at */
	bool use_macro;		     /* stands in it */
};

static bool
may_use(struct look *look, const struct term *term)
{
	const struct source *source = term->file->source;
	struct str text = source->text;

	if (look->source != source) {
		look->source = source;
		look->use_macro = bytes_have(text, STR("use_macro"), false);
	}
	return look->use_macro ||
	       memchr(text.ptr + term->begin, '\'', term->end - term->begin);
}

void
cfg_expand_macros(struct loader *loader)
{
	struct macros macros = { .loader = loader,
		.parts_missing = loader->lint.incomplete };
	struct term_list *terms = &loader->terms;
	struct look look = { 0 };
	size_t kept = 0;

	for (size_t i = 0; i < terms->count; i++) {
		if (term_is_tagged(&terms->items[i], "define_macro", 3))
			define(&macros, &terms->items[i]);
		else
			terms->items[kept++] = terms->items[i];
	}
	terms->count = kept;
	for (size_t i = 0; i < terms->count; i++) {
		if (may_use(&look, &terms->items[i]))
			replace(&macros, &terms->items[i]);
	}
	map_fini(&macros.values);
	map_fini(&macros.missing);
}

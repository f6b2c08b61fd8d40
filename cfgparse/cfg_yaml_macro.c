#include "cfgparse/cfg_yaml.h"
/*
 * define_macro and define_keyword of YAML. A text that is a macro's name is
 * replaced by its value, macros in values included. From 25.03 on @NAME@ in a
 * text in double quotes is replaced too, and keywords are like macros that may
 * stand in any text.
 */
#include <string.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/map.h"
#include "cfgparse/base/suggest.h"
#include "cfgparse/model_yaml.h"
#include "cfgparse/source_lines.h"
#include "cfgparse/yaml.h"
#include "cfgparse/yaml_rules.h"

enum {
	NODES_MAX = 4 * 1000 * 1000,  /* that macros may add */
	BYTES_MAX = 16 * 1024 * 1024, /* of texts with names in them */
	NEAR_MAX = 64,		      /* macros that a typo is tried on */
};

struct macro {
	struct str name;
	const struct term *key;
	struct term *value;
	enum { FRESH, BUSY, DONE } state;
	size_t nodes, depth; /* of the value, once it is done */
	bool keyword;
	struct macro *next;
};

struct macros {
	struct loader *loader;
	struct map names;    /* -> struct macro */
	struct macro *first; /* of all */
	size_t count;
	struct map missing; /* names that were reported */
	size_t nodes, bytes;
	bool over;
	bool old;   /* a release in which capitals are macros, always */
	bool texts; /* @NAME@ is replaced in texts */
};

static void expand(
    struct macros *macros, struct term *term, size_t *nodes, size_t *depth);

/* --- definitions --- */

static bool
is_name(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			c == '_'))
			return false;
	}
	return text.len > 0;
}

static void
define(struct macros *macros, const struct term *key, struct term *value,
    bool keyword)
{
	struct loader *loader = macros->loader;
	struct finding *finding;
	struct str name;

	if (!value || !yaml_text(key, &name) || (!keyword && !is_name(name))) {
		finding = finding_at(loader, CFG_MACRO_FORM, key,
		    "%s can't name a macro", lint_shown(&loader->lint, key));
		finding_hint(finding,
		    "write capitals, digits and underscores only, such as "
		    "MY_VALUE");
		return;
	}
	struct macro *macro = map_get(&macros->names, name);
	if (macro) {
		finding = finding_at(loader, CFG_MACRO_TWICE, key,
		    "the macro %.*s is defined already", STR_ARG(name));
		lint_related(finding, macro->key, "first defined here");
		return;
	}
	macro = arena_alloc(&loader->arena, sizeof *macro);
	*macro = (struct macro){ name, key, value, FRESH, .keyword = keyword,
		.next = macros->first };
	macros->first = macro;
	macros->count++;
	map_put(&macros->names, name, macro);
}

static void
define_all(struct macros *macros, const struct term *value, bool keyword)
{
	struct pairs pairs = { .of = value };

	if (value->kind != TERM_MAP && value->kind != TERM_LIST) {
		struct finding *finding =
		    finding_at(macros->loader, CFG_MACRO_FORM, value,
			"expected names with their values, got %s",
			lint_shown(&macros->loader->lint, value));
		finding_hint(finding, "write NAME: VALUE below it");
		return;
	}
	while (pairs_next(&pairs))
		define(macros, pairs.key, (struct term *)(uintptr_t)pairs.value,
		    keyword);
}

/* --- uses --- */

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
report_over(struct macros *macros, const struct term *at, const char *message)
{
	if (!macros->over)
		lint_report(&macros->loader->lint, &yaml_rules[YAML_EXPANSION],
		    at, "%s", message);
	macros->over = true;
	macros->loader->lint.incomplete = true;
}

static void
use_macro(struct macros *macros, struct macro *macro, struct term *use,
    size_t *nodes, size_t *depth)
{
	if (macro->state == BUSY) {
		report_over(macros, use, "the macro contains itself");
		return;
	}
	if (macro->state == FRESH) {
		macro->state = BUSY;
		macro->nodes = macro->depth = 0;
		expand(macros, macro->value, &macro->nodes, &macro->depth);
		macro->state = DONE;
	}
	macros->nodes += macro->nodes;
	if (macros->nodes > NODES_MAX || macro->depth > YAML_DEPTH_MAX) {
		report_over(
		    macros, use, "the macros in macros make too large a value");
		return;
	}
	put_in(macros, macro->value, use);
	*nodes += macro->nodes;
	if (*depth < macro->depth)
		*depth = macro->depth;
}

static bool
is_capital(struct str text)
{
	bool any = false;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] >= 'a' && text.ptr[i] <= 'z')
			return false;
		any = any || (text.ptr[i] >= 'A' && text.ptr[i] <= 'Z');
	}
	return any;
}

/* Old releases stop at capitals that are no macro. To newer ones they are
 * text, as most are; only what is nearly a macro is worth a word. */
static void
look_for_typo(struct macros *macros, const struct term *use)
{
	struct suggest suggest = { .given = use->text };
	struct loader *loader = macros->loader;
	struct finding *finding;

	if (use->kind != TERM_ATOM || !is_capital(use->text) ||
	    use->text.len < 3)
		return;
	for (struct macro *m = macros->first;
	     m && macros->count <= NEAR_MAX && is_name(use->text); m = m->next)
		suggest_offer(&suggest, lint_text(&loader->lint, m->name));
	if ((!macros->old && !suggest.best) ||
	    map_put(&macros->missing, use->text, (void *)(uintptr_t)use))
		return;
	finding = finding_at(loader, CFG_MACRO_UNDEFINED, use,
	    "the macro %.*s is not defined", STR_ARG(use->text));
	if (suggest.best)
		finding_hint(finding, "did you mean %s?", suggest.best);
	else
		finding_hint(finding, "define it below define_macro, or put "
				      "the text in double quotes");
	if (!macros->old)
		finding_severity(finding, SEVERITY_WARNING);
}

/* The macro that @NAME@ at the start of the text names. */
static struct macro *
named(struct macros *macros, struct str text, const struct term *term,
    struct str *name)
{
	const char *end =
	    text.len > 2 ? memchr(text.ptr + 1, '@', text.len - 1) : NULL;

	if (!end)
		return NULL;
	*name = (struct str){ text.ptr + 1, (size_t)(end - text.ptr) - 1 };
	struct macro *macro = map_get(&macros->names, *name);
	struct str value;
	if (!macro || !yaml_text(macro->value, &value) ||
	    macro->value->kind == TERM_INTEGER)
		return NULL;
	/* Macros are for strings, with strings. */
	if (!macro->keyword && (term->kind != TERM_STRING || term->quoted ||
				   macro->value->kind != TERM_STRING))
		return NULL;
	return macro;
}

static void
expand_text(struct macros *macros, struct term *term)
{
	struct str rest = term->text, name;
	struct buf out = { 0 };
	bool any = false;

	if (!memchr(rest.ptr, '@', rest.len))
		return;
	while (rest.len) {
		struct macro *macro = NULL;
		struct str value = { rest.ptr, 1 };
		size_t len = 1;
		if (rest.ptr[0] == '@')
			macro = named(macros, rest, term, &name);
		if (macro) {
			yaml_text(macro->value, &value);
			len = name.len + 2;
			any = true;
		}
		macros->bytes += macro ? value.len : 0;
		if (macros->bytes > BYTES_MAX) {
			report_over(macros, term,
			    "the macros in texts make too large a text");
			break;
		}
		buf_add(&out, value);
		rest.ptr += len;
		rest.len -= len;
	}
	if (any)
		term->text = arena_str(&macros->loader->arena, buf_str(&out));
	buf_fini(&out);
}

static void
expand(struct macros *macros, struct term *term, size_t *nodes, size_t *depth)
{
	size_t deepest = 0;
	struct str text;

	++*nodes;
	if (macros->over)
		return;
	if (term->kind == TERM_MAP || term->kind == TERM_LIST) {
		bool map = term->kind == TERM_MAP;
		for (size_t i = map; i < term->count; i += 1 + map) {
			size_t below = 0;
			expand(macros, &term->items[i], nodes, &below);
			if (deepest < below)
				deepest = below;
		}
		*depth = deepest + 1;
		return;
	}
	*depth = 1;
	if (!yaml_text(term, &text) || term->kind == TERM_INTEGER ||
	    text.len == 0)
		return;
	struct macro *macro = map_get(&macros->names, text);
	/* Texts in double quotes are compared from 19.09 on. */
	if (macro && (!macros->old || term->kind == TERM_ATOM || term->quoted))
		use_macro(macros, macro, term, nodes, depth);
	else if (macros->texts && macros->count)
		expand_text(macros, term);
	if (!macro && macros->loader->lint.incomplete && is_name(text) &&
	    is_capital(text))
		term->unknown = true; /* its definition may be at fault */
	else if (!macro)
		look_for_typo(macros, term);
}

void
cfg_expand_yaml(struct loader *loader)
{
	const struct target *target = loader->lint.target;
	struct macros macros = { .loader = loader };
	struct term_list *terms = &loader->terms;
	size_t kept = 0;

	macros.old = target && target->release && target->release < 1909;
	macros.texts = !target || !target->release || target->release >= 2503;
	for (size_t i = 0; i < terms->count; i += 2) {
		struct term *key = &terms->items[i];
		bool macro = term_is_atom(key, "define_macro");

		if (macro ||
		    (term_is_atom(key, "define_keyword") && macros.texts)) {
			define_all(&macros, key + 1, !macro);
			continue;
		}
		terms->items[kept] = key[0];
		terms->items[kept + 1] = key[1];
		kept += 2;
	}
	terms->count = kept;
	for (size_t i = 0; i < kept; i += 2) {
		size_t nodes = 0, depth = 0;
		expand(&macros, &terms->items[i + 1], &nodes, &depth);
	}
	map_fini(&macros.names);
	map_fini(&macros.missing);
}

#include "cfgparse/cfg_private.h"
/*
 * Small things that all files of the loader need.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/utf8.h"
#include "cfgparse/terms.h"

enum { SHOWN_MAX = 60 };

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

struct finding *
finding_at(struct loader *loader, enum cfg_rule rule, const struct term *term,
    const char *message, ...)
{
	va_list args;
	char *text;

	va_start(args, message);
	if (vasprintf(&text, message, args) < 0)
		abort();
	va_end(args);
	struct span span = { .source = loader->source };
	if (term)
		span = term_span(term);
	struct finding *finding =
	    finding_add(loader->findings, &cfg_rules[rule], &span, "%s", text);
	free(text);
	if (term && term->file->origin)
		finding_related(finding, term->file->origin, "used here");
	return finding;
}

void
finding_related_at(
    struct finding *finding, const struct term *term, const char *message)
{
	struct span span = term_span(term);

	finding_related(finding, &span, "%s", message);
}

const char *
term_shown(struct loader *loader, const struct term *term)
{
	struct buf buf = { 0 };

	/* A list of lists may be huge; its kind says enough. */
	if ((term->kind == TERM_LIST || term->kind == TERM_MAP) &&
	    term->count > 8)
		return term->kind == TERM_LIST ? "a list" : "a map";
	terms_dump(&buf, term, false);
	struct str text = buf_str(&buf);
	if (text.len > SHOWN_MAX) {
		text.len = SHOWN_MAX;
		while (text.len &&
		       ((unsigned char)text.ptr[text.len] & 0xc0) == 0x80)
			text.len--;
		const char *cut =
		    arena_printf(&loader->arena, "%.*s...", STR_ARG(text));
		buf_fini(&buf);
		return cut;
	}
	const char *all = arena_memdup(&loader->arena, text.ptr, text.len);
	buf_fini(&buf);
	return all;
}

bool
term_word(struct loader *loader, const struct term *term, struct str *word)
{
	if (term->kind == TERM_ATOM) {
		*word = term->text;
		return true;
	}
	return term_text(&loader->arena, term, word);
}

struct cfg_place
place_of(struct loader *loader, const struct term *term)
{
	struct span span = term_span(term);

	return (struct cfg_place){
		.file = arena_strdup(&loader->frozen->arena,
		    span.source ? span.source->name : loader->path),
		.line = span.begin.line,
		.column = span.begin.column,
	};
}

const char *
path_of(struct loader *loader, struct str name)
{
	struct str directory = loader->directory;

	if (name.len && name.ptr[0] == '/')
		directory.len = 0;
	return arena_printf(&loader->frozen->arena, "%.*s%.*s",
	    STR_ARG(directory), STR_ARG(name));
}

const struct term *
option_value(const struct term *list, const char *name)
{
	if (list->kind != TERM_LIST)
		return NULL;
	for (size_t i = 0; i < list->count; i++) {
		if (term_is_tagged(&list->items[i], name, 2))
			return &list->items[i].items[1];
	}
	return NULL;
}

bool
option_flag(const struct term *list, const char *name)
{
	for (size_t i = 0; list->kind == TERM_LIST && i < list->count; i++) {
		const struct term *item = &list->items[i];
		if (term_is_atom(item, name))
			return true;
		if (term_is_tagged(item, name, 2))
			return term_is_atom(&item->items[1], "true");
	}
	return false;
}

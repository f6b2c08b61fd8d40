#include "cfgparse/rewrite_check.h"

#include "cfgparse/base/buf.h"
#include "cfgparse/base/map.h"
#include "cfgparse/lint.h"
#include "cfgparse/model.h"
#include "cfgparse/terms.h"
#include "cfgparse/yaml_print.h"

/* As deep as any value that a configuration means something by. */
enum { DEPTH_MAX = 400 };

/* --- quoting --- */

/* Text that YAML reads as such without quotes: a path, in short. */
static bool
is_plain_path(struct str text)
{
	bool slash = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		slash = slash || c == '/';
		if (!letter && c != '/' &&
		    !(i && ((c >= '0' && c <= '9') || strchr("_.+-", c))))
			return false;
	}
	return slash;
}

static bool
fits_single_quotes(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < ' ' || c == 127 || c == '\'')
			return false;
	}
	return true;
}

static void
quote_yaml(struct buf *out, const struct term *old, struct str text)
{
	struct str whole = old->file->source->text;
	char first = old->begin < whole.len ? whole.ptr[old->begin] : '\0';

	if (first == '\'' && fits_single_quotes(text))
		buf_printf(out, "'%.*s'", STR_ARG(text));
	else if (old->kind == TERM_ATOM && is_plain_path(text))
		buf_add(out, text);
	else
		yaml_print_text(out, text, true);
}

static bool
is_ascii(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] >= 0x80)
			return false;
	return true;
}

void
rewrite_quote(struct buf *out, const struct term *old, struct str text)
{
	struct term term = { .kind = TERM_STRING, .text = text };

	if (old->file->yaml) {
		quote_yaml(out, old, text);
		return;
	}
	if (old->kind == TERM_BINARY)
		buf_puts(out, "<<");
	terms_dump(out, &term, false);
	if (old->kind == TERM_BINARY)
		buf_puts(out, is_ascii(text) ? ">>" : "/utf8>>");
}

/* --- comparing --- */

struct comparison {
	const struct lint *before;
	struct rewrite *rewrite;
	struct map changes; /* place -> struct rewrite_change */
	struct buf key;
	const char *why;
	bool same;
};

/* A term is known by where it was written, and a macro's value also by where
 * the macro is used. The key is valid until the next one. */
static struct str
key_of(struct buf *key, const struct term *term)
{
	const struct span *origin = term->file->origin;
	uint64_t place = (uint64_t)term->begin << 32 | term->end;

	buf_clear(key);
	buf_append(key, &place, sizeof place);
	if (origin) {
		buf_append(key, &origin->begin, sizeof origin->begin);
		buf_append(key, origin->source->name,
		    strlen(origin->source->name) + 1);
	}
	buf_puts(key, term->file->source->name);
	return buf_str(key);
}

static const struct rewrite_change *
change_of(struct comparison *comparison, const struct term *term)
{
	return map_get(&comparison->changes, key_of(&comparison->key, term));
}

static bool
differs(struct comparison *comparison, const struct term *at)
{
	struct arena *arena = &comparison->rewrite->arena;
	const struct span *origin = at->file->origin;
	struct span span = term_span(at);

	if (comparison->same && origin)
		comparison->why = arena_printf(arena,
		    "%s:%u: this macro is used at %s:%u too, which has to stay "
		    "as it is",
		    span.source->name, (unsigned)span.begin.line,
		    origin->source->name, (unsigned)origin->begin.line);
	else if (comparison->same)
		comparison->why = arena_printf(arena,
		    "%s:%u: this would mean something else afterwards",
		    span.source->name, (unsigned)span.begin.line);
	comparison->same = false;
	return false;
}

static bool
is_text(const struct term *term, struct str text)
{
	struct arena arena = { 0 };
	struct str word;
	bool same;

	same = term->kind == TERM_ATOM
		   ? str_eq(term->text, text)
		   : term_text(&arena, term, &word) && str_eq(word, text);
	arena_fini(&arena);
	return same;
}

static bool
is_changed_so(const struct rewrite_change *change, const struct term *now)
{
	if (!change->list)
		return is_text(now, change->text);
	return now->kind == TERM_LIST && now->count == 1 && !now->improper &&
	       is_text(&now->items[0], change->text);
}

static bool
same_leaf(const struct term *old, const struct term *now)
{
	switch (old->kind) {
	case TERM_ATOM:
	case TERM_INTEGER:
	case TERM_STRING: return str_eq(old->text, now->text);
	case TERM_FLOAT:
		return memcmp(&old->number, &now->number, sizeof old->number) ==
		       0;
	case TERM_BINARY:
		return old->bits == now->bits &&
		       memcmp(old->bytes, now->bytes, (old->bits + 7) / 8) == 0;
	case TERM_FUN:
		return str_eq(old->fun->module, now->fun->module) &&
		       str_eq(old->fun->function, now->fun->function) &&
		       str_eq(old->fun->arity, now->fun->arity);
	default: return true;
	}
}

static bool
compare_terms(struct comparison *comparison, const struct term *old,
    const struct term *now, unsigned depth)
{
	const struct rewrite_change *change = change_of(comparison, old);
	bool children = old->kind == TERM_LIST || old->kind == TERM_TUPLE ||
			old->kind == TERM_MAP;

	if (change)
		return is_changed_so(change, now) || differs(comparison, old);
	if (depth == DEPTH_MAX || old->kind != now->kind ||
	    old->quoted != now->quoted || old->improper != now->improper)
		return differs(comparison, old);
	if (!children)
		return same_leaf(old, now) || differs(comparison, old);
	if (old->count != now->count)
		return differs(comparison, old);
	for (size_t i = 0; i < old->count + old->improper; i++)
		if (!compare_terms(
			comparison, &old->items[i], &now->items[i], depth + 1))
			return false;
	return true;
}

static bool
same_host(const struct model_host *old, const struct model_host *now)
{
	return !old == !now && (!old || str_eq(old->name, now->name));
}

static void
compare_models(struct comparison *comparison, const struct model *now)
{
	const struct model *old = comparison->before->model;

	for (size_t i = 0; i < old->setting_count; i++) {
		const struct model_setting *one = old->in_order[i];
		const struct model_setting *two =
		    i < now->setting_count ? now->in_order[i] : NULL;
		const struct term *value = one->option.value;

		if (!two || !str_eq(one->option.name, two->option.name) ||
		    !same_host(one->host, two->host) || one->add != two->add ||
		    !value != !two->option.value ||
		    (value && !compare_terms(
				  comparison, value, two->option.value, 0)) ||
		    !compare_terms(
			comparison, one->option.whole, two->option.whole, 0)) {
			differs(comparison, one->option.key);
			return;
		}
	}
	if (comparison->same && now->setting_count != old->setting_count) {
		comparison->same = false;
		comparison->why = "there would be further options afterwards";
	}
}

static void
on_read(void *context, struct lint *lint)
{
	struct comparison *comparison = context;

	comparison->same = true;
	if (lint->incomplete && !comparison->before->incomplete)
		comparison->same = false;
	else
		compare_models(comparison, lint->model);
}

bool
rewrite_check(const struct lint *before, const struct cfg_load_options *options,
    struct rewrite *rewrite, const struct rewrite_change *changes, size_t count,
    const char **why)
{
	struct comparison comparison = { .before = before,
		.rewrite = rewrite,
		.why = "what would be written can't be read again" };
	struct cfg_load_options again = *options;
	struct findings *findings = findings_create("xmpp-cfglint");

	for (size_t i = 0; i < count; i++)
		map_put(&comparison.changes,
		    key_of(&comparison.key, changes[i].term),
		    (void *)(uintptr_t)&changes[i]);
	again.text_of = rewrite_text;
	again.text_context = rewrite;
	again.look = on_read;
	again.look_context = &comparison;
	cfg_load(before->path, &again, findings, NULL);
	findings_destroy(&findings);
	map_fini(&comparison.changes);
	buf_fini(&comparison.key);
	*why = comparison.same ? NULL : comparison.why;
	return comparison.same;
}

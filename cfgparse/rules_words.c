#include "cfgparse/rules_words.h"
/*
 * Texts that the rules of several families read and write.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/target.h"

bool
lint_word(struct lint *lint, const struct term *term, struct str *text)
{
	if (term->kind == TERM_ATOM || term->kind == TERM_INTEGER) {
		*text = term->text;
		return true;
	}
	return term_text(lint->arena, term, text);
}

const char *
lint_module(struct lint *lint, const struct term *near, const char *module)
{
	return arena_printf(
	    lint->arena, near->file->yaml ? "%s: {}" : "{%s, []}", module);
}

const char *
lint_for_host(struct lint *lint, const struct model_host *host)
{
	if (!host)
		return "";
	return arena_printf(lint->arena, " for %.*s", STR_ARG(host->name));
}

bool
lint_release_from(const struct lint *lint, unsigned release)
{
	return lint->for_xmppd || lint->target->release >= release;
}

size_t
lint_pairs(const struct term *term)
{
	if (term->kind == TERM_MAP)
		return term->count / 2;
	return term->kind == TERM_LIST ? term->count : 0;
}

bool
lint_pair(const struct term *term, size_t i, const struct term **key,
    const struct term **value)
{
	if (term->kind == TERM_MAP) {
		*key = &term->items[2 * i];
		*value = &term->items[2 * i + 1];
		return true;
	}
	const struct term *item = &term->items[i];
	if (item->count != 2 ||
	    (item->kind != TERM_TUPLE && item->kind != TERM_MAP))
		return false;
	*key = &item->items[0];
	*value = &item->items[1];
	return true;
}

const struct term *
lint_global(struct lint *lint, const char *option)
{
	const struct model_setting *setting =
	    model_setting(lint->model, option, NULL);

	return setting ? setting->option.value : NULL;
}

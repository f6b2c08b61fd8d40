#include "cfgparse/question_merge.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/terms_order.h"

static bool
is_list(const struct term *term)
{
	return term && term->kind == TERM_LIST && !term->improper;
}

/* Is the key of a pair also in the map? */
static bool
has_key(const struct term *map, const struct term *key)
{
	for (size_t i = 0; i < map->count; i += 2) {
		if (terms_compare(&map->items[i], key) == 0)
			return true;
	}
	return false;
}

/* One list behind the other, one map with the pairs of both, those of the
 * second where both have one; the second alone where they don't fit. */
static const struct term *
put_together(
    struct lint *lint, const struct term *first, const struct term *second)
{
	bool maps = first && first->kind == TERM_MAP && second &&
		    second->kind == TERM_MAP;
	size_t count = 0;

	if (!maps && (!is_list(first) || !is_list(second)))
		return second;
	struct term *items = arena_array(
	    lint->arena, first->count + second->count + 1, sizeof *items);
	for (size_t i = 0; i < first->count; i += 1 + maps) {
		if (maps && has_key(second, &first->items[i]))
			continue;
		for (size_t j = 0; j <= (size_t)maps; j++)
			items[count++] = first->items[i + j];
	}
	for (size_t i = 0; i < second->count; i++)
		items[count++] = second->items[i];
	struct term *merged = arena_alloc(lint->arena, sizeof *merged);
	*merged = *second;
	merged->items = items;
	merged->count = count;
	return merged;
}

bool
question_merge(struct lint *lint, const struct model_setting *setting,
    const struct model_host *host,
    bool (*holds)(const void *context, const struct model_setting *setting),
    const void *context, const struct term **value)
{
	const struct model_setting *base = setting->all->last_global, *first;

	first = NULL; /* of those that only add */
	for (const struct model_setting *s = setting->all->first; s;
	     s = s->next) {
		if (s->host != host || !holds(context, s))
			continue;
		if (!s->add)
			base = s;
		else if (!first)
			first = s;
	}
	if (base && !holds(context, base))
		base = NULL;
	if (setting != (base ? base : first))
		return false;
	*value = base ? base->option.value : NULL;
	for (const struct model_setting *s = first; s; s = s->next) {
		if (s->host == host && s->add && holds(context, s))
			*value = put_together(lint, *value, s->option.value);
	}
	return true;
}

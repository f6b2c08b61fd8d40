#include "cfgparse/cfg_frozen.h"
/*
 * Freezing access rules and shapers.
 */

/* A line whose acls must all match. */
static void
freeze_line(struct freezer *freezer, const struct model_line *from,
    struct access_line *line)
{
	line->result = frozen_text(freezer, from->result);
	line->acl = from->count
			? frozen_text(freezer, from->conditions[0].first)
			: "none";
}

static void
freeze_rule(struct freezer *freezer, const struct model_access *from,
    struct access_rule *rule)
{
	struct access_line *lines = arena_array(
	    &freezer->frozen->arena, from->count + 1, sizeof *lines);

	for (size_t i = 0; i < from->count; i++)
		freeze_line(freezer, &from->lines[i], &lines[i]);
	rule->lines = lines;
	rule->count = from->count;
}

/* Of several for one host the last holds. */
static void
freeze_rules(
    struct freezer *freezer, struct str name, const struct model_access *first)
{
	struct frozen *frozen = freezer->frozen;
	struct access_rule *rules = NULL;

	for (const struct model_access *from = first; from; from = from->next) {
		if (pair_map_get(&freezer->model->own, from->host, first) !=
		    from)
			continue;
		struct access_rule *rule =
		    arena_alloc(&frozen->arena, sizeof *rule);
		if (from->host)
			rule->host = frozen_text(freezer, from->host->name);
		freeze_rule(freezer, from, rule);
		rule->next = rules;
		rules = rule;
	}
	if (rules)
		map_put(&frozen->access, name, rules);
}

void
freeze_access(struct freezer *freezer)
{
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	while (map_next(&freezer->model->accesses, &walk, &name, &value))
		freeze_rules(freezer, name, value);
}

void
freeze_shapers(struct freezer *freezer)
{
	struct cfg *cfg = &freezer->frozen->cfg;
	struct cfg_shaper *shapers = arena_array(&freezer->frozen->arena,
	    map_count(&freezer->model->shapers), sizeof *shapers);
	struct map_walk walk = { 0 };
	struct str name;
	void *value;

	while (map_next(&freezer->model->shapers, &walk, &name, &value)) {
		const struct model_shaper *from, *global = NULL;

		/* Those of a host have no effect; the last one holds. */
		for (from = value; from; from = from->next) {
			if (!from->host)
				global = from;
		}
		if (!global || global->rate < 0)
			continue;
		shapers[cfg->shaper_count++] =
		    (struct cfg_shaper){ frozen_text(freezer, name),
			    global->rate };
	}
	cfg->shapers = shapers;
}

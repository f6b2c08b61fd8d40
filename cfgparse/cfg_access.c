#include "cfgparse/cfg_frozen.h"
/*
 * Freezing shapers.
 */

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

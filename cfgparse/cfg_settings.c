#include "cfgparse/cfg_frozen.h"
/*
 * Freezing what holds for the whole server, and texts and files that all
 * steps name.
 */
#include <string.h>

enum {
	LOGLEVEL_DEFAULT = 4,
	REGISTRATION_TIMEOUT_DEFAULT = 600,
	CERTFILES_MAX = 10000
};

const char *
frozen_text(struct freezer *freezer, struct str text)
{
	return arena_memdup(&freezer->frozen->arena, text.ptr, text.len);
}

bool
frozen_word(struct freezer *freezer, const struct term *term, struct str *word)
{
	return model_word(term, word) ||
	       term_text(freezer->lint->arena, term, word);
}

/* --- certificates --- */

static void
remember(struct freezer *freezer, const char *path, const struct term *at)
{
	struct cfg *cfg = &freezer->frozen->cfg;
	const char **files = (const char **)(uintptr_t)cfg->certfiles;
	struct span *spans = (struct span *)(uintptr_t)cfg->certfile_spans;

	/* Room for all was made by freeze_globals. */
	if (cfg->certfile_count == freezer->certfile_room)
		return;
	files[cfg->certfile_count] = path;
	spans[cfg->certfile_count++] = term_span(at);
	map_put(&freezer->certfiles, str_of(path), (void *)(uintptr_t)path);
}

const char *
frozen_certfile(struct freezer *freezer, const struct term *name)
{
	struct str directory = freezer->lint->directory;
	struct str text;

	if (!name || !frozen_word(freezer, name, &text) || text.len == 0 ||
	    memchr(text.ptr, '\0', text.len))
		return NULL;
	if (text.ptr[0] == '/')
		directory.len = 0;
	const char *path = arena_printf(&freezer->frozen->arena, "%.*s%.*s",
	    STR_ARG(directory), STR_ARG(text));
	const char *known = map_get(&freezer->certfiles, str_of(path));
	if (known)
		return known;
	remember(freezer, path, name);
	return path;
}

/* Files are not looked into here, so of several the first is for all. */
const char *
frozen_default_certfile(struct freezer *freezer)
{
	const struct model_setting *setting =
	    model_setting(freezer->model, "certfiles", NULL);
	const struct term *list = setting ? setting->option.value : NULL;

	if (!list || list->kind != TERM_LIST || list->count == 0)
		return NULL;
	return frozen_certfile(freezer, &list->items[0]);
}

static size_t
count_of(const struct model *model, const char *name)
{
	const struct model_settings *all = model_settings(model, name);

	return all ? all->count : 0;
}

static void
make_room_for_certfiles(struct freezer *freezer)
{
	const struct model *model = freezer->model;
	struct cfg *cfg = &freezer->frozen->cfg;
	size_t most =
	    model->listener_count + 1 + count_of(model, "domain_certfile") +
	    count_of(model, "s2s_certfile") + count_of(model, "c2s_certfile");

	if (most > CERTFILES_MAX)
		most = CERTFILES_MAX;
	freezer->certfile_room = most;
	cfg->certfiles =
	    arena_array(&freezer->frozen->arena, most, sizeof(const char *));
	cfg->certfile_spans =
	    arena_array(&freezer->frozen->arena, most, sizeof(struct span));
}

void
freeze_idle_certfiles(struct freezer *freezer)
{
	static const char *const names[] = { "s2s_certfile", "c2s_certfile" };
	const struct model *model = freezer->model;
	struct cfg *cfg = &freezer->frozen->cfg;
	size_t served = cfg->certfile_count;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct model_settings *all =
		    model_settings(model, names[i]);
		const struct model_setting *s = all ? all->first : NULL;

		for (; s; s = s->next)
			frozen_certfile(freezer, s->option.value);
	}
	for (size_t i = 0; i < model->listener_count; i++) {
		const struct model_option *option =
		    model_option(&model->listeners[i].options, "certfile");

		if (option)
			frozen_certfile(freezer, option->value);
	}
	cfg->idle_certfile_count = cfg->certfile_count - served;
	cfg->certfile_count = served;
}

/* --- the rest --- */

static const struct term *
value_of(struct freezer *freezer, const char *name)
{
	const struct model_setting *setting =
	    model_setting(freezer->model, name, NULL);

	return setting ? setting->option.value : NULL;
}

static int
read_loglevel(const struct term *value)
{
	static const struct {
		const char *name;
		int level;
	} names[] = { { "no_log", 0 }, { "none", 0 }, { "emergency", 1 },
		{ "alert", 1 }, { "critical", 1 }, { "error", 2 },
		{ "warning", 3 }, { "notice", 4 }, { "info", 4 },
		{ "debug", 5 } };
	int64_t number;

	/* {Level, [{Module, Level}]}: the modules are the old code's. */
	if (value && value->kind == TERM_TUPLE && value->count == 2)
		value = &value->items[0];
	if (!value)
		return LOGLEVEL_DEFAULT;
	if (term_int(value, &number) && number >= 0 && number <= 5)
		return (int)number;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (term_is_atom(value, names[i].name))
			return names[i].level;
	}
	return LOGLEVEL_DEFAULT;
}

static unsigned
read_timeout(const struct term *value)
{
	int64_t number;

	if (value && term_is_atom(value, "infinity"))
		return 0;
	if (value && term_int(value, &number) && number >= 0 &&
	    number <= INT32_MAX)
		return (unsigned)number;
	return REGISTRATION_TIMEOUT_DEFAULT;
}

void
freeze_globals(struct freezer *freezer)
{
	struct cfg *cfg = &freezer->frozen->cfg;
	const struct term *language = value_of(freezer, "language");
	struct str text;

	make_room_for_certfiles(freezer);
	cfg->loglevel = read_loglevel(value_of(freezer, "loglevel"));
	cfg->language = "en";
	if (language && frozen_word(freezer, language, &text) && text.len)
		cfg->language = frozen_text(freezer, text);
	cfg->registration_timeout_s =
	    read_timeout(value_of(freezer, "registration_timeout"));
}

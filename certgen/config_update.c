#include "certgen/config_update.h"

#include "certgen/pem.h"
#include "certgen/pem_identity.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/findings.h"
#include "cfgparse/hostname.h"
#include "cfgparse/lint.h"
#include "cfgparse/model.h"
#include "cfgparse/rewrite_check.h"

#include <string.h>

/* One update; what the configuration says is there only while it's looked at.
 */
struct update {
	struct arena *arena;
	struct str path;	      /* of the PEM */
	struct pem_identity identity; /* of the PEM's certificate */
	struct cfg_load_options load;
	struct lint *lint;
	struct rewrite rewrite;
	struct rewrite_change *changes;
	size_t count, cap;
	size_t named; /* values that name it already */
	FILE *diff;
	enum config_update_status status;
	const char *why;
};

static bool
refuse(struct update *update, const char *why)
{
	update->status = CONFIG_NOT_UPDATED;
	update->why = why;
	return false;
}

static bool
refuse_at(struct update *update, const struct term *term, const char *why)
{
	struct span span = term_span(term);

	return refuse(
	    update, arena_printf(update->arena, "%s:%u: %s", span.source->name,
			(unsigned)span.begin.line, why));
}

/* --- edits --- */

static void
add_change(struct update *update, const struct term *term, bool list)
{
	struct rewrite_change *changes = update->changes;

	if (update->count == update->cap) {
		update->cap = update->cap ? update->cap * 2 : 16;
		changes =
		    arena_array(update->arena, update->cap, sizeof(*changes));
		if (update->count)
			memcpy(changes, update->changes,
			    update->count * sizeof(*changes));
		update->changes = changes;
	}
	changes[update->count++] = (struct rewrite_change){
		.term = term, .text = update->path, .list = list
	};
}

static struct str
written(const struct term *term)
{
	struct str text = term->file->source->text;

	return (struct str){ text.ptr + term->begin,
		(size_t)(term->end - term->begin) };
}

/* "/etc/@NAME@.pem": what is written isn't what is meant. */
static bool
is_put_together(const struct term *term, struct str text)
{
	struct str raw = written(term);

	return memchr(raw.ptr, '@', raw.len) &&
	       !memmem(raw.ptr, raw.len, text.ptr, text.len);
}

static bool
replace_text(struct update *update, const struct term *term)
{
	struct buf quoted = { 0 };
	struct str text;

	if (!model_word(term, &text) && !term_text(update->arena, term, &text))
		return refuse_at(update, term,
		    "what stands here isn't the name of a file: correct it "
		    "first");
	if (is_put_together(term, text))
		return refuse_at(update, term,
		    "this path is put together with a macro: write it out "
		    "first");
	rewrite_quote(&quoted, term, update->path);
	rewrite_replace(&update->rewrite, term->file->source, term->begin,
	    term->end, buf_str(&quoted));
	buf_fini(&quoted);
	return true;
}

static bool
names_it(struct update *update, const struct term *term)
{
	struct str text;

	return (model_word(term, &text) ||
		   term_text(update->arena, term, &text)) &&
	       str_eq(text, update->path);
}

static bool
update_value(struct update *update, const struct term *term)
{
	if (names_it(update, term)) {
		update->named++;
		return true;
	}
	add_change(update, term, false);
	return replace_text(update, term);
}

/* The dash that makes the term an item of a YAML list, or NULL. */
static const char *
dash_before(struct str text, size_t at)
{
	while (at > 0 && (text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '\t'))
		at--;
	return at > 0 && text.ptr[at - 1] == '-' ? text.ptr + at - 1 : NULL;
}

static bool
is_blank(const char *from, const char *to)
{
	for (; from < to; from++)
		if (*from != ' ' && *from != '\t' && *from != '\r')
			return false;
	return true;
}

/* Takes the line away, or what is on it before a comment. */
static void
remove_dashed(struct update *update, const struct term *term, const char *dash)
{
	const struct source *source = term->file->source;
	struct str text = source->text;
	const char *from = dash, *to = text.ptr + term->end;
	const char *stop = text.ptr + text.len;
	const char *feed = memchr(to, '\n', (size_t)(stop - to));
	const char *end = feed ? feed : stop;

	while (from > text.ptr && from[-1] != '\n')
		from--;
	if (is_blank(from, dash) && is_blank(to, end))
		to = feed ? feed + 1 : stop;
	else
		from = dash;
	while (from == dash && to < end && str_is_blank(*to))
		to++;
	rewrite_replace(&update->rewrite, source, (size_t)(from - text.ptr),
	    (size_t)(to - text.ptr), STR(""));
}

/* Takes the comma before the item away too. */
static bool
remove_item(
    struct update *update, const struct term *before, const struct term *term)
{
	const struct source *source = term->file->source;
	const char *dash = dash_before(source->text, term->begin);
	size_t i, commas = 0;

	if (dash && term->file->yaml) {
		remove_dashed(update, term, dash);
		return true;
	}
	if (before->file != term->file || before->end > term->begin)
		return refuse_at(
		    update, term, "leave only one file in this list first");
	for (i = before->end; i < term->begin; i++) {
		char c = source->text.ptr[i];

		commas += c == ',';
		if (c != ',' && c != '\n' && !str_is_blank(c))
			return refuse_at(update, term,
			    "leave only one file in this list first");
	}
	rewrite_replace(
	    &update->rewrite, source, before->end, term->end, STR(""));
	return commas == 1 || refuse_at(update, term,
				  "leave only one file in this list first");
}

/* certfiles: what is left is one item. */
static bool
update_list(struct update *update, const struct term *list)
{
	size_t i;

	if (list->kind != TERM_LIST)
		return update_value(update, list);
	if (list->count == 1)
		return update_value(update, &list->items[0]);
	if (list->count == 0)
		return true;
	add_change(update, list, true);
	if (!names_it(update, &list->items[0]) &&
	    !replace_text(update, &list->items[0]))
		return false;
	for (i = 1; i < list->count; i++)
		if (!remove_item(update, &list->items[i - 1], &list->items[i]))
			return false;
	return true;
}

/* --- places --- */

static bool
proves(struct update *update, struct str host)
{
	return pem_identity_covers(&update->identity,
		   arena_memdup(update->arena, host.ptr, host.len)) != 0;
}

/* {domain_certfile, Host, File}, or below the host in YAML. */
static const struct model_host *
host_of(struct update *update, const struct model_setting *setting)
{
	const struct term *whole = setting->option.whole;
	char name[HOSTNAME_MAX + 1];
	struct str text;

	if (whole->kind != TERM_TUPLE || whole->count != 3)
		return setting->host;
	if (!term_text(update->arena, &whole->items[1], &text) ||
	    !hostname_prepare(text, name))
		return NULL;
	return model_host(update->lint->model, str_of(name));
}

static const struct model_settings *
own_settings(const struct update *update)
{
	return model_settings(update->lint->model, "domain_certfile");
}

/* A host that the PEM would have to prove for all to be its own; or NULL. */
static const struct model_host *
find_unproven(struct update *update)
{
	const struct model *model = update->lint->model;
	const struct model_settings *own = own_settings(update);
	const struct model_setting *setting;
	struct map has_own = { 0 };
	const struct model_host *found = NULL;
	size_t i;

	for (setting = own ? own->first : NULL; setting;
	     setting = setting->next) {
		const struct model_host *host = host_of(update, setting);

		if (host)
			map_put(&has_own, host->name, (void *)(uintptr_t)host);
	}
	for (i = 0; i < model->host_count && !found; i++) {
		const struct model_host *host = model->hosts[i];

		if (host->served && !map_get(&has_own, host->name) &&
		    !proves(update, host->name))
			found = host;
	}
	map_fini(&has_own);
	return found;
}

static bool
update_own(struct update *update)
{
	const struct model_settings *own = own_settings(update);
	const struct model_setting *setting;

	for (setting = own ? own->first : NULL; setting;
	     setting = setting->next) {
		const struct model_host *host = host_of(update, setting);

		if (host && setting->option.value &&
		    proves(update, host->name) &&
		    !update_value(update, setting->option.value))
			return false;
	}
	return true;
}

/* The options of all hosts and the listeners', one after the other: setting
 * and listener say where the walk is. NULL at the end. */
struct shared_walk {
	const struct model_setting *setting;
	size_t name, listener;
};

static const struct term *
shared_next(const struct model *model, struct shared_walk *walk)
{
	static const char *const names[] = { "certfiles", "c2s_certfile",
		"s2s_certfile" };

	for (;;) {
		const struct model_setting *setting = walk->setting;

		if (setting) {
			walk->setting = setting->next;
			if (setting->option.value)
				return setting->option.value;
			continue;
		}
		if (walk->name == sizeof(names) / sizeof(names[0]))
			break;
		const struct model_settings *all =
		    model_settings(model, names[walk->name++]);
		walk->setting = all ? all->first : NULL;
	}
	while (walk->listener < model->listener_count) {
		const struct model_option *option = model_option(
		    &model->listeners[walk->listener++].options, "certfile");

		if (option && option->value)
			return option->value;
	}
	return NULL;
}

static bool
update_shared(struct update *update)
{
	struct shared_walk walk = { 0 };
	const struct term *value;

	while ((value = shared_next(update->lint->model, &walk)))
		if (!update_list(update, value))
			return false;
	return true;
}

static bool
collect(struct update *update)
{
	const struct model_host *unproven;
	struct shared_walk walk = { 0 };
	const struct term *shared;

	if (update->lint->incomplete)
		return refuse(update,
		    arena_printf(update->arena,
			"%s can't be understood as a whole, so it is left "
			"alone: xmpp-cfglint says what is wrong with it",
			update->lint->path));
	if (!update_own(update))
		return false;
	unproven = find_unproven(update);
	if (!unproven)
		return update_shared(update);
	shared = shared_next(update->lint->model, &walk);
	if (!shared || update->count + update->named > 0)
		return true;
	return refuse_at(update, shared,
	    arena_printf(update->arena,
		"what is named here is for %.*s too, which the certificate "
		"isn't for: make it for that host too, or give each host a "
		"domain_certfile",
		STR_ARG(unproven->name)));
}

/* --- the way --- */

static bool
carry_out(struct update *update)
{
	const char *why;

	if (!rewrite_apply(&update->rewrite, &why) ||
	    !rewrite_check(update->lint, &update->load, &update->rewrite,
		update->changes, update->count, &why))
		return refuse(
		    update, arena_printf(update->arena,
				"%s; the configuration is left as it is", why));
	if (update->diff) {
		rewrite_diff(&update->rewrite, update->diff);
		return true;
	}
	if (rewrite_write(&update->rewrite, &why))
		return true;
	return refuse(update, arena_strdup(update->arena, why));
}

static void
on_read(void *context, struct lint *lint)
{
	struct update *update = context;

	update->lint = lint;
	if (!collect(update))
		return;
	update->status = CONFIG_UPDATED;
	if (update->count > 0)
		carry_out(update);
	else
		update->status =
		    update->named ? CONFIG_NAMES_IT : CONFIG_NAMES_NOTHING;
}

/* What the PEM's first certificate proves. */
static bool
read_pem(struct update *update)
{
	const char *path = update->path.ptr;
	const struct pem_block *leaf;
	struct pem *pem;
	bool found = false;

	if (pem_open(update->arena, path, &pem) == PEM_READ) {
		leaf = pem_first(pem, PEM_CERTIFICATE);
		found = leaf && leaf->cert;
		if (found)
			pem_identity_read(
			    update->arena, leaf->cert, &update->identity);
		pem_close(&pem);
	}
	return found ||
	       refuse(update,
		   arena_printf(update->arena,
		       "%s holds no certificate that could be read", path));
}

enum config_update_status
config_update(struct arena *arena, const char *config,
    const struct config_pem *pem, FILE *diff, size_t *count, const char **why)
{
	struct update update = { .arena = arena,
		.path = str_of(pem->path),
		.diff = diff,
		.status = CONFIG_NOT_UPDATED };
	struct findings *findings = findings_create("xmpp-certgen");
	char reason[FILE_WHY_MAX];

	update.load.look = on_read;
	update.load.look_context = &update;
	if (pem->key)
		refuse(&update,
		    "a configuration is changed for a file that holds both "
		    "certificate and key only");
	else if (!file_readable(config, reason))
		refuse(&update, arena_printf(arena, "%s can't be read: %s",
				    config, reason));
	else if (read_pem(&update))
		cfg_load(config, &update.load, findings, NULL);
	if (update.status == CONFIG_NOT_UPDATED && !update.why)
		refuse(&update,
		    arena_printf(arena,
			"%s can't be understood: xmpp-cfglint says why",
			config));
	*count = update.count;
	*why = update.why;
	rewrite_fini(&update.rewrite);
	findings_destroy(&findings);
	return update.status;
}

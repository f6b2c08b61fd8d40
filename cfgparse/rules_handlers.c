#include "cfgparse/rules_listeners.h"
/*
 * request_handlers of ejabberd_http: paths and the modules behind them. That a
 * module of a handler is run is a matter of rules_modules.c.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/base/suggest.h"
#include "cfgparse/rules_words.h"
#include "cfgparse/target.h"
#include "cfgparse/lint_edit.h"

enum { SEGMENTS_MAX = 32, TYPOS_MAX = 2 };

/* What answers HTTP in any release, beside modules of third parties. */
static const char *const handlers[] = { "ejabberd_web_admin",
	"ejabberd_captcha", "ejabberd_http_ws", "ejabberd_acme",
	"ejabberd_oauth", "ejabberd_xmlrpc", "ejabberd_http_poll",
	"ejabberd_http_bind", "ejabberd_ctl", "mod_bosh", "mod_http_bind",
	"mod_http_api", "mod_http_upload", "mod_http_fileserver",
	"mod_register_web", "mod_conversejs", "mod_host_meta", "mod_mqtt",
	"mod_matrix_gw", "mod_invites", "mod_oauth2_client", NULL };

static void
check_name(struct lint *lint, const struct term *module)
{
	struct suggest suggest = { 0 };

	if (!model_word(module, &suggest.given) ||
	    catalogue_module(suggest.given) ||
	    catalogue_listener(suggest.given))
		return;
	for (size_t i = 0; handlers[i]; i++) {
		if (str_is(suggest.given, handlers[i]))
			return;
		suggest_offer(&suggest, handlers[i]);
	}
	/* Where no name is very near, it may be somebody's own. */
	if (!suggest.best || suggest.distance > TYPOS_MAX)
		return;
	struct finding *finding =
	    lint_report(lint, &listener_rules[HANDLER_UNKNOWN], module,
		"there is no handler %s", lint_shown(lint, module));
	if (lint->target->release >= 1908)
		finding_severity(finding, SEVERITY_ERROR);
	edit_meant(finding, module, suggest.best);
}

struct path {
	struct str segments[SEGMENTS_MAX];
	size_t count;
};

static bool
add_segment(struct path *path, struct str segment)
{
	if (segment.len == 0)
		return true;
	if (path->count == SEGMENTS_MAX)
		return false;
	path->segments[path->count++] = segment;
	return true;
}

/* "/a/b" or ["a", "b"] */
static bool
read_path(const struct term *term, struct path *path)
{
	struct str text, segment;

	path->count = 0;
	if (term->kind == TERM_LIST) {
		for (size_t i = 0; i < term->count; i++) {
			if (!model_word(&term->items[i], &segment) ||
			    !add_segment(path, segment))
				return false;
		}
		return true;
	}
	if (!model_word(term, &text))
		return false;
	for (size_t i = 0, start = 0; i <= text.len; i++) {
		if (i < text.len && text.ptr[i] != '/')
			continue;
		if (!add_segment(
			path, (struct str){ text.ptr + start, i - start }))
			return false;
		start = i + 1;
	}
	return true;
}

static struct str
joined(struct lint *lint, const struct path *path, size_t count)
{
	const char *text = "/";

	for (size_t i = 0; i < count; i++)
		text = arena_printf(lint->arena, i ? "%s/%.*s" : "%s%.*s", text,
		    STR_ARG(path->segments[i]));
	return str_of(text);
}

static void
check_path(struct lint *lint, const struct term *key, struct map *paths)
{
	const struct term *before = NULL;
	struct path path;
	struct str name = STR("/");

	if (!read_path(key, &path))
		return;
	for (size_t i = 0; i <= path.count && !before; i++) {
		name = joined(lint, &path, i);
		before = map_get(paths, name);
	}
	if (!before) {
		map_put(paths, name, (void *)(uintptr_t)key);
		return;
	}
	struct finding *finding =
	    lint_report(lint, &listener_rules[HANDLER_SHADOWED], key,
		"the handler of %.*s, which stands before it, takes all its "
		"requests",
		STR_ARG(name));
	lint_related(finding, before, "the handler before it");
	finding_hint(finding, "put the longer path first");
}

void
rules_handlers(struct lint *lint, const struct model_listener *listener)
{
	const struct model_option *option =
	    model_option(&listener->options, "request_handlers");
	const struct term *key, *module;
	struct map paths = { 0 };

	for (size_t i = 0;
	     option && option->value && i < lint_pairs(option->value); i++) {
		if (!lint_pair(option->value, i, &key, &module))
			continue;
		check_path(lint, key, &paths);
		check_name(lint, module);
	}
	map_fini(&paths);
}

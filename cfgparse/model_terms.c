#include "cfgparse/model_terms.h"
/*
 * Walks through the top-level terms in order: hosts, options, host_config and
 * what it holds. Every term becomes a setting; those that are made of more are
 * read by the files beside this one.
 */
#include "cfgparse/cfg_rules.h"
#include "cfgparse/rules_hosts.h"
#include "cfgparse/lint_edit.h"

bool
build_word(
    struct model_builder *builder, const struct term *term, struct str *word)
{
	if (term->kind == TERM_ATOM) {
		*word = term->text;
		return true;
	}
	return term_text(builder->lint->arena, term, word);
}

/* --- hosts --- */

static void
refuse_host(struct model_builder *builder, const struct term *term)
{
	struct str text;

	if (term_text(builder->lint->arena, term, &text)) {
		rules_bad_host(builder->lint, term, text);
		return;
	}
	struct finding *finding = build_report(builder, CFG_HOST_INVALID, term,
	    "%s is no host name", lint_shown(builder->lint, term));
	finding_hint(
	    finding, "write a domain as a string, such as \"example.org\"");
}

static void
add_served(struct model_builder *builder, const struct term *term)
{
	struct model_host *host = NULL;
	struct str text;

	if (term_text(builder->lint->arena, term, &text))
		host = model_add_host(builder, term, text, true);
	if (!host) {
		refuse_host(builder, term);
		return;
	}
	if (host->at == term)
		return;
	struct finding *finding = build_report(builder, CFG_HOST_TWICE, term,
	    "the host %.*s is listed twice", STR_ARG(host->name));
	finding_subject(finding, lint_text(builder->lint, host->name));
	lint_related(finding, host->at, "first listed here");
	edit_remove(finding, true, term, term);
}

static void
read_hosts(struct model_builder *builder, const struct term *value, bool list)
{
	if (!list) {
		add_served(builder, value);
		return;
	}
	if (value->kind != TERM_LIST) {
		build_report(builder, CFG_VALUE, value,
		    "hosts expects a list of host names, got %s",
		    lint_shown(builder->lint, value));
		return;
	}
	for (size_t i = 0; i < value->count; i++)
		add_served(builder, &value->items[i]);
}

/* All hosts are known before any host_config is looked at. */
static void
find_hosts(
    struct model_builder *builder, const struct term *terms, size_t count)
{
	const struct term *first = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct term *term = &terms[i];
		bool list = term_is_tagged(term, "hosts", 2);

		if (!list && !term_is_tagged(term, "host", 2))
			continue;
		if (!first) {
			first = term;
			builder->model->hosts_at = &term->items[1];
			read_hosts(builder, &term->items[1], list);
			continue;
		}
		struct finding *finding = build_report(
		    builder, CFG_HOSTS_TWICE, term, "hosts are given twice");
		lint_related(finding, first, "first given here");
		finding_hint(finding, "put all names into one hosts");
	}
}

/* --- options --- */

/* Options that are made of more than {Name, Value}. */
struct shape {
	struct str name;
	bool triple; /* {Name, Which, Value} */
	void (*read)(
	    struct model_builder *builder, struct model_setting *setting);
};

static void
read_uses(struct model_builder *builder, struct model_setting *setting)
{
	model_add_uses(builder, setting);
}

static const struct shape shapes[] = {
	{ { "modules", 7 }, false, model_terms_modules },
	{ { "acl", 3 }, true, model_terms_acl },
	{ { "access", 6 }, true, model_terms_access },
	{ { "shaper", 6 }, true, model_terms_shaper },
	{ { "domain_certfile", 15 }, true, read_uses },
	{ { "outgoing_s2s_options", 20 }, true, read_uses },
	{ { "domain_balancing", 16 }, true, read_uses },
	{ { "domain_balancing_component_number", 33 }, true, read_uses },
};

static const struct shape *
shape_of(struct model_builder *builder, struct str name)
{
	static const struct shape plain = { .read = read_uses };
	struct model_name *known =
	    model_known(builder, &builder->model->settings, name);

	if (known->shape)
		return known->shape;
	const struct shape *shape = &plain;
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		if (str_eq(shapes[i].name, name))
			shape = &shapes[i];
	}
	known->shape = shape;
	return shape;
}

static void
refuse_form(struct model_builder *builder, const struct term *term)
{
	const struct term *name =
	    term->kind == TERM_TUPLE && term->count ? &term->items[0] : term;
	struct finding *finding = build_report(builder, CFG_FORM, term,
	    "%s is not an option of any form", lint_shown(builder->lint, term));
	const char *near = name->kind == TERM_ATOM
			       ? catalogue_suggest_option(name->text)
			       : NULL;

	if (near && !str_is(name->text, near))
		edit_meant(finding, name, near);
	else
		finding_hint(finding, "options are written {Name, Value}");
}

static void
add(struct model_builder *builder, const struct shape *shape,
    const struct term *key, bool adds, const struct term *whole,
    struct model_host *host)
{
	struct model_option option = {
		.name = key->text,
		.key = key,
		.value = &whole->items[whole->count - 1],
		.whole = whole,
	};

	struct model_setting *setting =
	    model_add_setting(builder, &option, host, adds);
	shape->read(builder, setting);
	model_end_setting(builder, setting);
}

static void collect(struct model_builder *builder, const struct term *term,
    struct model_host *host);

static void
collect_host(struct model_builder *builder, const struct term *term)
{
	const struct term *list = &term->items[2];
	struct model_host *host = NULL;
	struct str text;

	if (term_text(builder->lint->arena, &term->items[1], &text))
		host = model_add_host(builder, &term->items[1], text, false);
	if (!host) {
		refuse_host(builder, &term->items[1]);
		return;
	}
	if (list->kind != TERM_LIST) {
		build_report(builder, CFG_VALUE, list,
		    "host_config expects a list of options, got %s",
		    lint_shown(builder->lint, list));
		return;
	}
	for (size_t i = 0; i < list->count; i++)
		collect(builder, &list->items[i], host);
}

/* {{s2s_host, Host}, Policy} and, for a host, {{add, Option}, List}. */
static bool
collect_pair_key(struct model_builder *builder, const struct term *term,
    struct model_host *host)
{
	const struct term *key = &term->items[0];
	bool adds = host && term_is_tagged(key, "add", 2) &&
		    key->items[1].kind == TERM_ATOM;

	if (!adds && !term_is_tagged(key, "s2s_host", 2))
		return false;
	add(builder, shape_of(builder, key->items[adds].text),
	    &key->items[adds], adds, term, host);
	return true;
}

/* override_global and its like: a bare atom. */
static bool
collect_flag(struct model_builder *builder, const struct term *term,
    const struct model_host *host)
{
	struct model_option option = { .key = term, .whole = term };

	if (host || (!term_is_atom(term, "override_global") &&
			!term_is_atom(term, "override_local") &&
			!term_is_atom(term, "override_acls")))
		return false;
	option.name = term->text;
	model_end_setting(
	    builder, model_add_setting(builder, &option, NULL, false));
	return true;
}

static void
collect(struct model_builder *builder, const struct term *term,
    struct model_host *host)
{
	bool tuple = term->kind == TERM_TUPLE;
	bool named = tuple && term->count && term->items[0].kind == TERM_ATOM;

	if (named && !host && term_is_tagged(term, "host_config", 3)) {
		collect_host(builder, term);
		return;
	}
	if (named && (term->count == 2 || term->count == 3)) {
		const struct shape *shape =
		    shape_of(builder, term->items[0].text);

		if (term->count == 2 || shape->triple) {
			add(builder, shape, &term->items[0], false, term, host);
			return;
		}
	}
	if (!(tuple && term->count == 2 &&
		collect_pair_key(builder, term, host)) &&
	    !(!tuple && collect_flag(builder, term, host)))
		refuse_form(builder, term);
}

void
model_terms(struct model_builder *builder, struct term *terms, size_t count)
{
	const struct model_setting *listen;

	find_hosts(builder, terms, count);
	for (size_t i = 0; i < count; i++)
		collect(builder, &terms[i], NULL);
	/* Of several lists the last holds. */
	listen = model_setting(builder->model, "listen", NULL);
	if (listen)
		model_terms_listen(builder, listen);
}

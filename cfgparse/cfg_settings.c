#include "cfgparse/cfg_private.h"
/*
 * From the flat list of terms to hosts and settings. Order matters: a later
 * value replaces an earlier one, and a global one that stands behind a
 * host_config replaces that host's too.
 */
#include "cfgparse/hostname.h"

enum { HOSTS_MAX = 10000 };

static void
add_host(struct loader *loader, struct cfg_host *hosts, size_t *count,
    const struct term *term)
{
	struct frozen *frozen = loader->frozen;
	char name[HOSTNAME_MAX + 1];
	struct str text;

	if (!term_text(&loader->arena, term, &text) ||
	    !hostname_prepare(text, name)) {
		struct finding *finding = finding_at(loader, CFG_HOST_INVALID,
		    term, "%s is no host name", term_shown(loader, term));
		finding_hint(finding,
		    "write a domain as a string, such as \"example.org\"");
		return;
	}
	if (map_get(&frozen->hosts, str_of(name))) {
		struct finding *finding = finding_at(loader, CFG_HOST_TWICE,
		    term, "the host %s is listed twice", name);
		finding_subject(finding, name);
		return;
	}
	struct cfg_host *host = &hosts[(*count)++];
	host->name = arena_strdup(&frozen->arena, name);
	map_put(&frozen->hosts, str_of(host->name), host);
}

static void
read_hosts(struct loader *loader, const struct term *value, bool list)
{
	struct cfg *cfg = &loader->frozen->cfg;
	size_t count = list ? value->count : 1;

	if (list && value->kind != TERM_LIST) {
		finding_at(loader, CFG_VALUE, value,
		    "hosts expects a list of host names, got %s",
		    term_shown(loader, value));
		return;
	}
	if (count > HOSTS_MAX) {
		finding_at(loader, CFG_VALUE, value,
		    "more than %d hosts are listed", HOSTS_MAX);
		return;
	}
	struct cfg_host *hosts =
	    arena_array(&loader->frozen->arena, count + 1, sizeof *hosts);
	cfg->host_count = 0;
	for (size_t i = 0; i < count; i++)
		add_host(loader, hosts, &cfg->host_count,
		    list ? &value->items[i] : value);
	cfg->hosts = hosts;
}

void
cfg_collect_hosts(struct loader *loader)
{
	const struct term *first = NULL;

	for (size_t i = 0; i < loader->terms.count; i++) {
		const struct term *term = &loader->terms.items[i];
		bool list = term_is_tagged(term, "hosts", 2);
		if (!list && !term_is_tagged(term, "host", 2))
			continue;
		if (first) {
			struct finding *finding = finding_at(loader,
			    CFG_HOSTS_TWICE, term, "hosts are given twice");
			finding_related_at(finding, first, "first given here");
			finding_hint(finding, "put all names into one hosts");
			continue;
		}
		first = term;
		read_hosts(loader, &term->items[1], list);
	}
	if (loader->frozen->cfg.host_count ||
	    (first && first->count &&
		findings_count(loader->findings, SEVERITY_ERROR)))
		return;
	struct finding *finding =
	    finding_at(loader, CFG_NO_HOSTS, first, "no host is configured");
	finding_hint(finding, "add {hosts, [\"example.org\"]}.");
}

static void
add_setting(struct loader *loader, const struct term *key, bool add,
    const struct term *value, const struct term *whole, const char *host)
{
	struct setting *setting = arena_alloc(&loader->arena, sizeof *setting);
	struct setting_list *list = map_get(&loader->settings, key->text);

	*setting =
	    (struct setting){ key->text, key, value, whole, host, add, NULL };
	if (!list) {
		list = arena_alloc(&loader->arena, sizeof *list);
		map_put(&loader->settings, key->text, list);
		list->first = setting;
	} else {
		list->last->next = setting;
	}
	list->last = setting;
}

static bool
is_triple(const struct term *term)
{
	static const char *const names[] = { "acl", "access", "shaper",
		"domain_certfile", "outgoing_s2s_options", "domain_balancing",
		"domain_balancing_component_number" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (term_is_tagged(term, names[i], 3))
			return true;
	}
	return false;
}

static void
refuse_form(struct loader *loader, const struct term *term)
{
	const struct term *name =
	    term->kind == TERM_TUPLE && term->count ? &term->items[0] : term;
	struct finding *finding = finding_at(loader, CFG_FORM, term,
	    "%s is not an option of any form", term_shown(loader, term));
	const char *near = name->kind == TERM_ATOM
			       ? catalogue_suggest_option(name->text)
			       : NULL;

	if (near && !str_is(name->text, near))
		finding_hint(finding, "did you mean %s?", near);
	else
		finding_hint(finding, "options are written {Name, Value}");
}

static void collect(
    struct loader *loader, const struct term *term, const char *host);

static void
collect_host(struct loader *loader, const struct term *term)
{
	const struct term *list = &term->items[2];
	char name[HOSTNAME_MAX + 1];
	struct str text;

	if (!term_text(&loader->arena, &term->items[1], &text) ||
	    !hostname_prepare(text, name)) {
		finding_at(loader, CFG_HOST_INVALID, &term->items[1],
		    "%s is no host name", term_shown(loader, &term->items[1]));
		return;
	}
	const struct cfg_host *host =
	    map_get(&loader->frozen->hosts, str_of(name));
	if (!host) {
		struct finding *finding =
		    finding_at(loader, CFG_HOST_UNSERVED, &term->items[1],
			"the host %s is not among the hosts", name);
		finding_subject(finding, name);
	}
	if (list->kind != TERM_LIST) {
		finding_at(loader, CFG_VALUE, list,
		    "host_config expects a list of options, got %s",
		    term_shown(loader, list));
		return;
	}
	/* Options of a host that isn't served are checked all the same. */
	const char *owner =
	    host ? host->name : arena_strdup(&loader->arena, name);
	for (size_t i = 0; i < list->count; i++)
		collect(loader, &list->items[i], owner);
}

/* {{s2s_host, Host}, Policy} and, for a host, {{add, Option}, List}. */
static bool
collect_pair_key(
    struct loader *loader, const struct term *term, const char *host)
{
	const struct term *key = &term->items[0];

	if (term_is_tagged(key, "s2s_host", 2)) {
		add_setting(
		    loader, &key->items[0], false, &term->items[1], term, host);
		return true;
	}
	if (host && term_is_tagged(key, "add", 2) &&
	    key->items[1].kind == TERM_ATOM) {
		add_setting(
		    loader, &key->items[1], true, &term->items[1], term, host);
		return true;
	}
	return false;
}

static void
collect(struct loader *loader, const struct term *term, const char *host)
{
	if (term->kind == TERM_ATOM && !host &&
	    (term_is_atom(term, "override_global") ||
		term_is_atom(term, "override_local") ||
		term_is_atom(term, "override_acls")))
		return;
	if (term->kind != TERM_TUPLE) {
		refuse_form(loader, term);
		return;
	}
	if (!host && term_is_tagged(term, "host_config", 3)) {
		collect_host(loader, term);
		return;
	}
	if (is_triple(term) ||
	    (term->count == 2 && term->items[0].kind == TERM_ATOM)) {
		add_setting(loader, &term->items[0], false, &term->items[1],
		    term, host);
		return;
	}
	if (term->count == 2 && collect_pair_key(loader, term, host))
		return;
	refuse_form(loader, term);
}

void
cfg_collect_settings(struct loader *loader)
{
	for (size_t i = 0; i < loader->terms.count; i++)
		collect(loader, &loader->terms.items[i], NULL);
}

struct setting *
setting_first(struct loader *loader, const char *name)
{
	struct setting_list *list = map_get(&loader->settings, str_of(name));

	return list ? list->first : NULL;
}

/* The list of what is added, then of what there was. */
static const struct term *
joined(
    struct loader *loader, const struct term *added, const struct term *before)
{
	if (!before || before->kind != TERM_LIST || added->kind != TERM_LIST)
		return added;
	struct term *all = arena_alloc(&loader->arena, sizeof *all);
	*all = *added;
	all->count = added->count + before->count;
	all->items =
	    arena_array(&loader->arena, all->count + 1, sizeof(struct term));
	for (size_t i = 0; i < added->count; i++)
		all->items[i] = added->items[i];
	for (size_t i = 0; i < before->count; i++)
		all->items[added->count + i] = before->items[i];
	return all;
}

const struct term *
setting_value(struct loader *loader, const char *name, const char *host)
{
	const struct term *value = NULL;
	const struct setting *setting = setting_first(loader, name);

	for (; setting; setting = setting->next) {
		if (setting->host &&
		    (!host || !str_is(str_of(setting->host), host)))
			continue;
		value = setting->add ? joined(loader, setting->value, value)
				     : setting->value;
	}
	return value;
}

#include "cfgparse/cfg_frozen.h"
/*
 * Freezing what belongs to one host: accounts, mechanisms, certificates,
 * modules, and the domains beside and below it.
 */
#include "cfgparse/domains.h"
#include "cfgparse/hostname.h"
#include "cfgparse/mechanisms.h"

static unsigned
disabled_mechanisms(const struct term *value)
{
	bool list = value->kind == TERM_LIST;
	size_t count = list ? value->count : 1;
	unsigned bits = 0;

	for (size_t i = 0; i < count; i++) {
		const struct mechanism *row =
		    mechanism_find(list ? &value->items[i] : value);
		if (row)
			bits |= row->bit;
	}
	return bits;
}

static const struct term *
value_of(
    struct freezer *freezer, const char *name, const struct model_host *host)
{
	const struct model_setting *setting =
	    model_setting(freezer->model, name, host);

	return setting ? setting->option.value : NULL;
}

/* {domain_certfile, Host, File}, and in YAML's host_config the file alone. */
static void
freeze_domain_certfiles(struct freezer *freezer)
{
	const struct model_settings *all =
	    model_settings(freezer->model, "domain_certfile");
	char name[HOSTNAME_MAX + 1];
	struct str text;

	for (const struct model_setting *s = all ? all->first : NULL; s;
	     s = s->next) {
		const struct term *whole = s->option.whole;
		struct cfg_host *host = NULL;

		if (whole->kind != TERM_TUPLE && s->host)
			host = map_get(&freezer->frozen->hosts, s->host->name);
		else if (whole->kind == TERM_TUPLE && whole->count == 3 &&
			 frozen_word(freezer, &whole->items[1], &text) &&
			 hostname_prepare(text, name))
			host = map_get(&freezer->frozen->hosts, str_of(name));
		if (host)
			host->certfile =
			    frozen_certfile(freezer, s->option.value);
	}
}

/* The modules of hosts that have none of their own are frozen once. */
struct shared_modules {
	const struct cfg_module *const *modules;
	size_t count;
	bool done;
};

static void
give_modules(struct freezer *freezer, const struct model_host *from,
    struct cfg_host *host, struct shared_modules *shared)
{
	const struct model_setting *setting =
	    model_setting(freezer->model, "modules", from);

	if (setting && setting->host) {
		host->modules =
		    freeze_modules(freezer, from, &host->module_count);
		return;
	}
	if (!shared->done)
		shared->modules = freeze_modules(freezer, NULL, &shared->count);
	shared->done = true;
	host->modules = shared->modules;
	host->module_count = shared->count;
}

static void
freeze_host(struct freezer *freezer, const struct model_host *from,
    struct cfg_host *host, struct shared_modules *shared)
{
	const struct term *off =
	    value_of(freezer, "disable_sasl_mechanisms", from);
	const struct term *conflict =
	    value_of(freezer, "resource_conflict", from);

	host->name = frozen_text(freezer, from->name);
	map_put(&freezer->frozen->hosts, from->name, host);
	host->auth_method = "internal";
	if (off)
		host->disabled_mechanisms = disabled_mechanisms(off);
	if (conflict) {
		host->resource_conflict_closenew =
		    term_is_atom(conflict, "closenew");
		host->resource_conflict_setresource =
		    term_is_atom(conflict, "setresource");
	}
	give_modules(freezer, from, host, shared);
}

static void
freeze_domains(struct freezer *freezer)
{
	struct cfg *cfg = &freezer->frozen->cfg;
	struct domains from;
	struct cfg_domain *domains;

	domains_list(freezer->lint, &from);
	domains =
	    arena_array(&freezer->frozen->arena, from.count, sizeof *domains);
	for (size_t i = 0; i < from.count; i++) {
		const struct domain *domain = &from.items[i];

		domains[i].name = frozen_text(freezer, domain->name);
		domains[i].role = domain->role;
		domains[i].shown = domain->shown;
		domains[i].maker = frozen_text(freezer, domain->maker);
		if (domain->host)
			domains[i].host = map_get(
			    &freezer->frozen->hosts, domain->host->name);
	}
	cfg->domains = domains;
	cfg->domain_count = from.count;
}

void
freeze_hosts(struct freezer *freezer)
{
	const struct model *model = freezer->model;
	struct cfg *cfg = &freezer->frozen->cfg;
	struct shared_modules shared = { 0 };
	struct cfg_host *hosts = arena_array(
	    &freezer->frozen->arena, model->served_count, sizeof *hosts);

	for (size_t i = 0; i < model->host_count; i++) {
		if (model->hosts[i]->served)
			freeze_host(freezer, model->hosts[i],
			    &hosts[cfg->host_count++], &shared);
	}
	cfg->hosts = hosts;
	freeze_domain_certfiles(freezer);
	freeze_domains(freezer);
}

#include "cfgparse/catalogue_private.h"
/*
 * Looking names up in the tables. The tables are small; loading a file reads
 * them a few hundred times.
 */
#include "cfgparse/base/suggest.h"

static const struct option *const top_tables[] = { catalogue_top,
	catalogue_backends, NULL };
static const struct service *const listener_tables[] = { catalogue_listeners,
	NULL };
static const struct service *const module_tables[] = { catalogue_modules_a,
	catalogue_modules_m, catalogue_modules_r, NULL };

/* Top-level names of ejabberd's relatives. */
static const char *const foreign[] = { "sm_backend", "auth_opts", "clusterid",
	"auth_storage", NULL };

static const struct option *
find_option(const struct option *option, struct str name)
{
	for (; option && option->name; option++) {
		if (str_is(name, option->name))
			return option;
	}
	return NULL;
}

static const struct service *
find_service(const struct service *const *tables, struct str name)
{
	for (; *tables; tables++) {
		for (const struct service *s = *tables; s->name; s++) {
			if (str_is(name, s->name))
				return s;
		}
	}
	return NULL;
}

const struct option *
catalogue_option(struct str name)
{
	for (const struct option *const *t = top_tables; *t; t++) {
		const struct option *option = find_option(*t, name);
		if (option)
			return option;
	}
	return NULL;
}

/* True where the service is something behind a port. */
static bool
is_listener(const struct service *service)
{
	return find_service(listener_tables, str_of(service->name)) == service;
}

const struct option *
catalogue_service_option(const struct service *service, struct str name)
{
	const struct option *option = find_option(service->options, name);

	if (!option && is_listener(service))
		option = find_option(catalogue_listener_common, name);
	return option;
}

const struct service *
catalogue_listener(struct str name)
{
	return find_service(listener_tables, name);
}

const struct service *
catalogue_module(struct str name)
{
	return find_service(module_tables, name);
}

bool
catalogue_foreign_option(struct str name)
{
	for (const char *const *f = foreign; *f; f++) {
		if (str_is(name, *f))
			return true;
	}
	return false;
}

static void
offer_options(struct suggest *suggest, const struct option *option)
{
	for (; option && option->name; option++)
		suggest_offer(suggest, option->name);
}

static const char *
nearest_service(const struct service *const *tables, struct str name)
{
	struct suggest suggest = { .given = name };

	for (; *tables; tables++) {
		for (const struct service *s = *tables; s->name; s++)
			suggest_offer(&suggest, s->name);
	}
	return suggest.best;
}

const char *
catalogue_suggest_option(struct str name)
{
	struct suggest suggest = { .given = name };

	for (const struct option *const *t = top_tables; *t; t++)
		offer_options(&suggest, *t);
	return suggest.best;
}

const char *
catalogue_suggest_service_option(const struct service *service, struct str name)
{
	struct suggest suggest = { .given = name };

	offer_options(&suggest, service->options);
	if (is_listener(service))
		offer_options(&suggest, catalogue_listener_common);
	return suggest.best;
}

const char *
catalogue_suggest_listener(struct str name)
{
	return nearest_service(listener_tables, name);
}

const char *
catalogue_suggest_module(struct str name)
{
	return nearest_service(module_tables, name);
}

#ifndef CFGPARSE_DOMAINS_H
#define CFGPARSE_DOMAINS_H
/*
 * Every domain that a configuration makes a server answer for: its hosts, the
 * addresses of modules and external components, given or by default, and the
 * names in links that clients follow. What certificates and the DNS need is
 * read from here.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/str.h"
#include "cfgparse/cfg.h"

struct arena;
struct lint;
struct model;
struct model_host;
struct model_module;
struct model_modules;
struct term;

struct domain {
	struct str name; /* prepared, with a NUL behind it */
	enum cfg_role role;
	const struct model_host *host; /* whose it is; NULL: no one host's */
	struct str maker; /* "mod_muc", "ejabberd_service", "hosts" */
	/* Where it's named; by default the module's name. */
	const struct term *at;
	/* This server shows its certificate to those who ask for the name: it
	 * federates over TLS, or the link leads to a port of its own. */
	bool shown;
};

/* Each name once, under its first role in the order of enum cfg_role. A host
 * is followed by what belongs to it, the rest comes last. */
struct domains {
	struct domain *items;
	size_t count;
	bool too_many; /* over DOMAINS_MAX: some are left out */
};

/* A bound for what few lines with many hosts multiply to. */
enum { DOMAINS_MAX = 1 << 18 };

/* Lists them; lives in the lint's arena. Linear in the configuration and the
 * domains. */
void domains_list(const struct lint *lint, struct domains *out);

/* Whether modules of the kind have an address: "conference." for mod_muc, by
 * default in front of the host's name. An empty one: no address (here). */
struct str domain_prefix(
    const struct model *model, const struct model_module *module);
/* The same for all modules of one name, but for those of them that an option
 * keeps silent. */
struct str domain_usual_prefix(
    const struct model *model, const struct model_modules *all);

#endif

#ifndef CERTGEN_CONFIG_FILES_H
#define CERTGEN_CONFIG_FILES_H
/*
 * Which PEM files a configuration names, and for which hosts each has to be:
 * a domain_certfile for its host, a listener's certfile for all hosts that
 * have none of their own. With a host come the addresses below it.
 */
#include <stdbool.h>
#include <stddef.h>

#include "certgen/hosts.h"

struct arena;
struct cfg;
struct findings;
struct pem_demand;
struct span;

struct config_file {
	const char *path; /* owned by the cfg */
	struct cert_hosts hosts;
	/* Where it is named, as long as the findings of cfg_load; or NULL. */
	const struct span *named;
	/* More than one file is there for these hosts together, so that a
	 * single one need not cover them all. */
	bool shared;
	bool idle; /* it is for what this server doesn't offer */
};

struct config_files {
	struct config_file *items;
	size_t count;
};

/* Lists them, in the order of cfg->certfiles. Lives in the arena and as long
 * as the cfg. */
void config_files_list(
    struct arena *arena, const struct cfg *cfg, struct config_files *out);

/* The same, and then the idle ones. */
void config_files_list_all(
    struct arena *arena, const struct cfg *cfg, struct config_files *out);

/*
 * Judges every PEM that the configuration names, as the server does at its
 * start and on a reload. The demand says everything but hosts and places, which
 * are the configuration's. True where none has an error. The arena has to
 * outlive the findings' rendering.
 */
bool config_files_check(struct arena *arena, const struct cfg *cfg,
    const struct pem_demand *demand, struct findings *findings);

/* Judges one of them. */
bool config_file_check(struct arena *arena, const struct config_file *file,
    bool starting, struct findings *findings);

#endif

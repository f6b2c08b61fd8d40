#ifndef CERTGEN_CONFIG_UPDATE_H
#define CERTGEN_CONFIG_UPDATE_H
/*
 * How a configuration comes to name a PEM: the lines that do it, and putting
 * them in the place of those that name others. Knows nothing of how PEMs are
 * made.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cfgparse/cfg.h"

struct arena;
struct cert_hosts;

/* What is to be named: one combined PEM, or certificate and key apart. Paths
 * are absolute (config_update_path). */
struct config_pem {
	const char *path;
	const char *key;		/* NULL: the PEM is combined */
	const struct cert_hosts *hosts; /* for the example of a host's own */
};

/* The path from the root on, in the arena: a configuration's relative names
 * start elsewhere. NULL where the current directory isn't known. */
const char *config_update_path(struct arena *arena, const char *path);

/* Prints the lines for a configuration in that language. */
void config_update_print(
    enum cfg_dialect dialect, const struct config_pem *pem, FILE *out);
/* The language of the file, by its name and content; NONE: it can't be read.
 */
enum cfg_dialect config_update_dialect(const char *config);

enum config_update_status {
	CONFIG_UPDATED,	      /* written, or shown as a diff */
	CONFIG_NAMES_IT,      /* nothing to do */
	CONFIG_NAMES_NOTHING, /* nothing that could be replaced */
	CONFIG_NOT_UPDATED,
};

/*
 * Replaces what the configuration and the files that it includes name as the
 * certificate: the global options and the listeners' where it proves all hosts
 * that have none of their own, and the domain_certfile of the hosts that it
 * proves. All else stays byte for byte. diff: what would change is shown there
 * instead of written; or NULL. *count: how many values. NOT_UPDATED: *why, in
 * the arena, says why and what to do, and nothing has changed.
 */
enum config_update_status config_update(struct arena *arena, const char *config,
    const struct config_pem *pem, FILE *diff, size_t *count, const char **why);

#endif

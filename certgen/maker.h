#ifndef CERTGEN_MAKER_H
#define CERTGEN_MAKER_H
/*
 * Makes one PEM after the other under one order, tells what it does, and
 * judges each as a server will.
 */
#include <stdbool.h>
#include <stdio.h>

#include "certgen/hosts.h"
#include "certgen/make.h"
#include "cfgparse/base/arena.h"

struct cfg;
struct config_file;
struct findings;
struct host_groups;

struct maker {
	struct arena arena;	   /* outlives the findings' rendering */
	struct findings *findings; /* what is judged; the caller's */
	FILE *report;		   /* what is done */
	struct make_order order;   /* its hosts are set for each file */
	bool if_missing;	   /* an existing file is left alone */
	bool failed;		   /* something could not be made */
};

/* Says on stderr why something could not be made. */
void maker_fail(struct maker *maker, const char *why);
/* "DIRECTORY/NAME.ENDING" of a host, in the arena. */
const char *maker_path(struct arena *arena, const char *directory,
    const struct cert_host *host, const char *ending);

/* False where the file would be for more hosts than peers read: that is a
 * finding. */
bool maker_fits(struct maker *maker, const struct config_file *file);
/* Makes a file, or leaves it alone and judges it; says on stderr what can't
 * be done. */
void maker_make(struct maker *maker, const struct config_file *file);
/* Makes all that the configuration names and that are missing; existing ones
 * are replaced only where the order says renew or rotate. */
void maker_make_config(struct maker *maker, const struct cfg *cfg);
/* Makes one for each group in the directory, named after its host; a terminal
 * sees how far it has got. What is made is all alike, so only the first is
 * judged. */
void maker_make_groups(struct maker *maker, const struct host_groups *groups,
    const char *directory);

#endif

#ifndef CERTGEN_MAKER_H
#define CERTGEN_MAKER_H
/*
 * Makes one PEM after the other under one order, tells what it does, and
 * judges each as a server will.
 */
#include <stdbool.h>
#include <stdio.h>

#include "certgen/make.h"
#include "cfgparse/base/arena.h"

struct cfg;
struct config_file;
struct findings;

struct maker {
	struct arena arena;	   /* outlives the findings' rendering */
	struct findings *findings; /* what is judged; the caller's */
	FILE *report;		   /* what is done */
	struct make_order order;   /* its hosts are set for each file */
	bool if_missing;	   /* an existing file is left alone */
	bool failed;		   /* something could not be made */
};

/* Makes a file, or leaves it alone and judges it; says on stderr what can't
 * be done. */
void maker_make(struct maker *maker, const struct config_file *file);
/* Makes all that the configuration names and that are missing; existing ones
 * are replaced only where the order says renew or rotate. */
void maker_make_config(struct maker *maker, const struct cfg *cfg);

#endif

#ifndef CFGPARSE_CFG_PRIVATE_H
#define CFGPARSE_CFG_PRIVATE_H
/*
 * The loader: reading files, putting macros in, and what it hands on to the
 * model. It dies when loading is done. Included by cfgparse/cfg*.c only.
 */
#include "cfgparse/base/arena.h"
#include "cfgparse/base/file.h"
#include "cfgparse/base/map.h"
#include "cfgparse/catalogue.h"
#include "cfgparse/cfg.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/findings.h"
#include "cfgparse/lint.h"
#include "cfgparse/term.h"

/* A growing list of terms in an arena. */
struct term_list {
	struct term *items;
	size_t count;
	size_t cap;
};

struct loader {
	struct arena arena; /* trees and model; dies with the loader */
	struct findings *findings;
	const struct cfg_load_options *options;
	struct lint lint;
	bool may_read;		  /* files beside the main one */
	bool yaml;		  /* the main file's dialect */
	enum cfg_dialect dialect; /* that the user asked for, or NONE */
	struct term_list terms;	  /* flattened; YAML: key, value, ... */
	size_t files;		  /* read so far */
};

/* The chain of files that is being read. */
struct chain {
	const char *path;
	const struct chain *above;
	size_t depth;
};

void term_list_add(
    struct arena *arena, struct term_list *list, const struct term *term);

/* Adds a finding at a term under a rule of the loader's own. */
#define finding_at(loader, rule, ...) \
	lint_report(&(loader)->lint, &cfg_rules[rule], __VA_ARGS__)

/* cfg_read.c: reads, parses and flattens; false where nothing can be said
 * about the rest. What was left out for its syntax is noted in the lint. */
bool cfg_read_main(struct loader *loader);
/* Reads the main file and looks for what can't be read as its dialect only;
 * false where there is any. Each dialect has its way to do that. */
bool cfg_read_syntax(struct loader *loader);
bool cfg_read_text(struct loader *loader, const char *name, struct str text);

/* Reads the file that an include at the term names; says why it can't. The
 * chain is filled in. */
bool cfg_include(struct loader *loader, const struct chain *above,
    const struct term *from, struct str name, struct chain *chain,
    const struct source **source);

/* cfg_dialect.c: true where the text is one of terms, or a template of one;
 * the beginning tells. */
bool cfg_may_be_terms(const struct loader *loader, const struct source *source);
/* What the text is. CFG_DIALECT_NONE was reported. */
enum cfg_dialect cfg_dialect(
    struct loader *loader, const struct source *source);

/* cfg_macro.c: takes define_macro terms away and puts their values in. */
void cfg_expand_macros(struct loader *loader);

#endif

#ifndef CFGPARSE_LINT_FILES_H
#define CFGPARSE_LINT_FILES_H
/*
 * Which files the linter's arguments mean: a file is itself, a folder stands
 * for the configurations in it and below it. Knows of configurations only
 * what tells them from other files.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/arena.h"

struct findings;

/* Zero-initialised is an empty list. */
struct file_list {
	const char **paths; /* live as long as the list */
	size_t count;
	size_t cap;
	struct arena arena;
};

/*
 * Adds what path means. Below a folder those are files NAME.cfg, .yml and .yaml
 * that are called ejabberd, xmppd or mongooseim or say what only such a
 * configuration says, in the order of their names; symbolic links are followed,
 * a folder is visited once, and what begins with a dot is left out. False where
 * a folder can't be read or holds none: said as a finding.
 */
bool file_list_add(
    struct file_list *list, const char *path, struct findings *findings);
void file_list_fini(struct file_list *list);

#endif

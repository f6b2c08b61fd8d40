#ifndef CFGPARSE_YAML_DUMP_H
#define CFGPARSE_YAML_DUMP_H
/*
 * --dump of YAML: what fast_yaml, with which ejabberd reads, makes of a file,
 * in Erlang terms.
 */
#include <stdbool.h>

#include "cfgparse/findings.h"

struct buf;

/* Parses the source and appends one term with its dot, as ~w prints it or, in
 * UTF-8, ~0tp. EXIT_CLEAN, or EXIT_FINDINGS with nothing appended where the
 * findings say why. */
int yaml_dump_file(const struct source *source, bool as_w,
    struct findings *findings, struct buf *out);

#endif

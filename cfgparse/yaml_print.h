#ifndef CFGPARSE_YAML_PRINT_H
#define CFGPARSE_YAML_PRINT_H
/*
 * Writing a tree as YAML that reads as the same tree.
 */
#include "cfgparse/term.h"

struct buf;

/* Appends what stands behind "KEY:" of the indented key or behind a "-", with
 * its line feed: on the same line where it is a scalar or empty. */
void yaml_print(struct buf *out, const struct term *value, unsigned indent);
/* Appends a scalar; what no plain scalar may be is quoted. */
void yaml_print_text(struct buf *out, struct str text, bool quoted);

#endif

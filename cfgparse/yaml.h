#ifndef CFGPARSE_YAML_H
#define CFGPARSE_YAML_H
/*
 * Reads YAML as ejabberd does (libyaml, then fast_yaml's rules for scalars)
 * into the tree of term.h: a mapping is a map whose items are key, value,
 * key, ... in the order of the text, repeated keys included; a sequence is a
 * list; a plain scalar is a number or an atom; one in quotes or a block is a
 * string. Nothing where a value should be is an empty string of no width.
 * Knows nothing of options, macros or includes.
 *
 * Needs the C numeric locale (the decimal point is a dot).
 */
#include <stdbool.h>

#include "cfgparse/findings.h"
#include "cfgparse/term.h"

struct arena;

/* What is over one of these gets a finding instead of being read. */
enum {
	YAML_BYTES_MAX = 64 * 1024 * 1024, /* a file */
	YAML_DEPTH_MAX = 500,		   /* collections in collections */
	YAML_ATOM_MAX = 255,  /* bytes of plain text, as Erlang's */
	YAML_ERRORS_MAX = 50, /* then reading stops */
};

/*
 * Parses the source into one map, *root; it is empty for an empty file. What
 * is wrong goes to findings (rules CFG350 to CFG399); true where nothing is.
 * What a fault of syntax is in is left out: the module, listener, acl, rule or
 * host around it, of other options the whole. The tree lives in the arena and
 * points to the source, which must outlive it.
 */
bool yaml_parse(struct arena *arena, const struct source *source,
    struct findings *findings, struct term **root);

/* Reports what YAML, or ejabberd's reading of it, takes otherwise than it
 * looks, and mends in the tree what it calls an error; false where it found
 * one. *aliases: whether it was one that aliases stand where values should be,
 * so that what those hold isn't known. */
bool yaml_look(struct arena *arena, const struct source *source,
    struct findings *findings, struct term *root, bool *aliases);

/* Reports a source of more than YAML_BYTES_MAX bytes, also where its text was
 * not read for that reason. */
void yaml_report_huge(const struct source *source, struct findings *findings);

/* True for a string of no width: a key without a value. */
bool yaml_is_nothing(const struct term *term);
/* True where the term stands in the text without quotes. */
bool yaml_is_plain(const struct term *term);

#endif

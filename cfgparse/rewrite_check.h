#ifndef CFGPARSE_REWRITE_CHECK_H
#define CFGPARSE_REWRITE_CHECK_H
/*
 * Rewrites of configurations: how a value is written in the language and the
 * style of the one that it replaces, and the proof that a rewritten
 * configuration says what the old one said but for what was to change.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/cfg.h"
#include "cfgparse/rewrite.h"
#include "cfgparse/term.h"

struct arena;
struct buf;
struct lint;

/* A text that stands now where the term stood: itself, or, where list is set,
 * a list of nothing else. */
struct rewrite_change {
	const struct term *term;
	struct str text;
	bool list;
};

/* Appends the text as the file of the term would have it in the term's place:
 * a string in Erlang terms; in YAML in the quotes that the term has, or in
 * double ones where those can't hold it. */
void rewrite_quote(struct buf *out, const struct term *old, struct str text);

/*
 * Reads the configuration again with the texts that the rewrite, applied, has
 * for its files, and compares all options with those of the lint (which is
 * what cfg_load shows with the same options). True where they differ in the
 * changes alone. Otherwise *why says where not, in the arena of the rewrite.
 */
bool rewrite_check(const struct lint *before,
    const struct cfg_load_options *options, struct rewrite *rewrite,
    const struct rewrite_change *changes, size_t count, const char **why);

#endif

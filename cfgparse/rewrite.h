#ifndef CFGPARSE_REWRITE_H
#define CFGPARSE_REWRITE_H
/*
 * Changes of texts by the byte: spans of files get other texts, and all else
 * stays as it is, comments and blanks included. It knows files and bytes, and
 * nothing of what they mean: rewrite_check.h does.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/map.h"
#include "cfgparse/base/str.h"

struct source;

struct edit {
	size_t begin, end; /* bytes of the old text; equal: an insertion */
	struct str text;
	size_t order; /* of insertions at one place */
};

/* One file and what becomes of it. */
struct rewrite_file {
	const char *path;
	struct str old;
	struct edit *edits; /* after rewrite_apply: sorted, each once */
	size_t count, cap;
	struct str text; /* the new one, after rewrite_apply */
};

/* Zero-initialised is one without edits. */
struct rewrite {
	struct arena arena;
	struct rewrite_file **files;
	size_t count, cap;
	struct map by_path; /* -> struct rewrite_file */
};

/* The sources stay needed until here. */
void rewrite_fini(struct rewrite *rewrite);

/* The bytes from begin to end of the source's text become a copy of the text.
 * The source's name is the path of its file, and a file that was read twice is
 * one; the same edit twice is one, too. */
void rewrite_replace(struct rewrite *rewrite, const struct source *source,
    size_t begin, size_t end, struct str text);

/* Makes the new texts. False where two edits overlap or one is outside of its
 * text: *why says which, in the arena of the rewrite. */
bool rewrite_apply(struct rewrite *rewrite, const char **why);

/* After rewrite_apply: whether anything differs now. */
bool rewrite_differs(const struct rewrite *rewrite);
/* After rewrite_apply: the new text of the file; false where it has no edits.
 * As cfg_load_options.text_of wants it: context is the rewrite. */
bool rewrite_text(void *context, const char *path, struct str *text);
/* After rewrite_apply: how the files change, as diff -u shows it. */
void rewrite_diff(const struct rewrite *rewrite, FILE *out);

/*
 * After rewrite_apply: puts the new texts in the place of the old ones, all or
 * none (see new_files_write), with mode and owner as they are. False where
 * that can't be, a path is a symbolic link, or a file isn't any more what was
 * read: *why says so, in the arena of the rewrite, and nothing has changed.
 */
bool rewrite_write(struct rewrite *rewrite, const char **why);

#endif

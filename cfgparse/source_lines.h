#ifndef CFGPARSE_SOURCE_LINES_H
#define CFGPARSE_SOURCE_LINES_H
/*
 * From a byte of a source to its line and column and back. What this takes is
 * built when it is first asked for and only as far as was asked, so that a
 * file without findings doesn't pay for it. A line ends with a line feed; a
 * byte order mark at the start takes no column. Knows no findings.
 */
#include "cfgparse/findings.h"

struct arena;

/* An empty index, as part of struct source; lives as long as the arena. */
struct source_lines *source_lines_create(struct arena *arena);
/* Every byte of the source is a character; before the first question. It is
 * UTF-8 otherwise, where an ill-formed byte counts as a character. Does
 * nothing for a source without an index. */
void source_latin1(const struct source *source);
/* True where source_latin1 was called. */
bool source_is_latin1(const struct source *source);

/* Says how the source's comments look, so that findings can be suppressed by
 * them; before that they are not looked for. Does nothing without an index. */
void source_comments(const struct source *source, enum comment_style style);
enum comment_style source_comment_style(const struct source *source);

/* Where the character stands that the byte belongs to; behind the last one
 * where the text is shorter. O(1), or O(offset) without an index. */
struct pos source_pos(const struct source *source, uint32_t offset);
/* The span of the bytes from begin to end. */
struct span source_span(
    const struct source *source, uint32_t begin, uint32_t end);
/* The byte that the place begins at: the end of the line, or of the text,
 * where they are shorter. O(log n), or O(n) without an index. */
uint32_t source_offset(const struct source *source, struct pos pos);
/* The bytes from begin to end; empty where the span has no place. A view of
 * the source's text. */
struct str span_text(const struct span *span);

#endif

#include "cfgparse/source_lines.h"
/*
 * A mark every BLOCK bytes says which place that is, so that an answer never
 * costs more than a walk over one block, however long the lines are.
 */
#include <string.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/utf8.h"

enum { BLOCK = 1024 };

/* The beginning of a character, and its place. */
struct mark {
	uint32_t offset;
	struct pos pos;
};

struct source_lines {
	struct arena *arena;
	struct mark *marks; /* [i]: the character that has byte i * BLOCK */
	size_t count;	    /* that are built */
	struct mark last;   /* what was asked last: places come in order */
	bool latin1;
	enum comment_style comments;
};

static const struct mark start = { 0, { 1, 1 } };

struct source_lines *
source_lines_create(struct arena *arena)
{
	struct source_lines *lines = arena_alloc(arena, sizeof *lines);

	lines->arena = arena;
	lines->last = start;
	return lines;
}

void
source_latin1(const struct source *source)
{
	if (source->lines)
		source->lines->latin1 = true;
}

bool
source_is_latin1(const struct source *source)
{
	return source->lines && source->lines->latin1;
}

void
source_comments(const struct source *source, enum comment_style style)
{
	if (source->lines)
		source->lines->comments = style;
}

enum comment_style
source_comment_style(const struct source *source)
{
	return source->lines ? source->lines->comments : COMMENTS_NONE;
}

static uint32_t
text_len(const struct source *source)
{
	size_t len = source->text.len;

	return len < UINT32_MAX ? (uint32_t)len : UINT32_MAX;
}

/* Bytes of the character at offset. */
static uint32_t
char_len(const struct source *source, uint32_t offset, bool latin1)
{
	const char *p = source->text.ptr + offset;
	uint32_t code;

	if (latin1 || (unsigned char)*p < 0x80)
		return 1;
	size_t len = utf8_decode(p, text_len(source) - offset, &code);
	return len ? (uint32_t)len : 1;
}

static bool
is_order_mark(const struct source *source, bool latin1)
{
	return !latin1 && source->text.len >= 3 &&
	       memcmp(source->text.ptr, "\xef\xbb\xbf", 3) == 0;
}

/* Moves mark forward to the character that has the byte. */
static void
walk(const struct source *source, struct mark *mark, uint32_t byte)
{
	const char *text = source->text.ptr;
	bool latin1 = source_is_latin1(source);

	if (mark->offset == 0 && byte >= 3 && is_order_mark(source, latin1))
		mark->offset = 3;
	while (mark->offset < byte) {
		const char *feed =
		    memchr(text + mark->offset, '\n', byte - mark->offset);
		if (!feed)
			break;
		mark->offset = (uint32_t)(feed - text) + 1;
		mark->pos = (struct pos){ mark->pos.line + 1, 1 };
	}
	while (mark->offset < byte) {
		uint32_t len = char_len(source, mark->offset, latin1);
		if (mark->offset + len > byte)
			break;
		mark->offset += len;
		mark->pos.column++;
	}
}

/* Sees to it that the mark of that number is there. */
static void
build(const struct source *source, size_t number)
{
	struct source_lines *lines = source->lines;

	if (!lines->marks) {
		size_t all = text_len(source) / BLOCK + 1;
		lines->marks =
		    arena_array(lines->arena, all, sizeof *lines->marks);
		lines->marks[0] = start;
		lines->count = 1;
	}
	while (lines->count <= number) {
		struct mark *mark = &lines->marks[lines->count];
		*mark = mark[-1];
		walk(source, mark, (uint32_t)(lines->count * BLOCK));
		lines->count++;
	}
}

struct pos
source_pos(const struct source *source, uint32_t offset)
{
	struct source_lines *lines = source->lines;
	struct mark mark = start;

	if (text_len(source) == 0)
		return start.pos;
	if (offset > text_len(source))
		offset = text_len(source);
	if (lines) {
		build(source, offset / BLOCK);
		mark = lines->marks[offset / BLOCK];
		if (lines->last.offset > mark.offset &&
		    lines->last.offset <= offset)
			mark = lines->last;
	}
	walk(source, &mark, offset);
	if (lines)
		lines->last = mark;
	return mark.pos;
}

static bool
is_after(struct pos a, struct pos b)
{
	return a.line != b.line ? a.line > b.line : a.column > b.column;
}

/* The last mark that isn't behind the place. */
static struct mark
nearest(const struct source *source, struct pos pos)
{
	struct source_lines *lines = source->lines;
	size_t all = text_len(source) / BLOCK + 1, low = 0;

	if (!lines)
		return start;
	build(source, 0);
	while (lines->count < all &&
	       !is_after(lines->marks[lines->count - 1].pos, pos))
		build(source, lines->count);
	for (size_t high = lines->count; high - low > 1;) {
		size_t middle = low + (high - low) / 2;
		if (is_after(lines->marks[middle].pos, pos))
			high = middle;
		else
			low = middle;
	}
	return lines->marks[low];
}

uint32_t
source_offset(const struct source *source, struct pos pos)
{
	uint32_t len = text_len(source);
	bool latin1 = source_is_latin1(source);
	const char *text = source->text.ptr;

	if (len == 0)
		return 0;
	struct mark mark = nearest(source, pos);
	while (mark.pos.line < pos.line) {
		const char *feed =
		    memchr(text + mark.offset, '\n', len - mark.offset);
		if (!feed)
			return len;
		mark.offset = (uint32_t)(feed - text) + 1;
		mark.pos = (struct pos){ mark.pos.line + 1, 1 };
	}
	if (mark.offset == 0 && is_order_mark(source, latin1))
		mark.offset = 3;
	while (mark.offset < len && mark.pos.column < pos.column &&
	       text[mark.offset] != '\n') {
		mark.offset += char_len(source, mark.offset, latin1);
		mark.pos.column++;
	}
	return mark.offset;
}

struct str
span_text(const struct span *span)
{
	if (!span->source || !span->begin.line || !span->source->text.ptr)
		return (struct str){ 0 };
	uint32_t begin = source_offset(span->source, span->begin);
	uint32_t end = begin;

	if (span->end.line)
		end = source_offset(span->source, span->end);
	if (end < begin)
		end = begin;
	return (struct str){ span->source->text.ptr + begin, end - begin };
}

struct span
source_span(const struct source *source, uint32_t begin, uint32_t end)
{
	return (struct span){ source, source_pos(source, begin),
		source_pos(source, end) };
}

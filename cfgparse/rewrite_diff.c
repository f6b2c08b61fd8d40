#include "cfgparse/rewrite.h"
/*
 * The unified diff of a file and its edits. The edits say what differs, so
 * nothing is searched for.
 */
#include "cfgparse/base/buf.h"

enum { CONTEXT = 3 };

/* Whole lines of the old text, and what stands in their place. */
struct change {
	size_t begin, end; /* bytes of the old text */
	struct str text;
	size_t line; /* of begin, from 0 */
	size_t old_lines, new_lines;
};

struct differ {
	FILE *out;
	struct arena arena;
	const struct rewrite_file *file;
	struct change *changes;
	size_t count;
};

static size_t
line_begin(struct str text, size_t at)
{
	while (at > 0 && text.ptr[at - 1] != '\n')
		at--;
	return at;
}

/* Behind the line feed. */
static size_t
line_end(struct str text, size_t at)
{
	const char *feed = memchr(text.ptr + at, '\n', text.len - at);

	return feed ? (size_t)(feed - text.ptr) + 1 : text.len;
}

static size_t
lines_in(struct str text)
{
	size_t lines = 0;

	for (size_t at = 0; at < text.len; at = line_end(text, at))
		lines++;
	return lines;
}

static bool
ends_line(struct str text)
{
	return text.len > 0 && text.ptr[text.len - 1] == '\n';
}

/* Where the lines end that the edit touches, from begin on. */
static size_t
touched_end(struct str old, const struct edit *edit, bool fresh_line)
{
	bool whole = edit->end == 0 || old.ptr[edit->end - 1] == '\n';

	if (whole && (edit->text.len ? ends_line(edit->text) : fresh_line))
		return edit->end;
	return line_end(old, edit->end);
}

/* A last line without an end is touched behind it too. */
static bool
touches(struct str old, const struct change *change, const struct edit *edit)
{
	return edit->begin < change->end ||
	       (edit->begin == change->end && change->end > 0 &&
		   old.ptr[change->end - 1] != '\n');
}

/* One change of this edit and of all that touch the same lines; returns the
 * index of the next edit. */
static size_t
make_change(struct differ *differ, size_t i, struct change *change)
{
	const struct rewrite_file *file = differ->file;
	struct str old = file->old;
	struct buf text = { 0 };
	size_t at = line_begin(old, file->edits[i].begin);

	change->begin = change->end = at;
	do {
		const struct edit *edit = &file->edits[i++];
		size_t end;

		buf_append(&text, old.ptr + at, edit->begin - at);
		buf_add(&text, edit->text);
		end = touched_end(
		    old, edit, text.len == 0 || ends_line(buf_str(&text)));
		if (change->end < end)
			change->end = end;
		at = edit->end;
	} while (i < file->count && touches(old, change, &file->edits[i]));
	buf_append(&text, old.ptr + at, change->end - at);
	change->text = arena_str(&differ->arena, buf_str(&text));
	buf_wipe(&text);
	return i;
}

static void
make_changes(struct differ *differ)
{
	const struct rewrite_file *file = differ->file;
	struct str old = file->old;
	size_t line = 0, at = 0;

	differ->count = 0;
	differ->changes =
	    arena_array(&differ->arena, file->count, sizeof(struct change));
	for (size_t i = 0; i < file->count;) {
		struct change *change = &differ->changes[differ->count];

		i = make_change(differ, i, change);
		struct str before = { old.ptr + change->begin,
			change->end - change->begin };
		if (str_eq(before, change->text))
			continue;
		line +=
		    lines_in((struct str){ old.ptr + at, change->begin - at });
		at = change->begin;
		change->line = line;
		change->old_lines = lines_in(before);
		change->new_lines = lines_in(change->text);
		differ->count++;
	}
}

static void
put_lines(struct differ *differ, char sign, struct str text)
{
	for (size_t at = 0; at < text.len;) {
		size_t end = line_end(text, at);

		fputc(sign, differ->out);
		fwrite(text.ptr + at, 1, end - at, differ->out);
		at = end;
	}
	if (text.len && !ends_line(text))
		fputs("\n\\ No newline at end of file\n", differ->out);
}

/* A range as diff writes it: the line before, where it has none. */
static void
put_range(struct differ *differ, size_t line, size_t lines)
{
	fprintf(differ->out, "%zu", lines ? line + 1 : line);
	if (lines != 1)
		fprintf(differ->out, ",%zu", lines);
}

/* A hunk's first byte: CONTEXT lines before, at most; *lines is how many. */
static size_t
context_begin(struct str old, size_t at, size_t floor, size_t *lines)
{
	for (*lines = 0; *lines < CONTEXT && at > floor; ++*lines)
		at = line_begin(old, at - 1);
	return at;
}

static size_t
context_end(struct str old, size_t at, size_t *lines)
{
	for (*lines = 0; *lines < CONTEXT && at < old.len; ++*lines)
		at = line_end(old, at);
	return at;
}

/* Changes first to last stand close together; shift: by how many lines the
 * new text is ahead. */
static void
put_hunk(struct differ *differ, size_t first, size_t last, long shift)
{
	struct str old = differ->file->old;
	const struct change *changes = differ->changes;
	size_t before, after, at, end, old_lines, new_lines, line;

	at = context_begin(old, changes[first].begin, 0, &before);
	end = context_end(old, changes[last].end, &after);
	line = changes[first].line - before;
	old_lines = changes[last].line + changes[last].old_lines + after - line;
	new_lines = old_lines;
	for (size_t i = first; i <= last; i++)
		new_lines += changes[i].new_lines - changes[i].old_lines;
	fputs("@@ -", differ->out);
	put_range(differ, line, old_lines);
	fputs(" +", differ->out);
	put_range(differ, (size_t)((long)line + shift), new_lines);
	fputs(" @@\n", differ->out);
	for (size_t i = first; i <= last; i++) {
		const struct change *change = &changes[i];

		put_lines(differ, ' ',
		    (struct str){ old.ptr + at, change->begin - at });
		put_lines(differ, '-',
		    (struct str){
			old.ptr + change->begin, change->end - change->begin });
		put_lines(differ, '+', change->text);
		at = change->end;
	}
	put_lines(differ, ' ', (struct str){ old.ptr + at, end - at });
}

static void
put_file(struct differ *differ)
{
	const struct change *changes = differ->changes;
	long shift = 0;

	if (differ->count)
		fprintf(differ->out, "--- %s\n+++ %s\n", differ->file->path,
		    differ->file->path);
	for (size_t i = 0; i < differ->count;) {
		size_t last = i;

		while (last + 1 < differ->count &&
		       changes[last + 1].line - changes[last].line -
			       changes[last].old_lines <=
			   2 * CONTEXT)
			last++;
		put_hunk(differ, i, last, shift);
		for (; i <= last; i++)
			shift += (long)changes[i].new_lines -
				 (long)changes[i].old_lines;
	}
}

void
rewrite_diff(const struct rewrite *rewrite, FILE *out)
{
	struct differ differ = { .out = out };

	for (size_t i = 0; i < rewrite->count; i++) {
		differ.file = rewrite->files[i];
		make_changes(&differ);
		put_file(&differ);
	}
	arena_fini(&differ.arena);
}

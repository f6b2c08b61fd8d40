#include "cfgparse/rewrite.h"

#include <stdlib.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/findings.h"

void
rewrite_fini(struct rewrite *rewrite)
{
	map_fini(&rewrite->by_path);
	arena_fini(&rewrite->arena);
	*rewrite = (struct rewrite){ 0 };
}

/* The array with room for one more; its old memory dies with the arena. */
static void *
grown(struct arena *arena, void *items, size_t count, size_t *cap, size_t size)
{
	void *grown_items;

	if (count < *cap)
		return items;
	*cap = *cap ? *cap * 2 : 8;
	grown_items = arena_array(arena, *cap, size);
	if (count)
		memcpy(grown_items, items, count * size);
	return grown_items;
}

static struct rewrite_file *
file_of(struct rewrite *rewrite, const struct source *source)
{
	struct rewrite_file *file =
	    map_get(&rewrite->by_path, str_of(source->name));

	if (file)
		return file;
	file = arena_alloc(&rewrite->arena, sizeof *file);
	file->path = source->name;
	file->old = file->text = source->text;
	rewrite->files = grown(&rewrite->arena, rewrite->files, rewrite->count,
	    &rewrite->cap, sizeof(struct rewrite_file *));
	rewrite->files[rewrite->count++] = file;
	map_put(&rewrite->by_path, str_of(file->path), file);
	return file;
}

void
rewrite_replace(struct rewrite *rewrite, const struct source *source,
    size_t begin, size_t end, struct str text)
{
	struct rewrite_file *file = file_of(rewrite, source);

	file->edits = grown(&rewrite->arena, file->edits, file->count,
	    &file->cap, sizeof(struct edit));
	file->edits[file->count] = (struct edit){ begin, end,
		arena_str(&rewrite->arena, text), file->count };
	file->count++;
}

static int
compare(const void *a, const void *b)
{
	const struct edit *one = a, *two = b;

	if (one->begin != two->begin)
		return one->begin < two->begin ? -1 : 1;
	/* An insertion goes before what replaces the bytes behind it. */
	if ((one->end == one->begin) != (two->end == two->begin))
		return one->end == one->begin ? -1 : 1;
	return one->order < two->order ? -1 : one->order > two->order;
}

static bool
is_same(const struct edit *one, const struct edit *two)
{
	return one->begin == two->begin && one->end == two->end &&
	       one->end > one->begin && str_eq(one->text, two->text);
}

static bool
refuse(struct rewrite *rewrite, const struct rewrite_file *file, size_t at,
    const char *what, const char **why)
{
	size_t line = 1;

	for (size_t i = 0; i < at && i < file->old.len; i++)
		line += file->old.ptr[i] == '\n';
	*why =
	    arena_printf(&rewrite->arena, "%s:%zu: %s", file->path, line, what);
	return false;
}

static bool
sort(struct rewrite *rewrite, struct rewrite_file *file, const char **why)
{
	size_t kept = 0;

	if (file->count)
		qsort(file->edits, file->count, sizeof *file->edits, compare);
	for (size_t i = 0; i < file->count; i++) {
		struct edit edit = file->edits[i];

		if (edit.begin > edit.end || edit.end > file->old.len)
			return refuse(rewrite, file, edit.begin,
			    "a change isn't within the file", why);
		if (kept && is_same(&file->edits[kept - 1], &edit))
			continue;
		if (kept && file->edits[kept - 1].end > edit.begin)
			return refuse(rewrite, file, edit.begin,
			    "this would be changed in two ways at once", why);
		file->edits[kept++] = edit;
	}
	file->count = kept;
	return true;
}

static void
put_in(struct rewrite *rewrite, struct rewrite_file *file)
{
	struct buf out = { 0 };
	size_t at = 0;

	for (size_t i = 0; i < file->count; i++) {
		const struct edit *edit = &file->edits[i];

		buf_append(&out, file->old.ptr + at, edit->begin - at);
		buf_add(&out, edit->text);
		at = edit->end;
	}
	buf_append(&out, file->old.ptr + at, file->old.len - at);
	file->text = arena_str(&rewrite->arena, buf_str(&out));
	/* Configurations hold passwords. */
	buf_wipe(&out);
}

bool
rewrite_apply(struct rewrite *rewrite, const char **why)
{
	for (size_t i = 0; i < rewrite->count; i++) {
		if (!sort(rewrite, rewrite->files[i], why))
			return false;
		put_in(rewrite, rewrite->files[i]);
	}
	return true;
}

bool
rewrite_differs(const struct rewrite *rewrite)
{
	for (size_t i = 0; i < rewrite->count; i++) {
		const struct rewrite_file *file = rewrite->files[i];

		if (!str_eq(file->old, file->text))
			return true;
	}
	return false;
}

bool
rewrite_text(void *context, const char *path, struct str *text)
{
	const struct rewrite *rewrite = context;
	const struct rewrite_file *file =
	    map_get(&rewrite->by_path, str_of(path));

	if (file)
		*text = file->text;
	return file != NULL;
}

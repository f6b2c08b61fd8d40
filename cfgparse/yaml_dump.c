#include "cfgparse/yaml_dump.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/utf8.h"
#include "cfgparse/term.h"
#include "cfgparse/terms.h"
#include "cfgparse/yaml.h"

/* fast_yaml makes atoms of bytes, each of which is one character. */
static struct str
atom_text(struct arena *arena, struct str text)
{
	struct buf buf = { 0 };

	for (size_t i = 0; i < text.len; i++) {
		char bytes[UTF8_MAX];
		size_t len = utf8_encode((unsigned char)text.ptr[i], bytes);

		buf_append(&buf, bytes, len);
	}
	struct str out = arena_str(arena, buf_str(&buf));
	buf_fini(&buf);
	return out;
}

static void convert(
    struct arena *arena, const struct term *from, struct term *to);

/* {Key, Value} of a map. */
static void
convert_pair(struct arena *arena, const struct term *key, struct term *to)
{
	to->kind = TERM_TUPLE;
	to->items = arena_array(arena, 2, sizeof *to->items);
	to->count = 2;
	convert(arena, key, &to->items[0]);
	convert(arena, key + 1, &to->items[1]);
}

/* As deep as the tree, which is limited. */
static void
convert(struct arena *arena, const struct term *from, struct term *to)
{
	size_t step = from->kind == TERM_MAP ? 2 : 1;

	*to = *from;
	switch (from->kind) {
	case TERM_ATOM: to->text = atom_text(arena, from->text); break;
	case TERM_STRING:
		if (from->quoted) {
			to->kind = TERM_ATOM;
			to->text = atom_text(arena, from->text);
		} else {
			to->kind = TERM_BINARY;
			to->bytes = (const uint8_t *)from->text.ptr;
			to->bits = from->text.len * 8;
		}
		break;
	case TERM_MAP:
	case TERM_LIST:
		to->kind = TERM_LIST;
		to->count = from->count / step;
		to->items = NULL;
		if (to->count)
			to->items =
			    arena_array(arena, to->count, sizeof *to->items);
		for (size_t i = 0; i < to->count; i++) {
			to->items[i] = from->items[i * step];
			if (step == 2)
				convert_pair(arena, &from->items[i * step],
				    &to->items[i]);
			else
				convert(arena, &from->items[i], &to->items[i]);
		}
		break;
	default: break;
	}
}

int
yaml_dump_file(const struct source *source, bool as_w,
    struct findings *findings, struct buf *out)
{
	struct arena arena = { 0 };
	struct term *root, term;
	int status = EXIT_FINDINGS;

	if (yaml_parse(&arena, source, findings, &root)) {
		convert(&arena, root, &term);
		terms_dump(out, &term, as_w);
		buf_puts(out, ".\n");
		status = EXIT_CLEAN;
	}
	arena_fini(&arena);
	return status;
}

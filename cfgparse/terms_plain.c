/*
 * One pass over the bytes of a term: a table says what a byte may be, and the
 * items of all open brackets are on one stack, from where they move to the
 * arena in one go when their bracket is closed.
 */
#include "cfgparse/terms_plain.h"

#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/terms.h"
#include "cfgparse/terms_lex.h"

/* What a byte may be. */
enum {
	BLANK = 1,
	LOWER = 2, /* begins a name */
	NAME = 4,
	DIGIT = 8,
	TEXT = 16, /* stands in quotes for itself */
	HIGH = 32, /* and this too, in UTF-8 */
};

/* No byte over 0x7F is anything outside quotes and comments. In them all are
 * but 0xEF, which begins the three characters that have a rule against them:
 * U+FEFF, U+FFFE and U+FFFF. */
static const unsigned char classes[256] = {
	[0 ... ' '] = BLANK | TEXT,
	['!'] = TEXT,
	['#' ... '&'] = TEXT,
	['(' ... '/'] = TEXT,
	['0' ... '9'] = DIGIT | NAME | TEXT,
	[':' ... '?'] = TEXT,
	['@' ... 'Z'] = NAME | TEXT,
	['['] = TEXT,
	[']' ... '^'] = TEXT,
	['_'] = NAME | TEXT,
	['`'] = TEXT,
	['a' ... 'z'] = LOWER | NAME | TEXT,
	['{' ... 0x7F] = TEXT,
	[0x80 ... 0xEE] = HIGH,
	[0xF0 ... 0xFF] = HIGH,
};

enum {
	ODD = 0xEF,
	ROOM_FIRST = 256, /* TERMS_ITEMS_MAX is a power of two too */
};

/* A bracket that is open. */
struct open {
	uint32_t begin;
	char closer;
	size_t first; /* of its items on the stack */
};

struct plain {
	struct arena *arena;
	const struct term_file *file;
	const char *text, *end;
	unsigned quotable; /* what stands in quotes for itself */
	struct term *items;
	size_t room;
	struct open open[TERMS_DEPTH_MAX];
};

/* The functions below are parts of one loop, built twice: with and without
 * keeping what is read. */
#define PART static inline __attribute__((always_inline))

struct plain *
plain_create(struct arena *arena, const struct term_file *file, struct str text,
    bool latin1)
{
	struct plain *plain = mem_grow(NULL, 1, sizeof(*plain));

	plain->arena = arena;
	plain->file = file;
	plain->text = text.len ? text.ptr : "";
	plain->end = plain->text + text.len;
	plain->quotable = latin1 ? TEXT : TEXT | HIGH;
	plain->room = ROOM_FIRST;
	plain->items = mem_grow(NULL, plain->room, sizeof(*plain->items));
	return plain;
}

void
plain_destroy(struct plain **plain)
{
	free((*plain)->items);
	free(*plain);
	*plain = NULL;
}

PART bool
is(const char *p, unsigned class)
{
	return classes[(unsigned char)*p] & class;
}

/* Behind the comment and what is blank after it; NULL at the end. */
static const char *
skip_comments(const char *p, const char *end)
{
	while (p < end && *p == '%') {
		const char *feed = memchr(p, '\n', (size_t)(end - p));

		if (!feed || memchr(p, ODD, (size_t)(feed - p)))
			return NULL;
		p = feed;
		while (p < end && is(p, BLANK))
			p++;
	}
	return p < end ? p : NULL;
}

/* The first byte that isn't blank or comment; NULL at the end. */
PART const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && is(p, BLANK))
		p++;
	return p < end && *p != '%' ? p : skip_comments(p, end);
}

/* The name, text or integer at p, and where it ends; NULL where it is none of
 * them, or not plain. */
PART const char *
read_leaf(const struct plain *plain, const char *p, struct term *leaf)
{
	const char *from = p, *end = plain->end;
	enum term_kind kind = TERM_ATOM;
	struct str text;
	bool quoted = false;

	if (is(p, LOWER)) {
		while (p < end && is(p, NAME))
			p++;
		text = (struct str){ from, (size_t)(p - from) };
		if (text_is_reserved(text))
			return NULL;
	} else if (*p == '"' || *p == '\'') {
		for (p++; p < end; p++) {
			if (!is(p, plain->quotable) &&
			    (*p == *from || (*p != '"' && *p != '\'')))
				break;
		}
		if (p == end || *p != *from)
			return NULL;
		text = (struct str){ from + 1, (size_t)(p++ - from) - 1 };
		quoted = *from == '\'';
		if (!quoted)
			kind = text.len ? TERM_STRING : TERM_LIST;
	} else if (is(p, DIGIT)) {
		while (*p == '0' && p + 1 < end && is(p + 1, DIGIT))
			p++;
		text.ptr = p;
		while (p < end && is(p, DIGIT))
			p++;
		text.len = (size_t)(p - text.ptr);
		kind = TERM_INTEGER;
	} else {
		return NULL;
	}
	if (kind != TERM_STRING && text.len > TERMS_ATOM_MAX)
		return NULL;
	if (kind == TERM_LIST)
		text = (struct str){ 0 };
	*leaf = (struct term){
		.kind = kind,
		.quoted = quoted,
		.begin = (uint32_t)(from - plain->text),
		.end = (uint32_t)(p - plain->text),
		.file = plain->file,
	};
	leaf->text.ptr = text.ptr;
	leaf->text.len = text.len;
	return p;
}

/* Room for one more item on the stack; NULL where there are too many. */
PART struct term *
push(struct plain *plain, size_t *count, bool build)
{
	if (*count == TERMS_ITEMS_MAX)
		return NULL;
	if (build && *count == plain->room) {
		plain->room *= 2;
		plain->items =
		    mem_grow(plain->items, plain->room, sizeof(*plain->items));
	}
	++*count;
	return &plain->items[build ? *count - 1 : 0];
}

/* Puts the bracket's term in place of its items; false where there are too
 * many. */
PART bool
collect(struct plain *plain, const struct open *open, const char *p,
    size_t *count, bool build)
{
	size_t children = *count - open->first;
	struct term *kept = NULL, *term;

	if (build && children)
		kept = arena_copy(plain->arena, plain->items + open->first,
		    children * sizeof(*kept));
	*count = open->first;
	term = push(plain, count, build);
	if (!build || !term)
		return term;
	*term = (struct term){
		.kind = open->closer == '}' ? TERM_TUPLE : TERM_LIST,
		.begin = open->begin,
		.end = (uint32_t)(p - plain->text),
		.file = plain->file,
	};
	term->items = kept;
	term->count = children;
	return true;
}

PART bool
is_dot(const char *p, const char *end)
{
	return *p == '.' && (p + 1 == end || p[1] == '%' || is(p + 1, BLANK));
}

/* Behind the dot of the term at p, which is left on the stack; NULL where it
 * isn't plain. */
PART const char *
read_term(struct plain *plain, const char *p, bool build)
{
	const char *end = plain->end;
	size_t depth = 0, count = 0;
	struct term unused, *leaf;

	while ((p = skip_blanks(p, end))) {
		struct open *open = &plain->open[depth];

		if (*p == '{' || *p == '[') {
			if (depth++ == TERMS_DEPTH_MAX)
				return NULL;
			*open = (struct open){ (uint32_t)(p - plain->text),
				*p == '{' ? '}' : ']', count };
			p = skip_blanks(p + 1, end);
			if (!p)
				return NULL;
			if (*p != open->closer)
				continue;
		} else {
			leaf = push(plain, &count, build);
			p = leaf ? read_leaf(plain, p, build ? leaf : &unused)
				 : NULL;
			if (!p)
				return NULL;
			p = skip_blanks(p, end);
		}
		while (p && depth && *p == plain->open[depth - 1].closer) {
			p++;
			depth--;
			if (!collect(
				plain, &plain->open[depth], p, &count, build))
				return NULL;
			p = skip_blanks(p, end);
		}
		if (!p)
			return NULL;
		if (depth == 0)
			return is_dot(p, end) ? p + 1 : NULL;
		if (*p++ != ',')
			return NULL;
	}
	return NULL;
}

bool
plain_read(struct plain *plain, uint32_t at, uint32_t *end, struct term *term)
{
	const char *p = plain->text + at;

	if (!plain->arena) {
		p = read_term(plain, p, false);
	} else {
		p = read_term(plain, p, true);
		if (p)
			*term = plain->items[0];
	}
	if (p)
		*end = (uint32_t)(p - plain->text);
	return p;
}

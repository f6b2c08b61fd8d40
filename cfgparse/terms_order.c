/*
 * Compares terms as Erlang compares the keys of maps: see the header.
 */
#include "cfgparse/terms_order.h"

#include <stdio.h>
#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/base/utf8.h"
#include "cfgparse/terms_number.h"

/* The order of kinds: number < atom < fun < tuple < map < [] < list <
 * binary, and integers before floats. */
static int
rank(const struct term *term)
{
	switch (term->kind) {
	case TERM_INTEGER: return 0;
	case TERM_FLOAT: return 1;
	case TERM_ATOM: return 2;
	case TERM_FUN: return 3;
	case TERM_TUPLE: return 4;
	case TERM_MAP: return 5;
	case TERM_LIST: return term->count == 0 ? 6 : 7;
	case TERM_STRING: return 7;
	default: return 8;
	}
}

static int
compare_sizes(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int
compare_bytes(struct str a, struct str b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common ? memcmp(a.ptr, b.ptr, common) : 0;

	return order != 0 ? order : compare_sizes(a.len, b.len);
}

/* A walk through a list or string. */
struct cursor {
	const struct term *list;
	size_t next;
	struct term code; /* of a string */
	char digits[16];
};

static const struct term *
cursor_next(struct cursor *cursor)
{
	const struct term *list = cursor->list;
	uint32_t code;

	if (list->kind == TERM_LIST)
		return cursor->next < list->count ? &list->items[cursor->next++]
						  : NULL;
	if (cursor->next >= list->text.len)
		return NULL;
	cursor->next += utf8_decode(list->text.ptr + cursor->next,
	    list->text.len - cursor->next, &code);
	cursor->code.kind = TERM_INTEGER;
	cursor->code.text = (struct str){ cursor->digits,
		(size_t)snprintf(cursor->digits, sizeof(cursor->digits), "%u",
		    (unsigned)code) };
	return &cursor->code;
}

/* What follows the last item. */
static const struct term *
list_rest(const struct term *list)
{
	static const struct term empty = { .kind = TERM_LIST };

	return list->kind == TERM_LIST && list->improper
		   ? &list->items[list->count]
		   : &empty;
}

static int
compare_lists(const struct term *a, const struct term *b)
{
	struct cursor left = { .list = a }, right = { .list = b };

	for (;;) {
		const struct term *x = cursor_next(&left);
		const struct term *y = cursor_next(&right);
		int order;

		if (!x && !y)
			return terms_compare(list_rest(a), list_rest(b));
		if (!x)
			return rank(list_rest(a)) - rank(b);
		if (!y)
			return rank(a) - rank(list_rest(b));
		order = terms_compare(x, y);
		if (order != 0)
			return order;
	}
}

static int
compare_items(
    const struct term *a, const struct term *b, size_t first, size_t step)
{
	for (size_t i = first; i < a->count; i += step) {
		int order = terms_compare(&a->items[i], &b->items[i]);

		if (order != 0)
			return order;
	}
	return 0;
}

static int
compare_maps(const struct term *a, const struct term *b)
{
	int order = compare_sizes(a->count, b->count);

	if (order == 0)
		order = compare_items(a, b, 0, 2);
	return order != 0 ? order : compare_items(a, b, 1, 2);
}

static int
compare_tuples(const struct term *a, const struct term *b)
{
	int order = compare_sizes(a->count, b->count);

	return order != 0 ? order : compare_items(a, b, 0, 1);
}

/* The unused bits of a last byte are zero, so bytes decide, then length. */
static int
compare_binaries(const struct term *a, const struct term *b)
{
	size_t common = (a->bits < b->bits ? a->bits : b->bits) / 8;
	int order = common ? memcmp(a->bytes, b->bytes, common) : 0;
	size_t left = a->bits - common * 8, right = b->bits - common * 8;

	if (order != 0)
		return order;
	if (left > 0 && right > 0) {
		size_t few = left < right ? left : right;
		unsigned shift = few >= 8 ? 0 : 8 - (unsigned)few;

		order =
		    (a->bytes[common] >> shift) - (b->bytes[common] >> shift);
	}
	return order != 0 ? order : compare_sizes(a->bits, b->bits);
}

static int
compare_funs(const struct term *a, const struct term *b)
{
	int order = compare_bytes(a->fun->module, b->fun->module);

	if (order == 0)
		order = compare_bytes(a->fun->function, b->fun->function);
	return order != 0 ? order
			  : number_compare(a->fun->arity, b->fun->arity);
}

int
terms_compare(const struct term *a, const struct term *b)
{
	int order = rank(a) - rank(b);

	if (order != 0 || (a->kind == TERM_LIST && a->count == 0))
		return order;
	switch (a->kind) {
	case TERM_INTEGER: return number_compare(a->text, b->text);
	case TERM_FLOAT:
		return (a->number > b->number) - (a->number < b->number);
	case TERM_ATOM: return compare_bytes(a->text, b->text);
	case TERM_FUN: return compare_funs(a, b);
	case TERM_TUPLE: return compare_tuples(a, b);
	case TERM_MAP: return compare_maps(a, b);
	case TERM_LIST:
	case TERM_STRING: return compare_lists(a, b);
	default: return compare_binaries(a, b);
	}
}

struct pair {
	struct term key, value;
	size_t index;
};

static int
compare_pairs(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;
	int order = terms_compare(&left->key, &right->key);

	return order != 0 ? order : compare_sizes(left->index, right->index);
}

size_t
terms_sort_pairs(struct term *items, size_t count)
{
	size_t pairs = count / 2, kept = 0;
	struct pair *sorted = mem_alloc(pairs, sizeof(*sorted));

	for (size_t i = 0; i < pairs; i++)
		sorted[i] = (struct pair){ items[2 * i], items[2 * i + 1], i };
	qsort(sorted, pairs, sizeof(*sorted), compare_pairs);
	for (size_t i = 0; i < pairs; i++) {
		if (i + 1 < pairs &&
		    terms_compare(&sorted[i].key, &sorted[i + 1].key) == 0)
			continue;
		items[kept++] = sorted[i].key;
		items[kept++] = sorted[i].value;
	}
	free(sorted);
	return kept;
}

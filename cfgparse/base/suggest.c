#include "cfgparse/base/suggest.h"
/*
 * Optimal string alignment distance over bytes, in three rows; names longer
 * than any option's are never near.
 */
#include <stdbool.h>
#include <stdint.h>

enum { NAME_MAX_LEN = 64 };

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t
distance(struct str a, struct str b)
{
	size_t rows[3][NAME_MAX_LEN + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];

	for (size_t j = 0; j <= b.len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		now[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			bool same = a.ptr[i - 1] == b.ptr[j - 1];
			now[j] = least(least(last[j], now[j - 1]) + 1,
			    last[j - 1] + !same);
			if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
			    a.ptr[i - 2] == b.ptr[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
		size_t *free_row = before;
		before = last;
		last = now;
		now = free_row;
	}
	return last[b.len];
}

/* The set of the bytes, by their last six bits. */
static uint64_t
letters(struct str text)
{
	uint64_t set = 0;

	for (size_t i = 0; i < text.len; i++)
		set |= 1ULL << (text.ptr[i] & 63);
	return set;
}

static size_t
count_bits(uint64_t set)
{
	size_t count = 0;

	for (; set; set &= set - 1)
		count++;
	return count;
}

/* What the distance is at least: each step changes the length by one, and
 * brings or takes away one letter. Cheap, and most names end here. */
static size_t
least_distance(struct str a, struct str b)
{
	uint64_t in_a = letters(a), in_b = letters(b);
	size_t gone = count_bits(in_a & ~in_b), come = count_bits(in_b & ~in_a);
	size_t length = a.len > b.len ? a.len - b.len : b.len - a.len;

	if (gone < come)
		gone = come;
	return gone > length ? gone : length;
}

void
suggest_offer(struct suggest *suggest, const char *name)
{
	struct str offered = str_of(name);
	/* A third of the letters may be wrong, but never all of them. */
	size_t limit = offered.len / 3;

	if (suggest->given.len > NAME_MAX_LEN || offered.len > NAME_MAX_LEN)
		return;
	if (limit == 0 && offered.len > 1)
		limit = 1;
	size_t d = least_distance(suggest->given, offered);
	if (d > limit || (suggest->best && d >= suggest->distance))
		return;
	d = distance(suggest->given, offered);
	if (d > limit || (suggest->best && d >= suggest->distance))
		return;
	suggest->best = name;
	suggest->distance = d;
}

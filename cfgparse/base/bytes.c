#include "cfgparse/base/bytes.h"

enum { BLOCK = 64 };

/* Is there such a pair among the BLOCK that begin here? Reads one byte more. */
static bool
block_has(const char *text, char first, char second, char other)
{
	unsigned char any = 0;

	for (size_t i = 0; i < BLOCK; i++)
		any |= (unsigned char)((text[i] == first) &
				       ((text[i + 1] == second) |
					   (text[i + 1] == other)));
	return any;
}

size_t
bytes_pair(struct str text, size_t at, char first, const char seconds[2])
{
	while (at + 1 < text.len) {
		size_t end = at + BLOCK;

		if (end < text.len &&
		    !block_has(text.ptr + at, first, seconds[0], seconds[1])) {
			at = end;
			continue;
		}
		if (end >= text.len)
			end = text.len - 1;
		for (; at < end; at++) {
			if (text.ptr[at] == first &&
			    (text.ptr[at + 1] == seconds[0] ||
				text.ptr[at + 1] == seconds[1]))
				return at;
		}
	}
	return text.len;
}

size_t
bytes_rare_pair(struct str text, size_t at, char first, const char seconds[2])
{
	while (at + 1 < text.len) {
		const char *found =
		    memchr(text.ptr + at, first, text.len - at - 1);

		if (!found)
			break;
		if (found[1] == seconds[0] || found[1] == seconds[1])
			return (size_t)(found - text.ptr);
		at = (size_t)(found - text.ptr) + 1;
	}
	return text.len;
}

static bool
have_rare_end(struct str text, struct str needle)
{
	size_t lead = needle.len - 1, at = lead;

	while (at < text.len) {
		const char *found =
		    memchr(text.ptr + at, needle.ptr[lead], text.len - at);

		if (!found)
			return false;
		if (memcmp(found - lead, needle.ptr, lead) == 0)
			return true;
		at = (size_t)(found - text.ptr) + 1;
	}
	return false;
}

bool
bytes_have(struct str text, struct str needle, bool rare_end)
{
	size_t lead = needle.len - 2;
	char last = needle.ptr[lead + 1];
	const char seconds[2] = { last, last };

	if (rare_end)
		return have_rare_end(text, needle);
	for (size_t at = lead;
	     (at = bytes_pair(text, at, needle.ptr[lead], seconds)) < text.len;
	     at++) {
		if (memcmp(text.ptr + at - lead, needle.ptr, lead) == 0)
			return true;
	}
	return false;
}

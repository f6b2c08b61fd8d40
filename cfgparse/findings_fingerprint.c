#include "cfgparse/findings_private.h"
/*
 * What a finding is known by from one version of a file to the next: its rule,
 * its file and the line it is in, wherever that has moved. FNV-1a with 64 bits
 * tells them apart well enough; nobody gains by a collision that they could
 * not have by writing the fingerprint itself.
 */
#include <string.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/source_lines.h"

/* Bytes of a line on both sides of the finding that count. */
enum { SIDE = 200 };

static void
mix(uint64_t *hash, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		*hash ^= (unsigned char)bytes[i];
		*hash *= 0x100000001b3;
	}
	/* Parts don't flow into each other. */
	*hash ^= 0x100;
	*hash *= 0x100000001b3;
}

/* The line around a byte, without blanks at its ends. */
static struct str
line_around(struct str text, uint32_t at)
{
	uint32_t begin = at, end = at;

	while (begin > 0 && at - begin < SIDE && text.ptr[begin - 1] != '\n')
		begin--;
	while (end < text.len && end - at < SIDE && text.ptr[end] != '\n')
		end++;
	while (begin < end && str_is_blank(text.ptr[begin]))
		begin++;
	while (end > begin && str_is_blank(text.ptr[end - 1]))
		end--;
	return (struct str){ text.ptr + begin, end - begin };
}

bool
fingerprint_of_place(
    const struct rule *rule, const struct span *span, uint64_t *hash)
{
	const struct source *source = span->source;

	if (!source || !span->begin.line || !source->text.len)
		return false;
	struct str line =
	    line_around(source->text, source_offset(source, span->begin));
	*hash = 0xcbf29ce484222325;
	mix(hash, rule->id, strlen(rule->id));
	mix(hash, source->name, strlen(source->name));
	mix(hash, line.ptr, line.len);
	return true;
}

uint64_t
fingerprint(const struct finding *finding)
{
	const struct source *source = finding->span.source;
	const char *name = source ? source->name : "";
	const char *what =
	    finding->subject ? finding->subject : finding->message;
	uint64_t hash;

	if (fingerprint_of_place(finding->rule, &finding->span, &hash))
		return hash;
	hash = 0xcbf29ce484222325;
	mix(&hash, finding->rule->id, strlen(finding->rule->id));
	mix(&hash, name, strlen(name));
	mix(&hash, what, strlen(what));
	return hash;
}

void
ordinals_count(struct ordinals *ordinals, const struct finding *finding,
    char text[FINGERPRINT_MAX])
{
	char key[sizeof "0123456789abcdef"];
	struct ordinal *ordinal;

	snprintf(key, sizeof key, "%016llx",
	    (unsigned long long)fingerprint(finding));
	ordinal = map_get(&ordinals->map, str_of(key));
	if (!ordinal) {
		ordinal = arena_alloc(&ordinals->arena, sizeof *ordinal);
		map_put(&ordinals->map, str_of(key), ordinal);
	}
	snprintf(text, FINGERPRINT_MAX, "%s:%zu", key, ++ordinal->count);
}

void
ordinals_fini(struct ordinals *ordinals)
{
	map_fini(&ordinals->map);
	arena_fini(&ordinals->arena);
}

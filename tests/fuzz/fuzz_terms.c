/*
 * The terms reader on arbitrary bytes: in both readings it must end, and what
 * it accepts must print to a text that reads back as the same terms.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/terms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
dump(struct str text, bool as_w, bool otp25, struct buf *out)
{
	struct source source = { "fuzz", text };
	struct terms_options options = { .otp25 = otp25 };
	struct findings *findings = findings_create("fuzz");
	struct arena arena = { 0 };
	struct term *list;
	size_t count;
	bool good =
	    terms_parse(&arena, &source, &options, findings, &list, &count);

	if (good != (findings_count(findings, SEVERITY_ERROR) == 0))
		abort();
	for (size_t i = 0; i < count; i++) {
		terms_dump(out, &list[i], as_w);
		buf_puts(out, ".\n");
	}
	arena_fini(&arena);
	findings_destroy(&findings);
	return good;
}

static bool
has(const struct buf *text, const char *word)
{
	return text->len > 0 &&
	       memmem(text->data, text->len, word, strlen(word));
}

/* The runtime's way to print the names of funs doesn't read back, and text
 * with "coding: latin-1" in it is taken for what a file says of itself. */
static bool
is_one_way(const struct buf *text)
{
	return has(text, "fun ") || has(text, "coding");
}

static void
round_trip(struct str text, bool as_w, bool otp25)
{
	struct buf first = { 0 }, second = { 0 };
	/* What is left of a faulty file may hold what can't be read, such as
	 * an atom that is too long: it only has to print. */
	bool good = dump(text, as_w, otp25, &first);

	if (good && !is_one_way(&first) &&
	    (!dump(buf_str(&first), as_w, true, &second) ||
		!str_eq(buf_str(&first), buf_str(&second))))
		abort();
	buf_fini(&first);
	buf_fini(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };

	round_trip(text, false, true);
	round_trip(text, true, true);
	round_trip(text, false, false);
	round_trip(text, true, false);
	return 0;
}

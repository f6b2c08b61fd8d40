/*
 * What --dump terms and --dump terms-w do with a file that has been read.
 */
#include "cfgparse/terms.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"

int
terms_dump_file(const struct source *source, bool as_w,
    struct findings *findings, struct buf *out)
{
	struct terms_options options = { .otp25 = true };
	struct arena arena = { 0 };
	struct term *list;
	size_t count;
	bool good =
	    terms_parse(&arena, source, &options, findings, &list, &count);

	for (size_t i = 0; good && i < count; i++) {
		terms_dump(out, &list[i], as_w);
		buf_puts(out, ".\n");
	}
	arena_fini(&arena);
	return good ? EXIT_CLEAN : EXIT_FINDINGS;
}

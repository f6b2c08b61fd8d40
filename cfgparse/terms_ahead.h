#ifndef CFGPARSE_TERMS_AHEAD_H
#define CFGPARSE_TERMS_AHEAD_H
/*
 * Later parts of a large file are read at the same time by other threads, the
 * short way. A part begins behind what looks like a term's last dot; only if
 * the reader of what stands before it really comes to that dot is the part
 * taken. So it makes no difference but to the clock.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/arena.h"
#include "cfgparse/base/str.h"
#include "cfgparse/term.h"

struct ahead;

/* What was read of a part. */
struct ahead_part {
	struct term *terms; /* the caller frees it; NULL where none are kept */
	size_t count;
	uint32_t end;	    /* the byte behind the last one's dot */
	struct arena arena; /* of what the terms are made of */
};

/* Starts the threads; NULL where the text is short or there is one processor
 * only. All that's given outlives ahead_stop. build: see terms_plain.h. */
struct ahead *ahead_start(
    const struct term_file *file, struct str text, bool latin1, bool build);
const struct term_file *ahead_file(const struct ahead *ahead);
/* Waits for the part that begins at the byte, which is the one behind a dot,
 * and gives it away. False where no part begins there, or nothing of it could
 * be read. NULL has no parts. Ask in the order of the file. */
bool ahead_take(struct ahead *ahead, uint32_t at, struct ahead_part *part);
/* Waits for what is under way, and drops it. */
void ahead_stop(struct ahead **ahead);

#endif

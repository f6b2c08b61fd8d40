#ifndef CERTGEN_PROGRESS_H
#define CERTGEN_PROGRESS_H
/*
 * A line on the terminal that says how far a long run has got. Where standard
 * error is no terminal nothing is said.
 */
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* Fields are private. */
struct progress {
	size_t total;
	size_t done;
	bool wanted;
	struct timespec shown;
};

/* Begins; total is how many steps there will be. */
void progress_start(struct progress *progress, size_t total);
/* One more is done; the line changes a few times a second at most. */
void progress_step(struct progress *progress);
/* Takes the line away: before anything else is printed, and at the end. */
void progress_clear(struct progress *progress);

#endif

#include "certgen/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Columns of the bar; nanoseconds between two changes. */
enum { BAR = 30, PAUSE = 100000000 };

void
progress_start(struct progress *progress, size_t total)
{
	*progress = (struct progress){ .total = total,
		.wanted = total > 1 && isatty(STDERR_FILENO) };
}

static bool
is_due(struct progress *progress)
{
	struct timespec now;
	long long passed;

	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return false;
	passed = (now.tv_sec - progress->shown.tv_sec) * 1000000000LL +
		 (now.tv_nsec - progress->shown.tv_nsec);
	if (passed < PAUSE)
		return false;
	progress->shown = now;
	return true;
}

void
progress_step(struct progress *progress)
{
	char bar[BAR + 1];
	size_t full;

	progress->done++;
	if (!progress->wanted || !is_due(progress))
		return;
	full = progress->done * BAR / progress->total;
	memset(bar, '.', BAR);
	memset(bar, '#', full < BAR ? full : BAR);
	bar[BAR] = '\0';
	fprintf(
	    stderr, "\r[%s] %zu of %zu", bar, progress->done, progress->total);
	fflush(stderr);
}

void
progress_clear(struct progress *progress)
{
	if (!progress->wanted)
		return;
	fputs("\r\x1b[K", stderr);
	fflush(stderr);
}

#ifndef BENCH_PROC_H
#define BENCH_PROC_H
/*
 * What the measured processes and their descendants have used so far, from
 * Linux's /proc. Elsewhere it measures nothing and says so.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct bench_usage {
	uint64_t cpu_us; /* user + system, ended children included */
	uint64_t rss_kb; /* resident, summed over the processes */
	size_t processes;
	uint64_t machine_ticks; /* all time of all cores */
	uint64_t stolen_ticks;	/* of it, taken by the host */
};

/* False where a pid of the list isn't there or can't be read. */
bool bench_usage_read(
    const pid_t *pids, size_t count, struct bench_usage *usage);

#endif

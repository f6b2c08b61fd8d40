#ifndef BENCH_HIST_H
#define BENCH_HIST_H
/*
 * A histogram of microseconds with buckets that grow with the value: any
 * percentile to within 2 %, in fixed memory, whatever the number of samples.
 */
#include <stdint.h>

enum { BENCH_HIST_SUB = 64, BENCH_HIST_BUCKETS = 64 * 59 };

/* Zero-initialised is empty. Fields are private but for count. */
struct bench_hist {
	uint64_t count;
	uint64_t buckets[BENCH_HIST_BUCKETS];
};

/* Counts one sample. */
void bench_hist_add(struct bench_hist *hist, uint64_t us);
/*
 * The smallest value (as its bucket's lower end) that share (0 to 1) of the
 * samples don't exceed; 0 without samples.
 */
uint64_t bench_hist_at(const struct bench_hist *hist, double share);

#endif

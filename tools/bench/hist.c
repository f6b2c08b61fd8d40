/*
 * Buckets: 0 to 127 exactly, then 64 per power of two.
 */
#include "tools/bench/hist.h"

static unsigned
bucket_of(uint64_t us)
{
	unsigned shift = 0;

	while (us >> shift >= 2 * BENCH_HIST_SUB)
		shift++;
	return shift * BENCH_HIST_SUB + (unsigned)(us >> shift);
}

static uint64_t
bucket_low(unsigned bucket)
{
	unsigned shift;

	if (bucket < 2 * BENCH_HIST_SUB)
		return bucket;
	shift = bucket / BENCH_HIST_SUB - 1;
	return (uint64_t)(bucket - shift * BENCH_HIST_SUB) << shift;
}

void
bench_hist_add(struct bench_hist *hist, uint64_t us)
{
	hist->buckets[bucket_of(us)]++;
	hist->count++;
}

uint64_t
bench_hist_at(const struct bench_hist *hist, double share)
{
	double want = share * (double)hist->count;
	uint64_t seen = 0;

	for (unsigned i = 0; i < BENCH_HIST_BUCKETS; i++) {
		seen += hist->buckets[i];
		if (seen > 0 && (double)seen >= want)
			return bucket_low(i);
	}
	return 0;
}

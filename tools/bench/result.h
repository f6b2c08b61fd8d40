#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H
/*
 * What a run has counted, and its one line of JSON.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tools/bench/hist.h"
#include "tools/bench/options.h"
#include "tools/bench/proc.h"

struct bench_result {
	uint64_t sent, messages, lost, doubled, reordered;
	uint64_t refused; /* came back as an error */
	uint64_t foreign; /* messages that this run didn't send */
	uint64_t logins, failures, disconnects;
	uint64_t sessions; /* open at the end of the settling */
	double seconds;
	char why[200]; /* the first failure */
	struct bench_hist latency;
	struct bench_usage start, before, after; /* of the servers */
	bool measured;
};

/* Notes a failure and keeps the first one's reason. */
void bench_result_fail(struct bench_result *result, const char *why);
/* True where everything that was asked for happened. */
bool bench_result_good(const struct bench_result *result);
/* Writes the line. */
void bench_result_write(const struct bench_result *result,
    const struct bench_options *options, FILE *out);

#endif

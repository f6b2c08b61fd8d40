#ifndef BENCH_WORK_H
#define BENCH_WORK_H
/*
 * The three kinds of work, each run to its end on the shared loop.
 */
#include "tools/bench/client.h"
#include "tools/bench/result.h"

/* Reads the servers' usage where the options name any; false: a pid is gone. */
bool bench_measure(
    const struct bench_options *options, struct bench_usage *usage);

/* Logins and logouts, as fast as the parallel slots allow. */
void bench_work_login(struct bench_shared *shared, struct bench_result *result);
/* Opens sessions, lets them settle, reads the memory, closes them. */
void bench_work_idle(struct bench_shared *shared, struct bench_result *result);
/* Pairs: the even one sends, the odd one receives. */
void bench_work_chat(struct bench_shared *shared, struct bench_result *result);

#endif

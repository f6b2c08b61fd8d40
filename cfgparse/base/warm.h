#ifndef BASE_WARM_H
#define BASE_WARM_H
/*
 * Memory made ready ahead of time. The kernel clears each page when it is
 * first touched; where hundreds of megabytes are about to be filled, another
 * processor does so meanwhile. mem_large takes its blocks from here.
 */
#include <stddef.h>

enum { WARM_BLOCK = 2 * 1024 * 1024 };

/* Starts to make blocks ready, a few at a time and as many bytes as that in
 * all at most; does nothing with one processor only, or if it is at work
 * already. */
void warm_start(size_t bytes);
/* Ends it, and frees what nobody took. */
void warm_stop(void);
/* WARM_BLOCK bytes, for free(); NULL where none are ready. Never waits for
 * the kernel. */
void *warm_take(void);

#endif

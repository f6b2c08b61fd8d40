#include "cfgparse/base/warm.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { READY_MAX = 8, PAGE = 4096 };

static struct {
	pthread_mutex_t lock;
	pthread_cond_t taken;
	pthread_t thread;
	bool running, stopping;
	size_t left; /* blocks to make */
	void *ready[READY_MAX];
	size_t count;
} warm = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER };

static void *
make_block(void)
{
	void *block = NULL;

	if (posix_memalign(&block, WARM_BLOCK, WARM_BLOCK) != 0)
		return NULL;
#ifdef MADV_HUGEPAGE
	madvise(block, WARM_BLOCK, MADV_HUGEPAGE);
#endif
	for (size_t at = 0; at < WARM_BLOCK; at += PAGE)
		((volatile char *)block)[at] = 0;
	return block;
}

static void *
work(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&warm.lock);
	while (!warm.stopping && warm.left) {
		if (warm.count == READY_MAX) {
			pthread_cond_wait(&warm.taken, &warm.lock);
			continue;
		}
		pthread_mutex_unlock(&warm.lock);
		void *block = make_block();
		pthread_mutex_lock(&warm.lock);
		if (!block)
			break;
		warm.left--;
		warm.ready[warm.count++] = block;
	}
	pthread_mutex_unlock(&warm.lock);
	return NULL;
}

void
warm_start(size_t bytes)
{
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return;
	pthread_mutex_lock(&warm.lock);
	if (!warm.running) {
		warm.left = bytes / WARM_BLOCK;
		warm.stopping = false;
		warm.running =
		    pthread_create(&warm.thread, NULL, work, NULL) == 0;
	}
	pthread_mutex_unlock(&warm.lock);
}

void
warm_stop(void)
{
	pthread_mutex_lock(&warm.lock);
	bool running = warm.running;
	warm.stopping = true;
	pthread_cond_signal(&warm.taken);
	pthread_mutex_unlock(&warm.lock);
	if (!running)
		return;
	pthread_join(warm.thread, NULL);
	warm.running = false;
	while (warm.count)
		free(warm.ready[--warm.count]);
}

void *
warm_take(void)
{
	void *block = NULL;

	pthread_mutex_lock(&warm.lock);
	if (warm.count) {
		block = warm.ready[--warm.count];
		pthread_cond_signal(&warm.taken);
	}
	pthread_mutex_unlock(&warm.lock);
	return block;
}

#ifndef DNSCHECK_DNS_IO_H
#define DNSCHECK_DNS_IO_H
/*
 * What the resolver needs of an event loop, as a table that the embedder
 * fills in: readiness of descriptors, one-shot timers, the time. The shapes
 * are those of server/loop/loop.h, so that one line each connects them.
 */
#include <stdint.h>

enum { DNS_IO_READ = 1, DNS_IO_WRITE = 2 };

struct dns_io {
	void *loop; /* first argument of every function below */
	/* Monotonic milliseconds. */
	uint64_t (*now)(void *loop);
	/* Watches a descriptor, level-triggered, for nothing at first. NULL
	 * where that is impossible. */
	void *(*watch_open)(void *loop, int fd,
	    void (*on_ready)(void *arg, int events), void *arg);
	void (*watch_set)(void *loop, void *watch, int events);
	/* No callback runs afterwards; the descriptor is closed next. */
	void (*watch_close)(void *loop, void *watch);
	void *(*timer_open)(void *loop, void (*on_time)(void *arg), void *arg);
	/* Fires once in ms milliseconds, never before the call returns. */
	void (*timer_set)(void *loop, void *timer, uint64_t ms);
	void (*timer_close)(void *loop, void *timer);
};

#endif

#include "dnscheck/poll_loop.h"

#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "cfgparse/base/mem.h"

struct poll_watch {
	struct poll_watch *next;
	void (*on_ready)(void *arg, int events);
	void *arg;
	int fd;
	int events;
	size_t slot; /* in the polled array of this turn, from 1; 0: none */
	bool closed; /* freed at the turn's end */
};

struct poll_timer {
	struct poll_timer *next;
	void (*on_time)(void *arg);
	void *arg;
	uint64_t due;
	bool armed;
	bool fresh; /* set in this turn: not before the next */
	bool closed;
};

struct poll_loop {
	struct dns_io io;
	struct poll_watch *watches;
	struct poll_timer *timers;
	struct pollfd *polled;
	size_t polled_cap;
	bool stopped;
};

static uint64_t
loop_now(void *arg)
{
	struct timespec now;

	(void)arg;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void *
watch_open(
    void *arg, int fd, void (*on_ready)(void *arg, int events), void *ready_arg)
{
	struct poll_loop *loop = arg;
	struct poll_watch *watch = mem_alloc(1, sizeof(*watch));

	watch->on_ready = on_ready;
	watch->arg = ready_arg;
	watch->fd = fd;
	watch->next = loop->watches;
	loop->watches = watch;
	return watch;
}

static void
watch_set(void *arg, void *watch, int events)
{
	(void)arg;
	((struct poll_watch *)watch)->events = events;
}

static void
watch_close(void *arg, void *watch)
{
	(void)arg;
	((struct poll_watch *)watch)->closed = true;
}

static void *
timer_open(void *arg, void (*on_time)(void *arg), void *time_arg)
{
	struct poll_loop *loop = arg;
	struct poll_timer *timer = mem_alloc(1, sizeof(*timer));

	timer->on_time = on_time;
	timer->arg = time_arg;
	timer->next = loop->timers;
	loop->timers = timer;
	return timer;
}

static void
timer_set(void *arg, void *opaque, uint64_t ms)
{
	struct poll_timer *timer = opaque;

	timer->due = loop_now(arg) + ms;
	timer->armed = true;
	timer->fresh = true;
}

static void
timer_close(void *arg, void *timer)
{
	(void)arg;
	((struct poll_timer *)timer)->closed = true;
}

struct poll_loop *
poll_loop_create(void)
{
	struct poll_loop *loop = mem_alloc(1, sizeof(*loop));

	loop->io = (struct dns_io){ .loop = loop,
		.now = loop_now,
		.watch_open = watch_open,
		.watch_set = watch_set,
		.watch_close = watch_close,
		.timer_open = timer_open,
		.timer_set = timer_set,
		.timer_close = timer_close };
	return loop;
}

const struct dns_io *
poll_loop_io(struct poll_loop *loop)
{
	return &loop->io;
}

static void
sweep(struct poll_loop *loop)
{
	for (struct poll_watch **at = &loop->watches; *at;) {
		struct poll_watch *watch = *at;

		if (watch->closed) {
			*at = watch->next;
			free(watch);
		} else {
			at = &watch->next;
		}
	}
	for (struct poll_timer **at = &loop->timers; *at;) {
		struct poll_timer *timer = *at;

		timer->fresh = false;
		if (timer->closed) {
			*at = timer->next;
			free(timer);
		} else {
			at = &timer->next;
		}
	}
}

void
poll_loop_destroy(struct poll_loop **loop)
{
	if (!*loop)
		return;
	sweep(*loop);
	free((*loop)->polled);
	free(*loop);
	*loop = NULL;
}

static void
add_polled(struct poll_loop *loop, struct poll_watch *watch, size_t slot)
{
	short events = 0;

	if (slot >= loop->polled_cap) {
		loop->polled_cap = loop->polled_cap ? loop->polled_cap * 2 : 64;
		loop->polled = mem_grow(
		    loop->polled, loop->polled_cap, sizeof(*loop->polled));
	}
	if (watch->events & DNS_IO_READ)
		events |= POLLIN;
	if (watch->events & DNS_IO_WRITE)
		events |= POLLOUT;
	loop->polled[slot] = (struct pollfd){ watch->fd, events, 0 };
	watch->slot = slot + 1;
}

static size_t
fill_polled(struct poll_loop *loop)
{
	size_t count = 0;

	for (struct poll_watch *watch = loop->watches; watch;
	     watch = watch->next) {
		watch->slot = 0;
		if (watch->events)
			add_polled(loop, watch, count++);
	}
	return count;
}

/* Milliseconds to the next timer; -1 where none is armed. */
static int
time_left(struct poll_loop *loop)
{
	uint64_t least = UINT64_MAX, now = loop_now(loop);

	for (struct poll_timer *timer = loop->timers; timer;
	     timer = timer->next)
		if (timer->armed && timer->due < least)
			least = timer->due;
	if (least == UINT64_MAX)
		return -1;
	if (least <= now)
		return 0;
	return least - now > 60000 ? 60000 : (int)(least - now);
}

static void
call_watches(struct poll_loop *loop)
{
	for (struct poll_watch *watch = loop->watches; watch;
	     watch = watch->next) {
		short seen = watch->slot && !watch->closed
				 ? loop->polled[watch->slot - 1].revents
				 : 0;
		int events = 0;

		if (seen & (POLLIN | POLLHUP | POLLERR | POLLNVAL))
			events |= DNS_IO_READ;
		if (seen & (POLLOUT | POLLHUP | POLLERR | POLLNVAL))
			events |= DNS_IO_WRITE;
		if (events)
			watch->on_ready(watch->arg, events);
	}
}

static void
call_timers(struct poll_loop *loop)
{
	uint64_t now = loop_now(loop);

	for (struct poll_timer *timer = loop->timers; timer;
	     timer = timer->next) {
		if (!timer->armed || timer->fresh || timer->closed ||
		    timer->due > now)
			continue;
		timer->armed = false;
		timer->on_time(timer->arg);
	}
}

void
poll_loop_run(struct poll_loop *loop)
{
	loop->stopped = false;
	while (!loop->stopped) {
		size_t count;
		int left;

		sweep(loop);
		count = fill_polled(loop);
		left = time_left(loop);
		if (count == 0 && left < 0)
			return;
		if (poll(loop->polled, count, left) > 0)
			call_watches(loop);
		call_timers(loop);
	}
}

void
poll_loop_stop(struct poll_loop *loop)
{
	loop->stopped = true;
}

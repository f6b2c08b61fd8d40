/*
 * loop.h on libuv: uv_poll for readiness (measured at the price of bare
 * epoll), uv_async for wake-ups, uv_queue_work for slow work. Handles are
 * allocations of their own because uv_close ends them in a later turn, when
 * their owner may already live on another loop.
 */
#include "server/loop/loop.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <uv.h>

#include "cfgparse/base/mem.h"

/* Slow jobs waiting or running, of the whole process. */
enum { OFFLOAD_MAX = 4096 };

struct loop {
	uv_loop_t uv;
	uv_prepare_t before_sleep;
	uv_check_t after_events;
	uv_idle_t no_sleep; /* active while turn-end work is left over */
	struct turn_end *first, **last;
	size_t offloads; /* of this loop, under way */
	bool stopped;
};

static _Thread_local bool inside_turn;

static void
turn(struct loop *loop, uv_run_mode mode)
{
	inside_turn = true;
	uv_run(&loop->uv, mode);
	inside_turn = false;
}

void
loop_assert_outside(void)
{
	if (inside_turn)
		abort();
}

static void
on_no_sleep(uv_idle_t *handle)
{
	(void)handle;
}

/* Runs what was queued so far. What that queues again comes after the next
 * look at the descriptors, so that one busy owner can't keep the rest out. */
static void
run_turn_end(struct loop *loop)
{
	size_t count = 0;

	for (struct turn_end *work = loop->first; work; work = work->next)
		count++;
	while (count-- > 0 && loop->first) {
		struct turn_end *work = loop->first;

		loop->first = work->next;
		if (!loop->first)
			loop->last = &loop->first;
		work->next = NULL;
		work->queued = false;
		work->run(work);
	}
	if (loop->first)
		uv_idle_start(&loop->no_sleep, on_no_sleep);
	else
		uv_idle_stop(&loop->no_sleep);
}

static void
on_before_sleep(uv_prepare_t *handle)
{
	run_turn_end(handle->data);
}

static void
on_after_events(uv_check_t *handle)
{
	run_turn_end(handle->data);
}

struct loop *
loop_create(void)
{
	struct loop *loop = mem_alloc(1, sizeof(*loop));

	if (uv_loop_init(&loop->uv) != 0)
		abort();
	loop->last = &loop->first;
	uv_prepare_init(&loop->uv, &loop->before_sleep);
	uv_check_init(&loop->uv, &loop->after_events);
	uv_idle_init(&loop->uv, &loop->no_sleep);
	loop->before_sleep.data = loop->after_events.data = loop;
	uv_prepare_start(&loop->before_sleep, on_before_sleep);
	uv_check_start(&loop->after_events, on_after_events);
	uv_unref((uv_handle_t *)&loop->before_sleep);
	uv_unref((uv_handle_t *)&loop->after_events);
	return loop;
}

void
loop_destroy(struct loop **loop)
{
	struct loop *gone = *loop;

	if (!gone)
		return;
	*loop = NULL;
	uv_close((uv_handle_t *)&gone->before_sleep, NULL);
	uv_close((uv_handle_t *)&gone->after_events, NULL);
	uv_close((uv_handle_t *)&gone->no_sleep, NULL);
	while (uv_run(&gone->uv, UV_RUN_NOWAIT))
		;
	if (uv_loop_close(&gone->uv) != 0)
		abort(); /* something opened on it was never closed */
	free(gone);
}

void
loop_run(struct loop *loop)
{
	loop->stopped = false;
	while (!loop->stopped)
		turn(loop, UV_RUN_ONCE);
	loop_turn(loop);
}

void
loop_stop(struct loop *loop)
{
	loop->stopped = true;
	uv_stop(&loop->uv);
}

uint64_t
loop_now(const struct loop *loop)
{
	return uv_now(&loop->uv);
}

void
loop_turn(struct loop *loop)
{
	turn(loop, UV_RUN_NOWAIT);
}

void
loop_wait(struct loop *loop)
{
	turn(loop, UV_RUN_ONCE);
}

static void
on_closed_free(uv_handle_t *handle)
{
	free(handle);
}

struct watch {
	uv_poll_t uv;
	watch_fn *on_ready;
	void *arg;
	int events;
};

static void on_poll(uv_poll_t *handle, int status, int events);

static void
arm(struct watch *watch)
{
	int wanted = 0;

	if (watch->events & WATCH_READ)
		wanted |= UV_READABLE;
	if (watch->events & WATCH_WRITE)
		wanted |= UV_WRITABLE;
	if (wanted)
		uv_poll_start(&watch->uv, wanted, on_poll);
	else
		uv_poll_stop(&watch->uv);
}

static void
on_poll(uv_poll_t *handle, int status, int events)
{
	struct watch *watch = (struct watch *)handle;
	int ready = 0;

	if (events & UV_READABLE)
		ready |= WATCH_READ;
	if (events & UV_WRITABLE)
		ready |= WATCH_WRITE;
	if (status < 0) {
		/* The owner's next read or write is to meet it, which may not
		 * be this one: libuv has stopped watching. */
		ready = watch->events;
		arm(watch);
	}
	ready &= watch->events;
	if (ready)
		watch->on_ready(watch->arg, ready);
}

struct watch *
watch_open(struct loop *loop, int fd, watch_fn *on_ready, void *arg)
{
	struct watch *watch = mem_alloc(1, sizeof(*watch));

	if (uv_poll_init(&loop->uv, &watch->uv, fd) != 0) {
		free(watch);
		return NULL;
	}
	watch->on_ready = on_ready;
	watch->arg = arg;
	return watch;
}

void
watch_set(struct watch *watch, int events)
{
	if (watch->events == events)
		return;
	watch->events = events;
	arm(watch);
}

void
watch_close(struct watch **watch)
{
	struct watch *gone = *watch;

	if (!gone)
		return;
	*watch = NULL;
	gone->events = 0;
	uv_close((uv_handle_t *)&gone->uv, on_closed_free);
}

struct timer {
	uv_timer_t uv;
	timer_fn *on_time;
	void *arg;
};

static void
on_timer(uv_timer_t *handle)
{
	struct timer *timer = (struct timer *)handle;

	timer->on_time(timer->arg);
}

struct timer *
timer_open(struct loop *loop, timer_fn *on_time, void *arg)
{
	struct timer *timer = mem_alloc(1, sizeof(*timer));

	uv_timer_init(&loop->uv, &timer->uv);
	timer->on_time = on_time;
	timer->arg = arg;
	return timer;
}

void
timer_set(struct timer *timer, uint64_t ms)
{
	uv_timer_start(&timer->uv, on_timer, ms, 0);
}

void
timer_close(struct timer **timer)
{
	struct timer *gone = *timer;

	if (!gone)
		return;
	*timer = NULL;
	uv_close((uv_handle_t *)&gone->uv, on_closed_free);
}

struct wake {
	uv_async_t uv;
	wake_fn *on_wake;
	void *arg;
};

static void
on_async(uv_async_t *handle)
{
	struct wake *wake = (struct wake *)handle;

	wake->on_wake(wake->arg);
}

struct wake *
wake_open(struct loop *loop, wake_fn *on_wake, void *arg)
{
	struct wake *wake = mem_alloc(1, sizeof(*wake));

	if (uv_async_init(&loop->uv, &wake->uv, on_async) != 0)
		abort();
	wake->on_wake = on_wake;
	wake->arg = arg;
	return wake;
}

void
wake_post(struct wake *wake)
{
	uv_async_send(&wake->uv);
}

void
wake_close(struct wake **wake)
{
	struct wake *gone = *wake;

	if (!gone)
		return;
	*wake = NULL;
	uv_close((uv_handle_t *)&gone->uv, on_closed_free);
}

void
loop_at_turn_end(struct loop *loop, struct turn_end *work)
{
	if (work->queued)
		return;
	work->queued = true;
	work->next = NULL;
	*loop->last = work;
	loop->last = &work->next;
}

void
loop_cancel_turn_end(struct loop *loop, struct turn_end *work)
{
	struct turn_end **at = &loop->first;

	if (!work->queued)
		return;
	while (*at && *at != work)
		at = &(*at)->next;
	if (!*at)
		abort(); /* queued on another loop */
	*at = work->next;
	if (!*at)
		loop->last = at;
	work->next = NULL;
	work->queued = false;
}

struct signal_watch {
	uv_signal_t uv;
	signal_fn *on_signal;
	void *arg;
};

static void
on_uv_signal(uv_signal_t *handle, int number)
{
	struct signal_watch *watch = (struct signal_watch *)handle;

	watch->on_signal(watch->arg, number);
}

struct signal_watch *
signal_open(struct loop *loop, int number, signal_fn *on_signal, void *arg)
{
	struct signal_watch *watch = mem_alloc(1, sizeof(*watch));

	if (uv_signal_init(&loop->uv, &watch->uv) != 0)
		abort();
	watch->on_signal = on_signal;
	watch->arg = arg;
	if (uv_signal_start(&watch->uv, on_uv_signal, number) != 0)
		abort();
	return watch;
}

void
signal_close(struct signal_watch **watch)
{
	struct signal_watch *gone = *watch;

	if (!gone)
		return;
	*watch = NULL;
	uv_close((uv_handle_t *)&gone->uv, on_closed_free);
}

static _Atomic int offload_count;

struct offload_job {
	uv_work_t uv;
	struct loop *loop;
	offload_fn *run;
	offload_fn *on_done;
	void *arg;
};

static void
run_job(uv_work_t *work)
{
	struct offload_job *job = (struct offload_job *)work;

	job->run(job->arg);
}

static void
on_job_done(uv_work_t *work, int status)
{
	struct offload_job job = *(struct offload_job *)work;

	(void)status;
	free(work);
	atomic_fetch_sub(&offload_count, 1);
	job.loop->offloads--;
	job.on_done(job.arg);
}

bool
offload(struct loop *loop, offload_fn *run, offload_fn *on_done, void *arg)
{
	struct offload_job *job;

	if (atomic_fetch_add(&offload_count, 1) >= OFFLOAD_MAX) {
		atomic_fetch_sub(&offload_count, 1);
		return false;
	}
	job = mem_alloc(1, sizeof(*job));
	job->loop = loop;
	loop->offloads++;
	job->run = run;
	job->on_done = on_done;
	job->arg = arg;
	if (uv_queue_work(&loop->uv, &job->uv, run_job, on_job_done) != 0)
		abort();
	return true;
}

bool
loop_has_offloads(const struct loop *loop)
{
	return loop->offloads > 0;
}

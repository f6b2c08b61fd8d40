#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H
/*
 * One event loop for one thread: readiness of descriptors, timers, wake-ups
 * from other threads, work at the end of a turn, and slow work handed to a
 * bounded pool of helper threads. The only room that knows libuv.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;

/* destroy after loop_run has returned and everything opened on it is closed. */
struct loop *loop_create(void);
void loop_destroy(struct loop **loop);
/* Runs until loop_stop; then finishes closing what was closed. */
void loop_run(struct loop *loop);
/* On the loop's thread. */
void loop_stop(struct loop *loop);
/* Monotonic milliseconds as of this turn. */
uint64_t loop_now(const struct loop *loop);
/* Turns the loop once without waiting: for tests and for shutting down. */
void loop_turn(struct loop *loop);
/* Aborts on a thread that is inside a loop's turn: what takes milliseconds says
 * so, and belongs on a helper thread (offload). Stays on in releases. */
void loop_assert_outside(void);

/* Turns it once, waiting for something to happen: where something will. */
void loop_wait(struct loop *loop);

/* Readiness of a descriptor, level-triggered. */
enum { WATCH_READ = 1, WATCH_WRITE = 2 };
struct watch;
typedef void watch_fn(void *arg, int events);
/* The descriptor stays the caller's. NULL where the kernel refuses it. */
struct watch *watch_open(
    struct loop *loop, int fd, watch_fn *on_ready, void *arg);
/* events: what to report from now on; 0 pauses. */
void watch_set(struct watch *watch, int events);
/* No callback runs afterwards; the descriptor may be closed or watched on
 * another loop at once. */
void watch_close(struct watch **watch);

/* A one-shot timer that can be set again. */
struct timer;
typedef void timer_fn(void *arg);
struct timer *timer_open(struct loop *loop, timer_fn *on_time, void *arg);
/* Fires once in ms milliseconds, replacing an earlier setting. */
void timer_set(struct timer *timer, uint64_t ms);
void timer_close(struct timer **timer);

/* Wakes a loop from any thread; calls coalesce. */
struct wake;
typedef void wake_fn(void *arg);
struct wake *wake_open(struct loop *loop, wake_fn *on_wake, void *arg);
/* From any thread, any time before wake_close. */
void wake_post(struct wake *wake);
void wake_close(struct wake **wake);

/* Called once at the end of this turn, before the loop sleeps. To be used as a
 * member of what needs it; zero-initialised is valid. */
struct turn_end {
	struct turn_end *next;
	void (*run)(struct turn_end *self);
	bool queued;
};
/* Once a turn at most; on the loop's thread. */
void loop_at_turn_end(struct loop *loop, struct turn_end *work);
void loop_cancel_turn_end(struct loop *loop, struct turn_end *work);

/* A signal number on this loop. */
struct signal_watch;
typedef void signal_fn(void *arg, int number);
struct signal_watch *signal_open(
    struct loop *loop, int number, signal_fn *on_signal, void *arg);
void signal_close(struct signal_watch **watch);

/*
 * Slow work on a helper thread: run(arg) there, then on_done(arg) on this
 * loop. False where the process-wide queue is full: nothing will be called.
 */
typedef void offload_fn(void *arg);
bool offload(
    struct loop *loop, offload_fn *run, offload_fn *on_done, void *arg);
/* True while an on_done of this loop is still to come. */
bool loop_has_offloads(const struct loop *loop);

#endif

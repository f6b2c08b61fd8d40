#ifndef DNSCHECK_POLL_LOOP_H
#define DNSCHECK_POLL_LOOP_H
/*
 * The smallest event loop that drives a resolver, on poll(2): for the command
 * line tool and for tests. The server brings its own.
 */
#include <stdbool.h>

#include "dnscheck/dns_io.h"

struct poll_loop;

/* destroy it. */
struct poll_loop *poll_loop_create(void);
/* After everything opened on it was closed. */
void poll_loop_destroy(struct poll_loop **loop);
/* The table for resolver_create; valid as long as the loop. */
const struct dns_io *poll_loop_io(struct poll_loop *loop);
/* Runs callbacks until poll_loop_stop, or until nothing is left that could
 * call one. */
void poll_loop_run(struct poll_loop *loop);
/* From a callback: poll_loop_run returns when the turn is over. */
void poll_loop_stop(struct poll_loop *loop);

#endif

#ifndef PORTS_PORT_HOLDER_H
#define PORTS_PORT_HOLDER_H
/*
 * Who listens on a TCP port of this machine. Reads Linux's /proc; elsewhere
 * nobody is found.
 */
#include <stdbool.h>
#include <stdint.h>

struct buf;

/* Appends "beam.smp (pid 1234)"; false where it can't be told. */
bool port_holder(uint16_t port, struct buf *out);

#endif

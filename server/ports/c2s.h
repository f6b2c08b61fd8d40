#ifndef PORTS_C2S_H
#define PORTS_C2S_H
/*
 * Client connections: wires streams to the core. Listens on the
 * configuration's ejabberd_c2s entries, reads keys for SASL, moves a
 * connection to its user's home shard after login, binds sessions, and applies
 * shapers.
 */
#include <stdbool.h>

struct cfg;
struct node;
struct node_ports;
struct c2s_service;

/*
 * Loads certificates and binds every port, for that many shards; nothing
 * accepts yet. NULL: *why (free it) says what failed, naming the process that
 * holds a port. cfg must outlive it.
 */
struct c2s_service *c2s_service_create(
    const struct cfg *cfg, unsigned shards, char **why);
/* For node_run. */
struct node_ports c2s_service_ports(struct c2s_service *service);
/* After node_run. */
void c2s_service_destroy(struct c2s_service **service);

#endif

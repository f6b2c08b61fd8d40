#ifndef BENCH_RELAY_H
#define BENCH_RELAY_H
/*
 * The floor: the least a server can do for a chat over TLS. A line "ME PEER"
 * names both ends; every further line goes to PEER as it is. No XML, no
 * authentication, loopback only.
 */

/* `relay --pem FILE --port PORT`: serves until it is killed. Returns an exit
 * status where it can't. */
int bench_relay(int argc, char *const argv[]);

#endif

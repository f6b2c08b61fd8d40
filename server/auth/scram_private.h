#ifndef AUTH_SCRAM_PRIVATE_H
#define AUTH_SCRAM_PRIVATE_H
/*
 * What the exchange shares with the keys, and what tests and the fuzz target
 * need: keys with a chosen salt and cost. For this room and its tests.
 */
#include "server/auth/scram.h"

/* docs/decisions/0301-scram.md says why this many; at most that many are
 * accepted from a stored record. */
enum { SCRAM_ITERATIONS = 4096, SCRAM_ITERATIONS_MAX = 1000000 };

/* Fills in stored_key and server_key for keys->salt and keys->iterations.
 * password is prepared already. As slow as its iterations. */
void scram_keys_derive(
    enum scram_hash hash, struct str password, struct scram_keys *keys);

#endif

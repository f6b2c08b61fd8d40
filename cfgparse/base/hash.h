#ifndef BASE_HASH_H
#define BASE_HASH_H
/*
 * Keyed hashing (SipHash-1-3) of bytes that strangers choose, under a key
 * drawn once per process, so that nobody can aim for collisions.
 */
#include <stddef.h>
#include <stdint.h>

/* The same bytes give the same value within one process only. */
uint64_t hash_bytes(const void *bytes, size_t len);

#endif

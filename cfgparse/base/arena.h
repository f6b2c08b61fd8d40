#ifndef BASE_ARENA_H
#define BASE_ARENA_H
/*
 * Memory that dies together: allocations are taken from blocks and freed all
 * at once. An arena belongs to one owner at a time and has no lock.
 */
#include <stdarg.h>
#include <stddef.h>

#include "cfgparse/base/str.h"

struct arena_block;

/* Zero-initialised is a valid empty arena. Fields are private. */
struct arena {
	struct arena_block *blocks; /* newest first */
	char *next;		    /* free bytes of the newest block */
	size_t left;
	size_t total; /* bytes of all blocks */
};

/* Frees everything the arena gave out; it is empty and usable again. */
void arena_fini(struct arena *arena);
/* Moves all that `from` gave out into the arena; `from` is empty then. */
void arena_join(struct arena *arena, struct arena *from);
/* size bytes, zeroed, aligned for any type, valid until arena_fini. */
void *arena_alloc(struct arena *arena, size_t size);
/* Like arena_alloc, for count items of size bytes; aborts on overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* A copy of the bytes, aligned for any type. */
void *arena_copy(struct arena *arena, const void *bytes, size_t len);
/* A NUL-terminated copy of the bytes. */
char *arena_memdup(struct arena *arena, const void *bytes, size_t len);
/* A NUL-terminated copy; NULL gives NULL. */
char *arena_strdup(struct arena *arena, const char *text);
/* A copy (NUL-terminated behind its length). */
struct str arena_str(struct arena *arena, struct str s);
/* A NUL-terminated formatted text. */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif

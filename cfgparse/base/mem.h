#ifndef BASE_MEM_H
#define BASE_MEM_H
/*
 * Allocation that never returns NULL: running out of memory aborts. Sizes
 * that a peer controls are limited before they come here.
 */
#include <stddef.h>

/* Zeroed memory of count * size bytes; aborts when it can't. free() it. */
void *mem_alloc(size_t count, size_t size);
/* realloc() to count * size bytes; aborts when it can't. */
void *mem_grow(void *old, size_t count, size_t size);
/* count * size bytes, not zeroed, in as few pages as the system can give them:
 * for blocks of megabytes that will be filled. Aborts when it can't; free()
 * it. */
void *mem_large(size_t count, size_t size);
/* A NUL-terminated copy of text; NULL gives NULL. free() it. */
char *mem_strdup(const char *text);
/* A NUL-terminated copy of len bytes. free() it. */
char *mem_strndup(const char *bytes, size_t len);

#endif

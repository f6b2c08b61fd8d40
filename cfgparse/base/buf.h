#ifndef BASE_BUF_H
#define BASE_BUF_H
/*
 * A growing run of bytes that it owns, NUL-terminated behind its length
 * whenever it has any data.
 */
#include <stddef.h>

#include "cfgparse/base/str.h"

/* Zero-initialised is a valid empty buffer that holds no memory. */
struct buf {
	char *data; /* NULL while empty and never written */
	size_t len;
	size_t cap;
};

/* Frees the memory; the buffer is empty and usable again. */
void buf_fini(struct buf *buf);
/* Empties it and keeps the memory. */
void buf_clear(struct buf *buf);
/* Makes room for extra more bytes and returns where they go. */
char *buf_reserve(struct buf *buf, size_t extra);
/* Counts extra bytes written at what buf_reserve returned. */
void buf_commit(struct buf *buf, size_t extra);
void buf_append(struct buf *buf, const void *bytes, size_t len);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char c);
void buf_add(struct buf *buf, struct str s);
void buf_printf(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Drops the first len bytes (at most all of them). */
void buf_consume(struct buf *buf, size_t len);
/* The text so far, "" while empty; valid until the next change. */
const char *buf_text(const struct buf *buf);
/* The bytes so far; valid until the next change. */
struct str buf_str(const struct buf *buf);
/* Hands the memory over, NUL-terminated: free() it. The buffer is empty. */
char *buf_take(struct buf *buf);
/* Overwrites the content before freeing it: for secrets. */
void buf_wipe(struct buf *buf);

#endif

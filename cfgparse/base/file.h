#ifndef BASE_FILE_H
#define BASE_FILE_H
/*
 * Reading whole files that an operator named. Only regular files are read:
 * a FIFO, a device or a directory is refused without blocking.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/buf.h"

/* Room for why a file could not be read or written, in words. */
enum { FILE_WHY_MAX = 160 };

/* Appends the content of the file to the buffer, at most limit bytes. False
 * where it can't, and why says so ("no such file"); the buffer is then as it
 * was, and errno is EFBIG where the file is larger than that. */
bool file_read(const char *path, size_t limit, struct buf *content,
    char why[FILE_WHY_MAX]);
/* The same from a descriptor, whatever it is, to its end; the buffer may be
 * left with a part of it. */
bool file_read_fd(
    int fd, size_t limit, struct buf *content, char why[FILE_WHY_MAX]);
/* Whether the caller may read it and it is a regular file, without reading. */
bool file_readable(const char *path, char why[FILE_WHY_MAX]);

#endif

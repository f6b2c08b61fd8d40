#ifndef CERTGEN_PLACE_H
#define CERTGEN_PLACE_H
/*
 * Where a key may be written: the directory is there, and no symbolic link on
 * the way could have been laid by somebody else. Knows nothing of content.
 */
#include <stdbool.h>

struct arena;

/*
 * Follows path to the place it stands for. True: *real is a path without
 * symbolic links, whose directory exists; *exists tells whether a regular
 * file is there already. False: *why says in a sentence what is wrong and
 * what to do. Both texts are in the arena.
 */
bool place_resolve(struct arena *arena, const char *path, const char **real,
    bool *exists, const char **why);

#endif

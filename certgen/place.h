#ifndef CERTGEN_PLACE_H
#define CERTGEN_PLACE_H
/*
 * Where a key may be written: the directory is there, nobody but root and its
 * owner rules over it, and no symbolic link on the way could have been laid by
 * somebody else. Knows nothing of content.
 */
#include <stdbool.h>
#include <sys/types.h>

struct arena;

/* What a path stands for. Texts are in the arena. */
struct place {
	const char *path; /* without symbolic links */
	const char *name; /* its last component */
	/* The directory, held open from the walk on, so that nobody can put
	 * another one in its place. */
	int directory;
	bool exists; /* a regular file is there already, with */
	uid_t owner;
	gid_t group;
	mode_t mode; /* only its permissions */
};

/*
 * Follows path to the place it stands for. True: the place is open; close it.
 * False: *why says in a sentence what is wrong and what to do; in the arena.
 */
bool place_open(struct arena *arena, const char *path, struct place *place,
    const char **why);
void place_close(struct place *place);

/* The same, without holding on to it: *real is place.path. */
bool place_resolve(struct arena *arena, const char *path, const char **real,
    bool *exists, const char **why);

#endif

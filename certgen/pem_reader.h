#ifndef CERTGEN_PEM_READER_H
#define CERTGEN_PEM_READER_H
/*
 * The user that has to read a file, and what others may: answered from owners
 * and modes along the way. Knows nothing of access control lists.
 */
#include <stdbool.h>
#include <sys/types.h>

struct arena;

struct pem_reader {
	const char *name;
	uid_t user;
	gid_t *groups;
	int group_count;
};

/* Finds the user by name or number; false where there is none such. Lives in
 * the arena. */
bool pem_reader_find(
    struct arena *arena, const char *name, struct pem_reader *out);
/* True where the user may read the file at path (an absolute one, without
 * symbolic links). False: *where is the file, or the directory on the way that
 * keeps it from doing so; in the arena. */
bool pem_reader_can(struct arena *arena, const struct pem_reader *reader,
    const char *path, const char **where);
/* True where every user may enter all directories on the way to path. */
bool pem_way_is_open(const char *path);
/* A directory on the way to path in which every user may rename files, or NULL;
 * in the arena. */
const char *pem_way_open_directory(struct arena *arena, const char *path);

#endif

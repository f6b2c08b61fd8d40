#ifndef BASE_ATOMIC_FILE_H
#define BASE_ATOMIC_FILE_H
/*
 * Writing a file so that others see all of it or nothing, with its owner and
 * mode right before the first byte is in it.
 */
#include <stdbool.h>
#include <sys/types.h>

#include "cfgparse/base/file.h"
#include "cfgparse/base/str.h"

/* (uid_t)-1 and (gid_t)-1 leave owner and group as the process has them. */
struct atomic_file {
	mode_t mode; /* such as 0600, whatever the umask */
	uid_t owner;
	gid_t group;
	bool replace; /* false: an existing file is an error */
};

/*
 * Writes content to a new file beside path, brings it to the disc and then
 * renames it to path (a symbolic link there is replaced, not followed). False
 * where it can't: why says so, and what was at path still is.
 */
bool atomic_file_write(const char *path, struct str content,
    const struct atomic_file *how, char why[FILE_WHY_MAX]);

#endif

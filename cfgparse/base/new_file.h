#ifndef BASE_NEW_FILE_H
#define BASE_NEW_FILE_H
/*
 * Puts one or several new files in the place of old ones so that a reader, a
 * full disc or a kill finds each old one whole or each new one whole. Knows
 * nothing of content, and nothing of how a directory is found safely.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cfgparse/base/file.h"
#include "cfgparse/base/str.h"

enum { NEW_FILE_NAME_MAX = 255 };

struct new_file {
	int directory;	    /* an open one, the caller's */
	const char *name;   /* in it, without a slash */
	struct str content; /* the caller's, who wipes it where it's secret */
	mode_t mode;	    /* such as 0600, whatever the umask */
	uid_t owner;	    /* (uid_t)-1: as the process has it */
	gid_t group;	    /* (gid_t)-1: likewise */
	bool replace;	    /* false: an existing file is an error */
	/* Where an old file is replaced it stays beside the new one, as
	 * NAME.20261122T162530Z, with no right for others. */
	bool keep;
	/* Set by new_files_write: what the old one is called now, or "". */
	char backup[NEW_FILE_NAME_MAX + 1];

	/* Private. */
	char temporary[32]; /* "" once it has its name */
	bool there;	    /* an old one */
	bool placed;
};

/*
 * Writes all of them, or none: each is first brought to the disc under another
 * name (O_EXCL, and 0600 until its owner is right), then they are renamed one
 * after the other. A kill between two renames leaves the first ones new and
 * the others old; whatever fails is taken back. A symbolic link is replaced
 * and not followed. False: *failed is which one, why says why ("writing: no
 * space left on device"), and all old ones are as they were.
 */
bool new_files_write(struct new_file *files, size_t count, size_t *failed,
    char why[FILE_WHY_MAX]);

#endif

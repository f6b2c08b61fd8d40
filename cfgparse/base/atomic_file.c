#include "cfgparse/base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cfgparse/base/new_file.h"

/* Opens the directory that path stands in; *name is the rest. */
static int
open_directory(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) + 1 : 0;
	char directory[PATH_MAX] = ".";

	*name = path + len;
	if (len >= sizeof directory) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (len) {
		memcpy(directory, path, len);
		directory[len] = '\0';
	}
	return open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool
atomic_file_write(const char *path, struct str content,
    const struct atomic_file *how, char why[FILE_WHY_MAX])
{
	struct new_file file = { .content = content,
		.mode = how->mode,
		.owner = how->owner,
		.group = how->group,
		.replace = how->replace };
	size_t failed;

	file.directory = open_directory(path, &file.name);
	if (file.directory < 0) {
		snprintf(why, FILE_WHY_MAX, "creating it: %s",
		    strerror(errno));
		return false;
	}
	bool done = new_files_write(&file, 1, &failed, why);
	close(file.directory);
	return done;
}

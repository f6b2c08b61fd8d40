#include "certgen/place.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/base/str.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As many as the kernel follows. */
enum { LINKS_MAX = 40 };

/* One walk along a path: what is done has no symbolic link in it. */
struct way {
	struct arena *arena;
	const char *path; /* as given, for messages */
	const char *done; /* a directory; "" is the current one */
	const char *rest; /* still to go */
	int links;
	bool exists;
	const char *why;
};

static bool
refuse(struct way *way, const char *why)
{
	way->why = why;
	return false;
}

static const char *
directory_name(const struct way *way)
{
	return *way->done ? way->done : ".";
}

/* Whether somebody other than root and us may put a link there. */
static bool
others_can_write(const struct stat *dir)
{
	return (dir->st_uid != 0 && dir->st_uid != geteuid()) ||
	       (dir->st_mode & S_IWOTH) ||
	       ((dir->st_mode & S_IWGRP) && dir->st_gid != getegid());
}

/* Puts the link's target in front of the rest. */
static bool
follow(struct way *way, const char *link)
{
	char target[PATH_MAX];
	struct stat dir;
	ssize_t len;

	if (stat(directory_name(way), &dir) != 0 || others_can_write(&dir))
		return refuse(way,
		    arena_printf(way->arena,
			"%s is a symbolic link in a directory that others can "
			"write: name the real path",
			link));
	len = readlink(link, target, sizeof(target) - 1);
	if (len <= 0 || ++way->links > LINKS_MAX)
		return refuse(
		    way, arena_printf(way->arena,
			     "the symbolic link %s can't be followed", link));
	target[len] = '\0';
	if (target[0] == '/')
		way->done = "/";
	way->rest = arena_printf(way->arena, "%s/%s", target, way->rest);
	return true;
}

static bool
refuse_missing(struct way *way, const char *next, int error)
{
	if (error == ENOENT)
		return refuse(
		    way, arena_printf(way->arena,
			     "the directory %s doesn't exist: make it first "
			     "(mkdir -p -m 0750 %s)",
			     next, next));
	return refuse(
	    way, arena_printf(way->arena, "%s: %s", next, strerror(error)));
}

/* Takes one component; last where nothing but it is left. */
static bool
step(struct way *way, struct str name, bool last)
{
	size_t len = strlen(way->done);
	bool slash = len > 0 && way->done[len - 1] != '/';
	const char *next = arena_printf(
	    way->arena, "%s%s%.*s", way->done, slash ? "/" : "", STR_ARG(name));
	struct stat st;

	if (lstat(next, &st) != 0) {
		if (!last || errno != ENOENT)
			return refuse_missing(way, next, errno);
		way->done = next;
		return true;
	}
	if (S_ISLNK(st.st_mode))
		return follow(way, next);
	if (last && !S_ISREG(st.st_mode))
		return refuse(way,
		    arena_printf(way->arena, "%s is no regular file", next));
	if (!last && !S_ISDIR(st.st_mode))
		return refuse(
		    way, arena_printf(way->arena, "%s is no directory", next));
	way->exists = last;
	way->done = next;
	return true;
}

static bool
walk(struct way *way)
{
	while (*way->rest) {
		struct str name = { way->rest, strcspn(way->rest, "/") };
		const char *rest = way->rest + name.len;

		rest += strspn(rest, "/");
		way->rest = rest;
		if (name.len == 0) {
			way->done = "/";
			continue;
		}
		if (str_is(name, "."))
			continue;
		if (!step(way, name, *rest == '\0'))
			return false;
	}
	return true;
}

bool
place_resolve(struct arena *arena, const char *path, const char **real,
    bool *exists, const char **why)
{
	struct way way = {
		.arena = arena, .path = path, .done = "", .rest = path
	};
	size_t len = strlen(path);

	*why = NULL;
	if (len == 0 || len >= PATH_MAX || path[len - 1] == '/') {
		*why = "the path doesn't name a file";
		return false;
	}
	if (!walk(&way)) {
		*why = way.why;
		return false;
	}
	*real = way.done;
	*exists = way.exists;
	return true;
}

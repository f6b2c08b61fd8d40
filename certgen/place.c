#include "certgen/place.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/base/str.h"

#include <errno.h>
#include <fcntl.h>
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
	const char *done; /* a directory; "" is the current one */
	const char *rest; /* still to go */
	/* The directory that is done; or one above it, where no key is looked
	 * up in by a name from others, and the way on from there. */
	int fd;
	const char *below; /* "", or such as "unreadable/" */
	int links;
	struct place *place;
	const char *why;
};

static bool
refuse(struct way *way, const char *why)
{
	way->why = why;
	return false;
}

static bool
refuse_errno(struct way *way, const char *what)
{
	return refuse(way, arena_printf(way->arena, "%s: %s",
			       *what ? what : ".", strerror(errno)));
}

/* Whether somebody other than root and us may put a link there. */
static bool
others_can_write(const struct stat *dir)
{
	return (dir->st_uid != 0 && dir->st_uid != geteuid()) ||
	       (dir->st_mode & S_IWOTH) ||
	       ((dir->st_mode & S_IWGRP) && dir->st_gid != getegid());
}

/* A directory where everybody can take away what is in it. */
static bool
is_public(const struct stat *dir)
{
	return (dir->st_mode & S_IWOTH) && !(dir->st_mode & S_ISVTX);
}

/* What the component is called from way->fd on. */
static const char *
from_here(const struct way *way, struct str name)
{
	return arena_printf(way->arena, "%s%.*s", way->below, STR_ARG(name));
}

static bool
stat_directory(const struct way *way, struct stat *dir)
{
	if (*way->below)
		return fstatat(way->fd, way->below, dir, AT_SYMLINK_NOFOLLOW) ==
		       0;
	return fstat(way->fd, dir) == 0;
}

static bool
judge_directory(struct way *way, const struct stat *dir)
{
	const char *name = *way->done ? way->done : ".";

	if (!is_public(dir))
		return true;
	return refuse(way,
	    arena_printf(way->arena,
		"everybody can write to the directory %s, and so put another "
		"key in its place: take that right away first (chmod o-w %s)",
		name, name));
}

/* Holds on to the directory that is now done. */
static bool
enter(struct way *way, const char *name)
{
	struct stat above, dir;
	int fd;

	if (!stat_directory(way, &above))
		return refuse_errno(way, way->done);
	fd = openat(
	    way->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0) {
		close(way->fd);
		way->fd = fd;
		way->below = "";
	} else if (errno == EACCES && !others_can_write(&above)) {
		/* It may be passed and not read: its name stays as it is. */
		way->below = arena_printf(way->arena, "%s/", name);
	} else {
		return refuse_errno(way, way->done);
	}
	if (!stat_directory(way, &dir))
		return refuse_errno(way, way->done);
	return judge_directory(way, &dir);
}

static bool
enter_root(struct way *way)
{
	way->done = "/";
	way->below = "";
	return enter(way, "/");
}

/* Puts the link's target in front of the rest. */
static bool
follow(struct way *way, const char *name, const char *link)
{
	char target[PATH_MAX];
	struct stat dir;
	ssize_t len;

	if (!stat_directory(way, &dir) || others_can_write(&dir))
		return refuse(way,
		    arena_printf(way->arena,
			"%s is a symbolic link in a directory that others can "
			"write: name the real path",
			link));
	len = readlinkat(way->fd, name, target, sizeof(target) - 1);
	if (len <= 0 || ++way->links > LINKS_MAX)
		return refuse(
		    way, arena_printf(way->arena,
			     "the symbolic link %s can't be followed", link));
	target[len] = '\0';
	way->rest = arena_printf(way->arena, "%s/%s", target, way->rest);
	return target[0] != '/' || enter_root(way);
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

static bool
take_file(struct way *way, const char *next, const struct stat *st)
{
	struct place *place = way->place;

	if (!S_ISREG(st->st_mode))
		return refuse(way,
		    arena_printf(way->arena, "%s is no regular file", next));
	place->exists = true;
	place->owner = st->st_uid;
	place->group = st->st_gid;
	place->mode = st->st_mode & 07777;
	return true;
}

/* Takes one component; last where nothing but it is left. */
static bool
step(struct way *way, struct str name, bool last)
{
	size_t len = strlen(way->done);
	bool slash = len > 0 && way->done[len - 1] != '/';
	const char *next = arena_printf(
	    way->arena, "%s%s%.*s", way->done, slash ? "/" : "", STR_ARG(name));
	const char *here = from_here(way, name);
	struct stat st;

	if (fstatat(way->fd, here, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		if (!last || errno != ENOENT)
			return refuse_missing(way, next, errno);
	} else if (S_ISLNK(st.st_mode)) {
		return follow(way, here, next);
	} else if (last) {
		if (!take_file(way, next, &st))
			return false;
	} else if (!S_ISDIR(st.st_mode)) {
		return refuse(
		    way, arena_printf(way->arena, "%s is no directory", next));
	}
	way->done = next;
	if (!last)
		return enter(way, here);
	way->place->name = arena_memdup(way->arena, name.ptr, name.len);
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
		if (name.len == 0 || str_is(name, "."))
			continue;
		if (!step(way, name, *rest == '\0'))
			return false;
	}
	if (way->place->name)
		return true;
	return refuse(way, arena_printf(way->arena, "%s is no regular file",
			       *way->done ? way->done : "."));
}

static bool
start(struct way *way)
{
	struct stat dir;

	way->fd = open(
	    *way->rest == '/' ? "/" : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*way->rest == '/')
		way->done = "/";
	if (way->fd < 0 || fstat(way->fd, &dir) != 0)
		return refuse_errno(way, way->done);
	return judge_directory(way, &dir);
}

/* A directory that can't be read can't be synced either. */
static bool
finish(struct way *way)
{
	way->place->path = way->done;
	way->place->directory = way->fd;
	if (!*way->below)
		return true;
	errno = EACCES;
	return refuse_errno(
	    way, arena_printf(way->arena, "the directory of %s", way->done));
}

bool
place_open(struct arena *arena, const char *path, struct place *place,
    const char **why)
{
	struct way way = { .arena = arena,
		.done = "",
		.rest = path,
		.fd = -1,
		.below = "",
		.place = place };
	size_t len = strlen(path);

	*place = (struct place){ .directory = -1 };
	*why = NULL;
	if (len == 0 || len >= PATH_MAX || path[len - 1] == '/') {
		*why = "the path doesn't name a file";
		return false;
	}
	if (start(&way) && walk(&way) && finish(&way))
		return true;
	*why = way.why;
	if (way.fd >= 0)
		close(way.fd);
	place->directory = -1;
	return false;
}

void
place_close(struct place *place)
{
	if (place->directory >= 0)
		close(place->directory);
	place->directory = -1;
}

bool
place_resolve(struct arena *arena, const char *path, const char **real,
    bool *exists, const char **why)
{
	struct place place;

	if (!place_open(arena, path, &place, why))
		return false;
	*real = place.path;
	*exists = place.exists;
	place_close(&place);
	return true;
}

#include "certgen/pem_reader.h"

#include "cfgparse/base/arena.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* More groups than systems allow. */
enum { GROUPS_MAX = 65536 };

static const struct passwd *
user_find(const char *name)
{
	const struct passwd *user = getpwnam(name);
	unsigned long number;
	char *end;

	if (user || *name < '0' || *name > '9')
		return user;
	errno = 0;
	number = strtoul(name, &end, 10);
	return *end || errno || number >= UINT_MAX ? NULL
						   : getpwuid((uid_t)number);
}

bool
pem_reader_find(struct arena *arena, const char *name, struct pem_reader *out)
{
	const struct passwd *user = user_find(name);
	gid_t group;
	int room;

	if (!user)
		return false;
	*out = (struct pem_reader){ .name = arena_strdup(arena, user->pw_name),
		.user = user->pw_uid };
	group = user->pw_gid;
	for (room = 64; room <= GROUPS_MAX; room *= 4) {
		out->groups =
		    arena_array(arena, (size_t)room, sizeof(*out->groups));
		out->group_count = room;
		if (getgrouplist(
			out->name, group, out->groups, &out->group_count) >= 0)
			return true;
	}
	out->group_count = 0;
	return false;
}

/* Whether the reader's class has the right: 4 to read, 1 to enter. */
static bool
may(const struct pem_reader *reader, const struct stat *st, mode_t right)
{
	int i;

	if (reader->user == 0)
		return true;
	if (st->st_uid == reader->user)
		return st->st_mode & right << 6;
	for (i = 0; i < reader->group_count; i++)
		if (reader->groups[i] == st->st_gid)
			return st->st_mode & right << 3;
	return st->st_mode & right;
}

/* A walk over the directories on the way: "/", "/etc", ... */
struct way {
	char path[PATH_MAX];
	const char *whole;
	size_t at;
};

static bool
way_next(struct way *way, struct stat *st)
{
	const char *slash = strchr(way->whole + way->at, '/');
	size_t len;

	if (!slash)
		return false;
	len = (size_t)(slash - way->whole);
	way->at = len + 1;
	if (len == 0)
		len = 1;
	if (len >= sizeof(way->path))
		return false;
	memcpy(way->path, way->whole, len);
	way->path[len] = '\0';
	return stat(way->path, st) == 0;
}

bool
pem_reader_can(struct arena *arena, const struct pem_reader *reader,
    const char *path, const char **where)
{
	struct way way = { .whole = path };
	struct stat st;

	while (way_next(&way, &st)) {
		if (!may(reader, &st, 1)) {
			*where = arena_strdup(arena, way.path);
			return false;
		}
	}
	*where = path;
	return stat(path, &st) != 0 || may(reader, &st, 4);
}

bool
pem_way_is_open(const char *path)
{
	struct way way = { .whole = path };
	struct stat st;

	while (way_next(&way, &st))
		if (!(st.st_mode & S_IXOTH))
			return false;
	return true;
}

const char *
pem_way_open_directory(struct arena *arena, const char *path)
{
	struct way way = { .whole = path };
	struct stat st;

	while (way_next(&way, &st)) {
		if (!(st.st_mode & S_IXOTH))
			return NULL;
		if ((st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
			return arena_strdup(arena, way.path);
	}
	return NULL;
}

#include "cfgparse/lint_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cfgparse/base/file.h"
#include "cfgparse/base/map.h"
#include "cfgparse/base/mem.h"
#include "cfgparse/cfg_rules.h"
#include "cfgparse/findings.h"
#include "cfgparse/terms.h"

enum { DEPTH_MAX = 50 };

struct walk {
	struct file_list *list;
	struct findings *findings;
	struct map visited; /* device and inode of folders */
	bool failed;
};

static void
add_path(struct file_list *list, const char *path)
{
	if (list->count == list->cap) {
		list->cap = list->cap ? list->cap * 2 : 16;
		list->paths =
		    mem_grow(list->paths, list->cap, sizeof(const char *));
	}
	list->paths[list->count++] = arena_strdup(&list->arena, path);
}

static void
report(struct walk *walk, const char *path, const char *why)
{
	struct span span = { .source = findings_source(
				 walk->findings, path, STR("")) };

	finding_add(
	    walk->findings, &cfg_rules[CFG_UNREADABLE], &span, "%s", why);
	walk->failed = true;
}

/* --- is it one of ours? --- */

/* Options that a main file has at its top level; hosts is the one that it
 * can't do without. */
static const char *const words[] = { "hosts", "listen", "modules", "acl",
	"access", "access_rules", "shaper", "auth_method", "loglevel",
	"host_config", "include_config_file", "s2s_use_starttls", "certfiles" };

static bool
ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), tail = strlen(end);

	return len > tail && strcmp(name + len - tail, end) == 0;
}

static bool
has_known_name(const char *name)
{
	static const char *const known[] = { "ejabberd", "xmppd",
		"mongooseim" };
	size_t len = strcspn(name, ".");

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strlen(known[i]) == len && !strncmp(name, known[i], len))
			return true;
	}
	return false;
}

/* The option that a line sets: {NAME, ... or NAME: ...; empty where none. */
static struct str
option_of(const char *line, const char *end)
{
	bool tuple = line < end && *line == '{';
	const char *name, *p;

	for (p = line + tuple; tuple && p < end && *p == ' '; p++)
		;
	for (name = p; p < end && (*p == '_' || (*p >= 'a' && *p <= 'z'));)
		p++;
	size_t len = (size_t)(p - name);
	while (p < end && *p == ' ')
		p++;
	if (p == end || *p != (tuple ? ',' : ':'))
		len = 0;
	return (struct str){ name, len };
}

static bool
has_known_options(struct str text)
{
	const char *line = text.ptr, *end = text.ptr + text.len;
	unsigned seen = 0;

	while (line < end) {
		const char *feed = memchr(line, '\n', (size_t)(end - line));
		const char *stop = feed ? feed : end;
		struct str option = option_of(line, stop);
		for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
			if (str_is(option, words[i]))
				seen |= 1u << i;
		}
		line = stop + 1;
	}
	return (seen & 1) && (seen & ~1u);
}

static bool
is_configuration(const char *path, const char *name)
{
	struct buf text = { 0 };
	char why[FILE_WHY_MAX];

	if (!ends_with(name, ".cfg") && !ends_with(name, ".yml") &&
	    !ends_with(name, ".yaml"))
		return false;
	if (has_known_name(name))
		return true;
	bool ours = file_read(path, TERMS_BYTES_MAX, &text, why) && text.len &&
		    has_known_options(buf_str(&text));
	buf_fini(&text);
	return ours;
}

/* --- walking --- */

static int
compare_names(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The names in a folder, sorted; false, with errno, where it can't be read. */
static bool
read_names(const char *path, char ***names, size_t *count)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	size_t cap = 0;

	*names = NULL;
	*count = 0;
	if (!dir)
		return false;
	errno = 0;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (*count == cap) {
			cap = cap ? cap * 2 : 64;
			*names = mem_grow(*names, cap, sizeof(char *));
		}
		(*names)[(*count)++] = mem_strdup(entry->d_name);
		errno = 0;
	}
	bool ok = errno == 0;
	closedir(dir);
	if (*count)
		qsort(*names, *count, sizeof(char *), compare_names);
	return ok;
}

/* False where the folder was visited before: by a link, or around a circle. */
static bool
first_visit(struct walk *walk, const struct stat *st)
{
	char key[64];
	int len = snprintf(key, sizeof key, "%jx %jx", (uintmax_t)st->st_dev,
	    (uintmax_t)st->st_ino);

	return !map_put(&walk->visited, (struct str){ key, (size_t)len }, walk);
}

static void visit(
    struct walk *walk, const char *path, const struct stat *st, int depth);

static void
visit_name(struct walk *walk, const char *folder, const char *name, int depth)
{
	struct buf path = { 0 };
	struct stat st;

	if (strcmp(folder, ".") != 0) {
		buf_puts(&path, folder);
		if (folder[strlen(folder) - 1] != '/')
			buf_putc(&path, '/');
	}
	buf_puts(&path, name);
	/* A link to nowhere is nobody's configuration. */
	if (stat(buf_text(&path), &st) != 0)
		st.st_mode = 0;
	if (S_ISDIR(st.st_mode))
		visit(walk, buf_text(&path), &st, depth + 1);
	else if (S_ISREG(st.st_mode) && is_configuration(buf_text(&path), name))
		add_path(walk->list, buf_text(&path));
	buf_fini(&path);
}

static void
visit(struct walk *walk, const char *path, const struct stat *st, int depth)
{
	char why[FILE_WHY_MAX + 40];
	char **names;
	size_t count;

	if (!first_visit(walk, st))
		return;
	if (depth > DEPTH_MAX) {
		report(walk, path, "the folder is nested too deeply");
		return;
	}
	if (!read_names(path, &names, &count)) {
		snprintf(why, sizeof why, "the folder can't be read: %s",
		    errno == EACCES ? "permission denied" : strerror(errno));
		report(walk, path, why);
	}
	for (size_t i = 0; i < count; i++) {
		visit_name(walk, path, names[i], depth);
		free(names[i]);
	}
	free(names);
}

bool
file_list_add(
    struct file_list *list, const char *path, struct findings *findings)
{
	struct walk walk = { .list = list, .findings = findings };
	size_t before = list->count;
	struct stat st;

	if (strcmp(path, "-") == 0 || stat(path, &st) != 0 ||
	    !S_ISDIR(st.st_mode)) {
		add_path(list, path);
		return true;
	}
	visit(&walk, path, &st, 0);
	if (list->count == before && !walk.failed)
		report(&walk, path, "no configuration is in this folder");
	map_fini(&walk.visited);
	return !walk.failed;
}

void
file_list_fini(struct file_list *list)
{
	free(list->paths);
	arena_fini(&list->arena);
}

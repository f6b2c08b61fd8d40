/*
 * The inode of the listening socket from /proc/net/tcp and tcp6, then the
 * process that has it among its descriptors. Linux only.
 */
#include "server/ports/port_holder.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cfgparse/base/buf.h"

enum { STATE_LISTEN = 0x0A, PATH_ROOM = 300 };

static bool
find_inode(const char *table, uint16_t port, unsigned long *inode)
{
	FILE *file = fopen(table, "r");
	char line[512];
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		unsigned local, state;

		if (sscanf(line,
			" %*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x "
			"%*x:%*x %*x:%*x %*x %*u %*u %lu",
			&local, &state, inode) == 3)
			found = local == port && state == STATE_LISTEN;
	}
	fclose(file);
	return found;
}

static bool
process_has(const char *pid, const char *target)
{
	char path[PATH_ROOM], link[64];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)) != NULL) {
		char fd[PATH_ROOM * 2];
		ssize_t len;

		snprintf(fd, sizeof(fd), "/proc/%s/fd/%s", pid, entry->d_name);
		len = readlink(fd, link, sizeof(link) - 1);
		if (len > 0) {
			link[len] = '\0';
			found = strcmp(link, target) == 0;
		}
	}
	closedir(dir);
	return found;
}

static void
describe(const char *pid, struct buf *out)
{
	char path[PATH_ROOM], name[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "r");
	if (file) {
		if (fgets(name, sizeof(name), file))
			name[strcspn(name, "\n")] = '\0';
		fclose(file);
	}
	buf_printf(out, "%s (pid %s)", *name ? name : "a process", pid);
}

bool
port_holder(uint16_t port, struct buf *out)
{
	unsigned long inode;
	char target[64];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	if (!find_inode("/proc/net/tcp", port, &inode) &&
	    !find_inode("/proc/net/tcp6", port, &inode))
		return false;
	snprintf(target, sizeof(target), "socket:[%lu]", inode);
	dir = opendir("/proc");
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		found = process_has(entry->d_name, target);
		if (found)
			describe(entry->d_name, out);
	}
	closedir(dir);
	return found;
}

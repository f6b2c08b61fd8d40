/*
 * Linux only: reads /proc. A child that has ended is in its parent's
 * cutime and cstime; a living one is counted on its own.
 */
#include "tools/bench/proc.h"

#include "cfgparse/base/mem.h"

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct process {
	pid_t pid, parent;
	uint64_t ticks;
	uint64_t pages;
	bool counted;
};

struct process_list {
	struct process *at;
	size_t count;
};

static bool
process_read(pid_t pid, struct process *process)
{
	char path[64], line[1024], *rest;
	uint64_t user, sys, child_user, child_sys;
	long pages;
	int parent;
	bool ok;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	if ((file = fopen(path, "r")) == NULL)
		return false;
	ok = fgets(line, sizeof(line), file) != NULL;
	fclose(file);
	/* The name may hold spaces and parentheses: the last one ends it. */
	if (!ok || (rest = strrchr(line, ')')) == NULL)
		return false;
	if (sscanf(rest + 1,
		" %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64
		" %" SCNu64 " %" SCNu64 " %" SCNu64
		" %*d %*d %*d %*d %*u %*u %ld",
		&parent, &user, &sys, &child_user, &child_sys, &pages) != 6)
		return false;
	*process = (struct process){ .pid = pid,
		.parent = parent,
		.ticks = user + sys + child_user + child_sys,
		.pages = pages > 0 ? (uint64_t)pages : 0 };
	return true;
}

static struct process_list
processes_read(void)
{
	struct process_list list = { 0 };
	struct dirent *entry;
	DIR *dir = opendir("/proc");

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		struct process process;

		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    !process_read((pid_t)atol(entry->d_name), &process))
			continue;
		list.at = mem_grow(list.at, list.count + 1, sizeof(*list.at));
		list.at[list.count++] = process;
	}
	if (dir != NULL)
		closedir(dir);
	return list;
}

static void
count_tree(struct process_list *list, pid_t root, struct bench_usage *usage)
{
	uint64_t ticks_per_s = (uint64_t)sysconf(_SC_CLK_TCK);
	uint64_t page_kb = (uint64_t)sysconf(_SC_PAGESIZE) / 1024;

	for (size_t i = 0; i < list->count; i++) {
		struct process *process = &list->at[i];

		if (process->counted ||
		    (process->pid != root && process->parent != root))
			continue;
		process->counted = true;
		usage->cpu_us += process->ticks * 1000000 / ticks_per_s;
		usage->rss_kb += process->pages * page_kb;
		usage->processes++;
		if (process->pid != root)
			count_tree(list, process->pid, usage);
	}
}

static void
machine_read(struct bench_usage *usage)
{
	uint64_t ticks[8] = { 0 };
	FILE *file = fopen("/proc/stat", "r");

	if (file == NULL)
		return;
	if (fscanf(file, "cpu") == 0)
		for (int i = 0; i < 8; i++) {
			if (fscanf(file, " %" SCNu64, &ticks[i]) != 1)
				break;
			usage->machine_ticks += ticks[i];
		}
	usage->stolen_ticks = ticks[7];
	fclose(file);
}

bool
bench_usage_read(const pid_t *pids, size_t count, struct bench_usage *usage)
{
	struct process_list list = processes_read();
	bool ok = true;

	*usage = (struct bench_usage){ 0 };
	for (size_t i = 0; i < count; i++) {
		bool known = false;

		for (size_t j = 0; j < list.count; j++)
			known = known || list.at[j].pid == pids[i];
		count_tree(&list, pids[i], usage);
		ok = ok && known;
	}
	machine_read(usage);
	free(list.at);
	return ok;
}

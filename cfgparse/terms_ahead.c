#include "cfgparse/terms_ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/terms.h"
#include "cfgparse/terms_plain.h"

enum {
	PART_MIN = 1 << 19, /* bytes that are worth a thread */
	PARTS_MAX = 8,	    /* with the first, which isn't read ahead */
	FEWER = 7, /* its reader has other things to do: so much less of it */
};

struct worker {
	struct ahead *ahead;
	pthread_t thread;
	uint32_t begin, limit;	/* reads from the one to the other or behind */
	struct ahead_part part; /* its thread's until it has ended */
	bool started, over;
};

struct ahead {
	const struct term_file *file;
	struct str text;
	bool latin1, build;
	struct worker workers[PARTS_MAX];
	size_t count, next;
};

static void
keep(struct ahead_part *part, size_t *room, const struct term *term)
{
	if (part->count == *room) {
		*room = *room * 2 + 1024;
		part->terms =
		    mem_grow(part->terms, *room, sizeof(*part->terms));
	}
	part->terms[part->count] = *term;
}

static void *
work(void *arg)
{
	struct worker *worker = arg;
	const struct ahead *ahead = worker->ahead;
	struct ahead_part *part = &worker->part;
	struct plain *plain = plain_create(ahead->build ? &part->arena : NULL,
	    ahead->file, ahead->text, ahead->latin1);
	struct term term;
	size_t room = 0;

	part->end = worker->begin;
	while (part->end < worker->limit && part->count < TERMS_ITEMS_MAX &&
	       plain_read(plain, part->end, &part->end, &term)) {
		if (ahead->build)
			keep(part, &room, &term);
		part->count++;
	}
	plain_destroy(&plain);
	return NULL;
}

/* Behind the first dot from the byte on that ends its line. */
static bool
find_begin(struct str text, size_t from, uint32_t *begin)
{
	const char *found = memmem(text.ptr + from, text.len - from, "}.\n", 3);

	if (found)
		*begin = (uint32_t)(found - text.ptr) + 2;
	return found;
}

static size_t
parts_of(struct str text)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t parts = text.len / PART_MIN;

	if (processors < 1)
		processors = 1;
	if (parts > (size_t)processors)
		parts = (size_t)processors;
	return parts > PARTS_MAX ? PARTS_MAX : parts;
}

struct ahead *
ahead_start(
    const struct term_file *file, struct str text, bool latin1, bool build)
{
	size_t parts = parts_of(text), share;

	if (parts < 2)
		return NULL;
	share = text.len / parts;
	struct ahead *ahead = mem_alloc(1, sizeof(*ahead));
	*ahead = (struct ahead){
		.file = file, .text = text, .latin1 = latin1, .build = build
	};
	for (size_t i = 1; i < parts; i++) {
		struct worker *worker = &ahead->workers[ahead->count];

		worker->ahead = ahead;
		if (!find_begin(
			text, share * i - share / FEWER, &worker->begin))
			break;
		worker->limit = (uint32_t)text.len;
		if (ahead->count)
			worker[-1].limit = worker->begin;
		ahead->count++;
	}
	for (size_t i = 0; i < ahead->count; i++) {
		struct worker *worker = &ahead->workers[i];

		worker->started =
		    pthread_create(&worker->thread, NULL, work, worker) == 0;
	}
	return ahead;
}

const struct term_file *
ahead_file(const struct ahead *ahead)
{
	return ahead->file;
}

static void
join(struct worker *worker)
{
	if (worker->started && !worker->over)
		pthread_join(worker->thread, NULL);
	worker->over = true;
}

bool
ahead_take(struct ahead *ahead, uint32_t at, struct ahead_part *part)
{
	struct worker *worker;

	while (ahead && ahead->next < ahead->count &&
	       ahead->workers[ahead->next].begin < at)
		ahead->next++;
	if (!ahead || ahead->next == ahead->count)
		return false;
	worker = &ahead->workers[ahead->next];
	if (worker->begin != at)
		return false;
	ahead->next++;
	join(worker);
	if (!worker->part.count)
		return false;
	*part = worker->part;
	worker->part = (struct ahead_part){ 0 };
	return true;
}

void
ahead_stop(struct ahead **ahead)
{
	if (!*ahead)
		return;
	for (size_t i = 0; i < (*ahead)->count; i++) {
		struct worker *worker = &(*ahead)->workers[i];

		join(worker);
		free(worker->part.terms);
		arena_fini(&worker->part.arena);
	}
	free(*ahead);
	*ahead = NULL;
}

#include "cfgparse/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "cfgparse/base/warm.h"

static void
out_of_memory(void)
{
	static const char text[] = "out of memory\n";

	fwrite(text, 1, sizeof(text) - 1, stderr);
	abort();
}

void *
mem_alloc(size_t count, size_t size)
{
	void *fresh = calloc(count ? count : 1, size ? size : 1);

	if (!fresh)
		out_of_memory();
	return fresh;
}

void *
mem_grow(void *old, size_t count, size_t size)
{
	void *fresh;

	if (size && count > SIZE_MAX / size)
		out_of_memory();
	fresh = realloc(old, count > 0 && size > 0 ? count * size : 1);
	if (!fresh)
		out_of_memory();
	return fresh;
}

void *
mem_large(size_t count, size_t size)
{
	static const size_t page = 2 * 1024 * 1024;
	void *fresh = NULL;

	if (size && count > (SIZE_MAX - page) / size)
		out_of_memory();
	size_t bytes = (count * size + page - 1) / page * page;
	if (bytes == WARM_BLOCK)
		fresh = warm_take();
	if (fresh)
		return fresh;
	if (posix_memalign(&fresh, page, bytes ? bytes : page) != 0)
		out_of_memory();
#ifdef MADV_HUGEPAGE
	/* A page fault for each 4 KiB takes longer than filling them. */
	madvise(fresh, bytes, MADV_HUGEPAGE);
#endif
	return fresh;
}

char *
mem_strdup(const char *text)
{
	return text ? mem_strndup(text, strlen(text)) : NULL;
}

char *
mem_strndup(const char *bytes, size_t len)
{
	char *copy = mem_alloc(len + 1, 1);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

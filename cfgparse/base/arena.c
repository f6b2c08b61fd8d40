#include "cfgparse/base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/mem.h"

enum {
	ARENA_ALIGN = 16,
	ARENA_FIRST = 1024 - 2 * ARENA_ALIGN, /* leaves malloc its header */
	ARENA_LARGEST = 64 * 1024,
	/* An arena of this size gets blocks of it. */
	ARENA_HUGE = 2 * 1024 * 1024,
};

struct arena_block {
	_Alignas(ARENA_ALIGN) struct arena_block *older;
};

static __attribute__((noinline)) void
add_block(struct arena *arena, size_t wanted)
{
	struct arena_block *block;
	size_t size = arena->total ? arena->total * 2 : ARENA_FIRST;

	if (size > ARENA_LARGEST)
		size = ARENA_LARGEST;
	if (size < wanted + sizeof(*block))
		size = wanted + sizeof(*block);
	if (arena->total >= ARENA_HUGE) {
		size = (size + ARENA_HUGE - 1) / ARENA_HUGE * ARENA_HUGE;
		block = mem_large(1, size);
	} else {
		block = mem_grow(NULL, 1, size);
	}
	block->older = arena->blocks;
	arena->blocks = block;
	arena->next = (char *)block + sizeof(*block);
	arena->left = size - sizeof(*block);
	arena->total += size;
}

void
arena_fini(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	while (block) {
		struct arena_block *older = block->older;

		free(block);
		block = older;
	}
	*arena = (struct arena){ 0 };
}

void
arena_join(struct arena *arena, struct arena *from)
{
	struct arena_block *oldest = from->blocks;

	if (!oldest)
		return;
	if (!arena->blocks) {
		*arena = *from;
		*from = (struct arena){ 0 };
		return;
	}
	while (oldest->older)
		oldest = oldest->older;
	oldest->older = arena->blocks->older;
	arena->blocks->older = from->blocks;
	arena->total += from->total;
	*from = (struct arena){ 0 };
}

static inline void *
take(struct arena *arena, size_t size)
{
	size_t rounded;
	void *taken;

	if (size > SIZE_MAX / 2)
		abort();
	if (size == 0) /* an address of its own, never NULL */
		size = 1;
	rounded = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	if (rounded > arena->left)
		add_block(arena, rounded);
	taken = arena->next;
	arena->next += rounded;
	arena->left -= rounded;
	return taken;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	return memset(take(arena, size), 0, size);
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / 2 / size)
		abort();
	return arena_alloc(arena, count * size);
}

void *
arena_copy(struct arena *arena, const void *bytes, size_t len)
{
	void *copy = take(arena, len);

	return len ? memcpy(copy, bytes, len) : copy;
}

char *
arena_memdup(struct arena *arena, const void *bytes, size_t len)
{
	char *copy = take(arena, len + 1);

	if (len)
		memcpy(copy, bytes, len);
	copy[len] = '\0';
	return copy;
}

char *
arena_strdup(struct arena *arena, const char *text)
{
	return text ? arena_memdup(arena, text, strlen(text)) : NULL;
}

struct str
arena_str(struct arena *arena, struct str s)
{
	return (struct str){ arena_memdup(arena, s.ptr, s.len), s.len };
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	int len;
	char *text;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		abort();
	text = take(arena, (size_t)len + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}

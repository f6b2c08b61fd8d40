#include "certgen/wiping.h"

#include <openssl/crypto.h>

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Stands before each block, so that it's known how much to wipe. */
union head {
	size_t size;
	max_align_t alignment;
};

static void *
take(size_t size, const char *file, int line)
{
	union head *head;

	(void)file;
	(void)line;
	if (size == 0 || size > SIZE_MAX - sizeof(*head))
		return NULL;
	head = malloc(sizeof(*head) + size);
	if (!head)
		return NULL;
	head->size = size;
	return head + 1;
}

static void
give_back(void *block, const char *file, int line)
{
	union head *head;

	(void)file;
	(void)line;
	if (!block)
		return;
	head = (union head *)block - 1;
	OPENSSL_cleanse(block, head->size);
	free(head);
}

static void *
resize(void *block, size_t size, const char *file, int line)
{
	union head *head;
	void *moved;

	if (!block)
		return take(size, file, line);
	if (size == 0) {
		give_back(block, file, line);
		return NULL;
	}
	moved = take(size, file, line);
	if (!moved)
		return NULL;
	head = (union head *)block - 1;
	memcpy(moved, block, head->size < size ? head->size : size);
	give_back(block, file, line);
	return moved;
}

bool
wiping_start(void)
{
	return CRYPTO_set_mem_functions(take, resize, give_back) == 1;
}

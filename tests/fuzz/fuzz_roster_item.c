/* Stored roster items: what is read is written as it was, byte for byte. */
#include "server/modules/roster_item.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct arena arena = { 0 };
	struct buf out = { 0 };
	struct roster_item item;

	if (roster_item_read(&arena, in, &item)) {
		roster_item_write(&item, &out);
		if (!str_eq(buf_str(&out), in))
			abort();
	}
	buf_fini(&out);
	arena_fini(&arena);
	return 0;
}

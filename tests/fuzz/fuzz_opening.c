/*
 * What a server says before TLS, in one piece and byte by byte: both have to
 * come to the same end, with texts that end within their room.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "certgen/opening.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_texts(const struct opening *opening)
{
	if (!memchr(opening->condition, '\0', sizeof(opening->condition)) ||
	    !memchr(opening->text, '\0', sizeof(opening->text)) ||
	    !memchr(opening->mechanisms, '\0', sizeof(opening->mechanisms)))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct opening whole, pieces;

	opening_init(&whole, OPENING_CLIENT, "example.org");
	opening_init(&pieces, OPENING_CLIENT, "example.org");
	opening_feed(&whole, (const char *)data, size);
	for (size_t i = 0; i < size && pieces.end == OPENING_GOES_ON; i++)
		opening_feed(&pieces, (const char *)data + i, 1);
	/* Only in one piece it shows that there are bytes behind <proceed/>. */
	if (whole.end != pieces.end && whole.end != OPENING_INJECTED)
		abort();
	/* Of a text that is broken, pieces show more. */
	if (whole.end != OPENING_BROKEN &&
	    (strcmp(whole.condition, pieces.condition) != 0 ||
		strcmp(whole.mechanisms, pieces.mechanisms) != 0))
		abort();
	check_texts(&whole);
	check_texts(&pieces);
	opening_fini(&whole);
	opening_fini(&pieces);
	return 0;
}

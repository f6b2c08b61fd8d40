/*
 * The short way through plain terms against the parser alone: the same terms,
 * places and findings, whatever the bytes.
 */
#include <stdint.h>

#include "tests/support/terms_pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };

	if (pair_difference(text, false) || pair_difference(text, true))
		abort();
	return 0;
}

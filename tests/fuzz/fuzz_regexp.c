/* Patterns of acls: a line with the pattern, then what it is tried on. */
#include "cfgparse/regexp.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = { (const char *)data, size };
	const char *end = size ? memchr(all.ptr, '\n', size) : NULL;
	struct str pattern = all, text = { "", 0 };
	struct regexp_error error;

	if (end) {
		pattern.len = (size_t)(end - all.ptr);
		text = (struct str){ end + 1, size - pattern.len - 1 };
	}
	/* No part of an address is longer. */
	if (text.len > 1023)
		text.len = 1023;
	for (unsigned form = 0; form < 4; form++) {
		bool unicode = form & 1;
		struct regexp *regexp =
		    form & 2 ? regexp_create_glob(pattern, unicode, &error)
			     : regexp_create(pattern, unicode, &error);
		if (!regexp)
			continue;
		regexp_matches(regexp, text);
		regexp_destroy(&regexp);
	}
	return 0;
}

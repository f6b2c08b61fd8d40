#ifndef CERTGEN_DER_H
#define CERTGEN_DER_H
/*
 * A walk over DER (X.690) without decoding what it holds: enough to tell what
 * a file is and to compare keys without making copies of them. Nothing is
 * allocated, and nothing of the bytes is trusted.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/str.h"

/* Tags as they stand in the first byte. */
enum der_tag {
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT_0 = 0xa0,
	DER_CONTEXT_1 = 0xa1,
};

struct der_item {
	unsigned tag;
	struct str body;
	struct str whole; /* with tag and length */
};

/* Takes the next item off the bytes. False at their end and where they are no
 * DER: a tag of several bytes, an indefinite length, one beyond the end. */
bool der_next(struct str *bytes, struct der_item *item);
/* The same, and true only for an item of that tag. */
bool der_next_is(struct str *bytes, unsigned tag, struct der_item *item);
/* True where the bytes are one item of the tag and nothing more. */
bool der_whole_is(struct str bytes, unsigned tag, struct str *body);

/* The largest INTEGER anywhere in the bytes, OCTET STRINGs not opened; a
 * negative one, or one over 8 bytes, counts as the largest of all. */
unsigned long long der_largest_integer(struct str bytes);

#endif

#ifndef BASE_BASE64_H
#define BASE_BASE64_H
/*
 * Base64 (RFC 4648 section 4) as SASL and the store need it: the ordinary
 * alphabet with padding, and no tolerance. Knows nothing of who sent it.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/str.h"

/* Appends the text of len bytes. */
void base64_encode(struct buf *out, const void *bytes, size_t len);
/*
 * Appends the bytes of text. False, with out as it was, where the text has
 * anything but the alphabet, lacks or misplaces padding, has stray bits in
 * its last character, or stands for more than limit bytes. Nothing is
 * allocated before the limit was checked.
 */
bool base64_decode(struct str text, size_t limit, struct buf *out);

#endif

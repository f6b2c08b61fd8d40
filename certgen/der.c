#include "certgen/der.h"

#include <limits.h>

/* Deeper nesting than any algorithm identifier has. */
enum { DEPTH_MAX = 8 };

/* The length behind the tag; false where it can't be. */
static bool
take_length(struct str *bytes, size_t *len)
{
	size_t count, i;

	if (bytes->len == 0)
		return false;
	*len = (unsigned char)*bytes->ptr++;
	bytes->len--;
	if (*len < 0x80)
		return *len <= bytes->len;
	count = *len & 0x7f;
	if (count == 0 || count > 4 || count > bytes->len)
		return false;
	*len = 0;
	for (i = 0; i < count; i++)
		*len = *len << 8 | (unsigned char)bytes->ptr[i];
	bytes->ptr += count;
	bytes->len -= count;
	return *len <= bytes->len;
}

bool
der_next(struct str *bytes, struct der_item *item)
{
	struct str rest = *bytes;
	size_t len;

	if (rest.len == 0)
		return false;
	item->tag = (unsigned char)*rest.ptr++;
	rest.len--;
	if ((item->tag & 0x1f) == 0x1f || !take_length(&rest, &len))
		return false;
	item->body = (struct str){ rest.ptr, len };
	item->whole =
	    (struct str){ bytes->ptr, (size_t)(rest.ptr - bytes->ptr) + len };
	bytes->ptr = rest.ptr + len;
	bytes->len = rest.len - len;
	return true;
}

bool
der_next_is(struct str *bytes, unsigned tag, struct der_item *item)
{
	return der_next(bytes, item) && item->tag == tag;
}

bool
der_whole_is(struct str bytes, unsigned tag, struct str *body)
{
	struct der_item item;

	if (!der_next_is(&bytes, tag, &item) || bytes.len > 0)
		return false;
	*body = item.body;
	return true;
}

static unsigned long long
integer_value(struct str body)
{
	unsigned long long value = 0;
	size_t i;

	if (body.len == 0 || body.len > 8 || (body.ptr[0] & 0x80))
		return ULLONG_MAX;
	for (i = 0; i < body.len; i++)
		value = value << 8 | (unsigned char)body.ptr[i];
	return value;
}

static unsigned long long
largest_integer(struct str bytes, int depth)
{
	unsigned long long largest = 0, value;
	struct der_item item;

	while (der_next(&bytes, &item)) {
		value = 0;
		if (item.tag == DER_INTEGER)
			value = integer_value(item.body);
		else if ((item.tag & 0x20) && depth < DEPTH_MAX)
			value = largest_integer(item.body, depth + 1);
		if (value > largest)
			largest = value;
	}
	return largest;
}

unsigned long long
der_largest_integer(struct str bytes)
{
	return largest_integer(bytes, 0);
}

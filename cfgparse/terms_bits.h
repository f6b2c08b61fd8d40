#ifndef CFGPARSE_TERMS_BITS_H
#define CFGPARSE_TERMS_BITS_H
/*
 * The value of Erlang's bit syntax: what <<Value:Size/Type-Type, ...>> adds
 * up to. Private to the terms reader.
 */
#include <stdbool.h>
#include <stddef.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/term.h"

struct bits {
	struct buf bytes; /* the last byte's low bits may be unused */
	size_t count;
};

enum bits_type {
	BITS_DEFAULT,
	BITS_INTEGER,
	BITS_FLOAT,
	BITS_BINARY,
	BITS_UTF8,
	BITS_UTF16,
	BITS_UTF32,
};

enum bits_sign { SIGN_DEFAULT, SIGN_SIGNED, SIGN_UNSIGNED };
enum bits_order { ORDER_DEFAULT, ORDER_BIG, ORDER_LITTLE, ORDER_NATIVE };

/* One part of a binary. */
struct bits_part {
	const struct term *value;
	bool literal;		 /* value was written as a string */
	const struct term *size; /* or NULL */
	enum bits_type type;
	enum bits_sign sign;
	enum bits_order order;
	unsigned unit; /* 0: not given */
};

/* Why a part has no value. */
enum bits_status { BITS_OK, BITS_BAD_SIZE, BITS_BAD_VALUE, BITS_TOO_LARGE };

/* Adds a type such as `signed`; false where it is unknown or contradicts. */
bool bits_part_type(struct bits_part *part, struct str name);
/* Adds `unit:N`, N in canonical digits; false where it can't be. */
bool bits_part_unit(struct bits_part *part, struct str digits);
/* Appends the part; what it adds is taken off the budget, in bits. */
enum bits_status bits_append(
    struct bits *bits, const struct bits_part *part, size_t *budget);

#endif

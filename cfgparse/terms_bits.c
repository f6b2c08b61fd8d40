/*
 * Evaluates the bit syntax as OTP 25 does for constants: see the header.
 */
#include "cfgparse/terms_bits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cfgparse/base/mem.h"
#include "cfgparse/base/utf8.h"
#include "cfgparse/terms_number.h"

static bool
set_once(unsigned *field, unsigned value)
{
	if (*field != 0 && *field != value)
		return false;
	*field = value;
	return true;
}

bool
bits_part_type(struct bits_part *part, struct str name)
{
	static const struct {
		const char *name;
		unsigned type, sign, order, unit;
	} types[] = {
		{ "integer", BITS_INTEGER, 0, 0, 0 },
		{ "float", BITS_FLOAT, 0, 0, 0 },
		{ "binary", BITS_BINARY, 0, 0, 0 },
		{ "bytes", BITS_BINARY, 0, 0, 8 },
		{ "bitstring", BITS_BINARY, 0, 0, 1 },
		{ "bits", BITS_BINARY, 0, 0, 1 },
		{ "utf8", BITS_UTF8, 0, 0, 0 },
		{ "utf16", BITS_UTF16, 0, 0, 0 },
		{ "utf32", BITS_UTF32, 0, 0, 0 },
		{ "signed", 0, SIGN_SIGNED, 0, 0 },
		{ "unsigned", 0, SIGN_UNSIGNED, 0, 0 },
		{ "big", 0, 0, ORDER_BIG, 0 },
		{ "little", 0, 0, ORDER_LITTLE, 0 },
		{ "native", 0, 0, ORDER_NATIVE, 0 },
	};
	unsigned type = part->type, sign = part->sign, order = part->order;
	bool good = false;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (!str_is(name, types[i].name))
			continue;
		good = (!types[i].type || set_once(&type, types[i].type)) &&
		       (!types[i].sign || set_once(&sign, types[i].sign)) &&
		       (!types[i].order || set_once(&order, types[i].order)) &&
		       (!types[i].unit || set_once(&part->unit, types[i].unit));
	}
	part->type = type;
	part->sign = sign;
	part->order = order;
	return good;
}

bool
bits_part_unit(struct bits_part *part, struct str digits)
{
	unsigned unit = 0;

	if (digits.len > 3)
		return false;
	for (size_t i = 0; i < digits.len; i++)
		unit = unit * 10 + (unsigned)(digits.ptr[i] - '0');
	return unit >= 1 && unit <= 256 && set_once(&part->unit, unit);
}

/* Appends the low count (at most 8) bits of value. */
static void
put_bits(struct bits *bits, unsigned value, unsigned count)
{
	unsigned used = bits->count % 8, room = 8 - used;
	unsigned wide = (value & ((1U << count) - 1)) << (16 - count) >> used;

	if (count == 0)
		return;
	if (used == 0)
		buf_putc(&bits->bytes, (char)(wide >> 8));
	else
		bits->bytes.data[bits->bytes.len - 1] |= (char)(wide >> 8);
	if (count > room)
		buf_putc(&bits->bytes, (char)wide);
	bits->count += count;
}

/* Appends the first count bits at bytes. */
static void
put_run(struct bits *bits, const uint8_t *bytes, size_t count)
{
	size_t whole = count / 8;

	if (bits->count % 8 == 0) {
		buf_append(&bits->bytes, bytes, whole);
		bits->count += whole * 8;
	} else {
		for (size_t i = 0; i < whole; i++)
			put_bits(bits, bytes[i], 8);
	}
	if (count % 8)
		put_bits(bits, bytes[whole] >> (8 - count % 8),
		    (unsigned)(count % 8));
}

static bool
is_little(enum bits_order order)
{
	return order == ORDER_LITTLE ||
	       (order == ORDER_NATIVE &&
		   __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
}

/* Appends a number of size bits, given by its bytes, the least one first. */
static void
put_number(struct bits *bits, const uint8_t *bytes, size_t size, bool little)
{
	unsigned rest = size % 8;

	if (!little && rest)
		put_bits(bits, bytes[size / 8], rest);
	for (size_t i = 0; i < size / 8; i++)
		put_bits(bits, bytes[little ? i : size / 8 - 1 - i], 8);
	if (little && rest)
		put_bits(bits, bytes[size / 8], rest);
}

static void
put_code(struct bits *bits, uint64_t code, size_t size, bool little)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(code >> 8 * i);
	put_number(bits, bytes, size, little);
}

static enum bits_status
put_integer(
    struct bits *bits, const struct term *value, size_t size, bool little)
{
	uint8_t *bytes;
	int64_t small;

	if (value->kind != TERM_INTEGER)
		return BITS_BAD_VALUE;
	if (size <= 64 && term_int(value, &small)) {
		put_code(bits, (uint64_t)small, size, little);
		return BITS_OK;
	}
	bytes = mem_alloc(size / 8 + 1, 1);
	number_bytes(value->text, bytes, size / 8 + 1);
	put_number(bits, bytes, size, little);
	free(bytes);
	return BITS_OK;
}

/* IEEE 754 binary16, rounded to nearest even by way of binary32. */
static uint16_t
half_bits(double number)
{
	uint16_t sign = signbit(number) ? 0x8000 : 0;
	double magnitude = fabs((double)(float)number), fraction;
	int exponent;

	if (magnitude == 0)
		return sign;
	if (magnitude >= 65520)
		return sign | 0x7C00;
	fraction = frexp(magnitude, &exponent);
	if (exponent < -13)
		return sign | (uint16_t)nearbyint(ldexp(magnitude, 24));
	/* A fraction that rounds up carries into the exponent. */
	return sign | (uint16_t)((exponent + 13) * 1024 +
				 (int)nearbyint(ldexp(fraction, 11)));
}

static bool
float_value(const struct term *value, double *number)
{
	if (value->kind == TERM_FLOAT)
		*number = value->number;
	else if (value->kind == TERM_INTEGER)
		*number = strtod(value->text.ptr, NULL);
	else
		return false;
	return isfinite(*number);
}

static enum bits_status
put_float(struct bits *bits, const struct term *value, size_t size, bool little)
{
	double number;
	float single;
	uint64_t code;
	uint32_t single_code;

	if (!float_value(value, &number))
		return BITS_BAD_VALUE;
	if (size == 64) {
		memcpy(&code, &number, sizeof(code));
	} else if (size == 32) {
		single = (float)number;
		memcpy(&single_code, &single, sizeof(single_code));
		code = single_code;
	} else if (size == 16) {
		code = half_bits(number);
	} else {
		return BITS_BAD_SIZE;
	}
	put_code(bits, code, size, little);
	return BITS_OK;
}

static enum bits_status
put_utf(
    struct bits *bits, const struct bits_part *part, const struct term *value)
{
	bool little = is_little(part->order);
	char bytes[UTF8_MAX];
	int64_t code;
	size_t len;

	if (!term_int(value, &code) || code < 0 || code > 0x10FFFF)
		return BITS_BAD_VALUE;
	len = utf8_encode((uint32_t)code, bytes);
	if (len == 0)
		return BITS_BAD_VALUE;
	if (part->type == BITS_UTF8) {
		put_run(bits, (const uint8_t *)bytes, len * 8);
	} else if (part->type == BITS_UTF32) {
		put_code(bits, (uint64_t)code, 32, little);
	} else if (code < 0x10000) {
		put_code(bits, (uint64_t)code, 16, little);
	} else {
		code -= 0x10000;
		put_code(bits, 0xD800 + ((uint64_t)code >> 10), 16, little);
		put_code(bits, 0xDC00 + ((uint64_t)code & 0x3FF), 16, little);
	}
	return BITS_OK;
}

static enum bits_status
put_binary(struct bits *bits, const struct term *value, bool all, size_t size,
    unsigned unit)
{
	if (value->kind != TERM_BINARY)
		return BITS_BAD_VALUE;
	if (all)
		size = value->bits;
	if ((all && size % unit != 0) || size > value->bits)
		return BITS_BAD_SIZE;
	put_run(bits, value->bytes, size);
	return BITS_OK;
}

/* What a part comes down to once defaults are filled in. */
struct shape {
	enum bits_type type;
	bool all; /* of a binary */
	size_t size;
	unsigned unit;
};

/* Size times unit in bits; too large where it is over the budget. */
static enum bits_status
resolve_size(const struct bits_part *part, struct shape *shape, size_t budget)
{
	int64_t size;

	if (shape->type == BITS_BINARY && term_is_atom(part->size, "all")) {
		shape->all = true;
		return BITS_OK;
	}
	if (part->size->kind != TERM_INTEGER || part->size->text.ptr[0] == '-')
		return BITS_BAD_SIZE;
	if (!term_int(part->size, &size) ||
	    (uint64_t)size > budget / shape->unit)
		return BITS_TOO_LARGE;
	shape->size = (size_t)size * shape->unit;
	return BITS_OK;
}

static enum bits_status
resolve(const struct bits_part *part, size_t budget, struct shape *shape)
{
	shape->type = part->type == BITS_DEFAULT ? BITS_INTEGER : part->type;
	shape->all = false;
	shape->unit = part->unit;
	if (shape->type >= BITS_UTF8) {
		shape->size = 32;
		return part->size || part->unit ? BITS_BAD_SIZE : BITS_OK;
	}
	if (shape->unit == 0)
		shape->unit = shape->type == BITS_BINARY ? 8 : 1;
	if (part->size)
		return resolve_size(part, shape, budget);
	if (shape->type == BITS_BINARY) {
		shape->all = true;
		return BITS_OK;
	}
	shape->size = shape->type == BITS_FLOAT ? 64 : 8;
	return part->unit ? BITS_BAD_SIZE : BITS_OK;
}

static enum bits_status
put_value(struct bits *bits, const struct bits_part *part,
    const struct shape *shape, const struct term *value, size_t *budget)
{
	bool little = is_little(part->order);
	size_t cost = shape->size;

	if (shape->all)
		cost = value->kind == TERM_BINARY ? value->bits : 0;
	if (cost > *budget)
		return BITS_TOO_LARGE;
	*budget -= cost;
	switch (shape->type) {
	case BITS_FLOAT: return put_float(bits, value, shape->size, little);
	case BITS_BINARY:
		return put_binary(
		    bits, value, shape->all, shape->size, shape->unit);
	case BITS_UTF8:
	case BITS_UTF16:
	case BITS_UTF32: return put_utf(bits, part, value);
	default: return put_integer(bits, value, shape->size, little);
	}
}

/* A string stands for its characters, one after the other. */
static enum bits_status
put_string(struct bits *bits, const struct bits_part *part,
    const struct shape *shape, size_t *budget)
{
	struct str text = part->value->text;
	struct term code = { .kind = TERM_INTEGER };
	char digits[16] = "0";
	enum bits_status status;

	code.text = str_of(digits);
	if (part->value->kind != TERM_STRING) {
		/* The empty string: its type and size must fit all the same. */
		struct bits unused = { 0 };
		size_t enough = *budget;

		status = put_value(&unused, part, shape, &code, &enough);
		buf_fini(&unused.bytes);
		return status;
	}
	for (size_t i = 0; i < text.len;) {
		uint32_t c;

		i += utf8_decode(text.ptr + i, text.len - i, &c);
		code.text.len =
		    (size_t)snprintf(digits, sizeof(digits), "%u", (unsigned)c);
		status = put_value(bits, part, shape, &code, budget);
		if (status != BITS_OK)
			return status;
	}
	return BITS_OK;
}

enum bits_status
bits_append(struct bits *bits, const struct bits_part *part, size_t *budget)
{
	struct shape shape;
	enum bits_status status = resolve(part, *budget, &shape);

	if (status != BITS_OK)
		return status;
	if (part->literal)
		return put_string(bits, part, &shape, budget);
	return put_value(bits, part, &shape, part->value, budget);
}

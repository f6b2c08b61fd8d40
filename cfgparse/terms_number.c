/*
 * Conversion of numbers: see the header. Schoolbook arithmetic on limbs is
 * enough, as the reader bounds the digits of an integer.
 */
#include "cfgparse/terms_number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/buf.h"
#include "cfgparse/base/mem.h"

static const uint32_t GIGA = 1000000000; /* a decimal limb */

unsigned
number_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'Z')
		return (unsigned)(c - 'A') + 10;
	return 36;
}

static struct str
strip_zeros(struct str digits)
{
	while (digits.len > 1 && digits.ptr[0] == '0') {
		digits.ptr++;
		digits.len--;
	}
	return digits;
}

/* limbs = limbs * factor + extra in base GIGA; returns the new count. */
static size_t
scale_decimal(uint32_t *limbs, size_t count, uint32_t factor, uint32_t extra)
{
	uint64_t carry = extra;

	for (size_t i = 0; i < count; i++) {
		uint64_t sum = (uint64_t)limbs[i] * factor + carry;

		carry = sum / GIGA;
		limbs[i] = (uint32_t)(sum - carry * GIGA);
	}
	while (carry) {
		limbs[count++] = (uint32_t)(carry % GIGA);
		carry /= GIGA;
	}
	return count;
}

void
number_decimal(struct buf *out, struct str digits, unsigned base)
{
	uint32_t *limbs;
	size_t count = 0;

	digits = strip_zeros(digits);
	if (base == 10) {
		buf_add(out, digits);
		return;
	}
	/* A digit of base 36 is less than 1.6 decimal ones. */
	limbs = mem_alloc(digits.len / 5 + 3, sizeof(*limbs));
	for (size_t i = 0; i < digits.len;) {
		uint32_t factor = 1, chunk = 0;

		while (i < digits.len && factor <= UINT32_MAX / 36) {
			factor *= base;
			chunk = chunk * base + number_digit(digits.ptr[i++]);
		}
		count = scale_decimal(limbs, count, factor, chunk);
	}
	buf_printf(out, "%u", count > 0 ? limbs[count - 1] : 0);
	for (size_t i = count; i-- > 1;)
		buf_printf(out, "%09u", limbs[i - 1]);
	free(limbs);
}

/* limbs = limbs * factor + extra in base 2^32, cut to max limbs. */
static size_t
scale_binary(
    uint32_t *limbs, size_t count, size_t max, uint32_t factor, uint32_t extra)
{
	uint64_t carry = extra;

	for (size_t i = 0; i < count; i++) {
		uint64_t sum = (uint64_t)limbs[i] * factor + carry;

		limbs[i] = (uint32_t)sum;
		carry = sum >> 32;
	}
	if (carry && count < max)
		limbs[count++] = (uint32_t)carry;
	return count;
}

static void
negate(uint8_t *bytes, size_t count)
{
	unsigned carry = 1;

	for (size_t i = 0; i < count; i++) {
		unsigned sum = (uint8_t)~bytes[i] + carry;

		bytes[i] = (uint8_t)sum;
		carry = sum >> 8;
	}
}

void
number_bytes(struct str decimal, uint8_t *out, size_t count)
{
	bool negative = decimal.len > 0 && decimal.ptr[0] == '-';
	size_t max = decimal.len / 9 + 2, used = 0;
	uint32_t *limbs;

	if (max > count / 4 + 1)
		max = count / 4 + 1;
	limbs = mem_alloc(max, sizeof(*limbs));
	for (size_t i = negative; i < decimal.len;) {
		uint32_t factor = 1, chunk = 0;

		while (i < decimal.len && factor < GIGA) {
			factor *= 10;
			chunk = chunk * 10 + number_digit(decimal.ptr[i++]);
		}
		used = scale_binary(limbs, used, max, factor, chunk);
	}
	memset(out, 0, count);
	for (size_t i = 0; i < count && i / 4 < used; i++)
		out[i] = (uint8_t)(limbs[i / 4] >> (i % 4 * 8));
	free(limbs);
	if (negative)
		negate(out, count);
}

static int
compare_digits(struct str a, struct str b)
{
	int order;

	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	order = memcmp(a.ptr, b.ptr, a.len);
	return (order > 0) - (order < 0);
}

int
number_compare(struct str a, struct str b)
{
	bool a_negative = a.ptr[0] == '-', b_negative = b.ptr[0] == '-';

	if (a_negative != b_negative)
		return a_negative ? -1 : 1;
	return a_negative ? compare_digits(b, a) : compare_digits(a, b);
}

static bool
reads_back(double number, unsigned long long digits, int exponent)
{
	char text[40];

	snprintf(text, sizeof(text), "%llue%d", digits, exponent);
	return strtod(text, NULL) == number;
}

/*
 * The fewest significant digits that read back; the number is
 * 0.DIGITS * 10^place, with the place returned. At powers of two the floats
 * below are closer than those above, so that the next decimal upwards may
 * read back where the nearest one doesn't.
 */
static int
shortest_digits(double number, char digits[24], size_t *count)
{
	unsigned long long mantissa;
	int exponent;

	for (int precision = 0;; precision++) {
		char text[40];
		char *e;

		snprintf(text, sizeof(text), "%.*e", precision, number);
		e = strchr(text, 'e');
		exponent = atoi(e + 1) - precision;
		*e = '\0';
		if (precision > 0)
			memmove(text + 1, text + 2, (size_t)precision + 1);
		mantissa = strtoull(text, NULL, 10);
		if (precision == 17 || reads_back(number, mantissa, exponent))
			break;
		if (reads_back(number, mantissa + 1, exponent)) {
			mantissa++;
			break;
		}
	}
	*count = (size_t)snprintf(digits, 24, "%llu", mantissa);
	exponent += (int)*count;
	while (*count > 1 && digits[*count - 1] == '0')
		digits[--*count] = '\0';
	return exponent;
}

static void
float_scientific(char *out, size_t room, const char *digits, int place)
{
	snprintf(out, room, "%c.%se%d", digits[0], digits[1] ? digits + 1 : "0",
	    place - 1);
}

/* True where the plain form is no longer than the one with an exponent. */
static bool
float_plain_fits(double number, int count, int place)
{
	char exponent[16];
	int cost, zeros;

	if (number >= 9007199254740992.0)
		return false;
	if (place > 0 && place < count)
		return true;
	cost = snprintf(exponent, sizeof(exponent), "%d", place - 1) + 1 +
	       (count == 1 ? 2 : 1);
	zeros = place <= 0 ? 2 - place : place - count + 2;
	return zeros <= cost;
}

void
number_float(double number, char out[NUMBER_FLOAT_MAX])
{
	size_t room = NUMBER_FLOAT_MAX, count;
	char digits[24];
	int place;

	if (signbit(number)) {
		*out++ = '-';
		room--;
		number = -number;
	}
	if (number == 0) {
		snprintf(out, room, "0.0");
		return;
	}
	place = shortest_digits(number, digits, &count);
	if (!float_plain_fits(number, (int)count, place))
		float_scientific(out, room, digits, place);
	else if (place <= 0)
		snprintf(out, room, "0.%.*s%s", -place, "0000000000", digits);
	else if ((size_t)place >= count)
		snprintf(out, room, "%s%.*s.0", digits, place - (int)count,
		    "0000000000");
	else
		snprintf(out, room, "%.*s.%s", place, digits, digits + place);
}

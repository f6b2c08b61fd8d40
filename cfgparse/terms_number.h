#ifndef CFGPARSE_TERMS_NUMBER_H
#define CFGPARSE_TERMS_NUMBER_H
/*
 * Integers of any size as texts of decimal digits, and what is computed with
 * them: other bases in, two's complement out. Private to the terms reader.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfgparse/base/str.h"

struct buf;

/* The value of a digit in bases up to 36, or 36 where it is none. */
unsigned number_digit(char c);
/*
 * Appends the canonical decimal form of digits in the base (2 to 36), which
 * are valid, at least one, and free of underscores. Takes time with the
 * square of their number, except for base 10.
 */
void number_decimal(struct buf *out, struct str digits, unsigned base);
/*
 * The canonical decimal number modulo 2^(8 * count) as two's complement, the
 * least byte first.
 */
void number_bytes(struct str decimal, uint8_t *out, size_t count);
/* -1, 0 or 1 as canonical decimal a is less than, equal to or over b. */
int number_compare(struct str a, struct str b);
/* The shortest text that reads back as number, as Erlang prints it; out has
 * room for NUMBER_FLOAT_MAX bytes with the NUL. */
enum { NUMBER_FLOAT_MAX = 64 };
void number_float(double number, char out[NUMBER_FLOAT_MAX]);

#endif

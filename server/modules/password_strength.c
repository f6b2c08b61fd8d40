/* See password_strength.h. */
#include "server/modules/password_strength.h"

#include <math.h>

#include "cfgparse/base/utf8.h"

enum kind { DIGIT, SIGN, LOWER, UPPER, OTHER, KINDS };

static enum kind
kind_of(unsigned char c)
{
	if (c >= 'a' && c <= 'z')
		return LOWER;
	if (c >= 'A' && c <= 'Z')
		return UPPER;
	if (c >= '0' && c <= '9')
		return DIGIT;
	return c > ' ' && c < 0x7f ? SIGN : OTHER;
}

double
password_entropy(struct str password)
{
	static const double sizes[KINDS] = { 9, 33, 26, 26, 128 };
	bool used[KINDS] = { 0 };
	double choices = 0;

	for (size_t i = 0; i < password.len; i++)
		used[kind_of((unsigned char)password.ptr[i])] = true;
	for (int kind = 0; kind < KINDS; kind++)
		choices += used[kind] ? sizes[kind] : 0;
	if (choices == 0)
		return 0;
	return (double)utf8_count(password.ptr, password.len) * log2(choices);
}

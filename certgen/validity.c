#include "certgen/validity.h"

#include "certgen/certificate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* From a time on, in seconds since 1970, that many days. */
static const struct {
	long long from;
	int days;
	const char *name;
} limits[] = {
	{ 1868227200, 47, "public-2029" },  /* 2029-03-15 */
	{ 1805068800, 100, "public-2027" }, /* 2027-03-15 */
	{ 1773532800, 200, "public-2026" }, /* 2026-03-15 */
	{ 0, 398, NULL },		    /* 2020-09-01 */
};
enum { LIMITS = sizeof(limits) / sizeof(limits[0]) };

int
validity_public(time_t at)
{
	size_t i;

	for (i = 0; i + 1 < LIMITS; i++)
		if ((long long)at >= limits[i].from)
			break;
	return limits[i].days;
}

bool
validity_parse(const char *text, time_t now, int *days)
{
	char *end;
	long number;
	size_t i;

	if (strcmp(text, "public") == 0) {
		*days = validity_public(now) - 1;
		return true;
	}
	for (i = 0; i < LIMITS; i++) {
		if (limits[i].name && strcmp(text, limits[i].name) == 0) {
			*days = limits[i].days - 1;
			return true;
		}
	}
	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || end == text || *end || number < 1 ||
	    number > CERT_DAYS_MAX)
		return false;
	*days = (int)number;
	return true;
}

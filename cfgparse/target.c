#include "cfgparse/target.h"
/*
 * The releases of ejabberd by name, and names that come near. Patch levels
 * and betas are left out: they read the same options as their release.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static const unsigned releases[] = { 1310, 1312, 1405, 1407, 1412, 1502, 1503,
	1504, 1506, 1507, 1509, 1510, 1511, 1601, 1602, 1603, 1604, 1606, 1608,
	1609, 1612, 1701, 1703, 1704, 1706, 1707, 1708, 1709, 1711, 1712, 1801,
	1803, 1804, 1806, 1809, 1812, 1902, 1905, 1908, 1909, 2001, 2002, 2003,
	2004, 2007, 2012, 2101, 2104, 2107, 2112, 2205, 2210, 2301, 2304, 2310,
	2402, 2406, 2407, 2410, 2412, 2503, 2504, 2507, 2508, 2510, 2601, 2602,
	2603, 2604, 2607, 0 };

/* From here on unknown names keep ejabberd from starting. */
enum { STRICT_SINCE = 1908 };

const struct target target_default = { .xmppd = true };

const unsigned *
target_releases(void)
{
	return releases;
}

static size_t
find_release(unsigned release)
{
	size_t i = 0;

	while (releases[i] && releases[i] != release)
		i++;
	return i;
}

unsigned
release_before(unsigned release)
{
	size_t i = find_release(release);

	return releases[i] && i > 0 ? releases[i - 1] : 0;
}

unsigned
release_after(unsigned release)
{
	size_t i = find_release(release);

	return releases[i] ? releases[i + 1] : 0;
}

const char *
release_name(unsigned release)
{
	/* Several may stand in one message. */
	static _Thread_local char names[8][8];
	static _Thread_local unsigned next;
	char *name = names[next++ % 8];

	snprintf(name, sizeof names[0], "%02u.%02u", release / 100 % 100,
	    release % 100);
	return name;
}

/* Months since the year 0, for distances. */
static unsigned
months(unsigned release)
{
	return release / 100 * 12 + release % 100;
}

static unsigned
nearest(unsigned release)
{
	unsigned best = TARGET_OLDEST;
	unsigned distance = ~0U;

	for (const unsigned *r = releases; *r; r++) {
		unsigned away =
		    (unsigned)abs((int)months(*r) - (int)months(release));
		if (away <= distance) {
			best = *r;
			distance = away;
		}
	}
	return best;
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

/* YY.MM, and a patch level perhaps. */
static bool
read_release(struct str text, unsigned *release)
{
	const char *p = text.ptr;
	size_t i;

	if (text.len < 5 || !digit(p[0]) || !digit(p[1]) || p[2] != '.' ||
	    !digit(p[3]) || !digit(p[4]))
		return false;
	*release = (unsigned)(p[0] - '0') * 1000 +
		   (unsigned)(p[1] - '0') * 100 + (unsigned)(p[3] - '0') * 10 +
		   (unsigned)(p[4] - '0');
	if (text.len == 5)
		return true;
	if (p[5] != '.' || text.len == 6)
		return false;
	for (i = 6; i < text.len && digit(p[i]); i++)
		;
	return i == text.len;
}

static bool
is_21(struct str text)
{
	size_t i = 4;

	if (text.len < 3 || !str_eq((struct str){ text.ptr, 3 }, str_of("2.1")))
		return false;
	if (text.len == 3)
		return true;
	if (text.ptr[3] != '.' || text.len == 4 || text.len > 6)
		return false;
	while (i < text.len && digit(text.ptr[i]))
		i++;
	return i == text.len;
}

/* Cut short what a user may have written at length. */
static int
shown(struct str text)
{
	return text.len < 40 ? (int)text.len : 40;
}

bool
target_parse(struct str text, struct target *target, const char **why)
{
	static const char prefix[] = "ejabberd-";
	static _Thread_local char message[160];
	struct str version = { NULL, 0 };
	unsigned release;

	*target = (struct target){ 0 };
	*why = message;
	if (str_is(text, "xmppd")) {
		target->xmppd = true;
		return true;
	}
	if (text.len > sizeof prefix - 1 &&
	    str_eq((struct str){ text.ptr, sizeof prefix - 1 }, str_of(prefix)))
		version = (struct str){ text.ptr + sizeof prefix - 1,
			text.len - (sizeof prefix - 1) };
	if (is_21(version)) {
		target->terms = true;
		return true;
	}
	if (!version.len || !read_release(version, &release)) {
		snprintf(message, sizeof message,
		    "there is no target %.*s: write xmppd, ejabberd-2.1 or a "
		    "release such as ejabberd-%s",
		    shown(text), text.ptr, release_name(TARGET_NEWEST));
		return false;
	}
	if (releases[find_release(release)]) {
		target->release = release;
		return true;
	}
	snprintf(message, sizeof message,
	    "ejabberd-%s is not known: the nearest release is ejabberd-%s",
	    release_name(release), release_name(nearest(release)));
	return false;
}

const char *
target_name(const struct target *target)
{
	static _Thread_local char names[4][24];
	static _Thread_local unsigned next;

	if (target->xmppd)
		return "xmppd";
	if (target->terms)
		return "ejabberd-2.1";
	char *name = names[next++ % 4];
	snprintf(name, sizeof names[0], "ejabberd-%s",
	    release_name(target->release));
	return name;
}

bool
target_is_strict(const struct target *target)
{
	return target->xmppd || target->release >= STRICT_SINCE;
}

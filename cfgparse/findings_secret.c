#include "cfgparse/findings_private.h"
/*
 * Where a line of a source holds a password: findings end up in logs that
 * others read. It goes by names and quotes alone, so that it also works where
 * a line can't be parsed; it rather takes too much than too little.
 */
#include <string.h>

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static bool
is_secret_name(const char *name, size_t len)
{
	static const char *const ends[] = { "password", "secret", "passwd" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t tail = strlen(ends[i]);
		if (len >= tail && !memcmp(name + len - tail, ends[i], tail))
			return true;
	}
	return false;
}

static const char *
skip(const char *p, const char *end, const char *set)
{
	while (p < end && *p && strchr(set, *p))
		p++;
	return p;
}

/* The end of the value at p; *p becomes its beginning. */
static const char *
value_end(const char **p, const char *end, bool yaml)
{
	const char *at = *p;

	if (at < end && (*at == '"' || *at == '\'')) {
		char quote = *at++;
		*p = at;
		for (; at < end && *at != quote; at++) {
			if (*at == '\\' && at + 1 < end)
				at++;
		}
		return at;
	}
	while (at < end && (yaml || !strchr(",]}", *at)))
		at++;
	return at;
}

bool
secret_find(struct str line, size_t from, size_t *begin, size_t *end)
{
	const char *stop = line.ptr + line.len, *p = line.ptr + from;

	while (p < stop) {
		const char *name = p;
		while (p < stop && is_word(*p))
			p++;
		if (p == name || !is_secret_name(name, (size_t)(p - name))) {
			p += p == name;
			continue;
		}
		/* The name's own quote; what separates it may be missing. */
		p = skip(skip(p, stop, "\"'"), stop, " \t");
		if (p == stop || !strchr(",:=\"'", *p))
			continue;
		bool yaml = *p == ':';
		p = skip(p, stop, ",:= \t>");
		if (!yaml)
			p = skip(p, stop, "<");
		const char *last = value_end(&p, stop, yaml);
		if (last == p)
			continue;
		*begin = (size_t)(p - line.ptr);
		*end = (size_t)(last - line.ptr);
		return true;
	}
	return false;
}

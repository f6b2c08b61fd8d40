#include "cfgparse/tls_link.h"

#include <string.h>

enum { PORT_DEFAULT = 443, PORT_MAX = 65535 };

/* Takes the scheme away; false where it is another one. */
static bool
take_scheme(struct str *link)
{
	static const struct str schemes[] = { { "https://", 8 },
		{ "wss://", 6 } };

	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		if (link->len <= schemes[i].len ||
		    memcmp(link->ptr, schemes[i].ptr, schemes[i].len) != 0)
			continue;
		link->ptr += schemes[i].len;
		link->len -= schemes[i].len;
		return true;
	}
	return false;
}

static bool
read_port(struct str digits, unsigned *port)
{
	*port = 0;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
			return false;
		*port = *port * 10 + (unsigned)(digits.ptr[i] - '0');
		if (*port > PORT_MAX)
			return false;
	}
	return *port > 0;
}

bool
tls_link_read(struct str link, struct str *name, unsigned *port)
{
	size_t end = 0, colon;

	if (!take_scheme(&link))
		return false;
	while (end < link.len && !memchr("/?#", link.ptr[end], 3))
		end++;
	for (colon = 0; colon < end && link.ptr[colon] != ':'; colon++)
		;
	*name = (struct str){ link.ptr, colon };
	*port = PORT_DEFAULT;
	return name->len > 0 &&
	       (end - colon <= 1 ||
		   read_port(
		       (struct str){ link.ptr + colon + 1, end - colon - 1 },
		       port));
}

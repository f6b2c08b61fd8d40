#ifndef CFGPARSE_TLS_LINK_H
#define CFGPARSE_TLS_LINK_H
/*
 * Which host and port a link over TLS (https, wss) leads to, as options have
 * it: marks such as @HOST@ may stand in the host. RFC 3986 as far as these
 * need it; a host in brackets or behind a user's name is none.
 */
#include <stdbool.h>

#include "cfgparse/base/str.h"

/* True for a link over TLS: name is the host as written, a part of link, and
 * port 1 to 65535 (443 where none is given). */
bool tls_link_read(struct str link, struct str *name, unsigned *port);

#endif

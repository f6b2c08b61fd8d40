#include "certgen/coverage.h"

#include "certgen/pem_identity.h"
#include "cfgparse/hostname.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

void
coverage_fini(struct coverage *coverage)
{
	map_fini(&coverage->ascii);
	map_fini(&coverage->unicode);
}

static void
put(struct map *map, struct str name, unsigned services)
{
	uintptr_t before = (uintptr_t)map_get(map, name);

	if ((before | services) != before)
		map_put(map, name, (void *)(before | services));
}

/* Upper case and lower case are the same in A-labels. */
static void
put_ascii(struct coverage *coverage, struct str name, unsigned services)
{
	char lower[HOSTNAME_MAX];
	size_t i;

	if (name.len > sizeof(lower))
		return;
	for (i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		lower[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	put(&coverage->ascii, (struct str){ lower, name.len }, services);
}

static void
add_service(struct coverage *coverage, struct str name)
{
	static const struct str clients = { "_xmpp-client.", 13 };
	static const struct str servers = { "_xmpp-server.", 13 };
	unsigned service = 0;

	if (name.len <= clients.len)
		return;
	if (strncasecmp(name.ptr, clients.ptr, clients.len) == 0)
		service = PEM_FOR_CLIENTS;
	else if (strncasecmp(name.ptr, servers.ptr, servers.len) == 0)
		service = PEM_FOR_SERVERS;
	/* A wildcard is none here (RFC 4985). */
	if (service && name.ptr[clients.len] != '*')
		put_ascii(coverage,
		    (struct str){
			name.ptr + clients.len, name.len - clients.len },
		    service);
}

void
coverage_add(struct coverage *coverage, const struct pem_identity *identity)
{
	char prepared[HOSTNAME_MAX + 1];
	size_t i;

	for (i = 0; i < identity->dns.count; i++)
		put_ascii(coverage, identity->dns.items[i], PEM_FOR_BOTH);
	for (i = 0; i < identity->srv.count; i++)
		add_service(coverage, identity->srv.items[i]);
	for (i = 0; i < identity->xmpp.count; i++)
		if (hostname_prepare(identity->xmpp.items[i], prepared))
			put(&coverage->unicode, str_of(prepared), PEM_FOR_BOTH);
	for (i = 0; i < identity->ip.count; i++)
		put(&coverage->unicode, identity->ip.items[i], PEM_FOR_BOTH);
}

unsigned
coverage_of(const struct coverage *coverage, const char *host)
{
	char prepared[HOSTNAME_MAX + 1], ascii[HOSTNAME_MAX + 2];
	uintptr_t services;
	char *dot;

	if (!hostname_prepare(str_of(host), prepared))
		return 0;
	services = (uintptr_t)map_get(&coverage->unicode, str_of(prepared));
	if (!hostname_to_ascii(str_of(prepared), ascii))
		return (unsigned)services;
	services |= (uintptr_t)map_get(&coverage->ascii, str_of(ascii));
	/* RFC 9525, section 6.3: a * is exactly the whole first label. */
	dot = strchr(ascii, '.');
	if (dot && dot > ascii) {
		dot[-1] = '*';
		services |=
		    (uintptr_t)map_get(&coverage->ascii, str_of(dot - 1));
	}
	return (unsigned)services;
}

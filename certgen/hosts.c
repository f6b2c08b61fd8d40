#include "certgen/hosts.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/base/hash.h"
#include "cfgparse/hostname.h"

#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The bytes of an iPAddress (RFC 5280, section 4.2.1.6); 0 for a name. */
static size_t
address_bytes(const char *name, unsigned char out[16])
{
	char text[INET6_ADDRSTRLEN];
	size_t len = strlen(name);

	if (inet_pton(AF_INET, name, out) == 1)
		return 4;
	if (name[0] != '[' || len < 4 || len - 2 >= sizeof(text))
		return 0;
	memcpy(text, name + 1, len - 2);
	text[len - 2] = '\0';
	return inet_pton(AF_INET6, text, out) == 1 ? 16 : 0;
}

/* Which services name a domain of the role in an SRVName: a set of enum
 * pem_service. Clients connect to hosts alone, servers to components too; a
 * link needs a dNSName only. */
static unsigned
role_services(enum cfg_role role)
{
	switch (role) {
	case CFG_ROLE_ACCOUNTS: return PEM_FOR_BOTH;
	case CFG_ROLE_SERVICE:
	case CFG_ROLE_COMPONENT: return PEM_FOR_SERVERS;
	case CFG_ROLE_HTTP: break;
	}
	return 0;
}

/* The slot that the name has or would get. */
static uint32_t *
slot_of(const struct cert_hosts *hosts, struct str name)
{
	size_t at = hash_bytes(name.ptr, name.len) & (hosts->slot_count - 1);

	while (hosts->slots[at] &&
	       !str_is(name, hosts->items[hosts->slots[at] - 1].name))
		at = (at + 1) & (hosts->slot_count - 1);
	return &hosts->slots[at];
}

/* Room for another row; at least half of the slots stay empty. */
static void
hosts_grow(struct arena *arena, struct cert_hosts *hosts)
{
	size_t count = hosts->count, room = hosts->slot_count / 2, i;
	struct cert_host *items = hosts->items;

	if (count < room)
		return;
	room = room ? 2 * room : 8;
	hosts->items = arena_array(arena, room, sizeof(*hosts->items));
	hosts->slots = arena_array(arena, 2 * room, sizeof(*hosts->slots));
	hosts->slot_count = 2 * room;
	if (count)
		memcpy(hosts->items, items, count * sizeof(*items));
	for (i = 0; i < count; i++)
		*slot_of(hosts, str_of(items[i].name)) = (uint32_t)i + 1;
}

bool
cert_hosts_add_as(
    struct arena *arena, struct cert_hosts *hosts, const struct cert_host *as)
{
	char prepared[HOSTNAME_MAX + 1], ascii[HOSTNAME_MAX + 1];
	struct cert_host *host;
	unsigned char bytes[16];
	uint32_t *slot;
	bool address;

	if (!hostname_prepare(str_of(as->name), prepared) ||
	    strchr(prepared, '*'))
		return false;
	address = address_bytes(prepared, bytes) > 0;
	if (!address && !hostname_to_ascii(str_of(prepared), ascii))
		return false;
	hosts_grow(arena, hosts);
	slot = slot_of(hosts, str_of(prepared));
	if (*slot) {
		host = &hosts->items[*slot - 1];
		host->optional = host->optional && as->optional;
		if (as->role < host->role) {
			host->role = as->role;
			host->maker = as->maker;
		}
		return true;
	}
	host = &hosts->items[hosts->count];
	*host = *as;
	host->name = arena_strdup(arena, prepared);
	host->ascii = address ? NULL : arena_strdup(arena, ascii);
	*slot = (uint32_t)++hosts->count;
	return true;
}

bool
cert_hosts_add(struct arena *arena, struct cert_hosts *hosts, const char *name,
    enum cfg_role role)
{
	const struct cert_host as = { .name = name, .role = role };

	return cert_hosts_add_as(arena, hosts, &as);
}

const struct cert_host *
cert_hosts_find(const struct cert_hosts *hosts, const char *name)
{
	const uint32_t *slot =
	    hosts->count ? slot_of(hosts, str_of(name)) : NULL;

	return slot && *slot ? &hosts->items[*slot - 1] : NULL;
}

const struct cert_host *
cert_hosts_above(const struct cert_hosts *hosts, const struct cert_host *host)
{
	const char *dot = host->ascii ? strchr(host->name, '.') : NULL;
	const struct cert_host *above = NULL;

	for (; dot && !above; dot = strchr(dot + 1, '.'))
		above = cert_hosts_find(hosts, dot + 1);
	return above;
}

size_t
cert_host_address(const struct cert_host *host, unsigned char bytes[16])
{
	return host->ascii ? 0 : address_bytes(host->name, bytes);
}

/* Takes the name, whether it succeeds or not. */
static bool
push(GENERAL_NAMES *names, GENERAL_NAME *name)
{
	if (name && sk_GENERAL_NAME_push(names, name) > 0)
		return true;
	GENERAL_NAME_free(name);
	return false;
}

static bool
push_string(GENERAL_NAMES *names, int type, const void *bytes, size_t len)
{
	ASN1_STRING *text =
	    type == GEN_DNS ? ASN1_IA5STRING_new() : ASN1_OCTET_STRING_new();
	GENERAL_NAME *name = GENERAL_NAME_new();

	if (!text || !name || !ASN1_STRING_set(text, bytes, (int)len)) {
		ASN1_STRING_free(text);
		GENERAL_NAME_free(name);
		return false;
	}
	GENERAL_NAME_set0_value(name, type, text);
	return push(names, name);
}

static bool
push_other(GENERAL_NAMES *names, const char *oid, int type, const char *content)
{
	ASN1_OBJECT *id = OBJ_txt2obj(oid, 1);
	ASN1_STRING *text = ASN1_STRING_type_new(type);
	ASN1_TYPE *value = ASN1_TYPE_new();
	GENERAL_NAME *name = GENERAL_NAME_new();

	if (id && text && value && name && ASN1_STRING_set(text, content, -1)) {
		ASN1_TYPE_set(value, type, text);
		text = NULL;
		if (GENERAL_NAME_set0_othername(name, id, value))
			return push(names, name);
	}
	ASN1_OBJECT_free(id);
	ASN1_STRING_free(text);
	ASN1_TYPE_free(value);
	GENERAL_NAME_free(name);
	return false;
}

static bool
push_service(GENERAL_NAMES *names, const char *service, const char *ascii)
{
	char text[HOSTNAME_MAX + 32];

	snprintf(text, sizeof(text), "%s.%s", service, ascii);
	return push_other(names, OID_SRV_NAME, V_ASN1_IA5STRING, text);
}

static bool
push_dns(GENERAL_NAMES *names, const char *before, const char *ascii)
{
	char text[HOSTNAME_MAX + 4];
	int len = snprintf(text, sizeof(text), "%s%s", before, ascii);

	return push_string(names, GEN_DNS, text, (size_t)len);
}

/* What otherName says (RFC 6120, section 13.7.1.2; RFC 4985). */
static bool
push_xmpp(GENERAL_NAMES *names, const struct cert_host *host)
{
	unsigned services = role_services(host->role);

	return (!services || push_other(names, OID_XMPP_ADDR, V_ASN1_UTF8STRING,
				 host->name)) &&
	       (!(services & PEM_FOR_CLIENTS) || !host->ascii ||
		   push_service(names, "_xmpp-client", host->ascii)) &&
	       (!(services & PEM_FOR_SERVERS) || !host->ascii ||
		   push_service(names, "_xmpp-server", host->ascii));
}

/* A wildcard below a single label ("*.localhost") is widely refused. */
static bool
takes_wildcard(const struct cert_host *host)
{
	return host->role == CFG_ROLE_ACCOUNTS && host->ascii &&
	       strchr(host->ascii, '.');
}

static bool
below_wildcard(const struct cert_hosts *hosts, const struct cert_host *host)
{
	const char *dot = host->ascii ? strchr(host->name, '.') : NULL;
	const struct cert_host *above;

	if (host->role == CFG_ROLE_ACCOUNTS || !dot)
		return false;
	above = cert_hosts_find(hosts, dot + 1);
	return above && takes_wildcard(above);
}

size_t
cert_hosts_named(const struct cert_hosts *hosts, enum cert_names which)
{
	size_t count = 0, i;

	for (i = 0; i < hosts->count; i++)
		count += !(which & CERT_NAMES_WILDCARD) ||
			 !below_wildcard(hosts, &hosts->items[i]);
	return count;
}

static bool
push_host(GENERAL_NAMES *names, const struct cert_hosts *hosts,
    const struct cert_host *host, enum cert_names which)
{
	bool wildcard = which & CERT_NAMES_WILDCARD;
	unsigned char bytes[16];

	if (wildcard && below_wildcard(hosts, host))
		return true;
	if (!(host->ascii ? push_dns(names, "", host->ascii)
			  : push_string(names, GEN_IPADD, bytes,
				address_bytes(host->name, bytes))))
		return false;
	if (wildcard && takes_wildcard(host) &&
	    !push_dns(names, "*.", host->ascii))
		return false;
	return (which & CERT_NAMES_PUBLIC) || push_xmpp(names, host);
}

struct stack_st_GENERAL_NAME *
cert_hosts_names(const struct cert_hosts *hosts, enum cert_names which)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	size_t i;

	for (i = 0; names && i < hosts->count; i++) {
		if (!push_host(names, hosts, &hosts->items[i], which)) {
			GENERAL_NAMES_free(names);
			return NULL;
		}
	}
	return names;
}

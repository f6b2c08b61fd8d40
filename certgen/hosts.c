#include "certgen/hosts.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/hostname.h"

#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* The bytes of an iPAddress (RFC 5280, section 4.2.1.6); 0 for a name. */
static int
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

/* A new last row; the rows double whenever their count is a power of two. */
static struct cert_host *
hosts_grow(struct arena *arena, struct cert_hosts *hosts)
{
	size_t count = hosts->count;
	struct cert_host *items;

	if ((count & (count - 1)) == 0) {
		items =
		    arena_array(arena, count ? 2 * count : 1, sizeof(*items));
		if (count)
			memcpy(items, hosts->items, count * sizeof(*items));
		hosts->items = items;
	}
	return &hosts->items[hosts->count++];
}

enum cert_hosts_status
cert_hosts_add(struct arena *arena, struct cert_hosts *hosts, const char *name,
    unsigned services)
{
	char prepared[HOSTNAME_MAX + 1], ascii[HOSTNAME_MAX + 1];
	struct cert_host *host;
	unsigned char bytes[16];
	bool address;
	size_t i;

	if (!hostname_prepare(str_of(name), prepared) || strchr(prepared, '*'))
		return HOST_INVALID;
	address = address_bytes(prepared, bytes) > 0;
	if (!address && !hostname_to_ascii(str_of(prepared), ascii))
		return HOST_INVALID;
	for (i = 0; i < hosts->count; i++) {
		if (strcmp(hosts->items[i].name, prepared) == 0) {
			hosts->items[i].services |= services;
			return HOST_ADDED;
		}
	}
	if (hosts->count == CERT_HOSTS_MAX)
		return HOST_TOO_MANY;
	host = hosts_grow(arena, hosts);
	host->name = arena_strdup(arena, prepared);
	host->ascii = address ? NULL : arena_strdup(arena, ascii);
	host->services = services;
	return HOST_ADDED;
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
push_host(GENERAL_NAMES *names, const struct cert_host *host)
{
	unsigned char bytes[16];
	int len = address_bytes(host->name, bytes);

	if (len > 0)
		return push_string(names, GEN_IPADD, bytes, (size_t)len) &&
		       push_other(
			   names, OID_XMPP_ADDR, V_ASN1_UTF8STRING, host->name);
	return push_string(names, GEN_DNS, host->ascii, strlen(host->ascii)) &&
	       push_other(
		   names, OID_XMPP_ADDR, V_ASN1_UTF8STRING, host->name) &&
	       (!(host->services & PEM_FOR_CLIENTS) ||
		   push_service(names, "_xmpp-client", host->ascii)) &&
	       (!(host->services & PEM_FOR_SERVERS) ||
		   push_service(names, "_xmpp-server", host->ascii));
}

struct stack_st_GENERAL_NAME *
cert_hosts_names(const struct cert_hosts *hosts)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	size_t i;

	for (i = 0; names && i < hosts->count; i++) {
		if (!push_host(names, &hosts->items[i])) {
			GENERAL_NAMES_free(names);
			return NULL;
		}
	}
	return names;
}

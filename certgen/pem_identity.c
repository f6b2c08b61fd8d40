#include "certgen/pem_identity.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/hostname.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* Adds to a list that has room for another one. */
static void
names_add(
    struct arena *arena, struct pem_names *names, const void *bytes, size_t len)
{
	struct str *items = (struct str *)names->items;

	items[names->count++] = arena_str(arena, (struct str){ bytes, len });
}

static void
names_add_asn1(
    struct arena *arena, struct pem_names *names, const ASN1_STRING *text)
{
	names_add(arena, names, ASN1_STRING_get0_data(text),
	    (size_t)ASN1_STRING_length(text));
}

static bool
oid_is(const ASN1_OBJECT *object, const char *oid)
{
	char text[32];
	int len = OBJ_obj2txt(text, sizeof(text), object, 1);

	return len > 0 && len < (int)sizeof(text) && strcmp(text, oid) == 0;
}

static void
other_read(
    struct arena *arena, const OTHERNAME *other, struct pem_identity *out)
{
	const ASN1_TYPE *value = other->value;

	if (oid_is(other->type_id, OID_XMPP_ADDR)) {
		if (value->type == V_ASN1_UTF8STRING)
			names_add_asn1(
			    arena, &out->xmpp, value->value.utf8string);
	} else if (oid_is(other->type_id, OID_SRV_NAME)) {
		if (value->type == V_ASN1_IA5STRING)
			names_add_asn1(
			    arena, &out->srv, value->value.ia5string);
	}
}

static void
ip_read(
    struct arena *arena, const ASN1_OCTET_STRING *ip, struct pem_identity *out)
{
	const unsigned char *bytes = ASN1_STRING_get0_data(ip);
	char text[INET6_ADDRSTRLEN + 2] = "[";

	if (ASN1_STRING_length(ip) == 4) {
		if (!inet_ntop(AF_INET, bytes, text, sizeof(text)))
			return;
	} else if (ASN1_STRING_length(ip) == 16) {
		if (!inet_ntop(AF_INET6, bytes, text + 1, sizeof(text) - 2))
			return;
		strcat(text, "]");
	} else {
		return;
	}
	names_add(arena, &out->ip, text, strlen(text));
}

static void
common_name_read(
    struct arena *arena, const X509 *cert, struct pem_identity *out)
{
	const X509_NAME *subject = X509_get_subject_name(cert);
	unsigned char *text = NULL;
	int at = -1, last = -1, len;

	while ((at = X509_NAME_get_index_by_NID(
		    (X509_NAME *)subject, NID_commonName, at)) >= 0)
		last = at;
	if (last < 0)
		return;
	len = ASN1_STRING_to_UTF8(&text,
	    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last)));
	if (len > 0)
		out->common_name =
		    arena_str(arena, (struct str){ (char *)text, (size_t)len });
	OPENSSL_free(text);
}

static void
general_name_read(
    struct arena *arena, const GENERAL_NAME *name, struct pem_identity *out)
{
	switch (name->type) {
	case GEN_DNS: names_add_asn1(arena, &out->dns, name->d.dNSName); break;
	case GEN_OTHERNAME: other_read(arena, name->d.otherName, out); break;
	case GEN_IPADD: ip_read(arena, name->d.iPAddress, out); break;
	default: break;
	}
}

void
pem_identity_read(
    struct arena *arena, const struct x509_st *cert, struct pem_identity *out)
{
	GENERAL_NAMES *names;
	size_t count;
	int i;

	*out = (struct pem_identity){ 0 };
	common_name_read(arena, cert, out);
	names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	ERR_clear_error();
	if (!names)
		return;
	count = (size_t)sk_GENERAL_NAME_num(names);
	out->dns.items = arena_array(arena, count, sizeof(struct str));
	out->xmpp.items = arena_array(arena, count, sizeof(struct str));
	out->srv.items = arena_array(arena, count, sizeof(struct str));
	out->ip.items = arena_array(arena, count, sizeof(struct str));
	for (i = 0; i < (int)count; i++)
		general_name_read(arena, sk_GENERAL_NAME_value(names, i), out);
	GENERAL_NAMES_free(names);
}

bool
pem_identity_any(const struct pem_identity *identity)
{
	return identity->dns.count || identity->xmpp.count ||
	       identity->srv.count || identity->ip.count;
}

static bool
ascii_eq(struct str a, struct str b)
{
	return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

/* RFC 9525, section 6.3: a * stands for exactly the whole first label. */
static bool
dns_matches(struct str name, struct str host)
{
	const char *dot;

	if (name.len < 3 || name.ptr[0] != '*' || name.ptr[1] != '.')
		return ascii_eq(name, host);
	dot = memchr(host.ptr, '.', host.len);
	if (!dot || dot == host.ptr)
		return false;
	name.ptr++;
	name.len--;
	host.len -= (size_t)(dot - host.ptr);
	host.ptr = dot;
	return ascii_eq(name, host);
}

static bool
xmpp_matches(struct str name, const char *prepared)
{
	char other[HOSTNAME_MAX + 1];

	return hostname_prepare(name, other) && strcmp(other, prepared) == 0;
}

/* The service of "_xmpp-client.HOST", else 0. */
static unsigned
srv_matches(struct str name, struct str host)
{
	static const struct {
		const char *prefix;
		unsigned service;
	} kinds[] = {
		{ "_xmpp-client.", PEM_FOR_CLIENTS },
		{ "_xmpp-server.", PEM_FOR_SERVERS },
	};
	size_t i, len;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		len = strlen(kinds[i].prefix);
		if (name.len > len &&
		    strncasecmp(name.ptr, kinds[i].prefix, len) == 0 &&
		    ascii_eq(
			(struct str){ name.ptr + len, name.len - len }, host))
			return kinds[i].service;
	}
	return 0;
}

unsigned
pem_identity_covers(const struct pem_identity *identity, const char *host)
{
	char prepared[HOSTNAME_MAX + 1], ascii[HOSTNAME_MAX + 1];
	unsigned services = 0;
	size_t i;

	if (!hostname_prepare(str_of(host), prepared))
		return 0;
	for (i = 0; i < identity->xmpp.count; i++)
		if (xmpp_matches(identity->xmpp.items[i], prepared))
			return PEM_FOR_BOTH;
	for (i = 0; i < identity->ip.count; i++)
		if (str_is(identity->ip.items[i], prepared))
			return PEM_FOR_BOTH;
	if (!hostname_to_ascii(str_of(host), ascii))
		return 0;
	for (i = 0; i < identity->dns.count; i++)
		if (dns_matches(identity->dns.items[i], str_of(ascii)))
			return PEM_FOR_BOTH;
	for (i = 0; i < identity->srv.count; i++)
		services |= srv_matches(identity->srv.items[i], str_of(ascii));
	return services;
}

bool
pem_identity_common_name_matches(
    const struct pem_identity *identity, const char *host)
{
	char ascii[HOSTNAME_MAX + 1];

	return hostname_to_ascii(str_of(host), ascii) &&
	       dns_matches(identity->common_name, str_of(ascii));
}

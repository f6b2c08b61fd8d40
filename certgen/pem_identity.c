#include "certgen/pem_identity.h"

#include "cfgparse/base/arena.h"
#include "cfgparse/hostname.h"

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <stdlib.h>
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
		else
			out->xmpp_mistyped++;
	} else if (oid_is(other->type_id, OID_SRV_NAME)) {
		if (value->type == V_ASN1_IA5STRING)
			names_add_asn1(
			    arena, &out->srv, value->value.ia5string);
		else
			out->srv_mistyped++;
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

/* --- lookup --- */

/* What a name is looked up as. */
enum key_kind_of_name {
	KEY_DNS,
	KEY_WILDCARD, /* of "*.example.org": example.org */
	KEY_PARENT,   /* of "xmpp.example.org": example.org */
	KEY_XMPP,
	KEY_SRV_CLIENT,
	KEY_SRV_SERVER,
	KEY_IP,
};

struct name_key {
	enum key_kind_of_name kind;
	struct str text; /* in the form that is compared */
	const struct str *name;
};

static int
key_compare(const void *a, const void *b)
{
	const struct name_key *left = a, *right = b;
	size_t len =
	    left->text.len < right->text.len ? left->text.len : right->text.len;
	int order = len ? memcmp(left->text.ptr, right->text.ptr, len) : 0;

	if (order != 0)
		return order;
	if (left->text.len != right->text.len)
		return left->text.len < right->text.len ? -1 : 1;
	return (left->kind > right->kind) - (left->kind < right->kind);
}

static const struct name_key *
key_find(const struct pem_identity *identity, enum key_kind_of_name kind,
    struct str text)
{
	struct name_key wanted = { .kind = kind, .text = text };

	if (identity->key_count == 0)
		return NULL;
	return bsearch(&wanted, identity->keys, identity->key_count,
	    sizeof(wanted), key_compare);
}

static void
key_add(struct pem_identity *out, enum key_kind_of_name kind, struct str text,
    const struct str *name)
{
	out->keys[out->key_count++] = (struct name_key){ kind, text, name };
}

/* Goes from a.b.c to b.c; false where nothing would be left on a side. */
static bool
name_parent(struct str *name)
{
	const char *dot = name->len ? memchr(name->ptr, '.', name->len) : NULL;
	size_t taken;

	if (!dot || dot == name->ptr)
		return false;
	taken = (size_t)(dot - name->ptr) + 1;
	name->ptr += taken;
	name->len -= taken;
	return name->len > 0;
}

static struct str
lower_ascii(struct arena *arena, struct str text)
{
	char *copy = arena_memdup(arena, text.ptr, text.len);
	size_t i;

	for (i = 0; i < text.len; i++)
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] += 'a' - 'A';
	return (struct str){ copy, text.len };
}

/* RFC 9525, section 6.3: a * stands for exactly the whole first label. */
static void
key_add_dns(
    struct arena *arena, struct pem_identity *out, const struct str *name)
{
	struct str text = lower_ascii(arena, *name);
	bool wildcard =
	    text.len > 2 && text.ptr[0] == '*' && text.ptr[1] == '.';

	if (!wildcard)
		key_add(out, KEY_DNS, text, name);
	if (name_parent(&text))
		key_add(out, wildcard ? KEY_WILDCARD : KEY_PARENT, text, name);
}

static void
key_add_srv(
    struct arena *arena, struct pem_identity *out, const struct str *name)
{
	static const char client[] = "_xmpp-client.",
			  server[] = "_xmpp-server.";
	size_t len = sizeof(client) - 1;
	struct str text = lower_ascii(arena, *name);
	enum key_kind_of_name kind;

	if (text.len <= len)
		return;
	if (memcmp(text.ptr, client, len) == 0)
		kind = KEY_SRV_CLIENT;
	else if (memcmp(text.ptr, server, len) == 0)
		kind = KEY_SRV_SERVER;
	else
		return;
	text.ptr += len;
	text.len -= len;
	key_add(out, kind, text, name);
}

static void
key_add_xmpp(
    struct arena *arena, struct pem_identity *out, const struct str *name)
{
	char prepared[HOSTNAME_MAX + 1];

	if (hostname_prepare(*name, prepared))
		key_add(
		    out, KEY_XMPP, arena_str(arena, str_of(prepared)), name);
}

void
pem_identity_index(struct arena *arena, struct pem_identity *out)
{
	size_t i;

	out->keys = arena_array(arena,
	    2 * out->dns.count + out->xmpp.count + out->srv.count +
		out->ip.count,
	    sizeof(*out->keys));
	for (i = 0; i < out->dns.count; i++)
		key_add_dns(arena, out, &out->dns.items[i]);
	for (i = 0; i < out->xmpp.count; i++)
		key_add_xmpp(arena, out, &out->xmpp.items[i]);
	for (i = 0; i < out->srv.count; i++)
		key_add_srv(arena, out, &out->srv.items[i]);
	for (i = 0; i < out->ip.count; i++)
		key_add(out, KEY_IP, out->ip.items[i], &out->ip.items[i]);
	if (out->key_count > 1)
		qsort(
		    out->keys, out->key_count, sizeof(*out->keys), key_compare);
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
	pem_identity_index(arena, out);
}

bool
pem_identity_any(const struct pem_identity *identity)
{
	return identity->dns.count || identity->xmpp.count ||
	       identity->srv.count || identity->ip.count;
}

unsigned
pem_identity_covers(const struct pem_identity *identity, const char *host)
{
	char prepared[HOSTNAME_MAX + 1], ascii[HOSTNAME_MAX + 1];
	struct str name;

	if (!hostname_prepare(str_of(host), prepared))
		return 0;
	if (key_find(identity, KEY_XMPP, str_of(prepared)) ||
	    key_find(identity, KEY_IP, str_of(prepared)))
		return PEM_FOR_BOTH;
	if (!hostname_to_ascii(str_of(host), ascii))
		return 0;
	name = str_of(ascii);
	if (key_find(identity, KEY_DNS, name) ||
	    (name_parent(&name) && key_find(identity, KEY_WILDCARD, name)))
		return PEM_FOR_BOTH;
	name = str_of(ascii);
	return (key_find(identity, KEY_SRV_CLIENT, name) ? PEM_FOR_CLIENTS
							 : 0) |
	       (key_find(identity, KEY_SRV_SERVER, name) ? PEM_FOR_SERVERS : 0);
}

const struct str *
pem_identity_below(const struct pem_identity *identity, const char *host)
{
	char ascii[HOSTNAME_MAX + 1];
	const struct name_key *key;

	if (!hostname_to_ascii(str_of(host), ascii))
		return NULL;
	key = key_find(identity, KEY_WILDCARD, str_of(ascii));
	if (!key)
		key = key_find(identity, KEY_PARENT, str_of(ascii));
	return key ? key->name : NULL;
}

static bool
ascii_eq(struct str a, struct str b)
{
	return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
}

static bool
dns_matches(struct str name, struct str host)
{
	if (name.len < 3 || name.ptr[0] != '*' || name.ptr[1] != '.')
		return ascii_eq(name, host);
	name.ptr += 2;
	name.len -= 2;
	return name_parent(&host) && ascii_eq(name, host);
}

bool
pem_identity_common_name_matches(
    const struct pem_identity *identity, const char *host)
{
	char ascii[HOSTNAME_MAX + 1];

	return hostname_to_ascii(str_of(host), ascii) &&
	       dns_matches(identity->common_name, str_of(ascii));
}

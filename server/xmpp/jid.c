/*
 * Addresses as values. Knows how the three parts are put together (RFC 7622
 * section 3.1); what each part may hold is prepare.c's and hostname.h's.
 */
#include "server/xmpp/jid.h"

#include "cfgparse/hostname.h"

_Static_assert((int)HOSTNAME_MAX == (int)JID_PART_MAX, "a domain is a part");

/* An address being put together. */
struct draft {
	char text[JID_MAX + 1];
	size_t len;
	struct jid jid;
};

static bool
put_local(struct draft *draft, struct str local)
{
	size_t len;

	if (!prepare_local(local, draft->text, &len))
		return false;
	draft->jid.local_len = (uint16_t)len;
	draft->text[len] = '@';
	draft->len = len + 1;
	return true;
}

static bool
put_domain(struct draft *draft, struct str domain)
{
	char *out = draft->text + draft->len;
	size_t len;

	if (domain.len == 0 || domain.len > JID_PART_MAX ||
	    !hostname_prepare(domain, out))
		return false;
	len = strlen(out);
	draft->len += len;
	draft->jid.domain_len = (uint16_t)len;
	return true;
}

static bool
put_resource(struct draft *draft, struct str resource)
{
	size_t len;

	draft->text[draft->len++] = '/';
	if (!prepare_resource(resource, draft->text + draft->len, &len))
		return false;
	draft->len += len;
	draft->jid.resource_len = (uint16_t)len;
	return true;
}

/* A part whose ptr is NULL isn't there; an empty one is an error. */
static bool
make(struct arena *arena, struct str local, struct str domain,
    struct str resource, struct jid *jid)
{
	struct draft draft;

	*jid = (struct jid){ 0 };
	draft.len = 0;
	draft.jid = *jid;
	if (local.ptr && !put_local(&draft, local))
		return false;
	if (!put_domain(&draft, domain))
		return false;
	if (resource.ptr && !put_resource(&draft, resource))
		return false;
	draft.jid.text = arena_memdup(arena, draft.text, draft.len);
	*jid = draft.jid;
	return true;
}

bool
jid_parse(struct arena *arena, struct str text, struct jid *jid)
{
	struct str local = { 0 }, domain = text, resource = { 0 };
	const char *mark;

	*jid = (struct jid){ 0 };
	if (text.len == 0 || text.len > JID_MAX)
		return false;
	mark = memchr(text.ptr, '/', text.len);
	if (mark) {
		domain.len = (size_t)(mark - text.ptr);
		resource.ptr = mark + 1;
		resource.len = text.len - domain.len - 1;
	}
	mark = memchr(domain.ptr, '@', domain.len);
	if (mark) {
		local.ptr = domain.ptr;
		local.len = (size_t)(mark - domain.ptr);
		domain.ptr = mark + 1;
		domain.len -= local.len + 1;
	}
	return make(arena, local, domain, resource, jid);
}

bool
jid_make(struct arena *arena, struct str local, struct str domain,
    struct str resource, struct jid *jid)
{
	const struct str none = { 0 };

	return make(arena, local.len ? local : none, domain,
	    resource.len ? resource : none, jid);
}

struct jid
jid_copy(struct arena *arena, struct jid jid)
{
	struct str full = jid_full(jid);

	if (jid_is_set(jid))
		jid.text = arena_memdup(arena, full.ptr, full.len);
	return jid;
}

struct jid
jid_to_bare(struct jid jid)
{
	jid.resource_len = 0;
	return jid;
}

static size_t
domain_at(struct jid jid)
{
	return jid.local_len ? jid.local_len + 1u : 0;
}

struct str
jid_local(struct jid jid)
{
	return jid.local_len ? (struct str){ jid.text, jid.local_len }
			     : STR("");
}

struct str
jid_domain(struct jid jid)
{
	if (!jid_is_set(jid))
		return STR("");
	return (struct str){ jid.text + domain_at(jid), jid.domain_len };
}

struct str
jid_resource(struct jid jid)
{
	if (!jid.resource_len)
		return STR("");
	return (
	    struct str){ jid.text + jid_bare(jid).len + 1, jid.resource_len };
}

struct str
jid_bare(struct jid jid)
{
	if (!jid_is_set(jid))
		return STR("");
	return (struct str){ jid.text, domain_at(jid) + jid.domain_len };
}

struct str
jid_full(struct jid jid)
{
	struct str full = jid_bare(jid);

	if (jid.resource_len)
		full.len += 1u + jid.resource_len;
	return full;
}

bool
jid_eq(struct jid a, struct jid b)
{
	return jid_bare_eq(a, b) && a.resource_len == b.resource_len &&
	       str_eq(jid_full(a), jid_full(b));
}

bool
jid_bare_eq(struct jid a, struct jid b)
{
	return a.local_len == b.local_len && str_eq(jid_bare(a), jid_bare(b));
}

#include "cfgparse/catalogue_private.h"
/*
 * The kinds of YAML's values that are one text: addresses, names, patterns.
 * Where a check is looser than ejabberd's, it errs on the side of silence.
 */
#include <arpa/inet.h>
#include <string.h>

#include "cfgparse/address.h"

static bool
has(struct str text, char c)
{
	return text.len && memchr(text.ptr, c, text.len);
}

static bool
has_any(struct str text, const char *characters)
{
	for (; *characters; characters++) {
		if (has(text, *characters))
			return true;
	}
	return false;
}

/* @HOST@ and the like stand for what isn't known yet. */
static bool
has_keyword(struct str text)
{
	const char *first = text.len ? memchr(text.ptr, '@', text.len) : NULL;

	if (!first)
		return false;
	size_t left = text.len - (size_t)(first + 1 - text.ptr);
	const char *second = memchr(first + 1, '@', left);
	if (!second || second == first + 1)
		return false;
	for (const char *p = first + 1; p < second; p++) {
		if (!(*p >= 'A' && *p <= 'Z') && *p != '_' &&
		    !(*p >= '0' && *p <= '9'))
			return false;
	}
	return true;
}

static bool
is_domain(struct str text)
{
	return text.len > 0 && (has_keyword(text) || !has_any(text, "@/ \t"));
}

static bool
is_jid(struct str text)
{
	struct str bare = text;
	const char *slash = text.len ? memchr(text.ptr, '/', text.len) : NULL;

	if (has_keyword(text))
		return true;
	if (slash)
		bare.len = (size_t)(slash - text.ptr);
	const char *at = bare.len ? memchr(bare.ptr, '@', bare.len) : NULL;
	if (!at)
		return is_domain(bare);
	size_t user = (size_t)(at - bare.ptr);
	return user > 0 &&
	       is_domain((struct str){ at + 1, bare.len - user - 1 }) &&
	       !has_any((struct str){ bare.ptr, user }, " \"&':<>");
}

/* A copy with a NUL behind it; false where it doesn't fit. */
static bool
terminated(struct str text, char *out, size_t size)
{
	if (text.len >= size || has(text, '\0'))
		return false;
	memcpy(out, text.ptr, text.len);
	out[text.len] = '\0';
	return true;
}

static bool
is_ip(struct str text, bool v4, bool v6)
{
	char name[INET6_ADDRSTRLEN + 16];
	struct in6_addr address;
	struct in_addr old;

	if (!terminated(text, name, sizeof name))
		return false;
	if (v6 && strchr(name, '%'))
		*strchr(name, '%') = '\0';
	/* Erlang reads 127.1 too. */
	return (v4 && inet_aton(name, &old) && !has_any(text, " \t")) ||
	       (v6 && inet_pton(AF_INET6, name, &address) == 1);
}

static bool
is_mask(struct str text)
{
	struct network network;

	return network_parse(text, &network);
}

static bool
is_port(struct str text)
{
	unsigned port = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' || port > 65535)
			return false;
		port = port * 10 + (unsigned)(text.ptr[i] - '0');
	}
	return text.len == 0 || (port > 0 && port <= 65535);
}

static bool
has_scheme(const char *schemes, struct str scheme)
{
	struct word word;

	while (catalogue_word(&schemes, &word)) {
		if (str_eq(word.text, scheme))
			return true;
	}
	return false;
}

static bool
is_url(const struct type *type, struct str text)
{
	size_t i = 0;

	if (has_any(text, " \t\""))
		return false;
	while (i < text.len && text.ptr[i] != ':')
		i++;
	if (!has_scheme(type->values, (struct str){ text.ptr, i }))
		return has_keyword(text) && text.ptr[0] == '@';
	if (text.len < i + 4 || memcmp(text.ptr + i, "://", 3) != 0)
		return false;
	struct str host = { text.ptr + i + 3, text.len - i - 3 };
	for (i = 0; i < host.len && !strchr("/?#", host.ptr[i]); i++)
		;
	host.len = i;
	if (has_keyword(host))
		return true;
	const char *user = host.len ? memchr(host.ptr, '@', host.len) : NULL;
	if (user) {
		host.len -= (size_t)(user + 1 - host.ptr);
		host.ptr = user + 1;
	}
	/* The port stands behind the last colon outside of brackets. */
	for (i = host.len;
	     i > 0 && host.ptr[i - 1] != ':' && host.ptr[i - 1] != ']';)
		i--;
	if (i == 0 || host.ptr[i - 1] == ']')
		return host.len > 0;
	return i > 1 && is_port((struct str){ host.ptr + i, host.len - i });
}

/* Behind a [ at i: behind the class, or 0 where it doesn't end. */
static size_t
skip_class(struct str text, size_t i)
{
	i++;
	if (i < text.len && (text.ptr[i] == '^' || text.ptr[i] == '!'))
		i++;
	if (i < text.len && text.ptr[i] == ']')
		i++;
	for (; i < text.len; i++) {
		if (text.ptr[i] == '\\')
			i++;
		else if (text.ptr[i] == '[' && i + 1 < text.len &&
			 text.ptr[i + 1] == ':') {
			while (i + 1 < text.len &&
			       !(text.ptr[i] == ':' && text.ptr[i + 1] == ']'))
				i++;
			i++;
		} else if (text.ptr[i] == ']')
			return i + 1;
	}
	return 0;
}

/* What every reader of regular expressions stumbles over. */
static bool
is_regexp(struct str text)
{
	size_t open = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '\\') {
			if (++i == text.len)
				return false;
		} else if (c == '[') {
			i = skip_class(text, i);
			if (!i--)
				return false;
		} else if (c == '(') {
			open++;
		} else if (c == ')' && open-- == 0) {
			return false;
		} else if (i == 0 && (c == '*' || c == '+' || c == '?')) {
			return false;
		}
	}
	return open == 0;
}

static bool
is_glob(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '[')
			continue;
		i = skip_class(text, i);
		if (!i--)
			return false;
	}
	return true;
}

/* Parentheses around it and in pairs. */
static bool
is_ldap_filter(struct str text)
{
	size_t open = 0;

	if (text.len < 3 || text.ptr[0] != '(')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '(')
			open++;
		else if (text.ptr[i] == ')' && open-- == 0)
			return false;
	}
	return open == 0;
}

/* "en", "pt-br": letters, then groups of letters and digits. */
static bool
is_language(struct str text)
{
	size_t run = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = (char)(text.ptr[i] | 0x20);
		if (text.ptr[i] == '-' || text.ptr[i] == '_') {
			if (run == 0)
				return false;
			run = 0;
		} else if ((c >= 'a' && c <= 'z') ||
			   (text.ptr[i] >= '0' && text.ptr[i] <= '9')) {
			if (++run > 8)
				return false;
		} else {
			return false;
		}
	}
	return text.len == 0 || run > 0;
}

static bool
is_octal(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '7')
			return false;
	}
	return text.len > 0;
}

static bool
is_base64(struct str text)
{
	size_t signs = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = (char)(text.ptr[i] | 0x20);
		if ((c >= 'a' && c <= 'z') ||
		    (text.ptr[i] >= '0' && text.ptr[i] <= '9') ||
		    strchr("+/=", text.ptr[i]))
			signs++;
		else if (!strchr(" \t\r\n", text.ptr[i]))
			return false;
	}
	return signs % 4 == 0;
}

bool
catalogue_text_fits(
    const struct type *type, const struct target *target, struct str text)
{
	(void)target;
	switch (type->kind) {
	case TYPE_STRING:
	case TYPE_ATOM:
	case TYPE_SECRET:
	case TYPE_ACL:
	case TYPE_SHAPER: return true;
	case TYPE_PATH:
	case TYPE_CERTFILE:
	case TYPE_MODULE: return text.len > 0;
	case TYPE_HOST: return is_domain(text);
	case TYPE_JID: return is_jid(text);
	case TYPE_IP: return is_ip(text, true, true);
	case TYPE_IPV4: return is_ip(text, true, false);
	case TYPE_IPV6: return is_ip(text, false, true);
	case TYPE_IP_MASK: return is_mask(text);
	case TYPE_URL: return is_url(type, text);
	case TYPE_REGEXP: return is_regexp(text);
	case TYPE_GLOB: return is_glob(text);
	case TYPE_LDAP_FILTER: return is_ldap_filter(text);
	case TYPE_LANGUAGE: return is_language(text);
	case TYPE_OCTAL: return is_octal(text);
	case TYPE_BASE64: return is_base64(text);
	case TYPE_UNIX_SOCKET:
		return text.len > 5 && memcmp(text.ptr, "unix:", 5) == 0;
	default: return false;
	}
}

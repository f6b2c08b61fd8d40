/* What --connect, --starttls, --tls and --timeout mean together. */
#include "certgen/live_check.h"

#include "cfgparse/hostname.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MAX = 600 };

/* Registered with IANA but for the last, which XEP-0368's records name. */
enum {
	PORT_C2S = 5222,
	PORT_S2S = 5269,
	PORT_C2S_TLS = 5223,
	PORT_S2S_TLS = 5270
};

static bool
number_parse(const char *text, unsigned long most, unsigned long *out)
{
	char *end;

	*out = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && *out > 0 &&
	       *out <= most;
}

bool
live_place_read(const char *text, struct live_target *out)
{
	char prepared[HOSTNAME_MAX + 1];
	const char *begin = *text == '[' ? text + 1 : text, *rest;
	size_t len = strcspn(begin, *text == '[' ? "]" : ":");
	unsigned long port = 0;

	if (len == 0 || len >= sizeof(out->host))
		return false;
	memcpy(out->host, begin, len);
	out->host[len] = '\0';
	snprintf(out->domain, sizeof(out->domain), *text == '[' ? "[%s]" : "%s",
	    out->host);
	rest = begin + len;
	if (*text == '[' && *rest++ != ']')
		return false;
	if (*rest &&
	    (*rest != ':' || !number_parse(rest + 1, UINT16_MAX, &port)))
		return false;
	out->port = (uint16_t)port;
	return hostname_prepare(str_of(out->domain), prepared);
}

static bool
kind_parse(const char *text, enum opening_kind *out)
{
	*out = strcmp(text, "s2s") == 0 ? OPENING_SERVER : OPENING_CLIENT;
	return *out == OPENING_SERVER || strcmp(text, "c2s") == 0;
}

/* Where nothing is said: the port tells. */
static void
guess_kind(struct live_target *target)
{
	target->starttls = target->port == 0 || target->port == PORT_C2S ||
			   target->port == PORT_S2S;
	target->kind = target->port == PORT_S2S || target->port == PORT_S2S_TLS
			   ? OPENING_SERVER
			   : OPENING_CLIENT;
}

static uint16_t
port_of(const struct live_target *target)
{
	if (target->starttls)
		return target->kind == OPENING_CLIENT ? PORT_C2S : PORT_S2S;
	return target->kind == OPENING_CLIENT ? PORT_C2S_TLS : PORT_S2S_TLS;
}

bool
live_target_read(
    const struct live_wanted *wanted, struct live_target *out, const char **why)
{
	const char *kind = wanted->starttls ? wanted->starttls : wanted->tls;
	unsigned long timeout = LIVE_TIMEOUT_DEFAULT;

	*out = (struct live_target){ .starttls = wanted->starttls != NULL };
	if (!live_place_read(wanted->connect, out))
		*why = "--connect takes HOST or HOST:PORT, an IPv6 address in "
		       "brackets";
	else if (wanted->starttls && wanted->tls)
		*why = "--starttls begins in clear text and --tls doesn't: "
		       "which?";
	else if (kind && !kind_parse(kind, &out->kind))
		*why = "--starttls and --tls take c2s or s2s";
	else if (wanted->timeout &&
		 !number_parse(wanted->timeout, TIMEOUT_MAX, &timeout))
		*why = "--timeout takes 1 to 600 seconds";
	else
		*why = NULL;
	if (*why)
		return false;
	if (!kind)
		guess_kind(out);
	if (out->port == 0)
		out->port = port_of(out);
	out->timeout = (unsigned)timeout;
	return true;
}

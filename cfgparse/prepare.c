/*
 * Preparing the parts of an address and what SASL carries: nodeprep and
 * resourceprep (RFC 6122 appendices A and B), SASLprep (RFC 4013).
 *
 * Code points that Unicode 3.2 didn't know are let through, as the servers
 * that clients grew up with do: emoji in resources and passwords are common.
 * libidn has no idea how those fold, so what comes out must come out the same
 * a second time, or it is refused.
 */
#include "cfgparse/prepare.h"

#include <stringprep.h>

#include "cfgparse/base/utf8.h"

/* Which bytes stand as they are. */
enum { PLAIN_LOCAL = 1, PLAIN_TEXT = 2 };
enum { PLAIN_BOTH = PLAIN_LOCAL | PLAIN_TEXT };

static const unsigned char plain[256] = {
	[' '] = PLAIN_TEXT,
	['!'] = PLAIN_BOTH,
	['"'] = PLAIN_TEXT,
	['#' ... '%'] = PLAIN_BOTH,
	['&' ... '\''] = PLAIN_TEXT,
	['(' ... '.'] = PLAIN_BOTH,
	['/'] = PLAIN_TEXT,
	['0' ... '9'] = PLAIN_BOTH,
	[':'] = PLAIN_TEXT,
	[';'] = PLAIN_BOTH,
	['<'] = PLAIN_TEXT,
	['='] = PLAIN_BOTH,
	['>'] = PLAIN_TEXT,
	['?'] = PLAIN_BOTH,
	['@' ... 'Z'] = PLAIN_TEXT,
	['[' ... '~'] = PLAIN_BOTH,
};

/* Copies in where all of it is plain. */
static bool
copy_plain(struct str in, unsigned which, char *out, size_t *len)
{
	for (size_t i = 0; i < in.len; i++) {
		if (!(plain[(unsigned char)in.ptr[i]] & which))
			return false;
	}
	memcpy(out, in.ptr, in.len);
	out[in.len] = '\0';
	*len = in.len;
	return true;
}

/* in place; text has room for PREPARE_MAX + 1 */
static bool
run_profile(char *text, const Stringprep_profile *profile)
{
	return stringprep(text, PREPARE_MAX + 1, 0, profile) == STRINGPREP_OK &&
	       text[0] != '\0';
}

static bool
run_library(
    struct str in, const Stringprep_profile *profile, char *out, size_t *len)
{
	char again[PREPARE_MAX + 1];

	/* libidn reads past ill-formed UTF-8 (CVE-2015-2059). */
	if (memchr(in.ptr, '\0', in.len) || !utf8_valid(in.ptr, in.len))
		return false;
	memcpy(out, in.ptr, in.len);
	out[in.len] = '\0';
	if (!run_profile(out, profile))
		return false;
	*len = strlen(out);
	memcpy(again, out, *len + 1);
	return run_profile(again, profile) && strcmp(again, out) == 0;
}

static bool
fits(struct str in)
{
	return in.len > 0 && in.len <= PREPARE_MAX;
}

bool
prepare_local(struct str in, char *out, size_t *len)
{
	if (!fits(in))
		return false;
	if (copy_plain(in, PLAIN_LOCAL, out, len))
		return true;
	return run_library(in, stringprep_xmpp_nodeprep, out, len) &&
	       !strpbrk(out, "\"&'/:<>@ ");
}

bool
prepare_resource(struct str in, char *out, size_t *len)
{
	if (!fits(in))
		return false;
	return copy_plain(in, PLAIN_TEXT, out, len) ||
	       run_library(in, stringprep_xmpp_resourceprep, out, len);
}

bool
prepare_sasl(struct str in, char *out, size_t *len)
{
	if (!fits(in))
		return false;
	return copy_plain(in, PLAIN_TEXT, out, len) ||
	       run_library(in, stringprep_saslprep, out, len);
}

#include "cfgparse/hostname.h"
/*
 * Names of ASCII letters are handled here; everything else goes through
 * libidn2 (IDNA2008 with the non-transitional mapping of UTS 46). RFC 5890,
 * RFC 7622 section 3.2. Underscores pass, because names that have them are
 * in use.
 */
#include <arpa/inet.h>
#include <idn2.h>
#include <string.h>

#include "cfgparse/base/utf8.h"

enum { LABEL_MAX = 63, ASCII_MAX = 253 };

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Lower-cases and checks a name of ASCII letters. */
static bool
ascii_prepare(struct str name, char *out)
{
	size_t start = 0;

	if (name.len == 0 || name.len > ASCII_MAX)
		return false;
	for (size_t i = 0; i <= name.len; i++) {
		char c = i < name.len ? lower(name.ptr[i]) : '.';

		out[i] = c;
		if (c == '.') {
			if (i == start || i - start > LABEL_MAX ||
			    out[i - 1] == '-')
				return false;
			start = i + 1;
		} else if (!is_letter(c) && (c != '-' || i == start)) {
			return false;
		}
	}
	out[name.len] = '\0';
	return true;
}

static struct str
without_final_dot(struct str name)
{
	if (name.len > 1 && name.ptr[name.len - 1] == '.')
		name.len--;
	return name;
}

/* True where libidn2 has to look: a byte over 127, or an A-label. */
static bool
is_international(struct str name)
{
	if (!str_is_ascii(name))
		return true;
	for (size_t i = 0; i + 4 <= name.len; i++) {
		const char *dot;

		if (lower(name.ptr[i]) == 'x' &&
		    lower(name.ptr[i + 1]) == 'n' && name.ptr[i + 2] == '-' &&
		    name.ptr[i + 3] == '-')
			return true;
		dot = memchr(name.ptr + i, '.', name.len - i);
		if (!dot)
			break;
		i = (size_t)(dot - name.ptr);
	}
	return false;
}

/* The A-labels of a name that is_international. */
static bool
idn_to_ascii(struct str name, char *out)
{
	char text[HOSTNAME_MAX + 1];
	char *ascii = NULL;

	if (name.len > HOSTNAME_MAX || memchr(name.ptr, '\0', name.len) ||
	    !utf8_valid(name.ptr, name.len))
		return false;
	memcpy(text, name.ptr, name.len);
	text[name.len] = '\0';
	int error = idn2_to_ascii_8z(
	    text, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (error != IDN2_OK)
		return false;
	/* A full-width dot may have become a final one. */
	bool ok = ascii_prepare(without_final_dot(str_of(ascii)), out);
	idn2_free(ascii);
	return ok;
}

/* The U-labels of a name's A-labels. */
static bool
idn_to_unicode(const char *ascii, char *out)
{
	char *text = NULL;
	size_t len;
	bool fits;

	if (idn2_to_unicode_8z8z(ascii, &text, 0) != IDN2_OK)
		return false;
	len = strlen(text);
	fits = len <= HOSTNAME_MAX;
	if (fits)
		memcpy(out, text, len + 1);
	idn2_free(text);
	return fits;
}

/* libidn2 decodes A-labels that no name encodes to ("xn--HtH"). Such a name
 * would compare differently once prepared again: it is none. */
static bool
idn_prepare(struct str name, char *out)
{
	char ascii[HOSTNAME_MAX + 1], again[HOSTNAME_MAX + 1];

	if (!idn_to_ascii(name, ascii) || !idn_to_unicode(ascii, out))
		return false;
	if (!is_international(str_of(out)))
		return ascii_prepare(str_of(out), again) &&
		       strcmp(again, out) == 0;
	return idn_to_ascii(str_of(out), again) && strcmp(again, ascii) == 0;
}

/* "[2001:db8::1]" in the one form that inet_ntop writes. */
static bool
literal_prepare(struct str name, char *out)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (name.len < 4 || name.len - 2 >= sizeof text ||
	    name.ptr[name.len - 1] != ']')
		return false;
	memcpy(text, name.ptr + 1, name.len - 2);
	text[name.len - 2] = '\0';
	if (inet_pton(AF_INET6, text, &address) != 1)
		return false;
	inet_ntop(AF_INET6, &address, text, sizeof text);
	size_t len = strlen(text);
	out[0] = '[';
	memcpy(out + 1, text, len);
	memcpy(out + 1 + len, "]", 2);
	return true;
}

bool
hostname_prepare(struct str name, char out[HOSTNAME_MAX + 1])
{
	if (name.len && name.ptr[0] == '[')
		return literal_prepare(name, out);
	name = without_final_dot(name);
	if (is_international(name))
		return idn_prepare(name, out);
	return ascii_prepare(name, out);
}

bool
hostname_to_ascii(struct str name, char out[HOSTNAME_MAX + 1])
{
	struct in_addr address;

	name = without_final_dot(name);
	if (is_international(name))
		return idn_to_ascii(name, out);
	return ascii_prepare(name, out) &&
	       inet_pton(AF_INET, out, &address) != 1;
}

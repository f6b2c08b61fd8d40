/*
 * PLAIN (RFC 4616): [authzid] NUL authcid NUL password, all UTF-8. The
 * password is checked later, on a helper thread.
 */
#include "server/auth/sasl_private.h"

#include <string.h>

#include "cfgparse/base/utf8.h"

enum { PLAIN_PART_MAX = 1023 };

/* Cuts the message at its two NULs; a third makes it malformed. */
static bool
split(struct str message, struct str parts[3])
{
	for (int i = 0; i < 2; i++) {
		const char *nul =
		    message.len ? memchr(message.ptr, 0, message.len) : NULL;

		if (!nul)
			return false;
		parts[i].ptr = message.ptr;
		parts[i].len = (size_t)(nul - message.ptr);
		message.ptr = nul + 1;
		message.len -= parts[i].len + 1;
	}
	parts[2] = message;
	return message.len == 0 || !memchr(message.ptr, 0, message.len);
}

static const char *
check_parts(const struct str parts[3])
{
	if (parts[1].len == 0)
		return "the user name is empty";
	if (parts[2].len == 0)
		return "the password is empty";
	for (int i = 0; i < 3; i++) {
		if (parts[i].len > PLAIN_PART_MAX)
			return "a part is longer than 1023 bytes";
		if (!utf8_valid(parts[i].ptr, parts[i].len))
			return "a part is not UTF-8";
	}
	return NULL;
}

enum sasl_verdict
plain_first(struct sasl *sasl, struct str message)
{
	struct str parts[3];
	const char *wrong;

	if (!split(message, parts))
		return sasl_fail(sasl, SASL_MALFORMED_REQUEST,
		    "PLAIN needs exactly two NULs");
	wrong = check_parts(parts);
	if (wrong)
		return sasl_fail(sasl, SASL_MALFORMED_REQUEST, "%s", wrong);
	if (!sasl_name_user(sasl, parts[1], parts[0]))
		return SASL_FAILED;
	buf_add(&sasl->password, parts[2]);
	sasl->step = STEP_KEYS;
	return SASL_WANT_KEYS;
}

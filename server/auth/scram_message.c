#include "server/auth/scram_message.h"

#include <string.h>

#include "cfgparse/base/utf8.h"

static const char mandatory_extension[] =
    "the client demands an extension (m=) that doesn't exist";

/* Takes the next attribute, "x=value" up to a comma or the end; *rest is
 * what follows the comma. An attribute's value is never empty. */
static bool
take_attribute(struct str *rest, char *name, struct str *value)
{
	const char *end = memchr(rest->ptr, ',', rest->len);
	size_t len = end ? (size_t)(end - rest->ptr) : rest->len;
	char c = rest->len ? rest->ptr[0] : '\0';

	if (len < 3 || rest->ptr[1] != '=')
		return false;
	if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
		return false;
	/* A comma promises another attribute. */
	if (end && len + 1 == rest->len)
		return false;
	*name = c;
	*value = (struct str){ rest->ptr + 2, len - 2 };
	rest->ptr += len + (end ? 1 : 0);
	rest->len -= len + (end ? 1 : 0);
	return true;
}

/* saslname: "=2C" is a comma, "=3D" an equals sign, no other escape. */
static bool
decode_name(struct arena *arena, struct str coded, struct str *name)
{
	char *out = arena_alloc(arena, coded.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < coded.len; i++) {
		if (coded.ptr[i] != '=') {
			out[len++] = coded.ptr[i];
			continue;
		}
		if (coded.len - i < 3)
			return false;
		if (memcmp(coded.ptr + i, "=2C", 3) == 0)
			out[len++] = ',';
		else if (memcmp(coded.ptr + i, "=3D", 3) == 0)
			out[len++] = '=';
		else
			return false;
		i += 2;
	}
	*name = (struct str){ out, len };
	return len > 0;
}

static bool
is_printable(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < 0x21 || s.ptr[i] > 0x7E || s.ptr[i] == ',')
			return false;
	return s.len > 0;
}

static bool
is_cb_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '.' || c == '-'))
			return false;
	}
	return s.len > 0;
}

/* What both messages have to be before anything else is looked at. */
static const char *
check_text(struct str message)
{
	if (message.len > SCRAM_MESSAGE_MAX)
		return "the message is longer than 4 KB";
	if (message.len == 0)
		return "the message is empty";
	if (memchr(message.ptr, '\0', message.len) ||
	    !utf8_valid(message.ptr, message.len))
		return "the message is not UTF-8 text";
	return NULL;
}

/* Unknown optional extensions are skipped; those of SCRAM's own letters in
 * the wrong place are not. */
static const char *
skip_extension(char name)
{
	if (name == 'm')
		return mandatory_extension;
	if (strchr("anrcsipve", name))
		return "an attribute stands in the wrong place";
	return NULL;
}

/* The GS2 header: how to bind and as whom to act. */
static const char *
read_gs2(struct arena *arena, struct str message, struct scram_first *first)
{
	const char *flag_end = memchr(message.ptr, ',', message.len), *end;
	struct str flag, authzid;
	size_t left;

	if (!flag_end)
		return "the GS2 header is cut short";
	flag = (struct str){ message.ptr, (size_t)(flag_end - message.ptr) };
	left = message.len - flag.len - 1;
	end = left ? memchr(flag_end + 1, ',', left) : NULL;
	if (!end)
		return "the GS2 header is cut short";
	first->binding = flag.len ? flag.ptr[0] : '\0';
	if (flag.len > 2 && memcmp(flag.ptr, "p=", 2) == 0)
		first->cb_name = (struct str){ flag.ptr + 2, flag.len - 2 };
	else if (!str_is(flag, "n") && !str_is(flag, "y"))
		return "the GS2 header starts with none of n, y and p=";
	if (first->binding == 'p' && !is_cb_name(first->cb_name))
		return "the name of the channel binding is malformed";
	authzid = (struct str){ flag_end + 1, (size_t)(end - flag_end) - 1 };
	if (authzid.len &&
	    (authzid.len < 3 || memcmp(authzid.ptr, "a=", 2) != 0))
		return "the GS2 header has something else than a=";
	if (authzid.len && !decode_name(arena,
			       (struct str){ authzid.ptr + 2, authzid.len - 2 },
			       &first->authzid))
		return "the authorization identity is malformed";
	first->gs2 =
	    (struct str){ message.ptr, (size_t)(end - message.ptr) + 1 };
	return NULL;
}

static const char *
read_first_bare(struct arena *arena, struct scram_first *first)
{
	struct str rest = first->bare, value;
	const char *wrong;
	char name;

	if (!take_attribute(&rest, &name, &value))
		return "the user name is missing";
	if (name == 'm')
		return mandatory_extension;
	if (name != 'n')
		return "the user name is not in its place";
	if (!decode_name(arena, value, &first->user))
		return "the user name has a malformed escape";
	if (!take_attribute(&rest, &name, &value) || name != 'r')
		return "the nonce is missing";
	if (!is_printable(value))
		return "the nonce has characters it must not have";
	if (value.len > SCRAM_CLIENT_NONCE_MAX)
		return "the nonce is longer than 512 bytes";
	first->nonce = value;
	while (rest.len) {
		if (!take_attribute(&rest, &name, &value))
			return "an extension is malformed";
		wrong = skip_extension(name);
		if (wrong)
			return wrong;
	}
	return NULL;
}

const char *
scram_first_read(
    struct arena *arena, struct str message, struct scram_first *first)
{
	const char *wrong = check_text(message);

	*first = (struct scram_first){ 0 };
	if (!wrong)
		wrong = read_gs2(arena, message, first);
	if (wrong)
		return wrong;
	first->bare = (struct str){ message.ptr + first->gs2.len,
		message.len - first->gs2.len };
	return read_first_bare(arena, first);
}

const char *
scram_final_read(struct str message, struct scram_final *final)
{
	struct str rest = message, value;
	const char *wrong = check_text(message);
	char name;

	*final = (struct scram_final){ 0 };
	if (wrong)
		return wrong;
	if (!take_attribute(&rest, &name, &final->binding))
		return "the channel binding is missing";
	if (name == 'm')
		return mandatory_extension;
	if (name != 'c')
		return "the channel binding is not in its place";
	if (!take_attribute(&rest, &name, &final->nonce) || name != 'r')
		return "the nonce is missing";
	while (rest.len) {
		const char *start = rest.ptr;

		if (!take_attribute(&rest, &name, &value))
			return "an attribute is malformed";
		if (name == 'p' && rest.len == 0) {
			final->proof = value;
			/* Without the comma before the proof. */
			final->without_proof = (struct str){ message.ptr,
				(size_t)(start - message.ptr) - 1 };
			return NULL;
		}
		wrong = skip_extension(name);
		if (wrong)
			return wrong;
	}
	return "the proof is missing";
}

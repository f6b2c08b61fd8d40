/*
 * The steps every mechanism goes through, and the names. What PLAIN and SCRAM
 * make of their messages is in sasl_plain.c and sasl_scram.c.
 */
#include "server/auth/sasl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfgparse/base/mem.h"
#include "server/auth/crypto_private.h"
#include "server/auth/sasl_private.h"

static const char *const mechanism_names[SASL_MECHANISMS] = {
	[SASL_SCRAM_SHA_256_PLUS] = "SCRAM-SHA-256-PLUS",
	[SASL_SCRAM_SHA_1_PLUS] = "SCRAM-SHA-1-PLUS",
	[SASL_SCRAM_SHA_256] = "SCRAM-SHA-256",
	[SASL_SCRAM_SHA_1] = "SCRAM-SHA-1",
	[SASL_PLAIN] = "PLAIN",
};

const char *
sasl_mechanism_name(enum sasl_mechanism mechanism)
{
	return mechanism_names[mechanism];
}

enum sasl_mechanism
sasl_mechanism_find(struct str name)
{
	int i = 0;

	while (i < SASL_MECHANISMS && !str_is(name, mechanism_names[i]))
		i++;
	return (enum sasl_mechanism)i;
}

const char *
sasl_failure_name(enum sasl_failure failure)
{
	static const char *const names[] = {
		[SASL_ABORTED] = "aborted",
		[SASL_ACCOUNT_DISABLED] = "account-disabled",
		[SASL_ENCRYPTION_REQUIRED] = "encryption-required",
		[SASL_INCORRECT_ENCODING] = "incorrect-encoding",
		[SASL_INVALID_AUTHZID] = "invalid-authzid",
		[SASL_INVALID_MECHANISM] = "invalid-mechanism",
		[SASL_MALFORMED_REQUEST] = "malformed-request",
		[SASL_NOT_AUTHORIZED] = "not-authorized",
		[SASL_TEMPORARY_AUTH_FAILURE] = "temporary-auth-failure",
	};

	return names[failure];
}

static enum sasl_verdict
end(struct sasl *sasl, enum sasl_verdict verdict)
{
	sasl->step = STEP_OVER;
	sasl->verdict = verdict;
	return verdict;
}

enum sasl_verdict
sasl_fail(struct sasl *sasl, enum sasl_failure why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(sasl->detail, sizeof(sasl->detail), format, args);
	va_end(args);
	sasl->why = why;
	return end(sasl, SASL_FAILED);
}

/* True where authzid is the bare address of the user that was named. */
static bool
is_own_address(struct sasl *sasl, struct str authzid)
{
	struct jid jid;

	return jid_parse(&sasl->arena, authzid, &jid) &&
	       jid_resource(jid).len == 0 &&
	       str_eq(jid_local(jid), sasl_username(sasl)) &&
	       str_eq(jid_domain(jid), sasl->offer.host);
}

bool
sasl_name_user(struct sasl *sasl, struct str user, struct str authzid)
{
	if (user.len > JID_PART_MAX ||
	    !prepare_local(user, sasl->username, &sasl->username_len)) {
		sasl->username_len = 0;
		sasl_fail(sasl, SASL_NOT_AUTHORIZED,
		    "the user name can't be one: it has forbidden characters");
		return false;
	}
	if (authzid.len && !is_own_address(sasl, authzid)) {
		sasl_fail(sasl, SASL_INVALID_AUTHZID,
		    "the client asks to act as somebody else");
		return false;
	}
	return true;
}

static enum sasl_verdict
take_first(struct sasl *sasl, struct str message)
{
	return sasl->mechanism == SASL_PLAIN ? plain_first(sasl, message)
					     : scram_first(sasl, message);
}

struct sasl *
sasl_start(const struct sasl_offer *offer, enum sasl_mechanism mechanism,
    struct str initial, struct buf *out, enum sasl_verdict *verdict)
{
	struct sasl *sasl = mem_alloc(1, sizeof(*sasl));

	(void)out; /* a challenge at the start is an empty one */
	sasl->mechanism = mechanism;
	sasl->offer.mechanisms = offer->mechanisms;
	sasl->offer.host = arena_str(&sasl->arena, offer->host);
	sasl->offer.exporter = arena_str(&sasl->arena, offer->exporter);
	sasl->offer.end_point = arena_str(&sasl->arena, offer->end_point);
	if ((unsigned)mechanism >= SASL_MECHANISMS ||
	    !(offer->mechanisms & 1u << mechanism))
		*verdict = sasl_fail(sasl, SASL_INVALID_MECHANISM,
		    "the mechanism wasn't offered");
	else if (initial.ptr)
		*verdict = take_first(sasl, initial);
	else
		*verdict = SASL_CHALLENGE;
	return sasl;
}

void
sasl_destroy(struct sasl **sasl)
{
	if (!*sasl)
		return;
	buf_wipe(&(*sasl)->password);
	buf_wipe(&(*sasl)->auth_message);
	arena_fini(&(*sasl)->arena);
	crypto_wipe(*sasl, sizeof(**sasl));
	free(*sasl);
	*sasl = NULL;
}

enum sasl_verdict
sasl_response(struct sasl *sasl, struct str message, struct buf *out)
{
	enum sasl_verdict verdict;

	if (!message.ptr)
		message = STR("");
	if (sasl->step == STEP_FIRST)
		return take_first(sasl, message);
	if (sasl->step == STEP_PROOF) {
		verdict = scram_proof(sasl, message, out);
		return verdict == SASL_SUCCESS ? end(sasl, verdict) : verdict;
	}
	return sasl_fail(sasl, SASL_MALFORMED_REQUEST,
	    "the client sent a response that nobody asked for");
}

/* What stands in for an account that isn't there. */
static void
take_fake(struct sasl *sasl)
{
	struct buf bare = { 0 };

	buf_add(&bare, sasl_username(sasl));
	buf_putc(&bare, '@');
	buf_add(&bare, sasl->offer.host);
	scram_record_fake(buf_str(&bare), &sasl->record);
	buf_fini(&bare);
}

enum sasl_verdict
sasl_keys(struct sasl *sasl, const struct scram_record *record, struct buf *out)
{
	if (sasl->step == STEP_OVER)
		return sasl->verdict;
	if (sasl->step != STEP_KEYS)
		abort();
	sasl->known = record != NULL;
	if (record)
		sasl->record = *record;
	else
		take_fake(sasl);
	if (sasl->mechanism != SASL_PLAIN)
		return scram_challenge(sasl, out);
	sasl->step = STEP_SLOW;
	return SASL_WANT_SLOW;
}

void
sasl_slow(struct sasl *sasl)
{
	sasl->matches =
	    scram_record_check(buf_str(&sasl->password), &sasl->record);
	buf_wipe(&sasl->password);
}

enum sasl_verdict
sasl_slow_done(struct sasl *sasl, struct buf *out)
{
	(void)out; /* PLAIN has nothing more to say */
	if (sasl->step == STEP_OVER)
		return sasl->verdict;
	if (sasl->step != STEP_SLOW)
		abort();
	if (!sasl->known)
		return sasl_fail(
		    sasl, SASL_NOT_AUTHORIZED, "there is no such account");
	if (!sasl->matches)
		return sasl_fail(
		    sasl, SASL_NOT_AUTHORIZED, "the password is wrong");
	return end(sasl, SASL_SUCCESS);
}

struct str
sasl_username(const struct sasl *sasl)
{
	return (struct str){ sasl->username, sasl->username_len };
}

enum sasl_failure
sasl_why(const struct sasl *sasl)
{
	return sasl->why;
}

const char *
sasl_detail(const struct sasl *sasl)
{
	return sasl->detail;
}

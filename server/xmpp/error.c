/* The names of RFC 6120's error conditions (8.3.3 and 4.9.3). */
#include "server/xmpp/error.h"

static const struct {
	const char *name;
	const char *type;
} stanza_errors[] = {
	[ERROR_BAD_REQUEST] = { "bad-request", "modify" },
	[ERROR_CONFLICT] = { "conflict", "cancel" },
	[ERROR_FEATURE_NOT_IMPLEMENTED] = { "feature-not-implemented",
	    "cancel" },
	[ERROR_FORBIDDEN] = { "forbidden", "auth" },
	[ERROR_GONE] = { "gone", "cancel" },
	[ERROR_INTERNAL_SERVER_ERROR] = { "internal-server-error", "cancel" },
	[ERROR_ITEM_NOT_FOUND] = { "item-not-found", "cancel" },
	[ERROR_JID_MALFORMED] = { "jid-malformed", "modify" },
	[ERROR_NOT_ACCEPTABLE] = { "not-acceptable", "modify" },
	[ERROR_NOT_ALLOWED] = { "not-allowed", "cancel" },
	[ERROR_NOT_AUTHORIZED] = { "not-authorized", "auth" },
	[ERROR_POLICY_VIOLATION] = { "policy-violation", "modify" },
	[ERROR_RECIPIENT_UNAVAILABLE] = { "recipient-unavailable", "wait" },
	[ERROR_REDIRECT] = { "redirect", "modify" },
	[ERROR_REGISTRATION_REQUIRED] = { "registration-required", "auth" },
	[ERROR_REMOTE_SERVER_NOT_FOUND] = { "remote-server-not-found",
	    "cancel" },
	[ERROR_REMOTE_SERVER_TIMEOUT] = { "remote-server-timeout", "wait" },
	[ERROR_RESOURCE_CONSTRAINT] = { "resource-constraint", "wait" },
	[ERROR_SERVICE_UNAVAILABLE] = { "service-unavailable", "cancel" },
	[ERROR_SUBSCRIPTION_REQUIRED] = { "subscription-required", "auth" },
	[ERROR_UNDEFINED_CONDITION] = { "undefined-condition", "cancel" },
	[ERROR_UNEXPECTED_REQUEST] = { "unexpected-request", "wait" },
};

static const char *const stream_errors[] = {
	[STREAM_BAD_FORMAT] = "bad-format",
	[STREAM_BAD_NAMESPACE_PREFIX] = "bad-namespace-prefix",
	[STREAM_CONFLICT] = "conflict",
	[STREAM_CONNECTION_TIMEOUT] = "connection-timeout",
	[STREAM_HOST_GONE] = "host-gone",
	[STREAM_HOST_UNKNOWN] = "host-unknown",
	[STREAM_IMPROPER_ADDRESSING] = "improper-addressing",
	[STREAM_INTERNAL_SERVER_ERROR] = "internal-server-error",
	[STREAM_INVALID_FROM] = "invalid-from",
	[STREAM_INVALID_NAMESPACE] = "invalid-namespace",
	[STREAM_INVALID_XML] = "invalid-xml",
	[STREAM_NOT_AUTHORIZED] = "not-authorized",
	[STREAM_NOT_WELL_FORMED] = "not-well-formed",
	[STREAM_POLICY_VIOLATION] = "policy-violation",
	[STREAM_REMOTE_CONNECTION_FAILED] = "remote-connection-failed",
	[STREAM_RESET] = "reset",
	[STREAM_RESOURCE_CONSTRAINT] = "resource-constraint",
	[STREAM_RESTRICTED_XML] = "restricted-xml",
	[STREAM_SEE_OTHER_HOST] = "see-other-host",
	[STREAM_SYSTEM_SHUTDOWN] = "system-shutdown",
	[STREAM_UNDEFINED_CONDITION] = "undefined-condition",
	[STREAM_UNSUPPORTED_ENCODING] = "unsupported-encoding",
	[STREAM_UNSUPPORTED_FEATURE] = "unsupported-feature",
	[STREAM_UNSUPPORTED_STANZA_TYPE] = "unsupported-stanza-type",
	[STREAM_UNSUPPORTED_VERSION] = "unsupported-version",
};

const char *
stanza_error_name(enum stanza_error error)
{
	return stanza_errors[error].name;
}

const char *
stanza_error_type(enum stanza_error error)
{
	return stanza_errors[error].type;
}

const char *
stream_error_name(enum stream_error error)
{
	return stream_errors[error];
}

#include "certgen/opening.h"

#include <string.h>

#define NS_STREAM "http://etherx.jabber.org/streams"
#define NS_TLS "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_CONDITIONS "urn:ietf:params:xml:ns:xmpp-streams"

/* Which child of the stream this is in. */
enum {
	WITHIN_NONE,
	WITHIN_FEATURES,
	WITHIN_ERROR,
	WITHIN_ANSWER,
	WITHIN_OTHER
};
/* Depths of tags. */
enum { STREAM = 1, CHILD, GRANDCHILD, LEAF };

static void
ends(struct opening *opening, enum opening_end end)
{
	opening->end = end;
	stream_scan_stop(&opening->scan);
}

/* Appends as much as there is room for, NUL included. */
static void
append(char *text, size_t size, struct str more)
{
	size_t len = strlen(text);

	if (more.len > size - 1 - len)
		more.len = size - 1 - len;
	memcpy(text + len, more.ptr, more.len);
	text[len + more.len] = '\0';
}

static bool
is(const char *uri, const char *name, const char *wanted_uri,
    const char *wanted)
{
	return strcmp(uri, wanted_uri) == 0 && strcmp(name, wanted) == 0;
}

/* --- what opens --- */

static void
open_stream(struct opening *opening, const char *uri, const char *name,
    const struct scan_attribute *attributes, size_t count)
{
	if (!is(uri, name, NS_STREAM, "stream")) {
		ends(opening, OPENING_NOT_XMPP);
		return;
	}
	opening->stream = true;
	/* Without a version there are no features (RFC 6120, 4.7.5). */
	if (!scan_value(attributes, count, "version"))
		ends(opening, OPENING_NO_STARTTLS);
}

static void
open_child(struct opening *opening, const char *uri, const char *name)
{
	opening->within = WITHIN_OTHER;
	if (is(uri, name, NS_STREAM, "error"))
		opening->within = WITHIN_ERROR;
	else if (is(uri, name, NS_STREAM, "features") && !opening->features)
		opening->within = WITHIN_FEATURES;
	else if (strcmp(uri, NS_TLS) == 0 && opening->features)
		opening->within = WITHIN_ANSWER;
	if (opening->within == WITHIN_OTHER)
		ends(opening, OPENING_BROKEN);
	else if (opening->within == WITHIN_ANSWER)
		append(opening->condition, sizeof(opening->condition),
		    str_of(name));
}

static void
open_grandchild(struct opening *opening, const char *uri, const char *name)
{
	if (opening->within == WITHIN_FEATURES &&
	    is(uri, name, NS_TLS, "starttls"))
		opening->starttls = true;
	if (opening->within == WITHIN_ERROR && !opening->condition[0] &&
	    strcmp(uri, NS_CONDITIONS) == 0 && strcmp(name, "text") != 0)
		append(opening->condition, sizeof(opening->condition),
		    str_of(name));
}

static void
open_leaf(struct opening *opening, const char *uri, const char *name)
{
	if (opening->within != WITHIN_FEATURES)
		return;
	if (is(uri, name, NS_TLS, "required"))
		opening->required = true;
	opening->mechanism = is(uri, name, NS_SASL, "mechanism");
	if (opening->mechanism && opening->mechanisms[0])
		append(
		    opening->mechanisms, sizeof(opening->mechanisms), STR(" "));
}

static void
on_open(void *arg, unsigned depth, const char *uri, const char *name,
    const struct scan_attribute *attributes, size_t count)
{
	switch (depth) {
	case STREAM: open_stream(arg, uri, name, attributes, count); break;
	case CHILD: open_child(arg, uri, name); break;
	case GRANDCHILD: open_grandchild(arg, uri, name); break;
	case LEAF: open_leaf(arg, uri, name); break;
	default: break;
	}
}

/* --- what is said inside --- */

static void
on_text(void *arg, unsigned depth, struct str text)
{
	struct opening *opening = arg;

	if (opening->within == WITHIN_ERROR && depth == GRANDCHILD)
		append(opening->text, sizeof(opening->text), text);
	if (opening->mechanism && depth == LEAF)
		append(opening->mechanisms, sizeof(opening->mechanisms), text);
}

/* --- what closes --- */

static void
close_child(struct opening *opening)
{
	switch (opening->within) {
	case WITHIN_FEATURES:
		opening->features = true;
		if (!opening->starttls)
			ends(opening, OPENING_NO_STARTTLS);
		else
			buf_puts(
			    &opening->out, "<starttls xmlns='" NS_TLS "'/>");
		break;
	case WITHIN_ERROR: ends(opening, OPENING_ERROR); break;
	case WITHIN_ANSWER:
		if (strcmp(opening->condition, "proceed") == 0)
			ends(opening, OPENING_TLS);
		else
			ends(opening, OPENING_REFUSED);
		break;
	default: break;
	}
	opening->within = WITHIN_NONE;
}

static void
on_close(void *arg, unsigned depth)
{
	struct opening *opening = arg;

	/* What an opening tag ended keeps its reason. */
	if (opening->end != OPENING_GOES_ON)
		return;
	if (depth == LEAF)
		opening->mechanism = false;
	else if (depth == STREAM)
		ends(opening, OPENING_OVER);
	else if (depth == CHILD)
		close_child(opening);
}

static const struct scan_events events = { on_open, on_text, on_close };

void
opening_init(
    struct opening *opening, enum opening_kind kind, const char *domain)
{
	*opening = (struct opening){ .kind = kind };
	stream_scan_init(&opening->scan, &events, opening);
	/* No from: this is nobody's account and nobody's server. */
	buf_printf(&opening->out,
	    "<?xml version='1.0'?><stream:stream xmlns='%s' "
	    "xmlns:stream='" NS_STREAM "' to='%s' version='1.0'>",
	    kind == OPENING_CLIENT ? "jabber:client" : "jabber:server", domain);
}

void
opening_fini(struct opening *opening)
{
	buf_fini(&opening->out);
}

void
opening_feed(struct opening *opening, const char *bytes, size_t len)
{
	size_t used, left = OPENING_BYTES_MAX - opening->bytes;
	bool whole = len <= left;

	if (!whole)
		len = left;
	opening->bytes += len;
	if (!stream_scan_feed(&opening->scan, bytes, len, &used)) {
		if (opening->end == OPENING_GOES_ON)
			opening->end =
			    opening->stream ? OPENING_BROKEN : OPENING_NOT_XMPP;
		return;
	}
	if (opening->end == OPENING_GOES_ON && !whole)
		opening->end = OPENING_TOO_LARGE;
	else if (opening->end == OPENING_TLS && (used < len || !whole))
		opening->end = OPENING_INJECTED;
}

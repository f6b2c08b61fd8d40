/* The first words of a stream, as servers of all kinds say them. */
#include "certgen/opening.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD                                                       \
	"<?xml version='1.0'?>\n<stream:stream xmlns:stream='"     \
	"http://etherx.jabber.org/streams' xmlns='jabber:client' " \
	"id=\"1\" from='example.org' version='1.0' xml:lang='en'>"
#define TLS_NS "urn:ietf:params:xml:ns:xmpp-tls"
#define FEATURES                                                      \
	"<stream:features><starttls xmlns='" TLS_NS "'><required/>"   \
	"</starttls><mechanisms "                                     \
	"xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN"   \
	"</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms>" \
	"<c xmlns='http://jabber.org/protocol/caps' hash='sha-1'/>"   \
	"</stream:features>"
#define PROCEED "<proceed xmlns='" TLS_NS "'/>"

/* Feeds the text in pieces of that size, as long as it goes on. */
static enum opening_end
feed(struct opening *opening, const char *text, size_t piece)
{
	size_t len = strlen(text), at = 0;

	opening_init(opening, OPENING_CLIENT, "example.org");
	while (at < len && opening->end == OPENING_GOES_ON) {
		size_t some = len - at < piece ? len - at : piece;

		opening_feed(opening, text + at, some);
		at += some;
	}
	return opening->end;
}

static void
expect(const char *text, enum opening_end end)
{
	struct opening opening;

	for (size_t piece = 1; piece < 4096; piece *= 3) {
		assert_int_equal(feed(&opening, text, piece), end);
		opening_fini(&opening);
	}
}

static void
test_starttls(void **state)
{
	struct opening opening;

	(void)state;
	for (size_t piece = 1; piece < 4096; piece *= 2) {
		assert_int_equal(
		    feed(&opening, HEAD FEATURES PROCEED, piece), OPENING_TLS);
		assert_true(opening.required);
		assert_string_equal(opening.mechanisms, "PLAIN SCRAM-SHA-1");
		assert_non_null(
		    strstr(buf_text(&opening.out), "to='example.org'"));
		assert_non_null(strstr(
		    buf_text(&opening.out), "<starttls xmlns='" TLS_NS "'/>"));
		opening_fini(&opening);
	}
}

/* Prefixes are the peer's to choose. */
static void
test_prefixes(void **state)
{
	(void)state;
	expect("<s:stream xmlns:s='http://etherx.jabber.org/streams' "
	       "version='1.0'><s:features><t:starttls xmlns:t='" TLS_NS
	       "'/></s:features><proceed xmlns=\"" TLS_NS "\"></proceed>",
	    OPENING_TLS);
	expect("<stream xmlns='http://etherx.jabber.org/streams' "
	       "version='1.0'><features><starttls xmlns='" TLS_NS
	       "'/></features>" PROCEED,
	    OPENING_TLS);
	/* The namespace counts, not the name. */
	expect(HEAD "<stream:features><starttls xmlns='urn:example'/>"
		    "</stream:features>",
	    OPENING_NO_STARTTLS);
}

static void
test_other_ends(void **state)
{
	(void)state;
	expect("", OPENING_GOES_ON);
	expect(HEAD, OPENING_GOES_ON);
	expect(HEAD "<stream:features/>", OPENING_NO_STARTTLS);
	expect("<stream:stream xmlns:stream='http://etherx.jabber.org/"
	       "streams'>",
	    OPENING_NO_STARTTLS);
	expect(HEAD FEATURES "<failure xmlns='" TLS_NS "'/></stream:stream>",
	    OPENING_REFUSED);
	expect(HEAD "</stream:stream>", OPENING_OVER);
	expect("HTTP/1.1 400 Bad Request\r\n\r\n", OPENING_NOT_XMPP);
	expect("SSH-2.0-OpenSSH_9.2\r\n", OPENING_NOT_XMPP);
	expect("<html><body>", OPENING_NOT_XMPP);
	expect("\x16\x03\x01", OPENING_NOT_XMPP);
	expect("<!DOCTYPE x>", OPENING_NOT_XMPP);
	expect(HEAD "<!-- x -->", OPENING_BROKEN);
	expect(HEAD "<message/>", OPENING_BROKEN);
	expect(HEAD PROCEED, OPENING_BROKEN);
	expect(HEAD FEATURES FEATURES, OPENING_BROKEN);
	expect(HEAD "<a b=c>", OPENING_BROKEN);
	expect(HEAD "<stream:features a='<'>", OPENING_BROKEN);
}

static void
test_error(void **state)
{
	struct opening opening;

	(void)state;
	assert_int_equal(
	    feed(&opening,
		HEAD "<stream:error><host-unknown "
		     "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text "
		     "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Not here"
		     "</text></stream:error></stream:stream>",
		7),
	    OPENING_ERROR);
	assert_string_equal(opening.condition, "host-unknown");
	assert_string_equal(opening.text, "Not here");
	opening_fini(&opening);
}

/* CVE-2011-0411 and its kin: what follows <proceed/> in clear text would be
 * taken for what came over TLS. */
static void
test_injected(void **state)
{
	struct opening opening;

	(void)state;
	assert_int_equal(feed(&opening, HEAD FEATURES PROCEED "<x/>", 4096),
	    OPENING_INJECTED);
	opening_fini(&opening);
}

static void
test_limits(void **state)
{
	static const char more[] = "<stream:features>";
	struct opening opening;
	char junk[1000];

	(void)state;
	memset(junk, ' ', sizeof(junk));
	assert_int_equal(feed(&opening, HEAD, 4096), OPENING_GOES_ON);
	for (size_t i = 0; i < OPENING_BYTES_MAX / sizeof(junk); i++) {
		assert_int_equal(opening.end, OPENING_GOES_ON);
		opening_feed(&opening, junk, sizeof(junk));
	}
	opening_feed(&opening, junk, sizeof(junk));
	assert_int_equal(opening.end, OPENING_TOO_LARGE);
	opening_fini(&opening);
	assert_int_equal(feed(&opening, HEAD, 4096), OPENING_GOES_ON);
	for (size_t i = 0; i < SCAN_DEPTH_MAX - 1; i++) {
		assert_int_equal(opening.end, OPENING_GOES_ON);
		opening_feed(&opening, more, sizeof(more) - 1);
	}
	opening_feed(&opening, more, sizeof(more) - 1);
	assert_int_equal(opening.end, OPENING_BROKEN);
	opening_fini(&opening);
	memset(junk, 'x', sizeof(junk));
	assert_int_equal(feed(&opening, HEAD "<", 4096), OPENING_GOES_ON);
	opening_feed(&opening, junk, sizeof(junk));
	assert_int_equal(opening.end, OPENING_BROKEN);
	opening_fini(&opening);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_starttls),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_other_ends),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_injected),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

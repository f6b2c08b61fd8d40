/* What is said of a server, by how the connection to it went. */
#include "certgen/live_private.h"

#include "certgen/pem_check.h"
#include "certgen/probe.h"
#include "cfgparse/base/arena.h"
#include "cfgparse/base/buf.h"
#include "cfgparse/base/terminal.h"

#include <string.h>

#include <openssl/x509_vfy.h>

enum { TLS_1_2 = 0x0303, CIPHER_BITS_LEAST = 128 };

struct finding *
live_tell(const struct visit *visit, struct finding *finding)
{
	finding_subject(finding, visit->domain);
	return finding;
}

const char *
live_shown(const struct visit *visit, const char *text)
{
	struct buf buf = { 0 };
	const char *out;

	terminal_escape(&buf, str_of(text));
	out = arena_strdup(visit->arena, buf_text(&buf));
	buf_fini(&buf);
	return out;
}

/* --- verdicts on how it ended --- */

static void
judge_opening(struct visit *visit, const struct opening *opening)
{
	struct finding *finding;

	switch (opening->end) {
	case OPENING_NO_STARTTLS:
		FIND(visit, LIVE_NO_STARTTLS,
		    "the server doesn't offer STARTTLS for %s", visit->domain);
		return;
	case OPENING_REFUSED:
		FIND(visit, LIVE_TLS_FAILED,
		    "the server offers STARTTLS and refuses it when asked");
		return;
	case OPENING_INJECTED:
		FIND(visit, LIVE_INJECTED,
		    "bytes in clear text came behind the answer to STARTTLS");
		return;
	case OPENING_ERROR:
		finding = FIND(visit, LIVE_NOT_XMPP,
		    "the server refuses the stream to %s: %s%s%s%s",
		    visit->domain, live_shown(visit, opening->condition),
		    opening->text[0] ? " (" : "",
		    live_shown(visit, opening->text),
		    opening->text[0] ? ")" : "");
		if (strcmp(opening->condition, "host-unknown") == 0)
			finding_hint(finding,
			    "name a domain that it serves with --host");
		return;
	case OPENING_OVER:
		FIND(visit, LIVE_NOT_XMPP,
		    "the server ended the stream before STARTTLS");
		return;
	case OPENING_TOO_LARGE:
		FIND(visit, LIVE_NOT_XMPP,
		    "the server sent more than %d bytes before STARTTLS",
		    OPENING_BYTES_MAX);
		return;
	case OPENING_BROKEN:
		FIND(visit, LIVE_NOT_XMPP,
		    "the server opens a stream and then sends what may not "
		    "come there");
		return;
	default:
		finding = FIND(
		    visit, LIVE_NOT_XMPP, "what answers isn't an XMPP server");
		finding_hint(finding,
		    "name the port of the XMPP server, and leave --starttls "
		    "out where it has TLS from the first byte on");
		return;
	}
}

static void
judge_closed(struct visit *visit, const struct probe *probe)
{
	const struct opening *opening = probe_opening(probe);

	if (probe_facts(probe)->phase == PROBE_HANDSHAKE)
		FIND(visit, LIVE_TLS_FAILED,
		    "the server closed the connection during the TLS "
		    "handshake");
	else
		FIND(visit, LIVE_NOT_XMPP,
		    "the server closed the connection %s",
		    opening->features ? "when asked for STARTTLS"
		    : opening->stream ? "before it told its features"
				      : "without a word");
}

void
live_judge_silence(struct visit *visit, const struct probe *probe)
{
	unsigned timeout = visit->target->timeout;

	if (probe_facts(probe)->phase == PROBE_HANDSHAKE)
		FIND(visit, LIVE_NO_ANSWER,
		    "the server didn't end the TLS handshake in %u seconds",
		    timeout);
	else
		FIND(visit, LIVE_NO_ANSWER, "the server %s in %u seconds",
		    probe_opening(probe)->features ? "didn't answer to STARTTLS"
		    : probe_opening(probe)->stream
			? "told no features"
			: "took the connection and said nothing",
		    timeout);
}

static void
judge_tls_failure(struct visit *visit, const struct probe *probe)
{
	const struct probe_facts *facts = probe_facts(probe);
	struct finding *finding;

	if (facts->other_protocol) {
		FIND(visit, LIVE_NOT_XMPP,
		    "the server's TLS is there for something else than XMPP");
		return;
	}
	finding = FIND(visit, LIVE_TLS_FAILED, "the TLS handshake failed: %s",
	    facts->tls_error);
	if (!visit->target->starttls)
		finding_hint(finding,
		    "where the port begins in clear text, give --starttls c2s "
		    "or --starttls s2s");
	else
		finding_hint(finding, "look into the server's log");
}

/* --- verdicts on a whole handshake --- */

static void
judge_offer(struct visit *visit, const struct opening *opening)
{
	if (visit->target->starttls && visit->target->kind == OPENING_CLIENT &&
	    !opening->required && opening->mechanisms[0])
		finding_hint(FIND(visit, LIVE_STARTTLS_OPTIONAL,
				 "the server takes logins without TLS (%s)",
				 live_shown(visit, opening->mechanisms)),
		    "require TLS: starttls_required on the listener");
}

static void
judge_trust(struct visit *visit, const struct probe_facts *facts)
{
	struct finding *finding;

	switch (facts->verify_error) {
	case X509_V_OK:
	case X509_V_ERR_CERT_NOT_YET_VALID: /* the PEM's judge says it */
	case X509_V_ERR_CERT_HAS_EXPIRED: return;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		finding = FIND(visit, LIVE_NOT_TRUSTED,
		    "the certificate signs itself, so nobody vouches for it");
		finding_hint(finding,
		    "have people compare its fingerprint, or get a "
		    "certificate of an authority that their systems know");
		return;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		FIND(visit, LIVE_NOT_TRUSTED,
		    "this system doesn't know the authority at the chain's "
		    "end");
		return;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		finding = FIND(visit, LIVE_NOT_TRUSTED,
		    "the chain leads to no authority that this system knows");
		finding_hint(finding,
		    "have the server send the authority's intermediate "
		    "certificates behind its own, unless the authority is "
		    "your own");
		return;
	default:
		FIND(visit, LIVE_NOT_TRUSTED,
		    "this system doesn't trust the chain: %s",
		    facts->verify_text);
	}
}

static void
judge_cipher(struct visit *visit, const struct probe_facts *facts)
{
	const char *why = NULL;

	if (facts->version < TLS_1_2)
		finding_hint(FIND(visit, LIVE_OLD_TLS,
				 "the server can do no better than %s",
				 facts->version_text),
		    "let it negotiate TLS 1.2 and 1.3 only");
	if (!facts->authenticated)
		why = "doesn't prove who the server is";
	else if (facts->cipher_bits == 0)
		why = "doesn't encrypt";
	else if (strstr(facts->cipher, "RC4"))
		why = "is broken";
	else if (facts->cipher_bits < CIPHER_BITS_LEAST)
		why = "is too weak";
	else if (!facts->forward_secret)
		why = "has no forward secrecy";
	if (why)
		finding_hint(FIND(visit, LIVE_WEAK_CIPHER,
				 "the best cipher of the server, %s, %s",
				 facts->cipher, why),
		    "let the server offer ECDHE with AES-GCM or ChaCha20");
}

static void
judge_staple(struct visit *visit, const struct probe_facts *facts)
{
	const char *words = NULL;

	switch (facts->staple) {
	case STAPLE_NONE:
		if (facts->must_staple)
			FIND(visit, LIVE_NO_STAPLE,
			    "the certificate is must-staple and the server "
			    "sends no OCSP response with it");
		return;
	case STAPLE_GOOD: return;
	case STAPLE_REVOKED:
		finding_severity(FIND(visit, LIVE_BAD_STAPLE,
				     "the certificate was revoked, as the "
				     "stapled OCSP response says"),
		    SEVERITY_ERROR);
		return;
	case STAPLE_UNKNOWN: words = "doesn't know the certificate"; break;
	case STAPLE_STALE: words = "is outside its dates"; break;
	case STAPLE_BROKEN:
		words = "can't be read or isn't about the certificate";
		break;
	}
	FIND(visit, LIVE_BAD_STAPLE, "the stapled OCSP response %s", words);
}

static void
judge_handshake(struct visit *visit, const struct probe *probe)
{
	const struct probe_facts *facts = probe_facts(probe);
	struct pem_demand demand = *visit->demand;

	demand.live = true;
	judge_offer(visit, probe_opening(probe));
	judge_cipher(visit, facts);
	judge_trust(visit, facts);
	judge_staple(visit, facts);
	pem_check_bytes(visit->arena, visit->span.source->name,
	    arena_str(visit->arena, buf_str(&facts->chain)), &demand,
	    visit->findings);
}

void
live_judge_end(struct visit *visit, const struct probe *probe)
{
	switch (probe_facts(probe)->end) {
	case PROBE_DONE: judge_handshake(visit, probe); break;
	case PROBE_OPENING: judge_opening(visit, probe_opening(probe)); break;
	case PROBE_CLOSED: judge_closed(visit, probe); break;
	case PROBE_TLS_TOO_LARGE:
		FIND(visit, LIVE_TLS_FAILED,
		    "the server sent more than %d bytes in the TLS handshake",
		    PROBE_HANDSHAKE_MAX);
		break;
	default: judge_tls_failure(visit, probe); break;
	}
}

void
live_judge_old(struct visit *visit, const struct probe *probe)
{
	const struct probe_facts *facts = probe_facts(probe);

	if (facts->end == PROBE_DONE)
		finding_hint(
		    FIND(visit, LIVE_OLD_TLS, "the server still takes %s",
			facts->version_text),
		    "let it negotiate TLS 1.2 and 1.3 only");
}

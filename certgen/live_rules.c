#include "certgen/live_rules.h"

const struct rule live_rules[LIVE_RULE_COUNT + 1] = {
	[LIVE_NO_ANSWER] = { "CERT101", SEVERITY_ERROR, "no answer",
	    "No connection to the server came about at any of its addresses, "
	    "or it said nothing in time (RFC 6120, section 3.2). So nothing is "
	    "known about its certificate, and the exit status is 2. A "
	    "firewall, a wrong port or a server that doesn't run are the usual "
	    "reasons." },
	[LIVE_ADDRESS_DEAD] = { "CERT102", SEVERITY_WARNING,
	    "an address doesn't answer",
	    "The name has several addresses, and not all of them answer (RFC "
	    "6120, section 3.2). Whoever tries this one first waits, or gives "
	    "up. Often it is an IPv6 address that is published while the "
	    "server listens for IPv4 alone." },
	[LIVE_NOT_XMPP] = { "CERT103", SEVERITY_ERROR,
	    "doesn't speak XMPP to the end",
	    "The server answered, but not as RFC 6120 (sections 4 and 5) wants "
	    "it before TLS: it is no XMPP server, it closed, it named an "
	    "error, or it sent far more than any greeting takes. A stream "
	    "error of host-unknown means that it doesn't serve the domain." },
	[LIVE_NO_STARTTLS] = { "CERT104", SEVERITY_ERROR, "no STARTTLS",
	    "The server doesn't offer STARTTLS (RFC 7590, section 3.1), so "
	    "everything is sent in clear "
	    "text. It has no certificate that it can use, or its listener "
	    "lacks starttls." },
	[LIVE_STARTTLS_OPTIONAL] = { "CERT105", SEVERITY_WARNING,
	    "logins without TLS",
	    "The server offers STARTTLS, but takes logins before it too: a "
	    "client that is told that there is no TLS sends its password in "
	    "clear text. Require it: starttls_required (RFC 7590, section "
	    "3.1)." },
	[LIVE_TLS_FAILED] = { "CERT106", SEVERITY_ERROR, "TLS fails",
	    "The server began TLS and the handshake didn't come to its end "
	    "(RFC 6120, section 5.4.3). Its log should say why; often it can't "
	    "read its certificate." },
	[LIVE_OLD_TLS] = { "CERT107", SEVERITY_WARNING, "old version of TLS",
	    "The server negotiates TLS 1.0 or 1.1, which RFC 8996 and RFC 9325 "
	    "(section 3.1.1) forbid. Every client of the last ten years can do "
	    "TLS 1.2." },
	[LIVE_WEAK_CIPHER] = { "CERT108", SEVERITY_WARNING, "weak cipher",
	    "The best cipher that the server and OpenSSL have in common is one "
	    "that RFC 9325 (section 4.1) forbids: without forward secrecy (who "
	    "gets the key can read everything that was recorded before), with "
	    "under 128 bits, with RC4, or without authentication." },
	[LIVE_INJECTED] = { "CERT109", SEVERITY_ERROR,
	    "clear text behind STARTTLS",
	    "Bytes in clear text came behind <proceed/>, where TLS has to "
	    "begin (RFC 6120, section 5.4.2.3). An attacker on the way puts "
	    "them there to have them taken for what came over TLS; a server "
	    "that sends them itself is broken." },
	[LIVE_NOT_TRUSTED] = { "CERT110", SEVERITY_WARNING,
	    "not trusted by this system",
	    "The trust store of this machine doesn't vouch for the chain that "
	    "the server sent (RFC 5280, section 6). Clients and servers "
	    "elsewhere that know the same authorities won't either. That is as "
	    "expected where the certificate signs itself or the authority is "
	    "your own." },
	[LIVE_NO_STAPLE] = { "CERT111", SEVERITY_ERROR,
	    "must-staple without a response",
	    "The certificate demands that the server sends the authority's "
	    "OCSP response along with it (RFC 7633), and the server sent none. "
	    "Clients that honour this refuse the connection. XMPP servers "
	    "rarely can do it: get a certificate without must-staple." },
	[LIVE_BAD_STAPLE] = { "CERT112", SEVERITY_WARNING, "bad OCSP response",
	    "The OCSP response that the server sends along (RFC 6066, section "
	    "8; RFC 6960) can't be used, or says that the certificate was "
	    "revoked, which is an error." },
	[TLSA_MISSING] = { "CERT121", SEVERITY_WARNING, "no TLSA record",
	    "There is no TLSA record at this target and port (RFC 7673). "
	    "Servers that use DANE fall back to the usual authorities there." },
	[TLSA_MISMATCH] = { "CERT122", SEVERITY_ERROR,
	    "TLSA records don't match",
	    "There are TLSA records at this target and port, and none of them "
	    "matches the certificate. Servers that use DANE refuse to connect: "
	    "publish the record of the new key before it is served." },
	[TLSA_USAGE] = { "CERT123", SEVERITY_WARNING, "TLSA usage of no use",
	    "Usages 0 and 1 (PKIX-TA, PKIX-EE) ask for an authority's word as "
	    "well, which those who look for DANE in XMPP don't want to depend "
	    "on; many ignore such records. RFC 7673 and RFC 7671 (section 5.1) "
	    "recommend usage 3 (DANE-EE) with the key's hash: 3 1 1." },
	[TLSA_INSECURE] = { "CERT124", SEVERITY_WARNING,
	    "not secured by DNSSEC",
	    "The name server doesn't say that it validated this answer with "
	    "DNSSEC (its AD bit), so that the TLSA records count for nothing: "
	    "the SRV records and the TLSA records both have to be secure (RFC "
	    "7673, section 3.1). Either the zone isn't signed, or the resolver "
	    "that was asked doesn't validate; one that is authoritative never "
	    "says so." },
	[TLSA_LEFT_OVER] = { "CERT125", SEVERITY_INFO,
	    "TLSA record of another key",
	    "One of the records matches, and this one doesn't. It is that of a "
	    "key that is gone (RFC 7671, section 8.1), and can be taken away, "
	    "or that of the next key (name its PEM with --next), and then it "
	    "is as it should be." },
	[TLSA_NOT_ASKED] = { "CERT126", SEVERITY_WARNING,
	    "question without an answer",
	    "The name servers didn't answer this question, so nothing is known "
	    "about its records, and the exit status is 2." },
};

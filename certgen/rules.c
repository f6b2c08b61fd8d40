#include "certgen/rules.h"

#include <stddef.h>

const struct rule certgen_rules[CERT_RULE_COUNT + 1] = {
	[CERT_UNREADABLE] = { "CERT001", SEVERITY_ERROR, "file can't be read",
	    "The configuration names a PEM file that isn't there or that "
	    "the user who runs the program may not read. Without it there "
	    "is no TLS. Make one with xmpp-certgen self-signed, correct the "
	    "path, or give the server's user the right to read it." },
	[CERT_NOT_REGULAR] = { "CERT002", SEVERITY_ERROR, "not a regular file",
	    "A PEM must be a regular file: a directory, a pipe or a device "
	    "can't be read again when the server reloads." },
	[CERT_TOO_LARGE] = { "CERT003", SEVERITY_ERROR, "file too large",
	    "A PEM holds one certificate, its chain and a key. A file over "
	    "1 MiB or of more than 64 blocks is something else: often a "
	    "bundle of all known authorities, which doesn't belong here." },
	[CERT_NO_CERTIFICATE] = { "CERT004", SEVERITY_ERROR, "no certificate",
	    "The file has no CERTIFICATE block. A combined PEM has the "
	    "server's certificate first, then the intermediate ones, then "
	    "the private key. DER and PKCS#12 files have to be converted. "
	    "See RFC 7468, section 5." },
	[CERT_NO_KEY] = { "CERT005", SEVERITY_ERROR, "no private key",
	    "The file has no private key block. ejabberd's certfile options "
	    "name one file that holds both, so the key has to be appended "
	    "to the certificate. See RFC 7468, section 10." },
	[CERT_KEY_MISMATCH] = { "CERT006", SEVERITY_ERROR,
	    "key doesn't belong to the certificate",
	    "The private key belongs to none of the certificates in the "
	    "file, so no handshake can succeed. This happens when a "
	    "certificate is renewed with a new key and only one of the two "
	    "was copied. The server has to prove that it has the "
	    "certificate's key (RFC 8446, section 4.4.3)." },
	[CERT_LEAF_NOT_FIRST] = { "CERT007", SEVERITY_ERROR,
	    "another certificate stands before the server's own",
	    "Servers take the first certificate of the file as their own "
	    "and the others as its chain. Here the key belongs to a later "
	    "one: put that one first, then the intermediate certificates in "
	    "order, each before the one that signed it. See RFC 8446, "
	    "section 4.4.2." },
	[CERT_KEY_ENCRYPTED] = { "CERT008", SEVERITY_ERROR, "encrypted key",
	    "The private key is protected by a passphrase. A server that "
	    "starts unattended has nobody to ask; keep the key unencrypted "
	    "in a file that only the server's user can read. Such a block "
	    "is an ENCRYPTED PRIVATE KEY (RFC 7468, section 11) or has a "
	    "Proc-Type line (RFC 1421)." },
	[CERT_BROKEN_BLOCK] = { "CERT009", SEVERITY_ERROR, "broken PEM block",
	    "A block of the file can't be decoded: it lacks its END line, "
	    "was cut or changed on the way, or is of a kind that TLS "
	    "libraries don't read. They refuse the whole file for it. How a "
	    "block has to look is in RFC 7468, section 3." },
	[CERT_EXPIRED] = { "CERT010", SEVERITY_ERROR, "expired",
	    "The certificate's last day is over. Clients and other servers "
	    "refuse it. See RFC 5280, sections 4.1.2.5 and 6.1.3." },
	[CERT_NOT_YET_VALID] = { "CERT011", SEVERITY_ERROR, "not yet valid",
	    "The certificate begins in the future. Until then clients and "
	    "other servers refuse it. Where it was made only now, one of "
	    "the clocks is wrong. See RFC 5280, sections 4.1.2.5 and 6.1.3." },
	[CERT_EXPIRES_SOON] = { "CERT012", SEVERITY_WARNING, "expires soon",
	    "The certificate expires within 14 days. Renew it, and let the "
	    "server read the new one. --warn-days and --fail-days set other "
	    "thresholds. See RFC 5280, section 4.1.2.5." },
	[CERT_COMMON_NAME_ONLY] = { "CERT013", SEVERITY_WARNING,
	    "names only in the common name",
	    "The certificate has no subjectAltName. Names have been read "
	    "from there alone since RFC 6125 and its successor RFC 9525; "
	    "clients that follow them find no name in this certificate. It "
	    "can still be served to those that let their users accept it by "
	    "hand." },
	[CERT_HOST_NOT_COVERED] = { "CERT014", SEVERITY_ERROR,
	    "host isn't in the certificate",
	    "A client compares the certificate with the domain of the "
	    "account (RFC 6120, section 13.7.2.1), not with the name of the "
	    "machine. The domain has to be there as a dNSName, an "
	    "id-on-xmppAddr or an id-on-dnsSRV name. The server can still "
	    "start with it, so it is a warning there." },
	[CERT_KEY_EXPOSED] = { "CERT015", SEVERITY_ERROR,
	    "key can be read or changed by others",
	    "Every user of the machine can read the private key, or replace "
	    "it, and with it stand in for the server. Take the rights of "
	    "others away; where it was exposed for long, make a new key." },
	[CERT_COSTLY_KEY] = { "CERT016", SEVERITY_INFO, "costly key",
	    "A handshake with RSA-4096 costs the server about 17 times the "
	    "CPU of one with ECDSA P-256, at no gain before the certificate "
	    "expires. When very many clients reconnect at once, that is "
	    "what they wait for." },
	[CERT_WEAK_KEY] = { "CERT017", SEVERITY_WARNING, "weak key",
	    "RSA keys under 2048 bits and curves under 256 bits can be "
	    "broken or are close to it. OpenSSL as Debian sets it up "
	    "refuses to serve them. See RFC 9325, section 4.5." },
	[CERT_WEAK_SIGNATURE] = { "CERT018", SEVERITY_WARNING, "weak signature",
	    "The certificate is signed with SHA-1 or MD5. Collisions of "
	    "both can be made, and today's TLS libraries refuse them. See "
	    "RFC 9155 and RFC 8446, section 4.2.3." },
	[CERT_LONG_VALIDITY] = { "CERT019", SEVERITY_WARNING, "valid too long",
	    "The certificate is valid for more than 825 days. Some clients' "
	    "systems refuse that even where the authority is their owner's, "
	    "and public authorities are limited to far less. See RFC 5280, "
	    "section 4.1.2.5." },
	[CERT_SEVERAL_KEYS] = { "CERT020", SEVERITY_WARNING, "several keys",
	    "The file holds more than one private key. Servers take the "
	    "first; a forgotten one does nothing but can leak." },
	[CERT_NOT_PEM] = { "CERT021", SEVERITY_ERROR, "not a PEM file",
	    "The file is DER or PKCS#12, which servers don't read: they "
	    "want PEM (RFC 7468), text between BEGIN and END lines. "
	    "xmpp-certgen check --fix converts it in place and keeps the "
	    "old file; so do openssl x509 -inform DER and openssl pkcs12 "
	    "-nodes." },
	[CERT_FOREIGN_FIRST] = { "CERT022", SEVERITY_ERROR,
	    "foreign certificate before the server's own",
	    "The first certificate of the file has nothing to do with the "
	    "private key and did not sign the one that has. Servers take "
	    "the first one as their own (RFC 8446, section 4.4.2), find "
	    "that the key doesn't fit, and don't start. Remove it, or let "
	    "xmpp-certgen check --fix do so." },
	[CERT_CHAIN_FOREIGN] = { "CERT023", SEVERITY_WARNING,
	    "foreign certificate in the chain",
	    "A certificate of the file signed none of the others. Servers "
	    "send it all the same, and strict clients refuse a chain that "
	    "isn't one (RFC 5246, section 7.4.2). Often it is the "
	    "intermediate one of another year." },
	[CERT_CHAIN_INCOMPLETE] = { "CERT024", SEVERITY_WARNING,
	    "chain incomplete",
	    "The certificate is signed by an intermediate one that isn't in "
	    "the file. Clients know the roots only; those who have not met "
	    "the intermediate one elsewhere refuse the connection (RFC "
	    "8446, section 4.4.2: each certificate should certify the one "
	    "before it). Take what the authority calls full chain. Said "
	    "only where it is certain: the certificate has the marks of a "
	    "public authority, or other authorities' certificates are in "
	    "the file." },
	[CERT_CHAIN_ORDER] = { "CERT025", SEVERITY_WARNING,
	    "chain out of order",
	    "Each certificate of the chain has to stand directly behind one "
	    "that it signed: the server's own, the one that signed it, and "
	    "so on. TLS 1.2 asks for that order (RFC 5246, section 7.4.2) "
	    "and some clients insist on it." },
	[CERT_ROOT_INCLUDED] = { "CERT026", SEVERITY_INFO,
	    "root certificate in the chain",
	    "The root itself is in the file. Clients have it or don't trust "
	    "it, so it only makes each handshake longer; RFC 8446, section "
	    "4.4.2 lets it be left out. Keep it where a TLSA record of "
	    "usage 2 (RFC 7671, section 5.2) points to it." },
	[CERT_CROSS_SIGN_EXPIRED] = { "CERT027", SEVERITY_WARNING,
	    "expired certificate at the chain's end",
	    "A certificate further up in the chain has expired. It is often "
	    "the cross-sign of a root that is known by itself today. "
	    "Clients that look no further than what is sent refuse the "
	    "chain for it, as many did in 2021. Remove it: the certificates "
	    "before it lead to a root without it or not at all." },
	[CERT_CHAIN_EXPIRED] = { "CERT028", SEVERITY_ERROR,
	    "intermediate certificate expired",
	    "The certificate that signed the server's own has expired, so "
	    "that nobody accepts what it signed (RFC 5280, section 6.1.3). "
	    "Take the authority's present one, or renew. A server about to "
	    "start can do so in spite of it, so it is a warning there." },
	[CERT_SERVICE_NOT_COVERED] = { "CERT029", SEVERITY_WARNING,
	    "a service's name isn't in the certificate",
	    "The configuration makes the server answer for this name too: "
	    "the address of a module or component such as conference., or "
	    "the name in an upload link. Other servers compare the "
	    "certificate with it (RFC 6120, section 13.7.2.1), and so do "
	    "the clients that follow the link (RFC 9110, section 4.3.4)." },
	[CERT_FOR_MACHINE] = { "CERT030", SEVERITY_ERROR,
	    "made for the machine, not for the domain",
	    "The certificate names a host below the domain, such as the one "
	    "that the SRV record points to, and not the domain. What counts "
	    "is the domain of the account, whatever machine serves it: RFC "
	    "6120, section 13.7.2.1, and section 13.9.2 on names learnt "
	    "from the DNS. Ask the authority for the domain itself; the DNS "
	    "challenge proves it where no web server can. A server about to "
	    "start can do so in spite of it, so it is a warning there." },
	[CERT_WILDCARD_BELOW] = { "CERT031", SEVERITY_ERROR,
	    "the wildcard is for names below the domain",
	    "A name such as *.example.org stands for exactly one label in "
	    "front of example.org: neither for example.org itself nor for "
	    "a.b.example.org (RFC 9525, section 6.3). Have the domain put "
	    "in beside the wildcard. A server about to start can do so in "
	    "spite of it, so it is a warning there." },
	[CERT_SRV_NAME] = { "CERT032", SEVERITY_WARNING, "malformed SRVName",
	    "An id-on-dnsSRV name has the form _xmpp-client.example.org or "
	    "_xmpp-server.example.org: no _tcp as in the DNS, A-labels for "
	    "other alphabets, type IA5String (RFC 4985, section 2; RFC "
	    "6120, section 13.7.1.2). Others match nothing." },
	[CERT_XMPP_ADDR] = { "CERT033", SEVERITY_WARNING, "malformed xmppAddr",
	    "An id-on-xmppAddr name of a server is its domain alone, "
	    "without a user or a resource, in its own alphabet rather than "
	    "in A-labels, type UTF8String (RFC 6120, section 13.7.1.4). "
	    "Others match nothing, or only for some." },
	[CERT_DNS_NAME] = { "CERT034", SEVERITY_WARNING, "malformed dNSName",
	    "A dNSName holds a host name in A-labels, without a final dot; "
	    "an asterisk may only be its whole first label (RFC 5280, "
	    "section 4.2.1.6; RFC 9525, section 6.3). An address belongs "
	    "into an iPAddress. Others match nothing." },
	[CERT_AUTHORITY] = { "CERT035", SEVERITY_WARNING,
	    "certificate of an authority as the server's own",
	    "The server's certificate is marked CA:TRUE, as openssl req "
	    "-x509 and prosodyctl make it. Whoever puts it among the "
	    "trusted ones trusts its key to sign for every name, and strict "
	    "clients refuse it as a server's (RFC 5280, section 4.2.1.9)." },
	[CERT_NO_SERVER_AUTH] = { "CERT036", SEVERITY_ERROR, "not for servers",
	    "The extended key usage has no serverAuth (RFC 5280, section "
	    "4.2.1.12), so that clients and other servers that connect "
	    "refuse the certificate. A server about to start can do so in "
	    "spite of it, so it is a warning there." },
	[CERT_NO_CLIENT_AUTH] = { "CERT037", SEVERITY_INFO,
	    "not for outgoing server connections",
	    "The extended key usage has serverAuth but not clientAuth. A "
	    "server that connects to another one is the client of TLS; "
	    "peers that insist on clientAuth (ejabberd before 25.07, "
	    "Metronome, some Openfire) refuse it there with 'unsupported "
	    "certificate purpose', or fall back to dialback (XEP-0178, "
	    "XEP-0220). Public authorities no longer put clientAuth in, so "
	    "with them there is nothing to mend: this is so that you know "
	    "the reason." },
	[CERT_KEY_USAGE] = { "CERT038", SEVERITY_WARNING,
	    "key usage without digital signature",
	    "The key usage lacks digitalSignature, which every handshake of "
	    "TLS 1.3 and all of RFC 9325's cipher suites need (RFC 5280, "
	    "section 4.2.1.3). GnuTLS and others then refuse to connect." },
	[CERT_PUBLIC_VALIDITY] = { "CERT039", SEVERITY_WARNING,
	    "valid longer than public authorities may",
	    "The certificate has the marks of a public authority, but is "
	    "valid for longer than such a one could be on the day it was "
	    "issued: 825 days from March 2018, 398 from September 2020, 200 "
	    "from 15 March 2026, 100 from 15 March 2027, 47 from 15 March "
	    "2029 (CA/Browser Forum, Baseline Requirements, section 6.3.2). "
	    "Browsers' and phones' systems refuse it. For the validity as "
	    "such see RFC 5280, section 4.1.2.5." },
	[CERT_USER_CANT_READ] = { "CERT040", SEVERITY_ERROR,
	    "the server's user can't read it",
	    "The user named by --user may not read the file, or not enter "
	    "one of the directories on the way. A server that reads it as "
	    "root at its start can't read the renewed one later; there it "
	    "is a warning. Give the file a group that the user is in and "
	    "mode 0640; for directories 0750." },
	[CERT_OPEN_DIRECTORY] = { "CERT041", SEVERITY_ERROR,
	    "directory that everybody can change",
	    "Every user of the machine can rename or replace files of a "
	    "directory on the way to the key, also where the file itself is "
	    "well protected: the server would take up a key that somebody "
	    "else has. A sticky directory such as /tmp only lets them add "
	    "files. A server about to start can do so in spite of it, so it "
	    "is a warning there." },
	[CERT_DH_PARAMETERS] = { "CERT042", SEVERITY_INFO,
	    "Diffie-Hellman parameters",
	    "Parameters for finite field Diffie-Hellman are in the file. "
	    "XMPP servers don't take them from there (ejabberd has the "
	    "option dhfile), and RFC 9325, section 4.1 wants elliptic "
	    "curves instead. Under 2048 bits they are a weakness wherever "
	    "they are used, and therefore a warning." },
	[CERT_SEVERAL_FOR_HOST] = { "CERT043", SEVERITY_WARNING,
	    "several certificates for one host",
	    "More than one file of the configuration has a certificate for "
	    "the host, with the same kind of key. Which one a server takes "
	    "depends on its version and on the order of the files; when "
	    "only one of them is renewed, the other may be served. One with "
	    "an RSA key beside one with an ECDSA key is well. Keep one file "
	    "for each host (RFC 6066, section 3 on choosing by name). Of "
	    "files that are named on the command line it is a note, as "
	    "perhaps no server has them all." },
	[CERT_MUST_STAPLE] = { "CERT044", SEVERITY_WARNING, "must-staple",
	    "The certificate promises that each handshake comes with a "
	    "fresh OCSP answer (TLS feature, RFC 7633). XMPP servers send "
	    "none, so clients that take it at its word refuse the "
	    "connection. Ask for a certificate without it." },
	[CERT_OTHER_BLOCK] = { "CERT045", SEVERITY_INFO,
	    "block that servers don't read",
	    "The file has a PEM block that is neither a certificate nor a "
	    "private key: a request, a public key, parameters, a revocation "
	    "list. Servers skip it. It does no harm beside what it may tell "
	    "others, and RFC 7468, section 5 expects none of it there." },
	[CERT_TEXT_AROUND] = { "CERT046", SEVERITY_INFO,
	    "text outside of the blocks",
	    "There are lines of text before, between or behind the PEM "
	    "blocks, as openssl pkcs12 and openssl x509 -text write them. "
	    "RFC 7468, section 2 has readers skip them, and most do." },
	[CERT_HIDDEN_BLOCK] = { "CERT047", SEVERITY_ERROR,
	    "BEGIN line that isn't seen",
	    "A BEGIN line has something before its dashes (blanks, a "
	    "quotation mark, an invisible byte order mark, U+FEFF) or goes "
	    "on behind them, as where a whole file was put on one line. "
	    "OpenSSL and others skip the block then (RFC 7468, section 2). "
	    "It often happens to what was pasted from YAML or saved by an "
	    "editor." },
	[CERT_SHARED_LINE] = { "CERT048", SEVERITY_ERROR,
	    "END and BEGIN on one line",
	    "Two files were put together of which the first had no line "
	    "feed at its end, so that the END of one block and the BEGIN of "
	    "the next share a line (RFC 7468, section 3). Readers then miss "
	    "both blocks or refuse the file." },
	[CERT_DUPLICATE_BLOCK] = { "CERT049", SEVERITY_WARNING,
	    "the same certificate twice",
	    "A certificate stands in the file more than once, as happens "
	    "when a full chain is put behind the certificate that it begins "
	    "with. Servers send it twice, and strict clients refuse a chain "
	    "in which a certificate doesn't certify the one before it (RFC "
	    "5246, section 7.4.2)." },
	[CERT_CRLF] = { "CERT050", SEVERITY_INFO, "lines end as on Windows",
	    "Lines of the file end in CR LF. RFC 7468, section 3 allows it "
	    "and today's readers take it, but some scripts that put files "
	    "together don't." },
	[CERT_RARE_KEY] = { "CERT051", SEVERITY_WARNING, "key that few can use",
	    "The key is of a kind that clients hardly know: DSA (gone from "
	    "TLS since RFC 8446), secp256k1, Brainpool, Ed448. Those who "
	    "don't can't connect." },
	[CERT_CRITICAL_EXTENSION] = { "CERT052", SEVERITY_WARNING,
	    "unknown critical extension",
	    "The certificate has an extension that is marked critical and "
	    "that OpenSSL doesn't know. Clients have to refuse a "
	    "certificate in which they don't understand something critical "
	    "(RFC 5280, section 4.2)." },
	[CERT_NAME_CONSTRAINTS] = { "CERT053", SEVERITY_WARNING,
	    "name that its authority may not sign",
	    "An authority in the chain is limited to certain names (name "
	    "constraints, RFC 5280, section 4.2.1.10), and the server's "
	    "certificate has others. Clients refuse it." },
	[CERT_NOT_AUTHORITY] = { "CERT054", SEVERITY_WARNING,
	    "signed by what is no authority",
	    "A certificate in the chain signed another one without the "
	    "right to: it isn't marked CA:TRUE, its key usage doesn't allow "
	    "it, or more authorities stand below it than its path length "
	    "admits (RFC 5280, sections 4.2.1.3 and 4.2.1.9). Clients "
	    "refuse the chain." },
	[CERT_TOO_MANY_HOSTS] = { "CERT080", SEVERITY_ERROR, "too many hosts",
	    "A certificate is sent in every handshake, and peers limit what "
	    "they read: OpenSSL takes 100 KiB of certificates, Java 32 KiB, "
	    "unless somebody raised that. A host takes 150 bytes and more, "
	    "so one certificate is made for 500 hosts at most. A file for "
	    "each host (--per-host) makes handshakes shorter too." },
	[CERT_RULE_COUNT] = { 0 },
};

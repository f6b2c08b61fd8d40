#include "certgen/rules.h"

#include <stddef.h>

const struct rule certgen_rules[CERT_RULE_COUNT + 1] = {
	[CERT_UNREADABLE] = { "CERT001", SEVERITY_ERROR, "file can't be read",
	    "The configuration names a PEM file that isn't there or that the "
	    "user who runs the program may not read. Without it there is no "
	    "TLS. Make one with xmpp-certgen self-signed, correct the path, "
	    "or give the server's user the right to read it." },
	[CERT_NOT_REGULAR] = { "CERT002", SEVERITY_ERROR, "not a regular file",
	    "A PEM must be a regular file: a directory, a pipe or a device "
	    "can't be read again when the server reloads." },
	[CERT_TOO_LARGE] = { "CERT003", SEVERITY_ERROR, "file too large",
	    "A PEM holds one certificate, its chain and a key. A file over "
	    "1 MiB or of more than 64 blocks is something else: often a "
	    "bundle of all known authorities, which doesn't belong here." },
	[CERT_NO_CERTIFICATE] = { "CERT004", SEVERITY_ERROR, "no certificate",
	    "The file has no CERTIFICATE block. A combined PEM has the "
	    "server's certificate first, then the intermediate ones, then the "
	    "private key. DER and PKCS#12 files have to be converted." },
	[CERT_NO_KEY] = { "CERT005", SEVERITY_ERROR, "no private key",
	    "The file has no private key block. ejabberd's certfile options "
	    "name one file that holds both, so the key has to be appended to "
	    "the certificate." },
	[CERT_KEY_MISMATCH] = { "CERT006", SEVERITY_ERROR,
	    "key doesn't belong to the certificate",
	    "The private key belongs to none of the certificates in the file, "
	    "so no handshake can succeed. This happens when a certificate is "
	    "renewed with a new key and only one of the two was copied." },
	[CERT_LEAF_NOT_FIRST] = { "CERT007", SEVERITY_ERROR,
	    "another certificate stands before the server's own",
	    "Servers take the first certificate of the file as their own and "
	    "the others as its chain. Here the key belongs to a later one: "
	    "put that one first, then the intermediate certificates in order, "
	    "each before the one that signed it." },
	[CERT_KEY_ENCRYPTED] = { "CERT008", SEVERITY_ERROR, "encrypted key",
	    "The private key is protected by a passphrase. A server that "
	    "starts unattended has nobody to ask; keep the key unencrypted in "
	    "a file that only the server's user can read." },
	[CERT_BROKEN_BLOCK] = { "CERT009", SEVERITY_ERROR, "broken PEM block",
	    "A block of the file can't be decoded: it lacks its END line, was "
	    "cut or changed on the way, or is of a kind that TLS libraries "
	    "don't read. They refuse the whole file for it." },
	[CERT_EXPIRED] = { "CERT010", SEVERITY_ERROR, "expired",
	    "The certificate's last day is over. Clients and other servers "
	    "refuse it." },
	[CERT_NOT_YET_VALID] = { "CERT011", SEVERITY_ERROR, "not yet valid",
	    "The certificate begins in the future. Until then clients and "
	    "other servers refuse it. Where it was made only now, one of the "
	    "clocks is wrong." },
	[CERT_EXPIRES_SOON] = { "CERT012", SEVERITY_WARNING, "expires soon",
	    "The certificate expires within 14 days. Renew it, and let the "
	    "server read the new one." },
	[CERT_COMMON_NAME_ONLY] = { "CERT013", SEVERITY_WARNING,
	    "names only in the common name",
	    "The certificate has no subjectAltName. Names have been read from "
	    "there alone since RFC 6125 and its successor RFC 9525; clients "
	    "that follow them find no name in this certificate. It can still "
	    "be served to those that let their users accept it by hand." },
	[CERT_HOST_NOT_COVERED] = { "CERT014", SEVERITY_ERROR,
	    "host isn't in the certificate",
	    "A client compares the certificate with the domain of the account "
	    "(RFC 6120, section 13.7.2.1), not with the name of the machine. "
	    "The domain has to be there as a dNSName, an id-on-xmppAddr or an "
	    "id-on-dnsSRV name. The server can still start with it, so it is "
	    "a warning there." },
	[CERT_KEY_EXPOSED] = { "CERT015", SEVERITY_ERROR,
	    "key can be read or changed by others",
	    "Every user of the machine can read the private key, or replace "
	    "it, and with it stand in for the server. Take the rights of "
	    "others away; where it was exposed for long, make a new key." },
	[CERT_COSTLY_KEY] = { "CERT016", SEVERITY_INFO, "costly key",
	    "A handshake with RSA-4096 costs the server about 17 times the "
	    "CPU of one with ECDSA P-256, at no gain before the certificate "
	    "expires. When very many clients reconnect at once, that is what "
	    "they wait for." },
	[CERT_WEAK_KEY] = { "CERT017", SEVERITY_WARNING, "weak key",
	    "RSA keys under 2048 bits and curves under 256 bits can be broken "
	    "or are close to it. OpenSSL as Debian sets it up refuses to "
	    "serve them." },
	[CERT_WEAK_SIGNATURE] = { "CERT018", SEVERITY_WARNING, "weak signature",
	    "The certificate is signed with SHA-1 or MD5. Collisions of both "
	    "can be made, and today's TLS libraries refuse them." },
	[CERT_LONG_VALIDITY] = { "CERT019", SEVERITY_WARNING, "valid too long",
	    "The certificate is valid for more than 825 days. Some clients' "
	    "systems refuse that even where the authority is their owner's, "
	    "and public authorities are limited to far less." },
	[CERT_SEVERAL_KEYS] = { "CERT020", SEVERITY_WARNING, "several keys",
	    "The file holds more than one private key. Servers take the "
	    "first; a forgotten one does nothing but can leak." },
	[CERT_RULE_COUNT] = { 0 },
};

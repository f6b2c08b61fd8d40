"""One PEM or more for each fault, made on the spot, with what is said of it.

A finding is written RULE, severity, number of the block it points to (0: the
file as a whole, -N: line N), and perhaps words that are said.
"""

import os

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from forge import (
    EKU, IA5, NOW, PUBLIC, UTF8, Issuer, certificate, dns, key, locked, name,
    old_key, openssl, pem, policy, raw, srv, usage, xmpp)

import datetime

CASES = []
HOST = ("--host", "example.org")


class Case:
    """files: name -> text or bytes; findings: of x.pem unless NAME:RULE."""

    def __init__(self, title, files, findings=(), args=HOST, prepare=None,
                 paths=("x.pem",), status=None):
        self.title, self.args, self.paths = title, args, paths
        self.files = files if isinstance(files, dict) else {"x.pem": files}
        self.findings, self.prepare = findings, prepare
        self.status = status


def case(title, files, *findings, **more):
    CASES.append(Case(title, files, findings, **more))


def own(**more):
    """A faultless certificate with what is asked for, and its key."""
    more.setdefault("subject_key", key())
    return pem(certificate(**more), more["subject_key"])


# --- nothing to say -----------------------------------------------------------
root = Issuer("Test Root")
middle = Issuer("Test Intermediate", root, path_length=0)
leaf = middle.sign(key())
public = middle.sign(key(), days=90, extra=[PUBLIC])
LOGS = raw("1.3.6.1.4.1.11129.2.4.2", b"\x04\x02\x00\x00")

case("self-signed", own())
case("key first", pem(key(), certificate(key())))
case("P-384", own(subject_key=key("a", "p384")))
case("Ed25519", own(subject_key=key("a", "ed25519")))
case("RSA-2048", own(subject_key=key("a", "rsa2048")))
case("old kinds of key blocks", pem(
    certificate(key("a", "rsa2048")), old_key(key("a", "rsa2048"))))
case("old EC key", pem(certificate(key()), old_key(key())))
case("an own authority's, without its root", pem(root.sign(key()), key()))
case("an intermediate one between", pem(leaf, middle, key()))
case("a public one with its chain", pem(public, middle, key()))
case("public, valid as long as it may", pem(
    middle.sign(key(), days=199, extra=[PUBLIC]), middle, key()))
case("public before the limits of today", pem(
    middle.sign(key(), days=398, extra=[PUBLIC],
                start=datetime.datetime(2026, 1, 10)), middle, key()))
case("a cross-signed root", pem(
    leaf, middle, Issuer("Test Root", Issuer("Older Root"),
                         key_name="Test Root"), key()))
case("names of every form", own(names=[
    dns("example.org"), xmpp("example.org"), srv("_xmpp-client.example.org"),
    srv("_xmpp-server.example.org"), srv("_imap.example.org"),
    dns("*.example.org"), dns("xn--bcher-kva.example"),
    xmpp("b\u00fccher.example"),
    x509.IPAddress(__import__("ipaddress").ip_address("192.0.2.1"))]),
    args=HOST + ("--host", "b\u00fccher.example", "--host",
                 "conference.example.org", "--host", "192.0.2.1"))
case("any extended key usage", own(usages=(EKU.ANY_EXTENDED_KEY_USAGE,)))
case("no extended key usage", own(usages=()))

# --- the file -----------------------------------------------------------------
case("not there", {}, ("CERT001", "e", 0, "can't be read: No such file"),
     status=2)
case("a directory", {}, ("CERT002", "e", 0, "no regular file"),
     prepare=lambda here: os.mkdir("x.pem"), status=2)
case("too large", own() + "\n" * (1 << 20), ("CERT003", "e", 0, "bytes"))
case("a bundle", pem(*[certificate(key("k%d" % (i % 4))) for i in range(65)]),
     ("CERT003", "e", 0, "more than 64 PEM blocks"))
case("no certificate", pem(key()), ("CERT004", "e", 0, "no certificate"))
case("no key", pem(certificate(key())), ("CERT005", "e", 0, "no private key"))
case("of nothing", "hello\n", ("CERT004", "e", 0), ("CERT005", "e", 0))
case("DER", {"x.pem": certificate(key()).public_bytes(
    serialization.Encoding.DER)}, ("CERT021", "e", 0, "is DER and not PEM"))
case("PKCS#12", {"x.pem": pkcs12.serialize_key_and_certificates(
    b"x", key(), certificate(key()), None, serialization.NoEncryption())},
    ("CERT021", "e", 0, "is PKCS#12 and not PEM"))
case("CR LF", own().replace("\n", "\r\n"), ("CERT050", "i", -1))
case("text around", "Bag Attributes\n    friendlyName: x\n" + own(),
     ("CERT046", "i", -1))
case("a byte order mark", "\ufeff" + own(),
     ("CERT047", "e", -1, "invisible byte order mark"),
     ("CERT004", "e", 0))
case("indented as in YAML",
     "  " + pem(certificate(key())).replace("\n", "\n  ") + "\n" + pem(key()),
     ("CERT047", "e", -1, "something before its dashes"),
     ("CERT004", "e", 0))
case("put on one line", own().replace("\n", " "),
     ("CERT047", "e", -1, "goes on behind its dashes"),
     ("CERT004", "e", 0), ("CERT005", "e", 0))
case("lines of an old Mac", own().replace("\n", "\r"),
     ("CERT047", "e", -1, "goes on behind its dashes"),
     ("CERT050", "i", -1), ("CERT004", "e", 0), ("CERT005", "e", 0))
case("END and BEGIN on one line", own().replace(
    "CERTIFICATE-----\n-----BEGIN", "CERTIFICATE----------BEGIN"),
    ("CERT048", "e", 1), ("CERT005", "e", 0))
case("cut", own()[:-30], ("CERT009", "e", 2, "no END line of its own"))
case("changed on the way", own().replace("MII", "MI!", 1),
     ("CERT009", "e", 1, "can't be decoded"))
case("a broken key", pem(certificate(key())) + pem(key()).replace(
    "MIGH", "AAAA"), ("CERT009", "e", 2, "the PRIVATE KEY block"))
case("DH parameters", own() + openssl("genpkey", "-genparam", "-algorithm",
                                      "DH", "-pkeyopt", "group:ffdhe2048"),
     ("CERT042", "i", 3))
case("short DH parameters", own() + """-----BEGIN DH PARAMETERS-----
MEYCQQDaWDwW2YUiidDkr3VvTMqS3UvlM7gE+w/tlO+cikQD7VdGUNNpmdsp13Yn
a6LT1BLiGPTdHghM9tgAPnxHdOgzAgEC
-----END DH PARAMETERS-----
""", ("CERT042", "w", 3, "less than 2048 bits"))
case("a request", own() + """-----BEGIN CERTIFICATE REQUEST-----
AAAA
-----END CERTIFICATE REQUEST-----
""", ("CERT045", "i", 3, "CERTIFICATE REQUEST"))
case("curve parameters", """-----BEGIN EC PARAMETERS-----
BggqhkjOPQMBBw==
-----END EC PARAMETERS-----
""" + own(), ("CERT045", "i", 1, "EC PARAMETERS"))

# --- the key ------------------------------------------------------------------
case("another key", pem(certificate(key()), key("b")),
     ("CERT006", "e", 2, "doesn't belong"))
case("another RSA key", pem(certificate(key("a", "rsa2048")),
                            key("b", "rsa2048")), ("CERT006", "e", 2))
case("another Ed25519 key", pem(certificate(key("a", "ed25519")),
                                key("b", "ed25519")), ("CERT006", "e", 2))
case("encrypted", pem(certificate(key())) + locked(key(), "secret"),
     ("CERT008", "e", 2, "encrypted"))
case("encrypted in the old way", pem(certificate(key("a", "rsa2048"))) +
     openssl("rsa", "-aes128", "-traditional", "-passout", "pass:secret",
             text=pem(key("a", "rsa2048"))), ("CERT008", "e", 2))
case("two keys", own() + pem(key("b")), ("CERT020", "w", 3))
case("RSA-4096", own(subject_key=key("a", "rsa4096")), ("CERT016", "i", 1))
case("RSA-1024", own(subject_key=key("a", "rsa1024")),
     ("CERT017", "w", 1, "RSA-1024"))
case("secp256k1", own(subject_key=key("a", "k1")), ("CERT051", "w", 1))
case("Ed448", own(subject_key=key("a", "ed448")), ("CERT051", "w", 1))
case("SHA-1", {"x.pem": pem(key()) + openssl(
    "req", "-x509", "-sha1", "-key", "/dev/stdin", "-days", "90", "-subj",
    "/CN=example.org", "-addext", "subjectAltName=DNS:example.org", "-addext",
    "basicConstraints=critical,CA:FALSE", text=pem(key()))},
    ("CERT018", "w", 2, "SHA1"))
case("MD5", {"x.pem": pem(key("a", "rsa2048")) + openssl(
    "req", "-x509", "-md5", "-key", "/dev/stdin", "-days", "90", "-subj",
    "/CN=example.org", "-addext", "subjectAltName=DNS:example.org", "-addext",
    "basicConstraints=critical,CA:FALSE", text=pem(key("a", "rsa2048")))},
    ("CERT018", "w", 2, "MD5"))

# --- the dates ----------------------------------------------------------------
case("expired", own(begin=-100), ("CERT010", "e", 1, "expired on"))
case("not yet valid", own(begin=3), ("CERT011", "e", 1, "isn't valid before"))
case("expires soon", own(begin=-80), ("CERT012", "w", 1))
case("expires in 30 days", own(begin=-60))
case("warned earlier", own(begin=-60), ("CERT012", "w", 1),
     args=HOST + ("--warn-days", "40"))
case("failed earlier", own(begin=-80), ("CERT012", "e", 1),
     args=HOST + ("--fail-days", "12"))
case("825 days", own(days=825))
case("826 days", own(days=826), ("CERT019", "w", 1, "826 days"))
case("20 years", own(days=7300), ("CERT019", "w", 1, "7300 days"))
case("public for 201 days", pem(
    middle.sign(key(), days=201, extra=[PUBLIC]), middle, key()),
    ("CERT039", "w", 1, "for 201 days, and a public one of its day may be "
     "for 200"))
case("public by its logs", pem(
    middle.sign(key(), days=201, extra=[LOGS]), middle, key()),
    ("CERT039", "w", 1))
case("public of early 2026", pem(
    middle.sign(key(), days=399, extra=[PUBLIC],
                start=datetime.datetime(2026, 3, 14)), middle, key()),
    ("CERT039", "w", 1, "may be for 398"))
case("public of 2027", pem(
    middle.sign(key(), days=101, extra=[PUBLIC],
                start=datetime.datetime(2027, 3, 15)), middle, key()),
    ("CERT039", "w", 1, "may be for 100"), ("CERT011", "e", 1))
case("public of 2029", pem(
    middle.sign(key(), days=48, extra=[PUBLIC],
                start=datetime.datetime(2029, 3, 15)), middle, key()),
    ("CERT039", "w", 1, "may be for 47"), ("CERT011", "e", 1))

# --- the chain ----------------------------------------------------------------
case("leaf behind its chain", pem(middle, leaf, key()),
     ("CERT007", "e", 1, "isn't the one of the private key"))
case("foreign before the leaf", pem(certificate(key("b"), "other.example"),
                                    leaf, middle, key()),
     ("CERT022", "e", 1, "other.example"))
case("foreign in the chain", pem(
    leaf, middle, Issuer("Last Year's Intermediate", root), key()),
    ("CERT023", "w", 3, "Last Year's Intermediate"))
case("foreign of the same name", pem(
    leaf, Issuer("Test Intermediate", root, key_name="b"), middle, key()),
    ("CERT023", "w", 2))
case("foreign of the same name without identifiers", pem(
    middle.sign(key(), identifiers=False),
    Issuer("Test Intermediate", root, key_name="b"), middle, key()),
    ("CERT023", "w", 2))
case("public without its chain", pem(public, key()),
     ("CERT024", "w", 1, "Test Intermediate"))
case("the wrong intermediate one", pem(
    leaf, Issuer("Other Intermediate", root), key()),
    ("CERT024", "w", 1, "Test Intermediate"), ("CERT023", "w", 2))
upper = Issuer("Test Upper", root)
lower = Issuer("Test Lower", upper)
case("out of order", pem(lower.sign(key()), upper, lower, key()),
     ("CERT025", "w", 2, "Test Upper"))
case("root before the intermediate", pem(leaf, root, middle, key()),
     ("CERT025", "w", 2), ("CERT026", "i", 2))
case("with its root", pem(leaf, middle, root, key()),
     ("CERT026", "i", 3, "Test Root"))
case("an expired cross-sign", pem(
    leaf, middle, Issuer("Test Root", Issuer("Older Root"), begin=-100,
                         key_name="Test Root"), key()),
    ("CERT027", "w", 3, "Test Root"))
case("an expired root", pem(
    Issuer("Old Intermediate", Issuer("Old Root", begin=-100)).sign(key()),
    Issuer("Old Intermediate", Issuer("Old Root", begin=-100)),
    Issuer("Old Root", begin=-100), key()), ("CERT027", "w", 3))
case("an expired intermediate", pem(
    Issuer("Old Intermediate", root, begin=-100).sign(key()),
    Issuer("Old Intermediate", root, begin=-100), key()),
    ("CERT028", "e", 2, "Old Intermediate"))
case("an intermediate that expires soon", pem(
    Issuer("Old Intermediate", root, begin=-80).sign(key()),
    Issuer("Old Intermediate", root, begin=-80), key()),
    ("CERT012", "w", 2, "Old Intermediate"))
case("twice", pem(leaf, leaf, middle, key()),
     ("CERT049", "w", 2, "example.org"))
case("an intermediate twice", pem(leaf, middle, middle, key()),
     ("CERT049", "w", 3))
nobody = Issuer("No Authority", root, ca=False)
case("signed by no authority", pem(nobody.sign(key()), nobody, key()),
     ("CERT054", "w", 2, "isn't marked CA:TRUE"))
short = Issuer("Short Path", root, path_length=0)
below = Issuer("Below It", short)
case("path length", pem(below.sign(key()), below, short, key()),
     ("CERT054", "w", 3, "path length"))
unable = Issuer("May Not Sign", root, key_usage=usage(True, False))
case("key usage of an authority", pem(unable.sign(key()), unable, key()),
     ("CERT054", "w", 2, "key usage"))
limited = Issuer("For Example Net", root, extra=[(x509.NameConstraints(
    [dns("example.net")], None), True)])
case("beyond name constraints", pem(limited.sign(key()), limited, key()),
     ("CERT053", "w", 1, "For Example Net"))
within = Issuer("For Example Org", root, extra=[(x509.NameConstraints(
    [dns("example.org")], None), True)])
case("within name constraints", pem(within.sign(key()), within, key()))

# --- what it is for -----------------------------------------------------------
case("of an authority", own(ca=True, key_usage=usage(True, True)),
     ("CERT035", "w", 1, "CA:TRUE"))
case("as openssl req -x509 makes it", {"x.pem": pem(key()) + openssl(
    "req", "-x509", "-key", "/dev/stdin", "-days", "90", "-subj",
    "/CN=example.org", "-addext", "subjectAltName=DNS:example.org",
    text=pem(key()))}, ("CERT035", "w", 2))
case("clients only", own(usages=(EKU.CLIENT_AUTH,)),
     ("CERT036", "e", 1, "serverAuth"))
case("servers only", own(usages=(EKU.SERVER_AUTH,)),
     ("CERT037", "i", 1, "clientAuth"))
case("key usage", own(key_usage=usage(False)),
     ("CERT038", "w", 1, "digitalSignature"))
case("must-staple", own(extra=[(x509.TLSFeature(
    [x509.TLSFeatureType.status_request]), False)]), ("CERT044", "w", 1))
case("a critical extension", own(extra=[raw("1.2.3.4", b"\x05\x00", True)]),
     ("CERT052", "w", 1))
case("an unknown extension", own(extra=[raw("1.2.3.4", b"\x05\x00")]))

# --- names --------------------------------------------------------------------
case("common name only", own(names=()),
     ("CERT013", "w", 1, 'common name "example.org"'))
case("another host", own(), ("CERT014", "e", 1, "doesn't cover example.net"),
     args=HOST + ("--host", "example.net"))
case("for servers only", own(names=[srv("_xmpp-server.example.org")]),
     ("CERT014", "e", 1, "for servers only, not for clients"))
case("for clients only", own(names=[srv("_xmpp-client.example.org")]),
     ("CERT014", "e", 1, "for clients only, not for servers"))
case("for the machine", own(names=[dns("xmpp.example.org")]),
     ("CERT030", "e", 1,
      "is for xmpp.example.org; it must be for example.org"))
case("below a host that is covered", own(names=[dns("im.example.org")]),
     ("CERT014", "e", 1, "doesn't cover example.org"),
     args=HOST + ("--host", "im.example.org"))
case("wildcard alone", own(names=[dns("*.example.org")]),
     ("CERT031", "e", 1, "*.example.org"))
case("wildcard over two levels", own(names=[dns("*.org.example")]),
     ("CERT014", "e", 1), args=("--host", "a.b.org.example"))
case("_tcp in an SRVName", own(names=[
    dns("example.org"), srv("_xmpp-client._tcp.example.org")]),
    ("CERT032", "w", 1, "no _tcp"))
case("SRVName without a service", own(names=[
    dns("example.org"), srv("example.org")]), ("CERT032", "w", 1))
case("SRVName of another type", own(names=[
    dns("example.org"), srv("_xmpp-client.example.org", UTF8)]),
    ("CERT032", "w", 1, "IA5String"))
case("xmppAddr with a user", own(names=[
    dns("example.org"), xmpp("admin@example.org")]),
    ("CERT033", "w", 1, "neither a user"))
case("xmppAddr in A-labels", own(names=[
    dns("example.org"), xmpp("xn--bcher-kva.example")]),
    ("CERT033", "w", 1, "own alphabet"))
case("xmppAddr of another type", own(names=[
    dns("example.org"), xmpp("example.org", IA5)]),
    ("CERT033", "w", 1, "UTF8String"))
case("dNSName with a final dot", own(names=[
    dns("example.org"), dns("example.net.")]), ("CERT034", "w", 1, "a dot"))
case("address as dNSName", own(names=[
    dns("example.org"), dns("192.0.2.1")]), ("CERT034", "w", 1, "iPAddress"))
case("asterisk within", own(names=[
    dns("example.org"), dns("x*.example.org")]),
    ("CERT034", "w", 1, "asterisk"))
case("several malformed", own(names=[
    dns("example.org"), dns("a.*.example"), dns("b.*.example")]),
    ("CERT034", "w", 1, "like another one"))

# --- rights -------------------------------------------------------------------


def opened(path, mode):
    """Everybody can enter the folder; then the mode of path."""
    def prepare(here):
        os.chmod(here, 0o755)
        os.chmod(path, mode)
    return prepare


def linked(here):
    os.chmod(here, 0o755)
    os.mkdir("store", 0o755)
    os.rename("x.pem", "store/real.pem")
    os.chmod("store/real.pem", 0o644)
    os.symlink("store/real.pem", "x.pem")


def hidden(here):
    os.chmod(here, 0o755)
    os.mkdir("store", 0o700)
    os.rename("x.pem", "store/real.pem")
    os.chmod("store/real.pem", 0o644)
    os.symlink("store/real.pem", "x.pem")


def shared_folder(here):
    os.chmod(here, 0o755)
    os.mkdir("store")
    os.chmod("store", 0o777)
    os.rename("x.pem", "store/x.pem")


def link_in_shared_folder(here):
    os.chmod(here, 0o755)
    os.mkdir("store")
    os.chmod("store", 0o777)
    os.symlink("../x.pem", "store/x.pem")


NOBODY = HOST + ("--user", "nobody")
case("readable by all", own(), ("CERT015", "e", 2, "can read"),
     prepare=opened("x.pem", 0o644))
case("writable by all", own(), ("CERT015", "e", 2, "can change"),
     prepare=opened("x.pem", 0o602))
case("readable by its group", own(), prepare=opened("x.pem", 0o640))
case("a link to what all can read", own(),
     ("CERT015", "e", 2, "store/real.pem, where the symbolic link leads"),
     prepare=linked)
case("readable in a closed directory", own(), prepare=hidden)
case("a certificate that all can read", pem(certificate(key())),
     ("CERT005", "e", 0), prepare=opened("x.pem", 0o644))
case("in a directory that all can change", own(),
     ("store/x.pem:CERT041", "e", 2, "rights of"), prepare=shared_folder,
     paths=("store/x.pem",))
case("a link in a directory that all can change", own(),
     ("store/x.pem:CERT041", "e", 2), prepare=link_in_shared_folder,
     paths=("store/x.pem",))
case("the user can't read it", own(),
     ("CERT040", "e", 0, "nobody can't read the file"), args=NOBODY,
     prepare=opened("x.pem", 0o640))
case("the user can't get there", own(),
     ("CERT040", "e", 0, "nobody can't enter"), args=NOBODY, prepare=hidden)
case("the user can read it", pem(certificate(key())), ("CERT005", "e", 0),
     args=NOBODY, prepare=opened("x.pem", 0o644))

# --- certificate and key in files of their own --------------------------------
case("as certbot has them", {
    "fullchain.pem": pem(public, middle), "privkey.pem": pem(key())},
    paths=("fullchain.pem", "privkey.pem"))
case("the key first", {
    "x.key": pem(key()), "x.crt": pem(public, middle),
    "y.key": pem(key("b", "rsa2048")), "y.crt": pem(certificate(
        key("b", "rsa2048"), "example.org"))},
    paths=("x.key", "y.key", "x.crt", "y.crt"))
case("that don't fit", {"x.pem": pem(certificate(key())),
                        "x.key": pem(key("b"))},
     ("CERT006", "e", -14), paths=("x.key", "x.pem"))
case("whose key all can read", {"x.pem": pem(certificate(key())),
                                "x.key": pem(key())},
     ("x.key:CERT015", "e", 1), paths=("x.pem", "x.key"),
     prepare=opened("x.key", 0o644))

# --- of a configuration -------------------------------------------------------
CFG = """{hosts, ["example.org"]}.
{listen, [{5222, ejabberd_c2s, [{certfile, "x.pem"}, starttls]},
          {5269, ejabberd_s2s_in, []}]}.
{s2s_use_starttls, true}.
{s2s_certfile, "x.pem"}.
{modules, [{mod_muc, []}]}.
"""
case("a component's name", {"x.cfg": CFG, "x.pem": own()},
     ("CERT029", "w", 1, "conference.example.org, the address of mod_muc"),
     args=("--config", "x.cfg"), paths=())
case("a component's name is there", {"x.cfg": CFG, "x.pem": own(
    names=[dns("example.org"), srv("_xmpp-server.conference.example.org")])},
    args=("--config", "x.cfg"), paths=())
YML = """hosts: [example.org]
certfiles: [%s]
listen:
  - port: 5222
    module: ejabberd_c2s
"""
case("two for one host", {
    "x.yml": YML % "a.pem, x.pem", "a.pem": own(), "x.pem": own()},
    ("CERT043", "w", 1, "another file has a certificate for example.org"),
    args=("--config", "x.yml"), paths=())
case("a key of its own that all can read", {
    "x.yml": YML % "cert.pem, key.pem", "cert.pem": pem(certificate(key())),
    "key.pem": pem(key())}, ("key.pem:CERT015", "e", 1),
    args=("--config", "x.yml"), paths=(),
    prepare=opened("key.pem", 0o644))
case("a file that isn't there", {"x.cfg": CFG},
     ("CERT001", "e", 0), args=("--config", "x.cfg"), paths=())
case("a configuration with other faults", {
    "x.cfg": CFG + "{hosts, []}.\n", "x.pem": own(
        names=[dns("example.org"), dns("conference.example.org")])},
    args=("--config", "x.cfg"), paths=())
case("two files for one host", {"x.pem": own(), "y.pem": own()},
     ("y.pem:CERT043", "i", 1), paths=("x.pem", "y.pem"))
case("the same in two files", {"x.pem": pem(leaf, middle, key()),
                               "y.pem": pem(leaf, middle, key())},
     paths=("x.pem", "y.pem"))
case("RSA beside ECDSA", {
    "x.yml": YML % "a.pem, x.pem", "a.pem": own(),
    "x.pem": own(subject_key=key("a", "rsa2048"))},
    args=("--config", "x.yml"), paths=())

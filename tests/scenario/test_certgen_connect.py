#!/usr/bin/python3 -B
# timeout: 180
"""xmpp-certgen check --connect against xmppd, OpenSSL's s_server, and a server
that misbehaves in every way before, at and behind STARTTLS."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import warnings

from xmpp_client import BIN, GUARD, Server, binaries

CERTGEN = os.path.join(BIN, "xmpp-certgen")
TLS = "urn:ietf:params:xml:ns:xmpp-tls"
HEAD = (b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='1' "
        b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>")
REQUIRED = (b"<stream:features><starttls xmlns='%s'><required/></starttls>"
            b"</stream:features>" % TLS.encode())
OPTIONAL = (b"<stream:features><starttls xmlns='%s'/><mechanisms "
            b"xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN"
            b"</mechanism></mechanisms></stream:features>" % TLS.encode())
PROCEED = b"<proceed xmlns='%s'/>" % TLS.encode()


def check(port, *arguments, environment=None, host="localhost"):
    """(exit status, what was found as `severity rule message` lines)."""
    run = subprocess.run(
        [CERTGEN, "check", "--format", "gcc", "--connect",
         "%s:%d" % (host, port), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        stdin=subprocess.DEVNULL, timeout=GUARD,
        env=dict(os.environ, **(environment or {})))
    lines = []
    for line in run.stdout.splitlines():
        found = re.fullmatch(r"(\S+): (\w+): (.*) \[(\w+)\]", line)
        assert found, run.stdout
        lines.append("%s %s %s" % (found[2], found[4], found[3]))
    return run.returncode, lines


class Peer:
    """A server of this test: each connection is given to a function."""

    def __init__(self, serve, address=("127.0.0.1", 0)):
        self.serve = serve
        self.heard = []
        self.listener = socket.create_server(
            address, family=socket.AF_INET6 if ":" in address[0]
            else socket.AF_INET)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            try:
                link, _ = self.listener.accept()
            except OSError:
                return
            link.settimeout(GUARD)
            try:
                self.serve(self, link)
            except OSError:
                pass
            link.close()

    def close(self):
        self.listener.close()


def hear(peer, link):
    """The next thing that is said."""
    got = link.recv(4096)
    peer.heard.append(got)
    return got


def until_gone(link):
    while link.recv(4096):
        pass


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        binaries("xmpp-certgen")
        cls.room = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.room)
        cls.pem = cls.make("s.pem", "--host", "localhost", "--host",
                           "bücher.example", "--key", "rsa-2048")

    @classmethod
    def make(cls, name, *arguments):
        path = os.path.join(cls.room, name)
        subprocess.run([CERTGEN, "self-signed", "--out", path, *arguments],
                       check=True, stdout=subprocess.DEVNULL, timeout=GUARD)
        return path

    def peer(self, serve):
        peer = Peer(serve)
        self.addCleanup(peer.close)
        return peer

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem)
        return context

    def good(self, context, features=REQUIRED):
        def serve(peer, link):
            hear(peer, link)
            link.sendall(HEAD + features)
            hear(peer, link)
            link.sendall(PROCEED)
            with context.wrap_socket(link, server_side=True) as wrapped:
                until_gone(wrapped)
        return self.peer(serve)

    # --- what is well -------------------------------------------------------

    def test_starttls(self):
        peer = self.good(self.context())
        status, found = check(peer.port, "--starttls", "c2s")
        self.assertEqual((status, found), (0, [
            "warning CERT110 the certificate signs itself, so nobody vouches "
            "for it"]))
        self.assertIn(b"xmlns='jabber:client'", peer.heard[0])
        self.assertIn(b"to='localhost'", peer.heard[0])
        peer.heard.clear()
        check(peer.port, "--starttls", "s2s")
        self.assertIn(b"xmlns='jabber:server'", peer.heard[0])

    def test_trusted(self):
        peer = self.good(self.context())
        self.assertEqual((0, []), check(
            peer.port, "--starttls", "c2s",
            environment={"SSL_CERT_FILE": self.pem}))

    def test_byte_by_byte(self):
        context = self.context()

        def serve(peer, link):
            hear(peer, link)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in HEAD + REQUIRED:
                link.sendall(bytes([byte]))
            hear(peer, link)
            for byte in PROCEED:
                link.sendall(bytes([byte]))
            with context.wrap_socket(link, server_side=True) as wrapped:
                until_gone(wrapped)
        self.assertEqual(check(self.peer(serve).port, "--starttls", "c2s")[0],
                         0)

    def test_domain(self):
        """The domain is asked for in Unicode, and in ASCII by SNI."""
        context, names = self.context(), []
        context.sni_callback = lambda link, name, of: names.append(name)
        peer = self.good(context)
        status, found = check(peer.port, "--starttls", "s2s", "--host",
                              "xn--bcher-kva.example", host="127.0.0.1")
        self.assertEqual(status, 0, found)
        self.assertIn("to='bücher.example'".encode(), peer.heard[0])
        self.assertEqual(names[0], "xn--bcher-kva.example")
        # An address is no name for SNI.
        names.clear()
        check(peer.port, "--starttls", "c2s", host="127.0.0.1")
        self.assertEqual(names[0], None)

    def test_days(self):
        peer = self.good(self.context())
        status, found = check(peer.port, "--starttls", "c2s", "--fail-days",
                              "800")
        self.assertEqual(status, 1)
        self.assertIn("CERT012", "".join(found))

    def test_hosts(self):
        """Each host is asked for and judged by itself."""
        peer = self.good(self.context())
        status, found = check(peer.port, "--starttls", "c2s", "--host",
                              "localhost", "--host", "other.example")
        self.assertEqual(status, 1)
        self.assertEqual([f for f in found if "CERT014" in f], [
            "error CERT014 the certificate doesn't cover other.example"])
        asked = b"".join(peer.heard)
        self.assertIn(b"to='localhost'", asked)
        self.assertIn(b"to='other.example'", asked)

    def test_direct(self):
        for kind in ("c2s", "s2s"):
            wanted = {"c2s": "xmpp-client", "s2s": "xmpp-server"}[kind]
            context, seen = self.context(), []
            context.set_alpn_protocols([wanted])

            def serve(peer, link):
                with context.wrap_socket(link, server_side=True) as wrapped:
                    seen.append(wrapped.selected_alpn_protocol())
                    until_gone(wrapped)
            peer = self.peer(serve)
            status, found = check(peer.port, "--tls", kind)
            self.assertEqual(status, 0, found)
            self.assertEqual(seen[0], wanted)

    def test_six(self):
        """An IPv6 address stands in brackets, on the line and in `to`."""
        def serve(peer, link):
            hear(peer, link)
        try:
            peer = Peer(serve, ("::1", 0))
        except OSError as error:
            self.skipTest("no IPv6 here: %s" % error)
        self.addCleanup(peer.close)
        run = subprocess.run(
            [CERTGEN, "check", "--format", "gcc", "--starttls", "c2s",
             "--connect", "[::1]:%d" % peer.port], stdout=subprocess.PIPE,
            text=True, timeout=GUARD)
        self.assertEqual(run.stdout, "[::1]:%d: error: the server closed the "
                         "connection without a word [CERT103]\n" % peer.port)
        self.assertIn(b"to='[::1]'", peer.heard[0])

    def resolve(self, port, *arguments):
        """check for a name with the addresses 127.0.0.1 and 127.0.0.2."""
        hosts = os.path.join(self.room, "hosts")
        with open(hosts, "w") as file:
            file.write("127.0.0.1 two.example\n127.0.0.2 two.example\n")
        enter = ["unshare", "-rm", "sh", "-c", 'mount --bind "$0" /etc/hosts '
                 '&& exec "$@"', hosts]
        if subprocess.run(enter + ["true"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL,
                          check=False).returncode != 0:
            self.skipTest("no second /etc/hosts: unshare isn't allowed")
        run = subprocess.run(
            [*enter, CERTGEN, "check", "--format", "gcc", "--tls", "c2s",
             "--connect", "two.example:%d" % port, "--host", "localhost",
             *arguments], stdout=subprocess.PIPE, timeout=GUARD, text=True,
            env=dict(os.environ, SSL_CERT_FILE=self.pem))
        return run.returncode, run.stdout

    def test_addresses(self):
        def serve(context):
            def direct(peer, link):
                with context.wrap_socket(link, server_side=True) as wrapped:
                    until_gone(wrapped)
            return direct
        one = self.peer(serve(self.context()))
        self.assertEqual(self.resolve(one.port), (
            0, "two.example:%d: warning: port %d doesn't answer at 127.0.0.2: "
            "Connection refused [CERT102]\n" % (one.port, one.port)))
        # The same certificate at both, then another one at the second.
        other = Peer(serve(self.context()),
                     address=("127.0.0.2", one.port))
        self.addCleanup(other.close)
        self.assertEqual(self.resolve(one.port), (0, ""))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.make("o.pem", "--host", "other.example"))
        other.serve = serve(context)
        status, out = self.resolve(one.port)
        self.assertEqual(status, 1)
        self.assertRegex(out, r"two.example:\d+ at 127.0.0.[12]: error: the "
                         r"certificate doesn't cover localhost \[CERT014\]")

    # --- before TLS ---------------------------------------------------------

    def bad(self, serve, status, *wanted, arguments=()):
        started = time.monotonic()
        got = check(self.peer(serve).port, "--starttls", "c2s", *arguments)
        self.assertEqual(got, (status, list(wanted)))
        self.assertLess(time.monotonic() - started, GUARD)

    def says(self, *parts, then=until_gone):
        """Says one part for each thing that it hears."""
        def serve(peer, link):
            for part in parts:
                hear(peer, link)
                link.sendall(part)
            then(link)
        return serve

    def test_closed_at_once(self):
        self.bad(lambda peer, link: None, 1, "error CERT103 the server closed "
                 "the connection without a word")

    def test_closed_behind_header(self):
        self.bad(self.says(HEAD, then=lambda link: None), 1,
                 "error CERT103 the server closed the connection before it "
                 "told its features")

    def test_closed_behind_features(self):
        def then(link):
            link.recv(4096)
        self.bad(self.says(HEAD + REQUIRED, then=then), 1,
                 "error CERT103 the server closed the connection when asked "
                 "for STARTTLS")

    def test_closed_behind_proceed(self):
        def then(link):
            link.recv(4096)
        self.bad(self.says(HEAD + REQUIRED, PROCEED, then=then), 1,
                 "error CERT106 the server closed the connection during the "
                 "TLS handshake")

    def test_stream_ended(self):
        self.bad(self.says(HEAD + b"</stream:stream>"), 1, "error CERT103 the "
                 "server ended the stream before STARTTLS")

    def test_silence(self):
        one = ("--timeout", "1")
        self.bad(lambda peer, link: until_gone(link), 2, "error CERT101 the "
                 "server took the connection and said nothing in 1 seconds",
                 arguments=one)
        self.bad(self.says(HEAD), 2, "error CERT101 the server told no "
                 "features in 1 seconds", arguments=one)
        self.bad(self.says(HEAD + REQUIRED), 2, "error CERT101 the server "
                 "didn't answer to STARTTLS in 1 seconds", arguments=one)
        self.bad(self.says(HEAD + REQUIRED, PROCEED), 2, "error CERT101 the "
                 "server didn't end the TLS handshake in 1 seconds",
                 arguments=one)

    def test_drip(self):
        """One byte now and then doesn't prolong the time."""
        def serve(peer, link):
            while True:
                link.sendall(b" ")
                time.sleep(0.1)
        self.bad(serve, 2, "error CERT101 the server took the connection and "
                 "said nothing in 1 seconds", arguments=("--timeout", "1"))

    def test_garbage(self):
        for garbage in (b"\0\xff\x16\x03", b"SSH-2.0-x\r\n",
                        b"HTTP/1.1 400 Bad\r\n\r\n", b"<html>", b"<!DOCTYPE x"):
            self.bad(self.says(garbage), 1,
                     "error CERT103 what answers isn't an XMPP server")
        self.bad(self.says(HEAD + b"<!-- x -->"), 1, "error CERT103 the server "
                 "opens a stream and then sends what may not come there")

    def test_no_starttls(self):
        self.bad(self.says(HEAD + b"<stream:features/>"), 1,
                 "error CERT104 the server doesn't offer STARTTLS for "
                 "localhost")
        self.bad(self.says(HEAD.replace(b" version='1.0'>", b">")), 1,
                 "error CERT104 the server doesn't offer STARTTLS for "
                 "localhost")

    def test_refused(self):
        self.bad(self.says(HEAD + REQUIRED, b"<failure xmlns='%s'/>"
                           % TLS.encode()), 1,
                 "error CERT106 the server offers STARTTLS and refuses it "
                 "when asked")

    def test_host_unknown(self):
        self.bad(self.says(
            HEAD + b"<stream:error><host-unknown xmlns='urn:ietf:params:xml:"
            b"ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:"
            b"xmpp-streams'>no\x1b[31m</text></stream:error>"), 1,
            "error CERT103 the server refuses the stream to localhost: "
            "host-unknown (no\\x1b[31m)")

    def test_endless(self):
        def flood(head, piece):
            def serve(peer, link):
                hear(peer, link)
                link.sendall(head)
                for _ in range(1024 * 1024 // len(piece)):
                    link.sendall(piece)
            return serve
        wanted = "error CERT103 the server sent more than 65536 bytes before " \
            "STARTTLS"
        self.bad(flood(HEAD + b"<stream:features>", b"<x xmlns='y'/>" * 100),
                 1, wanted)
        self.bad(flood(HEAD, b" " * 4096), 1, wanted)
        self.bad(flood(HEAD, b"<a>" * 1000), 1, "error CERT103 the server "
                 "opens a stream and then sends what may not come there")

    def test_injected(self):
        self.bad(self.says(HEAD + REQUIRED, PROCEED + b"<x/>"), 1,
                 "error CERT109 bytes in clear text came behind the answer to "
                 "STARTTLS")

    def test_tls_garbage(self):
        self.bad(self.says(HEAD + REQUIRED, PROCEED, b"x" * 100), 1,
                 "error CERT106 the TLS handshake failed: wrong version "
                 "number")

    def test_tls_endless(self):
        """A certificate message of 16 MB is announced and begun."""
        def then(link):
            link.recv(4096)
            record = b"\x0b\xff\xff\xff" + b"x" * 16000
            for _ in range(100):
                link.sendall(b"\x16\x03\x03" + len(record).to_bytes(2, "big")
                             + record)
        got = check(self.peer(self.says(HEAD + REQUIRED, PROCEED,
                                        then=then)).port, "--starttls", "c2s")
        self.assertEqual(got[0], 1)
        self.assertEqual([line[:13] for line in got[1]], ["error CERT106"])

    def test_nobody(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        self.assertEqual(check(port), (2, [
            "error CERT101 port %d doesn't answer at 127.0.0.1: Connection "
            "refused" % port]))
        status, found = check(5222, host="nobody.invalid")
        self.assertEqual(status, 2)
        self.assertIn("nobody.invalid has no address", found[0])

    def test_usage(self):
        for wrong in (["--connect", "a:0"], ["--connect", "a:x"],
                      ["--connect", ""], ["--connect", "[::1"],
                      ["--connect", "a", "--starttls", "x"],
                      ["--connect", "a", "--starttls", "c2s", "--tls", "c2s"],
                      ["--connect", "a", "--timeout", "0"],
                      ["--connect", "a b"], ["--starttls", "c2s", self.pem],
                      ["--connect", "a", "--user", "root"],
                      ["--connect", "a", "--tlsa"], ["--connect", "a", "--fix"],
                      ["--connect", "a", self.pem]):
            run = subprocess.run([CERTGEN, "check", *wrong],
                                 stdout=subprocess.PIPE, timeout=GUARD,
                                 stderr=subprocess.PIPE)
            self.assertEqual((run.returncode, run.stdout), (2, b""), wrong)

    # --- what TLS shows -----------------------------------------------------

    def rules(self, context, features=REQUIRED, kind="c2s"):
        peer = self.good(context, features)
        status, found = check(peer.port, "--starttls", kind,
                              environment={"SSL_CERT_FILE": self.pem})
        return status, found

    def test_optional(self):
        self.assertEqual(self.rules(self.context(), OPTIONAL), (0, [
            "warning CERT105 the server takes logins without TLS (PLAIN)"]))
        # Servers don't log in with passwords.
        self.assertEqual(self.rules(self.context(), OPTIONAL, "s2s"), (0, []))

    def test_old(self):
        warnings.simplefilter("ignore", DeprecationWarning)
        context = self.context()
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        status, found = self.rules(context)
        self.assertEqual((status, found), (0, [
            "warning CERT107 the server still takes TLSv1.1"]))
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        status, found = self.rules(context)
        self.assertEqual((status, found), (0, [
            "warning CERT107 the server can do no better than TLSv1.1"]))

    def test_cipher(self):
        context = self.context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        for cipher, why in (
                ("AES128-GCM-SHA256", "has no forward secrecy"),
                ("AECDH-AES128-SHA", "doesn't prove who the server is"),
                ("ECDHE-RSA-NULL-SHA", "doesn't encrypt")):
            context.set_ciphers(cipher + ":@SECLEVEL=0")
            _, found = self.rules(context)
            self.assertIn("warning CERT108 the best cipher of the server, %s, "
                          "%s" % (cipher, why), found)

    # --- OCSP, with openssl's own server -------------------------------------

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], check=True, cwd=self.room,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       timeout=GUARD)

    def make_stapled(self):
        """An authority, a must-staple certificate of it, and two responses."""
        with open(os.path.join(self.room, "ext"), "w") as file:
            file.write("subjectAltName=DNS:localhost\ntlsfeature="
                       "status_request\nbasicConstraints=CA:FALSE\n"
                       "extendedKeyUsage=serverAuth,clientAuth\n"
                       "keyUsage=digitalSignature\n")
        new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
               "-nodes")
        self.openssl("req", "-x509", *new, "-days", "30", "-subj", "/CN=ca",
                     "-keyout", "ca.key", "-out", "ca.crt")
        self.openssl("req", *new, "-subj", "/CN=leaf", "-keyout", "leaf.key",
                     "-out", "leaf.csr")
        self.openssl("x509", "-req", "-in", "leaf.csr", "-CA", "ca.crt",
                     "-CAkey", "ca.key", "-set_serial", "0x1234", "-days",
                     "30", "-extfile", "ext", "-out", "leaf.crt")
        for state, line, serial in (
                ("good", "V\t401231235959Z\t\t", "0x1234"),
                ("revoked", "R\t401231235959Z\t261101000000Z\t", "0x1234"),
                ("other", "V\t401231235959Z\t\t", "0x9999")):
            self.openssl("ocsp", "-issuer", "ca.crt", "-serial", serial,
                         "-reqout", "request")
            with open(os.path.join(self.room, "index"), "w") as file:
                file.write(line + "1234\tunknown\t/CN=leaf\n")
            self.openssl("ocsp", "-index", "index", "-CA", "ca.crt",
                         "-rsigner", "ca.crt", "-rkey", "ca.key", "-reqin",
                         "request", "-respout", state, "-ndays", "7")

    def serve_with_openssl(self, *arguments):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        process = subprocess.Popen(
            ["openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-cert",
             "leaf.crt", "-key", "leaf.key", "-cert_chain", "ca.crt",
             "-quiet", *arguments], cwd=self.room, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + GUARD
        while process.poll() is None and time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        return process, port

    def test_staple(self):
        self.make_stapled()
        trusted = {"SSL_CERT_FILE": os.path.join(self.room, "ca.crt")}
        for arguments, wanted in (
                ((), "error CERT111 the certificate is must-staple and the "
                 "server sends no OCSP response with it"),
                (("-status_file", "good"), None),
                (("-status_file", "revoked"), "error CERT112 the certificate "
                 "was revoked, as the stapled OCSP response says"),
                (("-status_file", "other"), "warning CERT112 the stapled "
                 "OCSP response can't be read or isn't about the "
                 "certificate")):
            process, port = self.serve_with_openssl(*arguments)
            try:
                _, found = check(port, "--tls", "c2s", environment=trusted)
            finally:
                process.terminate()
                process.communicate()
            self.assertEqual([line for line in found if "CERT11" in line],
                             [wanted] if wanted else [], arguments)
            # A file's judge has doubts; here it shows.
            self.assertNotIn("CERT044", "".join(found))
            # The server sends the root too.
            self.assertIn("note CERT026 the root certificate \"ca\" is in "
                          "the chain", found)


class Xmppd(unittest.TestCase):
    """The server of this suite has nothing to complain about."""

    def test_xmppd(self):
        binaries("xmpp-certgen", "xmppd", "xmppctl")
        server = Server(hosts=["localhost"], listeners={
            "starttls": "starttls_required, {certfile, PEM}, {access, c2s}",
            "direct": "tls, {certfile, PEM}, {access, c2s}"})
        self.addCleanup(server.remove)
        server.start()
        self.addCleanup(server.stop)
        trusted = {"SSL_CERT_FILE": server.pem}
        for listener, arguments in (("starttls", ("--starttls", "c2s")),
                                    ("direct", ("--tls", "c2s"))):
            self.assertEqual((0, []), check(
                server.ports[listener], *arguments, environment=trusted))
        status, found = check(server.ports["starttls"], "--starttls", "c2s",
                              "--host", "other.example", environment=trusted)
        self.assertEqual(status, 1)
        self.assertIn("host-unknown", found[0])


if __name__ == "__main__":
    unittest.main()

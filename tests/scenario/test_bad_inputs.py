#!/usr/bin/python3 -B
# timeout: 240
"""Inputs that other servers fell over: XML, negotiation and TLS, SASL,
routing, and connections that come and go in every state. After each case a
bystander must still be served.

XMPPD_LOAD scales how many connections come and go (1.0; 10 makes it 10,000
for each state; sanitizer builds take a tenth).
"""

import asyncio
import base64
import contextlib
import os
import socket
import ssl
import struct
import subprocess
import time
import unittest
import warnings

from xmpp_client import BIND, CLIENT, GUARD, SASL, STREAM, TLS, SaslFailed, \
    Server, ServerCase, StreamEnded, condition, kind, tls_context

SANITIZED = bool(os.environ.get("XMPPD_SAN"))
LOAD = float(os.environ.get("XMPPD_LOAD") or (0.1 if SANITIZED else 1))
HEADER = ("<?xml version='1.0'?><stream:stream to='localhost' xmlns='%s' "
          "xmlns:stream='%s' version='1.0'>" % (CLIENT, STREAM))
PING = "<ping xmlns='urn:xmpp:ping'/>"
MB = 1024 * 1024

warnings.filterwarnings("ignore", category=DeprecationWarning)


def resident(pid):
    with open("/proc/%d/statm" % pid) as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Case(ServerCase):
    options = {"listeners": {
        **Server.LISTENERS,
        "required": "starttls_required, {certfile, PEM}, {access, c2s}"},
        "modules": Server.MODULES + ("{mod_register, []}",)}

    async def asyncSetUp(self):
        self.bystander = await self.login("bob", listener="none")
        self.pid = self.server.process.pid

    async def asyncTearDown(self):
        await self.bystander.sync()
        self.assertIsNone(self.server.process.poll())
        await super().asyncTearDown()

    async def end_of(self, listener, *texts):
        """How the stream ends that says this from its first byte."""
        client = await self.connect(listener)
        for text in texts:
            client.send(text)
        return await client.ended()

    async def bound_end(self, text):
        """How a bound stream ends that goes on like this."""
        client = await self.login("alice", listener="none")
        client.send(text)
        return await client.ended()


# --- XML ------------------------------------------------------------------

LAUGHS = "<!DOCTYPE a [<!ENTITY a0 'ha'>%s]>" % "".join(
    "<!ENTITY a%d '&a%d;&a%d;'>" % (i + 1, i, i) for i in range(30))
NOT_UTF8 = {
    "overlong <": b"\xc0\xbc", "overlong /": b"\xe0\x80\xaf",
    "lone continuation": b"\x80", "cut short": b"\xe2\x82<",
    "surrogate": b"\xed\xa0\x80", "beyond Unicode": b"\xf4\x90\x80\x80",
    "never valid": b"\xff", "U+FFFE": b"\xef\xbf\xbe", "NUL": b"\0",
    "lead byte before <": b"\xe4<",
}


class Xml(Case):
    async def test_entities(self):
        """Refused where they are declared, before anything expands."""
        before = resident(self.pid)
        for texts in ((LAUGHS + HEADER[21:] + "<a>&a30;</a>",),
                      (HEADER[:21] + LAUGHS + HEADER[21:] + "<a>&a30;</a>",),
                      (HEADER, LAUGHS + "<a>&a30;</a>"),
                      (HEADER, "<a>&a30;</a>"), (HEADER, "<a b='&a;'/>"),
                      (HEADER, "<a>&nbsp;</a>")):
            end = await self.end_of("none", *texts)
            self.assertIn(end.error, ("restricted-xml", "not-well-formed"),
                          texts)
        for text in ("<message to='bob@localhost'><body>&a;</body></message>",
                     LAUGHS, "<!--x-->", "<?x y?>"):
            end = await self.bound_end(text)
            self.assertIn(end.error, ("restricted-xml", "not-well-formed"),
                          text)
        if not SANITIZED:
            self.assertLess(resident(self.pid) - before, 8 * MB)

    async def test_no_utf8(self):
        for name, what in NOT_UTF8.items():
            for text in (b"<message to='bob@localhost'><body>%s</body>"
                         b"</message>", b"<message to='%s@localhost'/>",
                         b"<message x%s='y'/>", b"<x%s/>"):
                end = await self.bound_end(text % what)
                self.assertIn(end.error, (
                    "not-well-formed", "bad-format", "restricted-xml",
                    "unsupported-encoding"), (name, text))
        for first in (b"\xff\xfe", b"\xfe\xff", b"\xff\xfe<\0", b"\0<",
                      b"<\0", b"\0\0\0<"):
            end = await self.end_of("none", first + b"?xml?>" * 4)
            self.assertIn(end.error, ("unsupported-encoding",
                                      "not-well-formed"), first)

    async def test_malformed(self):
        for text in ("<message><body>]]></body></message>",
                     "<message><body>&#0;</body></message>",
                     "<message><body>&#xD800;</body></message>",
                     "<message to='a' to='b'/>", "<message to=bob/>",
                     "<message xmlns:a='urn:x' xmlns:b='urn:x' "
                     "a:c='1' b:c='2'/>", "</message>", "<message/ >",
                     "<message <body/>", "<1/>", "<message xmlns:a=''/>",
                     "<a:b:c xmlns:a='urn:x'/>", "<:message/>",
                     "<message><a></message></a>", "<<", "<>",
                     "<message xmlns:xml='urn:x'/>",
                     "<message xmlns:xmlns='urn:x'/>"):
            end = await self.bound_end(text)
            self.assertIn(end.error, (
                "not-well-formed", "bad-namespace-prefix",
                "invalid-namespace", "bad-format"), text)

    def bombs(self, scale):
        many = 100000 // scale
        return {
            "children": "<iq type='get' id='b'><a>%s</a></iq>" % (
                "<b/>" * many),
            "attributes": "<iq type='get' id='b'><a %s/></iq>" % " ".join(
                "a%d=''" % i for i in range(many)),
            "declarations": "<iq type='get' id='b'><a %s/></iq>" % " ".join(
                "xmlns:a%d='u'" % i for i in range(many)),
            "depth": "<iq type='get' id='b'>" + "<a>" * many,
            "attribute": "<iq type='get' id='b'><a b='%s'/></iq>" % (
                "x" * (10 * many)),
            "name": "<iq type='get' id='b'><%s/></iq>" % ("x" * (10 * many)),
            "text": "<iq type='get' id='b'><a>%s</a></iq>" % (
                "x" * (10 * many)),
            "open tag": "<iq type='get' id='" + "x" * (10 * many),
            "white space": "<iq " + " " * (10 * many) + "/>",
        }

    async def test_bombs_before_login(self):
        before = resident(self.pid)
        for name, text in self.bombs(1).items():
            end = await self.end_of("none", HEADER, text)
            # Reset before it is read, where much was still on its way.
            self.assertIn(end.error, ("policy-violation", None), name)
            end = await self.end_of("none", text)
            self.assertNotEqual(end.error, "", name)
        if not SANITIZED:
            self.assertLess(resident(self.pid) - before, 8 * MB)

    async def test_bombs_after_login(self):
        before = resident(self.pid)
        for name, text in self.bombs(1).items():
            end = await self.bound_end(text)
            self.assertIn(end.error, ("policy-violation", None), name)
        if not SANITIZED:
            self.assertLess(resident(self.pid) - before, 16 * MB)

    async def test_a_long_namespace_is_not_multiplied(self):
        """A prefix costs its declaration once, however often it is used; the
        copies that an answer or a receiver gets must not multiply it."""
        before, most = resident(self.pid), 0
        inner = "<x xmlns='urn:y'>%s</x>" % ("<p:a/>" * 9000)
        for to in ("nobody@localhost", self.bystander.jid, "localhost"):
            for where in ("<message to='%s' xmlns:p='%s'>%s</message>",
                          "<message to='%s'><w xmlns:p='%s'>%s</w>"
                          "</message>",
                          "<iq type='get' id='m' to='%s'><w xmlns:p='%s'>%s"
                          "</w></iq>"):
                client = await self.login("alice", listener="none")
                client.pause()
                client.send(where % (to, "n" * 100000, inner))
                client.send("<iq type='get' id='s'>%s</iq>" % PING)
                for _ in range(10):
                    await self.bystander.sync()
                    most = max(most, resident(self.pid) - before)
                client.close()
        if not SANITIZED:
            self.assertLess(most, 32 * MB)

    async def test_byte_by_byte(self):
        """Every border falls between two reads once."""
        client = await self.connect("none")

        async def dribble(text):
            for byte in text.encode():
                client.send(bytes([byte]))
                await asyncio.sleep(0)

        await dribble(HEADER)
        client.features = await client.expect("features")
        await client.authenticate("alice", "alice-pw")
        client.fresh_reader()
        await dribble(HEADER)
        await client.expect("features")
        await dribble("<iq type='set' id='b'><bind xmlns='%s'/></iq>" % BIND)
        answer = await client.expect("iq")
        jid = answer.findtext("{%s}bind/{%s}jid" % (BIND, BIND))
        await dribble("<message to='%s'><body>\u00e4\u20ac\U0001f600 "
                      "&lt;&#x41;</body></message>" % jid)
        message = await client.expect("message")
        self.assertEqual(message.findtext("{%s}body" % CLIENT),
                         "\u00e4\u20ac\U0001f600 <A")

    async def test_one_segment(self):
        """All that may be said without waiting, at once."""
        client = await self.login("alice", listener="none")
        client.send("".join(
            "<message to='%s'><body>%d</body></message>" % (client.jid, i)
            for i in range(500)) + "</stream:stream><message/>")
        end = await client.ended()
        self.assertTrue(end.closed)
        self.assertIsNone(end.error)


# --- negotiation and TLS --------------------------------------------------

def client_hello(name=b"localhost", protocols=b"", junk=b""):
    """A ClientHello of TLS 1.2 with these extensions."""
    extensions = b""
    if name is not None:
        entry = b"\0" + struct.pack(">H", len(name)) + name
        extensions += struct.pack(">HHH", 0, len(entry) + 2, len(entry)) + \
            entry
    if protocols:
        extensions += struct.pack(
            ">HHH", 16, len(protocols) + 2, len(protocols)) + protocols
    extensions += junk
    hello = (b"\x03\x03" + bytes(32) + b"\0" + struct.pack(">H", 2) +
             b"\xc0\x2b" + b"\x01\0" + struct.pack(">H", len(extensions)) +
             extensions)
    message = b"\x01" + struct.pack(">I", len(hello))[1:] + hello
    return b"".join(
        b"\x16\x03\x01" + struct.pack(">H", len(message[i:i + 16000])) +
        message[i:i + 16000] for i in range(0, len(message), 16000))


class Negotiation(Case):
    async def test_garbage_for_tls(self):
        hello = client_hello()
        for what in (b"\0" * 100, b"\xff" * 3000, HEADER.encode(),
                     b"GET / HTTP/1.0\r\n\r\n", b"\x80\x2e\x01\x00\x02",
                     b"\x16\x03\x01\xff\xff" + b"x" * 70000,
                     b"\x16\x03\x01\0\0" * 100, b"\x15\x03\x01\0\x02\x02\x28",
                     b"\x16\x03\x01\0\x04\x01\xff\xff\xff",
                     client_hello(b"a" * 300), client_hello(b"a\0b"),
                     client_hello(b""), client_hello(b"\xff\xfe"),
                     client_hello(b"x" * 60000),
                     client_hello(protocols=b"\x01a" * 16000),
                     client_hello(protocols=b"\xffa"),
                     client_hello(junk=b"\0\x0a\xff\xff")):
            client = await self.connect("direct")
            client.broken = None
            client.data_received = lambda data: None
            self.say_last(client, what)
            await client.ended()
            client = await self.opened("starttls")
            client.send("<starttls xmlns='%s'/>" % TLS)
            await client.expect("proceed")
            client.data_received = lambda data: None
            self.say_last(client, what)
            await client.ended()
        for cut in range(1, len(hello), 9):
            client = await self.connect("direct")
            client.data_received = lambda data: None
            self.say_last(client, hello[:cut])
            await client.ended()

    def say_last(self, client, what):
        client.send(what)
        # The server may have hung up by now.
        with contextlib.suppress(OSError):
            client.transport.write_eof()

    async def connect(self, listener="starttls", domain=None, **how):
        """Without TLS even where the listener wants it at once."""
        return await self.client(domain).connect(
            self.server.ports[listener], **how)

    async def test_tls_where_xml_is_wanted(self):
        end = await self.end_of("none", client_hello())
        self.assertIn(end.error, ("not-well-formed", "unsupported-encoding"))

    async def refused(self, **settings):
        context = tls_context()
        context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
        for name, value in settings.items():
            if name == "ciphers":
                context.set_ciphers(value)
            else:
                setattr(context, name, value)
        with self.assertRaises((ssl.SSLError, ConnectionError, StreamEnded)):
            client = await self.connect("direct")
            await client.secure(context)
            await client.open()

    async def test_old_tls(self):
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            await self.refused(
                minimum_version=version, maximum_version=version)
        for ciphers in ("eNULL:@SECLEVEL=0", "aNULL:@SECLEVEL=0",
                        "kRSA:@SECLEVEL=0"):
            await self.refused(
                maximum_version=ssl.TLSVersion.TLSv1_2, ciphers=ciphers)

    def s_client(self, *options, keys, times):
        """What openssl's client says whose user types keys. Its reads take
        one line each, so they come one by one."""
        process = subprocess.Popen(
            ["openssl", "s_client", "-connect", "127.0.0.1:%d" %
             self.server.ports["direct"], *options], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.addCleanup(process.stdout.close)
        os.set_blocking(process.stdout.fileno(), False)
        said = b""
        deadline = time.monotonic() + GUARD
        while b"Verify return code" not in said:
            said += process.stdout.read() or b""
            self.assertLess(time.monotonic(), deadline, said)
            time.sleep(0.005)
        for _ in range(times):
            if process.poll() is not None:
                break
            try:
                process.stdin.write(keys)
                process.stdin.flush()
            except BrokenPipeError:
                break
            time.sleep(0.002)
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
        os.set_blocking(process.stdout.fileno(), True)
        process.wait(GUARD)
        return said + process.stdout.read()

    async def test_no_renegotiation(self):
        said = await asyncio.to_thread(
            self.s_client, "-tls1_2", keys=b"R\n", times=1)
        self.assertIn(b"no renegotiation", said)

    async def test_key_updates(self):
        said = await asyncio.to_thread(
            self.s_client, "-tls1_3", keys=b"K\n", times=100)
        self.assertIn(b"KEYUPDATE", said)

    async def test_out_of_order(self):
        register = ("<iq type='set' id='r'><query xmlns='jabber:iq:register'>"
                    "<username>x</username><password>x</password></query>"
                    "</iq>")
        legacy = ("<iq type='set' id='l'><query xmlns='jabber:iq:auth'>"
                  "<username>alice</username><password>alice-pw</password>"
                  "<resource>x</resource></query></iq>")
        bind = "<iq type='set' id='b'><bind xmlns='%s'/></iq>" % BIND
        compress = ("<compress xmlns='http://jabber.org/protocol/compress'>"
                    "<method>zlib</method></compress>")
        for text in (register, legacy, bind):
            end = await self.end_of("required", HEADER, text)
            self.assertEqual(end.error, "policy-violation", text)
        for text in (compress, "<proceed xmlns='%s'/>" % TLS,
                     "<success xmlns='%s'/>" % SASL,
                     "<abort xmlns='%s'/>" % SASL,
                     "<stream:features/>", "<stream:error/>",
                     HEADER[21:] + "</stream:stream>",
                     "<handshake/>"):
            for listener in ("required", "none"):
                end = await self.end_of(listener, HEADER, text)
                self.assertIn(end.error, (
                    "not-authorized", "unsupported-stanza-type",
                    "not-well-formed", "policy-violation"), text)
        # Before login, on a listener that doesn't ask for TLS.
        for text in (legacy, bind):
            client = await self.opened()
            client.send(text)
            answer = await client.expect("iq")
            self.assertEqual(condition(answer), "not-authorized")

    async def test_a_second_start(self):
        client = await self.opened("starttls")
        await client.starttls()
        client.send("<starttls xmlns='%s'/>" % TLS)
        self.assertTrue((await client.ended()).closed)
        client = await self.login("alice")
        client.send("<starttls xmlns='%s'/>" % TLS)
        self.assertEqual((await client.ended()).error,
                         "unsupported-stanza-type")

    async def test_another_host_later(self):
        end = await self.bound_end(
            HEADER[21:].replace("localhost", "other.example") +
            "</stream:stream>")
        self.assertIsNotNone(end.error)
        end = await self.bound_end(HEADER)
        self.assertIsNotNone(end.error)


# --- SASL -----------------------------------------------------------------

class Sasl(Case):
    async def refused(self, client, mechanism, initial, *wanted):
        """Sends bytes as they are; the failure must be one of wanted."""
        client.send("<auth xmlns='%s' mechanism='%s'>%s</auth>" % (
            SASL, mechanism, base64.b64encode(initial).decode() or "="))
        try:
            with self.assertRaises(SaslFailed) as caught:
                await client.sasl_answer("success")
        except StreamEnded as end:
            self.assertEqual(end.error, "policy-violation", initial[:80])
            return
        self.assertIn(caught.exception.condition, wanted, initial[:80])

    async def test_plain(self):
        for initial in (b"", b"\0", b"\0\0", b"alice", b"alice\0alice-pw",
                        b"\0alice\0", b"\0\0alice-pw",
                        b"\0alice\0alice-pw\0", b"\0alice\0alice-pw\0x",
                        b"bob\0alice\0alice-pw",
                        b"bob@localhost\0alice\0alice-pw",
                        b"alice@other.example\0alice\0alice-pw",
                        b"alice@localhost/r\0alice\0alice-pw",
                        b"@localhost\0alice\0alice-pw",
                        b"localhost\0alice\0alice-pw",
                        b"\xff\0alice\0alice-pw", b"\0\xff\0alice-pw",
                        b"\0alice\0\xff", b"\0ali\xc0\xacce\0alice-pw",
                        b"\0alice@localhost\0alice-pw",
                        b"\0" + b"a" * 1023 + b"\0pw",
                        b"\0" + b"a" * 1024 + b"\0pw",
                        b"\0" + "\u00df".encode() * 511 + b"\0pw",
                        b"\0" + "\ufdfa".encode() * 300 + b"\0pw",
                        b"\0" + b"a" * 5000 + b"\0pw",
                        b"\0alice\0" + b"p" * 5000,
                        b"\0a'; drop table item; --\0pw",
                        b"\0*)(uid=*\0pw", b"\0a\"b\0pw", b"\0a/b\0pw"):
            client = await self.opened("direct")
            await self.refused(
                client, "PLAIN", initial, "not-authorized",
                "malformed-request", "invalid-authzid",
                "incorrect-encoding")
            # And the stream goes on as one that isn't logged in.
            await client.authenticate("alice", "alice-pw")

    async def test_too_long(self):
        client = await self.opened("direct")
        client.send("<auth xmlns='%s' mechanism='PLAIN'>%s</auth>" % (
            SASL, "QUFB" * 5000))
        self.assertEqual((await client.ended()).error, "policy-violation")

    async def test_what_is_not_offered(self):
        for listener, mechanisms in (
                ("none", ("PLAIN", "ANONYMOUS", "EXTERNAL", "DIGEST-MD5",
                          "CRAM-MD5", "SCRAM-SHA-512", "SCRAM-SHA-1-PLUS",
                          "scram-sha-1", "", "X" * 200)),
                ("direct", ("ANONYMOUS", "EXTERNAL", "LOGIN",
                            "X-OAUTH2"))):
            for mechanism in mechanisms:
                client = await self.opened(listener)
                await self.refused(client, mechanism, b"\0alice\0alice-pw",
                                   "invalid-mechanism")

    async def test_scram_first(self):
        for initial in (b"", b"n", b"n,", b"n,,", b"n,,n=alice",
                        b"n,,r=abc", b"n,,n=alice,r=", b"n,,n=,r=abcdef",
                        b"n,,r=abcdef,n=alice", b"x,,n=alice,r=abcdef",
                        b"n,,n=ali=zzce,r=abcdef", b"n,,n=alice=,r=abcdef",
                        b"n,,m=x,n=alice,r=abcdef",
                        b"n,,n=alice,r=ab\x01cd", b"n,,n=alice,r=ab,cd\0",
                        b"p=tls-exporter,,n=alice,r=abcdef",
                        b"p=,,n=alice,r=abcdef",
                        b"n,a=bob,n=alice,r=abcdef",
                        b"n,a=alice@other.example,n=alice,r=abcdef",
                        b"n,b=alice,n=alice,r=abcdef",
                        b"n,,n=\xff,r=abcdef", b"n,,n=alice,r=" + b"r" * 6000,
                        b"n,,n=" + b"a" * 4000 + b",r=abcdef"):
            client = await self.opened("none")
            try:
                await self.refused(
                    client, "SCRAM-SHA-256", initial, "malformed-request",
                    "not-authorized", "invalid-authzid",
                    "incorrect-encoding")
            except AssertionError as trouble:
                # Names are judged when the proof comes, so that nobody
                # learns which there are.
                if "unexpected" not in str(trouble):
                    raise

    async def final(self, build):
        client = await self.opened("none")
        client.auth("SCRAM-SHA-256", "n,,n=alice,r=abcdef")
        challenge = await client.sasl_answer("challenge")
        nonce = challenge.partition(",")[0][2:]
        client.send("<response xmlns='%s'>%s</response>" % (
            SASL, base64.b64encode(build(nonce)).decode() or "="))
        with self.assertRaises(SaslFailed) as caught:
            await client.sasl_answer("success")
        self.assertIn(caught.exception.condition,
                      ("malformed-request", "not-authorized"))
        await client.authenticate("alice", "alice-pw")

    async def test_scram_final(self):
        proof = b",p=" + base64.b64encode(bytes(32))
        for build in (lambda n: b"", lambda n: b"c=biws",
                      lambda n: b"c=biws,r=" + n.encode(),
                      lambda n: b"c=biws,r=abcdef" + proof,
                      lambda n: b"c=biws,r=" + n.encode() + proof,
                      lambda n: b"c=biws,r=" + n.encode() + b"x" + proof,
                      lambda n: b"c=eSws,r=" + n.encode() + proof,
                      lambda n: b"c=,r=" + n.encode() + proof,
                      lambda n: b"c=biws,r=" + n.encode() + b",p=",
                      lambda n: b"c=biws,r=" + n.encode() + b",p=$$$$",
                      lambda n: b"c=biws,r=" + n.encode() + b",p=AAAA",
                      lambda n: b"r=" + n.encode() + b",c=biws" + proof,
                      lambda n: proof * 100):
            await self.final(build)

    async def test_nobody_learns_who_exists(self):
        async def salt(user):
            client = await self.opened("none")
            client.auth("SCRAM-SHA-1", "n,,n=%s,r=abcdef" % user)
            parts = (await client.sasl_answer("challenge")).split(",")
            return parts[1], parts[2], len(parts[1])

        self.assertEqual(await salt("nobody"), await salt("nobody"))
        self.assertNotEqual(await salt("nobody"), await salt("nobody2"))
        self.assertEqual((await salt("nobody"))[1:],
                         (await salt("alice"))[1:])

    async def test_out_of_order(self):
        client = await self.opened("none")
        client.auth("SCRAM-SHA-1", "n,,n=alice,r=abcdef")
        await client.sasl_answer("challenge")
        client.auth("SCRAM-SHA-1", "n,,n=alice,r=abcdef")
        self.assertEqual((await client.ended()).error, "not-authorized")
        client = await self.opened("none")
        client.auth("SCRAM-SHA-1", "n,,n=alice,r=abcdef")
        await client.sasl_answer("challenge")
        client.send("<iq type='set' id='b'><bind xmlns='%s'/></iq>" % BIND)
        self.assertEqual((await client.ended()).error, "not-authorized")
        for text in ("<auth xmlns='%s' mechanism='PLAIN'>AGEAYQ==</auth>",
                     "<response xmlns='%s'/>", "<abort xmlns='%s'/>"):
            end = await self.bound_end(text % SASL)
            self.assertEqual(end.error, "not-authorized", text)

    async def test_guessing_ends_the_connection(self):
        client = await self.opened("direct")
        for _ in range(2):
            await self.refused(client, "PLAIN", b"\0alice\0wrong",
                               "not-authorized")
        client.auth("PLAIN", "\0alice\0wrong")
        self.assertEqual((await client.ended()).error, "policy-violation")
        # Alice isn't locked out.
        await self.login("alice")


# --- routing --------------------------------------------------------------

class Routing(Case):
    async def test_addresses(self):
        alice = await self.login("alice", listener="none")
        for to in ("", "@", "@localhost", "a@", "a@/b", "a@b/", "a b@c",
                   "a@b@c", "/", "a@" + "b" * 1024, "x" * 1024 + "@b",
                   "a@b/" + "c" * 1024, "a@.", "a@b..c", "a&amp;b@c",
                   "\u2028@localhost", "a@\u2028", "a@[::1"):
            alice.send("<message to='%s' id='m' type='chat'/>" % to)
            answer = await alice.expect("message")
            self.assertIn(condition(answer), (
                "jid-malformed", "remote-server-not-found",
                "service-unavailable"), to)
            self.assertEqual(answer.get("type"), "error")

    async def test_errors_are_never_answered(self):
        alice = await self.login("alice", listener="none")
        for to in ("nobody@localhost", "localhost", "far.example",
                   "bob@localhost/none", alice.jid + "x"):
            for text in (
                    "<message to='%s' type='error'/>",
                    "<presence to='%s' type='error'/>",
                    "<iq to='%s' type='error' id='e'/>",
                    "<iq to='%s' type='result' id='e'/>"):
                alice.send(text % to)
        self.assertEqual(await alice.sync(), [])

    async def test_broken_iqs(self):
        alice = await self.login("alice", listener="none")
        for text in ("<iq/>", "<iq type='get'/>", "<iq id='x'/>",
                     "<iq type='get' id='x'/>", "<iq type='foo' id='x'/>",
                     "<iq type='get' id='x'><a xmlns='u'/><b xmlns='u'/>"
                     "</iq>", "<iq type='set' id='x'>text</iq>"):
            alice.send(text)
            self.assertEqual(
                condition(await alice.expect("iq")), "bad-request", text)

    async def test_a_client_that_hears_its_own_echo(self):
        """Answers by the thousand to one that reads nothing."""
        alice = await self.login("alice", listener="none")
        alice.pause()
        before = resident(self.pid)
        text = "<iq type='get' id='%s'>%s</iq>" % ("x" * 500, PING)
        for _ in range(40):
            alice.send(text * 500)
            await self.bystander.sync()
        if not SANITIZED:
            self.assertLess(resident(self.pid) - before, 32 * MB)
        alice.close()


# --- connections that come and go -----------------------------------------

class Churn(Case):
    def reset(self, sock):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                        struct.pack("ii", 1, 0))
        sock.close()

    def raw(self, listener, *texts, read=False, reset=False):
        sock = socket.create_connection(
            ("127.0.0.1", self.server.ports[listener]))
        for text in texts:
            sock.sendall(text)
        if read:
            sock.recv(4096)
        if reset:
            self.reset(sock)
        else:
            sock.close()

    def half_tls(self):
        self.raw("direct", client_hello(), read=True)

    def whole_tls(self):
        context = tls_context()
        sock = socket.create_connection(
            ("127.0.0.1", self.server.ports["direct"]))
        with context.wrap_socket(sock, server_hostname="localhost") as tls:
            tls.sendall(HEADER.encode())
            tls.recv(10)
            self.reset(tls)

    def in_sasl(self):
        self.raw("none", HEADER.encode() + (
            "<auth xmlns='%s' mechanism='SCRAM-SHA-1'>%s</auth>" % (
                SASL, base64.b64encode(
                    b"n,,n=alice,r=abcdef").decode())).encode())

    def in_slow_login(self):
        context = tls_context()
        sock = socket.create_connection(
            ("127.0.0.1", self.server.ports["direct"]))
        with context.wrap_socket(sock, server_hostname="localhost") as tls:
            tls.sendall(HEADER.encode() + (
                "<auth xmlns='%s' mechanism='PLAIN'>%s</auth>" % (
                    SASL, base64.b64encode(
                        b"\0alice\0alice-pw").decode())).encode())
            self.reset(tls)

    def in_registration(self):
        self.raw("none", HEADER.encode() +
                 b"<iq type='set' id='r'><query xmlns='jabber:iq:register'>"
                 b"<username>alice</username><password>x</password></query>"
                 b"</iq>", reset=True)

    STATES = {
        "connected": (1, lambda self: self.raw("none")),
        "reset": (1, lambda self: self.raw("none", reset=True)),
        "half a header": (
            1, lambda self: self.raw("none", HEADER[:40].encode())),
        "header": (1, lambda self: self.raw(
            "none", HEADER.encode(), read=True, reset=True)),
        "half a stanza": (1, lambda self: self.raw(
            "none", HEADER.encode(), b"<iq type='get' id='x'><a>")),
        "bad XML": (1, lambda self: self.raw("none", b"<a></b>", read=True)),
        "starttls": (1, lambda self: self.raw(
            "starttls", HEADER.encode(), b"<starttls xmlns='%s'/>" %
            TLS.encode(), read=True)),
        "SASL": (1, in_sasl),
        "registration": (0.2, in_registration),
        "half a handshake": (0.5, half_tls),
        "TLS": (0.2, whole_tls),
        "a slow login": (0.2, in_slow_login),
    }

    def come_and_go(self, visit, count):
        for _ in range(count):
            try:
                visit(self)
            except OSError:
                pass

    async def test_every_state(self):
        grown = {}
        for name, (share, visit) in self.STATES.items():
            count = max(int(1000 * LOAD * share), 10)
            await asyncio.to_thread(self.come_and_go, visit, count // 2)
            await self.bystander.sync()
            before = resident(self.pid)
            await asyncio.to_thread(self.come_and_go, visit, count)
            # The last ones may take their time to go.
            deadline = time.monotonic() + GUARD
            while True:
                await self.bystander.sync()
                grown[name] = resident(self.pid) - before
                if grown[name] < 4 * MB or SANITIZED or \
                        time.monotonic() > deadline:
                    break
                await asyncio.sleep(0.1)
        if not SANITIZED:
            self.assertEqual({name: size for name, size in grown.items()
                              if size >= 4 * MB}, {})
        # All descriptors are closed again, too.
        deadline = time.monotonic() + GUARD
        while True:
            fds = len(os.listdir("/proc/%d/fd" % self.pid))
            if fds < 100:
                break
            self.assertLess(time.monotonic(), deadline, fds)
            await asyncio.sleep(0.1)

    async def test_logins_that_come_and_go(self):
        for i in range(max(int(100 * LOAD), 10)):
            client = await self.login("alice", "r%d" % i, listener="none")
            client.send("<presence/>" if i % 2 else "<presence to='%s'/>" %
                        self.bystander.jid)
            await client.sync()
            if i % 3 == 0:
                client.send("</stream:stream>")
            else:
                client.close()
        await self.bystander.sync()
        # The last one's end may be on its way.
        deadline = time.monotonic() + GUARD
        while True:
            now = self.server.ctl("connected_users").stdout.split()
            if len(now) == 1:
                break
            self.assertLess(time.monotonic(), deadline, now)
            await asyncio.sleep(0.05)
        self.assertEqual(now, [self.bystander.jid])


if __name__ == "__main__":
    unittest.main()

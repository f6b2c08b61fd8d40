"""A raw XMPP client and a server to talk to, for the scenario tests.

The client says exactly what a test tells it to, right or wrong, and hands over
what came back, element by element. Nothing in here waits a fixed time: every
wait ends with an event, or fails after GUARD seconds.

    class Ping(ServerCase):
        options = {"modules": ["{mod_ping, []}"]}

        async def test_ping(self):
            alice = await self.login("alice")
            answer = await alice.iq("get", "<ping xmlns='urn:xmpp:ping'/>")
            self.assertEqual(answer.get("type"), "result")
"""

import asyncio
import base64
import collections
import hashlib
import hmac
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as ET
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

SRC = os.environ.get("XMPPD_SRC") or os.path.dirname(os.path.dirname(
    os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("XMPPD_BIN") or os.path.join(SRC, "build", "bin")
# Seconds after which a wait has failed.
GUARD = {"": 20, "address": 60}.get(os.environ.get("XMPPD_SAN", ""), 120)

STREAM = "http://etherx.jabber.org/streams"
CLIENT = "jabber:client"
TLS = "urn:ietf:params:xml:ns:xmpp-tls"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
BIND = "urn:ietf:params:xml:ns:xmpp-bind"
SESSION = "urn:ietf:params:xml:ns:xmpp-session"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
STREAMS = "urn:ietf:params:xml:ns:xmpp-streams"
ROSTER = "jabber:iq:roster"
REGISTER = "jabber:iq:register"


def binaries(*names):
    """Skips a test (or a class's set-up) where programs aren't built."""
    for name in names:
        if not os.access(os.path.join(BIN, name), os.X_OK):
            raise unittest.SkipTest("%s is not built" % name)


# --- what came back ---------------------------------------------------------

def condition(element):
    """The defined condition in an error, failure or stream error, or None."""
    if element.tag == "{%s}failure" % SASL:
        spaces = (SASL,)
    else:
        spaces = (STANZAS, STREAMS)
    if element.tag.startswith("{%s}" % CLIENT) and \
            element.tag != "{%s}error" % CLIENT:
        element = element.find("{%s}error" % CLIENT)
        if element is None:
            return None
    for child in element:
        space, _, name = child.tag[1:].partition("}")
        if space in spaces and name != "text":
            return name
    return None


def kind(element):
    """The name without its namespace."""
    return element.tag.rpartition("}")[2]


def body(element):
    return element.findtext("{%s}body" % CLIENT)


class StreamEnded(Exception):
    """The stream is over: error is the stream error's condition (or None),
    closed whether </stream:stream> came, lost why the connection broke."""

    def __init__(self, error, text, closed, lost):
        self.error, self.text = error, text
        self.closed, self.lost = closed, lost
        super().__init__("error=%s (%s) closed=%s lost=%s" % (
            error, text, closed, lost))


class SaslFailed(Exception):
    def __init__(self, element):
        self.condition = condition(element)
        super().__init__("%s: %s" % (
            self.condition, element.findtext("{%s}text" % SASL)))


class Reader:
    """Bytes to elements. The parser sees whole tags only, so that expat never
    puts off what it could tell already."""

    def __init__(self, on_header, on_element, on_close):
        self.on_header, self.on_element = on_header, on_element
        self.on_close = on_close
        self.rest = b""
        self.stack = []
        self.depth = 0
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    @staticmethod
    def name(name):
        return "{" + name if "}" in name else name

    def start(self, tag, attributes):
        element = ET.Element(self.name(tag), {
            self.name(key): value for key, value in attributes.items()})
        self.depth += 1
        if self.depth == 1:
            self.on_header(element)
        elif self.stack:
            self.stack[-1].append(element)
            self.stack.append(element)
        else:
            self.stack = [element]

    def end(self, _tag):
        self.depth -= 1
        if self.depth == 0:
            self.on_close()
        elif self.depth == 1:
            self.on_element(self.stack.pop())
        else:
            self.stack.pop()

    def text(self, text):
        if not self.stack:
            return
        element = self.stack[-1]
        if len(element):
            element[-1].tail = (element[-1].tail or "") + text
        else:
            element.text = (element.text or "") + text

    def feed(self, data):
        data = self.rest + data
        cut = data.rfind(b">") + 1
        self.rest = data[cut:]
        if cut:
            self.parser.Parse(data[:cut], False)


# --- SCRAM ------------------------------------------------------------------

def end_point(certificate):
    """tls-server-end-point (RFC 5929): the certificate's hash by its own
    signature's algorithm, SHA-256 where that is MD5 or SHA-1."""
    for oid, name in ((b"\x2a\x86\x48\xce\x3d\x04\x03\x03", "sha384"),
                      (b"\x2a\x86\x48\xce\x3d\x04\x03\x04", "sha512"),
                      (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", "sha384"),
                      (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", "sha512")):
        if oid in certificate:
            return hashlib.new(name, certificate).digest()
    return hashlib.sha256(certificate).digest()


class Scram:
    """The client's side. flag: "n", "y", or "p=tls-server-end-point"."""

    def __init__(self, algorithm, user, password, flag, data, authzid):
        self.algorithm, self.password = algorithm, password
        name = user.replace("=", "=3D").replace(",", "=2C")
        self.gs2 = "%s,%s," % (flag, "a=" + authzid if authzid else "")
        self.bare = "n=%s,r=%s" % (name, secrets.token_hex(12))
        self.binding = base64.b64encode(self.gs2.encode() + data).decode()
        self.signature = None

    def first(self):
        return self.gs2 + self.bare

    def hmac(self, key, data):
        return hmac.digest(key, data, self.algorithm)

    def final(self, challenge):
        parts = dict(part.split("=", 1) for part in challenge.split(","))
        salted = hashlib.pbkdf2_hmac(
            self.algorithm, self.password.encode(),
            base64.b64decode(parts["s"]), int(parts["i"]))
        without = "c=%s,r=%s" % (self.binding, parts["r"])
        message = ",".join((self.bare, challenge, without)).encode()
        key = self.hmac(salted, b"Client Key")
        stored = hashlib.new(self.algorithm, key).digest()
        proof = bytes(a ^ b for a, b in zip(key, self.hmac(stored, message)))
        self.signature = self.hmac(self.hmac(salted, b"Server Key"), message)
        return without + ",p=" + base64.b64encode(proof).decode()

    def check(self, success):
        if success != "v=" + base64.b64encode(self.signature).decode():
            raise AssertionError("the server's signature is wrong")


# --- the client -------------------------------------------------------------

class Client(asyncio.Protocol):
    """One connection. Methods in the order of a login: connect, open, starttls,
    authenticate, bind; `login` does all of them. Elements that nobody expected
    yet stay in `waiting`, in their order."""

    def __init__(self, domain="localhost"):
        self.domain = domain
        self.header = None      # the server's stream header
        self.features = None
        self.jid = None
        self.waiting = collections.deque()
        self.transport = None
        self.changed = None     # set while somebody waits
        self.error = self.text = None
        self.closed, self.lost = False, None
        self.broken = None      # what the server sent is no XML
        self.reader = None
        self.sent_ids = 0
        self.tls = None         # the ssl object

    # asyncio's side

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, exc):
        self.lost = str(exc or "end")
        self.wake()

    def data_received(self, data):
        try:
            self.reader.feed(data)
        except expat.ExpatError as trouble:
            self.broken = "the server's XML: %s in %r" % (trouble, data[:200])
            self.transport.abort()
        self.wake()

    def eof_received(self):
        return False

    def wake(self):
        if self.changed and not self.changed.done():
            self.changed.set_result(None)

    def on_header(self, element):
        self.header = element

    def on_element(self, element):
        if element.tag == "{%s}error" % STREAM:
            self.error = condition(element)
            self.text = element.findtext("{%s}text" % STREAMS)
        else:
            self.waiting.append(element)

    def on_close(self):
        self.closed = True

    def fresh_reader(self):
        self.header = None
        self.reader = Reader(self.on_header, self.on_element, self.on_close)

    # waiting

    async def until(self, found, over=True):
        """What found() returns, as soon as it isn't None. over: raise
        StreamEnded at the stream's end."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + GUARD
        while True:
            value = found()
            if value is not None:
                return value
            if self.broken:
                raise AssertionError(self.broken)
            if over and (self.lost or self.closed):
                raise StreamEnded(
                    self.error, self.text, self.closed, self.lost)
            self.changed = loop.create_future()
            try:
                await asyncio.wait_for(
                    self.changed, max(deadline - loop.time(), 0))
            except asyncio.TimeoutError:
                raise AssertionError(
                    "%s waited in vain; unread: %s" % (
                        self.jid or self.domain,
                        [ET.tostring(e) for e in self.waiting])) from None
            finally:
                self.changed = None

    async def next(self):
        """The next element, whatever it is. StreamEnded when it's over."""
        return await self.until(
            lambda: self.waiting.popleft() if self.waiting else None)

    async def expect(self, matches, what=None):
        """The first element that matches (a name such as "message", or a
        function); earlier ones stay in `waiting`."""
        if isinstance(matches, str):
            wanted = matches

            def matches(element):
                return kind(element) == wanted

        def found():
            for element in self.waiting:
                if matches(element):
                    self.waiting.remove(element)
                    return element
            return None

        try:
            return await self.until(found)
        except AssertionError as trouble:
            raise AssertionError("%s (wanted: %s)" % (
                trouble, what or matches)) from None

    async def collect(self, matches):
        """All elements up to the first that matches, which isn't among
        them but dropped."""
        seen = []
        while True:
            element = await self.next()
            if matches(element):
                return seen
            seen.append(element)

    async def ended(self):
        """Waits for the connection's end and returns it as a StreamEnded.
        Elements before it stay in `waiting`."""
        await self.until(lambda: self.lost, over=False)
        return StreamEnded(self.error, self.text, self.closed, self.lost)

    # saying

    def send(self, text):
        """Raw bytes or text, as they are."""
        if isinstance(text, str):
            text = text.encode()
        self.transport.write(text)

    def pause(self):
        """Reads no more: what the server sends piles up."""
        self.transport.pause_reading()

    def resume(self):
        self.transport.resume_reading()

    def close(self):
        if self.transport:
            self.transport.abort()

    def next_id(self):
        self.sent_ids += 1
        return "q%d" % self.sent_ids

    async def iq(self, type_, payload, to=None, id_=None):
        """Sends an iq and returns its answer, result or error."""
        id_ = id_ or self.next_id()
        self.send("<iq type='%s' id='%s'%s>%s</iq>" % (
            type_, id_, " to=" + quoteattr(to) if to else "", payload))
        return await self.expect(
            lambda e: kind(e) == "iq" and e.get("id") == id_ and
            e.get("type") in ("result", "error"), "the answer of " + payload)

    def message(self, to, text, type_="chat", extra=""):
        self.send("<message to=%s type='%s'><body>%s</body>%s</message>" % (
            quoteattr(to), type_, escape(text), extra))

    async def sync(self):
        """What came before the answer of a ping to the own account: all that
        the server had for us when it took up the ping."""
        id_ = "sync-" + self.next_id()
        self.send("<iq type='get' id='%s'><ping xmlns='urn:xmpp:ping'/></iq>"
                  % id_)
        return await self.collect(lambda e: e.get("id") == id_)

    # a login, step by step

    async def connect(self, port, direct_tls=False, address="127.0.0.1",
                      context=None, receive_buffer=0, source=None):
        """receive_buffer: a small one, for clients that stop reading. source:
        the loopback address to come from."""
        loop = asyncio.get_running_loop()
        self.fresh_reader()
        sock = socket.socket(
            socket.AF_INET6 if ":" in address else socket.AF_INET)
        if receive_buffer:
            sock.setsockopt(
                socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if source:
            sock.bind((source, 0))
        sock.setblocking(False)
        await loop.sock_connect(sock, (address, port))
        await loop.create_connection(lambda: self, sock=sock)
        if direct_tls:
            await self.secure(context)
        return self

    async def secure(self, context=None):
        """TLS on the connection as it is."""
        loop = asyncio.get_running_loop()
        self.transport = await loop.start_tls(
            self.transport, self, context or tls_context(),
            server_hostname=self.domain, ssl_handshake_timeout=GUARD)
        self.tls = self.transport.get_extra_info("ssl_object")

    async def open(self, domain=None, attributes="version='1.0'",
                   namespaces="xmlns='%s' xmlns:stream='%s'" % (
                       CLIENT, STREAM)):
        """A stream header; returns the features."""
        self.fresh_reader()
        self.send("<?xml version='1.0'?><stream:stream to=%s %s %s>" % (
            quoteattr(domain or self.domain), namespaces, attributes))
        self.features = await self.expect("features")
        return self.features

    async def starttls(self, context=None):
        self.send("<starttls xmlns='%s'/>" % TLS)
        await self.expect("proceed")
        await self.secure(context)
        return await self.open()

    def mechanisms(self):
        path = "{%s}mechanisms/{%s}mechanism" % (SASL, SASL)
        return [e.text for e in self.features.findall(path)]

    def auth(self, mechanism, initial):
        text = "=" if initial == "" else None if initial is None else \
            base64.b64encode(initial.encode()).decode()
        self.send("<auth xmlns='%s' mechanism='%s'%s" % (
            SASL, mechanism, "/>" if text is None else
            ">%s</auth>" % text))

    async def sasl_answer(self, *names):
        answer = await self.expect(
            lambda e: e.tag.startswith("{%s}" % SASL), "an answer of SASL")
        if kind(answer) == "failure":
            raise SaslFailed(answer)
        if kind(answer) not in names:
            raise AssertionError("unexpected " + answer.tag)
        return base64.b64decode(answer.text or "").decode()

    async def authenticate(self, user, password, mechanism=None, flag=None,
                           authzid=""):
        """SaslFailed where refused. flag: SCRAM's "n" or "y"; forms with -PLUS
        bind to tls-server-end-point."""
        mechanism = mechanism or next(
            m for m in ("SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS",
                        "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN")
            if m in self.mechanisms() and (self.tls or "PLUS" not in m))
        if mechanism == "PLAIN":
            self.auth("PLAIN", "%s\0%s\0%s" % (authzid, user, password))
            await self.sasl_answer("success")
            return
        data = b""
        if mechanism.endswith("-PLUS"):
            flag = "p=tls-server-end-point"
            data = end_point(self.tls.getpeercert(binary_form=True))
        algorithm = "sha1" if "SHA-1" in mechanism else "sha256"
        scram = Scram(algorithm, user, password, flag or "n", data, authzid)
        self.auth(mechanism, scram.first())
        final = scram.final(await self.sasl_answer("challenge"))
        self.send("<response xmlns='%s'>%s</response>" % (
            SASL, base64.b64encode(final.encode()).decode()))
        scram.check(await self.sasl_answer("success"))

    async def bind(self, resource=None):
        inner = "<resource>%s</resource>" % escape(resource) \
            if resource is not None else ""
        answer = await self.iq(
            "set", "<bind xmlns='%s'>%s</bind>" % (BIND, inner))
        if answer.get("type") == "result":
            self.jid = answer.findtext("{%s}bind/{%s}jid" % (BIND, BIND))
        return answer

    async def login(self, port, user, password, resource=None, tls="starttls",
                    **how):
        """All of it. tls: "starttls", "direct", "none"; how: authenticate's
        options. Returns self, bound."""
        await self.connect(port, direct_tls=tls == "direct")
        await self.open()
        if tls == "starttls":
            await self.starttls()
        await self.authenticate(user, password, **how)
        await self.open()
        answer = await self.bind(resource)
        if self.jid is None:
            raise AssertionError("no resource: %s" % condition(answer))
        return self

    async def available(self, priority=None):
        """Initial presence; returns when the server has echoed it."""
        inner = "" if priority is None else \
            "<priority>%d</priority>" % priority
        self.send("<presence>%s</presence>" % inner)
        await self.expect(lambda e: kind(e) == "presence" and
                          e.get("from") == self.jid, "own presence")

    @property
    def bare(self):
        return self.jid.partition("/")[0]


def tls_context(trusted=None):
    """Trusts anything, or the certificates of a PEM file alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if trusted:
        context.load_verify_locations(trusted)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


# --- the server -------------------------------------------------------------

def free_ports(count):
    """Loopback ports that nobody held a moment ago."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def string(text):
    """An Erlang string."""
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


class Server:
    """xmppd in a directory of its own. Lists hold Erlang terms as text, e.g.
    modules=["{mod_ping, []}"], terms=['{acl, admin, {user, "a"}}.'].

    listeners: name -> options of ejabberd_c2s, as a list's inside; "PEM" stands
    for the certificate's path as an Erlang string. The names become keys of
    `ports`. The default has "starttls", "direct" and "none".
    """

    LISTENERS = {
        "starttls": "starttls, {certfile, PEM}, {access, c2s}",
        "direct": "tls, {certfile, PEM}, {access, c2s}",
        "none": "{access, c2s}",
    }
    MODULES = ("{mod_ping, []}", "{mod_disco, []}", "{mod_version, []}",
               "{mod_roster, []}")

    def __init__(self, hosts=("localhost",), listeners=None, modules=None,
                 access=("{access, c2s, [{allow, all}]}.",), terms=(),
                 loglevel=4, shards=2, options=()):
        binaries("xmppd", "xmppctl", "xmpp-certgen")
        self.hosts = list(hosts)
        self.listeners = self.LISTENERS if listeners is None else listeners
        self.modules = self.MODULES if modules is None else modules
        self.access, self.terms = list(access), list(terms)
        self.loglevel, self.shards = loglevel, shards
        self.options = list(options)
        self.room = tempfile.mkdtemp(prefix="xmppd.")
        self.config = os.path.join(self.room, "ejabberd.cfg")
        self.state = os.path.join(self.room, "state")
        self.pem = os.path.join(self.room, "server.pem")
        self.log_path = os.path.join(self.room, "log")
        self.ports = {}
        self.process = None

    def write_config(self):
        self.ports = dict(zip(
            self.listeners, free_ports(len(self.listeners))))
        listen = ",\n  ".join(
            '{{%d, "127.0.0.1"}, ejabberd_c2s, [%s]}' % (
                self.ports[name], options.replace("PEM", string(self.pem)))
            for name, options in self.listeners.items())
        with open(self.config, "w", encoding="utf-8") as file:
            file.write("{loglevel, %d}.\n" % self.loglevel)
            file.write("{hosts, [%s]}.\n" % ", ".join(
                string(host) for host in self.hosts))
            file.write("{listen,\n [%s]}.\n" % listen)
            for line in self.access + self.terms:
                file.write(line + "\n")
            file.write("{modules,\n [%s]}.\n" % ",\n  ".join(self.modules))

    def make_pem(self):
        hosts = [word for host in self.hosts for word in ("--host", host)]
        subprocess.run(
            [os.path.join(BIN, "xmpp-certgen"), "self-signed", *hosts,
             "--out", self.pem], check=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, timeout=GUARD)

    def start(self, same_ports=False):
        """Returns when every port accepts. Starts again on other ports where
        somebody was faster."""
        if not os.path.exists(self.pem):
            self.make_pem()
        for attempt in range(3):
            if not same_ports:
                self.write_config()
            if self.try_start():
                return self
            if same_ports or "is held by" not in self.log() or attempt == 2:
                break
        raise AssertionError("xmppd did not start:\n" + self.log())

    def command(self):
        command = [os.path.join(BIN, "xmppd"), "--config", self.config,
                   "--state", self.state, "--foreground",
                   "--shards", str(self.shards), *self.options]
        if os.geteuid() == 0:
            command += ["--user", "root"]
        return command

    def try_start(self):
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log)
        deadline = time.monotonic() + GUARD
        while not self.answers():
            if self.process.poll() is not None:
                return False
            if time.monotonic() > deadline:
                self.process.kill()
                self.process.wait()
                return False
            time.sleep(0.01)
        return True

    def answers(self):
        """The control socket comes after the ports and before the start."""
        path = os.path.join(self.state, "control")
        with socket.socket(socket.AF_UNIX) as control:
            try:
                control.connect(path)
                return True
            except OSError:
                return False

    def stop(self, number=signal.SIGTERM):
        """Ends it and returns its exit status; None where it didn't run."""
        if not self.process:
            return None
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(number)
        try:
            return process.wait(timeout=GUARD)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return "did not stop"

    def remove(self):
        shutil.rmtree(self.room, ignore_errors=True)

    def log(self):
        try:
            with open(self.log_path, encoding="utf-8", errors="replace") as f:
                return f.read()
        except OSError:
            return ""

    def ctl(self, *arguments, check=True):
        """xmppctl COMMAND...; a CompletedProcess with text."""
        done = subprocess.run(
            [os.path.join(BIN, "xmppctl"), "--state", self.state, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=GUARD, text=True, check=False)
        if check and done.returncode:
            raise AssertionError("xmppctl %s: status %d: %s" % (
                " ".join(arguments), done.returncode, done.stdout))
        return done

    def register(self, user, host=None, password=None):
        """An account; the password is by default the user's name and "-pw"."""
        self.ctl("register", user, host or self.hosts[0],
                 password or user + "-pw")

    def register_many(self, users, host=None):
        path = os.path.join(self.room, "accounts")
        with open(path, "w", encoding="utf-8") as file:
            for user in users:
                file.write("%s,%s,%s-pw\n" % (
                    user, host or self.hosts[0], user))
        self.ctl("register_bulk", path)


class ServerCase(unittest.IsolatedAsyncioTestCase):
    """Tests that share one server: `options` are Server's, `accounts` those
    of the first host ("user@host" for another). A failing test shows the
    server's log."""

    options = {}
    accounts = ("alice", "bob")

    @classmethod
    def setUpClass(cls):
        cls.server = Server(**cls.options)
        cls.addClassCleanup(cls.server.remove)
        cls.server.start()
        cls.addClassCleanup(cls.stop_server)
        for account in cls.accounts:
            user, _, host = account.partition("@")
            cls.server.register(user, host or None)

    @classmethod
    def stop_server(cls):
        status = cls.server.stop()
        if status != 0:
            raise AssertionError("xmppd ended with %s:\n%s" % (
                status, cls.server.log()))

    def setUp(self):
        self.log_begin = len(self.server.log())
        self.clients = []

    async def asyncTearDown(self):
        for client in self.clients:
            client.close()
        # Lets asyncio see the connections go before its loop does.
        await asyncio.sleep(0)

    def tearDown(self):
        if not self._outcome.success:
            print("--- the server's log:\n" +
                  self.server.log()[self.log_begin:], file=sys.stderr)

    def client(self, domain=None):
        client = Client(domain or self.server.hosts[0])
        self.clients.append(client)
        return client

    async def connect(self, listener="starttls", domain=None, **how):
        """Connected, without a stream yet."""
        return await self.client(domain).connect(
            self.server.ports[listener], direct_tls=listener == "direct",
            **how)

    async def opened(self, listener="none", domain=None):
        """Connected, with the first features; "none" means no TLS."""
        client = await self.connect(listener, domain)
        await client.open()
        return client

    async def login(self, user, resource=None, domain=None, listener=None,
                    password=None, **how):
        """A bound client, over STARTTLS unless a listener is named."""
        if "@" in user:
            user, _, domain = user.partition("@")
        listener = listener or next(iter(self.server.listeners))
        options = self.server.listeners[listener]
        tls = "starttls" if "starttls" in options else \
            "direct" if "tls" in options else "none"
        return await self.client(domain).login(
            self.server.ports[listener], user, password or user + "-pw",
            resource, tls, **how)

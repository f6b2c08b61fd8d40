#!/usr/bin/python3 -B
# timeout: 180
"""The steps of a first installation, as somebody takes them who reads a guide:
three hosts, a PEM, accounts, start, stop; the mistakes made on the way; and
`make run` with the real programs.
"""

import asyncio
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
from xmpp_client import (  # noqa: E402
    BIN, GUARD, SRC, Client, SaslFailed, StreamEnded, binaries, body,
    free_ports, kind, string, tls_context)

HOSTS = ("example.com", "example.net", "example.org")
AS = ("--user", "root") if os.geteuid() == 0 else ()
CONFIG = """{hosts, [%(hosts)s]}.
{loglevel, 4}.
{listen, [
\t{{%(port)d, "127.0.0.1"}, ejabberd_c2s, [
\t\t{certfile, "server.pem"}, starttls_required, {access, c2s}
\t]}
]}.
{auth_method, internal}.
{access, c2s, [{allow, all}]}.
{modules, [
\t{mod_disco, []},
\t{mod_roster, []}
]}.
"""


class Installation(unittest.TestCase):
    """A directory with a configuration; what was started is stopped."""

    def setUp(self):
        binaries("xmppd", "xmppctl", "xmpp-certgen", "xmpp-cfglint",
                 "xmpp-dnscheck")
        self.room = tempfile.mkdtemp(prefix="i.")
        self.config = self.room + "/ejabberd.cfg"
        self.state = self.room + "/state"
        self.pem = self.room + "/server.pem"
        self.live = None
        self.write_config()

    def tearDown(self):
        if self.live:
            self.live.terminate()
            self.live.communicate(timeout=GUARD)
        # Without a server, stop does nothing.
        self.ctl("stop")
        shutil.rmtree(self.room)

    def write_config(self, change=lambda text: text):
        self.port, = free_ports(1)
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(change(CONFIG % {
                "port": self.port,
                "hosts": ", ".join(string(host) for host in HOSTS)}))

    def run_program(self, name, *words, **how):
        """(exit status, everything printed)"""
        done = subprocess.run(
            [os.path.join(BIN, name), *words], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=GUARD, check=False, **how)
        return done.returncode, done.stdout

    def ctl(self, *words):
        return self.run_program("xmppctl", "--state", self.state, *words)

    def done(self, *words):
        """A command that has to succeed: what it printed, line by line."""
        status, text = self.ctl(*words)
        self.assertEqual(status, 0, text)
        return text.splitlines()

    def xmppd(self, *words):
        return self.run_program("xmppd", "--config", self.config, "--state",
                                self.state, *AS, *words)

    def accepts(self):
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except OSError:
            return False
        return True

    async def login(self, user, host, password, version=None):
        context = tls_context()
        if version:
            context.minimum_version = context.maximum_version = version
        client = Client(host)
        await client.connect(self.port)
        await client.open()
        await client.starttls(context)
        await client.authenticate(user, password)
        await client.open()
        await client.bind("r")
        return client


class ThreeHosts(Installation):
    def test_step_by_step(self):
        self.no_start_without_the_pem()
        self.make_the_pem()
        self.start()
        self.register_the_same_name_everywhere()
        asyncio.run(self.talk_until_it_stops())
        self.start_again_in_the_foreground()

    def no_start_without_the_pem(self):
        status, text = self.xmppd()
        self.assertEqual(status, 1, text)
        self.assertIn(self.config + ":5:14: error: ", text)
        self.assertIn("xmpp-certgen self-signed --config " + self.config,
                      text)
        self.assertFalse(os.path.exists(self.state))

    def make_the_pem(self):
        status, text = self.run_program(
            "xmpp-certgen", "self-signed", "--config", self.config)
        self.assertEqual(status, 0, text)
        self.assertEqual(os.stat(self.pem).st_mode & 0o777, 0o600)
        status, text = self.run_program(
            "xmpp-cfglint", "--check-files", "--fail-on", "warning",
            self.config)
        self.assertEqual(status, 0, text)

    def start(self):
        self.done("--config", self.config, "start", *AS)
        self.assertTrue(self.accepts())
        text = "\n".join(self.done("status"))
        self.assertRegex(text, r"ejabberd@\S+")
        self.assertEqual(self.done("registered_vhosts"), list(HOSTS))
        self.assertEqual(os.stat(self.state).st_mode & 0o777, 0o700)

    def register_the_same_name_everywhere(self):
        for host in HOSTS:
            self.done("register", "bob", host, "pw-" + host)
        status, text = self.ctl("register", "bob", HOSTS[1], "other")
        self.assertEqual(status, 1)
        self.assertIn("bob@example.net", text)
        status, text = self.ctl("register", "bob", "example.edu", "other")
        self.assertEqual(status, 1)
        self.assertIn("example.edu", text)
        for host in HOSTS:
            self.assertEqual(self.done("registered_users", host), ["bob"])

    async def talk_until_it_stops(self):
        bobs = [await self.login("bob", host, "pw-" + host) for host in HOSTS]
        self.assertEqual(sorted(self.done("connected_users")),
                         ["bob@%s/r" % host for host in HOSTS])
        self.assertEqual(self.done("connected_users_number"), ["3"])
        for host in HOSTS:
            with self.assertRaises(SaslFailed):
                await self.login("bob", host, "pw-example.edu")
        bobs[0].send("<message to='bob@example.org/r'><body>hi</body>"
                     "</message>")
        got = await bobs[2].expect("message")
        self.assertEqual((body(got), got.get("from")),
                         ("hi", "bob@example.com/r"))
        self.done("unregister", "bob", "example.net")
        self.assertEqual(self.done("registered_users", "example.net"), [])
        with self.assertRaises(SaslFailed):
            await self.login("bob", "example.net", "pw-example.net")
        # In a thread: the clients have to close their side meanwhile.
        await asyncio.to_thread(self.done, "stop")
        for bob in (bobs[0], bobs[2]):
            with self.assertRaises(StreamEnded) as end:
                await bob.expect("nothing more")
            self.assertEqual(end.exception.error, "system-shutdown")
        self.assertFalse(self.accepts())
        self.assertEqual(self.ctl("status")[0], 3)
        self.assertEqual(self.ctl("stop")[0], 3)

    def start_again_in_the_foreground(self):
        with open(self.room + "/live.log", "w", encoding="utf-8") as log:
            self.live = subprocess.Popen(
                [os.path.join(BIN, "xmppctl"), "--state", self.state,
                 "--config", self.config, "live", *AS],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.done("started")
        self.assertIsNone(self.live.poll())
        self.assertEqual(self.done("registered_users", "example.org"),
                         ["bob"])
        self.done("stop")
        self.assertEqual(self.live.wait(timeout=GUARD), 0)
        self.live = None
        with open(self.room + "/live.log", encoding="utf-8") as log:
            self.assertRegex(log.read(), r"listening on 127\.0\.0\.1:%d\b" %
                             self.port)


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class OldGuide(Installation):
    """A PEM as guides of old make it: RSA, one name, none of it in SAN."""

    def make_pem(self):
        key, crt = self.room + "/key.pem", self.room + "/crt.pem"
        subprocess.run(
            ["openssl", "req", "-new", "-x509", "-newkey", "rsa:4096",
             "-nodes", "-days", "365", "-subj", "/CN=example.com",
             "-keyout", key, "-out", crt], check=True, timeout=GUARD,
            stderr=subprocess.DEVNULL)
        with open(os.open(self.pem, os.O_WRONLY | os.O_CREAT, 0o600),
                  "w", encoding="ascii") as pem:
            for path in (crt, key):
                with open(path, encoding="ascii") as file:
                    pem.write(file.read())

    def test_serves_with_a_warning(self):
        self.make_pem()
        status, text = self.ctl("--config", self.config, "start", *AS)
        self.assertEqual(status, 0, text)
        self.assertRegex(text, r"server\.pem:1:1: warning: [^\n]*"
                         r"subjectAltName[^\n]*\[CERT013\]")
        for host in HOSTS:
            self.done("register", "bob", host, "pw")
        asyncio.run(self.log_in_everywhere())

    async def log_in_everywhere(self):
        for host in HOSTS:
            for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                client = await self.login("bob", host, "pw", version)
                client.close()


# What is wrong, how: (change of the configuration, line:column, excerpt).
BROKEN = {
    "missing final dot": (
        lambda text: text.replace("{loglevel, 4}.", "{loglevel, 4}"),
        "2:14", "{loglevel, 4}"),
    "unknown option": (
        lambda text: text.replace("starttls_required", "starttls_requird"),
        "5:29", "starttls_requird"),
    "unknown option at the top": (
        lambda text: text + "{loglevle, 4}.\n", "14:2", "{loglevle, 4}."),
    "unreadable certfile": (
        lambda text: text.replace("server.pem", "folder.pem"),
        "5:14", '{certfile, "folder.pem"}'),
}


class BrokenConfig(Installation):
    def check(self, program):
        for name, (change, where, excerpt) in BROKEN.items():
            with self.subTest(mistake=name):
                self.write_config(change)
                status, text = program()
                self.assertEqual(status, 1, text)
                head = "%s:%s: error: " % (self.config, where)
                self.assertIn(head, text)
                shown = text.partition(head)[2].splitlines()
                self.assertIn(excerpt, shown[1])
                self.assertRegex(shown[2], r"^ *\| *\^")
                self.check_nothing_started()

    def check_nothing_started(self):
        self.assertFalse(self.accepts())
        self.assertEqual(self.ctl("status")[0], 3)
        for folder, _, names in os.walk(self.room):
            for name in names:
                self.assertFalse(name.endswith((".pem", ".db", ".pid")),
                                 folder + "/" + name)

    def setUp(self):
        super().setUp()
        os.mkdir(self.room + "/folder.pem")

    def test_xmppd(self):
        self.check(lambda: self.xmppd("--foreground"))

    def test_xmppd_in_the_background(self):
        self.check(self.xmppd)

    def test_xmppctl_start(self):
        self.check(lambda: self.ctl("--config", self.config, "start", *AS))

    def test_make_run(self):
        environment = dict(os.environ, BIN=BIN, RUN=self.room + "/run")
        self.check(lambda: self.run_program(
            os.path.join(SRC, "tools", "run"), self.config,
            env=environment))

    def test_make_run_hands_over_config(self):
        if not shutil.which("make"):
            self.skipTest("make is not installed")
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("MAKE")}
        done = subprocess.run(
            ["make", "-n", "-C", SRC, "run", "CONFIG=" + self.config],
            stdout=subprocess.PIPE, text=True, timeout=GUARD, check=True,
            env=environment)
        self.assertRegex(done.stdout, r"tools/run %s\n" %
                         re.escape(self.config))


class MakeRun(Installation):
    """tools/run, which `make run` calls, with a copy of the first
    configuration on other ports."""

    def setUp(self):
        super().setUp()
        os.mkdir(self.room + "/run")
        self.state = self.room + "/run/state"
        self.config = self.room + "/run/ejabberd.cfg"
        self.port, direct = free_ports(2)
        with open(os.path.join(SRC, "tools", "localhost.cfg"),
                  encoding="utf-8") as file:
            text = file.read()
        text = text.replace("{5222,", '{{%d, "127.0.0.1"},' % self.port)
        text = text.replace("{5223,", '{{%d, "127.0.0.1"},' % direct)
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text)
        status, text = self.run_program("xmpp-dnscheck", "--hostname")
        if status:
            self.skipTest("this machine's name is not in order: " + text)

    def start(self, run="run"):
        return subprocess.Popen(
            [os.path.join(SRC, "tools", "run")], text=True,
            env=dict(os.environ, BIN=BIN, RUN=os.path.join(self.room, run)),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)

    def read_until_log(self):
        lines = []
        for line in self.live.stdout:
            lines.append(line)
            if line.startswith("== Log"):
                return "".join(lines)
        self.fail("make run ended:\n" + "".join(lines))

    def interrupt(self):
        self.live.send_signal(signal.SIGINT)
        rest, _ = self.live.communicate(timeout=GUARD)
        self.assertEqual(self.live.returncode, 0, rest)
        self.live = None
        self.assertFalse(self.accepts())

    def test_first_and_second_start(self):
        self.live = self.start()
        text = self.read_until_log()
        accounts = dict(re.findall(r"^demo account: (\S+) (\w{16})$", text,
                                   re.M))
        self.assertEqual(set(accounts), {"alice@localhost", "bob@localhost"})
        asyncio.run(self.talk(accounts))
        self.interrupt()
        self.live = self.start()
        text = self.read_until_log()
        self.assertNotIn("demo account:", text)
        asyncio.run(self.talk(accounts))
        self.interrupt()

    async def talk(self, accounts):
        alice = await self.login("alice", "localhost",
                                 accounts["alice@localhost"])
        bob = await self.login("bob", "localhost",
                               accounts["bob@localhost"])
        await bob.available()
        alice.send("<message type='chat' to='bob@localhost'>"
                   "<body>hello</body></message>")
        got = await bob.expect(lambda e: kind(e) == "message")
        self.assertEqual(body(got), "hello")
        alice.close()
        bob.close()

    def test_port_in_use(self):
        self.live = self.start()
        self.read_until_log()
        shutil.copytree(self.room + "/run", self.room + "/other",
                        ignore=shutil.ignore_patterns("state", "output"))
        second = self.start("other")
        text, _ = second.communicate(timeout=GUARD)
        self.assertEqual(second.returncode, 1, text)
        self.assertIn("make run stopped: a port is in use", text)
        self.assertRegex(text, r"127\.0\.0\.1:%d: [^\n]*xmppd \(pid \d+\)" %
                         self.port)
        self.interrupt()


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/python3 -B
"""profanity at a terminal, as somebody types: log in over STARTTLS with SCRAM,
trust the certificate, send a message, read the answer.
"""

import asyncio
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "scenario"))
# pylint: disable=wrong-import-position
from xmpp_client import GUARD, ServerCase, body, kind  # noqa: E402

# What moves the cursor or colours: a blank for the eye.
CONTROL = re.compile(rb"\x1b(?:[\[(][0-9;?]*[A-Za-z]?|[=>])|\r")


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, command, environment):
        self.seen = b""
        self.at = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, environment)
        size = struct.pack("HHHH", 40, 160, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)

    def type(self, line):
        os.write(self.fd, line.encode() + b"\r")

    def wait_for(self, text):
        """Until text has been shown since the last call."""
        deadline = time.monotonic() + GUARD
        while True:
            shown = re.sub(rb" +", b" ", CONTROL.sub(b" ", self.seen))
            found = shown.find(text.encode(), self.at)
            if found >= 0:
                self.at = found + len(text)
                return
            if not select.select([self.fd], [], [], max(
                    0, deadline - time.monotonic()))[0]:
                raise AssertionError("%r was not shown:\n%s" % (
                    text, shown.decode("utf-8", "replace")))
            try:
                self.seen += os.read(self.fd, 65536)
            except OSError:
                raise AssertionError("ended before %r was shown:\n%s" % (
                    text, shown.decode("utf-8", "replace"))) from None

    def end(self):
        """Its exit status."""
        try:
            while os.read(self.fd, 65536):
                pass
        except OSError:
            pass
        os.close(self.fd)
        return os.waitpid(self.pid, 0)[1]

    def kill(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.end()


@unittest.skipUnless(shutil.which("profanity"), "profanity is not installed")
class Profanity(ServerCase):
    options = {"hosts": ("example.com", "example.net"), "listeners": {
        "starttls": "starttls_required, {certfile, PEM}, {access, c2s}"}}
    accounts = ("alice", "bob@example.net")

    def setUp(self):
        super().setUp()
        home = tempfile.mkdtemp(prefix="p.")
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        self.terminal = Terminal(["profanity", "-l", "DEBUG", "-f",
                                  home + "/log"], {
            "HOME": home, "XDG_CONFIG_HOME": home + "/config",
            "XDG_DATA_HOME": home + "/data", "PATH": os.environ["PATH"],
            "TERM": "xterm", "LC_ALL": "C.UTF-8"})
        self.addCleanup(lambda: self.terminal and self.terminal.kill())

    async def on_screen(self, text):
        # In a thread: the raw client's loop goes on.
        await asyncio.to_thread(self.terminal.wait_for, text)

    async def log_in(self):
        await self.on_screen("Version 0.")
        self.terminal.type(
            "/connect alice@example.com server 127.0.0.1 port %d tls force" %
            self.server.ports["starttls"])
        await self.on_screen("Enter password:")
        self.terminal.type("alice-pw")
        await self.on_screen("self-signed certificate")
        await self.on_screen("Use '/tls allow' to accept")
        self.terminal.type("/tls allow")
        await self.on_screen("logged in successfully")

    async def test_logs_in_and_talks(self):
        bob = await self.login("bob@example.net", "r")
        await bob.available()
        await self.log_in()
        self.assertRegex(self.server.log(), "alice@example.com logged in by "
                         "SCRAM-SHA-256, TLS")
        self.terminal.type("/msg bob@example.net hello bob")
        got = await bob.expect(
            lambda e: kind(e) == "message" and body(e) is not None)
        self.assertEqual(body(got), "hello bob")
        self.assertRegex(got.get("from"), r"^alice@example\.com/profanity\.")
        bob.send("<message to='%s' type='chat'><body>hello back</body>"
                 "</message>" % got.get("from"))
        await self.on_screen("hello back")
        self.terminal.type("/quit")
        self.assertEqual(await asyncio.to_thread(self.terminal.end), 0)
        self.terminal = None


if __name__ == "__main__":
    unittest.main()

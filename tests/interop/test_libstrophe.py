#!/usr/bin/python3 -B
"""A client on libstrophe, the library under profanity and others, compiled
here: it logs in with SCRAM over STARTTLS and exchanges messages.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "scenario"))
# pylint: disable=wrong-import-position
from xmpp_client import GUARD, ServerCase, body, kind  # noqa: E402

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "strophe_echo.c")


def flags():
    """For compiling with libstrophe; None where it isn't installed."""
    if not shutil.which("pkg-config") or not shutil.which("gcc"):
        return None
    done = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "libstrophe"], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return None if done.returncode else done.stdout.split()


FLAGS = flags()


@unittest.skipIf(FLAGS is None, "libstrophe-dev is not installed")
class Libstrophe(ServerCase):
    options = {"hosts": ("example.com", "example.net"), "listeners": {
        "starttls": "starttls_required, {certfile, PEM}, {access, c2s}"}}
    accounts = ("alice", "bob@example.net")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        room = tempfile.mkdtemp(prefix="s.")
        cls.addClassCleanup(shutil.rmtree, room)
        cls.program = room + "/strophe_echo"
        subprocess.run(
            ["gcc", "-std=c17", "-Wall", "-Wextra", "-Werror", "-o",
             cls.program, SOURCE, *FLAGS], check=True, timeout=GUARD)

    async def run_client(self, password):
        return await asyncio.create_subprocess_exec(
            self.program, "alice@example.com", password, "127.0.0.1",
            str(self.server.ports["starttls"]), "bob@example.net",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)

    async def test_talks(self):
        bob = await self.login("bob@example.net", "r")
        await bob.available()
        client = await self.run_client("alice-pw")
        got = await bob.expect(
            lambda e: kind(e) == "message" and body(e) is not None)
        self.assertEqual(body(got), "hello <&> from libstrophe")
        bob.send("<message to='%s' type='chat'><body>echo</body></message>" %
                 got.get("from"))
        text, _ = await asyncio.wait_for(client.communicate(), GUARD)
        text = text.decode()
        self.assertEqual(client.returncode, 0, text)
        self.assertRegex(text, r"connected alice@example\.com/\S+ with TLS")
        self.assertIn("message bob@example.net/r: echo", text)
        self.assertRegex(self.server.log(), "alice@example.com logged in by "
                         "SCRAM-SHA-")

    async def test_wrong_password(self):
        client = await self.run_client("wrong")
        text, _ = await asyncio.wait_for(client.communicate(), GUARD)
        self.assertEqual(client.returncode, 1, text.decode())
        self.assertNotIn(b"\nconnected", text)


if __name__ == "__main__":
    unittest.main()

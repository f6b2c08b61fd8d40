#!/usr/bin/python3 -B
# timeout: 600
# serial
"""The newcomer's way: a Debian 12 with git and make and nothing else, a fresh
clone, `make run`; then two clients log in with the accounts that it showed.

The system is made by debootstrap in a temporary folder, from the mirror that
this machine uses. Takes a few minutes and 1 GB. XMPPD_FRESH_CHECK=1 lets
`make check` run in there as well, within an hour.
"""

import asyncio
import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "scenario"))
# pylint: disable=wrong-import-position
from xmpp_client import (  # noqa: E402
    SRC, Client, body, kind, tls_context)

SUITE = "bookworm"
MINUTE = 60
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive",
}


def mirror():
    """Where this machine has the suite's packages from, or None."""
    sources = ["/etc/apt/sources.list",
               *sorted(glob.glob("/etc/apt/sources.list.d/*.list"))]
    for path in sources:
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as file:
            found = re.search(
                r"^deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+%s\s" % SUITE,
                file.read(), re.M)
        if found:
            return found.group(1)
    for path in sorted(glob.glob("/etc/apt/sources.list.d/*.sources")):
        with open(path, encoding="utf-8") as file:
            for part in file.read().split("\n\n"):
                uris = re.search(r"^URIs:\s*(\S+)", part, re.M)
                suites = re.search(r"^Suites:(.*)", part, re.M)
                if uris and suites and SUITE in suites.group(1).split():
                    return uris.group(1)
    return None


def port_is_free(port):
    try:
        socket.create_server(("", port)).close()
    except OSError:
        return False
    return True


class FreshDebian(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, for chroot")
        for tool in ("debootstrap", "unshare", "git"):
            if not shutil.which(tool):
                self.skipTest(tool + " is not installed")
        if not mirror():
            self.skipTest("apt's sources name no mirror of " + SUITE)
        for port in (5222, 5223):
            if not port_is_free(port):
                self.skipTest("port %d is in use" % port)
        # In a process group of its own: what ends the test ends that.
        self.live = None
        self.room = tempfile.mkdtemp(prefix="d.")
        self.addCleanup(shutil.rmtree, self.room, ignore_errors=True)
        self.root = self.room + "/root"
        self.addCleanup(self.end)

    def end(self):
        if self.live:
            self.live.kill()
            self.live.communicate()

    def run_outside(self, *command, minutes=5):
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=minutes * MINUTE,
            check=False)
        self.assertEqual(done.returncode, 0, "%s:\n%s" % (
            " ".join(command), done.stdout[-4000:]))
        return done.stdout

    def start_inside(self, command):
        """In namespaces of its own for mounts and processes: with its end
        nothing is left."""
        script = "mount -t proc proc %s/proc && exec chroot %s sh -c '%s'" % (
            self.root, self.root, command)
        return subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child",
             "sh", "-c", script], env=ENVIRONMENT,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)

    def run_inside(self, command, minutes=5):
        self.live = self.start_inside(command)
        text, _ = self.live.communicate(timeout=minutes * MINUTE)
        self.assertEqual(self.live.returncode, 0, command + ":\n" +
                         text[-20000:])
        self.live = None
        return text

    def make_system(self):
        try:
            self.run_outside("debootstrap", "--variant=minbase", SUITE,
                             self.root, mirror())
            shutil.copy("/etc/resolv.conf", self.root + "/etc/resolv.conf")
            self.run_inside("apt-get -q update && "
                            "apt-get -q install -y git make")
        except (AssertionError, subprocess.TimeoutExpired) as error:
            # That is the mirror's fault, and says nothing about xmppd.
            self.skipTest("no Debian could be made from the mirror: %s" %
                          str(error).strip().splitlines()[-1])
        self.run_outside("git", "clone", "-q", "--no-hardlinks",
                         "file://" + SRC, self.root + "/root/xmppd")

    def test_make_run(self):
        self.make_system()
        # A signal to unshare would not reach make; the server is stopped by
        # command below.
        self.live = self.start_inside("cd /root/xmppd && exec make run")
        lines = []
        for line in self.live.stdout:
            lines.append(line)
            if line.startswith("== Log"):
                break
        text = "".join(lines)
        self.assertRegex(text, "installing Debian packages: [^\n]*gcc")
        accounts = re.findall(r"^demo account: (\S+)@localhost (\w{16})$",
                              text, re.M)
        self.assertEqual([name for name, _ in accounts], ["alice", "bob"],
                         text)
        asyncio.run(self.talk(dict(accounts)))
        self.run_outside(
            "chroot", self.root, "/root/xmppd/build/bin/xmppctl", "--state",
            "/root/xmppd/run/state", "stop")
        rest, _ = self.live.communicate(timeout=MINUTE)
        self.assertEqual(self.live.returncode, 0, rest)
        self.live = None
        if os.environ.get("XMPPD_FRESH_CHECK"):
            text = self.run_inside("cd /root/xmppd && make check", 60)
            self.assertRegex(text, r"\d+ passed, 0 failed, \d+ skipped\n$")

    async def talk(self, passwords):
        context = tls_context(self.root + "/root/xmppd/run/localhost.pem")
        clients = {}
        for name, password in passwords.items():
            client = clients[name] = await Client("localhost").connect(5222)
            await client.open()
            await client.starttls(context)
            await client.authenticate(name, password, "SCRAM-SHA-256", "y")
            await client.open()
            await client.bind()
            await client.available()
        clients["alice"].send("<message to='bob@localhost' type='chat'>"
                              "<body>hello</body></message>")
        got = await clients["bob"].expect(lambda e: kind(e) == "message")
        self.assertEqual(body(got), "hello")
        for client in clients.values():
            client.close()


if __name__ == "__main__":
    # The runner's SIGTERM has to reach the clean-up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    unittest.main()

#!/usr/bin/python3 -B
# timeout: 120
"""Starting xmppd in the background: the parent's verdict, the files it makes,
and the user it runs as."""

import os
import pwd
import signal
import socket
import sqlite3
import stat
import subprocess
import tempfile
import time
import unittest

from xmpp_client import GUARD, Server, binaries


def user_of(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        lines = dict(line.split(":", 1) for line in file)
    return ({int(n) for n in lines["Uid"].split()},
            {int(n) for n in lines["Gid"].split()}, lines["Groups"].split())


def is_running(pid):
    """Also false where nobody has waited for it yet."""
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class BackgroundCase(unittest.TestCase):
    def setUp(self):
        binaries("xmppd", "xmppctl", "xmpp-certgen")
        self.server = Server(listeners={
            "starttls": "starttls, {certfile, PEM}, {access, c2s}",
            "none": "{access, c2s}"})
        self.addCleanup(self.server.remove)
        self.server.make_pem()
        self.server.write_config()
        self.addCleanup(self.kill)

    def pid(self):
        """Of the server that wrote its pid, if it runs."""
        try:
            with open(self.server.state + "/xmppd.pid",
                      encoding="ascii") as file:
                pid = int(file.read())
        except (OSError, ValueError):
            return None
        return pid if is_running(pid) else None

    def kill(self):
        pid = self.pid()
        if pid:
            os.kill(pid, signal.SIGTERM)
            self.wait_gone(pid)

    def wait_gone(self, pid):
        deadline = time.monotonic() + GUARD
        while is_running(pid):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def run_xmppd(self, user=None, *more):
        command = self.server.command() + list(more)
        command.remove("--foreground")
        if user and "--user" in command:
            command[command.index("--user") + 1] = user
        elif "--user" in command and user == "":
            at = command.index("--user")
            del command[at:at + 2]
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=GUARD, text=True, check=False)

    def refused(self, *words, user=None):
        done = self.run_xmppd(user)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertIsNone(self.pid())
        return done.stderr

    def mode(self, name):
        return stat.S_IMODE(os.stat(self.server.state + name).st_mode)


class Background(BackgroundCase):
    def test_returns_when_it_accepts(self):
        done = self.run_xmppd()
        self.assertEqual(done.returncode, 0, done.stderr)
        for port in self.server.ports.values():
            socket.create_connection(("127.0.0.1", port), GUARD).close()
        self.assertIsNotNone(self.pid())
        self.server.register("alice")
        for name, mode in (("", 0o700), ("/xmppd.db", 0o640),
                           ("/control", 0o600), ("/xmppd.log", 0o640)):
            self.assertEqual(self.mode(name) & ~mode, 0, name)
        with open(self.server.state + "/xmppd.log", encoding="utf-8") as file:
            log = file.read()
        self.assertRegex(log, r"\[info\] xmppd \S+ started as ejabberd@")
        for port in self.server.ports.values():
            self.assertIn("listening on 127.0.0.1:%d " % port, log)
        pid = self.pid()
        os.kill(pid, signal.SIGTERM)
        self.wait_gone(pid)
        self.assertFalse(os.path.exists(self.server.state + "/control"))

    def test_second_on_the_same_directory(self):
        self.assertEqual(self.run_xmppd().returncode, 0)
        pid = self.pid()
        done = self.run_xmppd()
        self.assertEqual(done.returncode, 1)
        self.assertIn("another xmppd (pid %d)" % pid, done.stderr)
        self.assertIn(self.server.state, done.stderr)
        self.server.register("alice")

    def test_port_in_use(self):
        port = self.server.ports["none"]
        with socket.create_server(("127.0.0.1", port)):
            said = self.refused("127.0.0.1:%d" % port, "in use",
                                "(pid %d)" % os.getpid())
        self.assertIn(self.server.config + ":", said)

    def test_state_directory_that_can_not_be(self):
        with open(self.server.state, "w", encoding="ascii"):
            pass
        self.refused(self.server.state, "no directory")
        os.unlink(self.server.state)
        self.server.state += "/deeper"
        self.refused(self.server.state, "No such file")

    def test_certificate_that_is_none(self):
        with open(self.server.pem, "w", encoding="ascii") as file:
            file.write("nothing\n")
        self.refused(self.server.pem)

    def database(self):
        os.mkdir(self.server.state, 0o700)
        return self.server.state + "/xmppd.db"

    def test_foreign_database(self):
        with open(self.database(), "wb") as file:
            file.write(b"no database at all, but long enough" * 100)
        self.refused("xmppd.db", "not a database")
        os.unlink(self.server.state + "/xmppd.db")
        with sqlite3.connect(self.server.state + "/xmppd.db") as other:
            other.execute("create table t (a)")
        other.close()
        self.refused("xmppd.db", "not one of xmppd's")

    def test_database_of_a_newer_version(self):
        self.assertEqual(self.run_xmppd().returncode, 0)
        self.kill()
        with sqlite3.connect(self.server.state + "/xmppd.db") as database:
            database.execute("pragma user_version = 99")
        database.close()
        self.refused("xmppd.db", "newer xmppd", "99")

    def test_check_starts_nothing(self):
        done = self.run_xmppd(None, "--check")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(os.path.exists(self.server.state))


@unittest.skipIf(os.geteuid() != 0, "only root can become another user")
class Root(BackgroundCase):
    def test_becomes_the_user(self):
        nobody = pwd.getpwnam("nobody")
        # The runner's folder for temporary files is root's alone.
        for folder in (tempfile.gettempdir(), self.server.room):
            os.chmod(folder, os.stat(folder).st_mode | 0o111)
        self.server.state += "-of-nobody"
        done = self.run_xmppd("nobody")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(user_of(self.pid()), (
            {nobody.pw_uid}, {nobody.pw_gid}, []))
        self.server.register("alice")
        for name in ("", "/xmppd.db", "/control", "/xmppd.log", "/xmppd.pid"):
            self.assertEqual(
                os.stat(self.server.state + name).st_uid, nobody.pw_uid, name)
        self.assertEqual(self.mode(""), 0o700)

    def test_no_user_to_become(self):
        try:
            pwd.getpwnam("_xmppd")
            self.skipTest("this machine has a user _xmppd")
        except KeyError:
            pass
        self.refused("_xmppd", "--user", user="")
        self.refused("no user nosuch", user="nosuch")
        self.assertFalse(os.path.exists(self.server.state))

    def test_somebody_elses_directory(self):
        os.mkdir(self.server.state, 0o700)
        self.refused(self.server.state, "belongs to another user",
                     user="nobody")

    def test_links_are_not_followed(self):
        """The server's user must not get other files by way of root."""
        nobody = pwd.getpwnam("nobody")
        victim = os.path.join(self.server.room, "victim")
        os.mkdir(self.server.state, 0o700)
        os.chown(self.server.state, nobody.pw_uid, nobody.pw_gid)
        for link in (os.link, os.symlink):
            with open(victim, "w", encoding="ascii") as file:
                file.write("precious")
            link(victim, self.server.state + "/xmppd.pid")
            self.refused("xmppd.pid", user="nobody")
            self.assertEqual(os.stat(victim).st_uid, 0)
            with open(victim, encoding="ascii") as file:
                self.assertEqual(file.read(), "precious")
            os.unlink(self.server.state + "/xmppd.pid")


if __name__ == "__main__":
    unittest.main()

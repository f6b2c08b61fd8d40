#!/usr/bin/python3 -B
# timeout: 300
"""How xmpp-certgen writes keys and configurations, watched from outside by
strace: who could read which bytes at any moment, and what is left where it is
killed, or a call fails, between any two of its calls.
"""

import errno
import os
import re
import resource
import shutil
import signal
import stat
import subprocess
import tempfile
import unittest

BIN = os.path.join(os.path.realpath(
    os.environ.get("XMPPD_BIN", "build/bin")), "xmpp-certgen")
GUARD = 60
KEY = re.compile(rb"-----BEGIN PRIVATE KEY-----\n(.*?)"
                 rb"-----END PRIVATE KEY-----\n", re.S)
WHOLE = re.compile(rb"(-----BEGIN CERTIFICATE-----\n[^-]+"
                   rb"-----END CERTIFICATE-----\n)+"
                   rb"-----BEGIN PRIVATE KEY-----\n[^-]+"
                   rb"-----END PRIVATE KEY-----\n\Z")
# What changes anything on a disc, and closes that may end a write.
CHANGES = ("openat", "write", "fchown", "fchmod", "fsync", "linkat",
           "renameat", "renameat2", "unlinkat", "close")
CALL = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)\) += (-?\d+)")
FD = re.compile(r"^(\d+)<([^>]*)>")
STARTS = {"fork", "vfork", "clone", "clone3", "execve", "execveat"}


def environment():
    # Leaks can't be looked for in a process that is traced.
    return {**os.environ, "ASAN_OPTIONS": "detect_leaks=0", "TZ": "UTC"}


def why_no_strace():
    if not shutil.which("strace"):
        return "strace is not installed"
    done = subprocess.run(
        ["strace", "-o", os.devnull, "true"], stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, check=False)
    if done.returncode:
        return "strace may not trace here: %s" % done.stderr.decode(
            "utf-8", "replace").strip()
    return None


class Call:
    """One line of strace's log."""

    def __init__(self, name, arguments, result):
        self.name = name
        self.text = arguments
        self.result = result
        # No text that matters here has a comma or a bracket in it.
        self.arguments = [a.strip() for a in arguments.split(", ")]

    def fd(self, index):
        found = FD.match(self.arguments[index])
        return int(found.group(1)) if found else None

    def fd_path(self, index):
        return FD.match(self.arguments[index]).group(2)

    def path(self, index):
        """Of a descriptor of a directory and a name in it."""
        name = self.arguments[index + 1].strip('"')
        found = re.match(r"^(?:\d+|AT_FDCWD)<([^>]*)>", self.arguments[index])
        return os.path.join(found.group(1), name) if found else name


def calls_of(log):
    calls = []
    with open(log, encoding="utf-8", errors="replace") as file:
        for line in file:
            found = CALL.match(line)
            if found:
                calls.append(Call(found.group(1), found.group(2),
                                  int(found.group(3))))
    return calls


class Room(unittest.TestCase):
    def setUp(self):
        why = why_no_strace()
        if why:
            self.skipTest(why)
        self.room = os.path.realpath(tempfile.mkdtemp())
        os.chmod(self.room, 0o755)
        self.addCleanup(shutil.rmtree, self.room)
        self.log = os.path.join(self.room, "log")
        self.work = os.path.join(self.room, "work")
        os.mkdir(self.work)

    def file(self, name):
        return os.path.join(self.work, name)

    def read(self, name):
        with open(self.file(name), "rb") as file:
            return file.read()

    def restore(self, files):
        """Makes the working folder hold these files only."""
        shutil.rmtree(self.work)
        os.mkdir(self.work)
        for name, (content, mode) in files.items():
            with open(self.file(name), "wb") as file:
                file.write(content)
            os.chmod(self.file(name), mode)

    def saved(self):
        files = {}
        for name in os.listdir(self.work):
            mode = stat.S_IMODE(os.stat(self.file(name)).st_mode)
            files[name] = (self.read(name), mode)
        return files

    def run_tool(self, *arguments, strace=(), limit=None):
        def prepare():
            os.umask(0)
            if limit is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        done = subprocess.run(
            [*strace, BIN, *arguments], cwd=self.work, env=environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=GUARD, check=False,
            preexec_fn=prepare)
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def make(self, *arguments):
        status, text = self.run_tool(*arguments)
        self.assertEqual(status, 0, text)

    def trace(self, *arguments):
        status, text = self.run_tool(
            *arguments,
            strace=("strace", "-f", "-y", "-s", "1000000", "-o", self.log))
        self.assertEqual(status, 0, text)
        return calls_of(self.log)


class Rights(Room):
    """A model of the files that the trace speaks of."""

    def watch(self, calls, allowed):
        modes, opened, secret = {}, {}, set()
        synced, renamed, written_to = set(), [], 0
        keys = self.keys()
        for call in calls[1:]:
            self.assertNotIn(call.name, STARTS)
            if call.result < 0:
                continue
            has_key = any(key in call.text for key in keys)
            if call.name == "openat":
                path = call.path(0)
                if "O_CREAT" in call.text:
                    self.assertIn("O_EXCL", call.text)
                    self.assertIn("O_NOFOLLOW", call.text)
                    modes[path] = int(call.arguments[-1], 8)
                    self.assertEqual(modes[path], 0o600, call.text)
                opened[call.result] = path
            elif call.name == "close":
                opened.pop(call.fd(0), None)
            elif call.name in ("fchmod", "chmod", "fchmodat"):
                self.assertEqual(call.name, "fchmod")
                modes[opened[call.fd(0)]] = int(call.arguments[1], 8)
            elif call.name in ("rename", "renameat", "renameat2"):
                old, new = call.path(0), call.path(2)
                self.assertIn(old, synced, "renamed before its fsync")
                modes[new] = modes.pop(old)
                if old in secret:
                    secret.remove(old)
                    secret.add(new)
                renamed.append(os.path.dirname(new))
            elif call.name in ("link", "linkat"):
                old, new = call.path(0), call.path(2)
                if old in modes:
                    self.assertIn(old, synced, "linked before its fsync")
                    modes[new] = modes[old]
                    if old in secret:
                        secret.add(new)
                    renamed.append(os.path.dirname(new))
            elif call.name == "fsync":
                synced.add(call.fd_path(0))
                renamed = [d for d in renamed if d != call.fd_path(0)]
            elif call.name == "write" and has_key:
                path = opened.get(call.fd(0))
                self.assertIn(path, modes, "a key is written elsewhere")
                secret.add(path)
                written_to += 1
            elif has_key:
                self.assertEqual(call.name, "read", call.text[:80])
            for path in secret:
                self.assertEqual(modes[path] & ~allowed, 0, path)
        self.assertEqual(renamed, [], "a folder was not synced")
        return written_to

    def keys(self):
        """The second line of every key that is there, as base64."""
        found = []
        for name in os.listdir(self.work):
            for body in KEY.findall(self.read(name)):
                found.append(body.splitlines()[1].decode())
        self.assertTrue(found)
        return found

    def check(self, *arguments, allowed=0o600, writes=1):
        calls = self.trace(*arguments)
        self.assertEqual(self.watch(calls, allowed), writes)

    def test_new(self):
        self.check("self-signed", "--host", "a.example", "--out", "x.pem")

    def test_replaced(self):
        self.make("self-signed", "--host", "a.example", "--out", "x.pem")
        self.check("self-signed", "--out", "x.pem", "--renew")
        self.check("self-signed", "--out", "x.pem", "--rotate")

    def test_replaced_that_others_could_read(self):
        self.make("self-signed", "--host", "a.example", "--out", "x.pem")
        os.chmod(self.file("x.pem"), 0o666)
        # The server reads it by what was its group's right.
        self.check("self-signed", "--out", "x.pem", "--rotate", allowed=0o640)
        for name in os.listdir(self.work):
            mode = os.stat(self.file(name)).st_mode
            self.assertEqual(mode & 0o007, 0, name)

    def test_separate(self):
        self.check("self-signed", "--host", "a.example", "--separate")
        self.assertEqual(
            stat.S_IMODE(os.stat(self.file("a.example.crt")).st_mode), 0o644)
        self.check("self-signed", "--out", "a.example", "--separate",
                   "--renew", writes=0)

    def test_group(self):
        self.check("self-signed", "--host", "a.example", "--group",
                   str(os.getgid()), allowed=0o640)

    def test_rsa(self):
        self.check("self-signed", "--host", "a.example", "--key", "rsa-2048")

    def test_request(self):
        self.check("csr", "--host", "a.example", "--out", "x.csr")

    def test_authority(self):
        self.check("ca", "init", "--host", "a.example", "--ca", "ca.pem")
        self.check("ca", "issue", "--ca", "ca.pem", "--host", "a.example",
                   "--out", "x.pem")

    def reversed(self):
        """A PEM with its key first, as others write it."""
        self.make("self-signed", "--host", "a.example", "--out", "x.pem")
        text = self.read("x.pem")
        key = KEY.search(text).group(0)
        with open(self.file("x.pem"), "wb") as file:
            file.write(key + text.replace(key, b"") * 2)

    def test_fixed(self):
        self.reversed()
        self.check("check", "--fix", "x.pem")
        self.assertRegex(self.read("x.pem"), WHOLE)

    def test_split_and_joined(self):
        self.reversed()
        self.check("split", "x.pem")
        self.check("join", "--out", "y.pem", "x-key.pem", "x-cert.pem")


class Interrupted(Room):
    """Each call of the writing part is the last one, or fails."""

    def steps(self, calls):
        """(name, which of that name, from 1) from the first new file to the
        last call that changes anything."""
        counts, steps, last = {}, [], 0
        for call in calls:
            if call.name not in CHANGES:
                continue
            counts[call.name] = counts.get(call.name, 0) + 1
            creates = "O_CREAT" in call.text
            if not steps and not creates or (
                    call.name == "write" and call.fd(0) in (1, 2)):
                continue
            steps.append((call.name, counts[call.name]))
            if creates or call.name not in ("openat", "close"):
                last = len(steps)
        return steps[:last]

    def inject(self, step, fault, *arguments):
        name, when = step
        return self.run_tool(
            *arguments,
            strace=("strace", "-o", os.devnull, "-e", "trace=" + name,
                    "-e", "inject=%s:%s:when=%d" % (name, fault, when)))

    def rights(self):
        for name in os.listdir(self.work):
            content = self.read(name)
            if b"PRIVATE KEY" in content:
                mode = os.stat(self.file(name)).st_mode
                self.assertEqual(mode & 0o077, 0, name)

    def belongs_together(self, cert, key):
        """The public key of both, as OpenSSL reads them."""
        texts = []
        for name, arguments in (
                (cert, ("x509", "-noout", "-pubkey")),
                (key, ("pkey", "-pubout"))):
            done = subprocess.run(
                ["openssl", *arguments, "-in", self.file(name)],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            texts.append(done.stdout)
        return texts[0] == texts[1]

    def each_kill(self, before, arguments, look):
        self.restore(before)
        steps = self.steps(self.trace(*arguments))
        self.assertGreater(len(steps), 4)
        for step in steps:
            with self.subTest(killed_at=step):
                self.restore(before)
                status, text = self.inject(step, "signal=KILL", *arguments)
                self.assertEqual(status, -signal.SIGKILL, text)
                self.rights()
                look()
        return len(steps)

    def test_killed_while_new(self):
        def look():
            if os.path.exists(self.file("x.pem")):
                self.assertRegex(self.read("x.pem"), WHOLE)
            self.assertEqual(
                [n for n in os.listdir(self.work)
                 if n != "x.pem" and not n.startswith(".new-")], [])

        self.each_kill({}, ("self-signed", "--host", "a.example", "--out",
                            "x.pem"), look)

    def test_killed_while_replacing(self):
        self.make("self-signed", "--host", "a.example", "--out", "x.pem")
        before = self.saved()
        old = before["x.pem"][0]
        seen = set()

        def look():
            now = self.read("x.pem")
            seen.add(now == old)
            self.assertRegex(now, WHOLE)
            if now != old:
                self.assertTrue(self.belongs_together("x.pem", "x.pem"))
                backup = [n for n in os.listdir(self.work)
                          if n.startswith("x.pem.")]
                self.assertEqual([self.read(n) for n in backup], [old])

        for how in ("--renew", "--rotate"):
            self.each_kill(before, ("self-signed", "--out", "x.pem", how),
                           look)
        self.assertEqual(seen, {True, False})

    def test_killed_while_fixing(self):
        self.make("self-signed", "--host", "a.example", "--out", "x.pem")
        good = self.read("x.pem")
        old = good + b"".join(re.split(b"(?<=END CERTIFICATE-----\n)",
                                       good)[:1])
        before = {"x.pem": (old, 0o600)}

        def look():
            self.assertIn(self.read("x.pem"), (old, good))

        self.each_kill(before, ("check", "--fix", "x.pem"), look)

    def test_killed_between_two_files(self):
        """What is left can be completed by --renew, whatever it is."""
        self.make("self-signed", "--host", "a.example", "--separate")
        before = self.saved()
        names = ("a.example.crt", "a.example.key")
        arguments = ("self-signed", "--out", "a.example", "--separate",
                     "--rotate")

        def look():
            for name in names:
                now = self.read(name)
                if now != before[name][0]:
                    self.assertTrue(now.endswith(b"-----\n"))
            self.make("self-signed", "--out", "a.example", "--separate",
                      "--renew")
            self.assertTrue(self.belongs_together(*names))

        self.each_kill(before, arguments, look)

    def test_killed_while_a_configuration_is_changed(self):
        self.make("self-signed", "--host", "a.example", "--out", "x.pem")
        old = {"main.yml": b"hosts: [a.example]\ncertfiles:\n  - /old.pem\n"
                           b"include_config_file: more.yml\n",
               "more.yml": b"s2s_certfile: /old.pem # here\n"}
        new = {name: text.replace(b"/old.pem", self.file("x.pem").encode())
               for name, text in old.items()}
        before = {name: (text, 0o640) for name, text in old.items()}
        before["x.pem"] = (self.read("x.pem"), 0o600)

        def look():
            for name in old:
                self.assertIn(self.read(name), (old[name], new[name]))

        self.each_kill(before, ("install", "--config", "main.yml",
                                "--update-config", "x.pem"), look)

    def each_fault(self, before, arguments, faults, unchanged):
        self.restore(before)
        steps = self.steps(self.trace(*arguments))
        tried = set()
        for step in steps:
            for fault, words in faults.get(step[0], ()):
                with self.subTest(fails_at=step, fault=fault):
                    self.restore(before)
                    status, text = self.inject(
                        step, "error=" + fault, *arguments)
                    if status == 0:
                        # What isn't needed, or has another way.
                        self.assertNotIn(step[0], unchanged)
                        self.rights()
                        continue
                    self.assertEqual(status, 2, text)
                    self.assertIn(words, text)
                    self.assertEqual(self.saved(), before)
                    tried.add(step[0])
        self.assertTrue(unchanged <= tried, tried)

    FAULTS = {
        "openat": (("ENOSPC", "creating it: No space left on device"),
                   ("EROFS", "Read-only file system")),
        "write": (("ENOSPC", "writing: No space left on device"),
                  ("EDQUOT", "writing: Disk quota exceeded")),
        "fsync": (("EIO", "to the disc: Input/output error"),
                  ("ENOSPC", "to the disc: No space left on device")),
        "renameat": (("EACCES", "renaming it: Permission denied"),),
        "linkat": (("ENOSPC", "No space left on device"), ("EPERM", "")),
    }

    def test_failing_while_replacing(self):
        self.make("self-signed", "--host", "a.example", "--out", "x.pem")
        self.each_fault(
            self.saved(), ("self-signed", "--out", "x.pem", "--rotate"),
            self.FAULTS, {"write", "fsync", "renameat"})

    def test_failing_while_new(self):
        self.each_fault(
            {}, ("self-signed", "--host", "a.example", "--out", "x.pem"),
            self.FAULTS, {"write", "fsync", "linkat"})

    def test_failing_with_two_files(self):
        self.make("self-signed", "--host", "a.example", "--separate")
        self.each_fault(
            self.saved(), ("self-signed", "--out", "a.example", "--separate",
                           "--rotate"),
            self.FAULTS, {"write", "fsync", "renameat"})

    def test_full_disk(self):
        """A real one, of a few pages, filled but for half of the file."""
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", self.work],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if done.returncode:
            self.skipTest("no small disk can be mounted here: %s" %
                          done.stderr.decode("utf-8", "replace").strip())
        self.addCleanup(subprocess.run, ["umount", self.work], check=True)
        self.make("self-signed", "--host", "a.example", "--out", "x.pem")
        filler = os.open(self.file("filler"), os.O_WRONLY | os.O_CREAT)
        try:
            while os.write(filler, bytes(4096)):
                pass
        except OSError as error:
            self.assertEqual(error.errno, errno.ENOSPC)
        os.close(filler)
        before = self.saved()
        for arguments in (("self-signed", "--out", "x.pem", "--rotate"),
                          ("self-signed", "--host", "b.example"),
                          ("self-signed", "--host", "b.example",
                           "--separate"),
                          ("csr", "--host", "b.example")):
            with self.subTest(arguments=arguments):
                status, text = self.run_tool(*arguments)
                self.assertEqual(status, 2, text)
                self.assertIn("No space left on device", text)
                self.assertEqual(self.saved(), before)

    def test_full_in_the_middle(self):
        """Half of the file goes to the disc, and no more."""
        self.make("self-signed", "--host", "a.example", "--out", "x.pem")
        before = self.saved()
        status, text = self.run_tool(
            "self-signed", "--out", "x.pem", "--rotate", limit=500)
        self.assertEqual(status, 2, text)
        self.assertIn("x.pem can't be written: writing: File too large", text)
        self.assertEqual(self.saved(), before)


if __name__ == "__main__":
    unittest.main()

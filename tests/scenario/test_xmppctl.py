#!/usr/bin/python3 -B
# timeout: 180
"""xmppctl against a real server: the process, accounts, exit codes, JSON, and
what must be refused.
"""

import json
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

SOURCE = os.environ.get("XMPPD_SRC") or os.path.dirname(os.path.dirname(
    os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.abspath(os.environ.get("XMPPD_BIN") or SOURCE + "/build/bin")
SPEC = os.environ.get("XMPPD_SPEC")
CONFIG = """{hosts, ["a.example", "b.example"]}.
{loglevel, 4}.
{listen, [{{%d, "127.0.0.1"}, ejabberd_c2s, [{access, c2s}]}]}.
{auth_method, internal}.
{access, c2s, [{allow, all}]}.
{modules, [{mod_disco, []}]}.
"""
AS = ["--user", "root"] if os.geteuid() == 0 else []


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Xmppctl(unittest.TestCase):
    def setUp(self):
        self.room = tempfile.mkdtemp(prefix="c.")
        self.state = self.room + "/s"
        self.config = self.room + "/x.cfg"
        with open(self.config, "w") as file:
            file.write(CONFIG % free_port())

    def tearDown(self):
        for name in ("s", "other"):
            try:
                with open("%s/%s/xmppd.pid" % (self.room, name)) as file:
                    pid = file.read().strip()
            except OSError:
                continue
            if self.ctl("status", state=self.room + "/" + name)[0] != 3:
                os.kill(int(pid), signal.SIGKILL)
        shutil.rmtree(self.room)

    def ctl(self, *words, state=None, options=(), stdin=""):
        """(exit code, stdout, stderr)"""
        done = subprocess.run(
            [BIN + "/xmppctl", "--state", state or self.state, *options,
             *words],
            input=stdin, capture_output=True, text=True, timeout=100)
        return done.returncode, done.stdout, done.stderr

    def start(self, state=None):
        return self.ctl("start", *AS, state=state,
                        options=("--config", self.config))

    def must(self, *words, **more):
        code, out, err = self.ctl(*words, **more)
        self.assertEqual((code, err), (0, ""))
        return out

    def test_cycle(self):
        self.assertEqual(self.ctl("status")[0], 3)
        self.assertEqual(self.start()[0], 0)
        self.assertRegex(self.must("status"),
                         r"\AThe node \S+@\S+ is started with status: started"
                         r"\nxmppd \S+ is running in that node\n\Z")
        self.assertEqual(self.must("register", "ann", "a.example", "pw"),
                         "User ann@a.example successfully registered\n")
        self.assertEqual(
            self.must("register", "ann", "b.example", "-", stdin="pw\n"),
            "User ann@b.example successfully registered\n")
        code, out, _ = self.ctl("register", "ann", "a.example", "other")
        self.assertEqual(code, 1)
        self.assertIn("User ann@a.example already registered at node", out)
        self.assertEqual(self.must("registered-users", "a.example"), "ann\n")
        self.assertEqual(self.must("connected_users_number"), "0\n")
        self.assertEqual(self.must("connected_users"), "")
        self.assertEqual(self.must("unregister", "ann", "a.example"), "")
        self.assertEqual(self.must("registered_users", "a.example"), "")
        # Its data and arguments are found again, by another process.
        with open(self.state + "/xmppd.pid") as file:
            before = file.read()
        code, out, err = self.ctl("restart")
        self.assertEqual(code, 0, err)
        with open(self.state + "/xmppd.pid") as file:
            self.assertNotEqual(file.read(), before)
        self.assertEqual(self.must("registered_users", "b.example"), "ann\n")
        self.must("started")
        self.must("stop")
        self.must("stopped")
        self.assertEqual(self.ctl("stop")[0], 3)
        code, out, _ = self.ctl("status")
        self.assertEqual(code, 3)
        self.assertIn("not running", out)
        self.assertEqual(
            self.ctl("start", options=("--node", "other@here"))[0], 0)
        self.assertIn("other@here", self.must("status"))
        self.must("stop")
        with open(self.state + "/xmppd.log") as file:
            log = file.read()
        self.assertIn("command: register ann a.example ***", log)
        self.assertNotIn("pw", log)

    def test_bulk(self):
        self.start()
        lines = ["# a comment", "", "u1,a.example,p,1", "bad",
                 "u2,elsewhere.example,p", ",a.example,p", "u3,a.example,",
                 "u4,b.example,x\r"]
        lines += ["many%d,b.example,p" % i for i in range(60)]
        path = self.room + "/bulk"
        with open(path, "w") as file:
            file.write("\n".join(lines))
        code, out, _ = self.ctl("register_bulk", path)
        self.assertEqual(code, 1)
        self.assertEqual(re.findall(r"^line (\d+): ", out, re.M),
                         ["4", "5", "6", "7"])
        self.assertTrue(out.endswith("62 accounts registered, "
                                     "4 lines failed\n"), out)
        self.assertEqual(
            len(self.must("registered_users", "b.example").split()), 61)
        self.assertEqual(
            self.must("register_bulk", "-", stdin="new,a.example,p\n"),
            "1 account registered, 0 lines failed\n")
        self.assertEqual(self.ctl("register_bulk", "/nowhere")[0], 1)
        self.must("stop")

    def test_json(self):
        self.start()

        def ask(*words):
            code, out, _ = self.ctl(*words, options=("--format", "json"))
            return code, json.loads(out)

        self.assertEqual(ask("connected_users_number"),
                         (0, {"command": "connected_users_number",
                              "status": "ok", "value": 0}))
        self.assertEqual(ask("registered_vhosts")[1]["rows"],
                         [{"vhost": "a.example"}, {"vhost": "b.example"}])
        code, answer = ask("registered_users", "c.example")
        self.assertEqual((code, answer["status"]), (1, "error"))
        self.assertIn("a.example, b.example", answer["text"])
        self.must("stop")

    def test_wrong(self):
        self.start()
        self.assertEqual(self.ctl("frob")[:2],
                         (1, 'Error: command "frob" not known.\n'))
        code, out, _ = self.ctl("register", "ann")
        self.assertEqual(code, 1)
        self.assertIn("usage: register USER HOST PASSWORD", out)
        # What isn't xmppctl is turned away, and others go on.
        with socket.socket(socket.AF_UNIX) as stranger, \
                socket.socket(socket.AF_UNIX) as silent:
            silent.connect(self.state + "/control")
            stranger.connect(self.state + "/control")
            stranger.sendall(b"GET / HTTP/1.1\r\n\r\n")
            self.assertEqual(stranger.recv(10), b"")
            self.must("status")
            self.must("stop")
        code, out, _ = self.ctl()
        self.assertEqual(code, 2)
        self.assertIn("register USER HOST PASSWORD", out)

    def test_second_server(self):
        self.start()
        with open(self.state + "/xmppd.pid") as file:
            pid = file.read().strip()
        code, _, err = self.start()
        self.assertEqual(code, 1)
        self.assertIn("another xmppd (pid %s)" % pid, err)
        code, _, err = self.start(state=self.room + "/other")
        self.assertEqual(code, 1)
        self.assertIn("in use", err)
        if os.path.isdir("/proc/self"):
            self.assertIn("pid %s" % pid, err)
        self.assertEqual(self.ctl("status", state=self.room + "/other")[0], 3)
        self.must("status")
        self.must("stop")

    def test_command_waits_for_a_start_under_way(self):
        """The port accepts a moment before the control socket does."""
        os.mkdir(self.state, 0o700)
        with open(self.state + "/xmppd.pid", "w") as held:
            fcntl.lockf(held, fcntl.LOCK_EX)
            self.assertEqual(self.ctl("status")[0], 1)
            command = subprocess.Popen(
                [BIN + "/xmppctl", "--state", self.state, "registered_vhosts"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            with self.assertRaises(subprocess.TimeoutExpired):
                command.wait(timeout=0.5)
        self.assertEqual(command.wait(timeout=100), 3)

    def test_forged_arguments(self):
        """A file that others may write is not executed from."""
        self.start()
        self.must("stop")
        os.chmod(self.state + "/xmppd.args", 0o666)
        code, _, err = self.ctl("start")
        self.assertEqual(code, 2)
        self.assertIn("written by another user", err)

    @unittest.skipUnless(SPEC, "XMPPD_SPEC is not set: nothing to compare with")
    def test_as_ejabberdctl(self):
        with open(SPEC + "/ejabberdctl-2.1-commands.json") as file:
            spec = {c["name"]: c for c in json.load(file)["commands"]}
        _, out, _ = self.ctl("help")
        ours = {}
        for line in out.splitlines():
            usage = re.match(r"  ([a-z_]+)((?: [A-Z]+)*)  +\S", line)
            if usage:
                ours[usage.group(1)] = usage.group(2).lower().split()
        compared = set(ours) & set(spec)
        self.assertGreater(len(compared), 6)
        for name in compared - {"help"}:
            self.assertEqual(ours[name],
                             [arg["name"] for arg in spec[name]["args"]], name)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/python3
"""xmpp-bench against peers that lie: it has to notice.

The peers speak the relay's lines in the clear; what they lose, double or
reorder must come out as exactly that in the generator's JSON.
"""

import json
import os
import socket
import subprocess
import threading
import unittest

SRC = os.environ.get("XMPPD_SRC") or os.path.dirname(os.path.dirname(
    os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("XMPPD_BIN") or os.path.join(SRC, "build", "bin")


class Peer:
    """Relays lines; forge(number, line) says what goes out instead."""

    def __init__(self, forge):
        self.forge = forge
        self.lock = threading.Lock()
        self.count = 0
        self.ends = {}
        self.sockets = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                s, _ = self.listener.accept()
            except OSError:
                return
            self.sockets.append(s)
            threading.Thread(target=self.serve, args=(s,),
                             daemon=True).start()

    def serve(self, s):
        try:
            lines = s.makefile("rb")
            me, peer = lines.readline().split()
            self.ends[me] = s
            s.sendall(b"ok\n")
            for line in lines:
                with self.lock:
                    self.count += 1
                    for out in self.forge(self.count, line):
                        self.ends[peer].sendall(out)
        except (OSError, ValueError):
            pass

    def cut(self):
        for s in self.sockets:
            s.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.listener.close()
        for s in self.sockets:
            s.close()


def bench(port, *arguments):
    done = subprocess.run(
        [os.path.join(BIN, "xmpp-bench"), "--connect", f"127.0.0.1:{port}",
         "--tls", "none", "--settle", "0", "--drain", "300", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
        check=False)
    return done.returncode, json.loads(done.stdout or b"{}"), done.stderr


class Lies(unittest.TestCase):
    def chat(self, forge, *arguments):
        peer = Peer(forge)
        self.addCleanup(peer.close)
        return bench(peer.port, "--relay", "--pairs", "1", "--window", "4",
                     *arguments)

    def test_honest(self):
        status, result, _ = self.chat(lambda n, line: [line],
                                      "--messages", "100")
        self.assertEqual(status, 0)
        self.assertEqual(result["messages"], 100)
        for key in ("lost", "doubled", "reordered", "foreign", "failures"):
            self.assertEqual(result[key], 0, key)
        self.assertGreater(result["latency_p99_us"], 0)

    def test_lost(self):
        status, result, _ = self.chat(
            lambda n, line: [] if n in (10, 50) else [line],
            "--messages", "100", "--seconds", "0.01")
        self.assertEqual(status, 1)
        self.assertEqual(result["lost"], 2)
        self.assertEqual(result["messages"], 98)
        self.assertEqual(result["doubled"], 0)

    def test_doubled(self):
        status, result, _ = self.chat(
            lambda n, line: [line] * (2 if n % 10 == 0 and n < 95 else 1),
            "--messages", "100")
        self.assertEqual(status, 1)
        self.assertEqual(result["doubled"], 9)
        self.assertEqual(result["messages"], 100)
        self.assertEqual(result["lost"], 0)

    def test_reordered(self):
        held = []

        def forge(n, line):
            if n == 20:
                held.append(line)
                return []
            if n == 21:
                return [line, held.pop()]
            return [line]

        status, result, _ = self.chat(forge, "--messages", "100")
        self.assertEqual(status, 1)
        self.assertEqual(result["reordered"], 1)
        self.assertEqual(result["messages"], 100)

    def test_foreign_is_not_counted(self):
        _, result, _ = self.chat(
            lambda n, line: [line, b"12345678-0-1 old\n", b"junk\n"]
            if n == 5 else [line], "--messages", "50")
        self.assertEqual(result["messages"], 50)
        self.assertEqual(result["foreign"], 2)

    def test_cut_off(self):
        peer = Peer(lambda n, line: peer.cut() or [] if n == 50 else [line])
        self.addCleanup(peer.close)
        status, result, _ = bench(
            peer.port, "--relay", "--pairs", "2", "--seconds", "0.2")
        self.assertEqual(status, 1)
        self.assertEqual(result["disconnects"], 4)
        self.assertGreater(result["lost"], 0)


class Failures(unittest.TestCase):
    def test_nobody_listens(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
            status, result, _ = bench(
                port, "--users", "u*2:p", "--pairs", "1", "--seconds", "1")
        self.assertEqual(status, 1)
        self.assertEqual(result["failures"], 2)
        self.assertIn("refused", result["first_failure"])

    def test_no_xmpp(self):
        answer = b'HTTP/1.1 400 "\\\x01\xff\xc3\xa4'
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def serve():
                s, _ = listener.accept()
                s.sendall(answer)
                s.recv(1000)
                s.close()

            thread = threading.Thread(target=serve)
            thread.start()
            status, result, _ = bench(
                listener.getsockname()[1], "--users", "u*1:p", "--work",
                "login", "--messages", "1", "--parallel", "1")
            thread.join()
        self.assertEqual(status, 1)
        self.assertEqual(result["first_failure"],
                         'not a stream of XMPP: HTTP/1.1 400 "\\'
                         '\x01\ufffd\xe4')

    def test_a_login_that_hangs(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            status, result, _ = bench(
                listener.getsockname()[1], "--users", "u*1:p", "--work",
                "login", "--seconds", "0.1", "--parallel", "3")
        self.assertEqual(status, 1)
        self.assertEqual(result["failures"], 3)
        self.assertEqual(result["logins"], 0)

    def test_usage(self):
        status, _, error = bench(1, "--work", "nap")
        self.assertEqual(status, 2)
        self.assertIn(b"--work: nap", error)
        status, _, error = bench(1)
        self.assertEqual(status, 2)
        self.assertIn(b"--users is missing", error)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/python3 -B
"""A renewed certificate is served without a restart; one that can't be served
is refused with the reason, and the old one stays. Connections go on.
"""

import asyncio
import os
import signal
import socket
import ssl
import subprocess
import time
import unittest

from xmpp_client import BIN, GUARD, ServerCase, tls_context


class Reload(ServerCase):
    accounts = ("alice",)

    def setUp(self):
        super().setUp()
        with open(self.server.pem) as file:
            self.good = file.read()
        self.served = self.certificate()

    def tearDown(self):
        super().tearDown()
        self.write(self.good)
        self.server.ctl("reload_certificates")

    def write(self, text):
        with open(self.server.pem + ".new", "w") as file:
            file.write(text)
        os.chmod(self.server.pem + ".new", 0o600)
        os.rename(self.server.pem + ".new", self.server.pem)

    def renew(self, *options):
        subprocess.run(
            [BIN + "/xmpp-certgen", "self-signed", "--host", "localhost",
             "--out", self.server.pem, *(options or ("--rotate",))],
            check=True, stdout=subprocess.DEVNULL, timeout=GUARD)

    def certificate(self):
        """What a new connection is shown, in DER."""
        with socket.create_connection(
                ("127.0.0.1", self.server.ports["direct"])) as plain:
            with tls_context().wrap_socket(
                    plain, server_hostname="localhost") as tls:
                return tls.getpeercert(True)

    def on_disc(self):
        with open(self.server.pem) as file:
            text = file.read()
        end = "-----END CERTIFICATE-----"
        return ssl.PEM_cert_to_DER_cert(text[:text.index(end) + len(end)])

    def test_command(self):
        self.renew()
        self.assertEqual(self.certificate(), self.served)
        said = self.server.ctl("reload_certificates").stdout
        self.assertEqual(said, "certificates reloaded\n")
        self.assertNotEqual(self.certificate(), self.served)
        self.assertEqual(self.certificate(), self.on_disc())

    def test_signal(self):
        self.renew()
        self.server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + GUARD
        while self.certificate() != self.on_disc():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        while "certificates reloaded" not in self.server.log():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def refused(self, *words):
        done = self.server.ctl("reload_certificates", check=False)
        self.assertEqual(done.returncode, 1)
        for line in ("certificates not reloaded, the old ones stay in use",
                     *words):
            self.assertIn(line, done.stdout)
        self.assertEqual(self.certificate(), self.served)

    def test_mismatch_is_refused(self):
        self.renew()
        with open(self.server.pem) as file:
            other = file.read()
        end = self.good.index("-----BEGIN PRIVATE")
        self.write(self.good[:end] + other[other.index("-----BEGIN PRIVATE"):])
        self.refused("server.pem:", "doesn't belong to the certificate",
                     "[CERT006]")

    def test_missing_is_refused(self):
        os.unlink(self.server.pem)
        self.refused("can't be read", "[CERT001]")

    def test_refused_by_signal(self):
        self.write("nothing\n")
        self.server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + GUARD
        while "[CERT004]" not in self.server.log():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        self.assertEqual(self.certificate(), self.served)

    def test_warnings_are_told(self):
        subprocess.run(
            [BIN + "/xmpp-certgen", "self-signed", "--host", "other.example",
             "--out", self.server.pem, "--rotate"],
            check=True, stdout=subprocess.DEVNULL, timeout=GUARD)
        said = self.server.ctl("reload_certificates").stdout
        self.assertIn("certificates reloaded:", said)
        self.assertIn("[CERT014]", said)
        self.assertEqual(self.certificate(), self.on_disc())

    @unittest.skipUnless(os.geteuid() == 0, "only root runs as others")
    def test_user_who_could_not_reload(self):
        done = subprocess.run(
            [BIN + "/xmppd", "--config", self.server.config, "--check",
             "--user", "nobody"], stderr=subprocess.PIPE, text=True,
            check=False, timeout=GUARD)
        self.assertEqual(done.returncode, 0)
        self.assertIn("warning: the user nobody can't", done.stderr)
        self.assertIn("[CERT040]", done.stderr)

    async def test_connections_go_on(self):
        alice = await self.login("alice", listener="starttls")
        self.renew()
        for _ in range(5):
            await asyncio.to_thread(
                self.server.ctl, "reload_certificates")
        answer = await alice.iq("get", "<ping xmlns='urn:xmpp:ping'/>")
        self.assertEqual(answer.get("type"), "result")


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/python3 -B
"""STARTTLS as openssl s_client and gnutls-cli speak it: TLS 1.2 and 1.3 are
shaken hands with, TLS 1.1 is refused.
"""

import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "scenario"))
# pylint: disable=wrong-import-position
from xmpp_client import GUARD, ServerCase  # noqa: E402


class Tools(ServerCase):
    accounts = ()

    def run_tool(self, *command):
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=GUARD, check=False)
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def openssl(self, *options, listener="starttls"):
        if not shutil.which("openssl"):
            self.skipTest("openssl is not installed")
        if listener == "starttls":
            options = ("-starttls", "xmpp", "-xmpphost", "localhost",
                       *options)
        return self.run_tool(
            "openssl", "s_client", "-connect", "127.0.0.1:%d" %
            self.server.ports[listener], "-servername", "localhost",
            "-CAfile", self.server.pem, "-verify_return_error", *options)

    def gnutls(self, priority):
        if not shutil.which("gnutls-cli"):
            self.skipTest("gnutls-cli is not installed")
        return self.run_tool(
            # Its stream header names the host that it connects to.
            "gnutls-cli", "--starttls-proto=xmpp", "--port",
            str(self.server.ports["starttls"]), "--x509cafile",
            self.server.pem, "--priority", priority, "localhost")

    def test_openssl(self):
        for listener in ("starttls", "direct"):
            for option, name in (("-tls1_2", "TLSv1.2"),
                                 ("-tls1_3", "TLSv1.3")):
                with self.subTest(listener=listener, version=name):
                    status, text = self.openssl(option, listener=listener)
                    self.assertEqual(status, 0, text)
                    self.assertIn("New, %s, Cipher is" % name, text)
                    self.assertIn("Verification: OK", text)

    def test_openssl_with_tls_1_1(self):
        # Even a client that lowers its own guard is refused.
        status, text = self.openssl("-tls1_1", "-cipher",
                                    "DEFAULT@SECLEVEL=0")
        self.assertEqual(status, 1, text)
        self.assertIn("alert protocol version", text)
        self.assertIn("New, (NONE), Cipher is (NONE)", text)

    def test_openssl_with_weak_ciphers(self):
        status, text = self.openssl("-tls1_2", "-cipher",
                                    "aNULL:eNULL:3DES:RC4:@SECLEVEL=0")
        self.assertEqual(status, 1, text)
        self.assertIn("Cipher is (NONE)", text)

    def test_gnutls(self):
        for version in ("1.2", "1.3"):
            with self.subTest(version=version):
                status, text = self.gnutls(
                    "NORMAL:-VERS-ALL:+VERS-TLS" + version)
                self.assertEqual(status, 0, text)
                self.assertIn("- Description: (TLS%s" % version, text)
                self.assertIn("The certificate is trusted", text)

    def test_gnutls_with_tls_1_1(self):
        status, text = self.gnutls("LEGACY:-VERS-ALL:+VERS-TLS1.1")
        self.assertNotEqual(status, 0, text)
        self.assertIn("rotocol version", text)
        self.assertNotIn("Handshake was completed", text)


if __name__ == "__main__":
    unittest.main()

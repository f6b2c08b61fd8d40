#!/usr/bin/python3 -B
# timeout: 120
"""A server that starts from ejabberd.yml: the example of tools/localhost.cfg
in YAML, and what is refused."""

import os
import subprocess
import unittest

from xmpp_client import BIN, GUARD, Server, ServerCase, free_ports

TEXT = """\
# The configuration of tools/localhost.cfg in YAML.
define_macro:
  TEXT_SIZE: 65536
hosts:
  - localhost
loglevel: 4
certfiles:
  - server.pem
listen:
  -
    port: %(starttls)d
    ip: "127.0.0.1"
    module: ejabberd_c2s
    starttls_required: true
    access: c2s
    shaper: c2s_shaper
    max_stanza_size: TEXT_SIZE
  -
    port: %(direct)d
    ip: 127.0.0.1
    module: ejabberd_c2s
    tls: true
    access:
      - deny: blocked
      - allow: all
auth_method: internal
acl:
  blocked:
    user: mallory@localhost
  admin:
    user:
      - alice: localhost
access_rules:
  c2s:
    deny: blocked
    allow: all
shaper:
  normal: 50000
shaper_rules:
  c2s_shaper:
    - none: admin
    - normal
include_config_file:
  modules.yml:
    allow_only:
      - modules
"""
MODULES = """\
loglevel: 99 # not allowed in
modules:
  mod_disco: {}
  mod_ping: {}
  mod_roster: {}
  mod_version:
    show_os: false
"""


class YamlServer(Server):
    def __init__(self, **options):
        super().__init__(**options)
        self.config = os.path.join(self.room, "ejabberd.yml")

    def write_config(self):
        names = ("starttls", "direct")
        self.ports = dict(zip(names, free_ports(len(names))))
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(TEXT % self.ports)
        with open(os.path.join(self.room, "modules.yml"), "w",
                  encoding="utf-8") as file:
            file.write(MODULES)


class Yaml(ServerCase):
    accounts = ("alice", "bob", "mallory")

    @classmethod
    def setUpClass(cls):
        cls.server = YamlServer()
        cls.addClassCleanup(cls.server.remove)
        cls.server.start()
        cls.addClassCleanup(cls.stop_server)
        for account in cls.accounts:
            cls.server.register(account)

    async def test_login_and_modules(self):
        for listener in ("starttls", "direct"):
            alice = await self.login("alice", listener=listener)
            answer = await alice.iq("get", "<ping xmlns='urn:xmpp:ping'/>")
            self.assertEqual(answer.get("type"), "result")
            alice.close()

    async def test_access_rules(self):
        for listener in ("starttls", "direct"):
            with self.assertRaisesRegex(AssertionError, "not-allowed"):
                await self.login("mallory", listener=listener)

    def test_linter_says_the_same(self):
        done = subprocess.run(
            [os.path.join(BIN, "xmpp-cfglint"), "--check-files",
             self.server.config], stdout=subprocess.PIPE, timeout=GUARD,
            text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_refused(self):
        path = os.path.join(self.server.room, "faulty.yml")
        with open(path, "w", encoding="utf-8") as file:
            file.write("hosts:\n  - localhost\nloglevel: \"4\nlisten:\n"
                       "  -\n\tport: 5222\n")
        done = subprocess.run(
            [os.path.join(BIN, "xmppd"), "--config", path, "--state",
             os.path.join(self.server.room, "other"), "--foreground",
             "--user", "root"], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=GUARD, text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        for rule in ("CFG350", "CFG351"):
            self.assertIn(rule, done.stdout)


if __name__ == "__main__":
    unittest.main()

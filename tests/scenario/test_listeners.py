#!/usr/bin/python3 -B
# timeout: 180
"""What the options of a listener do: certificates by host, versions and ciphers
of TLS, IPv6, sizes; and what the log and xmppctl say of the connections."""

import os
import re
import socket
import ssl
import subprocess
import unittest

from xmpp_client import (BIN, Client, GUARD, Server, ServerCase, condition,
                         kind, string, tls_context)


def context(version=None, ciphers=None, trusted=None):
    made = tls_context(trusted)
    if version:
        made.minimum_version = made.maximum_version = version
    if ciphers:
        made.set_ciphers(ciphers)
    return made


class Listeners(ServerCase):
    """Three hosts with a PEM each, and listeners that differ."""

    accounts = ("alice", "bob@example.org")
    HOSTS = ["localhost", "example.org", "example.net"]

    @classmethod
    def setUpClass(cls):
        cls.server = server = Server(hosts=cls.HOSTS, shards=3, listeners={
            "starttls": "starttls, {certfile, PEM}, {access, c2s}",
            "required": "starttls_required, {certfile, PEM}, {access, c2s}, "
                        "{max_stanza_size, 20000}",
            "direct": "tls, {certfile, PEM}, {access, c2s}",
            "old": "tls, {certfile, PEM}, {access, c2s}, "
                   '{protocol_options, ["no_tlsv1_3"]}, '
                   '{ciphers, "ECDHE-ECDSA-AES256-GCM-SHA384"}',
            "hosts": "tls, {access, c2s}",
            "six": "{ip, \"::1\"}, inet6, {access, c2s}",
        })
        cls.addClassCleanup(server.remove)
        cls.pems = {}
        for host in cls.HOSTS[1:]:
            cls.pems[host] = os.path.join(server.room, host + ".pem")
            subprocess.run(
                [os.path.join(BIN, "xmpp-certgen"), "self-signed", "--host",
                 host, "--out", cls.pems[host]], check=True, timeout=GUARD,
                stdout=subprocess.DEVNULL)
            server.terms.append("{domain_certfile, %s, %s}." % (
                string(host), string(cls.pems[host])))
        server.write_config = lambda: cls.write_config(server)
        server.start()
        cls.addClassCleanup(cls.stop_server)
        for account in cls.accounts:
            user, _, host = account.partition("@")
            server.register(user, host or None)

    @staticmethod
    def write_config(server):
        Server.write_config(server)
        with open(server.config, encoding="utf-8") as file:
            text = file.read()
        port = server.ports["six"]
        with open(server.config, "w", encoding="utf-8") as file:
            file.write(text.replace('{%d, "127.0.0.1"}' % port,
                                    '{%d, "::1"}' % port))

    def handshake(self, listener, name, made=None):
        """The version, the cipher and the certificate that the name gets."""
        made = made or context()
        port = self.server.ports[listener]
        with socket.create_connection(("127.0.0.1", port), GUARD) as plain, \
                made.wrap_socket(plain, server_hostname=name) as secure:
            return (secure.version(), secure.cipher()[0],
                    secure.getpeercert(binary_form=True))

    @staticmethod
    def certificate(path):
        with open(path, encoding="ascii") as file:
            text = file.read()
        end = "-----END CERTIFICATE-----\n"
        return ssl.PEM_cert_to_DER_cert(text[:text.index(end)] + end)

    def test_certificate_by_name(self):
        own = self.certificate(self.server.pem)
        org = self.certificate(self.pems["example.org"])
        net = self.certificate(self.pems["example.net"])
        for listener, name, wanted in (
                ("direct", "example.org", org),
                ("direct", "example.net", net),
                ("direct", "EXAMPLE.org", org),
                ("direct", "localhost", own),
                ("direct", "elsewhere.example", own),
                ("direct", None, own),
                # No certfile of its own: the first host's that has one.
                ("hosts", "example.net", net),
                ("hosts", None, org)):
            self.assertEqual(
                self.handshake(listener, name)[2], wanted, (listener, name))

    async def test_certificate_by_name_over_starttls(self):
        client = await self.opened("starttls", "example.org")
        await client.starttls(context(trusted=self.pems["example.org"]))
        self.assertEqual(client.header.get("from"), "example.org")

    def test_versions_and_ciphers(self):
        new, mid = ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2
        self.assertEqual(self.handshake("direct", None)[0], "TLSv1.3")
        self.assertEqual(
            self.handshake("direct", None, context(mid))[0], "TLSv1.2")
        self.assertEqual(self.handshake("old", None)[:2], (
            "TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384"))
        for listener, made in (
                ("direct", context(ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0")),
                ("direct", context(mid, "kRSA:@SECLEVEL=0")),
                ("direct", context(mid, "ECDHE+SHA1:@SECLEVEL=0")),
                ("old", context(new)),
                ("old", context(mid, "ECDHE-ECDSA-AES128-GCM-SHA256"))):
            with self.assertRaises((ssl.SSLError, OSError)):
                self.handshake(listener, None, made)

    async def test_no_tls_on_a_tls_port_and_the_reverse(self):
        client = await self.connect("direct", context=context())
        await client.open()
        self.assertIsNone(client.features.find(
            "{urn:ietf:params:xml:ns:xmpp-tls}starttls"))
        plain = Client()
        self.clients.append(plain)
        await plain.connect(self.server.ports["direct"])
        plain.send("<stream:stream to='localhost'>")
        self.assertIsNone((await plain.ended()).error)
        with self.assertRaises((ssl.SSLError, OSError)):
            self.handshake("starttls", None)

    async def test_ipv6(self):
        client = await self.client().connect(
            self.server.ports["six"], address="::1")
        await client.open()
        await client.authenticate("alice", "alice-pw")
        self.assertRegex(
            self.server.log()[self.log_begin:],
            r"\[::1\]:\d+: alice@localhost logged in by SCRAM-SHA-256, in "
            r"clear")

    async def test_stanza_size(self):
        alice = await self.login("alice", listener="starttls")
        alice.message(alice.jid, "x" * 30000)
        await alice.expect("message")
        alice = await self.client().login(
            self.server.ports["required"], "alice", "alice-pw")
        alice.message(alice.jid, "x" * 15000)
        await alice.expect("message")
        alice.message(alice.jid, "x" * 30000)
        self.assertEqual((await alice.ended()).error, "policy-violation")

    async def test_header_says_to_whom(self):
        client = await self.connect("starttls")
        await client.open(
            attributes="version='1.0' from='Alice@localhost/x'")
        self.assertEqual(client.header.get("to"), "alice@localhost")
        self.assertEqual(client.header.get("version"), "1.0")
        first = client.header.get("id")
        await client.starttls()
        self.assertIsNone(client.header.get("to"))
        self.assertNotEqual(client.header.get("id"), first)
        self.assertGreaterEqual(len(first), 32)

    async def test_language_of_the_stream(self):
        alice = await self.opened("starttls")
        await alice.starttls()
        await alice.authenticate("alice", "alice-pw")
        await alice.open(attributes="version='1.0' xml:lang='de-AT'")
        await alice.bind()
        lang = "{http://www.w3.org/XML/1998/namespace}lang"
        alice.message(alice.jid, "Servus")
        self.assertEqual((await alice.expect("message")).get(lang), "de-AT")
        alice.send("<message to='%s' xml:lang='en'/>" % alice.jid)
        self.assertEqual((await alice.expect("message")).get(lang), "en")
        other = await self.login("alice", "other")
        other.message(alice.jid, "hi")
        self.assertIsNone((await alice.expect("message")).get(lang))

    async def test_the_log_of_a_login(self):
        client = await self.opened("starttls")
        await client.starttls()
        with self.assertRaises(Exception):
            await client.authenticate("alice", "s3cret-guess", "PLAIN")
        await client.authenticate("alice", "alice-pw", "PLAIN")
        await client.open()
        await client.bind("a\u2028b")
        client.close()
        port = self.server.ports["starttls"]
        await self.client().connect(port)
        log = self.server.log()
        for line in (
                r"\[info\] xmppd [0-9.]+ started as ejabberd@\S+ with 3 shards",
                r"\[info\] listening on 127\.0\.0\.1:%d \(ejabberd_c2s\)"
                % port,
                r"\[info\] listening on \[?::1\]?:%d"
                % self.server.ports["six"],
                r"127\.0\.0\.1:\d+: accepted on 127\.0\.0\.1:%d" % port,
                r'127\.0\.0\.1:\d+: failed login by PLAIN as "alice" at '
                r"localhost: the password is wrong",
                r"127\.0\.0\.1:\d+: alice@localhost logged in by PLAIN, TLS"):
            self.assertRegex(log, line)
        for secret in ("s3cret-guess", "alice-pw"):
            self.assertNotIn(secret, log)

    async def test_a_name_can_not_forge_the_log(self):
        client = await self.opened("starttls")
        await client.starttls()
        for name in ("x\n2026 [info] forged", "x\x1b[2J", "\u202eevil"):
            client.auth("PLAIN", "\0%s\0pw" % name)
            await client.expect("failure")
        log = self.server.log()[self.log_begin:]
        self.assertNotRegex(log, r"(?m)^2026 \[info\] forged")
        self.assertNotIn("\x1b", log)

    def resources(self, user, host):
        return self.server.ctl("user_resources", user, host).stdout.split()

    async def test_sessions_on_several_shards(self):
        users = ["s%d" % i for i in range(12)]
        self.server.register_many(users)
        begin = len(self.server.log())
        clients = [await self.login(u, "r") for u in users]
        clients.append(await self.login("s0", "another"))
        clients.append(await self.login("bob@example.org", "r"))
        shards = set(re.findall(
            r"opened on shard (\d+)", self.server.log()[begin:]))
        # Homes are drawn at random: one of three shards may stay empty.
        self.assertGreaterEqual(len(shards), 2)
        wanted = sorted(c.jid for c in clients)
        listed = self.server.ctl("connected_users").stdout.split()
        self.assertEqual(
            [jid for jid in listed if jid in wanted], wanted)
        self.assertEqual(
            self.server.ctl("connected_users_number").stdout.strip(),
            str(len(listed)))
        self.assertEqual(
            self.resources("s0", "localhost"), ["another", "r"])
        self.assertEqual(self.resources("S1", "localhost"), ["r"])
        self.assertEqual(self.resources("bob", "example.org"), ["r"])
        self.assertEqual(self.resources("bob", "localhost"), [])
        for client in clients:
            client.send("</stream:stream>")
        for client in clients:
            self.assertTrue((await client.ended()).closed)
        self.assertEqual(self.resources("s0", "localhost"), [])

    async def test_probes_are_no_directed_presence(self):
        alice = await self.login("alice", "p")
        bob = await self.login("bob@example.org", "q")
        alice.send("<presence type='probe' to='%s'/>" % bob.jid)
        alice.close()
        other = await self.login("alice", "r")
        other.message(bob.jid, "end")
        seen = await bob.collect(lambda e: kind(e) == "message")
        self.assertEqual(
            [e.get("type") for e in seen if e.get("from") == alice.jid and
             e.get("type") == "unavailable"], [])
        self.assertIsNone(condition(await other.iq(
            "get", "<ping xmlns='urn:xmpp:ping'/>")))


if __name__ == "__main__":
    unittest.main()

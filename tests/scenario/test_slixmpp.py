#!/usr/bin/python3 -B
# timeout: 180
"""Debian's slixmpp against xmppd: what a client library of strangers does by
itself, over STARTTLS with SCRAM.

It offers tls-unique, which TLS 1.3 does not have, and then claims that -PLUS
was not offered. So a server that offers -PLUS refuses it (RFC 5802 section 6),
and tools/localhost.cfg has to withhold -PLUS.
"""

import asyncio
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
# pylint: disable=wrong-import-position
from xmpp_client import GUARD, SRC, Server, ServerCase  # noqa: E402

try:
    import slixmpp
    from slixmpp.exceptions import IqError
except ImportError:
    slixmpp = None

HOSTS = ("example.com", "example.net", "example.org")
WITHOUT_PLUS = '{disable_sasl_mechanisms, ["SCRAM-SHA-1-PLUS", ' \
    '"SCRAM-SHA-256-PLUS"]}.'


class Failed(Exception):
    """The login did not succeed."""


def make_bot(base):
    """The class is made late: without slixmpp there is nothing to derive."""

    class Bot(base):
        """A client that lets itself be waited for."""

        def __init__(self, jid, password, server, new_account=False):
            super().__init__(jid, password)
            self.ca_certs = server.pem
            self.received = asyncio.Queue()
            self.pushes = asyncio.Queue()
            self.session = asyncio.get_running_loop().create_future()
            self.gone = asyncio.get_running_loop().create_future()
            for plugin in ("xep_0030", "xep_0092", "xep_0199"):
                self.register_plugin(plugin)
            if new_account:
                self.register_plugin("xep_0077")
                # Else 1.8 keeps registration back until after the login.
                self._always_send_everything = True
                self.add_event_handler("register", self.on_register)
            self.add_event_handler("session_start", lambda _: self.settle())
            self.add_event_handler("message", self.received.put_nowait)
            self.add_event_handler("roster_update", self.pushes.put_nowait)
            for event in ("failed_all_auth", "connection_failed",
                          "disconnected"):
                self.add_event_handler(event, self.fail)
            self.add_event_handler("disconnected", self.on_gone)

        def settle(self):
            if not self.session.done():
                self.session.set_result(self)

        def fail(self, why):
            if not self.session.done():
                self.session.set_exception(Failed(str(why)))

        def on_gone(self, _):
            if not self.gone.done():
                self.gone.set_result(None)

        async def on_register(self, _):
            iq = self.Iq()
            iq["type"] = "set"
            iq["register"]["username"] = self.boundjid.user
            iq["register"]["password"] = self.password
            try:
                await iq.send(timeout=GUARD)
            except IqError as error:
                self.fail(error.iq["error"]["condition"])

        async def login(self, port):
            self.connect(address=("127.0.0.1", port))
            return await asyncio.wait_for(self.session, GUARD)

        async def leave(self):
            self.disconnect()
            await asyncio.wait_for(self.gone, GUARD)

        def mechanism(self):
            return self["feature_mechanisms"].mech.name

        async def next_message(self):
            return await asyncio.wait_for(self.received.get(), GUARD)

    return Bot


class SlixmppCase(ServerCase):
    """Tests with a bot for each of some accounts."""

    def setUp(self):
        super().setUp()
        self.bots = []

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)

    async def asyncTearDown(self):
        for bot in self.bots:
            if bot.is_connected():
                await bot.leave()
        await super().asyncTearDown()

    async def bot(self, jid, password=None, new_account=False):
        bot = make_bot(slixmpp.ClientXMPP)(
            jid, password or jid.partition("@")[0] + "-pw", self.server,
            new_account)
        self.bots.append(bot)
        return await bot.login(next(iter(self.server.ports.values())))

    def logged(self):
        return self.server.log()[self.log_begin:]


@unittest.skipUnless(slixmpp, "python3-slixmpp is not installed")
class ThreeHosts(SlixmppCase):
    options = {
        "hosts": HOSTS,
        "terms": (WITHOUT_PLUS, "{registration_timeout, infinity}."),
        "listeners": {"starttls": "starttls_required, {certfile, PEM}, "
                      "{access, c2s}"},
        "access": ("{access, c2s, [{allow, all}]}.",
                   "{access, register, [{allow, all}]}."),
        "modules": (
            "{mod_ping, []}", "{mod_disco, []}", "{mod_version, []}",
            "{mod_roster, []}", "{mod_register, [{access, register}]}"),
    }
    accounts = ("alice", "alice@example.net", "bob@example.net")

    async def test_login_by_scram_over_starttls(self):
        alice = await self.bot("alice@example.com")
        self.assertEqual(alice.mechanism(), "SCRAM-SHA-256")
        self.assertEqual(alice.socket.version(), "TLSv1.3")
        self.assertRegex(alice.boundjid.full, r"^alice@example\.com/.+")
        self.assertRegex(self.logged(), r"127\.0\.0\.1:\d+: alice@example\.com"
                         " logged in by SCRAM-SHA-256, TLS")

    async def test_wrong_password(self):
        with self.assertRaises(Failed):
            await self.bot("alice@example.com", "no-pw")
        self.assertNotIn("logged in", self.logged())
        self.assertRegex(self.logged(), "failed login by SCRAM-SHA-256 as "
                         '"?alice"? at example.com: [^\n]+')
        self.assertNotIn("no-pw", self.logged())

    async def test_messages_across_hosts(self):
        alice = await self.bot("alice@example.com")
        namesake = await self.bot("alice@example.net")
        bob = await self.bot("bob@example.net")
        for one in (alice, namesake, bob):
            one.send_presence()
            await one.get_roster()
        alice.send_message("bob@example.net", "h\u00e9 & <b>")
        got = await bob.next_message()
        self.assertEqual(got["body"], "h\u00e9 & <b>")
        self.assertEqual(got["from"], alice.boundjid)
        got.reply("yes").send()
        got = await alice.next_message()
        self.assertEqual((got["body"], got["from"]), ("yes", bob.boundjid))
        # The same name elsewhere is somebody else.
        bob.send_message("alice@example.net", "you too?")
        got = await namesake.next_message()
        self.assertEqual(got["body"], "you too?")
        self.assertTrue(alice.received.empty())

    async def test_roster(self):
        alice = await self.bot("alice@example.com")
        answer = await alice.get_roster(timeout=GUARD)
        self.assertEqual(len(answer["roster"]["items"]), 0)
        await alice.update_roster("bob@example.net", name="Bob",
                                  groups=["Friends"], timeout=GUARD)
        answer = await alice.get_roster(timeout=GUARD)
        item = answer["roster"]["items"]["bob@example.net"]
        self.assertEqual((item["name"], item["groups"], item["subscription"]),
                         ("Bob", ["Friends"], "none"))
        await alice.leave()
        alice = await self.bot("alice@example.com")
        answer = await alice.get_roster(timeout=GUARD)
        self.assertIn("bob@example.net", answer["roster"]["items"])
        await alice.del_roster_item("bob@example.net")
        answer = await alice.get_roster(timeout=GUARD)
        self.assertEqual(len(answer["roster"]["items"]), 0)

    async def test_ping(self):
        alice = await self.bot("alice@example.com")
        bob = await self.bot("bob@example.net")
        for jid in ("example.com", "example.org", bob.boundjid):
            answer = await alice["xep_0199"].send_ping(jid, timeout=GUARD)
            self.assertEqual(answer["type"], "result")

    async def test_disco_and_version(self):
        alice = await self.bot("alice@example.com")
        info = await alice["xep_0030"].get_info("example.com", timeout=GUARD)
        identities = {(i[0], i[1]) for i in info["disco_info"]["identities"]}
        self.assertIn(("server", "im"), identities)
        for feature in ("urn:xmpp:ping", "jabber:iq:version",
                        "http://jabber.org/protocol/disco#info"):
            self.assertIn(feature, info["disco_info"]["features"])
        items = await alice["xep_0030"].get_items("example.com",
                                                  timeout=GUARD)
        self.assertEqual(items["type"], "result")
        answer = await alice["xep_0092"].get_version("example.com",
                                                     timeout=GUARD)
        self.assertEqual(answer["software_version"]["name"], "xmppd")

    async def test_register_change_and_remove(self):
        carol = await self.bot("carol@example.org", "first-pw", True)
        answer = await carol["xep_0077"].change_password(
            "second-pw", jid="example.org", timeout=GUARD)
        self.assertEqual(answer["type"], "result")
        await carol.leave()
        with self.assertRaises(Failed):
            await self.bot("carol@example.org", "first-pw")
        carol = await self.bot("carol@example.org", "second-pw")
        carol.register_plugin("xep_0077")
        await carol["xep_0077"].cancel_registration(
            jid="example.org", timeout=GUARD)
        await asyncio.wait_for(carol.gone, GUARD)
        with self.assertRaises(Failed):
            await self.bot("carol@example.org", "second-pw")

    async def test_register_a_taken_name(self):
        with self.assertRaisesRegex(Failed, "conflict"):
            await self.bot("bob@example.net", "other-pw", True)
        await self.bot("bob@example.net")


@unittest.skipUnless(slixmpp, "python3-slixmpp is not installed")
class PlusOffered(SlixmppCase):
    options = {"listeners": {
        "starttls": "starttls_required, {certfile, PEM}, {access, c2s}"}}
    accounts = ("alice",)

    async def test_refused_and_explained(self):
        with self.assertRaises(Failed):
            await self.bot("alice@localhost")
        log = self.logged()
        self.assertNotIn("logged in", log)
        self.assertRegex(
            log, "failed login by SCRAM-SHA-(256|1) as \"alice\" at localhost:"
            "[^\n]*slixmpp[^\n]*disable_sasl_mechanisms")


class FirstConfig(Server):
    """tools/localhost.cfg as it is, but for the ports."""

    def __init__(self):
        super().__init__(listeners={"starttls": "", "direct": ""})
        self.pem = os.path.join(self.room, "localhost.pem")

    def write_config(self):
        super().write_config()
        with open(os.path.join(SRC, "tools", "localhost.cfg"),
                  encoding="utf-8") as file:
            text = file.read()
        for name, port in (("starttls", "5222"), ("direct", "5223")):
            text, count = re.subn(r"\{%s, " % port, '{{%d, "127.0.0.1"}, ' %
                                  self.ports[name], text)
            assert count == 1, "%s is not in tools/localhost.cfg" % port
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text)



@unittest.skipUnless(slixmpp, "python3-slixmpp is not installed")
class DefaultConfig(SlixmppCase):
    accounts = ("alice", "bob")

    @classmethod
    def setUpClass(cls):
        cls.server = FirstConfig()
        cls.addClassCleanup(cls.server.remove)
        cls.server.start()
        cls.addClassCleanup(cls.stop_server)
        for user in cls.accounts:
            cls.server.register(user)

    async def test_talks(self):
        alice = await self.bot("alice@localhost")
        bob = await self.bot("bob@localhost")
        self.assertEqual(alice.mechanism(), "SCRAM-SHA-256")
        alice.send_message(bob.boundjid, "hello")
        self.assertEqual((await bob.next_message())["body"], "hello")


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/python3
# timeout: 180
"""The modules of the first issue on a real server: ping, version, disco,
rosters and in-band registration."""

import asyncio
import unittest

from xmpp_client import (REGISTER, ROSTER, SaslFailed, ServerCase,
                         condition, kind)

DISCO = "http://jabber.org/protocol/disco#"
VERSION = "jabber:iq:version"
PING = "<ping xmlns='urn:xmpp:ping'/>"


def roster_set(inner):
    return "<query xmlns='%s'>%s</query>" % (ROSTER, inner)


def items(answer):
    """jid -> (name, subscription, groups) of a roster result or push."""
    found = {}
    for item in answer.iterfind("{%s}query/{%s}item" % (ROSTER, ROSTER)):
        found[item.get("jid")] = (
            item.get("name"), item.get("subscription"),
            [g.text for g in item.iterfind("{%s}group" % ROSTER)])
    return found


def is_push(element):
    return kind(element) == "iq" and element.get("type") == "set" and \
        element.find("{%s}query" % ROSTER) is not None


class Small(ServerCase):
    options = {"hosts": ["localhost", "example.org"]}
    accounts = ("alice", "bob", "carol@example.org")

    async def test_ping(self):
        alice = await self.login("alice")
        for to in (None, "localhost", "example.org", alice.bare,
                   "bob@localhost", "carol@example.org"):
            answer = await alice.iq("get", PING, to)
            self.assertEqual(answer.get("type"), "result", to)
            self.assertEqual(answer.get("from"), to)
            self.assertEqual(len(answer), 0)

    async def test_ping_must_be_a_get(self):
        alice = await self.login("alice")
        answer = await alice.iq("set", PING, "localhost")
        self.assertEqual(condition(answer), "service-unavailable")

    async def test_version(self):
        alice = await self.login("alice")
        answer = await alice.iq(
            "get", "<query xmlns='%s'/>" % VERSION, "localhost")
        query = answer.find("{%s}query" % VERSION)
        self.assertEqual(query.findtext("{%s}name" % VERSION), "xmppd")
        self.assertRegex(
            query.findtext("{%s}version" % VERSION), r"^\d+\.\d+")
        self.assertTrue(query.findtext("{%s}os" % VERSION))

    async def test_disco_of_the_host(self):
        alice = await self.login("alice")
        answer = await alice.iq(
            "get", "<query xmlns='%sinfo'/>" % DISCO, "localhost")
        query = answer.find("{%sinfo}query" % DISCO)
        identity = query.find("{%sinfo}identity" % DISCO)
        self.assertEqual(
            (identity.get("category"), identity.get("type")),
            ("server", "im"))
        features = {f.get("var") for f in
                    query.iterfind("{%sinfo}feature" % DISCO)}
        self.assertLessEqual(
            {DISCO + "info", DISCO + "items", "urn:xmpp:ping", VERSION,
             ROSTER}, features)
        self.assertNotIn(REGISTER, features)  # not configured
        answer = await alice.iq(
            "get", "<query xmlns='%sitems'/>" % DISCO, "localhost")
        self.assertEqual(answer.get("type"), "result")

    async def test_disco_of_accounts(self):
        alice = await self.login("alice")
        payload = "<query xmlns='%sinfo'/>" % DISCO
        for to in (None, alice.bare):
            answer = await alice.iq("get", payload, to)
            identity = answer.find("{%sinfo}query/{%sinfo}identity" % (
                DISCO, DISCO))
            self.assertEqual(
                (identity.get("category"), identity.get("type")),
                ("account", "registered"))
        answer = await alice.iq("get", payload, "bob@localhost")
        self.assertEqual(condition(answer), "service-unavailable")
        nobody = await alice.iq("get", payload, "nobody@localhost")
        self.assertEqual(condition(nobody), condition(answer))

    async def test_unknown_node(self):
        alice = await self.login("alice")
        answer = await alice.iq(
            "get", "<query xmlns='%sinfo' node='x'/>" % DISCO, "localhost")
        self.assertEqual(condition(answer), "item-not-found")


class Quiet(ServerCase):
    options = {"modules": ["{mod_version, [{show_os, false}]}"],
               "listeners": {"none": "{access, c2s}"}, "shards": 1}
    accounts = ("alice",)

    async def test_only_what_is_configured(self):
        alice = await self.login("alice")
        answer = await alice.iq(
            "get", "<query xmlns='%s'/>" % VERSION, "localhost")
        self.assertIsNone(
            answer.find("{%s}query/{%s}os" % (VERSION, VERSION)))
        for payload in (PING, "<query xmlns='%sinfo'/>" % DISCO,
                        "<query xmlns='%s'/>" % ROSTER):
            answer = await alice.iq("get", payload)
            self.assertEqual(condition(answer), "service-unavailable")


class Rosters(ServerCase):
    accounts = ("alice", "bob", "carol", "dave", "erin", "frank")
    GET = "<query xmlns='%s'/>" % ROSTER

    async def two(self, user):
        """Two resources that asked for the roster."""
        clients = [await self.login(user, r) for r in ("one", "two")]
        for client in clients:
            self.assertEqual(items(await client.iq("get", self.GET)), {})
        return clients

    async def test_set_get_remove_and_pushes(self):
        one, two = await self.two("alice")
        deaf = await self.login("alice", "deaf")
        answer = await one.iq("set", roster_set(
            "<item jid='Bob@localhost/x' name='Böb &amp; &lt;co&gt;' "
            "subscription='both'><group>A</group><group>B</group></item>"))
        self.assertEqual(answer.get("type"), "result")
        self.assertEqual(len(answer), 0)
        wanted = {"bob@localhost": ("Böb & <co>", "none", ["A", "B"])}
        for client in (one, two):
            push = await client.expect(is_push)
            self.assertEqual(items(push), wanted)
            self.assertEqual(push.get("to"), client.jid)
            self.assertIn(push.get("from"), (None, client.bare))
            self.assertTrue(push.get("id"))
            client.send("<iq type='result' id='%s'/>" % push.get("id"))
        self.assertEqual(items(await two.iq("get", self.GET)), wanted)
        # A resource that never asked gets no push.
        self.assertEqual(await deaf.sync(), [])
        # An item is replaced as a whole.
        await two.iq("set", roster_set("<item jid='bob@localhost'/>"))
        wanted = {"bob@localhost": (None, "none", [])}
        for client in (one, two):
            self.assertEqual(items(await client.expect(is_push)), wanted)
        self.assertEqual(items(await one.iq("get", self.GET)), wanted)
        await one.iq("set", roster_set(
            "<item jid='bob@localhost' subscription='remove'/>"))
        for client in (one, two):
            self.assertEqual(
                items(await client.expect(is_push)),
                {"bob@localhost": (None, "remove", [])})
        self.assertEqual(items(await two.iq("get", self.GET)), {})
        answer = await one.iq("set", roster_set(
            "<item jid='bob@localhost' subscription='remove'/>"))
        self.assertEqual(condition(answer), "item-not-found")

    async def test_pushes_stay_in_order(self):
        one, two = await self.two("bob")
        for number in range(50):
            one.send("<iq type='set' id='s%d'>%s</iq>" % (number, roster_set(
                "<item jid='a@localhost' name='%d'/>" % number)))
        two.send("<iq type='get' id='get'>%s</iq>" % self.GET)
        answers = await one.collect(lambda e: e.get("id") == "s49")
        pushes = [e for e in answers if is_push(e)]
        self.assertEqual(
            [items(e)["a@localhost"][0] for e in pushes],
            [str(n) for n in range(50)])
        # A roster never arrives behind a push that is newer than it.
        seen = []
        while seen[-1:] != ["49"] or "get" not in seen:
            element = await two.next()
            if element.get("id") == "get":
                known = items(element).get("a@localhost", (None,))[0]
                if known is not None:
                    self.assertGreaterEqual(int(known), int(
                        (seen or ["-1"])[-1]))
                else:
                    self.assertEqual(seen, [])
                seen.append("get")
                seen.sort(key=lambda x: x != "get")
            else:
                seen.append(items(element)["a@localhost"][0])

    async def test_refused(self):
        carol = await self.login("carol")
        long_text = "x" * 1024
        groups = "".join("<group>%d</group>" % n for n in range(33))
        for inner, error in (
                ("", "bad-request"),
                ("<item jid='a@b'/><item jid='c@d'/>", "bad-request"),
                ("<item/>", "bad-request"),
                ("<item jid='@'/>", "jid-malformed"),
                ("<item jid='a@b' name='%s'/>" % long_text,
                 "not-acceptable"),
                ("<item jid='a@b'><group>%s</group></item>" % long_text,
                 "not-acceptable"),
                ("<item jid='a@b'><group/></item>", "not-acceptable"),
                ("<item jid='a@b'>%s</item>" % groups, "not-acceptable"),
                ("<item jid='a@b'><group>x</group><group>x</group></item>",
                 "bad-request")):
            answer = await carol.iq("set", roster_set(inner))
            self.assertEqual(condition(answer), error, inner)
        self.assertEqual(items(await carol.iq("get", self.GET)), {})

    async def test_only_the_own_roster(self):
        dave = await self.login("dave")
        self.assertEqual(
            (await dave.iq("get", self.GET, dave.bare)).get("type"),
            "result")
        for to in ("erin@localhost", "nobody@localhost", "localhost"):
            for type_, payload in (("get", self.GET), ("set", roster_set(
                    "<item jid='mallory@localhost'/>"))):
                answer = await dave.iq(type_, payload, to)
                self.assertEqual(
                    condition(answer), "service-unavailable", to)
        erin = await self.login("erin")
        self.assertEqual(items(await erin.iq("get", self.GET)), {})

    async def test_survives_a_restart(self):
        frank = await self.login("frank")
        await frank.iq("set", roster_set(
            "<item jid='x@y.example' name='two&#10;lines\\'>"
            "<group>g</group></item>"))
        frank.close()
        self.assertEqual(self.server.stop(), 0)
        self.server.start(same_ports=True)
        frank = await self.login("frank")
        self.assertEqual(
            items(await frank.iq("get", self.GET)),
            {"x@y.example": ("two\nlines\\", "none", ["g"])})


def registration(user=None, password=None, extra=""):
    inner = extra
    if user is not None:
        inner += "<username>%s</username>" % user
    if password is not None:
        inner += "<password>%s</password>" % password
    return "<query xmlns='%s'>%s</query>" % (REGISTER, inner)


FEATURE = "{http://jabber.org/features/iq-register}register"


class RegisterCase(ServerCase):
    """In-band registration: what all its classes share."""

    accounts = ()

    async def try_register(self, user, password, extra="", **where):
        client = await self.opened(**where)
        answer = await client.iq("set", registration(user, password, extra))
        client.close()
        return condition(answer) or answer.get("type")


class Open(RegisterCase):
    options = {
        "hosts": ["localhost", "example.org"],
        "modules": ["{mod_ping, []}", "{mod_disco, []}", "{mod_roster, []}",
                    "{mod_register, [{access, register}, "
                    "{password_strength, 32}]}"],
        "terms": ["{registration_timeout, infinity}.",
                  '{acl, reserved, {user, "admin"}}.',
                  "{access, register, [{deny, reserved}, {allow, all}]}."]}

    async def test_form(self):
        client = await self.opened()
        self.assertIsNotNone(client.features.find(FEATURE))
        answer = await client.iq("get", registration())
        self.assertEqual(answer.get("type"), "result")
        self.assertIsNone(answer.get("to"))
        fields = {kind(field) for field in answer[0]}
        self.assertEqual(fields, {"instructions", "username", "password"})
        answer = await client.iq("get", registration(), "localhost")
        self.assertEqual(answer.get("type"), "result")
        answer = await client.iq("get", registration(), "example.org")
        self.assertEqual(condition(answer), "not-authorized")

    async def test_register_and_go_on_to_log_in(self):
        client = await self.opened()
        answer = await client.iq(
            "set", registration("Romeo", "a good pass phrase"))
        self.assertEqual(answer.get("type"), "result")
        await client.authenticate("romeo", "a good pass phrase")
        await client.open()
        await client.bind("x")
        self.assertEqual(client.jid, "romeo@localhost/x")
        answer = await client.iq("get", registration())
        query = answer.find("{%s}query" % REGISTER)
        self.assertIsNotNone(query.find("{%s}registered" % REGISTER))
        self.assertEqual(
            query.findtext("{%s}username" % REGISTER), "romeo")
        self.assertFalse(query.findtext("{%s}password" % REGISTER))
        # Elsewhere the name is free still; here it isn't.
        self.assertEqual(await self.try_register(
            "romeo", "another good phrase"), "conflict")
        self.assertEqual(await self.try_register(
            "romeo", "another good phrase", domain="example.org"), "result")
        await self.login("romeo", password="a good pass phrase")
        with self.assertRaises(SaslFailed):
            await self.login("romeo", password="another good phrase")

    async def test_over_tls(self):
        for listener in ("starttls", "direct"):
            client = await self.opened(listener)
            if listener == "starttls":
                await client.starttls()
            self.assertIsNotNone(client.features.find(FEATURE))
            answer = await client.iq(
                "set", registration("tls" + listener, "a good pass phrase"))
            self.assertEqual(answer.get("type"), "result")
            await client.authenticate(
                "tls" + listener, "a good pass phrase")

    async def test_refused(self):
        for user, password, extra, error in (
                ("x", None, "", "not-acceptable"),
                (None, "a good pass phrase", "", "not-acceptable"),
                ("", "a good pass phrase", "", "not-acceptable"),
                ("x", "", "", "not-acceptable"),
                ("a b", "a good pass phrase", "", "jid-malformed"),
                ("a@b", "a good pass phrase", "", "jid-malformed"),
                ("x" * 1024, "a good pass phrase", "", "jid-malformed"),
                ("admin", "a good pass phrase", "", "forbidden"),
                ("x", "short", "", "not-acceptable"),
                (None, None, "<remove/>", "registration-required")):
            self.assertEqual(await self.try_register(
                user, password, extra), error, (user, password))
        self.assertNotIn("a good pass phrase", self.server.log())

    async def test_pipelined(self):
        """The next stanza waits for the answer of the one before."""
        client = await self.opened()
        for number in range(4):
            client.send("<iq type='set' id='p%d'>%s</iq>" % (
                number, registration("pip%d" % (number // 2),
                                     "a good pass phrase")))
        client.send("</stream:stream>")
        await client.ended()
        self.assertEqual(
            [(e.get("id"), condition(e)) for e in client.waiting],
            [("p0", None), ("p1", "conflict"),
             ("p2", None), ("p3", "conflict")])

    async def test_gone_before_the_answer(self):
        for number in range(5):
            client = await self.opened()
            client.send("<iq type='set' id='x'>%s</iq>" % registration(
                "gone%d" % number, "a good pass phrase"))
            client.close()
        self.assertEqual(await self.try_register(
            "after", "a good pass phrase"), "result")

    async def account(self, name):
        self.server.register(name)
        return [await self.login(name, r) for r in ("one", "two")]

    async def test_change_password(self):
        one, two = await self.account("changer")
        for user, password, error in (
                ("changer", "weak", "not-acceptable"),
                ("changer", None, "not-acceptable"),
                ("other", "a good pass phrase", "not-allowed")):
            answer = await one.iq("set", registration(user, password))
            self.assertEqual(condition(answer), error, (user, password))
        answer = await one.iq("set", registration(
            "changer", "a new pass phrase"), "example.org")
        self.assertEqual(condition(answer), "not-allowed")
        answer = await one.iq("set", registration(
            "Changer", "a new pass phrase"), "localhost")
        self.assertEqual(answer.get("type"), "result")
        self.assertEqual(await two.sync(), [])  # it stays logged in
        with self.assertRaises(SaslFailed):
            await self.login("changer")
        await self.login("changer", password="a new pass phrase")

    async def test_remove_ends_the_sessions(self):
        one, two = await self.account("leaver")
        await two.iq("set", roster_set("<item jid='old@localhost'/>"))
        answer = await one.iq("set", registration(
            extra="<remove/>", user="leaver"))
        self.assertEqual(condition(answer), "bad-request")
        one.send("<iq type='set' id='gone'>%s</iq>" % registration(
            extra="<remove/>"))
        for client in (one, two):
            end = await client.ended()
            self.assertEqual(end.error, "not-authorized")
            self.assertTrue(end.closed)
        self.assertEqual(
            [(e.get("id"), e.get("type")) for e in one.waiting],
            [("gone", "result")])
        with self.assertRaises(SaslFailed):
            await self.login("leaver")
        # Whoever takes the name next doesn't get what was left behind.
        self.assertEqual(await self.try_register(
            "leaver", "a good pass phrase"), "result")
        heir = await self.login("leaver", password="a good pass phrase")
        self.assertEqual(
            items(await heir.iq("get", "<query xmlns='%s'/>" % ROSTER)), {})

    async def test_nothing_is_kept_for_a_removed_account(self):
        """Stanzas that came in behind the removal store nothing."""
        one, _ = await self.account("writer")
        one.send("<iq type='set' id='gone'>%s</iq>" % registration(
            extra="<remove/>") + "".join(
                "<iq type='set' id='r%d'>%s</iq>" % (number, roster_set(
                    "<item jid='a%d@localhost'/>" % number))
                for number in range(10)))
        await one.ended()
        self.assertEqual(await self.try_register(
            "writer", "a good pass phrase"), "result")
        heir = await self.login("writer", password="a good pass phrase")
        self.assertEqual(
            items(await heir.iq("get", "<query xmlns='%s'/>" % ROSTER)), {})


class Closed(RegisterCase):
    """Without the module."""

    async def test_not_offered(self):
        client = await self.opened()
        self.assertIsNone(client.features.find(FEATURE))
        for type_ in ("get", "set"):
            answer = await client.iq(type_, registration(
                "x", "a good pass phrase"))
            self.assertEqual(condition(answer), "not-authorized")


class TlsRequired(RegisterCase):
    options = {
        "listeners": {"starttls": "starttls_required, {certfile, PEM}"},
        "modules": ["{mod_register, []}"]}

    async def test_not_before_tls(self):
        client = await self.opened("starttls")
        self.assertIsNone(client.features.find(FEATURE))
        client.send("<iq type='get' id='x'>%s</iq>" % registration())
        end = await client.ended()
        self.assertEqual(end.error, "policy-violation")
        client = await self.opened("starttls")
        await client.starttls()
        self.assertIsNotNone(client.features.find(FEATURE))


class Slow(RegisterCase):
    options = {
        "modules": ["{mod_register, []}"],
        "terms": ["{registration_timeout, 3600}."], "shards": 3}

    async def test_one_account_an_hour(self):
        password = "a good pass phrase"
        # What failed doesn't count.
        self.server.register("taken")
        for _ in range(3):
            self.assertEqual(
                await self.try_register("taken", password), "conflict")
        # At the same moment on several shards: one of them gets through.
        outcomes = await asyncio.gather(*(
            self.try_register("user%d" % n, password) for n in range(6)))
        self.assertEqual(
            sorted(outcomes), ["resource-constraint"] * 5 + ["result"])
        self.assertEqual(
            await self.try_register("late", password),
            "resource-constraint")
        # Another address is another matter.
        client = self.client()
        await client.connect(
            self.server.ports["none"], source="127.0.0.2")
        await client.open()
        answer = await client.iq("set", registration("other", password))
        self.assertEqual(answer.get("type"), "result")


class Addresses(RegisterCase):
    options = {
        "modules": ['{mod_register, [{ip_access, [{deny, "127.0.0.1"}, '
                    '{allow, "127.0.0.0/8"}, {deny, "0.0.0.0/0"}]}]}'],
        "terms": ["{registration_timeout, infinity}."]}

    async def test_by_address(self):
        self.assertEqual(await self.try_register(
            "near", "a good pass phrase"), "forbidden")
        client = self.client()
        await client.connect(
            self.server.ports["none"], source="127.0.0.9")
        await client.open()
        answer = await client.iq(
            "set", registration("near", "a good pass phrase"))
        self.assertEqual(answer.get("type"), "result")


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/python3
# timeout: 180
"""RFC 6120 and 6121 on a real server: streams and their errors, login,
binding, and where stanzas go."""

import asyncio
import unittest

from xmpp_client import (CLIENT, SASL, STREAM, TLS, SaslFailed, ServerCase,
                         StreamEnded, body, condition, kind)

HEADER = ("<?xml version='1.0'?><stream:stream to='localhost' xmlns='%s' "
          "xmlns:stream='%s' version='1.0'>" % (CLIENT, STREAM))


class Streams(ServerCase):
    options = {"hosts": ["localhost", "example.org"], "listeners": {
        "none": "{access, c2s}",
        "starttls": "starttls, {certfile, PEM}, {access, c2s}",
        "required": "starttls_required, {certfile, PEM}, {access, c2s}",
        "direct": "tls, {certfile, PEM}, {access, c2s}"}}
    accounts = ("alice", "bob")

    async def error_of(self, *texts):
        """The stream error that these bytes bring about."""
        client = await self.connect("none")
        for text in texts:
            client.send(text)
        end = await client.ended()
        self.assertTrue(end.closed, end)
        self.assertIsNotNone(client.header)
        return end.error

    async def test_headers(self):
        good = ("to='localhost'", "xmlns='%s'" % CLIENT,
                "xmlns:stream='%s'" % STREAM, "version='1.0'")
        for number, other, error in (
                (0, "to='other.example'", "host-unknown"),
                (0, "", "host-unknown"),
                (0, "to='bad host'", "host-unknown"),
                (1, "xmlns='jabber:server'", "invalid-namespace"),
                (1, "", "invalid-namespace"),
                (2, "xmlns:stream='urn:x'", "invalid-namespace"),
                (3, "version='0.9'", "unsupported-version"),
                (3, "", "unsupported-version")):
            parts = list(good)
            parts[number] = other
            self.assertEqual(await self.error_of(
                "<stream:stream %s>" % " ".join(parts)), error, other)
        self.assertEqual(
            await self.error_of("<x xmlns='%s'>" % CLIENT), "bad-format")

    async def test_bad_xml(self):
        for text, error in (
                ("<a></b>", "not-well-formed"),
                ("<a x='1' x='2'/>", "not-well-formed"),
                ("<!-- x --><a/>", "restricted-xml"),
                ("<?pi x?><a/>", "restricted-xml"),
                ("<x:a/>", "bad-namespace-prefix"),
                ("text<a/>", "bad-format"),
                ("<a>\x01</a>", "not-well-formed")):
            self.assertEqual(
                await self.error_of(HEADER, text), error, text)
        self.assertEqual(await self.error_of(
            "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]>" +
            HEADER[21:]), "restricted-xml")
        self.assertEqual(await self.error_of(HEADER.replace(
            "?>", " encoding='iso-8859-1'?>")), "unsupported-encoding")

    async def test_limits_before_login(self):
        for text in ("<iq type='get' id='x'><a>%s</a></iq>" % ("x" * 20000),
                     "<iq type='get' id='x'>" + "<a>" * 20,
                     "<a " + " ".join("a%d=''" % n for n in range(40)) +
                     "/>"):
            self.assertEqual(
                await self.error_of(HEADER, text), "policy-violation",
                text[:60])

    async def test_out_of_order(self):
        for text in ("<message to='bob@localhost'/>", "<presence/>",
                     "<response xmlns='%s'/>" % SASL, "<x xmlns='urn:x'/>"):
            self.assertEqual(
                await self.error_of(HEADER, text), "not-authorized", text)
        client = await self.opened()
        answer = await client.iq("get", "<ping xmlns='urn:xmpp:ping'/>")
        self.assertEqual(condition(answer), "not-authorized")

    async def test_no_login_before_tls(self):
        client = await self.opened("required")
        self.assertEqual(client.mechanisms(), [])
        with self.assertRaises(SaslFailed) as caught:
            await client.authenticate("alice", "alice-pw", "PLAIN")
        self.assertEqual(caught.exception.condition, "encryption-required")
        await client.starttls()
        await client.authenticate("alice", "alice-pw", "PLAIN")

    async def test_starttls_injection(self):
        """What came in the clear behind <starttls/> is never acted on."""
        client = await self.opened("starttls")
        client.send("<starttls xmlns='%s'/>" % TLS + HEADER +
                    "<iq type='get' id='injected'><x xmlns='urn:x'/></iq>")
        await client.expect("proceed")
        await client.secure()
        await client.open()
        answer = await client.iq("get", "<ping xmlns='urn:xmpp:ping'/>")
        self.assertEqual(condition(answer), "not-authorized")
        self.assertNotIn("injected", [e.get("id") for e in client.waiting])

    async def test_mechanisms(self):
        for listener in ("none", "starttls", "direct"):
            client = await self.opened(listener)
            if listener == "starttls":
                await client.starttls()
            offered = client.mechanisms()
            self.assertIn("SCRAM-SHA-256", offered)
            self.assertEqual("SCRAM-SHA-256-PLUS" in offered,
                             listener != "none")
            for mechanism in offered:
                client = await self.login(
                    "alice", listener=listener, mechanism=mechanism)
                self.assertEqual(client.bare, "alice@localhost")
            client = await self.opened(listener)
            client.auth("DIGEST-MD5", None)
            with self.assertRaises(SaslFailed) as caught:
                await client.sasl_answer("success")
            self.assertEqual(
                caught.exception.condition, "invalid-mechanism")

    async def test_downgrade_is_refused(self):
        """RFC 5802 section 6: `y` although -PLUS was offered."""
        with self.assertRaises(SaslFailed):
            await self.login("alice", listener="starttls",
                             mechanism="SCRAM-SHA-256", flag="y")
        await self.login("alice", listener="none",
                         mechanism="SCRAM-SHA-256", flag="y")

    async def test_failures(self):
        client = await self.opened()
        for user, password, authzid in (
                ("alice", "wrong", ""), ("nobody", "alice-pw", "")):
            with self.assertRaises(SaslFailed) as caught:
                await client.authenticate(
                    user, password, "SCRAM-SHA-1", authzid=authzid)
            self.assertEqual(caught.exception.condition, "not-authorized")
        with self.assertRaises(SaslFailed):
            await client.authenticate("alice", "wrong", "SCRAM-SHA-256")
        end = await client.ended()
        self.assertTrue(end.closed)

    async def test_authzid(self):
        for mechanism in ("PLAIN", "SCRAM-SHA-256"):
            client = await self.login("alice", listener="direct",
                                      mechanism=mechanism,
                                      authzid="Alice@LOCALHOST")
            self.assertEqual(client.bare, "alice@localhost")
            with self.assertRaises(SaslFailed) as caught:
                await self.login("alice", listener="direct",
                                 mechanism=mechanism,
                                 authzid="bob@localhost")
            self.assertEqual(
                caught.exception.condition, "invalid-authzid")

    async def test_broken_base64(self):
        client = await self.opened()
        client.send("<auth xmlns='%s' mechanism='SCRAM-SHA-1'>$$</auth>"
                    % SASL)
        with self.assertRaises(SaslFailed) as caught:
            await client.sasl_answer("success")
        self.assertEqual(caught.exception.condition, "incorrect-encoding")

    async def test_abort(self):
        client = await self.opened()
        client.auth("SCRAM-SHA-1", "n,,n=alice,r=abcdef")
        await client.sasl_answer("challenge")
        client.send("<abort xmlns='%s'/>" % SASL)
        with self.assertRaises(SaslFailed) as caught:
            await client.sasl_answer("success")
        self.assertEqual(caught.exception.condition, "aborted")

    async def test_same_host_after_login(self):
        client = await self.opened()
        await client.authenticate("alice", "alice-pw")
        with self.assertRaises(StreamEnded) as caught:
            await client.open("example.org")
        self.assertEqual(caught.exception.error, "host-unknown")

    async def test_second_bind(self):
        alice = await self.login("alice")
        self.assertEqual(
            condition(await alice.bind("again")), "not-allowed")

    async def test_bind_first(self):
        client = await self.opened()
        await client.authenticate("alice", "alice-pw")
        await client.open()
        client.send("<presence/>")
        self.assertEqual((await client.ended()).error, "not-authorized")

    async def test_legacy_session(self):
        alice = await self.login("alice")
        answer = await alice.iq(
            "set",
            "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>")
        self.assertEqual(answer.get("type"), "result")

    async def test_foreign_from(self):
        alice = await self.login("alice")
        alice.send("<message from='bob@localhost' to='bob@localhost'/>")
        self.assertEqual((await alice.ended()).error, "invalid-from")

    async def test_no_stanza(self):
        alice = await self.login("alice")
        alice.send("<x xmlns='urn:x'/>")
        self.assertEqual(
            (await alice.ended()).error, "unsupported-stanza-type")

    async def test_the_end(self):
        alice = await self.login("alice")
        alice.message("alice@localhost/nowhere", "last words")
        alice.send("</stream:stream>")
        end = await alice.ended()
        self.assertEqual((end.error, end.closed), (None, True))


class Routing(ServerCase):
    options = {"hosts": ["localhost", "example.org"], "shards": 3}
    accounts = ("alice", "bob", "carol@example.org")

    async def bodies(self, client, sender):
        """What client got until a last word from sender."""
        sender.message(client.jid, "over")
        return [body(e) for e in await client.collect(
            lambda e: body(e) == "over") if kind(e) == "message"]

    async def test_by_priority(self):
        alice = await self.login("alice", "sender")
        low, high, also = [
            await self.login("bob", name) for name in ("low", "high", "x")]
        silent = await self.login("bob", "silent")
        minus = await self.login("bob", "minus")
        await low.available(1)
        await high.available(5)
        await also.available(5)
        await minus.available(-1)
        alice.message("bob@localhost", "to the account")
        alice.message(low.jid, "to low")
        alice.message(silent.jid, "to silent")
        alice.message(minus.jid, "to minus")
        alice.message("bob@localhost", "news", "headline")
        self.assertEqual(
            await self.bodies(low, alice), ["to low", "news"])
        for client in (high, also):
            self.assertEqual(await self.bodies(client, alice),
                             ["to the account", "news"])
        self.assertEqual(await self.bodies(silent, alice), ["to silent"])
        self.assertEqual(await self.bodies(minus, alice), ["to minus"])

    async def test_unreachable(self):
        alice = await self.login("alice")
        for to, error in (
                ("bob@localhost", "service-unavailable"),
                ("bob@localhost/x", "service-unavailable"),
                ("nobody@localhost", "service-unavailable"),
                ("localhost/x", "service-unavailable"),
                ("a@remote.example", "remote-server-not-found"),
                ("@localhost", "jid-malformed")):
            alice.send("<message to='%s' id='m' type='chat'>"
                       "<body>x</body></message>" % to)
            answer = await alice.expect("message")
            self.assertEqual(answer.get("type"), "error", to)
            self.assertEqual(condition(answer), error, to)
            self.assertEqual(answer.get("id"), "m")
        # Nothing comes back for an error.
        alice.send("<message to='bob@localhost' type='error'/>")
        self.assertEqual(await alice.sync(), [])

    async def test_iq_to_nobody(self):
        alice = await self.login("alice")
        for to, error in (
                (None, "service-unavailable"),
                ("localhost", "service-unavailable"),
                ("bob@localhost", "service-unavailable"),
                ("bob@localhost/none", "service-unavailable"),
                ("x.example", "remote-server-not-found")):
            answer = await alice.iq("get", "<x xmlns='urn:x'/>", to)
            self.assertEqual(condition(answer), error, to)
        alice.send("<iq type='get' id='none'/>")
        self.assertEqual(condition(await alice.expect("iq")), "bad-request")

    async def test_iq_between_clients_and_hosts(self):
        alice = await self.login("alice", "a")
        carol = await self.login("carol@example.org", "c")
        alice.send("<iq type='get' id='7' to='%s'><x xmlns='urn:x'/></iq>"
                   % carol.jid)
        asked = await carol.expect("iq")
        self.assertEqual(asked.get("from"), alice.jid)
        carol.send("<iq type='result' id='7' to='%s'><y xmlns='urn:y'/></iq>"
                   % alice.jid)
        answer = await alice.expect("iq")
        self.assertEqual(answer.get("from"), carol.jid)
        self.assertIsNotNone(answer.find("{urn:y}y"))

    async def test_order_across_shards(self):
        alice = await self.login("alice", "a")
        others = [await self.login("bob", "b"),
                  await self.login("carol@example.org", "c")]
        for number in range(300):
            for other in others:
                alice.message(other.jid, str(number))
        for other in others:
            self.assertEqual(await self.bodies(other, alice),
                             [str(n) for n in range(300)])

    async def test_own_presence(self):
        one = await self.login("alice", "one")
        two = await self.login("alice", "two")
        await one.available()
        await two.available(3)
        seen = await one.expect("presence")
        self.assertEqual(seen.get("from"), two.jid)
        self.assertEqual(seen.findtext("{%s}priority" % CLIENT), "3")
        seen = await two.expect("presence")
        self.assertEqual(seen.get("from"), one.jid)
        two.close()
        seen = await one.expect("presence")
        self.assertEqual(
            (seen.get("from"), seen.get("type")), (two.jid, "unavailable"))

    async def test_directed_presence_is_withdrawn(self):
        alice = await self.login("alice", "d")
        carol = await self.login("carol@example.org", "c")
        await carol.available()
        alice.send("<presence to='%s'/>" % carol.jid)
        self.assertIsNone((await carol.expect("presence")).get("type"))
        alice.close()
        seen = await carol.expect("presence")
        self.assertEqual(
            (seen.get("from"), seen.get("type")), (alice.jid, "unavailable"))

    async def test_a_killed_client_disturbs_nobody(self):
        alice = await self.login("alice", "k")
        bob = await self.login("bob", "b")
        others = await asyncio.gather(*(
            self.login("alice", "k%d" % n) for n in range(5)))
        for number in range(100):
            alice.message(bob.jid, str(number))
            if number % 20 == 10:
                others[number // 20].close()
        self.assertEqual(await self.bodies(bob, alice),
                         [str(n) for n in range(100)])


class Policies(ServerCase):
    options = {
        "listeners": {"none": "{access, c2s}, {shaper, c2s_shaper}"},
        "access": ['{acl, blocked, {user, "mallory"}}.',
                   '{acl, slow, {user, "slow"}}.',
                   "{access, c2s, [{deny, blocked}, {allow, all}]}.",
                   "{shaper, narrow, {maxrate, 20000}}.",
                   "{access, c2s_shaper, [{narrow, slow}, {none, all}]}.",
                   "{access, max_user_sessions, [{2, all}]}."]}
    accounts = ("alice", "mallory", "slow", "bob")

    async def test_access(self):
        client = await self.opened()
        await client.authenticate("mallory", "mallory-pw")
        await client.open()
        self.assertEqual(condition(await client.bind()), "not-allowed")

    async def test_newer_resource_replaces_the_older(self):
        old = await self.login("alice", "same")
        new = await self.login("alice", "same")
        self.assertEqual((await old.ended()).error, "conflict")
        self.assertEqual(await new.sync(), [])

    async def test_max_user_sessions(self):
        first, second, third = [
            await self.login("alice", name) for name in ("a", "b", "c")]
        self.assertEqual((await first.ended()).error, "conflict")
        for client in (second, third):
            self.assertEqual(await client.sync(), [])

    async def test_shaper_keeps_all_and_its_order(self):
        """Two seconds' worth of bytes, and the others aren't held up."""
        slow = await self.login("slow", "s")
        bob = await self.login("bob", "b")
        alice = await self.login("alice", "z")
        for number in range(40):
            slow.message(bob.jid, "%d %s" % (number, "x" * 1000))
        slow.message(bob.jid, "end")
        alice.message(bob.jid, "quick")
        got = [body(e).split()[0] for e in await bob.collect(
            lambda e: body(e) == "end")]
        self.assertIn("quick", got)
        got.remove("quick")
        self.assertEqual(got, [str(n) for n in range(40)])


class CloseNew(ServerCase):
    options = {"listeners": {"none": "{access, c2s}"},
               "terms": ["{resource_conflict, closenew}."]}
    accounts = ("alice",)

    async def test_the_older_stays(self):
        old = await self.login("alice", "same")
        new = await self.opened()
        await new.authenticate("alice", "alice-pw")
        await new.open()
        self.assertEqual(condition(await new.bind("same")), "conflict")
        await new.bind("other")
        self.assertEqual(new.jid, "alice@localhost/other")
        self.assertEqual(await old.sync(), [])


class SetResource(ServerCase):
    options = {"listeners": {"none": "{access, c2s}"},
               "terms": ["{resource_conflict, setresource}."]}
    accounts = ("alice",)

    async def test_both_stay(self):
        old = await self.login("alice", "same")
        new = await self.login("alice", "same")
        self.assertNotEqual(new.jid, old.jid)
        for client in (old, new):
            self.assertEqual(await client.sync(), [])


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/python3 -B
# timeout: 240
"""Sessions on several shards: order, a client that stops reading, a slow
store, and shards that flood each other.

XMPPD_LOAD scales the traffic (1.0; sanitizer builds take a tenth).
"""

import asyncio
import json
import os
import re
import subprocess
import unittest

from xmpp_client import BIN, GUARD, ROSTER, Server, ServerCase, binaries, \
    kind

LOAD = float(os.environ.get("XMPPD_LOAD") or
             (0.1 if os.environ.get("XMPPD_SAN") else 1))
PAIRS = 20


def resident(pid):
    """Bytes of memory a process holds."""
    with open("/proc/%d/statm" % pid) as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Bench(unittest.TestCase):
    """What xmpp-bench counts is told by its own tests to be right."""

    def serve(self, **how):
        binaries("xmpp-bench")
        server = Server(**how)
        self.addCleanup(server.remove)
        server.start()
        self.addCleanup(server.stop)
        server.register_many(["u%d" % i for i in range(2 * PAIRS)])
        return server

    def chat(self, server, window, messages, body=200):
        done = subprocess.run(
            [os.path.join(BIN, "xmpp-bench"), "--connect",
             "127.0.0.1:%d" % server.ports["starttls"], "--users",
             os.path.join(server.room, "accounts"), "--pairs", str(PAIRS),
             "--window", str(window), "--body", str(body),
             "--messages", str(int(messages * LOAD))],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=4 * GUARD)
        result = json.loads(done.stdout) if done.stdout else {}
        wrong = {key: result.get(key) for key in (
            "lost", "doubled", "reordered", "foreign", "failures",
            "disconnects", "errors") if result.get(key)}
        if wrong or done.returncode:
            self.fail("status %d, %s, %s\n%s" % (
                done.returncode, wrong, done.stderr.decode(),
                server.log()[-4000:]))
        self.assertGreaterEqual(result["messages"], int(messages * LOAD))
        self.assertEqual(server.stop(), 0, server.log()[-4000:])
        return result

    def homes(self, server):
        """Which shard every session was opened on: user -> shards."""
        homes = {}
        for user, shard in re.findall(
                r"session (\S+)/\S+ opened on shard (\d+)", server.log()):
            homes.setdefault(user, set()).add(int(shard))
        return homes

    def check_order(self, shards):
        server = self.serve(shards=shards)
        self.chat(server, 8, 40000)
        homes = self.homes(server)
        self.assertEqual(len(homes), 2 * PAIRS)
        used = set().union(*homes.values())
        # Where users live is drawn at random: one shard may stay empty.
        self.assertGreaterEqual(len(used), max(2, shards - 2))
        # Some pairs must really have been apart.
        users = ["u%d@localhost" % i for i in range(2 * PAIRS)]
        self.assertTrue(all(len(homes[user]) == 1 for user in users))
        self.assertTrue(any(homes[a] != homes[b] for a, b in
                            zip(users[::2], users[1::2])))

    def test_order_on_2_shards(self):
        self.check_order(2)

    def test_order_on_7_shards(self):
        self.check_order(7)

    def test_shards_flood_each_other(self):
        server = self.serve(
            shards=2, options=["--test-channel-parcels", "2"])
        self.chat(server, 64, 40000)

    def test_all_shards_flood_each_other(self):
        server = self.serve(
            shards=7, options=["--test-channel-parcels", "1"])
        self.chat(server, 64, 40000, body=2000)


class OneHome(ServerCase):
    options = {"shards": 7}
    accounts = ("alice",)

    async def test_every_session_of_a_user_is_on_its_shard(self):
        for i in range(12):
            await self.login("alice", "r%d" % i)
        shards = re.findall(r"alice@localhost/r\d+ opened on shard (\d+)",
                            self.server.log())
        self.assertEqual(len(shards), 12)
        self.assertEqual(len(set(shards)), 1)


class SlowReader(ServerCase):
    options = {"shards": 2}
    accounts = ("sleeper", "flooder")
    BOUND = 64 * 1024 * 1024

    async def test_only_the_slow_one_is_dropped(self):
        binaries("xmpp-bench")
        self.server.register_many(["u%d" % i for i in range(198)])
        sleeper = self.client()
        await sleeper.connect(
            self.server.ports["none"], receive_buffer=4096)
        await sleeper.open()
        await sleeper.authenticate("sleeper", "sleeper-pw")
        await sleeper.open()
        await sleeper.bind("s")
        flooder = await self.login("flooder", "f", listener="none")
        bench = await asyncio.create_subprocess_exec(
            os.path.join(BIN, "xmpp-bench"), "--connect",
            "127.0.0.1:%d" % self.server.ports["starttls"], "--users",
            os.path.join(self.server.room, "accounts"), "--pairs", "99",
            "--window", "2", "--messages", str(int(60000 * LOAD)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE)
        pid = self.server.process.pid
        before = resident(pid)
        sleeper.pause()
        most, bounced = 0, None
        for _ in range(5000):
            for _ in range(20):
                flooder.message(sleeper.jid, "x" * 8000)
            unread = await flooder.sync()
            most = max(most, resident(pid))
            bounced = next((e for e in unread if e.get("type") == "error"),
                           None)
            if bounced is not None:
                break
        self.assertIsNotNone(bounced, "the sleeper was never dropped")
        sleeper.resume()
        end = await sleeper.ended()
        result = json.loads((await bench.communicate())[0])
        most = max(most, resident(pid))
        self.assertEqual(end.error, "resource-constraint")
        self.assertEqual(bench.returncode, 0, result)
        for key in ("lost", "doubled", "reordered", "disconnects"):
            self.assertEqual(result[key], 0, key)
        if not os.environ.get("XMPPD_SAN"):
            self.assertLess(most - before, self.BOUND)
        # Its address is free again, and serves.
        again = await self.login("sleeper", "s", listener="none")
        flooder.message(again.jid, "still there?")
        self.assertEqual(kind(await again.expect("message")), "message")


class SlowStore(ServerCase):
    """One shard, so that nothing but its own waiting could delay it."""

    options = {"shards": 1, "options": ["--test-store-delay", "500"]}

    async def test_a_waiting_user_delays_nobody_else(self):
        alice = await self.login("alice")
        bob = await self.login("bob")
        order = []

        def watch(client, name):
            plain = client.on_element

            def on_element(element):
                order.append((name, element.get("id")))
                plain(element)
            client.reader.on_element = on_element

        watch(alice, "alice")
        watch(bob, "bob")
        alice.send("<iq type='get' id='roster'><query xmlns='%s'/></iq>"
                   "<iq type='get' id='behind'>"
                   "<ping xmlns='urn:xmpp:ping'/></iq>" % ROSTER)
        for i in range(50):
            await bob.iq("get", "<ping xmlns='urn:xmpp:ping'/>",
                         id_="ping%d" % i)
        await alice.expect(lambda e: e.get("id") == "behind")
        self.assertEqual(order, [("bob", "ping%d" % i) for i in range(50)] +
                         [("alice", "roster"), ("alice", "behind")])


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/python3 -B
# timeout: 240
"""The server's worst days: killed while it registers accounts, a full disk,
no descriptors left, a second server, and being stopped under load.

XMPPD_CRASHES: how often it is killed (20; sanitizer builds 4).
"""

import asyncio
import contextlib
import os
import random
import shutil
import signal
import subprocess
import unittest

from xmpp_client import GUARD, REGISTER, Client, Server, StreamEnded, \
    body, condition, kind

CRASHES = int(os.environ.get("XMPPD_CRASHES") or
              (4 if os.environ.get("XMPPD_SAN") else 20))
REGISTRATIONS = 50 * CRASHES
OPEN_DOOR = {
    "modules": Server.MODULES + ("{mod_register, [{access, register}]}",),
    "terms": ("{access, register, [{allow, all}]}.",
              "{registration_timeout, infinity}."),
}


class Crash(unittest.IsolatedAsyncioTestCase):
    def server(self, **how):
        server = Server(**{**OPEN_DOOR, **how})
        self.addCleanup(server.remove)
        self.addCleanup(server.stop, signal.SIGKILL)
        return server

    async def opened(self, server):
        client = Client(server.hosts[0])
        self.addCleanup(client.close)
        await client.connect(server.ports["none"])
        await client.open()
        return client

    async def register(self, client, user):
        """The error's condition, or None."""
        answer = await client.iq(
            "set", "<query xmlns='%s'><username>%s</username>"
            "<password>%s-pw</password></query>" % (REGISTER, user, user))
        return condition(answer)

    def accounts(self, server):
        return set(server.ctl(
            "registered_users", server.hosts[0]).stdout.split())


class Killed(Crash):
    async def registrar(self, server, numbers, acknowledged, under_way):
        with contextlib.suppress(StreamEnded, OSError):
            client = await self.opened(server)
            for number in numbers:
                user = "u%d" % number
                under_way.add(user)
                if await self.register(client, user) is None:
                    acknowledged.add(user)
                under_way.discard(user)

    async def test_exactly_the_acknowledged_accounts(self):
        seed = random.SystemRandom().randrange(1 << 30)
        chance = random.Random(seed)
        server = self.server().start()
        numbers = iter(range(REGISTRATIONS * 2))
        acknowledged, doubtful = set(), set()
        for crash in range(CRASHES):
            under_way, already = set(), len(acknowledged)
            registrars = [asyncio.ensure_future(self.registrar(
                server, numbers, acknowledged, under_way)) for _ in range(6)]
            enough = already + chance.randint(1, 95)
            while len(acknowledged) < enough:
                # A tick of the event loop's, whatever comes in it.
                await asyncio.sleep(chance.random() * 0.01)
            self.assertIsNone(server.process.poll())
            server.process.kill()
            await asyncio.wait(registrars)
            server.process.wait()
            doubtful |= under_way
            server.start(same_ports=True)
            found = self.accounts(server)
            self.assertEqual(
                acknowledged - found, set(),
                "lost in crash %d, seed %d" % (crash, seed))
            self.assertEqual(
                found - acknowledged - doubtful, set(),
                "never acknowledged, crash %d, seed %d" % (crash, seed))
        # Those found are whole: one of them logs in.
        client = Client()
        self.addCleanup(client.close)
        user = max(acknowledged)
        await client.login(server.ports["none"], user, user + "-pw",
                           tls="none")


class FullDisk(Crash):
    async def test_refuses_and_recovers(self):
        if os.geteuid() != 0:
            self.skipTest("only root can mount a small file system")
        server = self.server()
        os.mkdir(server.state, 0o700)
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs",
             server.state], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            check=False, timeout=GUARD)
        if mounted.returncode:
            self.skipTest("can't mount: " + mounted.stdout.decode().strip())
        self.addCleanup(
            subprocess.run, ["umount", "-l", server.state], check=True)
        server.start()
        self.addCleanup(server.stop, signal.SIGKILL)
        server.register("before")
        bystander = Client()
        self.addCleanup(bystander.close)
        await bystander.login(server.ports["none"], "before", "before-pw",
                              tls="none")
        fill = os.path.join(server.state, "fill")
        with open(fill, "wb", buffering=0) as file, \
                contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 512)
        client = await self.opened(server)
        acknowledged, refused = {"before"}, set()
        # The database may have a few pages to spare.
        for number in range(200):
            user = "full%d" % number
            error = await self.register(client, user)
            (refused if error else acknowledged).add(user)
            if error:
                self.assertEqual(error, "internal-server-error")
                if len(refused) > 5:
                    break
        self.assertGreater(len(refused), 5, "the disk was never full")
        done = server.ctl("register", "late", "localhost", "pw", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("database", done.stdout)
        # Who is there goes on, and what is stored can be read.
        await bystander.sync()
        self.assertEqual(self.accounts(server), acknowledged)
        self.assertRegex(server.log(), "database can't be written|"
                                       "write to the database failed")
        os.unlink(fill)
        user = refused.pop()
        self.assertIsNone(await self.register(client, user))
        self.assertEqual(self.accounts(server), acknowledged | {user})
        self.assertEqual(server.stop(), 0)


class Second(Crash):
    def run_second(self, server, *changes):
        command = server.command()
        for option, value in changes:
            command[command.index(option) + 1] = value
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=GUARD, text=True, check=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        return done.stdout

    async def test_refuses(self):
        server = self.server().start()
        pid = "pid %d" % server.process.pid
        other = Server(**OPEN_DOOR)
        self.addCleanup(other.remove)
        shutil.copy(server.pem, other.pem)
        other.write_config()
        said = self.run_second(other, ("--state", server.state))
        self.assertIn(server.state, said)
        self.assertIn(pid, said)
        said = self.run_second(server, ("--state", other.state))
        self.assertIn("127.0.0.1:%d" % server.ports["starttls"], said)
        self.assertIn(pid, said)
        # The first one hasn't noticed.
        server.register("alice")
        self.assertIsNone(server.process.poll())


class Stopped(Crash):
    """SIGTERM in the middle of messages and registrations."""

    PAIRS = 8

    async def chatter(self, client, to, acknowledged):
        with contextlib.suppress(StreamEnded):
            while True:
                client.message(to, str(acknowledged[to]))
                await client.sync()
                acknowledged[to] += 1

    async def registrar(self, client, prefix, acknowledged):
        with contextlib.suppress(StreamEnded):
            for number in range(100000):
                user = "%s%d" % (prefix, number)
                if await self.register(client, user) is None:
                    acknowledged.add(user)

    async def test_says_goodbye_and_loses_nothing(self):
        server = self.server(shards=3).start()
        server.register_many(["u%d" % i for i in range(2 * self.PAIRS)])
        clients = []
        for i in range(2 * self.PAIRS):
            client = Client()
            self.addCleanup(client.close)
            clients.append(await client.login(
                server.ports["starttls" if i % 4 else "none"], "u%d" % i,
                "u%d-pw" % i, tls="starttls" if i % 4 else "none"))
        senders, receivers = clients[::2], clients[1::2]
        registrars = [await self.opened(server) for _ in range(4)]
        messages = {client.jid: 0 for client in receivers}
        accounts = set()
        work = [asyncio.ensure_future(self.chatter(
            sender, receiver.jid, messages))
            for sender, receiver in zip(senders, receivers)]
        work += [asyncio.ensure_future(self.registrar(
            client, "r%d." % i, accounts))
            for i, client in enumerate(registrars)]
        while min(messages.values()) < 5 or len(accounts) < 10:
            await asyncio.sleep(0.005)
        server.process.send_signal(signal.SIGTERM)
        # One waits for a client at a time.
        await asyncio.wait(work)
        for client in clients + registrars:
            end = await client.ended()
            self.assertEqual(end.error, "system-shutdown", client.jid)
            self.assertTrue(end.closed)
        self.assertEqual(server.process.wait(GUARD), 0)
        for client in receivers:
            got = [int(body(e)) for e in client.waiting
                   if kind(e) == "message"]
            self.assertEqual(got, list(range(len(got))))
            self.assertGreaterEqual(len(got), messages[client.jid])
        server.start(same_ports=True)
        self.assertEqual(accounts - self.accounts(server), set())
        self.assertEqual(server.stop(), 0)

    async def test_with_a_long_queue(self):
        """More than a stop waits for must not harm it."""
        server = self.server(shards=2).start()
        clients = [await self.opened(server) for _ in range(200)]
        for i, client in enumerate(clients):
            client.send(
                "<iq type='set' id='r'><query xmlns='%s'><username>q%d"
                "</username><password>pw</password></query></iq>" % (
                    REGISTER, i))
        first = clients[0]
        self.assertEqual(
            (await first.expect("iq")).get("type"), "result")
        server.process.send_signal(signal.SIGTERM)
        acknowledged = set()
        for i, client in enumerate(clients):
            await client.ended()
            if i == 0 or any(e.get("type") == "result"
                             for e in client.waiting):
                acknowledged.add("q%d" % i)
        self.assertEqual(server.process.wait(GUARD), 0, server.log()[-2000:])
        server.start(same_ports=True)
        self.assertEqual(acknowledged - self.accounts(server), set())


class NoDescriptors(Crash):
    LIMIT = 80

    async def test_survives_and_accepts_again(self):
        server = self.server(shards=2)
        plain = server.command
        server.command = lambda: [
            "prlimit", "--nofile=%d:%d" % (self.LIMIT, self.LIMIT), *plain()]
        server.start()
        server.register("alice")
        early = Client()
        self.addCleanup(early.close)
        await early.login(server.ports["none"], "alice", "alice-pw",
                          tls="none")
        crowd = []
        for _ in range(2 * self.LIMIT):
            client = Client()
            self.addCleanup(client.close)
            await client.connect(server.ports["none"])
            crowd.append(client)
        while "raise the limit of open files" not in server.log():
            self.assertIsNone(server.process.poll())
            await asyncio.sleep(0.02)
        await early.sync()
        for client in crowd:
            client.close()
        late = Client()
        self.addCleanup(late.close)
        await late.login(server.ports["none"], "alice", "alice-pw",
                         tls="none")
        server.register("bob")
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/python3 -B
# timeout: 120
"""docs/certgen.md does what it says: every command of it is run as it stands,
and prints what is shown. And the completion knows what the program knows.

The page's DNS and its server are on loopback: a wrapper named xmpp-certgen adds
--resolver where the DNS is asked, and puts an address in for the server's name.
"""

import os
import re
import socket
import ssl
import stat
import subprocess
import tempfile
import threading
import unittest

from xmpp_client import BIN, GUARD, SRC, binaries

PAGE = os.path.join(SRC, "docs/certgen.md")
COMPLETION = os.path.join(SRC, "docs/completion/xmpp-certgen.bash")
WRAPPER = """#!/bin/bash
arguments=()
for word; do
	case $word in
	xmpp.example.org:5223) word=127.0.0.1:%(port)d ;;
	--ask|--tlsa) arguments+=(--resolver 127.0.0.1@%(dns)d) ;;
	esac
	arguments+=("$word")
done
%(program)s "${arguments[@]}" 2>&1 |
	sed 's/^127\\.0\\.0\\.1:%(port)d:/xmpp.example.org:5223:/'
exit ${PIPESTATUS[0]}
"""


def steps():
    """(line, command, what is shown of its output) of the page."""
    with open(PAGE, encoding="utf-8") as file:
        text = file.read().splitlines()
    found, at = [], 0
    while at < len(text):
        if not text[at].startswith("    $ "):
            at += 1
            continue
        line, command = at + 1, [text[at][6:]]
        at += 1
        if "<<'END'" in command[0]:
            while command[-1] != "END":
                command.append(text[at][4:])
                at += 1
        shown = []
        while at < len(text) and text[at].startswith("    ") and \
                not text[at].startswith("    $ "):
            shown.append(text[at][4:])
            at += 1
        found.append((line, "\n".join(command), shown))
    return found


def pattern(shown):
    """A line that is … alone stands for any number of lines."""
    out = ""
    for line in shown:
        if line == "…":
            out += r"(?:.*\n)*?"
        else:
            out += ".*".join(re.escape(part) for part in line.split("…"))
            out += r"\n"
    return out


# --- the page's DNS -----------------------------------------------------------

def encode(name):
    return b"".join(bytes([len(label)]) + label.encode()
                    for label in name.rstrip(".").split(".")) + b"\0"


def records(room, name, kind):
    """The record data of a name, from the file `zone` and the SRV records."""
    if kind == 33 and name in ("_xmpp-client._tcp.example.org",
                               "_xmpp-server._tcp.example.org"):
        port = 5222 if "client" in name else 5269
        return [b"\0\5\0\0" + port.to_bytes(2, "big") +
                encode("xmpp.example.org")]
    found = []
    path = os.path.join(room, "zone")
    if kind != 52 or not os.path.exists(path):
        return []
    with open(path) as file:
        lines = file.readlines()
    for line in lines:
        words = line.split()
        if words[0] == name + ".":
            found.append(bytes(int(word) for word in words[4:7]) +
                         bytes.fromhex(words[7]))
    return found


def answer(room, query):
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += 1 + query[at]
    kind = int.from_bytes(query[at + 1:at + 3], "big")
    found = records(room, ".".join(labels).lower(), kind)
    reply = query[:2] + b"\x81\xa0\0\1" + len(found).to_bytes(2, "big") + \
        b"\0\0\0\0" + query[12:at + 5]
    for data in found:
        reply += b"\xc0\x0c" + kind.to_bytes(2, "big") + \
            b"\0\1\0\0\x0e\x10" + len(data).to_bytes(2, "big") + data
    return reply


def serve_dns(room):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def run():
        while True:
            query, sender = server.recvfrom(4096)
            server.sendto(answer(room, query), sender)
    threading.Thread(target=run, daemon=True).start()
    return server.getsockname()[1]


# --- the page's server --------------------------------------------------------

def serve_tls(room):
    listener = socket.create_server(("127.0.0.1", 0))

    def run():
        while True:
            link, _ = listener.accept()
            link.settimeout(GUARD)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(os.path.join(room, "example.org.pem"))
            try:
                with context.wrap_socket(link, server_side=True) as wrapped:
                    while wrapped.recv(4096):
                        pass
            except OSError:
                pass
    threading.Thread(target=run, daemon=True).start()
    return listener.getsockname()[1]


class Page(unittest.TestCase):
    def test_page(self):
        binaries("xmpp-certgen")
        with tempfile.TemporaryDirectory() as room, \
                tempfile.TemporaryDirectory() as tools:
            wrapper = os.path.join(tools, "xmpp-certgen")
            with open(wrapper, "w") as file:
                file.write(WRAPPER % {
                    "dns": serve_dns(room), "port": serve_tls(room),
                    "program": os.path.join(BIN, "xmpp-certgen")})
            os.chmod(wrapper, stat.S_IRWXU)
            environment = dict(os.environ, LC_ALL="C.UTF-8",
                               PATH=tools + ":" + os.environ["PATH"])
            environment.pop("SSL_CERT_FILE", None)
            count = 0
            for line, command, shown in steps():
                done = subprocess.run(
                    ["bash", "-c", "umask 022\n" + command], cwd=room,
                    env=environment, stdin=subprocess.DEVNULL, text=True,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                    timeout=GUARD)
                self.assertTrue(
                    re.fullmatch(pattern(shown), done.stdout),
                    "docs/certgen.md:%d: %s printed\n%s" % (line, command,
                                                            done.stdout))
                wrong = any("error:" in text or "already: " in text
                            for text in shown)
                self.assertEqual(done.returncode > 0, wrong,
                                 "docs/certgen.md:%d: exit status %d" % (
                                     line, done.returncode))
                count += 1
            self.assertGreater(count, 20)


class Completion(unittest.TestCase):
    def complete(self, *words):
        done = subprocess.run(
            ["bash", "-c", ". \"$1\"; shift; COMP_WORDS=(xmpp-certgen \"$@\"); "
             "COMP_CWORD=$#; _xmpp_certgen; "
             "printf '%s\\n' \"${COMPREPLY[@]}\"", "bash", COMPLETION, *words],
            stdout=subprocess.PIPE, check=True, text=True, timeout=GUARD,
            cwd=os.path.join(SRC, "docs"),
            env=dict(os.environ, PATH=BIN + ":" + os.environ["PATH"]))
        return set(done.stdout.split())

    def help_of(self, *command):
        return subprocess.run(
            [os.path.join(BIN, "xmpp-certgen"), *command, "--help"],
            stdout=subprocess.PIPE, check=True, text=True,
            timeout=GUARD).stdout

    def commands(self, *command):
        usage = self.help_of(*command).splitlines()[0]
        return set(re.search(r"([a-z-]+(?: \| [a-z-]+)+) \[",
                             usage)[1].split(" | "))

    def test_completion(self):
        binaries("xmpp-certgen")
        commands = self.commands()
        self.assertLess({"self-signed", "check", "tlsa"}, commands)
        self.assertEqual(self.complete(""), commands)
        self.assertEqual(self.complete("self"), {"self-signed"})
        self.assertEqual(self.complete("ca", ""), self.commands("ca"))
        for command in sorted(commands - {"ca"}) + ["ca init"]:
            words = command.split()
            options = set(re.findall(r"^  (--[a-z-]+)", self.help_of(*words),
                                     re.M))
            self.assertEqual(self.complete(*words, "--"), options, command)
        self.assertEqual(self.complete("check", "--starttls", ""),
                         {"c2s", "s2s"})
        self.assertIn("CERT101", self.complete("check", "--disable", "CERT1"))
        self.assertEqual(self.complete("show", "certg"), {"certgen.md"})
        self.assertEqual(self.complete("tlsa", "--config", "certg"),
                         {"certgen.md"})


if __name__ == "__main__":
    unittest.main()

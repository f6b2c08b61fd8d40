#!/usr/bin/python3 -B
"""`make run` step by step: with programs that only pretend, each step is broken
in turn, and it must stop there and say what to do.
"""

import os
import re
import signal
import subprocess
import tempfile
import time
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

# One program under all names. BREAK names the step that fails, with STATUS.
FAKE = r"""#!/bin/sh
name=${0##*/}
echo "$name $*" >>"$ROOM/calls"
case "$name $*" in
*--check-files*) step=files ;;
*--hostname*) step=hostname ;;
*xmppctl*status*) [ -e "$ROOM/up" ]; exit ;;
*registered_vhosts*) echo one.example; echo two.example; exit ;;
*register_bulk*) step=register ;;
*) step=$name ;;
esac
if [ "$step" = "$BREAK" ]; then
	echo "$name: $SAYS"
	exit "${STATUS:-1}"
fi
case $step in
register)
	for file; do :; done
	ls -l "$file" | cut -c1-10 >>"$ROOM/modes"
	cat "$file" >>"$ROOM/registered"
	;;
xmppd)
	trap 'rm -f "$ROOM/up"; echo bye; exit ${END:-0}' TERM
	echo $$ >"$ROOM/up"
	echo "xmppd: accepting"
	while :; do sleep 0.05; done
	;;
esac
"""
PROGRAMS = ("xmppd", "xmppctl", "xmpp-cfglint", "xmpp-certgen",
            "xmpp-dnscheck")
STEPS = ("xmpp-cfglint", "xmpp-certgen", "files", "hostname", "xmpp-dnscheck",
         "xmppd", "register")


class MakeRun(unittest.TestCase):
    def setUp(self):
        self.room = tempfile.mkdtemp(prefix="r.")
        os.mkdir(self.room + "/bin")
        for name in PROGRAMS:
            with open("%s/bin/%s" % (self.room, name), "w") as file:
                file.write(FAKE)
            os.chmod("%s/bin/%s" % (self.room, name), 0o755)

    def start(self, *arguments, breaking="", says="it is broken", end="0",
              status="1"):
        """Without arguments: of some configuration."""
        environment = dict(
            os.environ, ROOM=self.room, BIN=self.room + "/bin",
            RUN=self.room + "/run", BREAK=breaking, SAYS=says, END=end,
            STATUS=status)
        return subprocess.Popen(
            [SOURCE + "/tools/run", *(arguments or ("x.cfg",))],
            env=environment, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run_to_the_end(self, *arguments, **how):
        """For runs that stop by themselves: (exit status, output)."""
        process = self.start(*arguments, **how)
        output, _ = process.communicate()
        return process.returncode, output

    def read_until_log(self, process):
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("== Log"):
                break
        return "".join(lines)

    def serve(self, *arguments, number=signal.SIGTERM, **how):
        """Starts, waits for its log section, sends the signal."""
        process = self.start(*arguments, **how)
        output = self.read_until_log(process)
        process.send_signal(number)
        rest, _ = process.communicate()
        return process.returncode, output + rest

    def read(self, name):
        path = os.path.join(self.room, name)
        if not os.path.exists(path):
            return ""
        with open(path) as file:
            return file.read()

    def test_all_steps_in_order(self):
        status, output = self.serve()
        self.assertEqual(status, 0, output)
        sections = re.findall(r"^== (\w+)", output, re.M)
        self.assertEqual(sections, [
            "Configuration", "Certificate", "Host", "Server", "Accounts",
            "How", "Log", "Stopping"])
        self.assertIn("bye", output)
        self.assertFalse(os.path.exists(self.room + "/up"))

    def test_demo_accounts_are_shown_once(self):
        _, output = self.serve()
        shown = re.findall(r"^demo account: (\S+) (\w{16})$", output, re.M)
        self.assertEqual([jid for jid, _ in shown],
                         ["alice@one.example", "bob@two.example"])
        self.assertNotEqual(shown[0][1], shown[1][1])
        registered = "".join(
            "%s,%s\n" % (jid.replace("@", ","), word) for jid, word in shown)
        self.assertEqual(self.read("registered"), registered)
        _, output = self.serve()
        self.assertNotIn("demo account:", output)
        self.assertEqual(self.read("registered"), registered)

    def test_passwords_stay_private(self):
        _, output = self.serve()
        for word in re.findall(r"^demo account: \S+ (\S+)$", output, re.M):
            self.assertNotIn(word, self.read("calls"))
        self.assertEqual(self.read("modes"), "-rw-------\n" * 2)
        kept = subprocess.run(["grep", "-rlE", "^(alice|bob),", self.room],
                              stdout=subprocess.PIPE, text=True).stdout
        self.assertEqual(kept.split(), [self.room + "/registered"])

    def test_default_config_is_copied_once(self):
        if not os.path.exists(SOURCE + "/tools/localhost.cfg"):
            self.skipTest("tools/localhost.cfg is not there")
        self.serve("")
        copy = self.room + "/run/ejabberd.cfg"
        with open(copy, "a") as file:
            file.write("% mine\n")
        self.serve("")
        self.assertTrue(self.read("run/ejabberd.cfg").endswith("% mine\n"))
        self.assertIn("--config " + copy, self.read("calls"))

    def test_each_step_stops_it(self):
        config = self.room + "/x.cfg"
        for number, step in enumerate(STEPS):
            with self.subTest(step=step):
                self.setUp()
                status, output = self.run_to_the_end(config, breaking=step)
                self.assertEqual(status, 1, output)
                self.assertIn("it is broken", output)
                told = output.partition("make run stopped: ")[2]
                self.assertRegex(told, r"^[^\n]+\n  \S")
                self.assertFalse(os.path.exists(self.room + "/up"))
                self.check_nothing_after(number)

    def check_nothing_after(self, number):
        calls = self.read("calls")
        signs = {"files": "--check-files", "hostname": "--hostname",
                 "xmpp-dnscheck": "xmpp-dnscheck --config",
                 "register": "register_bulk"}
        for step in STEPS[:number + 1]:
            self.assertIn(signs.get(step, step), calls)
        rest = STEPS[number + 1:]
        if STEPS[number] == "xmpp-certgen":
            # The linter shows where the configuration names the file.
            rest = rest[1:]
        for step in rest:
            self.assertNotIn(signs.get(step, step + " "), calls)

    def test_dns_that_cannot_be_asked_is_a_warning(self):
        status, output = self.serve(
            breaking="xmpp-dnscheck", status="2", says="no name server")
        self.assertEqual(status, 0, output)
        self.assertRegex(
            output, "no name server\nwarning: DNS could not be asked")
        self.assertIn("xmppd: accepting", output)

    def test_other_steps_that_cannot_be_done_stop_it(self):
        for step in STEPS:
            if step == "xmpp-dnscheck":
                continue
            with self.subTest(step=step):
                self.setUp()
                status, output = self.run_to_the_end(
                    self.room + "/x.cfg", breaking=step, status="2")
                self.assertEqual(status, 1, output)
                self.assertIn("make run stopped: ", output)

    def test_port_in_use(self):
        status, output = self.run_to_the_end(
            self.room + "/x.cfg", breaking="xmppd",
            says="127.0.0.1:5222 is in use by nc (process 7)")
        self.assertEqual(status, 1)
        self.assertIn("or change the port in " + self.room, output)

    def test_interrupt_ends_it_cleanly(self):
        status, output = self.serve(number=signal.SIGINT)
        self.assertEqual(status, 0, output)
        self.assertIn("bye", output)

    def test_a_bad_end_is_reported(self):
        status, output = self.serve(end="3")
        self.assertEqual(status, 3)
        self.assertIn("status 3", output)

    def test_stopped_by_someone_else(self):
        process = self.start()
        self.read_until_log(process)
        os.kill(int(self.read("up")), signal.SIGTERM)
        output, _ = process.communicate()
        self.assertEqual(process.returncode, 0, output)
        self.assertIn("the server was stopped", output)


if __name__ == "__main__":
    unittest.main()

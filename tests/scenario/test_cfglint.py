#!/usr/bin/python3 -B
"""xmpp-cfglint as people and pipelines run it: what goes in (files, folders,
the standard input), what counts, and where the findings go.
"""

import json
import os
import pty
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree

LINT = os.path.abspath(
    os.path.join(os.environ.get("XMPPD_BIN", "build/bin"), "xmpp-cfglint"))
SRC = os.environ.get("XMPPD_SRC", os.getcwd())
GOOD = ('{hosts, ["localhost"]}.\n{listen, [{5222, ejabberd_c2s, '
        '[{certfile, "s.pem"}, starttls_required]}]}.\n')
FORMATS = ("text", "gcc", "json", "sarif", "junit", "github")
# Two rules that last; others may have their say of these files one day.
KNOWN = ("--only", "CFG036,CFG049")
# Everything that is hard to print, in names and in texts.
NASTY = bytes(range(1, 256)).replace(b"\n", b"").replace(b'"', b"")


class Case(unittest.TestCase):
    def setUp(self):
        self.room = os.path.join(os.environ["TMPDIR"], self.id())
        os.mkdir(self.room)

    def tearDown(self):
        subprocess.run(["chmod", "-R", "u+rwx", self.room], check=True)
        shutil.rmtree(self.room)

    def write(self, name, text):
        path = os.path.join(self.room, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return name

    def run_lint(self, *arguments, stdin=b"", stdout=subprocess.PIPE,
                 env=None):
        self.done = subprocess.run(
            [LINT, *arguments], cwd=self.room, input=stdin, stdout=stdout,
            stderr=subprocess.PIPE, timeout=60, check=False,
            env={**os.environ, **(env or {})})
        return self.done.returncode

    def shown(self, *arguments, stdin=b""):
        """FILE:RULE of what is shown, sorted by the linter."""
        self.run_lint("--format", "gcc", *KNOWN, *arguments, stdin=stdin)
        return re.findall(r"^(.*?):\d.*\[(\w+)\]$",
                          self.done.stdout.decode(), re.M)


class Output(Case):
    def test_full_disk(self):
        """What can't be written is no success, whatever it was."""
        self.write("a.cfg", GOOD)
        for arguments in ([["--format", name, *KNOWN, "a.cfg"]
                           for name in FORMATS]
                          + [["--help"], ["--version"], ["--list-rules"],
                             ["--explain", "CFG036"], ["--docs", "rules"],
                             ["--dump", "terms", "a.cfg"]]):
            with open("/dev/full", "wb") as full:
                status = self.run_lint(*arguments, stdout=full)
            if arguments[1:2] in (["gcc"], ["github"]):
                self.assertEqual(status, 0)  # it says nothing at all
                continue
            self.assertEqual(status, 2, arguments)
            self.assertIn(b"could not be written", self.done.stderr)
        self.write("b.cfg", "{lnguage, 1}.")
        with open("/dev/full", "wb") as full:
            self.assertEqual(
                self.run_lint("--format", "gcc", "b.cfg", stdout=full), 2)

    def test_any_bytes(self):
        """Each format is well-formed whatever a file and its name hold."""
        name = os.fsdecode(NASTY.replace(b"/", b"")[:200]) + ".cfg"
        self.write(name, b'{hosts, ["localhost"]}.\n{welcom, "' + NASTY
                   + b'", ' + NASTY + b"}.\n{zzz, 1}.")
        for format_name in FORMATS:
            self.assertEqual(self.run_lint("--format", format_name, name), 1)
            out = self.done.stdout
            if format_name in ("json", "sarif"):
                json.loads(out)
            elif format_name == "junit":
                xml.etree.ElementTree.fromstring(out)
            elif format_name == "github":
                for line in out.rstrip(b"\n").split(b"\n"):
                    self.assertRegex(line, rb"^::(error|warning|notice) ")
            # Line feeds apart, nothing that a terminal acts on.
            if format_name != "github":
                self.assertNotRegex(out, rb"[\x00-\x09\x0b-\x1f]")

    def test_junit(self):
        self.write("a.cfg", GOOD + "{lnguage, 1}.\n{language, \"de\"}."
                                   "\n{language, \"en\"}.\n")
        self.write("b.cfg", GOOD)
        self.assertEqual(
            self.run_lint("--format", "junit", "a.cfg", "b.cfg"), 1)
        top = xml.etree.ElementTree.fromstring(self.done.stdout)
        suites = {suite.get("name"): suite for suite in top}
        self.assertEqual(sorted(suites), ["a.cfg", "b.cfg"])
        for suite in top:
            self.assertEqual(int(suite.get("tests")),
                             len(suite.findall("testcase")))
            self.assertEqual(int(suite.get("failures")),
                             len(suite.findall("testcase/failure")))
        self.assertEqual(suites["a.cfg"].get("failures"), "1")
        self.assertEqual(suites["b.cfg"].get("failures"), "0")
        self.run_lint("--format", "junit", "--fail-on", "never", "a.cfg")
        self.assertNotIn(b"<failure", self.done.stdout)

    def test_terminal(self):
        """As wide as the terminal, and in colour there only."""
        self.write("a.cfg", GOOD + "{lnguage, \"%s\"}.\n" % ("x" * 300))
        self.run_lint("a.cfg")
        self.assertNotIn(b"\x1b[", self.done.stdout)
        for columns in (60, 100):
            self.run_lint("a.cfg", env={"COLUMNS": str(columns)})
            lines = [line for line in self.done.stdout.decode().splitlines()
                     if " | " in line]
            self.assertEqual(max(map(len, lines)), columns)
        master, slave = pty.openpty()
        subprocess.run(["stty", "cols", "50"], stdin=slave, check=True)
        self.run_lint("a.cfg", stdout=slave,
                      env={"TERM": "xterm", "NO_COLOR": ""})
        os.close(slave)
        out = b""
        try:
            while True:
                out += os.read(master, 65536)
        except OSError:  # the other end is closed
            pass
        os.close(master)
        self.assertIn(b"\x1b[", out)
        plain = re.sub(r"\x1b\[[\d;]*m", "", out.decode())
        lines = [line.rstrip("\r") for line in plain.split("\n")
                 if " | " in line]
        self.assertEqual(max(map(len, lines)), 50)


class Input(Case):
    def test_stdin(self):
        self.assertEqual(self.run_lint("-", stdin=GOOD.encode()), 0)
        self.assertEqual(self.shown("-", stdin=b"{lnguage, 1}."),
                         [("<stdin>", "CFG036")])
        self.assertEqual(self.done.returncode, 1)
        # Includes start from where the file would be.
        self.write("etc/part.cfg", "{lnguage, 1}.\n")
        self.assertIn(("etc/part.cfg", "CFG036"), self.shown(
            "--stdin-name", "etc/main.cfg", "-",
            stdin=(GOOD + '{include_config_file, "part.cfg"}.').encode()))
        self.run_lint("--dump", "terms", "-", stdin=b"{a , b}. c.")
        self.assertEqual(self.done.stdout, b"{a,b}.\nc.\n")

    def test_folder(self):
        bad = GOOD + "{lnguage, 1}.\n"
        ours = ["a/ejabberd.yml", "a/zz.cfg", "ejabberd.cfg", "x.d/c.yaml"]
        self.write("ejabberd.cfg", bad)
        self.write("a/zz.cfg", bad)
        self.write("a/ejabberd.yml", "hosts: [localhost]\n")
        self.write("x.d/c.yaml", "hosts:\n  - localhost\nloglevel: info\n")
        for name in ("a/notes.cfg", "a/x.txt", ".git/ejabberd.cfg",
                     "docker-compose.yml"):
            self.write(name, "[section]\nkey = value\n")
        self.write("acl.cfg", "{acl, a, {user, \"b\"}}.\n{access, c, []}.\n")
        os.symlink("../..", os.path.join(self.room, "a/up"))
        os.symlink("..", os.path.join(self.room, "up"))
        os.symlink("nowhere.cfg", os.path.join(self.room, "ejabberd.yml"))
        os.mkfifo(os.path.join(self.room, "a/ejabberd.cfg"))
        self.run_lint("--format", "junit", ".")
        top = xml.etree.ElementTree.fromstring(self.done.stdout)
        self.assertEqual(sorted(suite.get("name") for suite in top), ours)
        order = [name for name, _ in self.shown(".")]
        self.assertEqual(order, sorted(order))

    def test_nothing_to_do(self):
        os.mkdir(os.path.join(self.room, "empty"))
        self.assertEqual(self.run_lint("empty"), 2)
        self.assertEqual(self.run_lint("none.cfg"), 2)
        self.assertEqual(self.run_lint(), 2)
        # What can be linted still is.
        self.write("a.cfg", GOOD + "{lnguage, 1}.\n")
        self.assertIn(("a.cfg", "CFG036"), self.shown("none.cfg", "a.cfg"))
        self.assertEqual(self.done.returncode, 2)

    @unittest.skipIf(os.geteuid() == 0, "root may read every folder")
    def test_closed_folder(self):
        self.write("a.cfg", GOOD)
        os.mkdir(os.path.join(self.room, "closed"), 0)
        self.assertEqual(self.run_lint("."), 2)
        self.assertIn(b"closed: error: the folder can't be read: permission "
                      b"denied", self.done.stdout)

    def test_shared_include(self):
        """What two files include is wrong once."""
        self.write("part.cfg", "{lnguage, 1}.\n")
        for name in ("a.cfg", "b.cfg"):
            self.write(name, GOOD + '{include_config_file, "part.cfg"}.\n')
        self.assertEqual(self.shown("a.cfg", "b.cfg"),
                         [("part.cfg", "CFG036")])


class Choice(Case):
    def test_fail_on(self):
        self.write("a.cfg", GOOD + "{language, \"de\"}.\n{language, \"en\"}.\n")
        for severity, status in (("error", 0), ("warning", 1), ("info", 1),
                                 ("never", 0)):
            self.assertEqual(
                self.run_lint("--fail-on", severity, "a.cfg"), status)

    def test_disable_and_only(self):
        self.write("a.cfg", GOOD + "{lnguage, 1}.\n{language, \"de\"}."
                                   "\n{language, \"en\"}.\n")
        self.assertEqual(self.shown("a.cfg"),
                         [("a.cfg", "CFG036"), ("a.cfg", "CFG049")])
        self.assertEqual(self.shown("--disable", "CFG036", "a.cfg"),
                         [("a.cfg", "CFG049")])
        self.assertEqual(self.done.returncode, 0)
        self.assertEqual(
            self.shown("--disable=CFG036,CFG049", "a.cfg"), [])
        self.run_lint("--only", "CFG036", "a.cfg")
        self.assertNotIn(b"CFG049", self.done.stdout)
        self.assertEqual(self.run_lint("--disable", "CFG9", "a.cfg"), 2)

    def test_suppression(self):
        self.write("part.cfg", "{lnguage, 1}. % lint: allow CFG036 ours\n"
                               "{lnguag, 2}.\n")
        self.write("a.cfg", GOOD + "%% lint: allow-file CFG049 on purpose\n"
                            "{language, \"de\"}.\n{language, \"en\"}.\n"
                            "{x, \"% lint: allow CFG036 no comment\"}.\n"
                            "{include_config_file, \"part.cfg\"}.\n")
        self.assertEqual(self.shown("a.cfg"),
                         [("a.cfg", "CFG036"), ("part.cfg", "CFG036")])
        self.run_lint("--format", "sarif", "a.cfg")
        results = json.loads(self.done.stdout)["runs"][0]["results"]
        self.assertEqual(
            [(r["ruleId"], r["suppressions"][0]["justification"])
             for r in results if "suppressions" in r],
            [("CFG049", "on purpose"), ("CFG036", "ours")])
        self.run_lint("--format", "json", *KNOWN, "a.cfg")
        report = json.loads(self.done.stdout)
        self.assertEqual(report["counts"]["suppressed"], 2)
        self.assertEqual(len(report["findings"]), 2)

    def test_questions_of_stdin(self):
        text = (GOOD + '{acl, friends, {user, "bob"}}.\n'
                '{access, chat, [{allow, friends}]}.\n').encode()
        jid = "--access", "chat", "--jid", "bob@localhost"
        self.assertEqual(self.run_lint(*jid, "-", stdin=text), 0)
        self.assertEqual(
            self.run_lint("--who-can", "chat", "-", stdin=text), 0)
        self.assertIn(b"bob", self.done.stdout)
        self.assertEqual(self.run_lint("--effective", "-", stdin=text), 0)
        self.assertIn(b"friends", self.done.stdout)
        self.assertEqual(self.done.stderr, b"")
        self.assertEqual(self.run_lint("--effective", "-", stdin=b""), 0)

    def test_useless_suppression(self):
        """Each file named is judged by its own errors, and those of what it
        includes: an error may keep a comment from its finding."""
        only = "--format", "gcc", "--only", "CFG036,CFG403"
        useless = "{loglevel, 4}. % lint: allow CFG036 no more\n"

        def found(*files):
            self.run_lint(*only, *files)
            return re.findall(r"^(.*?):\d.*\[(\w+)\]$",
                              self.done.stdout.decode(), re.M)

        self.write("clean.cfg", GOOD + useless)
        self.write("wrong.cfg", GOOD + "{lnguage, 1}.\n" + useless)
        self.write("part.cfg", useless)
        include = "{include_config_file, \"part.cfg\"}.\n"
        self.write("a.cfg", GOOD + include)
        self.write("b.cfg", GOOD + "{lnguage, 1}.\n" + include)
        wrong = ("wrong.cfg", "CFG036")
        for files in (("clean.cfg", "wrong.cfg"), ("wrong.cfg", "clean.cfg")):
            self.assertEqual(found(*files), [("clean.cfg", "CFG403"), wrong])
        self.assertEqual(found("wrong.cfg"), [wrong])
        self.assertEqual(found("a.cfg", "wrong.cfg"),
                         [("part.cfg", "CFG403"), wrong])
        # What one of the two may need is not called useless.
        for files in (("a.cfg", "b.cfg"), ("b.cfg", "a.cfg")):
            self.assertEqual(found(*files), [("b.cfg", "CFG036")])

    def test_baseline(self):
        base = "--baseline", "base.json"
        self.write("a.cfg", GOOD + "{lnguage, 1}.\n")
        self.assertEqual(
            self.run_lint(*KNOWN, "--write-baseline", "base.json", "a.cfg"), 0)
        self.assertEqual(self.done.stdout, b"")
        self.assertEqual(self.run_lint(*KNOWN, *base, "a.cfg"), 0)
        self.assertIn(b"no findings; 1 in the baseline", self.done.stdout)
        # Moved, and joined by another.
        self.write("a.cfg", "\n\n" + GOOD + "{loglevl, 1}.\n  {lnguage, 1}.\n")
        self.assertEqual(self.run_lint(*KNOWN, *base, "a.cfg"), 1)
        self.assertIn(b"1 error; 1 in the baseline", self.done.stdout)
        self.assertIn(b"loglevl", self.done.stdout)
        # Mended.
        self.write("a.cfg", GOOD)
        self.assertEqual(self.run_lint(*KNOWN, *base, "a.cfg"), 0)
        self.assertIn(b"1 of the baseline no longer occurs", self.done.stdout)

    def test_baseline_unusable(self):
        self.write("a.cfg", GOOD)
        self.write("b.json", "{}")
        for name in ("none.json", "a.cfg", "b.json", "."):
            self.assertEqual(self.run_lint("--baseline", name, "a.cfg"), 2)
            self.assertIn(b"can't be read", self.done.stderr)
        for name in ("none/base.json", "."):
            self.assertEqual(
                self.run_lint("--write-baseline", name, "a.cfg"), 2)
            self.assertIn(b"can't be written", self.done.stderr)
        self.assertEqual(os.listdir(self.room).sort(),
                         ["a.cfg", "b.json"].sort())

    def test_flood(self):
        """Counts are of all, memory is of what is shown."""
        count = 20000
        self.write("a.cfg", GOOD + "".join(
            "{unknown_%d, 1}.\n" % i for i in range(count)))
        self.assertEqual(self.run_lint(*KNOWN, "a.cfg"), 1)
        out = self.done.stdout.decode()
        self.assertIn("%d more of CFG036 not shown" % (count - 1000), out)
        self.assertTrue(out.endswith("%d errors\n" % count), out[-200:])
        self.run_lint("--format", "json", *KNOWN, "a.cfg")
        report = json.loads(self.done.stdout)
        self.assertEqual(report["counts"]["error"], count)
        self.assertEqual(report["not_shown"], {"CFG036": count - 1000})
        self.run_lint("--format", "sarif", *KNOWN, "a.cfg")
        run = json.loads(self.done.stdout)["runs"][0]
        self.assertIn("not shown", run["invocations"][0][
            "toolExecutionNotifications"][0]["message"]["text"])


class Words(Case):
    def options(self):
        self.run_lint("--help")
        return set(re.findall(r"^  (--[a-z-]+)", self.done.stdout.decode(),
                              re.M))

    def test_completion(self):
        """It offers the options of --help, no others."""
        path = os.path.join(SRC, "docs/completion/xmpp-cfglint.bash")
        script = (". '%s'; COMP_WORDS=(xmpp-cfglint '%%s'%%s); "
                  "COMP_CWORD=%%d; _xmpp_cfglint; "
                  "printf '%%%%s\\n' \"${COMPREPLY[@]}\"" % path)

        def complete(*words):
            done = subprocess.run(
                ["bash", "-c", script % (
                    words[0], "".join(" '%s'" % w for w in words[1:]),
                    len(words))],
                stdout=subprocess.PIPE, check=True, text=True, cwd=self.room,
                env={**os.environ, "PATH": "%s:%s" % (
                    os.path.dirname(LINT), os.environ["PATH"])})
            return set(done.stdout.split())

        self.assertEqual(complete("--"), self.options())
        self.assertEqual(complete("--format", ""), set(FORMATS))
        self.assertIn("CFG036", complete("--disable", "CFG03"))
        self.write("a.cfg", GOOD)
        self.assertEqual(complete("a"), {"a.cfg"})

    def test_completion_of_zsh(self):
        """The same, with zsh's own functions replaced by what prints."""
        if not shutil.which("zsh"):
            self.skipTest("no zsh")
        path = os.path.join(SRC, "docs/completion/_xmpp-cfglint")
        script = """
            _values() { shift; print -l -- "$@" }
            _describe() { print -l -- "${(@)${(P@)2}%%%%:*}" }
            _files() { print files }
            compset() { : }
            words=(xmpp-cfglint %s) CURRENT=$#words PREFIX=$words[-1]
            . '%s'
        """

        def complete(*words):
            done = subprocess.run(
                ["zsh", "-f", "-c", script % (
                    " ".join("'%s'" % w for w in words), path)],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True,
                text=True, cwd=self.room, env={**os.environ, "PATH": "%s:%s" % (
                    os.path.dirname(LINT), os.environ["PATH"])})
            return set(done.stdout.split())

        self.assertEqual(complete("--"), self.options())
        self.assertEqual(complete("--format", ""), set(FORMATS))
        self.assertLess({"CFG036", "DNS001"}, complete("--disable", ""))
        self.assertEqual(complete("a"), {"files"})

    def test_formats_of_help(self):
        self.run_lint("--help")
        line = re.search(r"--format.*", self.done.stdout.decode()).group()
        for name in FORMATS:
            self.assertIn(name, line)

    def test_list_and_explain(self):
        self.run_lint("--list-rules")
        rules = [line.split(None, 2)
                 for line in self.done.stdout.decode().splitlines()]
        self.assertGreater(len(rules), 50)
        self.assertEqual(len({rule[0] for rule in rules}), len(rules))
        for rule, severity, title in rules[::7]:
            self.assertIn(severity, ("error", "warning", "info"))
            self.assertEqual(self.run_lint("--explain", rule), 0)
            self.assertIn(title, self.done.stdout.decode())
        self.assertEqual(self.run_lint("--explain", "loglevel"), 0)
        self.assertEqual(self.run_lint("--explain", "CFG9999"), 2)


if __name__ == "__main__":
    unittest.main()

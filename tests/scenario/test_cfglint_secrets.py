#!/usr/bin/python3 -B
"""No password of a configuration gets into what xmpp-cfglint prints, in either
dialect, in sound files and in broken ones, whatever the format.
"""
# timeout: 300

import json
import os
import re
import shutil
import subprocess
import unittest

LINT = os.path.abspath(
    os.path.join(os.environ.get("XMPPD_BIN", "build/bin"), "xmpp-cfglint"))
SRC = os.environ.get("XMPPD_SRC", os.getcwd())
FORMATS = ("text", "gcc", "json", "sarif", "junit", "github")
NAMES = re.compile(r"(password|passwd|secret|shared_key|ext_api_headers|"
                   r"must_authenticate_with)$")
SECRET = "zq7hidden41x"

# What surrounds the place of the secret, so that something is found near it.
TERMS = """{hosts, ["localhost"]}.
{loglevl, 4}. %s {lnguage, "en"}.
{listen, [{5222, ejabberd_c2s, [{acces, c2s}, %s, {shapr, x}]},
  {5288, ejabberd_service, [{hosts, ["a.b"], [%s]}]}]}.
{modules, [{mod_stun_disco, [%s, {hsot, 1}]}]}.
{host_config, "localhost", [{lglevel, 1}, %s]}.
"""
YAML = """hosts: [localhost]
loglevl: 4
%s
listen:
  - port: 5222
    module: ejabberd_c2s
    acces: c2s
    %s
modules:
  mod_stun_disco:
    hsot: 1
    %s
host_config:
  localhost:
    lnguage: en
    %s
"""


def catalogue():
    """The secret options of the catalogue, by their names."""
    with open(os.path.join(SRC, "docs/options.md"), encoding="utf-8") as file:
        names = re.findall(r"^#+ (\w+)$", file.read(), re.M)
    return sorted({n for n in names if NAMES.search(n)
                   and not n.startswith(("mod_", "max_"))})


def in_terms(name):
    """The ways to write the option, right and wrong."""
    for value in ('"%s"', "%s", "'%s'", '<<"%s">>', '["%s"]', '{"%s"}',
                  '\n\t"%s"', ' %% so\n "%s"', '["other", "%s"]'):
        yield "{%s, %s}" % (name, value % SECRET)
    yield '{%s "%s"}' % (name, SECRET)
    yield '{%s, "%s}' % (name, SECRET)
    yield '{%s, %s"}' % (name, SECRET)
    yield '{%s, "%s' % (name, SECRET)
    yield '{%s, %s.x}' % (name, SECRET)
    yield '{%s, "%s\\q"}' % (name, SECRET)
    yield '{%s. "%s"}' % (name, SECRET)
    yield '{%s, "%s"}, {%s, "%s"}' % (name, SECRET, name, SECRET)


def in_yaml(name):
    """The same; %i is the indentation."""
    for value in ('"%s"', "%s", "'%s'", "@%s", "*%s", "&a %s", "!t %s",
                  "[%s]", "[%s", '"%s', "x: %s", '"%s" x', "{a: %s}",
                  '"%s\\q"', "|\n%%i    %s", ">-\n%%i    x\n%%i    %s",
                  "\n%%i    %s", "\n%%i  - %s", "# x\n%%i    %s"):
        yield "%s: %s" % (name, value % SECRET)
    yield "%s %s" % (name, SECRET)
    yield "%s:%s" % (name, SECRET)
    yield "%s : %s" % (name, SECRET)
    yield "\t%s: %s" % (name, SECRET)
    yield " %s: %s" % (name, SECRET)
    yield "%s: %s\n%%i%s: %s" % (name, SECRET, name, SECRET)


def fill(frame, text, place):
    """The frame with the text at one of its places."""
    count = frame.count("%s")
    words = ["" if frame is YAML else "{x, y}"] * count
    indent = re.findall(r"^( *)%s", frame, re.M)[place] \
        if frame is YAML else ""
    words[place] = text.replace("%i", indent)
    return (frame % tuple(words)).replace(" {x, y} {lng", " {lng").replace(
        "} {lnguage", "}. {lnguage")


POSITIONAL_TERMS = [
    '{odbc_server, {pgsql, "db", "name", "user", "%s"}}.',
    '{odbc_server, {mysql, "db", 3306, "name", "user", "%s"}}.',
    '{odbc_server, {mysql, "db",\n  "name",\n  "user",\n  "%s"}}.',
    '{odbc_server, {mysql, "db", "name", "user" "%s"}}.',
    '{odbc_server, {mysql, "db", "name", "user", "%s}}.',
    '{odbc_server, {mysql, "db", "name", "user", "%s"}.',
    '{odbc_server, "DSN=x;UID=ejabberd;PWD=%s"}.',
    '{host_config, "localhost", [{odbc_server, {pgsql, "h", "d", "u", '
    '"%s"}}]}.',
    "{define_macro, 'DB', \"%s\"}.\n{sql_password, 'DB'}.\n"
    "{define_macro, 'DB', \"%s\"}.",
    '{listen, [{5288, ejabberd_service, [{host, "a.b", [{password, "%s"}'
    ']}]}]}.',
    '{listen, [{5288, ejabberd_service, [{hosts, ["a.b", "c.d"], '
    '[{password, "%s"}]}, {password, "%s"}]}]}.',
    '{watchdog, [{auth_token, "%s"}]}.',
]
POSITIONAL_YAML = [
    "define_macro:\n  DB: %s\n  DB: %s\nsql_password: DB\nsql_passwrd: DB",
    "define_macro:\n  DB: @%s\nsql_password: DB",
    "define_keyword:\n  DB: %s\nldap_password: \"@DB@\"",
    "listen:\n  - port: 5288\n    module: ejabberd_service\n    hosts:\n"
    "      a.b:\n        password: %s\n        pasword: x",
    "listen:\n  - port: 5288\n    module: ejabberd_service\n    password: %s\n"
    "    passwrd: %s",
    "auth_opts:\n  basic_auth: \"user:%s\"\n  basic: [",
    'ext_api_headers: "X-AUTH-TOKEN: %s, b: c"',
    "modules:\n  mod_x:\n    services:\n      - host: a\n        secret: %s\n"
    "        prot: [",
]


class Secrets(unittest.TestCase):
    def setUp(self):
        self.room = os.path.join(os.environ["TMPDIR"], self.id())
        os.mkdir(self.room)
        self.texts = {}

    def tearDown(self):
        shutil.rmtree(self.room)

    def write(self, extension, text):
        name = "%04d%s" % (len(self.texts), extension)
        self.texts[name] = text
        with open(os.path.join(self.room, name), "w",
                  encoding="utf-8") as file:
            file.write(text)

    def run_lint(self, *arguments):
        done = subprocess.run(
            [LINT, *arguments], cwd=self.room, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=240, check=False)
        self.assertIn(done.returncode, (0, 1, 2))
        return done.stdout.decode()

    def check_all(self):
        names = sorted(self.texts)
        for form in FORMATS:
            # Few files a run: of each rule only so many are shown.
            for at in range(0, len(names), 100):
                some = names[at:at + 100]
                out = self.run_lint("--format", form, *some)
                if SECRET[1:-1] not in out:
                    continue
                for name in some:
                    out = self.run_lint("--format", form, name)
                    if SECRET[1:-1] in out:
                        self.fail("%s of\n%s\nis\n%s" % (
                            form, self.texts[name], out))

    def test_terms(self):
        names = catalogue()
        self.assertGreater(len(names), 10)
        for number, name in enumerate(names):
            for way, text in enumerate(in_terms(name)):
                # Each way in each place, with some name.
                self.write(".cfg", fill(TERMS, text, (number + way) % 5))
        self.check_all()

    def test_yaml(self):
        for number, name in enumerate(catalogue()):
            for way, text in enumerate(in_yaml(name)):
                self.write(".yml", fill(YAML, text, (number + way) % 4))
        self.check_all()

    def test_positional(self):
        for text in POSITIONAL_TERMS:
            text = text.replace("%s", SECRET)
            self.write(".cfg", '{hosts, ["localhost"]}.\n{lg, 1}. ' + text)
            self.write(".cfg", text + ' {lg, 1}.')
            self.write(".cfg", text + '\n' + text + '\n{hosts, [}.')
        for text in POSITIONAL_YAML:
            text = text.replace("%s", SECRET)
            self.write(".yml", "hosts: [localhost]\n" + text + "\n")
            self.write(".yml", text + "\nlnguage: @x\n" + text)
        self.check_all()

    def test_effective(self):
        for text in POSITIONAL_TERMS:
            self.write(".cfg", '{hosts, ["localhost"]}.\n'
                       + text.replace("%s", SECRET))
        for text in POSITIONAL_YAML:
            self.write(".yml", "hosts: [localhost]\n"
                       + text.replace("%s", SECRET) + "\n")
        for name in catalogue():
            self.write(".cfg", TERMS % ((
                '{%s, "%s"}' % (name, SECRET),) * 5))
            self.write(".yml", YAML % (("%s: %s" % (name, SECRET),) * 4))
        for name, text in self.texts.items():
            for form in ("text", "json"):
                for more in ((), ("--host", "localhost")):
                    out = self.run_lint(
                        "--effective", "--format", form, *more, name)
                    self.assertNotIn(SECRET[1:-1], out, text)

    def test_something_is_found(self):
        """That nothing is shown doesn't come from finding nothing."""
        self.write(".cfg", fill(TERMS, '{sql_password, %s}' % SECRET, 0))
        found = json.loads(self.run_lint("--format", "json", "0000.cfg"))
        self.assertGreater(len(found["findings"]), 4)
        out = self.run_lint("0000.cfg")
        self.assertIn("{sql_password, ************}", out)
        self.assertIn("lnguage", out)


if __name__ == "__main__":
    unittest.main(verbosity=2)

#!/usr/bin/python3 -B
"""The SARIF of xmpp-cfglint: what version 2.1.0 of the standard (OASIS) demands
of the parts that are used, by their section; the types of all members, as its
schema has them; and the schema itself where XMPPD_SPEC has it as
sarif-schema-2.1.0.json and python3-jsonschema is there.
"""

import json
import os
import re
import subprocess
import unittest

LINT = os.path.abspath(
    os.path.join(os.environ.get("XMPPD_BIN", "build/bin"), "xmpp-cfglint"))
GOLDEN = os.path.join(os.environ.get("XMPPD_SRC", os.getcwd()),
                      "tests/golden/cfgparse")
SCHEMA = os.path.join(os.environ.get("XMPPD_SPEC", "/nonexistent"),
                      "sarif-schema-2.1.0.json")
LEVELS = ("none", "note", "warning", "error")
URI = re.compile(r"(?:[A-Za-z0-9._~/!$&'()*+,;=:@-]|%[0-9A-F]{2})+\Z")


class Checker:
    """Each method is a kind of object: what it needs and what it may have."""

    def __init__(self, test):
        self.test = test

    def shape(self, value, needs, may=()):
        self.test.assertIsInstance(value, dict)
        self.test.assertLessEqual(set(needs), set(value), value)
        self.test.assertLessEqual(set(value), set(needs) | set(may), value)

    def log(self, log):  # 3.13
        self.shape(log, ("version", "runs"), ("$schema",))
        self.test.assertEqual(log["version"], "2.1.0")
        for run in log["runs"]:
            self.run(run)

    def run(self, run):  # 3.14
        self.shape(run, ("tool", "results"), ("columnKind", "invocations"))
        self.test.assertIn(run["columnKind"],
                           ("utf16CodeUnits", "unicodeCodePoints"))
        driver = run["tool"]["driver"]
        self.shape(driver, ("name",), ("version", "rules"))
        rules = driver["rules"]
        self.test.assertEqual(len({rule["id"] for rule in rules}), len(rules))
        for rule in rules:  # 3.49
            self.shape(rule, ("id",), ("shortDescription", "fullDescription",
                                       "help", "defaultConfiguration"))
            for name in ("shortDescription", "fullDescription", "help"):
                self.message(rule[name])
            self.test.assertIn(rule["defaultConfiguration"]["level"], LEVELS)
        for invocation in run["invocations"]:  # 3.20
            self.shape(invocation, ("executionSuccessful",),
                       ("toolExecutionNotifications",))
            self.test.assertIs(invocation["executionSuccessful"], True)
            for note in invocation.get("toolExecutionNotifications", ()):
                self.shape(note, ("message",), ("level",))
                self.message(note["message"])
        for result in run["results"]:
            self.result(result, rules)

    def message(self, message):  # 3.11
        self.shape(message, ("text",))
        self.test.assertIsInstance(message["text"], str)
        self.test.assertTrue(message["text"])

    def result(self, result, rules):  # 3.27
        self.shape(result, ("message",), (
            "ruleId", "ruleIndex", "level", "locations", "relatedLocations",
            "fixes", "partialFingerprints", "suppressions", "properties"))
        self.test.assertEqual(rules[result["ruleIndex"]]["id"],
                              result["ruleId"])
        self.test.assertIn(result["level"], LEVELS)
        self.message(result["message"])
        for location in (result.get("locations", [])
                         + result.get("relatedLocations", [])):
            self.shape(location, (), ("physicalLocation", "message"))
            if "message" in location:
                self.message(location["message"])
            if "physicalLocation" in location:  # 3.29
                place = location["physicalLocation"]
                self.shape(place, ("artifactLocation",), ("region",))
                self.artifact(place["artifactLocation"])
                if "region" in place:
                    self.region(place["region"])
        for fix in result.get("fixes", ()):  # 3.55
            self.shape(fix, ("artifactChanges",), ("description",))
            self.test.assertTrue(fix["artifactChanges"])
            for change in fix["artifactChanges"]:  # 3.56
                self.shape(change, ("artifactLocation", "replacements"))
                self.artifact(change["artifactLocation"])
                self.test.assertTrue(change["replacements"])
                for replacement in change["replacements"]:  # 3.57
                    self.shape(replacement, ("deletedRegion",),
                               ("insertedContent",))
                    self.region(replacement["deletedRegion"])
                    self.shape(replacement["insertedContent"], ("text",))
        for name, print_ in result["partialFingerprints"].items():
            self.test.assertRegex(name, r"^[\w/]+$")
            self.test.assertRegex(print_, r"^[0-9a-f]{16}:[1-9]\d*$")
        for suppression in result.get("suppressions", ()):  # 3.35
            self.shape(suppression, ("kind",), ("justification",))
            self.test.assertIn(suppression["kind"], ("inSource", "external"))

    def artifact(self, location):  # 3.4
        self.shape(location, ("uri",))
        self.test.assertRegex(location["uri"], URI)

    def region(self, region):  # 3.30
        self.shape(region, ("startLine", "startColumn"),
                   ("endLine", "endColumn"))
        begin = region["startLine"], region["startColumn"]
        end = (region.get("endLine", begin[0]),
               region.get("endColumn", begin[1]))
        self.test.assertGreaterEqual(min(begin), 1)
        self.test.assertGreaterEqual(end, begin)


# The objects that are used, as the schema has them: members, ! where they are
# demanded, and their type: another object, a list of it (with how many there
# are at least), values to choose from, or a type of JSON with its least value.
TEXT = (str, 0)
OBJECTS = {
    "log": {"$schema": "uri", "version!": {"2.1.0"}, "runs!": ["run", 0]},
    "run": {"tool!": "tool", "results": ["result", 0],
            "columnKind": {"utf16CodeUnits", "unicodeCodePoints"},
            "invocations": ["invocation", 0]},
    "tool": {"driver!": "toolComponent"},
    "toolComponent": {"name!": TEXT, "version": TEXT,
                      "rules": ["reportingDescriptor", 0]},
    "reportingDescriptor": {
        "id!": TEXT, "shortDescription": "multiformat",
        "fullDescription": "multiformat", "help": "multiformat",
        "defaultConfiguration": "reportingConfiguration"},
    "reportingConfiguration": {"level": set(LEVELS), "enabled": (bool, 0)},
    "multiformat": {"text!": TEXT},
    "message": {"text!": TEXT},
    "invocation": {"executionSuccessful!": (bool, 0),
                   "toolExecutionNotifications": ["notification", 0]},
    "notification": {"message!": "message", "level": set(LEVELS)},
    "result": {
        "message!": "message", "ruleId": TEXT, "ruleIndex": (int, 0),
        "level": set(LEVELS), "locations": ["location", 0],
        "relatedLocations": ["location", 0], "fixes": ["fix", 0],
        "partialFingerprints": (dict, 0), "properties": (dict, 0),
        "suppressions": ["suppression", 0]},
    "location": {"physicalLocation": "physicalLocation",
                 "message": "message"},
    "physicalLocation": {"artifactLocation!": "artifactLocation",
                         "region": "region"},
    "artifactLocation": {"uri!": "uri"},
    "region": {"startLine!": (int, 1), "startColumn": (int, 1),
               "endLine": (int, 1), "endColumn": (int, 1)},
    "fix": {"description": "message",
            "artifactChanges!": ["artifactChange", 1]},
    "artifactChange": {"artifactLocation!": "artifactLocation",
                       "replacements!": ["replacement", 1]},
    "replacement": {"deletedRegion!": "region",
                    "insertedContent": "artifactContent"},
    "artifactContent": {"text": TEXT},
    "suppression": {"kind!": {"inSource", "external"},
                    "justification": TEXT},
}


def faults(value, kind, where):
    """What is wrong with the value, at which path."""
    if kind == "uri":
        if not isinstance(value, str) or not re.match(
                r"(?:https?://)?(?:%s)?\Z" % URI.pattern[:-2], value):
            yield where + ": no URI"
    elif isinstance(kind, set):
        if not isinstance(value, str) or value not in kind:
            yield where + ": not one of its values"
    elif isinstance(kind, tuple):
        if type(value) is not kind[0] or \
                kind[0] is int and value < kind[1]:
            yield where + ": not of its type"
    elif isinstance(kind, list):
        if not isinstance(value, list) or len(value) < kind[1]:
            yield where + ": no list of enough"
            return
        for number, item in enumerate(value):
            yield from faults(item, kind[0], "%s[%d]" % (where, number))
    elif not isinstance(value, dict):
        yield where + ": no object"
    else:
        members = OBJECTS[kind]
        for name in members:
            if name[-1] == "!" and name[:-1] not in value:
                yield "%s: %s is missing" % (where, name)
        for name, member in value.items():
            known = members.get(name, members.get(name + "!"))
            if known is None:
                yield "%s.%s is unknown" % (where, name)
            else:
                yield from faults(member, known, "%s.%s" % (where, name))


def mutations(log):
    """The log with something in it of another type, unknown or missing."""
    def places(value):
        if isinstance(value, dict):
            for name in value:
                yield value, name
                if name not in ("partialFingerprints", "properties"):
                    yield from places(value[name])
        elif isinstance(value, list):
            for item in value:
                yield from places(item)

    for holder, name in list(places(log)):
        before = holder[name]
        holder[name] = [7] if not isinstance(before, list) else {}
        yield log
        holder[name] = None
        yield log
        holder[name] = before
        holder["unknown_"] = before
        yield log
        del holder["unknown_"]


class Sarif(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        room = os.environ["TMPDIR"]
        odd = os.path.join(room, "o dd%\u00f6\n?#.cfg")
        with open(odd, "w", encoding="utf-8") as file:
            file.write("{lnguage, 1}. % lint: allow CFG036 ours\n{acl, 1")
        flood = os.path.join(room, "flood.cfg")
        with open(flood, "w", encoding="utf-8") as file:
            file.writelines("{unknown_%d, 1}.\n" % i for i in range(1100))
        names = sorted(name for name in os.listdir(GOLDEN)
                       if name.endswith((".cfg", ".yml", ".yaml")))
        cls.logs = {}
        for path in (*names, odd, flood):
            done = subprocess.run(
                [LINT, "--format", "sarif", path], cwd=GOLDEN, check=False,
                stdout=subprocess.PIPE)
            cls.logs[path] = json.loads(done.stdout)

    def test_structure(self):
        for path, log in self.logs.items():
            with self.subTest(path):
                Checker(self).log(log)
        every = [result for log in self.logs.values()
                 for result in log["runs"][0]["results"]]
        for part in ("relatedLocations", "fixes", "suppressions"):
            self.assertTrue(any(part in result for result in every), part)

    def test_types(self):
        for path, log in self.logs.items():
            with self.subTest(path):
                self.assertEqual(list(faults(log, "log", "log")), [])

    def test_types_can_fail(self):
        """What isn't valid is told, wherever it stands."""
        path = next(p for p in self.logs if p.endswith("format_sarif.cfg"))
        count = 0
        for broken in mutations(self.logs[path]):
            count += 1
            self.assertTrue(list(faults(broken, "log", "log")), broken)
        self.assertGreater(count, 200)

    def test_schema(self):
        """By the standard's own schema, where it can be had; its types and
        names are in OBJECTS otherwise."""
        if not os.path.exists(SCHEMA):
            return
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        with open(SCHEMA, encoding="utf-8") as file:
            schema = json.load(file)
        validator = jsonschema.validators.validator_for(schema)(schema)
        for path, log in self.logs.items():
            with self.subTest(path):
                validator.validate(log)


if __name__ == "__main__":
    unittest.main()

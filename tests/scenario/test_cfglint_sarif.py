#!/usr/bin/python3 -B
"""The SARIF of xmpp-cfglint: what version 2.1.0 of the standard (OASIS) demands
of the parts that are used, by their section; and its own schema, where
XMPPD_SPEC has it as sarif-schema-2.1.0.json and python3-jsonschema is there.
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

    def test_schema(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed")
        if not os.path.exists(SCHEMA):
            self.skipTest("XMPPD_SPEC has no sarif-schema-2.1.0.json")
        with open(SCHEMA, encoding="utf-8") as file:
            schema = json.load(file)
        validator = jsonschema.validators.validator_for(schema)(schema)
        for path, log in self.logs.items():
            with self.subTest(path):
                validator.validate(log)


if __name__ == "__main__":
    unittest.main()

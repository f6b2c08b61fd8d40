#!/usr/bin/python3 -B
"""The bench of the linter's cases, tried itself: marks, layouts, macros, and
that run_cfglint_cases fails where a finding is missed, strange or misplaced."""

import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "cfglint"))

import case as cases  # noqa: E402
import erlang_text  # noqa: E402
import variants  # noqa: E402
import yaml_text  # noqa: E402


def section(text, dialect):
    stripped, marks = cases.strip(text, "test")
    return cases.Section(dialect, stripped, marks, [], [])


def texts_of(variant):
    """file: text with the first place of each expectation in brackets."""
    result = {}
    for name, text in variant.files.items():
        spots = []
        for one in variant.expected:
            place = one.places[0]
            if place.file == name and place.begin is not None:
                spots += [(place.end, "]"), (place.begin, "[")]
        for offset, bracket in sorted(spots, reverse=True):
            text = text[:offset] + bracket + text[offset:]
        result[name] = text
    return result


class Marks(unittest.TestCase):
    def test_places(self):
        text, marks = cases.strip(
            "a\n⟦CFG001e b⟦CFG002w c⟧⟧⟦CFG003i⟧\n⟦CFG004e@file⟧\nd", "x")
        self.assertEqual(text, "a\nbc\nd")
        self.assertEqual([(m.rule, m.severity, m.begin, m.end)
                          for m in marks],
                         [("CFG001", "e", 2, 4), ("CFG002", "w", 3, 4),
                          ("CFG003", "i", 4, 4), ("CFG004", "e", None, None)])

    def test_bytes(self):
        text, marks = cases.strip(
            "⟦=EF BB BF⟧é⟦=E9⟧⟦CFG001e x⟧⟦=eof⟧\n", "x")
        self.assertEqual(text.encode("utf-8", "surrogateescape"),
                         b"\xef\xbb\xbf\xc3\xa9\xe9x")
        self.assertEqual((marks[0].begin, marks[0].end), (3, 4))

    def test_ill_formed(self):
        for text in ("⟦CFG001e x", "x⟧", "⟦CFG001 x⟧", "⟦CFG001x y⟧"):
            with self.assertRaises(cases.CaseError, msg=text):
                cases.strip(text, "x")

    def test_columns_count_characters(self):
        self.assertEqual(cases.line_column("a\n\t日x", 4), (2, 3))
        self.assertEqual(cases.offset_of("a\n\t日x", 2, 3), 4)


class Terms(unittest.TestCase):
    def test_tokens(self):
        text = "{a, \"%\\\"\n\", $%, $\\x{20ac}, 'A b', <<1>>, 1.5}. % c"
        self.assertEqual(
            [t.text for t in erlang_text.tokens(text)],
            ["{", "a", ",", "\"%\\\"\n\"", ",", "$%", ",", "$\\x{20ac}", ",",
             "'A b'", ",", "<<", "1", ">>", ",", "1.5", "}", "."])

    def test_marks_move(self):
        one = section('{a, ⟦CFG001e "x⟦CFG002e y⟧"⟧, % b\n[⟦CFG003e 1⟧]}.',
                      "cfg")
        forms, why = variants.laid_out(one)
        self.assertIsNone(why)
        self.assertEqual(len(forms), 2)
        self.assertEqual(texts_of(forms[1])["case.cfg"],
                         '{ a , ["x[y]"] , [ [1] ] } .\n')

    def test_values(self):
        text = '{hosts, ["a"]}.\n{loglevel, 4}.\n{x, [{y, {1, 2}}]}.\n'

        def why(part):
            begin = text.index(part)
            return erlang_text.value_at(text, begin, begin + len(part))

        self.assertIsNone(why("4"))
        self.assertIsNone(why("{1, 2}"))
        self.assertIsNone(why("[{y, {1, 2}}]"))
        for part in ("loglevel", '"a"', "{loglevel, 4}", "{y, {1", "1, 2"):
            self.assertIsNotNone(why(part), part)


class Yaml(unittest.TestCase):
    TEXT = ("a: ⟦CFG001e [1, \"⟦CFG002e b⟧\"]⟧ # c\n"
            "d:\n  - ⟦CFG003e e: 1\n    f: ⟦CFG004e x⟧⟧\n  - {}\n")

    def test_indentation(self):
        one = section(self.TEXT, "yml")
        forms, why = variants.laid_out(one)
        self.assertIsNone(why)
        texts = [texts_of(f)["case.yml"] for f in forms]
        self.assertIn("a: [[1, \"[b]\"]]", texts[0])
        self.assertIn("-   [e: 1", texts[0])
        self.assertIn("f: [x]]", texts[0])
        self.assertIn("d: [[{e: 1, f: [x]}], {}]\n", texts[1])

    def test_refuses_what_moves_badly(self):
        for text in ("a: &x 1\nb: *x\n", "a: |\n  b\n", "a: [\n"):
            with self.assertRaises(yaml_text.CantMove, msg=text):
                yaml_text.lay_out(text, [], False)

    def test_flow_is_left_where_it_is_not_safe(self):
        with self.assertRaises(yaml_text.CantMove):
            yaml_text.lay_out("a:\n  b: c, d\n", [], True)

    def test_values(self):
        text = "a: [b, c]\nd:\n  - e\n"
        self.assertIsNone(yaml_text.value_at(text, 3, 9))
        self.assertIsNone(yaml_text.value_at(text, 4, 5))
        self.assertIsNotNone(yaml_text.value_at(text, 0, 1))
        self.assertIsNotNone(yaml_text.value_at(text, 15, 18))


class Macros(unittest.TestCase):
    def test_definition_stands_in_front(self):
        for dialect, text, expected in (
                ("cfg", "{a, ⟦CFG001e 1⟧}.\n{⟦CFG002e b⟧, 2}.\n",
                 "{define_macro, 'CASE_MACRO', [1]}.\n"
                 "{a, 'CASE_MACRO'}.\n{[b], 2}.\n"),
                ("yml", "a: ⟦CFG001e 1⟧\n⟦CFG002e b⟧: 2\n",
                 "define_macro:\n  CASE_MACRO: [1]\n"
                 "a: CASE_MACRO\n[b]: 2\n")):
            made, _ = variants.in_macro(section(text, dialect))
            self.assertEqual(texts_of(made)["case." + dialect], expected)
            use = made.expected[0].places[0].related
            self.assertEqual(made.files["case." + dialect][slice(*use)]
                             .strip("'"), "CASE_MACRO")


class Runner(unittest.TestCase):
    HEAD = 'A case.\n== args\n--target xmppd\n== cfg\n{hosts, ["a.example"]}.\n'

    def status(self, text):
        with tempfile.TemporaryDirectory() as room:
            path = os.path.join(room, "x.case")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            got = subprocess.run(
                [os.path.join(HERE, "run_cfglint_cases"), path],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            return got.returncode, got.stdout.decode()

    def test_right(self):
        status, out = self.status(
            self.HEAD + "⟦CFG051w@file⟧\n{⟦CFG036e lnguage⟧, 5}.\n")
        self.assertEqual(status, 0, out)
        self.assertIn("ok x.cfg", out)

    def test_wrong(self):
        head = self.HEAD + "⟦CFG051w@file⟧\n"
        for text in (head + "{lnguage, 5}.\n",  # strange
                     head + "{⟦CFG036e language⟧, \"en\"}.\n",  # missed
                     head + "{⟦CFG036e lnguage⟧, ⟦CFG039e 5⟧}.\n",
                     head + "{⟦CFG036w lnguage⟧, 5}.\n",  # severity
                     head + "{⟦CFG035e lnguage⟧, 5}.\n",  # rule
                     head + "{⟦CFG036e lnguag⟧e, 5}.\n",  # end
                     head + "{⟦CFG036e lnguage⟧, 5}.\n== says\nno such\n",
                     self.HEAD + "{⟦CFG036e lnguage⟧, 5}.\n",
                     "== cfg\n{hosts, []}.\n"):  # no header
            status, out = self.status(text)
            self.assertEqual(status, 1, text + out)
            self.assertIn("not ok x", out)


if __name__ == "__main__":
    unittest.main()

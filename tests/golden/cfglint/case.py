"""What a case is: a text with its expected findings marked in it.

Knows the format of *.case files and turns marks into places; knows nothing of
the linter and of what is done to the texts. docs/testing.md has the format.
"""

import re

DEFAULT_TARGET = {"cfg": "ejabberd-2.1", "yml": "ejabberd-26.07"}
SEVERITY = {"e": "error", "w": "warning", "i": "info"}
# What a case may refuse, and in which words it is counted.
REFUSALS = ("no-reformat", "no-include", "no-macro", "no-disable")

MARK = re.compile(r"⟦=(?P<bytes>eof|[0-9A-F]{2}(?: [0-9A-F]{2})*)"
                  r"(?: x(?P<times>[0-9]+))?⟧"
                  r"|⟦(?P<rule>[A-Z]+[0-9]{3})(?P<sev>[ewi])"
                  r"(?P<whole>@file)?(?P<end>⟧| |(?=\n))"
                  r"|(?P<close>⟧)|(?P<odd>⟦)")


class CaseError(Exception):
    """The case itself is ill-formed."""


class Mark:
    """A finding that is expected: offsets into the text, None for a file."""

    def __init__(self, rule, severity, begin, end):
        self.rule, self.severity = rule, severity
        self.begin, self.end = begin, end

    def __repr__(self):
        return "%s%s[%s:%s]" % (self.rule, self.severity, self.begin, self.end)


class Text:
    """One file: its text (bytes that aren't UTF-8 as surrogates), its marks."""

    def __init__(self, name, text, marks):
        self.name, self.text, self.marks = name, text, marks


class Section(Text):
    """A configuration in one dialect, and what stands beside it."""

    def __init__(self, dialect, text, marks, beside, args):
        super().__init__("case." + dialect, text, marks)
        self.dialect, self.beside = dialect, beside
        self.options, self.refused = [], {}
        self.says = []
        for scope, word in args:
            if scope in (None, dialect):
                self.take(word)
        if "--target" not in self.options:
            self.options = ["--target", DEFAULT_TARGET[dialect],
                            *self.options]
        self.options = tuple(self.options)

    def take(self, line):
        if line.startswith("-"):
            self.options += line.split()
            return
        word, _, why = line.partition(":")
        if word not in REFUSALS or not why.strip():
            raise CaseError("%r: args are options, or one of %s with a colon "
                            "and the reason" % (line, " ".join(REFUSALS)))
        self.refused[word] = why.strip()

    def rules(self):
        marks = self.marks + [m for b in self.beside for m in b.marks]
        return {mark.rule for mark in marks}


class Case:
    def __init__(self, name, about, sections):
        self.name, self.about, self.sections = name, about, sections

    def rules(self):
        return set().union(*(s.rules() for s in self.sections))


def strip(marked, where):
    """The text without marks, and the marks."""
    out, marks, opened, at = bytearray(), [], [], 0
    for match in MARK.finditer(marked):
        out += marked[at:match.start()].encode()
        at = match.end()
        if match["bytes"] == "eof":
            at = len(marked)
            break
        if match["bytes"]:
            out += bytes.fromhex(match["bytes"]) * int(match["times"] or 1)
        elif match["odd"]:
            raise CaseError("%s: %r is no mark" % (
                where, marked[match.start():match.start() + 20]))
        elif match["whole"]:
            marks.append(Mark(match["rule"], match["sev"], None, None))
            if out[-1:] in (b"\n", b"") and marked[at:at + 1] == "\n":
                at += 1
        elif match["rule"]:
            mark = Mark(match["rule"], match["sev"], len(out), len(out))
            marks.append(mark)
            if match["end"] != "⟧":
                opened.append(mark)
        elif opened:
            opened.pop().end = len(out)
        else:
            raise CaseError("%s: a mark ends that never began" % where)
    if opened:
        raise CaseError("%s: the mark of %s doesn't end" % (
            where, opened[-1].rule))
    out += marked[at:].encode()

    def place(offset):
        return offset if offset is None else len(
            bytes(out[:offset]).decode("utf-8", "surrogateescape"))

    for mark in marks:
        mark.begin, mark.end = place(mark.begin), place(mark.end)
    return out.decode("utf-8", "surrogateescape"), marks


def parts(text):
    """The header and then (title, text) of each section."""
    pieces = re.split(r"^== (.*)\n", text, flags=re.M)
    return pieces[0], list(zip(pieces[1::2], pieces[2::2]))


def read(path, name):
    with open(path, encoding="utf-8", newline="") as file:
        about, sections = parts(file.read())
    if not about.strip():
        raise CaseError("it doesn't open with a sentence of what it is about")
    main, beside, args, says = [], [], [], []
    for title, text in sections:
        if title in DEFAULT_TARGET:
            main.append((title, *strip(text, title)))
        elif title.startswith("file "):
            file_name = title[5:].strip()
            beside.append(Text(file_name, *strip(text, file_name)))
        elif title == "args":
            for line in filter(None, map(str.strip, text.splitlines())):
                scope = re.match(r"(cfg|yml): +", line)
                args.append((scope[1], line[scope.end():]) if scope
                            else (None, line))
        elif title == "says":
            says = [line for line in text.splitlines() if line.strip()]
        else:
            raise CaseError("there is no section %r" % title)
    if not main or len({m[0] for m in main}) != len(main):
        raise CaseError("it has one section cfg, one yml, or both")
    result = []
    for dialect, text, marks in main:
        own = [b for b in beside if not b.name.endswith(
            ".yml" if dialect == "cfg" else ".cfg")]
        section = Section(dialect, text, marks, own, args)
        section.says = says
        result.append(section)
    return Case(name, about.strip(), result)


def line_column(text, offset):
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1


def offset_of(text, line, column):
    """The reverse; places past a line's or the text's end stay as they are,
    as near as can be."""
    at = 0
    for _ in range(line - 1):
        found = text.find("\n", at)
        if found < 0:
            return len(text)
        at = found + 1
    return min(at + column - 1, len(text))

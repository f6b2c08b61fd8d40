"""Erlang terms as tokens: enough to lay a sound text out anew.

Knows tokens and brackets. A text with a syntax error may come out as anything:
its case refuses this.
"""

import re

TOKEN = re.compile(r"""
    (?P<comment>%[^\n]*)
  | (?P<space>[\x00-\x20\x80-\xa0]+)
  | (?P<string>"(?:\\.|[^"\\])*")
  | (?P<atom>'(?:\\.|[^'\\])*'|[^\W\dA-Z_]+[\w@]*)
  | (?P<char>\$(?:\\(?:x\{[0-9A-Fa-f]*\}|x..|[0-7]{1,3}|\^.|.)|.))
  | (?P<number>\d[\d_]*(?:\#\w+|\.\d+(?:[eE][-+]?\d+)?)?)
  | (?P<punctuation><<|>>|=>|:=|\#\{|[][{}(),|:/#=<>+-])
  | (?P<dot>\.(?=[\x00-\x20%]|$))
  | (?P<other>.)
""", re.X | re.S)
OPENS = {"{": "}", "[": "]", "(": ")", "#{": "}", "<<": ">>"}


class Token:
    def __init__(self, kind, begin, end, text):
        self.kind, self.begin, self.end = kind, begin, end
        self.text = text


def tokens(text):
    """Without blanks and comments."""
    return [Token(m.lastgroup, m.start(), m.end(), m.group())
            for m in TOKEN.finditer(text)
            if m.lastgroup not in ("comment", "space")]


def comments(text):
    return [m.group() for m in TOKEN.finditer(text)
            if m.lastgroup == "comment"]


def one_a_line(number):
    """What stands before the number-th token."""
    indent = ("", "\t", "   ", " \t ", "     ")[number % 5]
    if number == 0:
        return "%% laid out anew\n"
    if number % 7 == 3:
        return "\n%% {not, [\"a term\n" + indent
    if number % 11 == 5:
        return " % it's a comment\n" + indent
    return "\n" + indent


def one_line(number):
    return " " if number else ""


def lay_out(text, marks, between):
    """The text anew, and where an offset of it goes to; None where a mark is
    in no token."""
    found, out, moved = tokens(text), [], {}
    size = 0
    for number, token in enumerate(found):
        blank = between(number)
        # The dot ends its term only where a blank follows; before it there
        # may be anything.
        out += [blank, token.text]
        size += len(blank)
        for offset in range(token.begin, token.end):
            moved[offset, False] = size + offset - token.begin
            moved[offset + 1, True] = size + offset - token.begin + 1
        size += len(token.text)
    out.append("\n")

    def place(offset, is_end):
        if (offset, is_end) in moved:
            return moved[offset, is_end]
        return moved.get((offset, not is_end))

    result = []
    for mark in marks:
        if mark.begin is None:
            result.append((None, None))
            continue
        # A point clings to what stands before it, as the dot that is missing.
        begin = place(mark.begin, mark.begin == mark.end)
        end = begin if mark.begin == mark.end else place(mark.end, True)
        if begin is None or end is None:
            return None, None
        result.append((begin, end))
    return "".join(out), result


def value_at(text, begin, end):
    """Why the text from begin to end is no value that a macro could stand
    for; None where it is one."""
    found = tokens(text)
    first = next((i for i, t in enumerate(found) if t.begin == begin), None)
    last = next((i for i, t in enumerate(found) if t.end == end), None)
    if first is None or last is None or last < first:
        return "not a term"
    depth = 0
    stack = []
    for token in found[first:last + 1]:
        depth += (token.text in OPENS and token.kind == "punctuation")
        depth -= token.text in OPENS.values() and token.kind == "punctuation"
        if depth == 0:
            stack.append(token)
    whole = [t for t in stack if t.text not in OPENS.values()]
    strings = all(t.kind == "string" for t in whole)
    signed = len(whole) == 2 and whole[0].text in "+-"
    if depth or (len(stack) > 1 and not strings and not signed):
        return "not a single term"
    before = found[first - 1].text if first else ""
    after = found[last + 1].text if last + 1 < len(found) else ""
    if before in ("", ".") or found[first - 1].kind == "dot":
        return "a term of the file itself"
    if before == "{" and after == "," and found[first].kind == "atom":
        return "a name"
    if before not in "{[,|(" or after not in "}],|)":
        return "not a single term"
    top = max((i for i, t in enumerate(found[:first]) if t.kind == "dot"),
              default=-1) + 1
    name = found[top + 1].text if found[top].text == "{" else ""
    if name in ("hosts", "host"):
        return "hosts are read before macros"
    if name in ("include_config_file", "define_macro"):
        return "read before macros"
    return None

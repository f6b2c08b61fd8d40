"""The forms in which a case's text has to give the same findings.

Knows how texts are changed; the linter is not run here.
"""

import collections
import re

import erlang_text
import yaml_text

MACRO = "CASE_MACRO"


class Place:
    """Where a finding may be: a file's name and offsets, None for the file
    as a whole; `related` is where a related span has to be, or None."""

    def __init__(self, file, begin, end, related=None):
        self.file, self.begin, self.end = file, begin, end
        self.related = related


class Expected:
    def __init__(self, mark, places):
        self.rule, self.severity = mark.rule, mark.severity
        self.places = places


class Variant:
    """Files that are linted together; the first is named to the linter."""

    def __init__(self, name, files, expected):
        self.name, self.files, self.expected = name, files, expected
        self.main = next(iter(files))


def simple(file, marks, moved=None):
    moved = moved or [(m.begin, m.end) for m in marks]
    return [Expected(m, [Place(file, *at)]) for m, at in zip(marks, moved)]


def beside(section):
    files = {b.name: b.text for b in section.beside}
    return files, [e for b in section.beside for e in simple(b.name, b.marks)]


def variant(name, section, text, expected):
    files, more = beside(section)
    return Variant(name, {section.name: text, **files}, expected + more)


def as_written(section):
    return variant("as written", section, section.text,
                   simple(section.name, section.marks))


# --- laid out anew ------------------------------------------------------------

def laid_out(section):
    """(variants, reason why there are fewer)."""
    if section.dialect == "cfg":
        forms = [("one token a line", erlang_text.one_a_line),
                 ("all on one line", erlang_text.one_line)]
        return terms_laid_out(section, forms)
    if re.search(r"#.*\blint:", section.text):
        return [], "comments that mean something"
    result, why = [], None
    for name, flow in (("other indentation", False), ("flow style", True)):
        try:
            text, moved = yaml_text.lay_out(section.text, section.marks, flow)
        except yaml_text.CantMove as reason:
            why = "%s: %s" % (name, reason)
            continue
        result.append(variant(name, section, text, simple(
            section.name, section.marks, moved)))
    return result, why


def terms_laid_out(section, forms):
    if re.search(r"%.*\blint:|coding", section.text):
        return [], "comments that mean something"
    result = []
    for name, between in forms:
        text, moved = erlang_text.lay_out(
            section.text, section.marks, between)
        if text is None:
            return [], "a mark that is in no token"
        result.append(variant(name, section, text, simple(
            section.name, section.marks, moved)))
    return result, None


# --- through an include -------------------------------------------------------

def included(section):
    inner = "inner." + section.dialect
    main = ('{include_config_file, "inner.cfg"}.\n'
            if section.dialect == "cfg"
            else "include_config_file: inner.yml\n")
    expected = simple(inner, section.marks)
    for one in expected:
        if one.places[0].begin is None:
            one.places.append(Place(section.name, None, None))
    files, more = beside(section)
    return Variant("through an include", {
        section.name: main, inner: section.text, **files}, expected + more)


# --- through a macro ----------------------------------------------------------

def in_macro(section):
    """(variant or None, reasons of the marks that can't go through one)."""
    reasons = collections.Counter()
    if re.search("define_(macro|keyword)|use_macro", section.text):
        return None, {"it has macros itself": 1}
    value_at = (erlang_text if section.dialect == "cfg"
                else yaml_text).value_at
    spans = []
    for mark in section.marks:
        if mark.begin is None:
            continue
        why = value_at(section.text, mark.begin, mark.end)
        if why:
            reasons[why] += 1
        elif (mark.begin, mark.end) not in spans:
            spans.append((mark.begin, mark.end))
    spans = [s for s in spans if not any(
        o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans)]
    if not spans:
        return None, reasons
    return variant("through a macro", section, *with_macros(
        section, sorted(spans))), reasons


def with_macros(section, spans):
    is_cfg = section.dialect == "cfg"
    head = "" if is_cfg else "define_macro:\n"
    moves = []  # begin, end, definition's begin, name
    for number, (begin, end) in enumerate(spans):
        name = "%s%s" % (MACRO, number or "")
        head += "{define_macro, '%s', " % name if is_cfg else "  %s: " % name
        moves.append((begin, end, len(head), name))
        head += section.text[begin:end] + ("}.\n" if is_cfg else "\n")
    out, uses, at = head, [], 0
    for begin, end, definition, name in moves:
        out += section.text[at:begin]
        use = "'%s'" % name if is_cfg else name
        uses.append((begin, end, definition, len(out), len(out) + len(use)))
        out += use
        at = end
    out += section.text[at:]

    def outside(offset, is_end):
        shift = len(head)
        for begin, end, _, use, use_end in uses:
            if offset >= end and (is_end or offset > begin):
                shift = use_end - end
        return offset + shift

    return out, [Expected(mark, macro_places(section.name, mark, uses,
                                             outside))
                 for mark in section.marks]


def macro_places(file, mark, uses, outside):
    if mark.begin is None:
        return [Place(file, None, None)]
    for begin, end, definition, use, use_end in uses:
        if begin <= mark.begin and mark.end <= end:
            inner = (definition + mark.begin - begin,
                     definition + mark.end - begin)
            places = [Place(file, *inner, related=(use, use_end))]
            if (mark.begin, mark.end) == (begin, end):
                places.append(Place(file, use, use_end, related=inner))
            return places
    return [Place(file, outside(mark.begin, False), outside(mark.end, True))]


# --- all of them --------------------------------------------------------------

def all_of(section, count):
    """Every variant; count(kind, reason) is told of what there is not."""
    result = [as_written(section)]
    if "no-reformat" in section.refused:
        count("no-reformat", section.refused["no-reformat"])
    else:
        more, why = laid_out(section)
        result += more
        if why:
            count("no-reformat", "(found) " + why)
    if "no-include" in section.refused:
        count("no-include", section.refused["no-include"])
    else:
        result.append(included(section))
    if "no-macro" in section.refused:
        count("no-macro", section.refused["no-macro"])
    else:
        more, reasons = in_macro(section)
        result += [more] if more else []
        for why in reasons:
            count("no-macro", "(found) " + why)
    return result

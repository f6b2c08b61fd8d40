"""What a finding's edits make of the files: they are put in, and the result is
linted. Knows the edits as the linter's JSON has them; knows no rule.
"""

import collections
import os

import case as cases


class Fix:
    """A text of a run with the edits of some of its findings put in."""

    def __init__(self, run, findings, title, folder):
        self.run, self.findings, self.title = run, findings, title
        self.folder = folder
        self.path = os.path.join(folder, run.variant.main)
        self.wrong = None

    def write(self):
        """False where the edits can't be put in; then wrong says why."""
        edits = collections.defaultdict(set)
        for finding in self.findings:
            for path, span, text in finding.edits:
                edits[os.path.relpath(path, self.run.folder)].add((span, text))
        texts = dict(self.run.variant.files)
        for name in edits:
            if name not in texts:
                self.wrong = "an edit is for %s" % name
                return False
            changed = put_in(texts[name], edits[name])
            if changed is None:
                self.wrong = "edits overlap in %s" % name
                return False
            if changed == texts[name]:
                self.wrong = "the edits change nothing"
                return False
            texts[name] = changed
        for name, text in texts.items():
            path = os.path.join(self.folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(text.encode("utf-8", "surrogateescape"))
        return True

    def judge(self, before, after):
        """None, or what is wrong: a finding that stays, a new error."""
        if isinstance(after, str):
            return after
        was, now = counts(before), counts(after)
        for rule, number in counts(self.findings).items():
            if now[rule] > was[rule] - number:
                return "%s is still found" % rule
        if any(f.rule < "CFG030" or f.rule[:4] == "CFG3"
               for f in before if f.severity == "e"):
            return None  # what couldn't be read may be wrong
        was, now = counts(before, "e"), counts(after, "e")
        # A guess may be wrong, but it leaves the file readable.
        guess = not all(f.safe for f in self.findings)
        new = [r for r in now if now[r] > was[r]
               and not (guess and "CFG030" <= r < "CFG350")]
        return "then there is " + ", ".join(new) if new else None


def counts(findings, severities="ewi"):
    return collections.Counter(
        f.rule for f in findings if f.severity in severities)


def offset(text, place):
    # A byte order mark takes no column.
    line, column = place
    marked = line == 1 and text.startswith("\ufeff")
    return cases.offset_of(text, line, column + marked)


def put_in(text, edits):
    """The text with the edits in it; None where they overlap."""
    places = sorted((offset(text, span[0]) if span else 0,
                     offset(text, span[1]) if span else 0, new)
                    for span, new in edits)
    out, at = [], 0
    if text.startswith("\ufeff") and (1, 1, "") in places:
        places.remove((1, 1, ""))  # it has no column of its own
        at = 1
    for begin, end, new in places:
        if begin < at:
            return None
        out += [text[at:begin], new]
        at = end
    return "".join(out) + text[at:]


def of_runs(runs, answers, room):
    """Each fix by itself, then all safe ones of a text together."""
    result = []
    for run, findings in zip(runs, answers):
        if run.variant.name != "as written" or run.disabled \
                or isinstance(findings, str):
            continue
        fixable = [f for f in findings if f.edits]
        groups = [([f], "fix of %s at %s" % (f.rule, f.span and f.span[0]))
                  for f in fixable]
        safe = [f for f in fixable if f.safe]
        if len(safe) > 1:
            groups.append((safe, "all safe fixes"))
        for group, title in groups:
            folder = os.path.join(room, "fix%d" % len(result))
            result.append(Fix(run, group, title, folder))
    return result

"""Configurations of others, linted under the release that they are for.

Knows which target a tag of ejabberd is and how results are counted; where the
files come from is its users' business.
"""

import collections
import os
import re

import linter


def target_of(tag):
    """The target of one of ejabberd's tags; None before 2.0.0. Those between
    3.0 and the first release with YAML, 13.10, are taken for 13.10."""
    old = re.match(r"v?([0-9])\.\d+\.\d+", tag)
    if old:
        return "ejabberd-2.1" if int(old[1]) in (2, 3) else None
    new = re.match(r"(\d\d)\.(\d+)", tag)
    if not new:
        return None
    # 18.1.0 is a tag of 18.01, 16.12-beta1 one of 16.12.
    release = (int(new[1]), int(new[2]))
    return "ejabberd-%d.%02d" % max(release, (13, 10))


class Examples:
    def __init__(self, room):
        self.room, self.jobs = room, []
        self.known = {}

    def add(self, name, target, text):
        if target not in self.known:
            self.known[target] = linter.knows_target(target, self.room)
        if not self.known[target]:
            return
        folder = os.path.join(self.room, str(len(self.jobs)))
        os.mkdir(folder)
        suffix = ".yml" if ".yml" in name else ".cfg"
        path = os.path.join(folder, "ejabberd" + suffix)
        with open(path, "wb") as file:
            file.write(text)
        self.jobs.append((name, target, path))

    def lint(self, options=()):
        """[(name, path, findings or what went wrong)]."""
        answers = linter.lint([(("--target", target, *options), path)
                               for _, target, path in self.jobs])
        return [(name, path, found)
                for (name, _, path), found in zip(self.jobs, answers)]

    def without_errors(self):
        """Prints a line each; the number of those that have an error."""
        failed, warnings = 0, collections.Counter()
        for name, _, found in self.lint():
            errors = found if isinstance(found, str) else [
                f for f in found if f.severity == "e"]
            if errors:
                failed += 1
                print("not ok %s: %s" % (name, told(errors)))
                continue
            print("ok %s" % name)
            warnings.update("%s %s" % (f.rule, shape(f.words))
                            for f in found if f.severity == "w")
        unknown = sorted(t for t in self.known if not self.known[t])
        if unknown:
            print("skip files for unknown targets: " + " ".join(unknown))
        for text, count in warnings.most_common():
            print("# %4d of them warn: %s" % (count, text))
        return failed


def shape(words):
    """A message without what differs from file to file."""
    return re.sub(r"[\w.:]*\d[\w.:]*", "N", words)[:110]


def told(errors):
    if isinstance(errors, str):
        return errors
    return "; ".join("%s at %s: %s" % (
        f.rule, "%d:%d" % f.span[0] if f.span else "the file", f.words)
        for f in errors[:4])[:600]

"""The linter as these tests run it: many files a process, on all processors.

Knows the command line and the JSON of the findings.
"""

import collections
import concurrent.futures
import json
import os
import re
import subprocess

LINT = os.path.join(os.environ.get("XMPPD_BIN", "build/bin"), "xmpp-cfglint")
BATCH = 100  # files a process


class Finding:
    def __init__(self, entry):
        self.rule = entry["rule"]
        self.severity = entry["severity"][0]
        self.path = entry.get("file", "")
        self.span = Finding.place(entry)
        self.related = [(r.get("file", ""), Finding.place(r))
                        for r in entry.get("related", [])]
        self.words = " ".join(
            [entry["message"], entry.get("hint", "")]
            + [r["message"] for r in entry.get("related", [])])
        fix = entry.get("fix", {"edits": []})
        self.safe = fix.get("safe")
        # (path, ((line, column), (line, column)), text)
        self.edits = [(e.get("file", ""), Finding.place(e), e["text"])
                      for e in fix["edits"]]

    @staticmethod
    def place(entry):
        """((line, column), (line, column)), or None for a whole file."""
        if "line" not in entry:
            return None
        begin = entry["line"], entry["column"]
        return begin, (entry.get("end_line", begin[0]),
                       entry.get("end_column", begin[1]))


def run(options, paths):
    """(exit status, findings by folder, what it printed)."""
    got = subprocess.run([LINT, "--format", "json", *options, "--", *paths],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         check=False)
    noise = got.stderr.decode("utf-8", "replace")[-2000:]
    if got.returncode not in (0, 1, 2) or not got.stdout:
        return got.returncode, None, noise
    by_folder = collections.defaultdict(list)
    for entry in json.loads(got.stdout)["findings"]:
        finding = Finding(entry)
        by_folder[os.path.dirname(finding.path)].append(finding)
    return got.returncode, by_folder, noise


def lint(jobs):
    """jobs: [(options, path)], each path in a folder of its own. A list of
    its findings for each, or a text where the linter broke down."""
    groups = collections.defaultdict(list)
    for options, path in jobs:
        groups[options].append(path)
    batches = [(options, paths[i:i + BATCH])
               for options, paths in groups.items()
               for i in range(0, len(paths), BATCH)]
    answers = {}

    def work(batch):
        options, paths = batch
        status, found, noise = run(options, paths)
        if found is None and len(paths) > 1:
            for path in paths:
                work((options, [path]))
            return
        for path in paths:
            answers[options, path] = (
                found[os.path.dirname(path)] if found is not None
                else "exit status %d: %s" % (status, noise))

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        list(pool.map(work, batches))
    return [answers[job] for job in jobs]


def knows_target(target, room):
    path = os.path.join(room, "target.cfg")
    with open(path, "w", encoding="utf-8") as file:
        file.write('{hosts, ["example.org"]}.\n')
    return run(("--target", target), [path])[1] is not None


def knows_option(option):
    text = subprocess.run([LINT, "--help"], stdout=subprocess.PIPE,
                          check=False).stdout.decode()
    return re.search(r"^ +%s\b" % re.escape(option), text, re.M) is not None


def rules():
    text = subprocess.run([LINT, "--docs", "rules"], stdout=subprocess.PIPE,
                          check=True).stdout.decode()
    return re.findall(r"^## (CFG\d+):", text, re.M)

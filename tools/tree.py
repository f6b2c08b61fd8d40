"""What the checks of the tree (tools/check-*) share: listing the files of a
tree, printing what is wrong in the form that tools/run-tests reads, and testing
a check against small trees that it must accept or refuse.
"""

import os
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CODE = ("cfgparse/", "certgen/", "dnscheck/", "server/", "tools/", "tests/")


def files(root):
    """Paths, from root, of what belongs to the project: what git knows or
    would add, or everything outside build/ and run/ where there's no git."""
    if os.path.isdir(os.path.join(root, ".git")) or os.path.isfile(
            os.path.join(root, ".git")):
        listed = subprocess.run(
            ["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z",
             "--cached", "--others", "--exclude-standard"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if listed.returncode == 0:
            return sorted(path for path in set(listed.stdout.split("\0"))
                          if path and os.path.isfile(os.path.join(root, path)))
    found = []
    for folder, folders, names in os.walk(root):
        if folder == root:
            folders[:] = [name for name in folders
                          if name not in ("build", "run", ".git")]
        folders[:] = [name for name in folders if name != "__pycache__"]
        found += [os.path.relpath(os.path.join(folder, name), root)
                  for name in names]
    return sorted(found)


def c_files(root):
    return [path for path in files(root)
            if path.endswith((".c", ".h")) and path.startswith(CODE)]


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8",
              errors="replace", newline="") as file:
        return file.read()


def outcome(name, findings, looked_at):
    """Prints the findings, (place, why) each, and gives the exit status."""
    for place, why in findings:
        print("not ok %s %s: %s" % (name, place, why))
    if not findings:
        print("ok %s: %s" % (name, looked_at))
    return 1 if findings else 0


def make_tree(contents):
    root = tempfile.mkdtemp(prefix="tree.")
    for path, text in contents.items():
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        if text.startswith("#!"):
            os.chmod(full, 0o755)
    return root


def self_test(name, check, samples):
    """samples: (what it shows, {path: text}, words expected in a finding, or
    None where there must be none)."""
    failed = False
    for title, contents, expected in samples:
        root = make_tree(contents)
        findings, _ = check(root)
        said = "; ".join("%s: %s" % finding for finding in findings)
        if expected is None and findings:
            why = "unexpected: " + said
        elif expected is not None and expected not in said:
            why = "wanted %r, got %r" % (expected, said)
        else:
            print("ok %s self-test, %s" % (name, title))
            continue
        failed = True
        print("not ok %s self-test, %s: %s" % (name, title, why))
    return 1 if failed else 0


def main(name, check, samples):
    """check(root) gives (findings, what was looked at)."""
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(self_test(name, check, samples))
    root = sys.argv[1] if len(sys.argv) > 1 else SOURCE
    findings, looked_at = check(root)
    sys.exit(outcome(name, findings, looked_at))

"""Refuses what no linter looks for: overlong and big files, addresses and paths of somebody's machine, mocks.

Also what is left over by mistake: unfinished merges and work, secrets. It reads the files that git tracks and
those that it would add, so that a slip is told before it is committed. One line per finding, in the form that
editors jump to (`file:line: what`); the exit status is 1 if there is any.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LONGEST_FILE = 500
"""Lines of code."""
BIGGEST_FILE = 400_000
"""Bytes: a lock with all its hashes and a screenshot fit, a recording or a binary does not."""
CODE = {".py", ".ts", ".tsx", ".css"}
LOCKS = re.compile(r"(^|/)(requirements/[^/]+\.txt|package-lock\.json|npm-shrinkwrap\.json)$")


class Rule(NamedTuple):
    """A pattern that must not occur in the files whose path matches `where`."""

    where: re.Pattern[str]
    pattern: re.Pattern[str]
    why: str


EVERYWHERE = re.compile(r"")
RULES = (
    Rule(EVERYWHERE, re.compile(r"(?<![\w.$}~*-])/(?:work|root|home|Users)/\w"), "a path of somebody's machine"),
    Rule(
        EVERYWHERE,
        re.compile(r"""(?:\bregistry|\bindex[-_]url|\bfind[-_]links)["']?\s*[=: ]\s*["']?(?:https?|file)://"""),
        "the address of a package registry",
    ),
    Rule(
        EVERYWHERE,
        re.compile(r"//(?:[\w.-]+\.)?(?:pythonhosted|npmjs|yarnpkg|pypi)\.(?:org|com)/"),
        "a package registry",
    ),
    Rule(EVERYWHERE, re.compile(r"_auth[T]oken|-----BEGIN [A-Z ]*PRIVATE KEY"), "somebody's secret"),
    Rule(EVERYWHERE, re.compile(r"^(?:<{7}|>{7}) "), "a merge that was not finished"),
    Rule(EVERYWHERE, re.compile(r"[^\S\n]+$"), "white space at the end of the line"),
    # Ruff looks for these in Python; the documents may say that there are none.
    Rule(re.compile(r"(?<!\.py)(?<!\.md)$"), re.compile(r"\b(?:TODO|FIXME|XXX)\b"), "unfinished work"),
    Rule(LOCKS, re.compile(r"^\s*--(?!hash=)"), "an option that says where packages come from"),
    Rule(LOCKS, re.compile(r'"resolved"'), "where a package came from (npm: omit-lockfile-registry-resolved)"),
    # npm keeps the authors' funding pages under "url"; anything else that is an address is a registry's.
    Rule(LOCKS, re.compile(r'^(?!\s*"url": ).*\w+://'), "an address in a lock file"),
    Rule(
        re.compile(r"\.py$"),
        re.compile(r"^\s*(?:import|from)\s+(?:unittest\.mock|mock|pytest_mock)\b|\bmonkeypatch\.setattr\("),
        "a mock; write a fake that speaks the protocol",
    ),
    Rule(re.compile(r"\.tsx?$"), re.compile(r"\b(?:vi|jest)\.mock\("), "a mock; write a fake"),
)


def repository_files() -> Iterator[Path]:
    """Every file that git tracks or would add."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
    )
    for name in sorted(set(listing.stdout.split("\0")) - {""}):
        path = Path(name)
        if path.is_file() and not path.is_symlink():
            yield path


def findings(path: Path) -> Iterator[str]:
    """What is wrong with one file; files that are not text are left alone."""
    if (size := path.stat().st_size) > BIGGEST_FILE:
        yield f"{path}:1: {size:,} bytes"
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    lines = text.split("\n")  # not splitlines(), which also ends lines where editors do not
    if lines[-1]:
        yield f"{path}:{len(lines)}: no newline at the end of the file"
    if path.suffix in CODE and len(lines) - 1 > LONGEST_FILE:
        yield f"{path}:{LONGEST_FILE + 1}: {len(lines) - 1} lines usually hold two things"
    rules = [rule for rule in RULES if rule.where.search(path.as_posix())]
    for number, line in enumerate(lines, start=1):
        for rule in rules:
            if rule.pattern.search(line):
                yield f"{path}:{number}: {rule.why}"


def main() -> int:
    """Prints every finding; 1 if there was one."""
    found = [finding for path in repository_files() for finding in findings(path)]
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

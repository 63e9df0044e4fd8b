"""What `make check` refuses in any file, tried on a repository with one slip in it."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check_repository.py"
HERE = "/ro" + "ot"
REGISTRY = "registry.npm" + "js.org"
INDEX = "index" + "-url"


def told(folder: Path, name: str, text: str) -> list[str]:
    """What the script prints about a repository that holds this file."""
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, str(SCRIPT)], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == (1 if done.stdout else 0), done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("name", "line", "why"),
    [
        ("a.md", f"see {HERE}/notes", "a path of somebody's machine"),
        ("a.toml", f'{INDEX} = "http://10.0.0.1/simple"', "the address of a package registry"),
        ("a.sh", f"curl https://{REGISTRY}/left-pad", "a package registry"),
        (".npmrc", "//r/:_auth" + "Token=1", "somebody's secret"),
        ("a.yaml", "<" * 7 + " ours", "a merge that was not finished"),
        ("a.css", "a {} ", "white space at the end of the line"),
        ("a.ts", "// TO" + "DO", "unfinished work"),
        ("requirements/run.txt", f"--{INDEX} /mirror", "an option that says where packages come from"),
        ("requirements/run.txt", "a @ https://b", "an address in a lock file"),
        ("package-lock.json", '  "resolved": "a.tgz"', "where a package came from"),
        ("a.py", "from unittest.mock import Mock", "a mock"),
    ],
)
def test_a_slip_is_told_with_its_place(tmp_path: Path, name: str, line: str, why: str) -> None:
    (first, *_) = told(tmp_path, name, f"\n{line}\n")
    assert first.startswith(f"{name}:2: {why}")


def test_files_that_are_too_long_too_big_or_cut_off(tmp_path: Path) -> None:
    assert told(tmp_path / "long", "a.py", "pass\n" * 501) == ["a.py:501: 501 lines usually hold two things"]
    assert told(tmp_path / "big", "a.json", "[]\n" * 200_000) == ["a.json:1: 600,000 bytes"]
    assert told(tmp_path / "cut", "a.yaml", "a: 1") == ["a.yaml:1: no newline at the end of the file"]


def test_what_may_be_there(tmp_path: Path) -> None:
    text = "a==1.0 \\\n    --hash=sha256:00\n    # via b\n"
    assert told(tmp_path, "requirements/run.txt", text) == []
    assert told(tmp_path, "README.md", "No TODO is left.\n") == []

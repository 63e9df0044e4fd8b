"""A skip is a failure, whatever skips."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "text",
    [
        "def test(): pytest.skip('no Asterisk')",
        "@pytest.mark.skip(reason='no Asterisk')\ndef test(): pass",
        "@pytest.fixture\ndef part(): pytest.skip('no Asterisk')\ndef test(part): pass",
        "pytest.skip('no Asterisk', allow_module_level=True)",
        "@pytest.mark.xfail(reason='no Asterisk')\ndef test(): assert False",
    ],
)
def test_what_skips_fails(tmp_path: Path, text: str) -> None:
    (tmp_path / "test_it.py").write_text(f"import pytest\n{text}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.parts.no_skips", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "--rootdir", str(tmp_path), "-c", "/dev/null", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0, done.stdout
    assert "no Asterisk" in done.stdout

"""`callwright revisions`: the list, the files of one, and what changed between two."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from acd.events import RevisionBegan
from acd.revision import Revision, RevisionId
from tests.config.commands import run, settings
from tests.config.stored import kept, revision
from tests.config.test_simulate import DEMO, center


def stored(folder: Path, revisions: Sequence[Revision]) -> str:
    """Settings of a centre that has gone by these, one an hour."""
    (folder / "data").mkdir()
    began = [RevisionBegan(one, 1_800_000_000.0 + 3600 * number) for number, one in enumerate(revisions)]
    asyncio.run(kept(began, folder))
    return settings(folder, center=DEMO)


def changed(folder: Path) -> tuple[Revision, Revision]:
    """The demo, and with another ring time and another preference."""
    other = center(folder, "ring_timeout: 15 ", "ring_timeout: 20\n    preferred: {who: both} ")
    return revision("v1", DEMO), revision("v2", other)


def test_what_changed_is_told_in_words(tmp_path: Path) -> None:
    file = stored(tmp_path, changed(tmp_path))
    there = run("revisions", "--config", file, "--diff", "1", "2")
    assert (there.exit_code, there.output.splitlines()) == (
        0,
        [
            "~ queue billing: preferred.who (none) -> both",
            "~ queue billing: preferred.wait 0 -> 20",
            "~ queue billing: ring_timeout 15 -> 20",
        ],
    )
    back = run("revisions", "--config", file, "--diff", "2", "1").output
    assert back.splitlines()[-1] == "~ queue billing: ring_timeout 20 -> 15"


def test_words_that_say_the_same_are_no_change(tmp_path: Path) -> None:
    first = revision("v1", DEMO)
    remark = {name: f"# a remark\n{text}" for name, text in first.files.items()}
    file = stored(tmp_path, (first, Revision(RevisionId("v2"), "sam", "", remark)))
    assert run("revisions", "--config", file, "--diff", "1", "2").output.startswith("They say the same in other words")
    assert run("revisions", "--config", file, "--diff", "1", "1").output == "They are the same.\n"


def test_what_cannot_be_read_any_more_is_compared_line_by_line(tmp_path: Path) -> None:
    old = Revision(RevisionId("v1"), "sam", "", {"center.yaml": "queues: 7\n"})
    new = Revision(RevisionId("v2"), "sam", "", {"center.yaml": "queues: 8\n"})
    told = run("revisions", "--config", stored(tmp_path, (old, new)), "--diff", "1", "2")
    assert told.exit_code == 0
    assert "note: revision 1 cannot be read any more (center.yaml:1:" in told.output
    assert told.output.splitlines()[-2:] == ["-queues: 7", "+queues: 8"]


def test_questions_that_have_no_answer(tmp_path: Path) -> None:
    file = stored(tmp_path, changed(tmp_path))
    unknown = run("revisions", "--config", file, "--diff", "1", "3")
    assert (unknown.exit_code, "there is no revision 3; there are 2" in unknown.output) == (2, True)
    both = run("revisions", "--config", file, "--diff", "1", "2", "--show", "1")
    assert (both.exit_code, "--show and --diff are two questions" in both.output) == (2, True)


def test_whoever_has_spoilt_the_file_finds_the_revisions_all_the_same(tmp_path: Path) -> None:
    stored(tmp_path, changed(tmp_path))
    spoilt = tmp_path / "spoilt.yaml"
    spoilt.write_text("queues: 7\n", encoding="utf-8")
    told = run("revisions", "--config", settings(tmp_path, center=spoilt))
    assert told.exit_code == 0, told.output
    assert "note: the times are UTC, for " in told.output
    assert [line.split()[0] for line in told.output.splitlines()[-2:]] == ["1", "2"]

"""Another center.yaml takes effect while customers wait and talk; no call is dropped."""

import os
import pwd
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.journeys.conftest import CENTER
from tests.journeys.desk import Desk
from tests.journeys.house import PASSWORD
from tests.journeys.served import ServedCentre
from tests.journeys.stage import Stage
from tests.journeys.test_crash import waits

ME = pwd.getpwuid(os.getuid()).pw_name


class Company:
    """The files of a company, and the centre that goes by them."""

    def __init__(self, folder: Path, centre: ServedCentre) -> None:
        self.file = folder / "center.yaml"
        self.centre = centre

    def edit(self, *changes: tuple[str, str], name: str = "center.yaml") -> None:
        """Put other words into a file."""
        path = self.file.with_name(name)
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")

    async def apply(self, *options: str) -> tuple[int, str]:
        """`callwright apply center.yaml`."""
        return await self.centre.command("apply", str(self.file), *options)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A company's folder."""
    folder = tmp_path / "company"
    folder.mkdir()
    for name in ("center.yaml", "welcome.yaml"):
        shutil.copy(CENTER.with_name(name), folder)
    return folder


@pytest_asyncio.fixture
async def company(stage: Stage, tmp_path: Path, files: Path) -> AsyncIterator[Company]:
    """It runs in a process of its own."""
    async with ServedCentre(tmp_path, files / "center.yaml", stage.pbx) as centre:
        await centre.set_passwords("anna", "dora", "sam")
        await centre.start()
        yield Company(files, centre)
        await centre.closes_its_books()
        await centre.stop()


async def test_no_call_is_dropped_and_who_waits_is_served_by_the_new_rules(stage: Stage, company: Company) -> None:
    port = company.centre.port
    board = await Desk.open(port, "sam", PASSWORD)
    annas, doras = await stage.phone("anna"), await stage.phone("dora")
    anna, dora = await Desk.open(port, "anna", PASSWORD), await Desk.open(port, "dora", PASSWORD)
    await anna.begin_work()
    talker = await waits(stage, board, "+4930901850")
    talk = await annas.rings()
    await talk.answer()
    await talker.hears_agent("anna")
    await dora.begin_work()
    waiter = await waits(stage, board, "+4930901861")

    anna_of_the_file = company.file.read_text(encoding="utf-8")
    anna_of_the_file = anna_of_the_file[anna_of_the_file.index("  anna:") : anna_of_the_file.index("  ben:")]
    company.edit(
        (anna_of_the_file, ""),
        ("Dora Fischer", "Dora Fischer-Lang"),
        ("skills: {products: 5}", "skills: {products: 5, billing: 4}"),
        ("[break, lunch]", "[break, lunch, yoga]"),
    )
    status, said = await company.apply()
    assert status == 0, said
    assert "- agent anna\n" in said
    assert "~ agent dora: skills.billing 4 (new)" in said
    assert "~ centre: break_reasons break, lunch -> break, lunch, yoga" in said
    assert "note: agent anna has a call: he ends it first" in said
    assert "In force as revision 2." in said

    ringing = await doras.rings()
    await ringing.answer()
    await waiter.hears_agent("dora")
    await talker.hears_agent("anna")
    assert dora.view["me"]["name"] == "Dora Fischer-Lang"
    assert dora.view["me"]["break_reasons"] == ["break", "lunch", "yoga"]
    assert anna.view["state"]["kind"] == "busy"

    await talker.hang_up()
    await anna.state("after_call_work")
    await anna.ask("become_ready")
    await board.sees(lambda: "agent:anna" not in board.view, "Anna gone")
    await waiter.hang_up()
    await dora.state("after_call_work")
    await dora.ask("become_ready")
    for desk in (board, dora, anna):
        await desk.close()


async def test_what_is_wrong_or_only_tried_changes_nothing(company: Company) -> None:
    company.edit(("requires: billing>=3", "requires: biling>=3"), ("ring_timeout: 4", "ring_timeout: -4"))
    status, said = await company.apply()
    assert status == 1
    assert "2 mistakes" in said
    assert "there is no skill 'biling'; did you mean 'billing'?" in said
    company.edit(("requires: biling>=3", "requires: billing>=3"), ("ring_timeout: -4", "ring_timeout: 5"))
    status, said = await company.apply("--dry-run")
    assert (status, said) == (
        0,
        "~ queue billing: ring_timeout 4 -> 5\n1 change. This was a trial: nothing is changed.\n",
    )
    company.edit(("ring_timeout: 5", "ring_timeout: 4"))
    assert await company.apply() == (0, "Nothing changes: the centre goes by this already.\n")
    assert (await company.centre.command("revisions"))[1].count("\n") == 1


async def test_it_is_known_who_has_changed_what_also_after_a_restart(company: Company) -> None:
    before = company.file.read_text(encoding="utf-8")
    company.edit(("wrap_up: 30", "wrap_up: 40"))
    assert (await company.apply())[0] == 0
    company.edit(("For bills, press 1.", "Press 1 for bills."), name="welcome.yaml")
    await company.centre.kill()
    status, said = await company.apply()
    assert status == 1
    assert "no centre runs with the folder" in said
    assert "counts from the next start" in said
    await company.centre.start()
    status, said = await company.centre.command("revisions")
    assert [line.split()[0] for line in said.splitlines()] == ["1", "2", "3"]
    assert [line.split()[3:] for line in said.splitlines()] == [[ME, "start"], [ME, "1", "changed"], [ME, "start"]]
    _, shown = await company.centre.command("revisions", "--show", "1")
    assert shown.startswith(f"# ---- center.yaml\n{before}# ---- welcome.yaml\n")
    status, said = await company.centre.command("revisions", "--show", "99")
    assert status == 2
    assert "there is no revision 99" in said


async def test_nobody_else_can_open_the_socket(company: Company, tmp_path: Path) -> None:
    assert (tmp_path / "data" / "control.sock").stat().st_mode & 0o777 == 0o600
    assert company.file.exists()

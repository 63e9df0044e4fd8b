"""`callwright flow try`, with the lines that somebody types."""

import asyncio
from pathlib import Path

import pytest

from acd.edge.database import Database
from acd.model import Customer
from config.settings_file import load_settings
from crm_bridge.edge.embedded import EmbeddedCrm
from tests.config.commands import run, settings

SMALL = Path(__file__).parents[1] / "small_centre"
CENTER = str(SMALL / "center.yaml")
ANSWERS = str(SMALL / "dialogues" / "welcome.yaml")


def typed(*lines: str, options: tuple[str, ...] = (), flow: str = "welcome") -> str:
    """What is shown when these lines are typed."""
    text = "".join(f"{line}\n" for line in lines)
    result = run("flow", "try", flow, "--center", CENTER, *options, typed=text)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def test_one_reads_what_is_said_and_types_keys() -> None:
    shown = typed("1", "1001#", "9", options=("--answers", ANSWERS))
    assert "hears Welcome to Northwind Water." in shown
    assert "welcome: ask_number> presses 1001# is asked customer 1001: found hears Your balance is 120" in shown
    assert shown.endswith("ends hang_up The agent sees: Billing, Customer number: 1001, Done.")


def test_what_nobody_knows_is_asked_at_the_terminal() -> None:
    shown = typed("11001#", "lost", "found", "many", "EUR", "found", "12.50", "EUR", "q")
    assert "customer 1001: found, not_found, failed, or never?" in shown
    assert "find_customer is not answered by 'lost'; there are 'failed', 'found', 'never', 'not_found'" in shown
    assert "balance: 'many' is no number" in shown
    assert "hears Your balance is 12 euros and 50 cents." in shown
    assert "name (text)>" not in shown  # nothing speaks of it
    shown = typed("11001#", "never", "q")
    assert "hears We cannot look up your balance at the moment." in shown


def test_an_empty_line_lets_time_pass_and_the_end_of_the_input_hangs_up() -> None:
    shown = typed("", "")
    assert shown.count("hears We did not hear anything.") == 2
    assert shown.endswith("hangs up The agent sees: nothing of his way.")
    assert typed("", "", "").endswith("ends to_queue: queue billing The agent sees: No valid answer.")


def test_a_message_is_spoken_in_seconds() -> None:
    assert "Nobody listens to what he says here" in typed("5s", "q")
    assert "can speak" in (shown := typed("5s", flow="message"))
    assert "says 5 s hears Thank you. We have your message. Goodbye. ends hang_up" in shown
    assert "hears We did not hear anything. Please call again." in typed("", flow="message")
    assert typed("x", "q").count("presses keys") == 2


def test_customers_of_an_installation_are_looked_up(tmp_path: Path) -> None:
    path = settings(tmp_path)

    async def fill() -> None:
        database = Database(load_settings(Path(path), {}).database_url())
        await database.prepare()
        await EmbeddedCrm(database.engine).put([Customer("7001", "Ann Lee", ("+4930555010",), "en")])
        await database.close()

    (tmp_path / "data").mkdir()
    asyncio.run(fill())
    shown = typed("17001#", "q", options=("--config", path))
    assert "is asked customer 7001: found" in shown
    assert "is asked customer 7002: not_found" in typed("17002#", "q", options=("--config", path))


def test_without_a_database_there_is_nobody_to_look_up(tmp_path: Path) -> None:
    result = run("flow", "try", "welcome", "--center", CENTER, "--config", settings(tmp_path), typed="q\n")
    assert (result.exit_code, "there is no folder" in result.output) == (1, True)


def test_what_is_said_is_written_into_sound_files(tmp_path: Path) -> None:
    folder = tmp_path / "sounds"
    shown = typed("2", options=("--voice", str(folder), "--language", "zh"))
    assert "hears 欢迎致电北风水务。" in shown
    assert f"{folder}/01.wav" in shown
    assert [file.name for file in folder.iterdir()] == ["01.wav"]
    assert (folder / "01.wav").read_bytes()[:4] == b"RIFF"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--at", "noon"), "'noon' is no time such as mon 10:00"),
        (("--at", "2026-02-30 10:00"), "'2026-02-30 10:00' is no time"),
        (("--language", "fr"), "the centre does not speak 'fr'"),
        (("--answers", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
        (("--voice", f"{CENTER}/sounds"), "cannot be written"),
    ],
)
def test_what_cannot_be_is_told(options: tuple[str, ...], told: str) -> None:
    result = run("flow", "try", "welcome", "--center", CENTER, *options, typed="q\n")
    assert result.exit_code in {1, 2}
    assert told in " ".join(result.output.split())

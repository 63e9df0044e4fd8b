"""`callwright passwd` and `callwright customers`: who works here, and whom they know."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from acd.edge.database import Database
from acd.model import Customer, UserId
from agent_desktop.edge.account_rows import AccountRows
from agent_desktop.edge.accounts import Accounts, WrongPassword
from config.customer_file import CustomerFile
from crm_bridge.edge.embedded import EmbeddedCrm
from crm_bridge.edge.wrong_pins import WrongPins
from crm_bridge.lockout import TRIES
from ivr.files.mistakes import Mistake
from ivr.flow.secret import Secret
from tests.config.commands import run, settings


def test_passwords(tmp_path: Path) -> None:
    path = settings(tmp_path)
    assert run("passwd", "--config", path, "nobody", "--password", "long enough!").exit_code == 2
    assert "too short" in run("passwd", "--config", path, "anna", "--password", "short").output
    result = run("passwd", "--config", path, "anna", "--password", "long enough!")
    assert (result.exit_code, result.output) == (0, "anna can log in now.\n")


@pytest.mark.parametrize("line", ["long enough!\n", "long enough!\r\n", "long enough!", "long enough!\nmore\n"])
def test_without_a_terminal_a_password_is_one_line(tmp_path: Path, line: str) -> None:
    result = run("passwd", "--config", settings(tmp_path), "anna", typed=line)
    assert (result.exit_code, result.output) == (0, "anna can log in now.\n")
    assert asyncio.run(_opens(tmp_path, "long enough!"))


async def _opens(folder: Path, password: str) -> bool:
    database = Database(f"sqlite:///{folder}/data/callwright.db")
    try:
        await Accounts(AccountRows(database.engine), time.time).log_in(UserId("anna"), password, "here")
    except WrongPassword:
        return False
    finally:
        await database.close()
    return True


@pytest.mark.parametrize(("given", "says"), [(b"", "no password"), (b"\xff" * 12 + b"\n", "not UTF-8")])
def test_what_is_no_password_at_all(tmp_path: Path, given: bytes, says: str) -> None:
    result = run("passwd", "--config", settings(tmp_path), "anna", typed=given)
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("123\n", "expected 4 to 32 digits"),
        ("12a4\n", "expected 4 to 32 digits"),
        ("١٢٣٤\n", "expected 4 to 32 digits"),
        ("1" * 33, "expected 4 to 32 digits"),
        ("7777\n", "all its digits are the same"),
        ("", "there is no PIN in standard input"),
    ],
)
def test_what_is_no_pin(tmp_path: Path, given: str, says: str) -> None:
    result = run("customers", "pin", "--config", settings(tmp_path), "1001", typed=given)
    assert result.exit_code == 2
    assert says in result.output


def test_a_customer_is_given_a_pin_and_may_try_again(tmp_path: Path) -> None:
    path = settings(tmp_path)
    assert run("customers", "unlock", "--config", path, "1001").exit_code == 1, "there is no database yet"
    (tmp_path / "customers.csv").write_text("id,name,class\n1001,Ann Ash,gold\n", encoding="utf-8")
    run("customers", "import", "--config", path, str(tmp_path / "customers.csv"))
    assert (
        "nobody has the customer number '1002'"
        in run("customers", "pin", "--config", path, "1002", typed="8356").output
    )
    result = run("customers", "pin", "--config", path, "1001", typed="8356\n")
    assert (result.exit_code, result.output) == (0, "Customer 1001 has a PIN now.\n")
    assert asyncio.run(_verifies(tmp_path, "8356")) == (True, "gold", False)
    result = run("customers", "unlock", "--config", path, "1001")
    assert (result.exit_code, result.output) == (0, "Wrong PINs for 1001 are forgotten.\n")
    assert asyncio.run(_verifies(tmp_path, "8357")) == (False, "gold", False)
    assert asyncio.run(_verifies(tmp_path, "8356")) == (True, "gold", True)


async def _verifies(folder: Path, pin: str) -> tuple[bool, str, bool]:
    """Whether that is the PIN of 1001; his class; and whether he is locked, which he is after this."""
    database = Database(f"sqlite:///{folder}/data/callwright.db")
    wrong_pins = WrongPins(database.engine, time.time)
    try:
        crm = EmbeddedCrm(database.engine)
        found = await crm.customer_by_id("1001")
        tries = [await wrong_pins.begin("1001") for _ in range(TRIES)]
        return await crm.verify("1001", Secret(pin)), found.customer_class if found else "", None in tries
    finally:
        await database.close()


GOOD = "id,name,numbers,language\n1001,Ann Ash,+49 30 2312 5000; 030 23125001,en\n1002,张伟,,zh\n"


def test_customers_are_imported_and_known(tmp_path: Path) -> None:
    path = settings(tmp_path)
    (tmp_path / "customers.csv").write_text(GOOD, encoding="utf-8")
    for _ in range(2):
        result = run("customers", "import", "--config", path, str(tmp_path / "customers.csv"))
        assert (result.exit_code, result.output) == (0, "2 customers are known now.\n")
    found = asyncio.run(_who_has(tmp_path, "+493023125001"))
    assert found is not None
    assert (found.id, found.name) == ("1001", "Ann Ash")
    assert set(found.numbers) == {"+493023125000", "+493023125001"}


def test_one_customer_with_a_note_of_two_lines(tmp_path: Path) -> None:
    text = 'id,name,numbers,language,note\n1,"Ann ""A"" Ash",03023125001,zh-TW,"first\n\tsecond"\n'
    (tmp_path / "customers.csv").write_text(text, encoding="utf-8")
    result = run("customers", "import", "--config", settings(tmp_path), str(tmp_path / "customers.csv"))
    assert (result.exit_code, result.output) == (0, "1 customer is known now.\n")
    found = asyncio.run(_who_has(tmp_path, "+493023125001"))
    assert found is not None
    assert (found.name, found.note) == ('Ann "A" Ash', "first\n\tsecond")


async def _who_has(folder: Path, number: str) -> Customer | None:
    database = Database(f"sqlite:///{folder}/data/callwright.db")
    try:
        return await EmbeddedCrm(database.engine).customer_by_number(number)
    finally:
        await database.close()


def test_of_mistakes_without_end_the_first_are_told(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,name\n" + "x,A\n" * 2000, encoding="utf-8")
    result = run("customers", "import", "--config", settings(tmp_path), str(tmp_path / "customers.csv"))
    *told, last = result.output.splitlines()
    assert last == "Error: 100 mistakes up to line 52; what follows was not read. Nothing was written."
    assert told[2].endswith("customers.csv:3:1: `id` 'x' stands in line 2 already")
    assert len(told) == 100


def test_a_file_with_one_mistake_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = settings(tmp_path)
    (tmp_path / "customers.csv").write_text(GOOD + "x,Bo,,\n1003,Cy,030 23125 002,\n", encoding="utf-8")
    result = run("customers", "import", "--config", path, str(tmp_path / "customers.csv"))
    told, last = result.output.splitlines()
    assert "customers.csv:4:1: `id` must be digits" in told
    assert (result.exit_code, last) == (1, "Error: 1 mistake. Nothing was written.")
    (tmp_path / "customers.csv").write_text("id,name\n1,A\n", encoding="utf-8")
    assert run("customers", "import", "--config", path, str(tmp_path / "customers.csv")).exit_code == 0
    assert asyncio.run(_who_has(tmp_path, "+493023125000")) is None


def test_the_first_mistakes_are_told_before_the_rest_is_read() -> None:
    """However long the file is: what has been found is handed on before the next row is asked for."""
    asked = 0

    def rows() -> Iterator[str]:
        nonlocal asked
        yield "id,name,numbers\n"
        while True:
            asked += 1
            yield f"x{asked},A,030 23125 000;12\n"

    found = list(itertools.islice(CustomerFile("customers.csv", "DE").read(rows()), 100))
    assert asked == 50
    assert [str(one) for one in found[:2] if isinstance(one, Mistake)] == [
        "customers.csv:2:1: `id` must be digits, as callers type it on a telephone; it is 'x1'",
        "customers.csv:2:1: '12' is not a telephone number",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,nme\n1,x\n", "customers.csv:1:1: there is no column 'nme'; did you mean 'name'?"),
        ("id,name\nA1,x\n", "customers.csv:2:1: `id` must be digits"),
        ("id,name,numbers\n1,x,hello\n", "customers.csv:2:1: 'hello' is not a telephone number"),
        ("id,name\n1,x,y,z\n", "customers.csv:2:1: more fields than columns"),
        ("", "customers.csv:1:1: the column `id` is missing"),
        ("id,name\n1,\udcff\n", "customers.csv: not UTF-8 (byte 0xff); save the file as UTF-8"),
        ('id,name,numbers\n1,"abc,\n2,B,+493012345\n3,C,\n', "customers.csv:2:1: a quotation mark does not close"),
        ('id,name\n1,A\n2,"B" C\n', "customers.csv:3:1: not CSV: ',' expected after '\"'"),
        ('id,name\n1,A\n2,"B\n3,"\n4,D\n', "customers.csv:3:1: a line break in `name`"),
        ('id,name\n"1\n2",A\n', "customers.csv:2:1: a line break in `id`"),
        ("id,name\n1,A\0B\n", "customers.csv:2:1: a control character in `name`"),
        ("id,name,note\n1,A,x\x1by\n", "customers.csv:2:1: a control character in `note`"),
        ("id,name\n²,A\n", "customers.csv:2:1: `id` must be digits"),
        ("id,name,language\n1,A,klingon\n", "customers.csv:2:1: 'klingon' is not right; expected a language such as"),
        ("id,name\n1,A\n2,B\n 1,C\n", "customers.csv:4:1: `id` ' 1' stands in line 2 already"),
        ('id,name\n1,"' + "x" * 200_000, "not CSV: field larger than field limit"),
    ],
)
def test_mistakes_in_a_file_of_customers(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "customers.csv").write_text(text, encoding="utf-8", errors="surrogateescape")
    result = run("customers", "import", "--config", settings(tmp_path), str(tmp_path / "customers.csv"))
    assert result.exit_code == 1
    assert says in result.output

"""The door by which a command reaches the process that runs."""

import asyncio
import os
import pwd
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from config.control import NAME, Applied, Apply, Control, NobodyRuns, ask
from config.settings import SettingsError

ME = pwd.getpwuid(os.getuid()).pw_name
QUESTION = Apply("center.yaml", {"center.yaml": "name: x"}, dry_run=True)


@asynccontextmanager
async def listening(folder: Path) -> AsyncIterator[list[tuple[Apply, str]]]:
    """A process that answers; gives what it was asked, and by whom."""
    asked: list[tuple[Apply, str]] = []

    async def answer(question: Apply, by: str) -> Applied:
        asked.append((question, by))
        return Applied(("~ centre: zone",))

    control = Control(folder, answer)
    await control.start()
    try:
        yield asked
    finally:
        await control.stop()


async def test_a_question_is_answered_and_the_kernel_says_whose_it_is(tmp_path: Path) -> None:
    async with listening(tmp_path) as asked:
        assert await asyncio.to_thread(ask, tmp_path, QUESTION) == Applied(("~ centre: zone",))
    assert asked == [(QUESTION, ME)]
    assert not (tmp_path / NAME).exists()


async def test_only_root_is_believed_who_he_asks_for(tmp_path: Path) -> None:
    question = Apply("center.yaml", {}, dry_run=True, on_behalf_of="eva")
    async with listening(tmp_path) as asked:
        await asyncio.to_thread(ask, tmp_path, question)
    assert asked[0][1] == (f"eva (as {ME})" if os.getuid() == 0 else ME)


async def test_only_the_owner_can_open_it(tmp_path: Path) -> None:
    async with listening(tmp_path):
        assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


async def test_a_folder_may_have_a_long_path(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    async with listening(folder) as asked:
        await asyncio.to_thread(ask, folder, QUESTION)
    assert len(asked) == 1


async def test_the_socket_of_a_killed_process_is_in_nobodys_way(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / NAME))
    with pytest.raises(NobodyRuns):
        ask(tmp_path, QUESTION)
    async with listening(tmp_path) as asked:
        await asyncio.to_thread(ask, tmp_path, QUESTION)
    assert len(asked) == 1


def test_what_is_too_much_is_told_before_it_is_sent(tmp_path: Path) -> None:
    much = Apply("center.yaml", {f"{n}.yaml": "x" * 1_000_000 for n in range(70)}, dry_run=True)
    with pytest.raises(SettingsError, match="these files have 66 MB together; at most 64 can be applied"):
        ask(tmp_path, much)


def test_nobody_runs(tmp_path: Path) -> None:
    with pytest.raises(NobodyRuns):
        ask(tmp_path, QUESTION)
    with pytest.raises(NobodyRuns):
        ask(tmp_path / "nowhere", QUESTION)


DEEP = b'{"path": "a", "files": {}, "dry_run": true, "q": ' + b"[" * 100_000


@pytest.mark.parametrize("nonsense", [b"", b"{", b'{"path": 7}', b"\xff\xfe", b"[]", DEEP])
async def test_nonsense_is_not_answered_and_harms_nobody(tmp_path: Path, nonsense: bytes) -> None:
    unhandled: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    async with listening(tmp_path) as asked:
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / NAME))
        writer.write(nonsense)
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
        await asyncio.to_thread(ask, tmp_path, QUESTION)
    assert len(asked) == 1
    assert not unhandled


async def test_who_gets_no_answer_is_told(tmp_path: Path) -> None:
    async def slam(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_unix_server(slam, str(tmp_path / NAME))
    with pytest.raises(SettingsError, match="broken off"):
        await asyncio.to_thread(ask, tmp_path, QUESTION)
    server.close()
    await server.wait_closed()

"""Messages are fetched once and for all, whatever happens on the way, and deleted in time."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

from acd.events import TaskDone
from acd.model import AgentId, InteractionId, QueueName, UserId, VoicemailId
from acd.tasks.kept_voicemails import KeptVoicemail, VoicemailState
from acd.told import TaskSettled, TaskWanted
from cti.model import CallerId
from tests.acd.edge.answering import NOON, Answering, PbxRecordings, answering

DAY = 86_400.0


async def until(machine: Answering, true: Callable[[KeptVoicemail], bool], name: str = "m1") -> KeptVoicemail:
    """The message, once something is so."""
    async with asyncio.timeout(10.0):
        while True:
            await machine.history.flush(2.0)
            found = await machine.keeper.reader.one(VoicemailId(name))
            if found is not None and true(found):
                return found
            await asyncio.sleep(0.02)


def is_kept(message: KeptVoicemail) -> bool:
    return message.state is VoicemailState.KEPT


async def test_a_message_is_fetched_and_deleted_on_the_pbx(tmp_path: Path) -> None:
    async with answering(tmp_path) as machine:
        machine.leave("m1")
        sound = machine.pbx.files["m1"]
        message = await until(machine, is_kept)
        assert (message.seconds, message.caller_number, message.customer_name) == (
            4.0,
            "+493012345",
            "María Fernández",
        )
        file = machine.keeper.path(message)
        assert file.read_bytes() == sound
        assert file.stat().st_mode & 0o777 == 0o600
        async with asyncio.timeout(5.0):
            while machine.pbx.files:  # noqa: ASYNC110 - it happens without a sign
                await asyncio.sleep(0.01)


async def test_a_message_is_work_until_somebody_has_dealt_with_it(tmp_path: Path) -> None:
    wanted = TaskWanted(
        VoicemailId("m1"), QueueName("billing"), CallerId("+493012345", "Ann"), NOON, InteractionId("i-m1")
    )
    async with answering(tmp_path) as machine:
        machine.leave("m1")
        message = await until(machine, is_kept)
        assert machine.told == [wanted]
        await machine.keeper.done(message, UserId("sam"), undone=False)
        await machine.keeper.done(message, UserId("sam"), undone=True)
        assert machine.told[1:] == [TaskSettled(message.id), wanted]
    async with answering(tmp_path, machine.pbx, NOON + 60.0) as successor:
        await until(successor, lambda _: successor.told == [wanted])
        done = TaskDone(InteractionId("t1"), message.id, AgentId("anna"), NOON + 70.0, NOON + 80.0)
        successor.keeper.listen([done], NOON + 80.0)
        assert (await until(successor, lambda one: bool(one.done_at))).done_by == "anna"
    async with answering(tmp_path, machine.pbx, NOON + 120.0) as last:
        last.leave("m2")
        await until(last, is_kept, "m2")
        assert [one.about for one in last.told] == ["m2"], "what is done is nobody's work any more"


async def test_a_pbx_that_is_away_is_asked_again(tmp_path: Path) -> None:
    async with answering(tmp_path) as machine:
        machine.pbx.down = True
        machine.leave("m1")
        assert (await until(machine, lambda _: True)).state is VoicemailState.PENDING
        machine.pbx.down = False
        await until(machine, is_kept)


async def test_the_next_process_fetches_what_this_one_has_not(tmp_path: Path) -> None:
    pbx = PbxRecordings()
    async with answering(tmp_path, pbx) as killed:
        pbx.down = True
        killed.leave("m1")
        killed.begin("m2")  # killed in the middle of it, too
        pbx.files["m2"] = pbx.files["m1"]
    pbx.down = False
    async with answering(tmp_path, pbx, NOON + 60.0) as successor:
        await until(successor, is_kept)
        await until(successor, is_kept, "m2")


async def test_a_file_that_is_here_is_not_fetched_again(tmp_path: Path) -> None:
    """Killed after the file was written and before its row said so; the PBX has deleted it already."""
    pbx = PbxRecordings()
    async with answering(tmp_path, pbx) as killed:
        pbx.down = True
        killed.leave("m1")
        (killed.folder / "m1.wav").write_bytes(pbx.files.pop("m1"))
        (killed.folder / "m9.wav.part").write_bytes(b"half")
    pbx.down = False
    async with answering(tmp_path, pbx, NOON + 60.0) as successor:
        assert (await until(successor, is_kept)).seconds == 4.0
        assert not list(successor.folder.glob("*.part"))


async def test_a_message_that_the_pbx_has_lost_says_who_called(tmp_path: Path) -> None:
    async with answering(tmp_path) as machine:
        machine.pbx.down = True
        machine.leave("m1")
        machine.pbx.files.clear()
        machine.pbx.down = False
        message = await until(machine, lambda one: one.state is VoicemailState.LOST)
        assert message.caller_number == "+493012345"


async def test_heard_and_done(tmp_path: Path) -> None:
    async with answering(tmp_path) as machine:
        machine.leave("m1")
        message = await until(machine, is_kept)
        await machine.keeper.heard(message, UserId("anna"))
        message = await until(machine, lambda one: one.heard_at > 0)
        await machine.keeper.heard(message, UserId("ben"))
        await machine.keeper.done(message, UserId("ben"), undone=False)
        message = await until(machine, lambda one: one.done_at > 0)
        assert (message.heard_by, message.done_by) == ("anna", "ben")
        assert await machine.keeper.reader.listed(None, done=False) == []
        await machine.keeper.done(message, UserId("ben"), undone=True)
        await machine.history.flush(2.0)
        assert len(await machine.keeper.reader.listed(None, done=False)) == 1


async def test_old_messages_are_removed_and_who_called_is_forgotten(tmp_path: Path) -> None:
    async with answering(tmp_path) as machine:
        machine.leave("m1")
        old = await until(machine, is_kept)
        machine.now += 80 * DAY
        machine.leave("m2")
        await until(machine, is_kept, "m2")
        machine.now += 11 * DAY
        await machine.keeper.forget_old()
        await machine.history.flush(2.0)
        assert not machine.keeper.path(old).exists()
        assert [one.id for one in await machine.keeper.reader.listed(None, done=True)] == ["m2"]
        async with machine.database.engine.connect() as connection:
            rows = await connection.exec_driver_sql(
                "SELECT caller_number, caller_name, customer, customer_name, file FROM voicemails WHERE id = 'm1'"
            )
            assert tuple(rows.one()) == ("", "", "", "", "")


async def test_old_messages_are_removed_once_though_the_database_cannot_be_written(tmp_path: Path) -> None:
    async with answering(tmp_path) as machine:
        machine.leave("m1")
        await until(machine, is_kept)
        machine.now += 91 * DAY
        other = sqlite3.connect(tmp_path / "centre.db")
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(10.0):
            await machine.keeper.forget_old()
        other.rollback()
        other.close()
        await machine.history.flush(2.0)
        assert not await machine.keeper.reader.listed(None, done=True)

"""Lets changed files take effect in the centre that runs, and keeps from when on it goes by which."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path

import msgspec
import structlog

from acd.center import ContactCenter
from acd.edge.database import DatabaseMisconfigured, DatabaseUnavailable
from acd.edge.history import History
from acd.edge.revision_reader import RevisionReader
from acd.edge.runtime import Runtime
from acd.events import RevisionBegan
from acd.model import PhoneKind
from acd.plan import CenterPlan
from acd.revision import Revision, RevisionId
from acd.routing.lineup import lineup_of
from acd.tasks.tasks import backlogs
from acd.told import PlanChanged
from config.center_difference import difference, summary
from config.center_file import read_center
from config.center_source import CenterSource
from config.control import Applied, Apply, Control, user_name
from config.settings import Settings
from ivr.files.mistakes import FileMistakes

KEPT_WITHIN = 3.0
"""Seconds for which is waited until a revision is in the database and has its number."""

Prepare = Callable[[CenterPlan], Awaitable[None]]
"""Makes what a plan needs before the first caller comes: its prompts."""

log = structlog.stdlib.get_logger(__name__)


class Applying:
    """One for each process. `instance` makes the ids of its revisions its own."""

    def __init__(
        self,
        settings: Settings,
        runtime: Runtime,
        history: History,
        reader: RevisionReader,
        prepare: Prepare,
        instance: str,
    ) -> None:
        self._settings = settings
        self._runtime = runtime
        self._center: ContactCenter = runtime.center
        self._history = history
        self._reader = reader
        self._prepare = prepare
        self._instance = instance
        self._control = Control(Path(settings.data), self.answer)
        self._one_at_a_time = asyncio.Lock()
        self._count = 0

    # -- at the start ----------------------------------------------------------------------------------------------

    async def start(self, files: Mapping[str, str] | None, now: float) -> None:
        """Let others ask. `files`: what the process goes by; None if it is not to be kept. Raises `SettingsError`."""
        if files is not None:
            await self._began(files, now)
        await self._control.start()

    async def stop(self) -> None:
        """Nobody asks any more."""
        await self._control.stop()

    async def _began(self, files: Mapping[str, str], now: float) -> None:
        """It is a new revision if these are not the files of the last one."""
        try:
            last = await self._reader.last_files()
        except (DatabaseUnavailable, DatabaseMisconfigured) as error:
            log.info("the last revision is not known", reason=str(error))
            last = {}
        if dict(last) != dict(files):
            begun = Revision(self._new_id(), user_name(os.getuid()), "start", files)
            plan = self._center.plan
            self._history.told(RevisionBegan(begun, now, plan.teams, plan.versions, plan.service_levels))

    def _new_id(self) -> RevisionId:
        self._count += 1
        return RevisionId(f"{self._instance}-v{self._count}")

    # -- while it runs ---------------------------------------------------------------------------------------------

    async def answer(self, asked: Apply, by: str) -> Applied:
        """Show the difference, and unless it is a trial, put it in force. All or nothing."""
        async with self._one_at_a_time:
            try:
                plan, lines, passwords = await asyncio.to_thread(self._read, asked, self._center.plan)
            except FileMistakes as wrong:
                return Applied(mistakes=tuple(str(mistake) for mistake in wrong.mistakes))
            answer = Applied(lines, (*self._consequences(plan), *passwords))
            if asked.dry_run or not lines:
                return answer
            await self._prepare(plan)
            revision = Revision(self._new_id(), by, summary(lines), asked.files)
            log.info("the plan changes", by=by, summary=revision.summary)
            lineup = await asyncio.to_thread(lineup_of, plan)
            self._runtime.post(PlanChanged(plan, revision, lineup))
            return msgspec.structs.replace(answer, in_force=True, revision=await self._number())

    def _read(self, asked: Apply, before: CenterPlan) -> tuple[CenterPlan, tuple[str, ...], tuple[str, ...]]:
        """In a thread, as a large centre takes a while: the plan, the difference, and who lacks a password."""
        plan = self._plan(asked)
        return plan, difference(before, plan), tuple(self._without_password(plan))

    def _plan(self, asked: Apply) -> CenterPlan:
        plan, _ = read_center(CenterSource(Path(asked.path), asked.files), self._settings.installed())
        return msgspec.structs.replace(plan, country=self._settings.country)

    async def _number(self) -> int:
        if not await self._history.flush(KEPT_WITHIN):
            return 0
        try:
            return len(await self._reader.all())
        except (DatabaseUnavailable, DatabaseMisconfigured):
            return 0

    def _consequences(self, plan: CenterPlan) -> Iterator[str]:
        center = self._center
        for name, queue in center.queues.items():
            if name not in plan.queues and len(queue):
                yield f"queue {name}: {_callers(len(queue))} until served or gone; nobody new comes in"
        for name, left in backlogs(center.tasks.values()).items():
            if name not in plan.queues:
                yield f"queue {name}: {_messages(left.count)} under Messages, for supervisors: no agent is asked for it"
        for agent in center.agents.values():
            new = plan.agents.get(agent.id)
            if new is None and agent.works:
                yield f"agent {agent.id} has a call: he ends it first"
            elif new is not None and agent.on_phone and agent.phone not in new.phones:
                yield f"agent {agent.id} has a call: his other phone counts when it is over"

    def _without_password(self, plan: CenterPlan) -> Iterator[str]:
        for who, agent_plan in plan.agents.items():
            for phone in agent_plan.phones:
                user = phone.endpoint.partition("/")[2]
                if phone.kind is PhoneKind.BROWSER and self._lacks_password(user, phone.node):
                    yield f"agent {who}: the browser phone {user!r} has no password in the settings as they were read"

    def _lacks_password(self, user: str, node: str) -> bool:
        pbx = next((one for one in self._settings.pbx if one.name == node), None)
        return pbx is not None and bool(pbx.phone_socket) and user not in self._settings.sip_passwords


def _messages(count: int) -> str:
    return "1 message stays" if count == 1 else f"{count} messages stay"


def _callers(count: int) -> str:
    return "1 caller stays in it" if count == 1 else f"{count} callers stay in it"

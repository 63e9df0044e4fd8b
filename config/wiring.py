"""Builds the centre out of its parts, starts them in the right order, and stops them in the other.

    start:   database and spool -> what the last process knew -> brain -> web page -> PBX links
    stop:    PBX links -> web page -> brain -> what is left for the database

Calls live on the PBX and survive both.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import structlog
from phonenumbers import PhoneMetadata
from prometheus_client import CollectorRegistry, disable_created_metrics

from acd.center import ContactCenter
from acd.edge.clock import Clock
from acd.edge.database import Database
from acd.edge.heartbeat import Heartbeat
from acd.edge.history import History
from acd.edge.history_reader import HistoryReader
from acd.edge.recall import Recall
from acd.edge.report_process import ReportProcesses
from acd.edge.reports import Reports
from acd.edge.revision_reader import RevisionReader
from acd.edge.runtime import Runtime
from acd.edge.spool import Spool
from acd.edge.voicemail_reader import VoicemailReader
from acd.edge.voicemails import Recordings, VoicemailKeeper
from acd.events import RepairMade, RequirementIgnored
from acd.floor import Output
from acd.plan import CenterPlan
from agent_desktop.edge.account_rows import AccountRows
from agent_desktop.edge.accounts import Accounts
from agent_desktop.edge.door import Door
from agent_desktop.edge.guard import Boundary
from agent_desktop.edge.hub import Hub
from agent_desktop.edge.metrics import DesktopMetrics
from agent_desktop.edge.reports import ReportDesk
from agent_desktop.edge.server import DesktopServer
from agent_desktop.edge.voicemails import VoicemailRoutes
from agent_desktop.edge.web import Desktop
from config.applying import Applying, Prepare
from config.call_metrics import CallMetrics
from config.data_folder import DataFolder, make_folder
from config.last_process import LastProcess
from config.metrics import CentreCollector, EdgeCounters
from config.pbx_links import PbxLinks, Traces
from config.readiness import Readiness
from config.settings import Pbx as PbxSettings
from config.settings import Settings
from config.sip_accounts import SipAccounts
from config.tls import tls_context
from crm_bridge.edge.desk import CrmDesk
from crm_bridge.edge.embedded import EmbeddedCrm
from crm_bridge.edge.outbox import Outbox
from crm_bridge.edge.service_desk import ServiceDesk
from crm_bridge.edge.services import Service, Services
from crm_bridge.edge.wrong_pins import WrongPins
from cti.edge.pbx import Pbx
from cti.edge.voice import WatchedVoice
from cti.events import AnyPbxEvent, PbxSynchronized
from cti.model import NodeName

disable_created_metrics()  # type: ignore[no-untyped-call]  # they double what is stored, and nobody asks for them

log = structlog.stdlib.get_logger(__name__)

HOUSEKEEPING = 3600.0
"""Seconds between two looks for login sessions that have expired."""


async def _nothing_to_prepare(_: CenterPlan) -> None:
    pass


class Centre:
    """One running centre."""

    def __init__(
        self,
        settings: Settings,
        plan: CenterPlan,
        voice: WatchedVoice,
        traces: Path | None = None,
        *,
        files: Mapping[str, str] | None = None,
        prepare: Prepare = _nothing_to_prepare,
        counters: EdgeCounters | None = None,
    ) -> None:
        """`traces`: a folder for recorded sessions with each PBX (`cti.edge.trace`). They hold telephone numbers.

        `files`: what the plan was read from, to be kept as a revision. `prepare`: makes the prompts of a new plan.
        `counters`: those of the voice, if it counts.
        """
        self.settings = settings
        plan = msgspec.structs.replace(plan, country=settings.country)
        self.clock = Clock()
        self.started_at = self.clock.now()
        self.instance = f"cw{int(self.started_at):x}{secrets.token_hex(2)}"
        self._folder = DataFolder(Path(settings.data))
        self.counters = counters or EdgeCounters(CollectorRegistry())
        self.registry = self.counters.registry
        self.database = Database(settings.database_url())
        self.history = History(self.database, Spool(Path(settings.data) / "spool"))
        self.center = ContactCenter(plan, self.instance)
        self.runtime = Runtime(self.center, self.clock)
        self._recordings: dict[NodeName, Recordings] = {}
        self.voicemails = VoicemailKeeper(
            Path(settings.data) / "voicemail",
            self.history,
            VoicemailReader(self.database),
            self._recordings,
            self.clock.now,
            lambda: self.plan.voicemail_days,
            self.runtime.post,
        )
        self._account_rows = AccountRows(self.database.engine)
        self.accounts = Accounts(self._account_rows, self.clock.now)
        self.crm = EmbeddedCrm(self.database.engine, self.clock.now)
        self.outbox = Outbox(self.crm, Spool(Path(settings.data) / "outbox"))
        self.services = Services({one.name: Service(one.url, one.headers) for one in settings.service})
        self.service_desk = ServiceDesk(self.services, self.runtime.post)
        self.crm_desk = CrmDesk(
            self.crm, self.outbox, WrongPins(self.database.engine, self.clock.now), self.runtime.post, settings.country
        )
        self.port = 0
        self._metrics = DesktopMetrics(self.registry)
        self._stack = AsyncExitStack()
        self._heartbeat = Heartbeat(Path(settings.data), self.clock.now)
        self._last_process = LastProcess(
            self.center,
            self.history,
            HistoryReader(self.database),
            Recall(self.database),
            self.clock,
            [NodeName(pbx.name) for pbx in settings.pbx],
            tell=self.crm_desk.tell_of_lost,
            post=self.runtime.post,
        )
        self._files = files
        self._applying = Applying(
            settings, self.runtime, self.history, RevisionReader(self.database), prepare, self.instance
        )
        self._pbxs: list[Pbx] = []
        self._readiness = Readiness(self.center, self.history, self._pbxs, voice)
        self._links = PbxLinks(
            self._deliver,
            self._readiness.cannot_use,
            voice,
            self.counters,
            Traces(traces, self.started_at, self.clock.now, lambda: self.plan.asks_for_secrets) if traces else None,
        )

    @property
    def plan(self) -> CenterPlan:
        """What the centre goes by just now."""
        return self.center.plan

    # -- life ------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Everything, in order. Raises what an administrator must mend: `DatabaseMisconfigured`, `SpoolFull`,
        `CannotListen`, `PbxMisconfigured` never (a PBX may be mended while we run; `/ready` says what is wrong)."""
        try:
            await self._start_storage()
            await self._start_crm()
            self._start_brain()
            await self._start_web()
            await self._applying.start(self._files, self.clock.now())
            self._stack.push_async_callback(self._applying.stop)
            self._stack.push_async_callback(self._links.stop)
            for pbx in self.settings.pbx:
                self._start_pbx(pbx)
            self._spawn(self._last_process.close_books_without_the_absent())
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Everything, in the other order. Calls go on on the PBX."""
        await self._stack.aclose()

    async def _start_storage(self) -> None:
        self._stack.callback(self._folder.release)
        self._stack.push_async_callback(self._heartbeat.stop)  # last of all: until then figures are kept
        self._stack.push_async_callback(self.database.close)
        await self.history.start()
        self._stack.push_async_callback(self.history.stop)
        make_folder(Path(self.settings.data) / "voicemail", "data")
        await self.voicemails.start()
        self._stack.push_async_callback(self.voicemails.stop)

    async def _start_crm(self) -> None:
        # Loaded on demand they stall the loop, and a failure on the way (no file descriptor left) blocks for ever.
        await asyncio.to_thread(PhoneMetadata.load_all)
        await self.outbox.start()
        self._stack.push_async_callback(self.outbox.stop)
        self._stack.push_async_callback(self.crm_desk.stop)
        await self._stack.enter_async_context(self.services)
        self._stack.push_async_callback(self.service_desk.stop)

    def _start_brain(self) -> None:
        runtime = self.runtime
        self.registry.register(
            CentreCollector(
                runtime, self._pbxs, self.history, self.crm_desk, self.outbox, self.service_desk, self.clock
            )
        )
        calls = CallMetrics(self.registry, self.plan.queues)
        listeners = (self.history, self.voicemails, self.crm_desk, self.service_desk, calls)
        runtime.others += [*(each.listen for each in listeners), self._note_trouble]
        self._stack.callback(runtime.close)

    def _note_trouble(self, outputs: Sequence[Output], _now: float) -> None:
        for output in outputs:
            if isinstance(output, RepairMade):
                self.counters.count("repairs", what=output.what)
                log.warning("what we believed was not so", what=output.what, subject=output.subject)
            elif isinstance(output, RequirementIgnored):
                self.counters.count("requirements_ignored", queue=output.queue)
                log.warning("what a flow requires cannot be read", requires=output.text, reason=output.reason)

    async def _start_web(self) -> None:
        hub = Hub(
            self.center,
            self.runtime.post,
            self.clock.now,
            accounts=self.accounts,
            metrics=self._metrics,
            sip=SipAccounts(self.settings).of,
            troubles=self._readiness.troubles,
        )
        self.runtime.desktops.append(hub.told)
        await self._last_process.remember(self._heartbeat.last())
        self._heartbeat.start()
        self._spawn(self._last_process.tell_of_talks())
        self.center.begin_days(self.clock.now())
        boundary = self._boundary()
        desktop = Desktop(
            self.center,
            hub,
            self.accounts,
            self._metrics,
            boundary,
            parts=self._readiness.parts,
            rooms=(self._report_desk(), VoicemailRoutes(self.center, self.voicemails, boundary)),
        )
        web = self.settings.web
        door = Door(self._metrics, trusted=frozenset(web.proxies))
        server = DesktopServer(desktop.application(), door, self._metrics)
        self.port = await server.start(web.host, web.port, tls_context(web))
        self._stack.push_async_callback(server.stop)
        self._spawn(self._forget_old_logins())

    def _report_desk(self) -> ReportDesk:
        of = self.database, lambda: self.center.plan
        return ReportDesk(Reports(*of), ReportProcesses(*of), HistoryReader(self.database), self.clock.now)

    async def _forget_old_logins(self) -> None:
        while True:
            try:
                await self._account_rows.drop_expired(self.clock.now())
            except ConnectionError as error:
                log.info("expired logins stay for now", reason=str(error))
            await asyncio.sleep(HOUSEKEEPING)

    def _start_pbx(self, settings: PbxSettings) -> None:
        pbx = self._links.start(settings)
        self._pbxs.append(pbx)
        self.runtime.senders[pbx.node] = pbx.send
        self._recordings[pbx.node] = pbx.recordings

    def is_idle(self) -> bool:
        """Whether nobody is on the line."""
        return not self.center.interactions

    # -- from the PBX ----------------------------------------------------------------------------------------------

    def _deliver(self, event: AnyPbxEvent) -> None:
        taken_before = frozenset(self.center.pbx_taken)
        self.runtime.post(event)
        self._readiness.heard(event)
        if isinstance(event, PbxSynchronized):
            handed_back = event.node in taken_before
            if self._last_process.is_due(event.node, handed_back=handed_back):
                self._spawn(self._last_process.close_books())

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        task.add_done_callback(_told_if_it_failed)
        self._stack.push_async_callback(_cancelled, task)

    # -- for the web page ------------------------------------------------------------------------------------------

    def _boundary(self) -> Boundary:
        web = self.settings.web
        return Boundary(
            origins=frozenset({web.public_url.rstrip("/")} if web.public_url else ()),
            proxies=frozenset(web.proxies),
            sip_urls=tuple(pbx.phone_socket for pbx in self.settings.pbx if pbx.phone_socket),
            metrics_token=web.metrics_token,
        )


def _told_if_it_failed(task: asyncio.Future[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a task of ours failed", exc_info=error)


async def _cancelled(task: asyncio.Future[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

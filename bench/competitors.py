"""The three that are compared: centre and floor, a process each on one Asterisk, their people, and what comes out."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

from bench.centre_process import CentreOrder
from bench.child import Child
from bench.figures import Figure, figure, percentile
from bench.floor import FloorOrder
from bench.sip_phone import SoundSink
from bench.telephones import CENTRE_NUMBER, FLOOR_NUMBER, QUEUE_NUMBER, Names, Team
from config.settings import Ami, Ari, Pbx
from tests.journeys.desk import Desk
from tests.parts.asterisk import Asterisk

PASSWORD = "correct horse battery"  # noqa: S105 - of a centre that lives for a minute
SHARES = (0.5, 0.99, 1.0)


class Teams(NamedTuple):
    """Who is measured."""

    ours: Team
    queue: Team
    floor: Team


class Measured:
    """What came out for each, in milliseconds."""

    def __init__(self) -> None:
        self.ours: list[float] = []
        self.queue: list[float] = []
        self.floor: list[float] = []

    def added(self) -> float:
        """What we add to the bare loop, of the median."""
        return percentile(self.ours, 0.5) - percentile(self.floor, 0.5)

    def rows(self, what: str, goal: str) -> list[Figure]:
        """Each, and how many times as long app_queue takes as we do."""
        median, high, largest = (percentile(self.queue, share) / percentile(self.ours, share) for share in SHARES)
        return [
            figure(f"{what}: Callwright", self.ours, "ms", goal),
            figure(f"{what}: app_queue", self.queue, "ms"),
            figure(f"{what}: bare ARI loop", self.floor, "ms"),
            Figure(f"{what}: app_queue / Callwright", "times", len(self.ours), median, high, largest),
        ]


class Competitors:
    """On one Asterisk. `folder`: where the centre keeps its files."""

    def __init__(self, running: Asterisk, phones: Names, folder: Path) -> None:
        self._asterisk = running
        self._phones = phones
        self._folder = folder

    @contextlib.asynccontextmanager
    async def teams(self, waiting: int) -> AsyncIterator[Teams]:
        """Everybody's telephones, and so many callers who will wait for each."""
        running, phones = self._asterisk, self._phones
        with SoundSink() as sound:
            async with (
                Team(running, sound, CENTRE_NUMBER, phones.centre, waiting) as ours,
                Team(running, sound, QUEUE_NUMBER, phones.queue, waiting) as queue,
                Team(running, sound, FLOOR_NUMBER, phones.floor, waiting) as floor,
            ):
                yield Teams(ours, queue, floor)

    def centre(self, name: str, *, record: bool = False) -> Child:
        """Callwright, with its files in a folder of that name."""
        site = self._asterisk.site
        folder = self._folder / name
        folder.mkdir(parents=True)
        pbx = Pbx(
            "pbx1",
            Ari(f"http://127.0.0.1:{site.http.port}", site.ari.user, site.ari.password),
            Ami("127.0.0.1", site.manager.port, site.ami.user, site.ami.password),
        )
        traces = str(folder / "traces") if record else ""
        order = CentreOrder(pbx, CENTRE_NUMBER, self._phones.centre, PASSWORD, str(folder), traces)
        return Child("bench.centre_process", order, self._folder / f"{name}.log")

    def trace(self, name: str) -> Path:
        """The session that it has recorded."""
        (trace,) = (self._folder / name / "traces").glob("*.jsonl")
        return trace

    def floor(self) -> Child:
        """The bare loop."""
        ari = self._asterisk.site.ari
        endpoints = tuple(f"PJSIP/{name}" for name in self._phones.floor)
        order = FloorOrder(self._asterisk.ari_url, ari.user, ari.password, endpoints)
        return Child("bench.floor", order, self._folder / "floor.log")

    @contextlib.asynccontextmanager
    async def desks(self, centre: Child) -> AsyncIterator[dict[str, Desk]]:
        """Each agent's desktop, open; he is ready as soon as his phone is registered."""
        async with contextlib.AsyncExitStack() as stack:
            desks: dict[str, Desk] = {}
            for name in self._phones.centre:
                desk = await stack.enter_async_context(await Desk.open(centre.started.port, name, PASSWORD))
                await desk.begin_work()
                desks[name] = desk
            yield desks

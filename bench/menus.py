"""The longest stall of the event loop with five hundred callers in menus at once.

They hear the demo's prompts on the embedded PBX, interrupt some, type numbers and PINs, and ask for bills, products,
orders and tickets. The PBX and the centre are a process each; a supervisor's board is open.
"""

import asyncio
import tempfile
from pathlib import Path

import aiohttp

from bench.child import Child, MenuWork, Stalls, Tickets
from bench.figures import Part, Say, figure, times
from bench.menu_callers import FILLING, crowd
from bench.menus_centre import MenusOrder
from bench.pbx_process import PbxProcess, as_settings
from bench.stall import GOAL, Browsers
from config.process import allow_many_files

CALLERS, SECONDS = 500, 60
SETTLING = 15.0
"""Seconds from the moment in which all of them are on the line: they are not at the same place in their calls then."""


async def measured(callers: int, seconds: float, settling: float) -> tuple[Stalls, MenuWork]:
    """So many, for so long, and as long before as it takes to begin."""
    allow_many_files()
    async with PbxProcess(lines=0) as pbx, aiohttp.ClientSession() as http:
        with tempfile.TemporaryDirectory(prefix="callwright-bench-") as folder:
            order = MenusOrder(as_settings(pbx), f"{folder}/data", settling)
            async with Child("bench.menus_centre", order, Path(folder) / "log") as centre:
                browsers = Browsers(http, centre.started.port)
                await browsers.open((await centre.hears(Tickets, lambda _: True)).tickets[-1])
                pbx.populate(crowd(callers))
                await asyncio.sleep(settling + seconds)
                browsers.check()
            await browsers.close()
            return await centre.hears(Stalls, lambda _: True), await centre.hears(MenuWork, lambda _: True)


def run(scale: float, say: Say) -> Part:
    """The figures."""
    callers, seconds = times(min(1.0, scale * 10), CALLERS, 10), times(scale, SECONDS, 2)
    say(f"{callers} callers for {seconds} s")
    stalls, work = asyncio.run(measured(callers, seconds, (FILLING + SETTLING) * min(1.0, scale * 10) + 1.0))
    rows = (
        figure("longest stall in each second", stalls.wall, "ms", GOAL),
        figure("longest stall in each second, of CPU time", stalls.cpu, "ms CPU", GOAL),
        figure("longest garbage collection in each second", stalls.collections or (0.0,), "ms"),
        figure("callers in menus and questions", work.callers, "callers", f"about {CALLERS}"),
        figure("questions to the CRM without an answer", [work.failed], "", "0"),
    )
    messages, prompts, asked = (count / work.seconds for count in (work.messages, work.prompts, work.asked))
    note = (
        f"In each second the brain was told {messages:.0f} things, {prompts:.0f} prompts began, and the embedded CRM "
        f"was asked {asked:.1f} times, for PINs too. A supervisor's board is open."
    )
    return Part("The event loop with hundreds of callers in menus", rows, (note,))

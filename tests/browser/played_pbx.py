"""A PBX that a test plays for the browser, and an agent who begins to work at it."""

import asyncio

from acd.model import InteractionId
from cti.commands import AnyCommand, Bridge, HangUp, PickUp, Ring
from cti.events import AnyPbxEvent, CommandFailed, LegAnswered, LegEnded, LegRinging, LegsBridged, PhoneReachable
from tests.agent_desktop.office import PASSWORD, Office
from tests.browser.window import Window


class Pbx:
    """Does at once what the centre commands. `picks_up`: phones obey a click on Answer."""

    def __init__(self, where: Office) -> None:
        self._office = where
        self.picks_up = True
        where.on_command = self._obey
        for agent in where.center.plan.agents.values():
            for phone in agent.phones:
                where.runtime.post(PhoneReachable(phone.node, phone.endpoint))

    def _obey(self, command: AnyCommand) -> None:
        self._office.commands.append(command)
        match command:
            case Ring(_, leg):
                self._soon(LegRinging(leg))
            case PickUp(_, leg) if self.picks_up:
                self._soon(LegAnswered(leg))
            case PickUp():
                self._soon(CommandFailed(command, "no such endpoint"))
            case Bridge(_, leg, call, others):
                self._soon(LegsBridged(call, (leg, *others)))
            case HangUp(_, leg, cause):
                self._soon(LegEnded(leg, cause))
            case _:
                pass

    def _soon(self, event: AnyPbxEvent) -> None:
        asyncio.get_running_loop().call_soon(self._office.runtime.post, event)

    def interaction(self) -> InteractionId:
        """The one that is there."""
        return next(iter(self._office.center.interactions))


async def at_work(desks: Office, anna: Window, url: str = "", *, width: int = 1440, scheme: str = "light") -> Pbx:
    """Anna is at her desk phone, Ready."""
    pbx = Pbx(desks)
    await anna.open(url or desks.url, width=width, scheme=scheme)
    await anna.log_in("anna", PASSWORD)
    await anna.press("Start work")
    await anna.is_in_state("Just started")
    await anna.press("Ready")
    await anna.is_in_state("Ready")
    await anna.sees("You are Ready.")
    return pbx

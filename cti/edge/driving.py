"""Who drives a PBX. One process does; the others wait until nobody does any more.

Asterisk gives an application to whoever connects last, and says so to the one before (`ApplicationReplaced`). It does
not say when nobody is left: as long as a call of ours lives, the application is listed as if somebody were connected.
So whoever drives leaves a sign of life on the PBX, a global variable with a new value every few seconds. Who was
replaced takes over only when the application is gone, or its driver has left no sign for some time; and a driver whose
connection was lost looks first whether another one has begun meanwhile. So no two processes ever take it from each
other in turn. What leaves no signs is no Callwright, but a tool that somebody tries; the application is taken back from
it as well, for a call would keep it listed for ever. If such a thing comes back again and again, so do we, ever more
rarely.
"""

import asyncio
import re
from random import Random

import msgspec
import structlog

from cti.asterisk.ari_objects import ApplicationInfo
from cti.asterisk.ari_requests import AriRequest
from cti.edge.ari_rest import AriRest
from cti.edge.errors import PbxError, Refused

_NOT_FOR_A_NAME = re.compile(r"[^A-Za-z0-9]")
_log = structlog.get_logger()


class SignTiming(msgspec.Struct, frozen=True):
    """Seconds."""

    every: float = 10.0
    """From one sign of life to the next; each is a line on Asterisk's console, if somebody has it tell much."""
    look: float = 5.0
    """From one look at somebody else's signs to the next."""
    silence: float = 30.0
    """Without a sign, until a driver counts as gone; up to half as long again, lest two who wait both come."""
    most_patience: int = 64
    """Times as long we wait at most for what leaves no signs, if it has come back as often; each time twice as long."""


class _Variable(msgspec.Struct, frozen=True):
    value: str = ""


class Driving:
    """Our part in that, on one PBX."""

    def __init__(self, rest: AriRest, app: str, random: Random, timing: SignTiming) -> None:
        self._rest = rest
        self._app = app
        self._random = random
        self._timing = timing
        self._variable = f"CALLWRIGHT_DRIVER_{_NOT_FOR_A_NAME.sub('_', app)}"
        self._name = f"{random.getrandbits(64):016x}"
        self._signs = 0
        self._has_driven = False
        self._patience = 1
        self._last_of_another = ""
        """The sign of life of somebody who is gone."""

    async def leave_signs(self) -> None:
        """Say that we drive, until cancelled."""
        while True:
            self._signs += 1
            body = {"variable": self._variable, "value": f"{self._name} {self._signs}"}
            try:
                await self._rest.perform(AriRequest("POST", "/asterisk/variable", body=body))
                self._has_driven = True
            except PbxError as error:  # if the PBX is away, the event stream will tell
                _log.debug("no sign of life left", reason=str(error))
            await asyncio.sleep(self._timing.every)

    async def has_another(self) -> bool:
        """Whether somebody else has begun to drive since we did. Raises `PbxError`."""
        if not self._has_driven:  # we are new, and were started to take over
            return False
        sign = await self._sign()
        return self._is_anothers(sign) and sign != self._last_of_another

    async def until_nobody_does(self) -> None:
        """Wait until the driver who has replaced us is gone for certain, or has left no sign at all."""
        patience = self._timing.silence * (1 + self._random.random() / 2)
        silent, before, is_unknown = 0.0, "", False
        while silent < patience * (self._patience if is_unknown else 1):
            await asyncio.sleep(self._timing.look)
            try:
                sign = await self._sign()
                gone = not await self._has_application()
            except PbxError:  # who cannot see it cannot know
                silent, before = 0.0, ""
                continue
            is_unknown = not gone and not self._is_anothers(sign)
            silent, before = silent + self._timing.look if gone or sign == before else 0.0, sign
        self._last_of_another = before
        self._patience = min(self._patience * 2, self._timing.most_patience) if is_unknown else 1

    def _is_anothers(self, sign: str) -> bool:
        return bool(sign) and sign.partition(" ")[0] != self._name

    async def _sign(self) -> str:
        try:
            return (await self._rest.ask(f"/asterisk/variable?variable={self._variable}", _Variable)).value
        except Refused:
            return ""

    async def _has_application(self) -> bool:
        try:
            await self._rest.ask(f"/applications/{self._app}", ApplicationInfo)
        except Refused:
            return False
        return True

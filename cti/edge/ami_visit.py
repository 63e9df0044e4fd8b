"""A short visit to AMI: connect, log in, ask a few questions, leave. For looking at a PBX, not for working with
it."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from cti.asterisk.ami_packets import Banner, Packet, PacketReader, UnsafeHeader, serialize
from cti.asterisk.understanding import NotUnderstood
from cti.edge.ami import AmiAddress
from cti.edge.errors import (
    ConnectionBroken,
    NoAnswer,
    NotAsterisk,
    NothingListens,
    PbxMisconfigured,
    Refused,
    WrongPassword,
)

DEADLINE = 3.0
"""Seconds for each answer. A refused login takes Asterisk one second, on purpose."""
_AT_ONCE = 65_536


class AmiVisit:
    """To be used with `async with`; coming in raises `PbxError` if there is no AMI or it does not let us in."""

    def __init__(self, address: AmiAddress) -> None:
        self.version = ""
        """AMI's own version, with which it greets."""
        self._address = address
        self._where = f"{address.host}:{address.port}"
        self._packets = PacketReader()
        self._heard: list[Packet] = []
        self._asked = 0

    async def __aenter__(self) -> Self:
        """Connect and log in."""
        try:
            async with asyncio.timeout(DEADLINE):
                self._from, self._to = await asyncio.open_connection(self._address.host, self._address.port)
        except TimeoutError as error:
            raise NoAnswer(f"no answer from {self._where} within {DEADLINE:g} s") from error
        except OSError as error:
            raise NothingListens(f"no AMI listens at {self._where} ({error.strerror or error})") from error
        try:
            await self._log_in()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Leave."""
        await self._close()

    async def ask(self, action: Mapping[str, str]) -> tuple[Packet, ...]:
        """The answer to an action, and what follows it if it is a list. Raises `PbxError`; `Refused` if it may
        not."""
        self._asked += 1
        number = f"visit-{self._asked}"
        try:
            self._to.write(serialize({**action, "ActionID": number}))
        except UnsafeHeader as error:
            raise PbxMisconfigured(f"AMI cannot be asked this: {error}") from error
        answers: list[Packet] = []
        try:
            async with asyncio.timeout(DEADLINE):
                while not _complete(answers):
                    packet = await self._next()
                    if packet.get("ActionID") == number:
                        answers.append(packet)
        except TimeoutError as error:
            raise NoAnswer(f"no answer from AMI at {self._where} within {DEADLINE:g} s") from error
        if answers[0].get("Response") == "Error":
            raise Refused(0, answers[0].get("Message"))
        return tuple(answers)

    async def _log_in(self) -> None:
        try:
            async with asyncio.timeout(DEADLINE):
                while not self.version:
                    await self._read()
        except TimeoutError as error:
            raise NotAsterisk(f"what answers at {self._where} does not greet as AMI does") from error
        action = {"Action": "Login", "Username": self._address.user, "Secret": self._address.secret, "Events": "off"}
        try:
            await self.ask(action)
        except Refused as refusal:
            if "Authentication" in str(refusal):
                raise WrongPassword(f"the AMI at {self._where} does not accept this user and secret") from refusal
            raise

    async def _next(self) -> Packet:
        while not self._heard:
            await self._read()
        return self._heard.pop(0)

    async def _read(self) -> None:
        try:
            data = await self._from.read(_AT_ONCE)
        except OSError as error:
            raise ConnectionBroken(f"the connection to {self._where} broke") from error
        if not data:
            raise ConnectionBroken(f"AMI at {self._where} closed the connection")
        for heard in self._packets.feed(data):
            match heard:
                case Banner(version=version):
                    self.version = version
                case Packet():
                    self._heard.append(heard)
                case NotUnderstood() if not self.version:
                    raise NotAsterisk(f"what answers at {self._where} does not greet as AMI does")
                case NotUnderstood():
                    pass  # a line of an event that nobody asked for

    async def _close(self) -> None:
        self._to.close()
        try:
            await self._to.wait_closed()
        except OSError:
            pass  # it was broken already


def _complete(answers: list[Packet]) -> bool:
    if not answers:
        return False
    if answers[0].get("EventList").lower() != "start":
        return True
    return answers[-1].get("EventList").lower() in {"complete", "cancelled"}

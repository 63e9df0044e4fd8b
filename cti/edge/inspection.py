"""A short visit to an Asterisk, to see whether we could work with it; for `callwright doctor`, and for a person who
sets it up.

What is wrong comes as one of the `PbxError`s, whose text names the place and what is amiss there.
"""

import re
import time
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime

import msgspec

from cti.asterisk.ari_objects import AsteriskInfo
from cti.asterisk.dialplan import Include, Step, decode_dialplan
from cti.edge.ami import AmiAddress
from cti.edge.ami_visit import AmiVisit
from cti.edge.ari_rest import AriAddress, AriRest
from cti.edge.errors import Refused


class AriFacts(msgspec.Struct, frozen=True):
    """What an Asterisk tells of itself."""

    version: str
    entity: str
    """Its own id; two nodes that have the same one are the same Asterisk, or were cloned."""
    clock_ahead: float | None
    """Seconds by which its clock is before ours, to a second or so; negative if it is behind; `None` if it does
    not tell."""
    modules: frozenset[str]
    """Names of the modules that run, `res_pjsip.so`."""
    applications: frozenset[str]
    """Stasis applications that somebody is connected for, or of which a call still lives."""
    phones: dict[str, bool]
    """Endpoints, `PJSIP/alice`, and whether each can be reached."""


class AmiFacts(msgspec.Struct, frozen=True):
    """What an Asterisk tells over AMI, and what its manager user may do there."""

    version: str
    """AMI's own."""
    actions: Mapping[str, frozenset[str]]
    """Actions that this user may use, with the rights each of which is enough for it (`<none>`: anybody may)."""
    clock_ahead: float | None = None
    """Seconds by which its clock is before ours, to some thousandths; `None` if it does not tell."""
    values: Mapping[str, str] = {}
    """Dialplan functions that were read; '' for one that is not there, or has nothing to say."""
    dialplan: tuple[Step | Include, ...] = ()
    answers: bool = False
    """Whether it answered questions; if not, the user lacks the right `reporting`."""


class _Module(msgspec.Struct, frozen=True):
    name: str
    status: str = ""


class _Application(msgspec.Struct, frozen=True):
    name: str


class _Endpoint(msgspec.Struct, frozen=True):
    technology: str
    resource: str
    state: str = ""


async def inspect_ari(address: AriAddress) -> AriFacts:
    """Look at an Asterisk over ARI, changing nothing. Raises `PbxError`."""
    async with AriRest(address) as rest:
        await rest.version()
        clock_ahead = _clock_ahead(rest.answered_at, time.time())
        info = await rest.ask("/asterisk/info?only=system", AsteriskInfo)
        modules = await rest.ask("/asterisk/modules", tuple[_Module, ...])
        applications = await rest.ask("/applications", tuple[_Application, ...])
        endpoints = await rest.ask("/endpoints", tuple[_Endpoint, ...])
    return AriFacts(
        info.system.version,
        info.system.entity_id,
        clock_ahead,
        frozenset(module.name for module in modules if module.status == "Running"),
        frozenset(application.name for application in applications),
        {f"{each.technology}/{each.resource}": each.state == "online" for each in endpoints},
    )


async def inspect_ami(address: AmiAddress, functions: Sequence[str] = ()) -> AmiFacts:
    """Look at an Asterisk over AMI, changing nothing. Raises `PbxError`.

    `functions` are dialplan functions to be read, `PJSIP_ENDPOINT(alice,context)`; one that is not there reads as ''.
    They come from our own lists, never from outside: whoever names a function can run a program on the PBX.
    """
    async with AmiVisit(address) as visit:
        try:
            allowed = _actions((await visit.ask({"Action": "ListCommands"}))[0].headers)
        except Refused:
            allowed = {}
        try:
            clock_ahead = await _exact_clock(visit)
            values = {function: await _read(visit, function) for function in functions}
            dialplan = decode_dialplan(await visit.ask({"Action": "ShowDialPlan"}))
        except Refused:
            return AmiFacts(visit.version, allowed)
        return AmiFacts(visit.version, allowed, clock_ahead, values, dialplan, answers=True)


async def _read(visit: AmiVisit, function: str) -> str:
    return (await visit.ask({"Action": "Getvar", "Variable": function}))[0].get("Value")


async def _exact_clock(visit: AmiVisit) -> float | None:
    before = time.time()
    theirs = await _read(visit, "STRFTIME(,UTC,%s.%3q)")
    ours = (before + time.time()) / 2
    return float(theirs) - ours if re.fullmatch(r"[0-9]{1,12}\.[0-9]{3}", theirs) else None


def _actions(headers: Sequence[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found = ((name, re.search(r"\(Priv: ([^)]*)\)", value)) for name, value in headers)
    return {name: frozenset(rights[1].split(",")) for name, rights in found if rights}


def _clock_ahead(date: str, now: float) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() - now
    except ValueError:
        return None

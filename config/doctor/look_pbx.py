"""Visits the PBXs: ARI, AMI and the WebSocket of the browser phones, all at once, and never for long."""

import asyncio
import os
import re
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import aiohttp

from acd.plan import CenterPlan
from config.doctor.check_ami import functions_of
from config.doctor.check_dialplan import CHANNELVARS, music_function, read_only_function
from config.doctor.check_phones import context_function, webrtc_function
from config.doctor.check_recording import SPOOL, messages_are_left
from config.doctor.facts import PbxFacts
from config.pbx_addresses import ami_address, ari_address
from config.settings import Pbx, Settings
from cti.edge.errors import NoAnswer, PbxError, PbxMisconfigured
from cti.edge.inspection import AriFacts, inspect_ami, inspect_ari
from cti.edge.recording_trial import RecordingTrial, try_recording

LONGEST = 10.0
"""Seconds for one PBX."""
LONGEST_HANDSHAKE = 3.0

RECORDING_MODULES = frozenset({"res_ari_recordings.so", "res_stasis_recording.so"})

T = TypeVar("T")


async def look_at_pbx(
    pbx: Pbx, settings: Settings, plan: CenterPlan | None, *, we_run: bool = False, probe: Path | None = None
) -> PbxFacts:
    """Everything about one PBX; what cannot be seen is an error in its place. `probe`: see `probe_among_prompts`."""
    there = settings.speech.there or str(Path(settings.data) / settings.speech.here)
    seen = _probe_function(there, probe)
    started = asyncio.get_running_loop().time()
    ari, socket = await asyncio.gather(
        _within(LONGEST / 2, inspect_ari(ari_address(pbx))), _phone_socket_trouble(pbx.phone_socket)
    )
    recording = await _trial(pbx, plan, ari)
    left = LONGEST - (asyncio.get_running_loop().time() - started)
    ami = await _within(left, inspect_ami(ami_address(pbx), (*_functions(pbx, plan, ari), *filter(None, [seen]))))
    return PbxFacts(
        settings=pbx,
        wanted=settings,
        plan=plan,
        ari=ari,
        ami=ami,
        now=time.time(),
        phone_socket_trouble=socket,
        we_run=we_run,
        prompts=there,
        probe=seen,
        recording=recording,
    )


async def _trial(pbx: Pbx, plan: CenterPlan | None, ari: AriFacts | PbxError) -> RecordingTrial | PbxError | None:
    """Whether callers can leave messages, if any may. What a PBX lacks for it altogether, its modules tell."""
    if isinstance(ari, PbxError) or not messages_are_left(plan) or not ari.modules.issuperset(RECORDING_MODULES):
        return None
    return await _within(LONGEST / 4, try_recording(ari_address(pbx)))


@contextmanager
def probe_among_prompts(settings: Settings) -> Iterator[Path | None]:
    """A small file in the folder of prompts, for Asterisk to find; gone afterwards. `None` if we cannot write there."""
    folder = Path(settings.data) / settings.speech.here
    probe = folder / f"probe-{os.getpid()}-{time.time_ns()}.conf"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_text("[probe]\nseen = yes\n", encoding="ascii")
    except OSError:
        yield None
        return
    try:
        yield probe
    finally:
        probe.unlink(missing_ok=True)


def _probe_function(there: str, probe: Path | None) -> str:
    """Asterisk reads the probe as if it were one of its own files: only then it can read the prompts too."""
    path = f"{there.rstrip('/')}/{probe.name}" if probe else ""
    return f"AST_CONFIG({path},probe,seen)" if re.fullmatch(r"/[\w./ -]+", path) else ""


async def _within(seconds: float, visit: Awaitable[T]) -> T | PbxError:
    try:
        async with asyncio.timeout(seconds):
            return await visit
    except TimeoutError:
        return NoAnswer("it answers so slowly that the visit was broken off")
    except PbxError as error:
        return error
    except ValueError as error:  # an address that is none
        return PbxMisconfigured(f"the address in the settings cannot be read: {error}")


def _functions(pbx: Pbx, plan: CenterPlan | None, ari: AriFacts | PbxError) -> tuple[str, ...]:
    """What to ask over AMI. Endpoints are named only if Asterisk itself named them."""
    endpoints = () if isinstance(ari, PbxError) else tuple(sorted(ari.phones))
    sip = [endpoint for endpoint in endpoints if endpoint.startswith("PJSIP/")]
    music = sorted({queue.music for queue in plan.queues.values()}) if plan else []
    return (
        *functions_of(pbx.ami.user),
        CHANNELVARS,
        SPOOL,
        read_only_function(pbx.ari.user),
        *map(music_function, music),
        *map(context_function, sip),
        *map(webrtc_function, sip),
    )


async def _phone_socket_trouble(url: str) -> str:
    """Why SIP over WebSocket cannot be had at an address; empty if it can."""
    if not url:
        return ""
    if not re.match(r"wss?://[^/\s]", url):
        return "it is no address of a WebSocket (ws://... or wss://...)"
    try:
        async with (
            asyncio.timeout(LONGEST_HANDSHAKE),
            aiohttp.ClientSession() as session,
            session.ws_connect(url, protocols=("sip",)) as socket,
        ):
            return "" if socket.protocol == "sip" else "what answers there does not speak SIP"
    except TimeoutError:
        return f"no answer within {LONGEST_HANDSHAKE:g} s"
    except aiohttp.WSServerHandshakeError as error:
        return f"it answers {error.status}"
    except aiohttp.ClientConnectorError as error:
        return f"nothing listens at {error.host}:{error.port}"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return str(error) or type(error).__name__

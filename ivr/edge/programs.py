"""Runs a short program of somebody else's, and is rid of it in the end."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress

AT_MOST = 20.0
"""Seconds; a program that takes longer has hung."""


class ProgramFailed(Exception):
    """It is not installed, did not do what it should, or took too long."""


async def run(program: str, *arguments: str, given: str = "", at_most: float = AT_MOST) -> None:
    """Runs a program to its end. Raises `ProgramFailed`.

    `given` is its standard input. A caller who is cancelled, or waits in vain, leaves no process behind, nor what that
    has started.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            program, *arguments, stdin=PIPE, stdout=DEVNULL, stderr=PIPE, start_new_session=True
        )
    except OSError as error:
        raise ProgramFailed(f"{program} cannot be started: {error.strerror or error}") from error
    try:
        async with asyncio.timeout(at_most):
            _, complaints = await process.communicate(given.encode(errors="replace"))
    except TimeoutError:
        raise ProgramFailed(f"{program} took more than {at_most:g} s") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):  # it has just ended
                os.killpg(process.pid, signal.SIGKILL)  # its group: what a shell has started would hold our pipe
            await process.wait()
    if process.returncode != 0:
        said = complaints.decode(errors="replace").strip()
        raise ProgramFailed(f"{program} failed ({process.returncode}): {said}")

"""Secrets that nobody may see: a caller types them, and then all that the run has written and shown is searched.

Nothing that a run writes is compressed or coded (`acd.recovery.memory`, traces, spools, SQLite with its log), so they
would be there as they are, or key by key.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import aiohttp

from tests.journeys.house import House

_BETWEEN = rb"[^0-9]{1,8}"
"""What may stand between the keys of a list."""
_KEY = re.compile(rb"""(?:digit|digits|key|keys|dtmf|pressed)["']? ?[:=,] ?["']?([0-9])\b""", re.IGNORECASE)
"""One key that is told by its name, as in a line of a log."""
TRACED_KEY = re.compile(rb'"digit": ?"(.)"')


async def shown_by(house: House) -> dict[str, bytes]:
    """What a running centre says to whoever listens or looks: events and commands, frames of desktops, its figures."""
    shown = {"events and commands": repr(house.said).encode()}
    shown |= {f"frames of desk {number}": "\n".join(desk.frames).encode() for number, desk in enumerate(house.desks)}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{house.centre.port}") as session:
        for path in ("/metrics", "/health", "/ready"):
            async with session.get(path) as answer:
                shown[path] = await answer.read()
    return shown


def nobody_can_read(secrets: Iterable[str], shown: Mapping[str, str | bytes], *folders: Path) -> None:
    """Fails if a secret is in what was `shown` (by what it is), or in a file of the folders, or in its name."""
    places = [*((what, text.encode() if isinstance(text, str) else text) for what, text in shown.items())]
    for folder in folders:
        places += _files(folder)
    found = [what for secret in secrets for what, content in places if reveals(content, secret)]
    assert not found, f"a secret is in {', '.join(found)}"


def reveals(content: bytes, secret: str) -> bool:
    """Whether it can be read there: as it is, in UTF-16, as a list of keys, or key by key."""
    keys = [key.encode() for key in secret]
    if secret.encode() in content or secret.encode("utf-16-le") in content:
        return True
    return bool(re.search(_BETWEEN.join(keys), content)) or secret.encode() in b"".join(_KEY.findall(content))


def no_trace_tells_keys(folder: Path) -> None:
    """There is a trace of the calls in the folder, and each key in it is hidden."""
    keys = {key for _, content in _files(folder) for key in TRACED_KEY.findall(content)}
    assert keys == {b"?"}


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        yield f"the name {name}", name.encode()
        if path.is_file():
            yield name, path.read_bytes()

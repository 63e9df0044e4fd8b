"""Pictures of flows; Graphviz lays them out (Debian's package `graphviz`, which nothing else needs)."""

import asyncio
from pathlib import Path

from ivr.drawing.graph import dot_of
from ivr.edge.programs import ProgramFailed, run
from ivr.flow.flow import Flow


class NoPicture(Exception):
    """It cannot be drawn or written; `str()` says why and what helps."""


def draw(flow: Flow, language: str, file: Path) -> None:
    """Writes a file, in the form that its ending says. Raises `NoPicture`."""
    text = dot_of(flow, language)
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_text(
            text if file.suffix == ".dot" else "", encoding="utf-8"
        )  # it tells better what is wrong than dot
        if file.suffix != ".dot":
            asyncio.run(run("dot", f"-T{file.suffix[1:]}", "-o", str(part), given=text))
        part.replace(file)
    except OSError as error:
        raise NoPicture(f"{file} cannot be written: {error.strerror}") from error
    except ProgramFailed as error:
        part.unlink()
        raise NoPicture(f"{error}. `dot` lays out the picture; it is Graphviz (apt install graphviz)") from error
